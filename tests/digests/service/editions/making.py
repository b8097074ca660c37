"""A newsroom for tests: a real state.db, the real services and calendar, and articles handed in as they arrive."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from digests.composing.compose import archive, compose
from digests.models import (
    Article,
    Cadence,
    ChannelKind,
    Delivered,
    Delivery,
    Digest,
    Policy,
    Presentation,
    Subscription,
    Window,
)
from digests.service.edition_run import Rendered
from digests.service.editions import EditionService
from digests.service.outbox import OutboxService, Sent
from digests.service.subscriptions import SubscriptionService
from digests.store.button_state import ButtonStateStore
from digests.store.connection import Database
from digests.store.database_kinds import STATE
from digests.store.outbox.compositions import CompositionStore
from digests.store.outbox.deliveries import DeliveryStore
from digests.store.outbox.editions import EditionStore
from digests.store.settings import SettingsStore
from digests.store.subscriptions import SubscriptionStore
from tests.digests.making import article

if TYPE_CHECKING:
    from digests.service.digests import AskDelivered, DigestService

EIGHT = datetime(2026, 3, 10, 8, tzinfo=UTC)
"""The first due time of what `Newsroom.subscribe` makes."""
MADE_AT = EIGHT - timedelta(hours=1)
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


async def nothing(keys: frozenset[str]) -> Delivered:
    return Delivered()


class Wire:
    """The corpus as the composer sees it: articles with their arrival times; the composing itself is the real one."""

    def __init__(self) -> None:
        self.articles: list[Article] = []
        self.composed_count = 0
        self.broken = False

    def bring(self, name: str, arrived_at: datetime, **fields: Any) -> Article:
        fields.setdefault("title", f"{name.title()} stands alone in {len(self.articles)} respects")
        made = article(name, published_at=arrived_at, arrived_at=arrived_at, **fields)
        self.articles.append(made)
        return made

    @asynccontextmanager
    async def sharing(self) -> AsyncIterator[None]:
        yield

    async def compose(
        self, policy: Policy, window: Window, delivered: AskDelivered = nothing, *, local_date: date, timezone: str
    ) -> Digest:
        self.composed_count += 1
        if self.broken:
            raise RuntimeError("the corpus is on fire")
        found = [item for item in self.articles if item.arrived_at is not None and window.holds(item.arrived_at)]
        await delivered(frozenset())
        memory = await delivered(self._keys(found))
        return compose(found, (), memory, policy, window, local_date=local_date, timezone=timezone)

    async def count_stories(self, policy: Policy, window: Window, *, local_date: date, timezone: str) -> int:
        found = [item for item in self.articles if item.arrived_at is not None and window.holds(item.arrived_at)]
        unlimited = replace(policy, max_stories=999, per_topic=999, per_provider=999)
        return compose(found, (), Delivered(), unlimited, window, local_date=local_date, timezone=timezone).story_count

    async def quiet(
        self, policy: Policy, window: Window, delivered: AskDelivered = nothing, *, local_date: date, timezone: str
    ) -> Digest:
        found = [
            item
            for item in self.articles
            if item.published_at is not None
            and (item.published_at.month, item.published_at.day) == (local_date.month, local_date.day)
            and item.published_at.year < local_date.year
        ]
        memory = await delivered(self._keys(found))
        return archive(found, memory, policy, window=window, day=local_date, timezone=timezone)

    @staticmethod
    def _keys(articles: list[Article]) -> frozenset[str]:
        return frozenset(key for item in articles for key in item.keys)


def render(digest: Digest, composition_id: int, presentation: Presentation) -> Rendered:
    """Render a digest as one message a story (or one for none), each naming its lead."""
    texts = [story.lead.title for story in digest.stories] or ["quiet"]
    parts = tuple(json.dumps([{"type": 17, "components": [{"type": 10, "content": text}]}]) for text in texts)
    return Rendered(parts, texts[0])


def text_of(delivery: Delivery) -> str:
    """Return what a part made by `render` says."""
    return str(json.loads(delivery.payload)[0]["components"][0]["content"])


@dataclass
class Newsroom:
    """All services over one state.db, and a wire that articles come in on."""

    database: Database
    wire: Wire = field(default_factory=Wire)
    catch_up: timedelta = timedelta(hours=12)

    def __post_init__(self) -> None:
        self.subscription_store = SubscriptionStore(self.database)
        self.edition_store = EditionStore(self.database)
        self.composition_store = CompositionStore(self.database)
        self.settings = SettingsStore(self.database)
        self.button_state = ButtonStateStore(self.database)
        self.subscriptions = SubscriptionService(self.subscription_store)
        self.delivery_store = DeliveryStore(self.database)
        self.outbox = OutboxService(self.delivery_store)
        self.editions = EditionService(
            self.subscription_store,
            self.edition_store,
            self.composition_store,
            self.settings,
            cast("DigestService", self.wire),  # answers as it does
            policy=Policy(),
            catch_up=self.catch_up,
        )

    @classmethod
    async def open(cls, folder: Path, wire: Wire | None = None, *, is_inline: bool = False, **fields: Any) -> Newsroom:
        """Open one in a folder; inline (see `Database.open`) where nothing happens at once, which halves the work."""
        return cls(await Database.open(folder / "state.db", STATE, is_inline=is_inline), wire or Wire(), **fields)

    async def subscribe(self, channel_id: int = 100, *, now: datetime = MADE_AT, **fields: Any) -> Subscription:
        """Subscribe a text channel of guild 1 to a digest at 08:00 UTC every day."""
        fields.setdefault("guild_id", 1)
        fields.setdefault("channel_kind", ChannelKind.TEXT)
        fields.setdefault("creator_id", 7)
        fields.setdefault("cadence", Cadence((time(8, 0),)))
        draft = Subscription(channel_id=channel_id, created_at=now, **fields)
        return await self.subscriptions.subscribe(draft, now=now)

    async def prepare(self, now: datetime) -> int:
        return await self.editions.prepare(now, render)

    async def deliver(self, now: datetime) -> list[tuple[int, str]]:
        """Send everything that may go; return (channel, text) in order of sending."""
        sent: list[tuple[int, str]] = []
        while claimed := await self.outbox.claim(now, limit=50):
            sent.extend((delivery.channel_id, text_of(delivery)) for delivery in claimed)
            await self.outbox.record([Sent(delivery, 9000 + len(sent)) for delivery in claimed], now)
        return sent

    async def texts(self, now: datetime) -> list[str]:
        """Prepare and send what is due; return what it says."""
        await self.prepare(now)
        return [text for _channel, text in await self.deliver(now)]
