"""Messages in channels: send, read, edit, delete, publish."""

from bisect import bisect_left, bisect_right
from typing import Any, Final

from sandbox import permissions
from sandbox.api.call import NO_CONTENT, Answer, Call, Route
from sandbox.entities import (
    ANNOUNCEMENT,
    ANNOUNCEMENT_THREAD,
    CATEGORY,
    CROSSPOSTED,
    DM,
    POSTS,
    PRIVATE_THREAD,
    PUBLIC_THREAD,
    STAGE,
    SUPPRESS_EMBEDS,
    TEXT,
    VOICE,
    Channel,
    Message,
)
from sandbox.errors import invalid, refusal
from sandbox.validation import messages
from sandbox.world import World

_WRITABLE: Final = frozenset((TEXT, DM, VOICE, ANNOUNCEMENT, ANNOUNCEMENT_THREAD, PUBLIC_THREAD, PRIVATE_THREAD, STAGE))


def check_may_send(world: World, channel: Channel) -> int:
    """Raise Discord's error if the bot may not send there; return its permissions."""
    if channel.kind in POSTS:
        raise refusal(40058)
    if channel.kind == CATEGORY or channel.kind not in _WRITABLE:
        raise refusal(50008)
    if channel.guild is None:
        recipient = channel.recipient
        if recipient is None or not recipient.takes_dms or not world.shares_guild(recipient):
            raise refusal(50007)
        return permissions.DIRECT
    bits = world.bot_permissions(channel)
    needed = permissions.SEND_MESSAGES_IN_THREADS if channel.is_thread else permissions.SEND_MESSAGES
    if not bits & needed:
        raise refusal(50013)
    if channel.is_thread and channel.locked and not bits & permissions.MANAGE_THREADS:
        raise refusal(50083 if channel.archived else 160005)
    return bits


def _open_thread(world: World, thread: Channel) -> None:
    """Unarchive a thread, as a message in it does."""
    if thread.archived:
        thread.archived = False
        thread.archive_s = world.clock.now()
        world.dispatch_channel("THREAD_UPDATE", thread)


def create(call: Call) -> Answer:
    """Send a message; with `enforce_nonce`, a recently used nonce returns the earlier message."""
    world = call.world
    channel = world.channel(call.id(0))
    bits = check_may_send(world, channel)
    draft = messages.read(call.body, new_id=world.new_id, files=call.files)
    if draft.enforce_nonce and draft.nonce is not None:
        earlier = world.find_by_nonce(world.bot, draft.nonce)
        if earlier is not None:
            if earlier.deleted:
                raise refusal(10008)
            return 200, earlier.payload() | {"nonce": earlier.nonce}
    if draft.embeds and not bits & permissions.EMBED_LINKS:
        raise refusal(50013)
    if call.files and not bits & permissions.ATTACH_FILES:
        raise refusal(50013)
    if draft.reference is not None:
        if not bits & permissions.READ_MESSAGE_HISTORY:
            raise refusal(50013)
        target = str(draft.reference.get("message_id"))
        if not (target.isdecimal() and int(target) in channel.messages):
            if draft.reference.get("fail_if_not_exists", True):
                raise invalid(("message_reference",), "REPLIES_UNKNOWN_MESSAGE", "Unknown message")
            draft.reference = None
    if channel.is_thread:
        _open_thread(world, channel)
    message = world.create_message(channel, world.bot, draft, bits=bits)
    body = message.payload()
    if message.nonce is not None:
        body["nonce"] = message.nonce
    return 200, body


def _position(query: Any, key: str) -> int | None:
    value = query.get(key)
    if value is None:
        return None
    if not value.isdecimal() or len(value) > 20:
        raise invalid((key,), "NUMBER_TYPE_COERCE", f'Value "{value}" is not snowflake.')
    return int(value)


def history(call: Call) -> Answer:
    """List messages, newest first, before, after or around an id; nothing without READ_MESSAGE_HISTORY."""
    world, query = call.world, call.query
    channel = world.channel(call.id(0))
    if channel.kind in POSTS or channel.kind == CATEGORY:
        raise refusal(50008)
    try:
        limit = int(query.get("limit", "50"))
    except ValueError:
        raise invalid(("limit",), "NUMBER_TYPE_COERCE", "Value is not int.") from None
    if not 1 <= limit <= 100:
        raise invalid(("limit",), "NUMBER_TYPE_MAX", "int value should be between 1 and 100.")
    before, after, around = (_position(query, key) for key in ("before", "after", "around"))
    if not world.bot_permissions(channel) & permissions.READ_MESSAGE_HISTORY:
        return 200, []
    order = channel.order
    if around is not None:
        middle = bisect_left(order, around)
        chosen = order[max(middle - limit // 2, 0) : max(middle - limit // 2, 0) + limit]
    elif after is not None:
        start = bisect_right(order, after)
        chosen = order[start : start + limit]
    else:
        end = len(order) if before is None else bisect_left(order, before)
        chosen = order[max(end - limit, 0) : end]
    return 200, [channel.messages[message_id].payload() for message_id in reversed(chosen)]


def _message(call: Call) -> tuple[Channel, Message]:
    channel = call.world.channel(call.id(0))
    message = channel.messages.get(call.id(1))
    if message is None:
        raise refusal(10008)
    return channel, message


def get(call: Call) -> Answer:
    """Return one message."""
    channel, message = _message(call)
    if not call.world.bot_permissions(channel) & permissions.READ_MESSAGE_HISTORY:
        raise refusal(50001)
    return 200, message.payload()


def edit(call: Call) -> Answer:
    """Edit one of the bot's own messages."""
    world = call.world
    channel, message = _message(call)
    body = call.fields()
    if message.author is not world.bot:
        if set(body) <= {"flags"} and world.bot_permissions(channel) & permissions.MANAGE_MESSAGES:
            _suppress(message, body)
            world.touch_message(message)
            return 200, message.payload()
        raise refusal(50005)
    if channel.is_thread and channel.archived:
        raise refusal(50083)
    draft = messages.read(body, new_id=world.new_id, files=call.files, before=message)
    _suppress(message, body)
    world.edit_message(message, draft)
    return 200, message.payload()


def _suppress(message: Message, body: dict[str, Any]) -> None:
    # Only this flag can be set and cleared by an edit (docs, resources/message, Edit Message).
    flags = body.get("flags")
    if isinstance(flags, int):
        message.flags = message.flags & ~SUPPRESS_EMBEDS | flags & SUPPRESS_EMBEDS


def delete(call: Call) -> Answer:
    """Delete a message; somebody else's needs MANAGE_MESSAGES."""
    world = call.world
    channel, message = _message(call)
    if message.author is not world.bot and not world.bot_permissions(channel) & permissions.MANAGE_MESSAGES:
        raise refusal(50013)
    if channel.is_thread and channel.archived:
        raise refusal(50083)
    world.delete_message(message)
    return NO_CONTENT


def crosspost(call: Call) -> Answer:
    """Publish a message of an announcement channel to its followers."""
    world = call.world
    channel, message = _message(call)
    if channel.kind != ANNOUNCEMENT:
        raise refusal(50024)
    own = message.author is world.bot
    needed = permissions.SEND_MESSAGES if own else permissions.MANAGE_MESSAGES
    if not world.bot_permissions(channel) & needed:
        raise refusal(50013)
    if message.flags & CROSSPOSTED:
        raise refusal(40033)
    message.flags |= CROSSPOSTED
    world.touch_message(message)
    return 200, message.payload()


def typing(call: Call) -> Answer:
    """Show that the bot is typing."""
    check_may_send(call.world, call.world.channel(call.id(0)))
    return NO_CONTENT


ROUTES: Final = [
    Route("POST", "/channels/{channel_id}/messages", create),
    Route("GET", "/channels/{channel_id}/messages", history),
    Route("GET", "/channels/{channel_id}/messages/{message_id}", get),
    Route("PATCH", "/channels/{channel_id}/messages/{message_id}", edit),
    Route("DELETE", "/channels/{channel_id}/messages/{message_id}", delete),
    Route("POST", "/channels/{channel_id}/messages/{message_id}/crosspost", crosspost),
    Route("POST", "/channels/{channel_id}/typing", typing),
]
