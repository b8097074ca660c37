"""Who may do what: the bot's owners, administrators of its home guilds, managers of a guild, the bot itself."""

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

# After a crash the history shows whether a part arrived; without the permission it comes back empty.
# Creating a post needs Send Messages; the second part of a digest needs Send Messages in Threads.
_NEEDED = {
    ChannelKind.TEXT: ("view_channel", "send_messages", "read_message_history"),
    ChannelKind.ANNOUNCEMENT: ("view_channel", "send_messages", "read_message_history"),
    ChannelKind.FORUM: ("view_channel", "send_messages", "send_messages_in_threads", "read_message_history"),
    ChannelKind.MEDIA: ("view_channel", "send_messages", "send_messages_in_threads", "read_message_history"),
    ChannelKind.THREAD: ("view_channel", "send_messages_in_threads", "read_message_history"),
    ChannelKind.VOICE: ("view_channel", "connect", "send_messages", "read_message_history"),
}


def channel_kind(type_: discord.ChannelType) -> ChannelKind | None:
    """Return a channel's kind as a destination; None if a digest can't go there."""
    return _KINDS.get(type_)


def is_manager(permissions: discord.Permissions) -> bool:
    """Check whether a member with these permissions manages the guild."""
    return permissions.manage_guild or permissions.administrator


def owner_ids(application: discord.AppInfo | None) -> frozenset[int]:
    """Return the owners of the application: one person, or the accepted members of its team."""
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
    """Check whether a person may use `/corpus`: an owner of the bot, or an administrator of a home guild."""
    return user_id in owners or (guild_id in home_guild_ids and permissions.administrator)


def lacking(kind: ChannelKind, permissions: discord.Permissions, *, to_write: bool = False) -> tuple[str, ...]:
    """Return the permissions that the bot needs to deliver to a channel and lacks, named as in Discord's settings.

    Args:
        kind: The channel's kind.
        permissions: What the bot has there.
        to_write: Only what is needed to send; the history is read only if something is in doubt.
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
    """Check whether the user may use `/corpus`."""
    return is_operator(
        user_id=interaction.user.id,
        guild_id=interaction.guild_id,
        permissions=interaction.permissions,
        owners=owner_ids(interaction.client.application),
        home_guild_ids=interaction.client.services.admin_guild_ids,
    )


def can_order_here(interaction: BotInteraction) -> bool:
    """Check whether `/digest` is available to the user: to managers of a guild, and in DMs with the bot.

    If the user installed the bot only for themselves, the bot has no access to the guild and its channels.
    """
    if interaction.guild_id is None:
        return not interaction.context.private_channel
    return interaction.is_guild_integration() and is_manager(interaction.permissions)


def check_asker_is_operator(interaction: BotInteraction) -> None:
    """Check that the user may use `/corpus`.

    Raises:
        Forbidden: They neither own the bot nor administer one of its home guilds (`admin.guild_ids`).
    """
    if not asker_is_operator(interaction):
        raise Forbidden(_("Only the bot's owners and the administrators of its home servers can use /corpus."))


def check_asker_is_manager(interaction: BotInteraction) -> None:
    """Check that the user may order digests here: managers in a guild, anybody in their own DMs.

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
