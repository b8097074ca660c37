"""The channel that a digest goes to: its kind, and whether the bot may post there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import discord
from discord import AppCommandOptionType, app_commands

from bot.interactions.host import BotInteraction
from bot.interactions.permissions import channel_kind, lacking
from bot.render.wording import listing
from digests.errors import Forbidden, InvalidInput, NotFound
from digests.i18n import _
from digests.models import ChannelKind, Subscription

Channel = app_commands.AppCommandChannel | app_commands.AppCommandThread
Resolved = discord.abc.GuildChannel | discord.Thread


class DestinationOption(app_commands.Transformer):
    """A channel option of any kind, cached or not.

    It doesn't restrict the kinds: Discord's documentation allows media channels in that list, but its OpenAPI
    description does not. `destination` refuses a category or a stage with a sentence.
    """

    @property
    def type(self) -> AppCommandOptionType:
        """The option's type in Discord's terms."""
        return AppCommandOptionType.channel

    async def transform(self, interaction: discord.Interaction[Any], value: Channel, /) -> Channel:
        """Return the channel as Discord sent it, cached or not."""
        return value


@dataclass(frozen=True, slots=True)
class Destination:
    """Where a digest goes; `permissions` are the bot's."""

    channel_id: int
    kind: ChannelKind
    name: str
    permissions: discord.Permissions


async def destination(interaction: BotInteraction, channel: Channel | None) -> Destination:
    """Return the chosen channel, or the one where the command is used, after checking the bot's permissions.

    Raises:
        InvalidInput: A digest can't go there.
        Forbidden: The bot lacks permissions there; the sentence names them.
    """
    found = await find_destination(interaction, channel)
    check_destination(found)
    return found


async def find_destination(interaction: BotInteraction, channel: Channel | None) -> Destination:
    """Return the chosen channel, or the one where the command is used, without checking the bot's permissions.

    Raises:
        InvalidInput: A digest can't go there.
        Forbidden: The bot can't see it.
    """
    if interaction.guild is None:
        assert interaction.channel_id is not None
        return Destination(interaction.channel_id, ChannelKind.DM, "", discord.Permissions.all())
    if channel is None or channel.id == interaction.channel_id:
        here = interaction.channel
        assert here is not None
        kind = channel_kind(here.type)
        if kind is None:
            raise InvalidInput(_("A digest can't go into this kind of channel. Pick another with the channel option."))
        return Destination(here.id, kind, str(getattr(here, "name", "")), interaction.app_permissions)
    resolved = await _resolved(interaction.guild, channel.id, channel.name)
    kind = channel_kind(resolved.type)
    if kind is None:
        raise InvalidInput(_("A digest can't go into #{channel}. Pick another one.").format(channel=resolved.name))
    return Destination(resolved.id, kind, resolved.name, resolved.permissions_for(interaction.guild.me))


async def bot_permissions(interaction: BotInteraction, subscription: Subscription) -> discord.Permissions:
    """Return the bot's permissions in a subscription's channel.

    Raises:
        Forbidden: The bot can't see the channel.
    """
    if interaction.guild is None:
        return discord.Permissions.all()
    resolved = await _resolved(interaction.guild, subscription.channel_id, subscription.channel_name)
    return resolved.permissions_for(interaction.guild.me)


async def check_still_open(interaction: BotInteraction, subscription: Subscription) -> None:
    """Check that the bot may post in a subscription's channel.

    Raises:
        Forbidden: The bot may not; the sentence names what is missing.
    """
    permissions = await bot_permissions(interaction, subscription)
    check_destination(
        Destination(subscription.channel_id, subscription.channel_kind, subscription.channel_name, permissions)
    )


def check_mention(role: discord.Role, permissions: discord.Permissions) -> None:
    """Check that the bot can mention a role.

    Raises:
        InvalidInput: The role is @everyone, or the bot can't mention it.
    """
    if role.is_default():
        raise InvalidInput(_("A digest can't mention everyone. Pick a role for its readers."))
    if not (role.mentionable or permissions.mention_everyone):
        raise InvalidInput(
            _(
                "I can't mention {role}. Turn on “Allow anyone to @mention this role” in the role's settings,"
                " or give me the Mention Everyone permission."
            ).format(role=f"@{role.name}")
        )


async def _resolved(guild: discord.Guild, channel_id: int, name: str) -> Resolved:
    """Return a channel or thread; ask Discord if it is not cached (an archived thread).

    Raises:
        NotFound: It is gone.
        Forbidden: The bot can't see it.
    """
    cached = guild.get_channel_or_thread(channel_id)
    if cached is not None:
        return cached
    try:
        return await guild.fetch_channel(channel_id)
    except discord.NotFound as error:
        raise NotFound(
            _("#{channel} is gone. Choose another channel with /digest edit.").format(channel=name)
        ) from error
    except discord.Forbidden as error:
        raise Forbidden(
            _("I can't see #{channel}. Give me the View Channel permission there, or pick another channel.").format(
                channel=name
            )
        ) from error


def check_destination(place: Destination) -> None:
    """Check that the bot may post somewhere.

    Raises:
        Forbidden: The bot may not; the sentence names what is missing.
    """
    names = lacking(place.kind, place.permissions)
    if names:
        raise Forbidden(
            _("I can't post in #{channel}: I need {permissions}. Grant that in the channel's settings first.").format(
                channel=place.name, permissions=listing(names)
            )
        )
