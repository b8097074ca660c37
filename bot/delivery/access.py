"""Checks whether the bot may write to a channel, from the client's cache or by asking Discord.

Events can be missed and a refusal can be a glitch, so Discord is asked before a subscription is paused or resumed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Final, Protocol

import discord

from bot.interactions.permissions import lacking
from digests.models import ChannelKind

_UNKNOWN_CHANNEL: Final = 10003
_UNKNOWN_GUILD: Final = 10004
_UNKNOWN_MEMBER: Final = 10007
_MISSING_ACCESS: Final = 50001


class Place(Protocol):
    """The destination of a digest: a subscription's, or that of a part on its way."""

    @property
    def guild_id(self) -> int | None: ...
    @property
    def channel_id(self) -> int: ...
    @property
    def channel_kind(self) -> ChannelKind: ...


class AccessState(Enum):
    """Whether a channel can be written to, and if not, why."""

    OPEN = "open"
    LACKING = "lacking"
    LOCKED = "locked"
    NO_CHANNEL = "no channel"
    NO_GUILD = "no guild"


@dataclass(frozen=True, slots=True)
class Access:
    """What the bot may do in a channel.

    Attributes:
        missing: The permissions needed to send anything that the bot lacks, named as in Discord's settings.
        reads_history: Whether the channel's history is reliable; without the permission it comes back empty.
        lacks_tag: The forum requires a tag on every post and has none that the bot may use.
    """

    state: AccessState
    missing: tuple[str, ...] = ()
    reads_history: bool = True
    lacks_tag: bool = False

    @property
    def is_open(self) -> bool:
        """Whether messages can be sent."""
        return self.state is AccessState.OPEN


OPEN: Final = Access(AccessState.OPEN)
NO_CHANNEL: Final = Access(AccessState.NO_CHANNEL)
NO_GUILD: Final = Access(AccessState.NO_GUILD)


def cached_access(client: discord.Client, place: Place) -> Access | None:
    """Return what the client knows from events; None if it does not know."""
    if place.guild_id is None or not client.is_ready():
        return None
    guild = client.get_guild(place.guild_id)
    if guild is None:
        return NO_GUILD
    if guild.unavailable or guild.me is None:
        return None
    channel = guild.get_channel_or_thread(place.channel_id)
    if channel is None:
        # Inactive threads are not cached.
        return None if place.channel_kind is ChannelKind.THREAD else NO_CHANNEL
    parent = channel.parent if isinstance(channel, discord.Thread) else None
    return _access(place.channel_kind, channel, guild.me, parent)


async def fetch_access(client: discord.Client, guild_id: int, places: Iterable[Place]) -> Mapping[int, Access]:
    """Ask Discord what the bot may do in channels of one guild: three requests, plus one for each thread.

    Returns:
        The access by channel id.

    Raises:
        discord.HTTPException, aiohttp.ClientError, TimeoutError, OSError: Discord could not be asked.
    """
    assert client.user is not None
    places = tuple(places)
    try:
        guild = await client.fetch_guild(guild_id, with_counts=False)
        member = await guild.fetch_member(client.user.id)
    except (discord.Forbidden, discord.NotFound) as error:
        if error.code in (_UNKNOWN_GUILD, _UNKNOWN_MEMBER, _MISSING_ACCESS):
            return dict.fromkeys((place.channel_id for place in places), NO_GUILD)
        raise
    channels = {channel.id: channel for channel in await guild.fetch_channels()}
    found: dict[int, Access] = {}
    for place in places:
        if place.channel_kind is ChannelKind.THREAD:
            found[place.channel_id] = await _fetch_thread_access(client, place, channels, member)
        elif place.channel_id in channels:
            found[place.channel_id] = _access(place.channel_kind, channels[place.channel_id], member, None)
        else:
            found[place.channel_id] = NO_CHANNEL
    return found


async def thread_exists(client: discord.Client, thread_id: int) -> bool:
    """Ask Discord whether a thread exists; a hidden one counts as existing."""
    try:
        await client.fetch_channel(thread_id)
    except discord.NotFound as error:
        if error.code != _UNKNOWN_CHANNEL:
            raise
        return False
    except discord.Forbidden as error:
        if error.code != _MISSING_ACCESS:
            raise
    return True


async def _fetch_thread_access(
    client: discord.Client,
    place: Place,
    channels: Mapping[int, discord.abc.GuildChannel],
    member: discord.Member,
) -> Access:
    try:
        thread = await client.fetch_channel(place.channel_id)
    except discord.NotFound as error:
        if error.code != _UNKNOWN_CHANNEL:
            raise
        return NO_CHANNEL
    except discord.Forbidden as error:
        if error.code != _MISSING_ACCESS:
            raise
        return Access(AccessState.LACKING, lacking(ChannelKind.THREAD, discord.Permissions.none(), to_write=True)[:1])
    if not isinstance(thread, discord.Thread):
        return NO_CHANNEL
    return _access(place.channel_kind, thread, member, channels.get(thread.parent_id))


def _access(
    kind: ChannelKind,
    channel: discord.abc.GuildChannel | discord.Thread,
    member: discord.Member,
    parent: discord.abc.GuildChannel | None,
) -> Access:
    of = parent if isinstance(channel, discord.Thread) else channel
    # A thread has its parent's permissions; without the parent nothing can be said.
    permissions = of.permissions_for(member) if of is not None else discord.Permissions.all()
    missing = lacking(kind, permissions, to_write=True)
    reads_history = permissions.read_message_history
    if missing:
        return Access(AccessState.LACKING, missing, reads_history)
    if isinstance(channel, discord.Thread) and channel.locked and not permissions.manage_threads:
        return Access(AccessState.LOCKED, (), reads_history)
    lacks_tag = (
        isinstance(channel, discord.ForumChannel)
        and channel.flags.require_tag
        and not usable_tags(channel, may_moderate=permissions.manage_threads)
    )
    return Access(AccessState.OPEN, (), reads_history, lacks_tag)


def usable_tags(forum: discord.ForumChannel, *, may_moderate: bool) -> list[discord.ForumTag]:
    """Return the tags that the bot may put on a post."""
    return [tag for tag in forum.available_tags if may_moderate or not tag.moderated]
