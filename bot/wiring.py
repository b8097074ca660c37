"""The composition root of the two databases: opens stores and services, and closes them in reverse.

The only place that reads the clock.
"""

from __future__ import annotations

import asyncio
import logging
import os
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Self

from bot.settings import Settings
from digests.errors import StoreError
from digests.models import Policy
from digests.service.corpus import CorpusService
from digests.store.arrivals import ArrivalStore
from digests.store.articles import ArticleStore
from digests.store.connection import Database
from digests.store.database_kinds import CORPUS, STATE
from digests.store.soundness import find_damaged, naming_damage, unreadable_row

if TYPE_CHECKING:
    from digests.service.digests import DigestService
    from digests.service.editions import EditionService
    from digests.service.exchange import ExchangeService
    from digests.service.past_editions import PastEditions
    from digests.service.privacy import PrivacyService
    from digests.service.search import SearchService
    from digests.service.subscriptions import SubscriptionService
    from digests.store.search import SearchStore
    from digests.store.subscriptions import SubscriptionStore

# A load needs none of these, and importing them takes a sixth of a second, so they are imported where they are opened.

_log = logging.getLogger(__name__)

KEEP_WORKER_S = 60.0
"""How long a worker is kept after a load: people save one file after another, and starting one takes 0.2 s."""

SOUND_FOR_S = 300.0
"""How long a check's result counts: checking a large corpus.db takes seconds."""

Clock = Callable[[], datetime]


def now() -> datetime:
    """Return the present moment, aware UTC, without microseconds."""
    return datetime.now(UTC).replace(microsecond=0)


@dataclass(frozen=True, slots=True)
class News:
    """The half of the services on corpus.db: the corpus, search and composing."""

    settings: Settings
    database: Database
    articles: ArticleStore
    search_store: SearchStore
    corpus: CorpusService
    search: SearchService
    digests: DigestService

    @classmethod
    @asynccontextmanager
    async def open(
        cls, settings: Settings, clock: Clock = now, *, state: State | None = None, installation: str | None = None
    ) -> AsyncIterator[Self]:
        """Open `corpus.db` for the duration of the block.

        Args:
            settings: The configuration.
            clock: Supplies the arrival time of articles.
            state: Where loads store when articles arrived; not needed for reading.
            installation: The owner written into the file by the next load; None leaves that open.

        Raises:
            StoreError: The database can't be used.
        """
        from digests.service.digests import DigestService
        from digests.service.search import SearchService
        from digests.store.search import SearchStore

        async with AsyncExitStack() as stack:
            database = await _opened(stack, await Database.open(settings.corpus_path, CORPUS))
            # Searches have their own readers, so that slow ones only wait for each other.
            for_search = await _opened(stack, await Database.open(settings.corpus_path, CORPUS, reader_count=2))
            articles = ArticleStore(database)
            search_store = SearchStore(for_search)
            arrivals = ArrivalStore(database, state.database) if state is not None else None
            corpus = _corpus_service(settings, articles, arrivals, clock, installation)
            stack.push_async_callback(corpus.close)
            search = SearchService(articles, search_store)
            await stack.enter_async_context(naming_damage(database, *([state.database] if state is not None else [])))
            yield cls(settings, database, articles, search_store, corpus, search, DigestService(articles))

    async def policy(
        self, *, topics: Sequence[str] = (), providers: Sequence[str] = (), max_stories: int | None = None
    ) -> Policy:
        """Return the configured policy with typed filters.

        Raises:
            InvalidInput: There is no such topic or provider.
        """
        policy = self.settings.digest.policy()
        wanted = [topic for text in topics for topic in await self.search.resolve_topics(text)]
        domains = [provider.domain for text in providers for provider in await self.search.resolve_providers(text)]
        policy = replace(policy, topics=tuple(dict.fromkeys(wanted)), providers=tuple(dict.fromkeys(domains)))
        return policy if max_stories is None else replace(policy, max_stories=max_stories)


@dataclass(frozen=True, slots=True)
class State:
    """The half of the services on state.db: subscriptions, outbox and ledger."""

    settings: Settings
    database: Database
    subscription_store: SubscriptionStore
    subscriptions: SubscriptionService
    exchange: ExchangeService
    privacy: PrivacyService

    @classmethod
    @asynccontextmanager
    async def open(cls, settings: Settings) -> AsyncIterator[Self]:
        """Open `state.db` for the duration of the block.

        Raises:
            StoreError: The database can't be used.
        """
        from digests.service.exchange import ExchangeService
        from digests.service.privacy import PrivacyService
        from digests.service.subscriptions import SubscriptionService
        from digests.store.forgetting import ForgettingStore
        from digests.store.subscriptions import SubscriptionStore

        async with AsyncExitStack() as stack:
            database = await _opened(stack, await Database.open(settings.state_path, STATE, reader_count=3))
            store, limits = SubscriptionStore(database), settings.members.limits()
            await stack.enter_async_context(naming_damage(database))
            yield cls(
                settings,
                database,
                store,
                SubscriptionService(store, limits),
                ExchangeService(store, limits),
                PrivacyService(ForgettingStore(database)),
            )

    def past_editions(self, editions: EditionService, news: News) -> PastEditions:
        """Return the service for past editions."""
        from digests.service.past_editions import PastEditions
        from digests.store.outbox.past_editions import PastEditionStore

        return PastEditions(PastEditionStore(self.database), editions, news.digests, news.search)

    def editions(self, digests: DigestService) -> EditionService:
        """Return the service that prepares editions for these subscriptions from a corpus."""
        from digests.service.editions import EditionService
        from digests.store.outbox.compositions import CompositionStore
        from digests.store.outbox.editions import EditionStore
        from digests.store.settings import SettingsStore

        digest = self.settings.digest
        return EditionService(
            self.subscription_store,
            EditionStore(self.database),
            CompositionStore(self.database),
            SettingsStore(self.database),
            digests,
            policy=digest.policy(),
            catch_up=timedelta(hours=digest.catch_up_hours),
            keep=timedelta(days=digest.keep_days),
        )


@asynccontextmanager
async def open_corpus(settings: Settings, clock: Clock = now) -> AsyncIterator[CorpusService]:
    """Open both databases for loads, without what only searches and deliveries need, for the duration of the block.

    Raises:
        StoreError: A database can't be used.
    """
    async with AsyncExitStack() as stack:
        state = await _opened(stack, await Database.open(settings.state_path, STATE))
        database = await _opened(stack, await Database.open(settings.corpus_path, CORPUS))
        corpus = _corpus_service(settings, ArticleStore(database), ArrivalStore(database, state), clock, None)
        stack.push_async_callback(corpus.close)
        await stack.enter_async_context(naming_damage(database, state))
        yield corpus


def _corpus_service(
    settings: Settings, articles: ArticleStore, arrivals: ArrivalStore | None, clock: Clock, installation: str | None
) -> CorpusService:
    return CorpusService(
        articles,
        settings.corpus.folders,
        sources=settings.corpus.known_sources,
        arrivals=arrivals,
        max_file_bytes=settings.corpus.max_file_kib * 1024,
        max_feed_bytes=settings.corpus.max_feed_kib * 1024,
        worker_count=settings.corpus.workers or min(os.cpu_count() or 1, 4),
        git=settings.corpus.git,
        keep_days=settings.corpus.keep_days,
        protected=settings.own_files,
        keep_worker_s=KEEP_WORKER_S,
        clock=clock,
        installation=installation,
    )


async def _opened(stack: AsyncExitStack, database: Database) -> Database:
    stack.push_async_callback(database.close)
    return database


class Soundness:
    """Checks both databases when something fails unexpectedly."""

    def __init__(self, *databases: Database, sound_for_s: float = SOUND_FOR_S) -> None:
        self._databases = databases
        self._sound_for_s = sound_for_s
        self._lock = asyncio.Lock()
        self._sound_until = 0.0

    async def find_damaged(self, error: BaseException) -> StoreError | None:
        """Return an error that names the damaged file behind an error; sound files are checked again only later."""
        async with self._lock:
            if time.monotonic() < self._sound_until:
                return unreadable_row(error, self._databases)
            damaged = await find_damaged(*self._databases)
            if damaged is None:
                self._sound_until = time.monotonic() + self._sound_for_s
            return damaged or unreadable_row(error, self._databases)
