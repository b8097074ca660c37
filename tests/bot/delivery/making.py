"""An office for tests: stand-in, real discord.py client, real store, publisher and schedule, all on one clock."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import discord

from bot.delivery.crossposter import Crossposter
from bot.delivery.pause_notices import PauseNotices
from bot.delivery.publisher import Publisher
from bot.delivery.rate_limit import CircuitBreaker, TokenBucket
from digests.models import ChannelKind, DeliveryState, Subscription, SubscriptionState
from digests.service.outbox import Outcome
from digests.store.connection import scalar
from sandbox import Channel, Guild, Sandbox
from tests.digests.service.editions.making import DAY, EIGHT, HOUR, Newsroom
from tests.patience import PATIENCE_S, until
from tests.sandbox.client import Client, connected
from tests.sandbox.patient import patient

KINDS = {
    "text": ChannelKind.TEXT,
    "announcement": ChannelKind.ANNOUNCEMENT,
    "forum": ChannelKind.FORUM,
    "media": ChannelKind.MEDIA,
    "thread": ChannelKind.THREAD,
    "voice": ChannelKind.VOICE,
}

DENIED = ("send_messages", "read_message_history")
"""What tests take from the bot."""

THREE = ["first", "second", "third"]  # names of articles, each a part


class Clock:
    """Runs with real time from a fixed start, and can be moved."""

    def __init__(self, start: datetime) -> None:
        self._start = start
        self._began = time.monotonic()

    def __call__(self) -> datetime:
        return self._start + timedelta(seconds=time.monotonic() - self._began)

    def advance(self, seconds: float) -> None:
        self._start += timedelta(seconds=seconds)


def text_of(message: Any) -> str:
    """Return what a sent part says."""
    return str(message.components[-1]["components"][0]["content"])


@dataclass
class Office:
    """Everything between an article and a channel."""

    sandbox: Sandbox
    newsroom: Newsroom
    client: discord.Client
    clock: Clock
    guild: Guild
    in_flight: int = 10
    outcomes: list[Outcome] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.token_bucket = TokenBucket(0)
        self.publisher = self._publisher()
        self.crossposter = Crossposter(self.client, self.newsroom.outbox, self.token_bucket, now=self.clock)
        self.pause_notices = PauseNotices(self.client, self.newsroom.subscriptions, self.token_bucket, now=self.clock)
        self._task: asyncio.Task[None] | None = None

    def _publisher(self) -> Publisher:
        return Publisher(
            self.client,
            self.newsroom.outbox,
            self.token_bucket,
            now=self.clock,
            in_flight=self.in_flight,
            breaker=CircuitBreaker(first_s=0.05, longest_s=0.2),
            on_outcome=self.outcomes.append,
        )

    def open(self) -> None:
        """Start sending."""
        self.publisher = self._publisher()
        self._task = asyncio.create_task(self.publisher.run())

    async def close(self) -> None:
        """Stop sending as a shutdown does."""
        if self._task is not None:
            await self.publisher.stop()
            await self._task
            self._task = None

    async def die(self) -> None:
        """End sending as a crash does, as far as one process can: nothing more is recorded."""
        assert self._task is not None
        self.publisher._record_forever = None  # type: ignore[assignment, method-assign]
        for task in asyncio.all_tasks():
            if task.get_name().startswith(("part ", "outbox recorder")):
                task.cancel()
        self.publisher._works.clear()
        self._task.cancel()
        with suppress(asyncio.CancelledError):
            await self._task
        self._task = None

    async def subscribe(self, channel: Channel, kind: str = "text", **fields: Any) -> Subscription:
        return await self.newsroom.subscribe(
            channel.id,
            guild_id=self.guild.id,
            channel_kind=KINDS[kind],
            channel_name=channel.name,
            now=self.clock() - HOUR,
            creator_id=fields.pop("creator_id", self.guild.owner_id),
            **fields,
        )

    async def issue(self, *names: str, topics: tuple[str, ...] = ("Harbours",)) -> None:
        """Add articles and prepare the editions that are due: a part per article, in this order."""
        for place, name in enumerate(names):
            self.newsroom.wire.bring(
                name,
                EIGHT - timedelta(minutes=5),
                title=name,
                provider=f"press{place}{name}",
                quality=150 - place,
                topics=topics,
            )
        await self.newsroom.prepare(self.clock())
        self.publisher.wake()

    async def permit(self, channel: Channel, deny: Sequence[str] = ()) -> None:
        """Deny the bot permissions in a channel, or restore them, and wait until its client knows."""
        self.sandbox.set_permissions(channel, deny=deny)

        def known() -> bool:
            place = self.client.get_channel(channel.id)
            assert isinstance(place, discord.abc.GuildChannel)
            permissions = place.permissions_for(place.guild.me)
            return all(getattr(permissions, name) is (name not in deny) for name in DENIED)

        await until(known)

    async def until(self, look: Callable[[], object], seconds: float = PATIENCE_S) -> None:
        """Wait until something has happened on Discord."""
        await self.sandbox.wait_until(look, timeout=seconds)

    async def settled(self, seconds: float = PATIENCE_S, *, hurry: bool = False) -> None:
        """Wait until the outbox is empty; `hurry` moves the clock past every wait."""
        async with asyncio.timeout(seconds):
            while await self._moving() or self.publisher._works:
                ready_at = await self.newsroom.outbox.find_next_ready_at()
                if hurry and ready_at is not None and ready_at > self.clock():
                    self.clock.advance((ready_at - self.clock()).total_seconds() + 1)
                    self.publisher.wake()
                await asyncio.sleep(0.02)

    async def _moving(self) -> int:
        """Count, at one moment, the parts that are claimed or queued."""
        async with self.newsroom.database.read() as connection:
            return await scalar(
                connection,
                "SELECT COUNT(*) FROM deliveries WHERE state = 'claimed' OR state = 'pending' AND ready_at IS NOT NULL",
            )

    def texts(self, channel: Channel) -> list[str]:
        """Return what the bot said in a channel, oldest first."""
        return [text_of(message) for message in self.sandbox.messages(channel)]

    async def states(self, subscription: Subscription) -> list[list[DeliveryState]]:
        """Return the parts' states of a subscription's editions, oldest edition first."""
        editions = await self.newsroom.editions.recent(subscription.id)
        return [
            [state for state, _error in await self.newsroom.delivery_store.list_parts(edition.id)]
            for edition in reversed(editions)
        ]


@asynccontextmanager
async def opened(folder: Path, *, start: bool = True, in_flight: int = 10, **options: Any) -> AsyncIterator[Office]:
    """Open an office at eight o'clock with one server, and a publisher at work unless told otherwise."""
    clock = Clock(EIGHT + timedelta(seconds=5))
    async with patient(clock=lambda: clock().timestamp(), **options) as sandbox:
        guild = sandbox.add_guild("Newsroom")
        newsroom = await Newsroom.open(folder)
        client = Client(sync=False)
        client.http.max_ratelimit_timeout = 30.0
        office: Office | None = None
        try:
            watched = Office(sandbox, newsroom, client, clock, guild, in_flight)
            async with connected(sandbox, client):
                office = watched
                if start:
                    office.open()
                yield office
                await office.close()
        finally:
            if office is not None:
                await office.close()
            await newsroom.database.close()


def markers(message: Any) -> list[int]:
    """Return the numeric ids of a message's outermost containers."""
    return [component["id"] for component in json.loads(json.dumps(message.components)) if component["type"] == 17]


async def state_of(office: Office, subscription: Subscription) -> SubscriptionState:
    """Return whether a subscription is active or paused."""
    return (await office.newsroom.subscriptions.get(subscription.id)).state


async def next_day(office: Office) -> None:
    """Let a day pass and deliver what is due then."""
    office.clock.advance(DAY.total_seconds())
    await office.issue()
    await office.settled(hurry=True)
