"""The search service: one question, one page of stories."""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from digests import handles, urls
from digests.composing.stories import Cluster
from digests.errors import InvalidInput, NotFound, StoreError
from digests.i18n import _
from digests.models import Article, Provider, SearchAnswer, SearchRequest, SearchSort, Story
from digests.service.search.advice import Adviser
from digests.service.search.cluster_story import story_of
from digests.service.search.corrections import as_typed, put_right_in
from digests.service.search.doubted_words import MOST_WORDS, with_doubted_words
from digests.service.search.fold_matches import fold
from digests.service.search.resolve_query import TypedNames, no_date, with_names_respelt
from digests.service.search.sentences import find_quote, finder_of, with_sentences
from digests.service.search.shortcuts import AtSite, WhatIsNew, at_site, what_is_new
from digests.service.search.spellings import Spellings
from digests.service.search.whole_stories import WholeStories
from digests.store.articles import ArticleStore
from digests.store.search import Condition, Hits, SearchStore
from digests.typed.query import as_words, clean, parse_query, replaced
from digests.typed.query_tree import And, Filter, Query
from digests.typed.suggestions import Suggestions

_log = logging.getLogger(__name__)

FOLD_COUNT = 90
"""How many of the best matches are folded into stories; after them every match is a story of its own."""

_ADDRESS = re.compile(r"(?i)https?://[^\s<>\"]+[^\s<>\".,:;!?')\]]")
_BARE_ADDRESS = re.compile(r"(?i)(?:[a-z0-9-]+\.)+[a-z]{2,}/\S*")


@dataclass(frozen=True, slots=True)
class _Page:
    """Whole stories, with the relevance of what was found."""

    clusters: tuple[Cluster, ...]
    relevance: dict[int, float]
    total: int
    at_least: bool
    partial: bool
    lacks_words: bool = False
    folded_count: int | None = None


class SearchService:
    """Answers questions about the news.

    Call `refresh` after each reload; otherwise the first search that needs names or spelling refreshes them, and takes
    longer.
    """

    def __init__(self, store: ArticleStore, search_store: SearchStore) -> None:
        self._store = store
        self._search = search_store
        self._typed = TypedNames(store, search_store)
        self._adviser = Adviser(search_store, self._typed)
        self._spellings = Spellings(search_store, self._typed)
        self._wholes = WholeStories(store, search_store)

    @property
    def suggestions(self) -> Suggestions:
        """The autocomplete choices, as of the last refresh."""
        return self._typed.suggestions

    async def refresh(self) -> None:
        """Refresh autocomplete, names and spelling from the current corpus.

        Searches do without: they refresh what they need themselves, so an error is only logged.
        """
        try:
            await self._typed.names()
            await self._typed.words()
        except StoreError as error:
            _log.warning("Names and spelling not refreshed, the next search will take longer: %s", error)

    async def resolve_providers(self, text: str) -> tuple[Provider, ...]:
        """Return the providers in a comma-separated list.

        Raises:
            InvalidInput: One of them is unknown; the sentence names the nearest ones.
        """
        return await self._typed.resolve_providers(text)

    async def resolve_topics(self, text: str) -> tuple[str, ...]:
        """Return the topics in a comma-separated list, in the corpus's spelling.

        Raises:
            InvalidInput: One of them is unknown; the sentence names the nearest ones.
        """
        return await self._typed.resolve_topics(text)

    # ------------------------------------------------------------------ use-cases

    async def topic_counts(self) -> tuple[tuple[str, int], ...]:
        """Return all topics with their numbers of articles, most frequent first."""
        return tuple(sorted(await self._store.topics(), key=lambda one: (-one[1], one[0].casefold())))

    async def provider_counts(self) -> tuple[tuple[Provider, int], ...]:
        """Return all providers with their numbers of articles, most frequent first."""
        return tuple(sorted(await self._store.providers(), key=lambda one: (-one[1], one[0].domain)))

    async def resolve_filter(self, text: str, now: datetime, zone: str) -> str:
        """Return a query for filtering an order; see `TypedNames.resolve_filter`.

        Raises:
            InvalidInput: It can't be used as a filter; the sentence says what to type.
        """
        return await self._typed.resolve_filter(text, now, zone)

    async def search(
        self, request: SearchRequest, *, now: datetime, offset: int = 0, limit: int = 5, zone: str = "UTC"
    ) -> SearchAnswer:
        """Answer a question with a page of stories.

        The best `FOLD_COUNT` matches are folded into stories. If there are more, `total` counts articles, whose number
        is the same in any order.

        Args:
            request: As typed. `since` begins with the first moment of the day (month, year) named, `until` ends
                with the last one of it; both are inclusive.
            now: What `yesterday` is relative to.
            offset: Stories to skip. limit: Stories on the page.
            zone: IANA zone that typed days begin in.

        Raises:
            InvalidInput: A provider, topic or date option that nothing corresponds to.
        """
        query = parse_query(await self._typed.with_whole_names(request.query), now, zone)
        if query.sort is not None:
            request = replace(request, sort=query.sort)
        if not query.is_words and await self._search.is_headline(clean(request.query)):
            # Dashes, quotes and colons of a pasted headline have no special meaning.
            query = as_words(request.query)
        at_address = await self._at_address(_address_in(query.text), now)
        if at_address is not None:
            whole = await self._wholes.of((at_address,)[offset:], now)
            page = _Page(whole, {}, 1, at_least=False, partial=False)
            return await self._answer(request, Condition(due_by=now), page, offset)
        if "." in query.text and " " not in query.text:
            site = at_site(query.text, (await self._typed.names()).resolver)
            if site is not None:
                return await self._from_site(site, request, now, offset, limit, zone)
        if (listed := what_is_new(query, now, zone)) is not None:
            return await self._what_is_new(listed, request, now, offset, limit, zone)
        condition, terms, advice = await self._typed.condition(request, query, now, zone)
        if advice:
            return SearchAnswer(request, 0, offset, (), advice=advice)
        if query.text and not terms and condition == Condition(typed=condition.typed, due_by=now):
            nothing = _("There is no word to search for in “{text}”. Type a word, such as a name or a topic.")
            return SearchAnswer(request, 0, offset, (), advice=(nothing.format(text=query.text),))
        beside = bool(condition.wanted or condition.domains or condition.channels or condition.topics)
        spelt = await self._spellings.of(query, terms, beside_others=beside)
        options = condition.wanted
        condition = replace(condition, wanted=(*spelt.patterns, *options))
        page = await self._page(condition, request.sort, now, offset, limit)
        if page.lacks_words:
            # A word that articles contain is only doubted now, because no article contains all words.
            doubted = await with_doubted_words(self._typed, query, terms, spelt)
            if doubted is not None:
                otherwise = replace(condition, wanted=(*doubted.patterns, *options))
                in_other_words = await self._page(otherwise, request.sort, now, offset, limit)
                if not in_other_words.lacks_words:
                    page, spelt, condition = in_other_words, doubted, otherwise
        if page.lacks_words and spelt.corrections and 1 < len(terms) <= MOST_WORDS:
            # What is unlikely on its own was only accepted because other words would confirm it.
            likely = await self._spellings.of(query, terms, beside_others=beside, only_likely=True)
            if likely != spelt:
                spelt = likely
                condition = replace(condition, wanted=(*spelt.patterns, *options))
                page = await self._page(condition, request.sort, now, offset, limit)
        no_filter = _("“{field}:” is not a filter; I looked for it as a word.")
        remarks = (
            *(no_filter.format(field=field) for field in query.unknown_fields),
            *map(no_date, query.no_dates),
        )
        if page.total == 0 and not page.partial:
            nearest = await self._adviser.nearest(query)
            advice = (*remarks, *await self._adviser.loosen(condition))
            return SearchAnswer(request, 0, offset, (), nearest_terms=nearest, advice=advice)
        answer = await self._answer(request, condition, page, offset)
        put_right = put_right_in(spelt.corrections, answer.stories)
        corrected = replaced(query, put_right) if put_right else None
        names = (await self._typed.names()).resolver
        read = query if corrected is None else parse_query(corrected, now, zone)
        return replace(
            answer,
            corrected_query=with_names_respelt(read, names) or corrected,
            uncorrected_query=as_typed(query, put_right),
            remarks=remarks,
            quote=await find_quote(self._store, query.text, condition, answer.stories) if offset == 0 else None,
        )

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
        """Return headlines, newest first.

        Raises:
            InvalidInput: A provider, topic or date that nothing corresponds to.
        """
        request = SearchRequest(provider=provider, topic=topic, since=since, sort=SearchSort.NEWEST)
        condition, _terms, _advice = await self._typed.condition(request, parse_query("", now, zone), now, zone)
        condition = replace(condition, published_only=True)
        page = await self._page(condition, SearchSort.NEWEST, now, offset, limit)
        if page.total == 0 and not page.partial:
            return SearchAnswer(request, 0, offset, (), advice=await self._adviser.loosen(condition))
        return await self._answer(request, condition, page, offset)

    async def story(self, handle: str, now: datetime) -> Story:
        """Return the story around one article, with that article as its lead.

        Args:
            handle: As returned by `digests.handles.of`. If its file is gone, another one with the same address is used.
            now: Articles scheduled for later are not shown.

        Raises:
            NotFound: The article is no longer in the corpus, or the handle is invalid.
        """
        ref = handles.parse(handle)
        held = () if ref is None else await self._store.find_by_ref(ref)
        found = [article for article in held if article.is_due(now)]
        if not found:
            raise NotFound(_("This article is no longer in the corpus. Search again to see what is."))
        article = next((article for article in found if handles.names_path(handle, article.path)), found[0])
        (whole,) = await self._wholes.of((Cluster(article),), now)
        return await asyncio.to_thread(story_of, whole, {}, (), None)

    async def find_at_address(self, text: str, now: datetime | None, *, with_body: bool = False) -> Article | None:
        """Return the article at a typed or pasted address; None if the corpus has none.

        Args:
            text: As typed.
            now: Articles scheduled for later are not found; None finds them too.
            with_body: Read the body too.

        Raises:
            InvalidInput: The text is not an address.
        """
        text = text.strip().strip("<>")
        address = f"https://{text}" if _BARE_ADDRESS.fullmatch(text) else text
        if not urls.is_web(address) or " " in address:
            raise InvalidInput(
                _("“{text}” is not an address. Paste one such as https://example.com/story.").format(text=text[:80])
            )
        found = await self._at_address(text, now)
        if found is None or not with_body:
            return None if found is None else found.lead
        whole = await self._store.find_by_ids([found.lead.id], with_body=True)
        return next(iter(whole), found.lead)

    # ------------------------------------------------------------------ finding

    async def _from_site(
        self, site: AtSite, request: SearchRequest, now: datetime, offset: int, limit: int, zone: str
    ) -> SearchAnswer:
        """Return the newest articles of a site whose address was typed."""
        no_page = _("No article has the address “{address}”.").format(address=request.query.strip()[:80])
        if site.provider is None:
            return SearchAnswer(request, 0, offset, (), advice=(no_page, _("Type words of the headline instead.")))
        query = Query(request.query, And((Filter("provider", (site.provider.domain,)),)))
        answer = await self._what_is_new(WhatIsNew(query, ""), request, now, offset, limit, zone)
        these = _("These are the newest articles of {provider}.").format(provider=site.provider.name)
        return replace(answer, remarks=(no_page, these, *answer.remarks)) if site.is_page and answer.stories else answer

    async def _what_is_new(
        self, listed: WhatIsNew, request: SearchRequest, now: datetime, offset: int, limit: int, zone: str
    ) -> SearchAnswer:
        """Return what is new in the requested time, or the newest articles if there is nothing."""
        condition, _terms, advice = await self._typed.condition(request, listed.query, now, zone)
        if advice:
            return SearchAnswer(request, 0, offset, (), advice=advice)
        page = await self._page(condition, request.sort, now, offset, limit)
        if page.total or page.partial:
            return await self._answer(request, condition, page, offset)
        anytime = replace(listed.query, since=None, until=None)
        condition, _terms, _advice = await self._typed.condition(request, anytime, now, zone)
        page = await self._page(condition, request.sort, now, offset, limit)
        if page.total == 0 or not listed.when:
            return SearchAnswer(request, 0, offset, (), advice=await self._adviser.loosen(condition))
        answer = await self._answer(request, condition, page, offset)
        none_then = _("Nothing was published {when}; these are the newest.")
        return replace(answer, remarks=(none_then.format(when=listed.when),))

    async def _at_address(self, text: str, now: datetime | None) -> Cluster | None:
        """Return the article at an address that was typed instead of words."""
        address = f"https://{text}" if _BARE_ADDRESS.fullmatch(text) else text
        link = urls.resolve(address) if urls.is_web(address) and " " not in address else None
        found = await self._store.find_by_keys((link[1],)) if link is not None else ()
        due = [article for article in found if now is None or article.is_due(now)]
        best = max(due, key=lambda article: article.published, default=None)
        return None if best is None else Cluster(best)

    async def _page(self, condition: Condition, sort: SearchSort, now: datetime, offset: int, limit: int) -> _Page:
        head = await self._search.find(condition, sort=sort, now=now, limit=FOLD_COUNT)
        stories = await self._folded(head, sort)
        relevance = {hit.id: hit.relevance for hit in head.hits}
        # Each page takes what earlier ones have not, so that nothing is on two of them.
        taken = set(relevance)
        for start in range(0, min(offset, len(stories)), limit):
            taken |= _ids_in(await self._wholes.of(stories[start : min(start + limit, offset)], now, taken))
        clusters = await self._wholes.of(stories[offset : offset + limit], now, taken)
        taken |= _ids_in(clusters)
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
            articles = await self._store.find_by_ids([hit.id for hit in tail.hits if hit.id not in taken])
            clusters += await self._wholes.of(tuple(map(Cluster, articles)), now, taken, condition)
            relevance |= {hit.id: hit.relevance for hit in tail.hits}
            # Later pages can increase the known total.
            count, at_least = max(count, tail.count), at_least and tail.at_least
        # The number of stories depends on which articles are folded, and so on the order.
        total = count if more else len(stories)
        folded_count = len(head.hits) - len(stories) if more else None
        return _Page(clusters, relevance, total, at_least, head.partial, head.lacks_words, folded_count)

    async def _folded(self, hits: Hits, sort: SearchSort) -> tuple[Cluster, ...]:
        if not hits.hits:
            return ()
        ids = [hit.id for hit in hits.hits]
        articles = await self._store.find_by_ids(ids)
        return await asyncio.to_thread(fold, articles, {id_: place for place, id_ in enumerate(ids)}, sort)

    async def _answer(self, request: SearchRequest, condition: Condition, page: _Page, offset: int) -> SearchAnswer:
        finder = finder_of(condition)
        stories = await asyncio.to_thread(
            lambda: tuple(story_of(whole, page.relevance, condition.topics, finder) for whole in page.clusters)
        )
        return SearchAnswer(
            request,
            page.total,
            offset,
            await with_sentences(self._store, stories, finder),
            partial=page.partial,
            at_least=page.at_least or page.partial,
            lacks_words=page.lacks_words,
            folded_count=page.folded_count,
        )


def _address_in(text: str) -> str:
    """Return the address that the text contains, such as a link in Markdown or "see https://…"; else the text."""
    whole = text.strip("<>")
    held = _ADDRESS.findall(text) if " " in whole or not whole.lower().startswith("http") else []
    return held[0] if len(held) == 1 else whole


def _ids_in(clusters: Iterable[Cluster]) -> set[int]:
    """Return the row ids of all articles that are shown with some stories."""
    return {article.id for story in clusters for article in (*story.articles, *story.also)}
