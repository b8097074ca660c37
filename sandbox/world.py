"""Everything that exists in the stand-in, and the changes to it; each change goes to the gateway and to watchers."""

import asyncio
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, Protocol

from sandbox import permissions
from sandbox.clock import Clock, Snowflakes
from sandbox.entities import (
    DM,
    EPHEMERAL,
    IS_COMPONENTS_V2,
    LOADING,
    Channel,
    Guild,
    Member,
    Message,
    Payload,
    User,
)
from sandbox.errors import refusal
from sandbox.interactions import Interactions
from sandbox.mentions import pinged
from sandbox.validation.messages import ALL_MENTIONS, Draft

INSTALL_KINDS: Final = (0, 1)
"""How the app can be installed: in a server, for a person's own account."""

# Gateway intents. Source: docs, events/gateway.
GUILDS: Final = 1 << 0
GUILD_MEMBERS: Final = 1 << 1
GUILD_PRESENCES: Final = 1 << 8
GUILD_MESSAGES: Final = 1 << 9
DIRECT_MESSAGES: Final = 1 << 12
MESSAGE_CONTENT: Final = 1 << 15
PRIVILEGED: Final = GUILD_MEMBERS | GUILD_PRESENCES | MESSAGE_CONTENT


class Dispatch(Protocol):
    """Sends an event to the sessions that asked for it; the payload is only built if there is one."""

    def __call__(
        self, name: str, build: Callable[[int], Payload], *, intents: int = 0, guild_id: int | None = None
    ) -> None: ...


@dataclass(frozen=True, slots=True)
class Event:
    """A change of the world, for watchers: `kind` such as "message_create", and the thing that changed."""

    kind: str
    subject: Any


class World:
    """The state of the stand-in.

    Args:
        clock: The world's time.
        nonce_memory_s: How long a nonce is remembered; Discord says "the past few minutes" and no number.
    """

    def __init__(self, clock: Clock, *, bot_name: str, nonce_memory_s: float) -> None:
        self.clock = clock
        self.nonce_memory_s = nonce_memory_s
        self._snowflakes = Snowflakes(clock)
        self.bot = User(self.new_id(), bot_name, bot=True)
        self.owner = User(self.new_id(), "operator")
        self.users: dict[int, User] = {self.bot.id: self.bot, self.owner.id: self.owner}
        self.guilds: dict[int, Guild] = {}
        self.channels: dict[int, Channel] = {}
        self.dms: dict[int, Channel] = {}
        self.user_installs: set[int] = set()
        self.interactions = Interactions()
        self.commands: dict[int, dict[int, Payload]] = {0: {}}
        self.command_creates = 0
        self.command_writes = 0
        self.dispatch: Dispatch = _nobody_listens
        self._nonces: OrderedDict[tuple[int, str], tuple[float, Message]] = OrderedDict()
        self._watchers: list[asyncio.Queue[Event]] = []
        self._waiters: list[asyncio.Future[None]] = []

    def new_id(self) -> int:
        """Return a fresh snowflake."""
        return self._snowflakes.next()

    # Watching

    def publish(self, kind: str, subject: Any) -> None:
        """Tell watchers and waiters about a change."""
        if self._watchers:
            event = Event(kind, subject)
            for queue in self._watchers:
                queue.put_nowait(event)
        if self._waiters:
            waiters, self._waiters = self._waiters, []
            for waiter in waiters:
                if not waiter.done():
                    waiter.set_result(None)

    def subscribe(self) -> "asyncio.Queue[Event]":
        """Return a queue that gets every change from now on."""
        queue: asyncio.Queue[Event] = asyncio.Queue()
        self._watchers.append(queue)
        return queue

    def unsubscribe(self, queue: "asyncio.Queue[Event]") -> None:
        """Stop filling a queue."""
        if queue in self._watchers:
            self._watchers.remove(queue)

    async def changed(self, timeout_s: float) -> bool:
        """Wait for the next change; return False if none came in time."""
        waiter: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiters.append(waiter)
        done, _ = await asyncio.wait((waiter,), timeout=max(timeout_s, 0))
        return bool(done)

    # Looking things up for the bot

    def channel(self, channel_id: int) -> Channel:
        """Return a channel that the bot may see; else raise Discord's error."""
        channel = self.channels.get(channel_id)
        if channel is None or channel.deleted:
            raise refusal(10003)
        guild = channel.guild
        if channel.between:
            raise refusal(50001)
        if guild is not None:
            if guild.deleted:
                raise refusal(10003)
            if not guild.present or not self.bot_permissions(channel) & permissions.VIEW_CHANNEL:
                raise refusal(50001)
        return channel

    def guild(self, guild_id: int) -> Guild:
        """Return a guild the bot is in."""
        guild = self.guilds.get(guild_id)
        if guild is None or not guild.present or guild.deleted:
            raise refusal(10004)
        return guild

    def bot_permissions(self, channel: Channel) -> int:
        """Return what the bot may do in a channel."""
        guild = channel.guild
        if guild is None:
            return permissions.PRIVATE if channel.between else permissions.DIRECT
        member = guild.members.get(self.bot.id)
        return 0 if member is None else permissions.in_channel(channel, member)

    def user_permissions(self, channel: Channel, user: User) -> int:
        """Return what a person may do in a channel."""
        guild = channel.guild
        if guild is None:
            return permissions.DIRECT
        member = guild.members.get(user.id)
        return 0 if member is None else permissions.in_channel(channel, member)

    def dm(self, user: User) -> Channel:
        """Return the direct message channel between the bot and a person, opening it if necessary."""
        channel = self.dms.get(user.id)
        if channel is None:
            channel = Channel(self.new_id(), DM, user.name, recipient=user)
            self.dms[user.id] = self.channels[channel.id] = channel
            self.publish("channel_create", channel)
        return channel

    def private_channel(self, *people: User) -> Channel:
        """Open a direct message channel between people, which the bot is not in."""
        channel = Channel(self.new_id(), DM, ", ".join(person.name for person in people), between=people)
        self.channels[channel.id] = channel
        self.publish("channel_create", channel)
        return channel

    def shares_guild(self, user: User) -> bool:
        """Check whether the bot and a person share a server."""
        return any(guild.present and user.id in guild.members for guild in self.guilds.values())

    # Messages

    def create_message(
        self,
        channel: Channel,
        author: User,
        draft: Draft,
        *,
        message_id: int | None = None,
        asker: User | None = None,
        interaction: Payload | None = None,
        bits: int | None = None,
    ) -> Message:
        """Add a message to a channel and dispatch it; `bits` are the author's permissions, if known."""
        allowed = draft.mentions if draft.mentions is not None else ALL_MENTIONS
        if bits is None:
            bits = self.user_permissions(channel, author)
        message = Message(
            id=self.new_id() if message_id is None else message_id,
            channel=channel,
            author=author,
            content=draft.content or "",
            components=draft.components or [],
            embeds=draft.embeds or [],
            attachments=draft.attachments or [],
            flags=draft.flags,
            nonce=draft.nonce,
            pinged=pinged(channel, bits, draft.content, draft.components, allowed),
            asker=asker,
            interaction=interaction,
            reference=draft.reference,
            kind=0 if interaction is None else 20,
        )
        channel.add(message)
        if draft.nonce is not None:
            self._nonces[(author.id, str(draft.nonce))] = (self.clock.now(), message)
        self._dispatch("MESSAGE_CREATE", message)
        self.publish("message_create", message)
        return message

    def find_by_nonce(self, author: User, nonce: str | int) -> Message | None:
        """Return the message that an author recently sent with that nonce."""
        horizon = self.clock.now() - self.nonce_memory_s
        while self._nonces:
            key, (sent_s, _) = next(iter(self._nonces.items()))
            if sent_s >= horizon:
                break
            del self._nonces[key]
        found = self._nonces.get((author.id, str(nonce)))
        return None if found is None else found[1]

    def edit_message(self, message: Message, draft: Draft, *, was_loading: bool = False) -> None:
        """Change a message; edits never ping."""
        if was_loading:
            message.flags &= ~LOADING
            allowed = draft.mentions if draft.mentions is not None else ALL_MENTIONS
            bits = self.bot_permissions(message.channel)
            message.pinged = pinged(message.channel, bits, draft.content, draft.components, allowed)
        else:
            message.revisions.append((message.content, message.components))
            message.edited_s = self.clock.now()
        if draft.content is not None:
            message.content = draft.content
        if draft.embeds is not None:
            message.embeds = draft.embeds
        if draft.components is not None:
            message.components = draft.components
        if draft.attachments is not None:
            message.attachments = draft.attachments
        message.flags |= draft.flags & IS_COMPONENTS_V2
        self.touch_message(message)

    def touch_message(self, message: Message) -> None:
        """Dispatch that a message has changed."""
        self._dispatch("MESSAGE_UPDATE", message)
        self.publish("message_update", message)

    def delete_message(self, message: Message) -> None:
        """Remove a message."""
        message.channel.remove(message)
        channel = message.channel
        if not message.ephemeral and not channel.between and (channel.guild is None or channel.guild.present):
            body = {"id": str(message.id), "channel_id": str(channel.id)}
            if channel.guild_id is not None:
                body["guild_id"] = str(channel.guild_id)
            self.dispatch("MESSAGE_DELETE", lambda _: body, intents=_message_intent(channel), guild_id=channel.guild_id)
        self.publish("message_delete", message)

    def _dispatch(self, name: str, message: Message) -> None:
        if message.flags & EPHEMERAL:
            return
        channel = message.channel
        guild = channel.guild
        if channel.between or (guild is not None and not guild.present):
            return

        def build(intents: int) -> Payload:
            body = message.payload()
            if name == "MESSAGE_CREATE" and message.nonce is not None:
                body["nonce"] = message.nonce
            if guild is not None:
                body["guild_id"] = str(guild.id)
                member = guild.members.get(message.author.id)
                if member is not None:
                    part = member.payload()
                    del part["user"]
                    body["member"] = part
                hidden = not intents & MESSAGE_CONTENT and message.author is not self.bot
                if hidden and self.bot.id not in message.pinged.users:
                    body |= {"content": "", "embeds": [], "attachments": [], "components": []}
            return body

        self.dispatch(name, build, intents=_message_intent(channel), guild_id=channel.guild_id)

    # Everything else that changes

    def dispatch_channel(self, name: str, channel: Channel) -> None:
        """Dispatch that a channel or thread was created, changed or deleted."""
        body = channel.payload()
        if name == "THREAD_CREATE":
            body["newly_created"] = True
        if name == "THREAD_DELETE":
            body = {key: body[key] for key in ("id", "guild_id", "parent_id", "type")}
        if channel.guild is None or channel.guild.present:
            self.dispatch(name, lambda _: body, intents=GUILDS, guild_id=channel.guild_id)
        self.publish(name.lower(), channel)

    def dispatch_guild(self, name: str, guild: Guild, body: Payload) -> None:
        """Dispatch an event about a whole guild."""
        self.dispatch(name, lambda _: body, intents=GUILDS, guild_id=guild.id)
        self.publish(name.lower(), guild)

    def dispatch_member(self, member: Member) -> None:
        """Dispatch a changed member: the bot itself always, others only to sessions with the members intent."""
        body = member.payload() | {"guild_id": str(member.guild.id)}
        intents = 0 if member.user is self.bot else GUILD_MEMBERS
        self.dispatch("GUILD_MEMBER_UPDATE", lambda _: body, intents=intents, guild_id=member.guild.id)
        self.publish("member_update", member)


def _message_intent(channel: Channel) -> int:
    return DIRECT_MESSAGES if channel.guild is None else GUILD_MESSAGES


def _nobody_listens(
    name: str, build: Callable[[int], Payload], *, intents: int = 0, guild_id: int | None = None
) -> None:
    """Stand in for the gateway until there is one."""
