"""The stand-in as one object: start it, inspect what happened, break things."""

import asyncio
import base64
import secrets
import time
from collections import deque
from collections.abc import Callable
from types import TracebackType
from typing import Any, ClassVar, Self, TypeVar

from sandbox.api.commands import GLOBAL
from sandbox.clock import Clock
from sandbox.driver.people import PATIENCE_S, People
from sandbox.driver.reply import NotAnswered, Reply
from sandbox.driver.world_builder import WorldBuilder
from sandbox.entities import Channel, Guild, Member, Message, Payload, User
from sandbox.faults import Faults
from sandbox.gateway import Gateway
from sandbox.http import API, Page, Recorder, Request, Server
from sandbox.limits import Limits
from sandbox.world import Event, World

T = TypeVar("T")


class Sandbox(WorldBuilder, People):
    """A stand-in for Discord on a loopback port, with methods to change its world.

    Use it as `async with Sandbox.start() as sandbox:`. The bot may run in the same process or another one.

    Attributes:
        everywhere: Recorders that all stand-ins call with each request, for checks over a whole test run.
        faults: Faults to inject into requests.
        gateway: The websocket side, which can be dropped, invalidated and closed.
        world: The state behind it all.
    """

    everywhere: ClassVar[list[Recorder]] = []

    def __init__(
        self,
        *,
        port: int = 0,
        limits: bool = False,
        bot_name: str = "Broadsheet",
        clock: Callable[[], float] = time.time,
        ack_window_s: float = 3.0,
        nonce_memory_s: float = 120.0,
        privileged_intents: int = 0,
        heartbeat_s: float = 41.25,
        log_size: int = 20_000,
    ) -> None:
        self.world = World(Clock(clock), bot_name=bot_name, nonce_memory_s=nonce_memory_s)
        self.ack_window_s = ack_window_s
        self.faults = Faults()
        # In the form of Discord's: the id in base64, a time, a signature; it is valid nowhere else.
        number = base64.b64encode(str(self.world.bot.id).encode()).decode().rstrip("=")
        # New at every start, so that an old one can't be used again.
        self.token = f"{number}.SANDBX.{secrets.token_urlsafe(28)}"
        self._wanted_port = port
        self.server = Server(
            self.world,
            self.token,
            self.faults,
            Limits(self.world.clock) if limits else None,
            log_size=log_size,
            ack_window_s=ack_window_s,
        )
        self.server.recorders += self.everywhere
        self.gateway = Gateway(
            self.world,
            self.token,
            lambda: self.server.gateway_url,
            privileged=privileged_intents,
            heartbeat_s=heartbeat_s,
        )
        self.server.gateway = self.gateway

    @classmethod
    def start(cls, port: int = 0, **options: Any) -> Self:
        """Return a stand-in that listens once it is entered; the options are those of the class.

        Args:
            port: Loopback port, 0 for a free one.
            **options: `limits` switches rate limits on; `clock` returns Unix seconds; `ack_window_s` is the time for a
                first answer to an interaction; `nonce_memory_s` how long nonces are remembered; `privileged_intents`
                the intents granted; `heartbeat_s`; `log_size` how many requests the log keeps; `bot_name`.
        """
        return cls(port=port, **options)

    async def __aenter__(self) -> Self:
        await self.open()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def open(self) -> None:
        """Listen."""
        await self.server.listen(self._wanted_port)

    async def close(self) -> None:
        """Stop listening and cut every connection."""
        await self.server.stop()

    async def go_down(self) -> None:
        """Be unreachable: nothing listens, every connection is cut, the world stays."""
        await self.server.stop()

    async def come_back(self) -> None:
        """Listen again on the same port."""
        await self.server.listen(self.server.port)

    def mount(self, prefix: str, page: Page) -> None:
        """Serve other paths of the port, such as a web page, with the given handler."""
        self.server.pages.append((prefix, page))
        self.server.pages.sort(key=lambda entry: -len(entry[0]))

    # Where it is

    @property
    def port(self) -> int:
        """The port it listens on."""
        return self.server.port

    @property
    def base_url(self) -> str:
        """Its address."""
        return self.server.base_url

    @property
    def api_base_url(self) -> str:
        """Where REST begins."""
        return self.server.base_url + API

    @property
    def gateway_url(self) -> str:
        """Where the gateway listens."""
        return self.server.gateway_url

    @property
    def application_id(self) -> int:
        """The id of the application and of its bot."""
        return self.world.bot.id

    @property
    def bot_user(self) -> User:
        """The bot's account."""
        return self.world.bot

    @property
    def operator(self) -> User:
        """The person who owns the application."""
        return self.world.owner

    # What happened

    @property
    def requests(self) -> "deque[Request]":
        """The last requests, the oldest first."""
        return self.server.requests

    @property
    def request_count(self) -> int:
        """How many requests there were."""
        return self.server.request_count

    @property
    def limited_count(self) -> int:
        """How many requests were answered with 429 by the rate limits."""
        return 0 if self.server.limits is None else self.server.limits.limited_count

    @property
    def command_writes(self) -> int:
        """How often commands were registered, changed or removed."""
        return self.world.command_writes

    def count_requests(self, route: str) -> int:
        """Count the logged requests of a route such as "POST /channels/{channel_id}/messages"."""
        return sum(request.route == route for request in self.server.requests)

    def messages(self, channel: Channel, viewer: User | Member | None = None) -> list[Message]:
        """List a channel's messages, oldest first; for a viewer including answers only they can see."""
        shown = list(channel.messages.values())
        if viewer is not None:
            user = viewer.user if isinstance(viewer, Member) else viewer
            shown += [message for message in channel.private.values() if message.asker is user]
            shown.sort(key=lambda message: message.id)
        return shown

    def posts(self, forum: Channel) -> list[Channel]:
        """List the posts (threads) of a forum or the threads of a channel, the oldest first."""
        if forum.guild is None:
            return []
        return [thread for thread in forum.guild.threads.values() if thread.parent_id == forum.id]

    def dm(self, who: User | Member) -> Channel:
        """Return the direct messages between the bot and a person."""
        return self.world.dm(who.user if isinstance(who, Member) else who)

    def registered_commands(self, guild: Guild | None = None) -> list[Payload]:
        """List the commands registered everywhere, or only in a server."""
        return list(self.world.commands.get(GLOBAL if guild is None else guild.id, {}).values())

    def subscribe(self) -> "asyncio.Queue[Event]":
        """Return a queue of everything that changes from now on."""
        return self.world.subscribe()

    def unsubscribe(self, queue: "asyncio.Queue[Event]") -> None:
        """Stop filling a queue."""
        self.world.unsubscribe(queue)

    def record(self, recorder: Recorder) -> None:
        """Call a function with each request from now on."""
        self.server.recorders.append(recorder)

    # Waiting

    async def wait_until(self, look: Callable[[], T], *, timeout: float = PATIENCE_S) -> T:  # noqa: ASYNC109
        """Call a function at each change until its result is truthy; return the result.

        Raises:
            NotAnswered: Nothing came in time.
        """
        deadline = time.monotonic() + timeout
        while True:
            found = look()
            if found:
                return found
            left = deadline - time.monotonic()
            if left <= 0:
                raise NotAnswered("what was waited for did not happen")
            await self.world.changed(min(left, 0.25))

    async def wait_ready(self, *, timeout: float = PATIENCE_S) -> None:  # noqa: ASYNC109
        """Wait until the bot is connected and has received its servers."""
        await self.wait_until(lambda: self.gateway.sessions, timeout=timeout)

    async def wait_messages(
        self,
        channel: Channel,
        count: int = 1,
        *,
        timeout: float = PATIENCE_S,  # noqa: ASYNC109
    ) -> list[Message]:
        """Wait until a channel has that many messages."""
        return await self.wait_until(
            lambda: self.messages(channel) if len(channel.order) >= count else [], timeout=timeout
        )

    async def wait_edit(self, reply: Reply, *, timeout: float = PATIENCE_S) -> Reply:  # noqa: ASYNC109
        """Wait until the bot acts on an interaction once more."""
        seen = reply.interaction.activity
        await self.wait_until(lambda: reply.interaction.activity > seen, timeout=timeout)
        return reply
