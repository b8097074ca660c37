"""Use-cases around asking: search, latest news, one story whole. What a person typed becomes stories or advice."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from digests.dates import Span, parse_moment
from digests.directory import Directory
from digests.errors import InvalidInput, NotFound
from digests.i18n import _, ngettext
from digests.models import Article, Join, Provider, Score, SearchAnswer, SearchRequest, SearchSort, Story
from digests.query import Query, Term, parse_query, replaced
from digests.spelling import Vocabulary, words_of
from digests.store.articles import ArticleStore
from digests.store.search import Condition, Hits, Pattern, SearchStore
from digests.stories import Cluster, carriers, cluster, roundup
from digests.suggest import Suggestions, provider_label

FOLD_COUNT = 100
"""So many of the best matches are folded into stories; after them every match is a story of its own."""
VOCABULARY_COUNT = 150_000
"""The most frequent words, kept in memory for spelling."""
HEADLINE_COUNT = 20_000
"""The newest headlines, kept in memory for autocomplete."""
NEAR_SPAN = timedelta(days=3)
"""How far apart articles are that may tell one story."""
NEAR_COUNT = 20
"""At most so many articles near a story are looked at."""
TELLING_WORD_COUNT = 4
"""So many of a headline's longest words find the articles that share or list it."""
SPELLING_COUNT = 3
"""So many spellings of a query are tried."""


@dataclass(frozen=True, slots=True)
class _Known:
    """What one state of the corpus lets a person name."""

    generation: int
    directory: Directory
    suggestions: Suggestions


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
        self._known = _Known(-1, Directory(), Suggestions())
        self._vocabulary = Vocabulary({})
        self._vocabulary_generation = -1
        self._refreshing = asyncio.Lock()

    @property
    def suggestions(self) -> Suggestions:
        """What options complete to, as of the last refresh."""
        return self._known.suggestions

    async def refresh(self) -> None:
        """Brings autocomplete, names and spelling up to the corpus as it is now."""
        await self._names()
        await self._words()

    # ------------------------------------------------------------------ use-cases

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
        condition, advice = await self._condition(request, query, now, zone)
        if advice:
            return SearchAnswer(request, 0, offset, (), advice=advice)
        if query.text and condition == Condition():
            nothing = _("There is no word to look for in “{text}”. Type a word, such as a name or a topic.")
            return SearchAnswer(request, 0, offset, (), advice=(nothing.format(text=query.text),))
        page = await self._page(condition, request.sort, now, offset, limit)
        corrected: str | None = None
        if page.total == 0 and not page.partial and query.wanted:
            for respelt in await self._respelt(query):
                other = replace(condition, wanted=_patterns(parse_query(respelt, now, zone).wanted))
                page = await self._page(other, request.sort, now, offset, limit)
                if page.total:
                    condition, corrected = other, respelt
                    break
        if page.total == 0 and not page.partial:
            nearest = await self._nearest(query)
            return SearchAnswer(
                request, 0, offset, (), nearest_terms=nearest, advice=await self._advice(condition, query, request)
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
        condition, _advice = await self._condition(request, parse_query("", now, zone), now, zone)
        condition = replace(condition, published_only=True)
        page = await self._page(condition, SearchSort.NEWEST, now, offset, limit)
        if page.total == 0 and not page.partial:
            return SearchAnswer(request, 0, offset, (), advice=await self._advice(condition, Query(""), request))
        return await self._answer(request, condition, page, offset, None)

    async def story(self, ref: int) -> Story:
        """Returns the story around one article, with that article as its lead.

        Args:
            ref: `digests.urls.reference` of the article's key.

        Raises:
            NotFound: The article is not in the corpus any more.
        """
        article = await self._store.find_by_ref(ref)
        if article is None:
            raise NotFound(_("This article is no longer in the corpus. Search again to see what is."))
        (whole,) = await self._widened((Cluster(article),))
        return await asyncio.to_thread(_story, whole, 0.0, ())

    async def resolve_providers(self, text: str) -> tuple[Provider, ...]:
        """Returns the providers that a person names, one or several separated by commas.

        Raises:
            InvalidInput: One of them is unknown; the sentence names the nearest ones.
        """
        directory = (await self._names()).directory
        whole = directory.providers(text)
        found: dict[str, Provider] = {provider.domain: provider for provider in whole}
        for item in () if whole else _items(text):
            meant = directory.providers(item)
            if not meant:
                raise InvalidInput(_unknown_provider(item, directory))
            found |= {provider.domain: provider for provider in meant}
        return tuple(found.values())

    async def resolve_topics(self, text: str) -> tuple[str, ...]:
        """Returns the topics that a person names, one or several separated by commas, in the corpus's spelling.

        Raises:
            InvalidInput: One of them is unknown; the sentence names the nearest ones.
        """
        directory = (await self._names()).directory
        whole = directory.topics(text)
        found = list(whole)
        for item in () if whole else _items(text):
            meant = directory.topics(item)
            if not meant:
                raise InvalidInput(_unknown_topic(item, directory))
            found += meant
        return tuple(dict.fromkeys(found))

    # ------------------------------------------------------------------ what was typed

    async def _condition(
        self, request: SearchRequest, query: Query, now: datetime, zone: str
    ) -> tuple[Condition, tuple[str, ...]]:
        """What is asked for, and advice where the query itself names a provider or topic that does not exist."""
        domains = [p.domain for p in await self.resolve_providers(request.provider)] if request.provider else []
        topics = list(await self.resolve_topics(request.topic)) if request.topic else []
        since = _span(request.since, now, zone).start if request.since else None
        until = _span(request.until, now, zone).end if request.until else None
        advice: list[str] = []
        excluded_domains: list[str] = []
        excluded_topics: list[str] = []
        if query.providers or query.topics or query.excluded_providers or query.excluded_topics:
            directory = (await self._names()).directory
            named = [provider for text in query.providers for provider in directory.providers(text)]
            # The option and the query must both hold.
            domains = [p.domain for p in named if not request.provider or p.domain in domains] if named else domains
            wanted = [topic for text in query.topics for topic in directory.topics(text)]
            topics = [topic for topic in wanted if not request.topic or topic in topics] if wanted else topics
            excluded_domains = [p.domain for text in query.excluded_providers for p in directory.providers(text)]
            excluded_topics = [topic for text in query.excluded_topics for topic in directory.topics(text)]
            if query.providers and not domains:
                advice.append(_unknown_provider(query.providers[0], directory))
            if query.topics and not topics:
                advice.append(_unknown_topic(query.topics[0], directory))
        condition = Condition(
            wanted=_patterns(query.wanted),
            unwanted=_patterns(query.unwanted),
            domains=tuple(dict.fromkeys(domains)),
            topics=tuple(dict.fromkeys(topics)),
            excluded_domains=tuple(excluded_domains),
            excluded_topics=tuple(excluded_topics),
            since=max(filter(None, (since, query.since)), default=None),
            until=min(filter(None, (until, query.until)), default=None),
        )
        return condition, tuple(advice)

    async def _names(self) -> _Known:
        generation = await self._store.generation()
        if generation != self._known.generation:
            async with self._refreshing:
                if generation != self._known.generation:
                    providers = [provider for provider, _count in await self._store.providers()]
                    topics = [topic for topic, _count in await self._store.topics()]
                    headlines = [title for title, _key in await self._store.recent_headlines(HEADLINE_COUNT)]
                    self._known = await asyncio.to_thread(_known, generation, providers, topics, headlines)
        return self._known

    async def _words(self) -> Vocabulary:
        generation = await self._store.generation()
        if generation != self._vocabulary_generation:
            async with self._refreshing:
                if generation != self._vocabulary_generation:
                    counts = await self._search.words(VOCABULARY_COUNT)
                    self._vocabulary = await asyncio.to_thread(Vocabulary, counts)
                    self._vocabulary_generation = generation
        return self._vocabulary

    # ------------------------------------------------------------------ finding

    async def _page(self, condition: Condition, sort: SearchSort, now: datetime, offset: int, limit: int) -> _Page:
        head = await self._search.find(condition, sort=sort, now=now, limit=FOLD_COUNT)
        stories = await self._folded(head, sort)
        clusters = stories[offset : offset + limit]
        relevance = {hit.id: hit.relevance for hit in head.hits}
        if len(clusters) < limit and head.count > FOLD_COUNT and not head.partial:
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
        total = len(stories) + max(0, head.count - FOLD_COUNT)
        return _Page(clusters, relevance, total, head.at_least, head.partial)

    async def _folded(self, hits: Hits, sort: SearchSort) -> tuple[Cluster, ...]:
        if not hits.hits:
            return ()
        ids = [hit.id for hit in hits.hits]
        articles = await self._store.find_by_ids(ids)
        return await asyncio.to_thread(_fold, articles, {id_: place for place, id_ in enumerate(ids)}, sort)

    async def _widened(self, clusters: Sequence[Cluster]) -> tuple[Cluster, ...]:
        """Adds to stories the articles that belong to them without having been found."""
        members = {article.id: article for story in clusters for article in story.articles}
        keys = {link.key for article in members.values() for link in article.related}
        around = list(await self._store.find_by_keys(tuple(keys))) if keys else []
        near = {id_ for story in clusters for id_ in await self._near(story.lead)}
        around += await self._store.find_by_ids(sorted(near - members.keys()))
        context = {article.id: article for article in around if article.id not in members}
        if not context:
            return tuple(clusters)
        return await asyncio.to_thread(_widen, tuple(clusters), (*members.values(), *context.values()))

    async def _near(self, article: Article) -> list[int]:
        """Row ids of articles of the same days that share an article's headline, or list it as related."""
        words = sorted(set(words_of(article.title)), key=len, reverse=True)[:TELLING_WORD_COUNT]
        if article.published_at is None or len(words) < 2:
            return []
        condition = Condition(
            wanted=tuple(Pattern(word) for word in words),
            since=article.published_at - NEAR_SPAN,
            until=article.published_at + NEAR_SPAN,
        )
        found = await self._search.find(condition, sort=SearchSort.NEWEST, now=article.published_at, limit=NEAR_COUNT)
        return [hit.id for hit in found.hits]

    async def _answer(
        self, request: SearchRequest, condition: Condition, page: _Page, offset: int, corrected: str | None
    ) -> SearchAnswer:
        clusters = await self._widened(page.clusters)
        stories = await asyncio.to_thread(
            lambda: tuple(
                _story(whole, max(page.relevance.get(a.id, 0.0) for a in found.articles), condition.topics)
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

    # ------------------------------------------------------------------ when nothing is found

    async def _respelt(self, query: Query) -> list[str]:
        """The query with its unknown words written as known ones, likeliest first."""
        spellings: dict[Term, list[str]] = {}
        for term in query.wanted:
            if written := await self._spellings(term):
                spellings[term] = written
        attempts = max(map(len, spellings.values()), default=0)
        return [
            replaced(query, {term: written[min(attempt, len(written) - 1)] for term, written in spellings.items()})
            for attempt in range(attempts)
        ]

    async def _spellings(self, term: Term) -> list[str]:
        words = words_of(term.text)
        unknown = [word for word in words if not await self._search.occurs(Pattern(word, term.prefix))]
        if not unknown:
            return []
        if len(words) == 1 and len(words[0]) >= 3 and await self._search.occurs(Pattern(words[0], prefix=True)):
            return [f"{term.text}*"]
        vocabulary = await self._words()
        near = {word: vocabulary.nearest(word, SPELLING_COUNT) for word in unknown}
        if not all(near.values()):
            return []
        return [
            " ".join(near[word][min(attempt, len(near[word]) - 1)] if word in near else word for word in words)
            for attempt in range(max(map(len, near.values())))
        ]

    async def _nearest(self, query: Query) -> tuple[str, ...]:
        vocabulary = await self._words()
        words = [word for term in query.wanted for word in words_of(term.text)]
        found = [near for word in words for near in vocabulary.nearest(word, SPELLING_COUNT)]
        return tuple(dict.fromkeys(found))[:5]

    async def _advice(self, condition: Condition, query: Query, request: SearchRequest) -> tuple[str, ...]:
        """Sentences on what to loosen, each with what would really be found."""
        looser: list[tuple[str, Condition]] = []
        if condition.domains or condition.excluded_domains:
            looser.append((_("without the provider"), replace(condition, domains=(), excluded_domains=())))
        if condition.topics or condition.excluded_topics:
            looser.append((_("without the topic"), replace(condition, topics=(), excluded_topics=())))
        if condition.since or condition.until:
            looser.append((_("at any time"), replace(condition, since=None, until=None)))
        if condition.unwanted:
            looser.append((_("without the words left out"), replace(condition, unwanted=())))
        if len(looser) > 1:
            looser.append((_("without any filter"), Condition(wanted=condition.wanted)))
        if len(condition.wanted) > 1:
            for number, pattern in enumerate(condition.wanted):
                others = condition.wanted[:number] + condition.wanted[number + 1 :]
                looser.append((_("without “{word}”").format(word=pattern.text), replace(condition, wanted=others)))
        sentences: list[str] = []
        for how, other in looser:
            count = await self._search.count(other)
            if count:
                sentence = ngettext("{count} article is found {how}.", "{count} articles are found {how}.", count)
                sentences.append(sentence.format(count=f"{count:,}", how=how))
        if not sentences:
            sentences.append(_("Try fewer or other words, or the beginning of a word with a star, such as clear*."))
        return tuple(sentences[:4])


# --------------------------------------------------------------------------- pure parts


def _known(generation: int, providers: Sequence[Provider], topics: Sequence[str], headlines: Sequence[str]) -> _Known:
    return _Known(generation, Directory(providers, topics), Suggestions(providers, topics, headlines))


def _patterns(terms: Iterable[Term]) -> tuple[Pattern, ...]:
    return tuple(Pattern(term.text, term.prefix) for term in terms)


def _items(text: str) -> list[str]:
    return [item for part in text.split(",") if (item := part.strip())] or [text]


def _span(text: str, now: datetime, zone: str) -> Span:
    span = parse_moment(text, now, zone)
    if span is None:
        raise InvalidInput(
            _(
                "“{text}” is not a date I can read. Type a date such as 2021-02-04 or 4 Feb 2021, a month such as"
                " 2021-02, or yesterday, monday, last week, 7d or 24h."
            ).format(text=text[:60])
        )
    return span


def _unknown_provider(text: str, directory: Directory) -> str:
    near = directory.nearest_providers(text)
    sentence = _("There is no provider “{text}”.").format(text=text[:60])
    if near:
        names = ", ".join(provider_label(provider) for provider in near)
        return _("{sentence} The nearest are: {names}.").format(sentence=sentence, names=names)
    return _("{sentence} Type a domain such as nytimes.com or a name, as the list offers it.").format(sentence=sentence)


def _unknown_topic(text: str, directory: Directory) -> str:
    near = directory.nearest_topics(text)
    sentence = _("There is no topic “{text}”.").format(text=text[:60])
    if near:
        return _("{sentence} The nearest are: {names}.").format(sentence=sentence, names=", ".join(near))
    return _("{sentence} Type a topic as the list offers it.").format(sentence=sentence)


def _fold(articles: Sequence[Article], places: dict[int, int], sort: SearchSort) -> tuple[Cluster, ...]:
    """Folds matches into stories, in the order of their best matches (of their leads, where the order is visible)."""
    stories = cluster(articles)

    def place(story: Cluster) -> tuple[float, int]:
        best = min(places[article.id] for article in story.articles)
        lead = story.lead
        if sort is SearchSort.NEWEST:
            return (-lead.published_at.timestamp() if lead.published_at else 0.0, best)
        if sort is SearchSort.QUALITY:
            return (-float(lead.quality if lead.quality is not None else -1), best)
        return (0.0, best)

    return tuple(sorted(stories, key=place))


def _widen(clusters: Sequence[Cluster], articles: Sequence[Article]) -> tuple[Cluster, ...]:
    """Folds stories once more among further articles, keeping their leads; none swallows another."""
    leads = {story.lead.id for story in clusters}
    by_article = {article.id: story for story in cluster(articles) for article in story.articles}
    widened: list[Cluster] = []
    for story in clusters:
        whole = by_article[story.lead.id]
        swallows = any(article.id in leads and article.id != story.lead.id for article in whole.articles)
        held = {article.id for article in whole.articles}
        if swallows or not all(article.id in held for article in story.folded):
            widened.append(story)
        else:
            widened.append(_led_by(whole, story.lead))
    return tuple(widened)


def _led_by(story: Cluster, lead: Article) -> Cluster:
    """The same story told around another of its articles."""
    if story.lead.id == lead.id:
        return story
    folded = tuple(article for article in story.articles if article.id != lead.id)
    joins = tuple(
        Join(story.lead.key if join.article_key == lead.key else join.article_key, lead.key, join.reason, join.evidence)
        for join in story.joins
    )
    return Cluster(lead, folded, joins)


def _story(found: Cluster, relevance: float, topics: Sequence[str]) -> Story:
    links = roundup(found)
    wanted = {topic.casefold() for topic in topics}
    own = [topic for topic in found.lead.topics if topic.casefold() in wanted] or list(found.lead.topics)
    return Story(
        lead=found.lead,
        folded=found.folded,
        joins=found.joins,
        roundup=links,
        providers=carriers(found.lead, found.articles),
        topic=own[0] if own else None,
        score=Score(total=round(relevance, 4), quality=0.0, heat=0.0, recency=0.0, corroboration=0.0),
    )
