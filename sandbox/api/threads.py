"""Threads and forum posts: start, join, change."""

from typing import Any, Final

from sandbox import permissions
from sandbox.api.call import NO_CONTENT, Answer, Call, Route
from sandbox.clock import iso
from sandbox.entities import (
    ANNOUNCEMENT,
    ANNOUNCEMENT_THREAD,
    HAS_THREAD,
    POSTS,
    PRIVATE_THREAD,
    PUBLIC_THREAD,
    REQUIRE_TAG,
    TEXT,
    Channel,
    Payload,
)
from sandbox.errors import Problems, invalid, refusal
from sandbox.validation import fields, messages
from sandbox.world import World

_DURATIONS: Final = (60, 1440, 4320, 10080)
MAX_TAGS: Final = 5


def start_thread(
    world: World, parent: Channel, name: str, *, kind: int, owner_id: int, thread_id: int | None = None
) -> Channel:
    """Add a thread to the world without dispatching an event yet."""
    guild = parent.guild
    if guild is None:
        raise refusal(50024)
    thread = Channel(
        id=world.new_id() if thread_id is None else thread_id,
        kind=kind,
        name=name,
        guild=guild,
        parent_id=parent.id,
        owner_id=owner_id,
        archive_s=world.clock.now(),
        member_ids={owner_id},
    )
    guild.threads[thread.id] = world.channels[thread.id] = thread
    return thread


def _own_membership(world: World, thread: Channel) -> Payload:
    return {
        "id": str(thread.id),
        "user_id": str(world.bot.id),
        "join_timestamp": iso(world.clock.now()),
        "flags": 1,
    }


def _name_and_duration(body: dict[str, Any]) -> tuple[str, int]:
    problems = Problems()
    name = fields.text(problems, (), body, "name", 1, 100, required=True)
    duration = fields.choice(problems, (), body, "auto_archive_duration", _DURATIONS)
    fields.integer(problems, (), body, "rate_limit_per_user", 0, 21600)
    problems.check()
    return name or "", duration or 1440


def create(call: Call) -> Answer:
    """Start a forum post, or a thread without a message."""
    world = call.world
    channel = world.channel(call.id(0))
    body = call.fields()
    if channel.kind in POSTS:
        return _create_post(call, channel, body)
    if channel.kind not in (TEXT, ANNOUNCEMENT):
        raise refusal(50024)
    bits = world.bot_permissions(channel)
    kind = body.get("type", PRIVATE_THREAD)
    if isinstance(kind, bool) or kind not in (ANNOUNCEMENT_THREAD, PUBLIC_THREAD, PRIVATE_THREAD):
        raise invalid(("type",), "BASE_TYPE_CHOICES", "Value must be one of {10, 11, 12}.")
    if (kind == ANNOUNCEMENT_THREAD) != (channel.kind == ANNOUNCEMENT):
        raise refusal(50024)
    needed = permissions.CREATE_PRIVATE_THREADS if kind == PRIVATE_THREAD else permissions.CREATE_PUBLIC_THREADS
    name, duration = _name_and_duration(body)
    if not bits & needed:
        raise refusal(50013)
    thread = start_thread(world, channel, name, kind=kind, owner_id=world.bot.id)
    thread.auto_archive_minutes = duration
    world.dispatch_channel("THREAD_CREATE", thread)
    return 201, thread.payload() | {"member": _own_membership(world, thread)}


def _create_post(call: Call, forum: Channel, body: dict[str, Any]) -> Answer:
    world = call.world
    bits = world.bot_permissions(forum)
    if not bits & permissions.SEND_MESSAGES:
        raise refusal(50013)
    name, duration = _name_and_duration(body)
    problems = Problems()
    listed = fields.items(problems, (), body, "applied_tags", 0, MAX_TAGS) or []
    tags = [fields.snowflake(problems, ("applied_tags", index), tag) for index, tag in enumerate(listed)]
    if body.get("message") is None:
        problems.add(("message",), "BASE_TYPE_REQUIRED", "This field is required")
    problems.check()
    known = {tag.id: tag for tag in forum.tags}
    for tag_id in tags:
        tag = known.get(tag_id or 0)
        if tag is None:
            raise refusal(10087)
        if tag.moderated and not bits & permissions.MANAGE_THREADS:
            raise refusal(50013)
    if forum.flags & REQUIRE_TAG and not tags:
        raise refusal(40067)
    draft = messages.read(body["message"], new_id=world.new_id, files=call.files, path=("message",))
    if (draft.embeds and not bits & permissions.EMBED_LINKS) or (call.files and not bits & permissions.ATTACH_FILES):
        raise refusal(50013)
    draft.nonce = None
    # A post and its first message share one id (docs, resources/channel, Start Thread in Forum).
    post_id = world.new_id()
    thread = start_thread(world, forum, name, kind=PUBLIC_THREAD, owner_id=world.bot.id, thread_id=post_id)
    thread.auto_archive_minutes = duration
    thread.applied_tags = [tag_id for tag_id in tags if tag_id is not None]
    forum.last_message_id = post_id
    world.dispatch_channel("THREAD_CREATE", thread)
    message = world.create_message(thread, world.bot, draft, message_id=post_id)
    return 201, thread.payload() | {"member": _own_membership(world, thread), "message": message.payload()}


def create_from_message(call: Call) -> Answer:
    """Start a thread on a message; both share one id."""
    world = call.world
    channel = world.channel(call.id(0))
    message = channel.messages.get(call.id(1))
    if message is None:
        raise refusal(10008)
    if channel.kind not in (TEXT, ANNOUNCEMENT):
        raise refusal(50024)
    name, duration = _name_and_duration(call.fields())
    if not world.bot_permissions(channel) & permissions.CREATE_PUBLIC_THREADS:
        raise refusal(50013)
    if message.id in world.channels:
        raise refusal(160004)
    kind = ANNOUNCEMENT_THREAD if channel.kind == ANNOUNCEMENT else PUBLIC_THREAD
    thread = start_thread(world, channel, name, kind=kind, owner_id=world.bot.id, thread_id=message.id)
    thread.auto_archive_minutes = duration
    message.flags |= HAS_THREAD
    world.dispatch_channel("THREAD_CREATE", thread)
    return 201, thread.payload() | {"member": _own_membership(world, thread)}


def join(call: Call) -> Answer:
    """Join a thread."""
    world = call.world
    thread = _thread(call)
    if thread.archived:
        raise refusal(50083)
    thread.member_ids.add(world.bot.id)
    return NO_CONTENT


def leave(call: Call) -> Answer:
    """Leave a thread."""
    _thread(call).member_ids.discard(call.world.bot.id)
    return NO_CONTENT


def members(call: Call) -> Answer:
    """List the members of a thread."""
    thread = _thread(call)
    return 200, [
        {"id": str(thread.id), "user_id": str(user_id), "join_timestamp": iso(thread.archive_s), "flags": 0}
        for user_id in sorted(thread.member_ids)
    ]


def _thread(call: Call) -> Channel:
    thread = call.world.channel(call.id(0))
    if not thread.is_thread:
        raise refusal(50024)
    return thread


def active(call: Call) -> Answer:
    """List a server's open threads."""
    world = call.world
    guild = world.guild(call.id(0))
    threads = [
        thread
        for thread in guild.threads.values()
        if not thread.archived and world.bot_permissions(thread) & permissions.VIEW_CHANNEL
    ]
    own = [_own_membership(world, thread) for thread in threads if world.bot.id in thread.member_ids]
    return 200, {"threads": [thread.payload() for thread in threads], "members": own, "has_more": False}


def archived_public(call: Call) -> Answer:
    """List a channel's archived threads, the last archived first."""
    world = call.world
    channel = world.channel(call.id(0))
    if channel.guild is None:
        raise refusal(50024)
    if not world.bot_permissions(channel) & permissions.READ_MESSAGE_HISTORY:
        raise refusal(50013)
    threads = [
        thread
        for thread in channel.guild.threads.values()
        if thread.archived and thread.parent_id == channel.id and thread.kind != PRIVATE_THREAD
    ]
    threads.sort(key=lambda thread: thread.archive_s, reverse=True)
    return 200, {"threads": [thread.payload() for thread in threads], "members": [], "has_more": False}


def change(world: World, thread: Channel, body: dict[str, Any]) -> None:
    """Change a thread: name, tags, archived, locked."""
    bits = world.bot_permissions(thread)
    manages = bool(bits & permissions.MANAGE_THREADS)
    owns = thread.owner_id == world.bot.id
    problems = Problems()
    name = fields.text(problems, (), body, "name", 1, 100)
    duration = fields.choice(problems, (), body, "auto_archive_duration", _DURATIONS)
    archived = fields.boolean(problems, (), body, "archived")
    locked = fields.boolean(problems, (), body, "locked")
    listed = fields.items(problems, (), body, "applied_tags", 0, MAX_TAGS)
    tags = [fields.snowflake(problems, ("applied_tags", index), tag) for index, tag in enumerate(listed or ())]
    problems.check()
    if not (manages or owns) and not (archived is False and bits & permissions.SEND_MESSAGES_IN_THREADS):
        raise refusal(50013)
    if not manages and (locked is not None or thread.locked):
        raise refusal(50013)
    if thread.archived and archived is not False and body.keys() - {"archived", "locked"}:
        raise refusal(50083)
    if archived is not None and archived != thread.archived:
        thread.archived = archived
        thread.archive_s = world.clock.now()
    if locked is not None:
        thread.locked = locked
    if name is not None:
        thread.name = name
    if duration is not None:
        thread.auto_archive_minutes = duration
    if listed is not None:
        thread.applied_tags = [tag for tag in tags if tag is not None]
    world.dispatch_channel("THREAD_UPDATE", thread)


ROUTES: Final = [
    Route("POST", "/channels/{channel_id}/threads", create),
    Route("POST", "/channels/{channel_id}/messages/{message_id}/threads", create_from_message),
    Route("PUT", "/channels/{channel_id}/thread-members/@me", join),
    Route("DELETE", "/channels/{channel_id}/thread-members/@me", leave),
    Route("GET", "/channels/{channel_id}/thread-members", members),
    Route("GET", "/channels/{channel_id}/threads/archived/public", archived_public),
    Route("GET", "/guilds/{guild_id}/threads/active", active),
]
