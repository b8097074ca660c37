"""Finds out whether a part arrived, by searching the channel's recent history for its marker."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from typing import Final

import discord

from digests.models import ChannelKind, Delivery

MARGIN: Final = timedelta(hours=2)
"""How long before the attempt the search begins: our clock and Discord's may differ by that much."""
MAX_MESSAGES: Final = 5_000
MAX_ARCHIVED: Final = 200
_UNKNOWN_CHANNEL: Final = 10003
_UNKNOWN_MESSAGE: Final = 10008
POSTS: Final = frozenset({ChannelKind.FORUM, ChannelKind.MEDIA})


class Absence(Enum):
    """Why a part was not found."""

    ABSENT = "absent"
    UNREADABLE = "unreadable"
    TOO_MANY = "too many"
    """More messages have been written since than are searched."""


@dataclass(frozen=True, slots=True)
class Found:
    """The message that a part arrived as; `thread_id` for the first part of a post."""

    message_id: int
    thread_id: int | None = None


async def look_up(client: discord.Client, delivery: Delivery) -> Found | Absence:
    """Look for a part since its first attempt.

    Raises:
        discord.HTTPException, aiohttp.ClientError, TimeoutError, OSError: Discord could not be asked.
    """
    assert delivery.attempted_at is not None
    since = delivery.attempted_at - MARGIN
    if delivery.channel_kind in POSTS and delivery.thread_id is None:
        return await _look_up_post(client, delivery, since)
    if not _may_read_history(client, delivery):
        return Absence.UNREADABLE
    channel = client.get_partial_messageable(delivery.thread_id or delivery.channel_id, guild_id=delivery.guild_id)
    seen = 0
    async for message in channel.history(limit=MAX_MESSAGES, after=_at(since), oldest_first=True):
        seen += 1
        if _is_marked(client, message, delivery.marker):
            return Found(message.id)
    return Absence.TOO_MANY if seen == MAX_MESSAGES else Absence.ABSENT


async def _look_up_post(client: discord.Client, delivery: Delivery, since: datetime) -> Found | Absence:
    forum = await find_channel(client, delivery)
    if not isinstance(forum, discord.ForumChannel):
        return Absence.ABSENT  # nothing can have been posted there
    if not _may_read_history(client, delivery):
        return Absence.UNREADABLE
    found = await _marked_post(client, await forum.guild.active_threads(), forum.id, delivery.marker, since)
    if found is not None:
        return found
    archived = [thread async for thread in forum.archived_threads(limit=MAX_ARCHIVED)]
    found = await _marked_post(client, archived, forum.id, delivery.marker, since)
    if found is not None:
        return found
    # They are listed by archival time, and a post is archived after its creation.
    more = len(archived) == MAX_ARCHIVED and archived[-1].archive_timestamp >= since
    return Absence.TOO_MANY if more else Absence.ABSENT


async def _marked_post(
    client: discord.Client, threads: Iterable[discord.Thread], forum_id: int, marker: int, since: datetime
) -> Found | None:
    assert client.user is not None
    for thread in threads:
        if thread.parent_id != forum_id or thread.owner_id != client.user.id:
            continue
        if discord.utils.snowflake_time(thread.id) < since:
            continue
        try:
            # A post and its first message share an id.
            message = await thread.fetch_message(thread.id)
        except discord.NotFound as error:
            if error.code not in (_UNKNOWN_CHANNEL, _UNKNOWN_MESSAGE):
                raise  # not from Discord: a proxy's page says nothing about the post
            continue
        if _is_marked(client, message, marker):
            return Found(message.id, thread.id)
    return None


async def find_channel(
    client: discord.Client, delivery: Delivery
) -> discord.abc.GuildChannel | discord.abc.PrivateChannel | discord.Thread:
    """Return a part's channel, from the cache or from Discord."""
    return client.get_channel(delivery.channel_id) or await client.fetch_channel(delivery.channel_id)


def _is_marked(client: discord.Client, message: discord.Message, marker: int) -> bool:
    assert client.user is not None
    return message.author.id == client.user.id and any(
        getattr(component, "id", None) == marker for component in message.components
    )


def _may_read_history(client: discord.Client, delivery: Delivery) -> bool:
    """Check whether the history is reliable: without the permission Discord returns an empty list."""
    channel = client.get_channel(delivery.channel_id)
    if not isinstance(channel, discord.abc.GuildChannel | discord.Thread) or channel.guild.me is None:
        return True
    try:
        return channel.permissions_for(channel.guild.me).read_message_history
    except discord.ClientException:  # a thread whose parent is unknown
        return True


def _at(moment: datetime) -> discord.Object:
    return discord.Object(discord.utils.time_snowflake(moment))
