"""Use-cases of composing: load what a composition needs from the store, run the pure code off the event loop."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from digests.composing.absence import unlimited
from digests.composing.compose import archive, compose
from digests.composing.evidence import prepare_evidence
from digests.composing.ranking import Headings, Sieve
from digests.composing.same_event import SPAN
from digests.composing.ties import Ties, identity
from digests.composing.word_statistics import Statistics
from digests.editions import day_window, local_date
from digests.errors import StoreError
from digests.gc_pause import collector_paused
from digests.models import Article, Delivered, Digest, Policy, Window
from digests.offload import offload
from digests.store.articles import ArticleStore

_log = logging.getLogger(__name__)

CONTEXT_SPAN = timedelta(days=7)
"""Articles that were older than this when they arrived get no neighbours as context."""
YOUNG = SPAN + timedelta(days=1)
"""The age of a daily edition's candidates and their context."""
MOST_YOUNG = 10_000
"""How many articles' evidence is computed before an edition needs it: half a second and some 25 megabytes."""
MOST_LISTED = 20_000
"""How many related links are looked up in the corpus per window."""
MOST_WINDOWS = 4
"""How many windows' material is cached; the editions of one minute have few different windows."""

AskDelivered = Callable[[frozenset[str]], Awaitable[Delivered]]
"""Returns which of some addresses were delivered, and the recent stories."""


async def nothing_delivered(keys: frozenset[str]) -> Delivered:
    """Return that nothing was delivered, as for a new subscription."""
    return Delivered()


@dataclass(frozen=True, slots=True)
class Material:
    """What all digests of a window are composed of, whatever their filters.

    Attributes:
        candidates: Published, dated articles that arrived in the window.
        context: Other articles that may belong to their stories.
        ties: The ties between all of these.
        headings: Which topics make a heading.
        addresses: Article (by identity) -> its addresses and those of its links, as far as they were asked for.
    """

    candidates: tuple[Article, ...]
    context: tuple[Article, ...]
    ties: Ties
    headings: Headings
    addresses: dict[int | str, frozenset[str]] = field(default_factory=dict)

    def addresses_of(self, articles: Iterable[Article]) -> frozenset[str]:
        """Return all addresses of some of the articles and of their links."""
        known, found = self.addresses, []
        for article in articles:
            key = identity(article)
            addresses = known.get(key)
            if addresses is None:
                addresses = known[key] = _addresses((article,))
            found.append(addresses)
        return frozenset().union(*found)


class DigestService:
    """Composes digests from the corpus. Knows policies and windows, but no subscriptions or channels."""

    def __init__(self, store: ArticleStore) -> None:
        self._store = store
        self._statistics: tuple[int, Statistics] | None = None
        self._sharers = 0
        self._shared: dict[tuple[Window, bool, bool], Material] | None = None

    @asynccontextmanager
    async def sharing(self) -> AsyncIterator[None]:
        """Share what is the same for equal windows between all digests composed in this block."""
        self._sharers += 1
        self._shared = {} if self._shared is None else self._shared
        try:
            yield
        finally:
            self._sharers -= 1
            if not self._sharers:
                self._shared = None

    async def find_evidence(self, now: datetime) -> None:
        """Compute the evidence of the articles that the next editions may compare, so that none waits for it.

        Editions do without: an error is only logged.
        """
        try:
            young = await self._store.find_young(now - YOUNG, limit=MOST_YOUNG)
        except StoreError as error:
            _log.warning("Evidence of recent articles not computed, the next edition will take longer: %s", error)
            return
        await offload(prepare_evidence, young)

    async def compose(
        self,
        policy: Policy,
        window: Window,
        delivered: AskDelivered = nothing_delivered,
        *,
        local_date: date,
        timezone: str,
        by_publication: bool = False,
    ) -> Digest:
        """Compose the digest of a window.

        Args:
            policy: Filters and limits.
            window: The arrival times that it covers (publication times if `by_publication`).
            delivered: Returns what was delivered before.
            local_date: The day of the digest, in `timezone`.
            timezone: An IANA zone.
            by_publication: For past days, where arrival times are meaningless.
        """
        with collector_paused:
            material = await self._material(window, by_publication=by_publication, with_body=_reads_bodies(policy))
            candidates, context, addresses = await offload(_at_hand, material, policy)
            memory = await delivered(addresses)
            return await offload(
                compose,
                candidates,
                context,
                memory,
                policy,
                window,
                local_date=local_date,
                timezone=timezone,
                ties=material.ties,
                headings=material.headings,
            )

    async def count_stories(self, policy: Policy, window: Window, *, local_date: date, timezone: str) -> int:
        """Count the stories of a window that pass a policy's filters, whatever was delivered before."""
        return (await self.compose(unlimited(policy), window, local_date=local_date, timezone=timezone)).story_count

    async def preview(
        self, policy: Policy, *, day: date, timezone: str, delivered: AskDelivered = nothing_delivered
    ) -> Digest:
        """Compose the edition of a local day from publication times."""
        window = day_window(day, timezone)
        return await self.compose(policy, window, delivered, local_date=day, timezone=timezone, by_publication=True)

    async def quiet(
        self,
        policy: Policy,
        window: Window,
        delivered: AskDelivered = nothing_delivered,
        *,
        local_date: date,
        timezone: str,
    ) -> Digest:
        """Compose a quiet day's digest from this calendar day's stories of earlier years (none: no sections)."""
        around = await self._store.find_on_day(
            local_date.month, local_date.day, window.until, with_body=_reads_bodies(policy)
        )
        articles, addresses = await offload(_of_day, around, local_date, timezone)
        memory = await delivered(addresses)
        statistics = await self._corpus_statistics()
        headings = await self._headings(statistics)
        return await offload(
            archive,
            articles,
            memory,
            policy,
            window=window,
            day=local_date,
            timezone=timezone,
            statistics=statistics,
            headings=headings,
        )

    async def _material(self, window: Window, *, by_publication: bool, with_body: bool) -> Material:
        key = (window, by_publication, with_body)
        found = None if self._shared is None else self._shared.get(key)
        if found is None:
            found = await self._gather(window, by_publication=by_publication, with_body=with_body)
            if self._shared is not None:
                while len(self._shared) >= MOST_WINDOWS:
                    self._shared.pop(next(iter(self._shared)))
                self._shared[key] = found
        return found

    async def _gather(self, window: Window, *, by_publication: bool, with_body: bool) -> Material:
        candidates = await self._store.find_candidates(window, by_publication=by_publication, with_body=with_body)
        context = await self._context(candidates, window, by_publication=by_publication)
        statistics = await self._corpus_statistics()
        ties = await offload(Ties, (*candidates, *context), statistics, len(candidates))
        return Material(candidates, context, ties, await self._headings(statistics))

    async def _corpus_statistics(self) -> Statistics:
        """Return the current word statistics of the corpus."""
        if self._statistics is None or self._statistics[0] != await self._store.generation():
            known = self._statistics
            found = await self._store.word_counts(None if known is None else known[0])
            make = Statistics.of_words if known is None or found.is_all else known[1].updated
            statistics = await offload(make, found.article_count, found.counts)
            self._statistics = found.generation, statistics
        return self._statistics[1]

    async def _headings(self, statistics: Statistics) -> Headings:
        topics = {name.casefold(): count for name, count in await self._store.topics()}
        return Headings(topics, statistics.article_count)

    async def _context(
        self, candidates: tuple[Article, ...], window: Window, *, by_publication: bool
    ) -> tuple[Article, ...]:
        """Return the articles that may belong to the candidates' stories."""
        if not candidates:
            return ()
        found: dict[int, Article] = {}
        young = [
            a.published_at
            for a in candidates
            if a.published_at is not None and a.published_at >= (a.arrived_at or a.published_at) - CONTEXT_SPAN
        ]
        if young:
            until = min(max(young) + SPAN, window.until)
            around = await self._store.find_around(min(young) - SPAN, until, window, by_publication=by_publication)
            found.update((article.id, article) for article in around)
        duplicates = await self._store.find_duplicates(window, by_publication=by_publication)
        found.update((article.id, article) for article in duplicates)
        keys = {alias for article in candidates for alias in article.aliases}
        listed = {link.key for article in candidates for link in article.related}
        # Related lists can reach back years; if there are very many links, recent articles are loaded anyway.
        if len(listed) <= MOST_LISTED:
            keys |= listed
        found.update((article.id, article) for article in await self._store.find_by_keys(keys))
        for article in candidates:
            found.pop(article.id, None)
        return tuple(article for article in found.values() if by_publication or article.is_due(window.until))


def _reads_bodies(policy: Policy) -> bool:
    return bool(policy.keywords or policy.query)


def _at_hand(material: Material, policy: Policy) -> tuple[Sequence[Article], Sequence[Article], frozenset[str]]:
    """Return the candidates that pass a policy's filters, their possible context, and all addresses."""
    candidates = Sieve(policy).sift(material.candidates)
    ties, size = material.ties, len(material.candidates)
    if len(candidates) == size:
        return candidates, material.context, _addresses((*candidates, *material.context))
    near = {other for article in candidates for other in ties.of(ties.number_of[identity(article)]) if other >= size}
    context = [ties.articles[number] for number in sorted(near)]
    return candidates, context, material.addresses_of((*candidates, *context))


def _addresses(articles: Iterable[Article]) -> frozenset[str]:
    """Return the addresses of articles and of their links."""
    found: set[str] = set()
    for article in articles:
        found.add(article.key)
        if article.aliases:
            found.update(article.aliases)
        for link in article.related:
            found.add(link.key)
            if link.aliases:
                found.update(link.aliases)
    return frozenset(found)


def _of_day(articles: Sequence[Article], day: date, timezone: str) -> tuple[list[Article], frozenset[str]]:
    """Return the articles of a calendar day in earlier years, and their addresses."""
    found = [article for article in articles if _on_day(article, day, timezone)]
    return found, _addresses(found)


def _on_day(article: Article, day: date, timezone: str) -> bool:
    if article.published_at is None:
        return False
    published_on = local_date(article.published_at, timezone)
    return (published_on.month, published_on.day) == (day.month, day.day) and published_on.year < day.year
