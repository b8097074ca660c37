"""The service itself: one question, one page of stories."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from digests import urls
from digests.composing.stories import Cluster
from digests.errors import NotFound
from digests.i18n import _
from digests.models import Article, Provider, SearchAnswer, SearchRequest, SearchSort, Story
from digests.service.search.advice import Adviser
from digests.service.search.fold_matches import fold, tell, widen
from digests.service.search.resolve_query import TypedNames, no_date, patterns, with_names_respelt
from digests.spelling import words_of
from digests.store.articles import ArticleStore
from digests.store.search import Condition, Hits, Pattern, SearchStore
from digests.typed.query import parse_query
from digests.typed.suggestions import Suggestions

FOLD_COUNT = 60
"""So many of the best matches are folded into stories; after them every match is a story of its own."""
NEAR_SPAN = timedelta(days=3)
"""How far apart articles are that may tell one story."""
NEAR_COUNT = 20
"""At most so many articles near a story are looked at."""
TELLING_WORD_COUNT = 4
"""So many of a headline's longest words find the articles that share or list it."""


@dataclass(frozen=True, slots=True)
class _Page:
    clusters: tuple[Cluster, ...]
    relevance: dict[int, float]
    total: int
    at_least: bool
    partial: bool


class SearchService:
    """Answers questions about the news.

    Call `refresh` after each reload; without it names and spelling are brought up to date by the first search
    that needs them, which then takes longer.
    """

    def __init__(self, store: ArticleStore, search_store: SearchStore) -> None:
        self._store = store
        self._search = search_store
        self._typed = TypedNames(store, search_store)
        self._adviser = Adviser(search_store, self._typed)

    @property
    def suggestions(self) -> Suggestions:
        """What options complete to, as of the last refresh."""
        return self._typed.suggestions

    async def refresh(self) -> None:
        """Brings autocomplete, names and spelling up to the corpus as it is now."""
        await self._typed.names()
        await self._typed.words()

    async def resolve_providers(self, text: str) -> tuple[Provider, ...]:
        """Returns the providers that a person names, one or several separated by commas.

        Raises:
            InvalidInput: One of them is unknown; the sentence names the nearest ones.
        """
        return await self._typed.resolve_providers(text)

    async def resolve_topics(self, text: str) -> tuple[str, ...]:
        """Returns the topics that a person names, one or several separated by commas, in the corpus's spelling.

        Raises:
            InvalidInput: One of them is unknown; the sentence names the nearest ones.
        """
        return await self._typed.resolve_topics(text)

    # ------------------------------------------------------------------ use-cases

    async def topic_counts(self) -> tuple[tuple[str, int], ...]:
        """Return all topics with the number of their articles, the most frequent first."""
        return tuple(sorted(await self._store.topics(), key=lambda one: (-one[1], one[0].casefold())))

    async def provider_counts(self) -> tuple[tuple[Provider, int], ...]:
        """Return all providers with the number of their articles, the most frequent first."""
        return tuple(sorted(await self._store.providers(), key=lambda one: (-one[1], one[0].domain)))

    async def check_filter(self, text: str, now: datetime, zone: str) -> None:
        """Check that a query can filter an order, as `TypedNames.check_filter` says.

        Raises:
            InvalidInput: It can't; the sentence says what to type.
        """
        await self._typed.check_filter(text, now, zone)

    async def search(
        self, request: SearchRequest, *, now: datetime, offset: int = 0, limit: int = 5, zone: str = "UTC"
    ) -> SearchAnswer:
        """Answers a question with a page of stories.

        The best `FOLD_COUNT` matches are folded into stories; `total` counts these and every further match.

        Args:
            request: As typed. `since` begins with the first moment of the day (month, year) named, `until` ends
                with the last one of it; both are inclusive.
            now: What `yesterday` is reckoned from.
            offset: Stories to skip. limit: Stories on the page.
            zone: IANA zone that typed days begin in.

        Raises:
            InvalidInput: A provider, topic or date option that nothing corresponds to.
        """
        query = parse_query(request.query, now, zone)
        at_address = await self._at_address(query.text.strip("<>"))
        if at_address is not None:
            page = _Page((at_address,)[offset:], {}, 1, at_least=False, partial=False)
            return await self._answer(request, Condition(), page, offset, None)
        condition, advice = await self._typed.condition(request, query, now, zone)
        if advice:
            return SearchAnswer(request, 0, offset, (), advice=advice)
        if query.text and condition == Condition():
            nothing = _("There is no word to look for in “{text}”. Type a word, such as a name or a topic.")
            return SearchAnswer(request, 0, offset, (), advice=(nothing.format(text=query.text),))
        page = await self._page(condition, request.sort, now, offset, limit)
        corrected: str | None = None
        if page.total == 0 and not page.partial and query.wanted:
            spellings = await self._adviser.respelt(query)
            others = [replace(condition, wanted=patterns(parse_query(text, now, zone).wanted)) for text in spellings]
            for respelt, other in zip(spellings, others, strict=True):
                page = await self._page(other, request.sort, now, offset, limit)
                if page.total:
                    condition, corrected = other, respelt
                    break
            else:
                # What to loosen is worth more when told of the likeliest spelling.
                condition = others[0] if others else condition
        if page.total == 0 and not page.partial:
            nearest = await self._adviser.nearest(query)
            advice = (*map(no_date, query.no_dates), *await self._adviser.loosen(condition))
            return SearchAnswer(request, 0, offset, (), nearest_terms=nearest, advice=advice)
        names = (await self._typed.names()).directory
        corrected = (
            with_names_respelt(query if corrected is None else parse_query(corrected, now, zone), names) or corrected
        )
        return await self._answer(request, condition, page, offset, corrected)

    async def latest(
        self,
        *,
        provider: str | None = None,
        topic: str | None = None,
        since: str | None = None,
        now: datetime,
        offset: int = 0,
        limit: int = 5,
        zone: str = "UTC",
    ) -> SearchAnswer:
        """Returns headlines, newest first.

        Raises:
            InvalidInput: A provider, topic or date that nothing corresponds to.
        """
        request = SearchRequest(provider=provider, topic=topic, since=since, sort=SearchSort.NEWEST)
        condition, _advice = await self._typed.condition(request, parse_query("", now, zone), now, zone)
        condition = replace(condition, published_only=True)
        page = await self._page(condition, SearchSort.NEWEST, now, offset, limit)
        if page.total == 0 and not page.partial:
            return SearchAnswer(request, 0, offset, (), advice=await self._adviser.loosen(condition))
        return await self._answer(request, condition, page, offset, None)

    async def story(self, handle: str) -> Story:
        """Returns the story around one article, with that article as its lead.

        Args:
            handle: As `digests.urls.handle` writes it. Where its file is gone, another one of the same address will do.

        Raises:
            NotFound: The article is not in the corpus any more, or that is no handle.
        """
        ref = urls.parse_handle(handle)
        found = () if ref is None else await self._store.find_by_ref(ref)
        if not found:
            raise NotFound(_("This article is no longer in the corpus. Search again to see what is."))
        article = next((article for article in found if urls.names_path(handle, article.path)), found[0])
        (whole,) = await self._widened((Cluster(article),))
        return await asyncio.to_thread(tell, whole, 0.0, ())

    # ------------------------------------------------------------------ finding

    async def _at_address(self, text: str) -> Cluster | None:
        """Returns the article at an address that was asked for in place of words."""
        link = urls.resolve(text) if urls.is_web(text) and " " not in text else None
        found = await self._store.find_by_keys((link[1],)) if link is not None else ()
        best = max(found, key=lambda article: article.published, default=None)
        return None if best is None else Cluster(best)

    async def _page(self, condition: Condition, sort: SearchSort, now: datetime, offset: int, limit: int) -> _Page:
        head = await self._search.find(condition, sort=sort, now=now, limit=FOLD_COUNT)
        stories = await self._folded(head, sort)
        clusters = stories[offset : offset + limit]
        relevance = {hit.id: hit.relevance for hit in head.hits}
        count, at_least = head.count, head.at_least
        more = head.count > FOLD_COUNT or (head.at_least and len(head.hits) == FOLD_COUNT)
        if len(clusters) < limit and more and not head.partial:
            tail = await self._search.find(
                condition,
                sort=sort,
                now=now,
                limit=limit - len(clusters),
                offset=FOLD_COUNT + max(0, offset - len(stories)),
            )
            articles = {article.id: article for article in await self._store.find_by_ids([h.id for h in tail.hits])}
            clusters += tuple(Cluster(articles[hit.id]) for hit in tail.hits if hit.id in articles)
            relevance |= {hit.id: hit.relevance for hit in tail.hits}
            # Farther back more comes to light of how many there are.
            count, at_least = max(count, tail.count), at_least and tail.at_least
        total = len(stories) + max(0, count - FOLD_COUNT)
        return _Page(clusters, relevance, total, at_least, head.partial)

    async def _folded(self, hits: Hits, sort: SearchSort) -> tuple[Cluster, ...]:
        if not hits.hits:
            return ()
        ids = [hit.id for hit in hits.hits]
        articles = await self._store.find_by_ids(ids)
        return await asyncio.to_thread(fold, articles, {id_: place for place, id_ in enumerate(ids)}, sort)

    async def _widened(self, clusters: Sequence[Cluster]) -> tuple[Cluster, ...]:
        """Adds to stories the articles that belong to them without having been found."""
        members = {article.id: article for story in clusters for article in story.articles}
        keys = {key for article in members.values() for link in article.related for key in link.keys}
        keys.update(key for article in members.values() for key in article.keys)
        around, near = await asyncio.gather(
            self._store.find_by_keys(tuple(keys)), self._near([story.lead for story in clusters])
        )
        around += await self._store.find_by_ids(sorted(near - members.keys()))
        context = {article.id: article for article in around if article.id not in members}
        if not context:
            return tuple(clusters)
        return await asyncio.to_thread(widen, tuple(clusters), (*members.values(), *context.values()))

    async def _near(self, articles: Sequence[Article]) -> set[int]:
        """Row ids of articles of the same days that share an article's headline, or list it as related."""
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

    async def _answer(
        self, request: SearchRequest, condition: Condition, page: _Page, offset: int, corrected: str | None
    ) -> SearchAnswer:
        clusters = await self._widened(page.clusters)
        stories = await asyncio.to_thread(
            lambda: tuple(
                tell(whole, max(page.relevance.get(a.id, 0.0) for a in found.articles), condition.topics)
                for whole, found in zip(clusters, page.clusters, strict=True)
            )
        )
        return SearchAnswer(
            request,
            page.total,
            offset,
            stories,
            corrected_query=corrected,
            partial=page.partial,
            at_least=page.at_least or page.partial,
        )
