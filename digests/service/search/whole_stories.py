"""Completes found stories with articles that belong to them but were not found."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence, Set
from datetime import datetime, timedelta

from digests.composing.stories import Cluster
from digests.models import Article
from digests.service.search.fold_matches import widen
from digests.spelling import words_of
from digests.store.articles import ArticleStore
from digests.store.search import Condition, Pattern, SearchStore

NEAR_SPAN = timedelta(days=3)
"""How far apart in time articles of one story may be."""
NEAR_COUNT = 20
"""How many articles near a story are examined."""
TELLING_WORD_COUNT = 4
"""How many of a headline's longest words are used to find articles that share or list it."""


class WholeStories:
    """Looks for what belongs to stories: at the same addresses, in their lists, and with words of their headlines."""

    def __init__(self, store: ArticleStore, search_store: SearchStore) -> None:
        self._store = store
        self._search = search_store

    async def of(
        self,
        clusters: Sequence[Cluster],
        now: datetime | None,
        taken: Set[int] = frozenset(),
        listed: Condition | None = None,
    ) -> tuple[Cluster, ...]:
        """Return some stories with the articles that belong to them and are not listed elsewhere.

        Args:
            clusters: Some stories.
            now: Articles scheduled for later are left out; None to add them too.
            taken: Row ids of articles in other stories.
            listed: All articles that match this are in other stories, too.
        """
        members = {article.id: article for story in clusters for article in story.articles}
        keys = {key for article in members.values() for link in article.related for key in link.keys}
        keys.update(key for article in members.values() for key in article.keys)
        around, near = await asyncio.gather(
            self._store.find_by_keys(tuple(keys)), self._near([story.lead for story in clusters])
        )
        around += await self._store.find_by_ids(sorted(near - members.keys() - taken))
        context = {
            article.id: article
            for article in around
            if article.id not in members and article.id not in taken and (now is None or article.is_due(now))
        }
        if context and listed is not None:
            for id_ in await self._search.matching(listed, list(context)):
                del context[id_]
        if not context:
            return tuple(clusters)
        return await asyncio.to_thread(widen, tuple(clusters), (*members.values(), *context.values()))

    async def _near(self, articles: Sequence[Article]) -> set[int]:
        """Return row ids of articles from the same days that share an article's headline, or list it as related."""
        conditions: list[Condition] = []
        for article in articles:
            words = sorted(set(words_of(article.title)), key=len, reverse=True)[:TELLING_WORD_COUNT]
            if article.published_at is not None and len(words) > 1:
                conditions.append(
                    Condition(
                        wanted=tuple(Pattern(word) for word in words),
                        since=article.published_at - NEAR_SPAN,
                        until=article.published_at + NEAR_SPAN,
                    )
                )
        return {id_ for ids in await self._search.find_near(conditions, NEAR_COUNT) for id_ in ids}
