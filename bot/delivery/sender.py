"""Sends one part of a digest as one message, to any kind of channel."""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import lru_cache
from typing import Any, Final

import discord

from bot.component_view import ComponentView, readable
from bot.delivery.access import usable_tags
from bot.delivery.reconcile import POSTS, find_channel
from bot.render.layout import stamped
from digests.models import ChannelKind, Delivery
from digests.service.outbox import Sent

MAX_TAGS: Final = 5
_UNKNOWN_CHANNEL: Final = 10003


async def send(client: discord.Client, delivery: Delivery) -> Sent:
    """Send a part; sent again while Discord remembers the nonce it stays one message (forum posts have no nonce).

    Raises:
        discord.HTTPException, discord.RateLimited, aiohttp.ClientError, TimeoutError, OSError: It may have arrived.
    """
    role_id = _role_to_mention(client, delivery)
    components = stamped(_components(delivery.payload), delivery.marker, role_id)
    return await readable(components, lambda view: _send(client, delivery, view, _mentions(role_id)))


async def _send(
    client: discord.Client, delivery: Delivery, view: ComponentView, mentions: discord.AllowedMentions
) -> Sent:
    if is_post(delivery):
        return await _post(client, delivery, view, mentions)
    channel_id = delivery.thread_id or delivery.channel_id
    target = client.get_partial_messageable(channel_id, guild_id=delivery.guild_id)
    try:
        message = await target.send(view=view, nonce=delivery.nonce, allowed_mentions=mentions)
    except discord.NotFound as error:
        if error.code != _UNKNOWN_CHANNEL or delivery.channel_kind is not ChannelKind.DM:
            raise
        # Discord may have forgotten the DM channel: it is opened again for the same person.
        person = await client.create_dm(discord.Object(delivery.creator_id))
        message = await person.send(view=view, nonce=delivery.nonce, allowed_mentions=mentions)
    return Sent(delivery, message.id)


def is_post(delivery: Delivery) -> bool:
    """Check whether a part starts a post in a forum; further parts are messages in that post."""
    return delivery.channel_kind in POSTS and delivery.thread_id is None


async def _post(
    client: discord.Client, delivery: Delivery, view: ComponentView, mentions: discord.AllowedMentions
) -> Sent:
    forum = await find_channel(client, delivery)
    if not isinstance(forum, discord.ForumChannel):
        # The channel is no longer a forum: it takes plain messages now, or Discord's refusal says that it doesn't.
        plain = client.get_partial_messageable(delivery.channel_id, guild_id=delivery.guild_id)
        message = await plain.send(view=view, nonce=delivery.nonce, allowed_mentions=mentions)
        return Sent(delivery, message.id)
    made = await forum.create_thread(
        name=delivery.title or "Digest",
        view=view,
        allowed_mentions=mentions,
        applied_tags=matching_tags(forum, delivery),
    )
    return Sent(delivery, made.message.id, made.thread.id)


def matching_tags(forum: discord.ForumChannel, delivery: Delivery) -> list[discord.ForumTag]:
    """Return the forum's tags with the names of the digest's topics, or any tag if the forum requires one."""
    may_moderate = forum.permissions_for(forum.guild.me).manage_threads if forum.guild.me is not None else False
    usable = {tag.name.casefold(): tag for tag in usable_tags(forum, may_moderate=may_moderate)}
    tags = [usable[topic.casefold()] for topic in delivery.topics if topic.casefold() in usable]
    if not tags and forum.flags.require_tag:
        tags = list(usable.values())[:1]
    return tags[:MAX_TAGS]


def _role_to_mention(client: discord.Client, delivery: Delivery) -> int | None:
    """Return the role that a part mentions; None for a deleted role, which would show as a bare number."""
    guild = client.get_guild(delivery.guild_id) if delivery.guild_id is not None else None
    role_id = delivery.mention_role_id
    return None if role_id is None or (guild is not None and guild.get_role(role_id) is None) else role_id


def _mentions(role_id: int | None) -> discord.AllowedMentions:
    """Allow exactly one role to be mentioned, or nobody: text from articles never pings."""
    if role_id is None:
        return discord.AllowedMentions.none()
    return discord.AllowedMentions(everyone=False, users=False, roles=[discord.Object(role_id)], replied_user=False)


@lru_cache(maxsize=64)
def _components(payload: str) -> Sequence[dict[str, Any]]:
    """Parse a payload; cached, as ten thousand channels may get the same one."""
    read: list[dict[str, Any]] = json.loads(payload)
    return read
