"""Use-cases around composing: gather what a composition needs from the store, run the pure code off the event loop."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from datetime import date, timedelta

from digests.composing.compose import archive, compose
from digests.composing.stories import UNPUBLISHED_SPAN
from digests.editions import day_window, local_date
from digests.gc_pause import collector_paused
from digests.models import Article, Digest, Policy, Told, Window
from digests.store.articles import ArticleStore

AskTold = Callable[[frozenset[str]], Awaitable[Told]]
"""Answers which of some addresses a history was told, and its recent stories."""


async def nothing_told(keys: frozenset[str]) -> Told:
    """The memory of a history that was never told anything."""
    return Told()


class DigestService:
    """Composes digests from the corpus. Knows policies and windows, not subscriptions or channels."""

    def __init__(self, store: ArticleStore) -> None:
        self._store = store

    async def compose(
        self,
        policy: Policy,
        window: Window,
        told: AskTold = nothing_told,
        *,
        local_date: date,
        timezone: str,
        by_publication: bool = False,
    ) -> Digest:
        """Composes the digest of a window.

        Args:
            policy: Filters and limits.
            window: Arrival times that it covers (publication times when `by_publication`).
            told: Asked for what this history was told: first for its recent stories, then for every address at hand.
            local_date: The day that the digest is for, in `timezone`.
            timezone: An IANA zone.
            by_publication: For past days, whose arrivals say nothing.
        """
        with collector_paused:
            candidates = await self._store.find_candidates(
                window, by_publication=by_publication, with_body=bool(policy.keywords or policy.query)
            )
            memory = await told(frozenset())
            context = await self._context(candidates, memory, policy, window, by_publication=by_publication)
            keys = await asyncio.to_thread(_addresses, (*candidates, *context))
            memory = await told(keys)
            return await asyncio.to_thread(
                compose, candidates, context, memory, policy, window, local_date=local_date, timezone=timezone
            )

    async def preview(self, policy: Policy, *, day: date, timezone: str, told: AskTold = nothing_told) -> Digest:
        """Composes the edition of a local day from publication times."""
        window = day_window(day, timezone)
        return await self.compose(policy, window, told, local_date=day, timezone=timezone, by_publication=True)

    async def quiet(
        self, policy: Policy, window: Window, told: AskTold = nothing_told, *, local_date: date, timezone: str
    ) -> Digest:
        """Composes a quiet day's digest from this calendar day's stories of earlier years (none: no sections)."""
        around = await self._store.find_on_day(
            local_date.month, local_date.day, window.until, with_body=bool(policy.keywords or policy.query)
        )
        articles = [article for article in around if _on_day(article, local_date, timezone)]
        memory = await told(_addresses(articles))
        return await asyncio.to_thread(
            archive, articles, memory, policy, window=window, day=local_date, timezone=timezone
        )

    async def _context(
        self, candidates: tuple[Article, ...], memory: Told, policy: Policy, window: Window, *, by_publication: bool
    ) -> tuple[Article, ...]:
        """Returns the articles that may belong to the candidates' stories, or to told stories that may have grown."""
        found: dict[int, Article] = {}
        oldest = window.until - timedelta(hours=policy.max_age_hours)
        dates = [a.published_at for a in candidates if a.published_at is not None and a.published_at >= oldest]
        if dates:
            until = min(max(dates) + UNPUBLISHED_SPAN, window.until)
            since = min(dates) - UNPUBLISHED_SPAN
            around = await self._store.find_around(since, until, window, by_publication=by_publication)
            found.update((article.id, article) for article in around)
        if candidates:
            doubles = await self._store.find_doubles(window, by_publication=by_publication)
            found.update((article.id, article) for article in doubles)
        keys = {key for story in memory.stories for key in story.member_keys}
        keys.update(alias for article in candidates for alias in article.aliases)
        found.update((article.id, article) for article in await self._store.find_by_keys(keys))
        for article in candidates:
            found.pop(article.id, None)
        return tuple(found.values())


def _addresses(articles: Sequence[Article]) -> frozenset[str]:
    links = {link.key for article in articles for link in article.related}
    links.update(alias for article in articles for link in article.related if link.aliases for alias in link.aliases)
    aliases = [alias for article in articles for alias in article.aliases]
    return frozenset({article.key for article in articles}.union(aliases, links))


def _on_day(article: Article, day: date, timezone: str) -> bool:
    if article.published_at is None:
        return False
    published_on = local_date(article.published_at, timezone)
    return (published_on.month, published_on.day) == (day.month, day.day) and published_on.year < day.year
