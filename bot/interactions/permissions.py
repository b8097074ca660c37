"""Who may do what: the bot's owners, administrators of its home guilds, managers of any guild, the bot itself."""

from __future__ import annotations

from collections.abc import Collection

import discord

from bot.interactions.host import BotInteraction
from digests.errors import Forbidden
from digests.i18n import _
from digests.models import ChannelKind

_KINDS = {
    discord.ChannelType.text: ChannelKind.TEXT,
    discord.ChannelType.news: ChannelKind.ANNOUNCEMENT,
    discord.ChannelType.forum: ChannelKind.FORUM,
    discord.ChannelType.media: ChannelKind.MEDIA,
    discord.ChannelType.public_thread: ChannelKind.THREAD,
    discord.ChannelType.private_thread: ChannelKind.THREAD,
    discord.ChannelType.news_thread: ChannelKind.THREAD,
    discord.ChannelType.voice: ChannelKind.VOICE,
    discord.ChannelType.private: ChannelKind.DM,
}

_POSTS = frozenset({ChannelKind.FORUM, ChannelKind.MEDIA})

# The history is what tells after a crash whether a part arrived; without the permission it comes back empty.
# A post needs Send Messages to be made, and Send Messages in Threads for a digest's second part.
_NEEDED = {
    ChannelKind.TEXT: ("view_channel", "send_messages", "read_message_history"),
    ChannelKind.ANNOUNCEMENT: ("view_channel", "send_messages", "read_message_history"),
    ChannelKind.FORUM: ("view_channel", "send_messages", "send_messages_in_threads", "read_message_history"),
    ChannelKind.MEDIA: ("view_channel", "send_messages", "send_messages_in_threads", "read_message_history"),
    ChannelKind.THREAD: ("view_channel", "send_messages_in_threads", "read_message_history"),
    ChannelKind.VOICE: ("view_channel", "connect", "send_messages", "read_message_history"),
}


def channel_kind(type_: discord.ChannelType) -> ChannelKind | None:
    """Return what a channel is to a digest; None where a digest can't go."""
    return _KINDS.get(type_)


def is_manager(permissions: discord.Permissions) -> bool:
    """Return whether a member with these permissions manages the guild."""
    return permissions.manage_guild or permissions.administrator


def owner_ids(application: discord.AppInfo | None) -> frozenset[int]:
    """Return who owns the application: one person, or the members of its team who accepted."""
    if application is None:
        return frozenset()
    if application.team is None:
        return frozenset({application.owner.id})
    accepted = discord.TeamMembershipState.accepted
    return frozenset(member.id for member in application.team.members if member.membership_state == accepted)


def is_operator(
    *,
    user_id: int,
    guild_id: int | None,
    permissions: discord.Permissions,
    owners: Collection[int],
    home_guild_ids: Collection[int],
) -> bool:
    """Return whether a person may run the corpus: an owner of the bot, or an administrator of a home guild."""
    return user_id in owners or (guild_id in home_guild_ids and permissions.administrator)


def lacking(kind: ChannelKind, permissions: discord.Permissions, *, to_write: bool = False) -> tuple[str, ...]:
    """Return the permissions, as Discord's settings name them, that the bot needs and misses to deliver to a channel.

    Args:
        kind: Of the channel.
        permissions: Those that the bot has there.
        to_write: Only those without which nothing can be sent; the history is read only when something is in doubt.
    """
    names = {
        "view_channel": _("View Channel"),
        "connect": _("Connect"),
        "send_messages": _("Create Posts") if kind in _POSTS else _("Send Messages"),
        "send_messages_in_threads": _("Send Messages in Threads and Posts"),
        "read_message_history": _("Read Message History"),
    }
    needed = [name for name in _NEEDED.get(kind, ()) if not (to_write and name == "read_message_history")]
    return tuple(names[name] for name in needed if not getattr(permissions, name))


def asker_is_operator(interaction: BotInteraction) -> bool:
    """Return whether the person who asks may run the corpus."""
    return is_operator(
        user_id=interaction.user.id,
        guild_id=interaction.guild_id,
        permissions=interaction.permissions,
        owners=owner_ids(interaction.client.application),
        home_guild_ids=interaction.client.services.admin_guild_ids,
    )


def can_order_here(interaction: BotInteraction) -> bool:
    """Return whether `/digest` is offered to the person who asks: to managers of a guild, and in the bot's own DMs.

    Where somebody added the bot for themselves alone, the guild and its channels are not the bot's.
    """
    if interaction.guild_id is None:
        return not interaction.context.private_channel
    return interaction.is_guild_integration() and is_manager(interaction.permissions)


def check_asker_is_operator(interaction: BotInteraction) -> None:
    """Check that the person who asks may run the corpus.

    Raises:
        Forbidden: They neither own the bot nor administrate one of its home guilds (`admin.guild_ids`).
    """
    if not asker_is_operator(interaction):
        raise Forbidden(_("Only the bot's owners and the administrators of its home servers can use /corpus."))


def check_asker_is_manager(interaction: BotInteraction) -> None:
    """Check that the person who asks may order digests here: managers in a guild, anybody in their own DMs.

    Raises:
        Forbidden: They may not.
    """
    if interaction.guild_id is not None and not is_manager(interaction.permissions):
        raise Forbidden(
            _(
                "You need the Manage Server permission to change this server's digests."
                " You can subscribe yourself: send me a direct message with /digest subscribe."
            )
        )
