"""Turns a typed query into a condition: resolves providers, topics and dates, or says what to type instead."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from digests.errors import InvalidInput
from digests.i18n import _
from digests.models import Provider, SearchRequest
from digests.service.search.expressions import asked_for, pattern
from digests.spelling import Vocabulary
from digests.store.articles import ArticleStore
from digests.store.search import Condition, SearchStore
from digests.typed.dates import Span, parse_moment
from digests.typed.name_resolver import NameResolver
from digests.typed.query import Query, Term, parse_query
from digests.typed.query_tree import Filter, Not, leaves
from digests.typed.suggestions import Suggestions, as_value, provider_label
from digests.typed.whole_names import may_name, with_whole_names
from digests.words import folded

VOCABULARY_COUNT = 150_000
"""The most frequent words, kept in memory for spelling."""
HEADLINE_COUNT = 5_000
"""The newest headlines, kept in memory for autocomplete."""


@dataclass(frozen=True, slots=True)
class Known:
    """The names that exist in one state of the corpus."""

    generation: int
    resolver: NameResolver
    suggestions: Suggestions


class TypedNames:
    """Names and words of the corpus in memory, refreshed when the corpus has changed."""

    def __init__(self, store: ArticleStore, search_store: SearchStore) -> None:
        self._store = store
        self._search = search_store
        self._known = Known(-1, NameResolver(), Suggestions())
        self._vocabulary = Vocabulary({})
        self._vocabulary_generation = -1
        self._refreshing = asyncio.Lock()

    @property
    def suggestions(self) -> Suggestions:
        """The suggestions as of the last refresh."""
        return self._known.suggestions

    async def names(self) -> Known:
        generation = await self._store.generation()
        if generation != self._known.generation:
            async with self._refreshing:
                if generation != self._known.generation:
                    providers = [provider for provider, _count in await self._store.providers()]
                    channels = await self._store.channels()
                    topics = [topic for topic, _count in await self._store.topics()]
                    headlines = [title for title, _key in await self._store.recent_headlines(HEADLINE_COUNT)]
                    self._known = await asyncio.to_thread(_known, generation, providers, topics, channels, headlines)
        return self._known

    async def words(self) -> Vocabulary:
        generation = await self._store.generation()
        if generation != self._vocabulary_generation:
            async with self._refreshing:
                if generation != self._vocabulary_generation:
                    self._vocabulary = await self._vocabulary_at(generation)
                    self._vocabulary_generation = generation
        return self._vocabulary

    async def _vocabulary_at(self, generation: int) -> Vocabulary:
        """Return the vocabulary of a generation, updated from the previous one if the changed words are known."""
        made, words = await self._store.changed_words(self._vocabulary_generation)
        if words is not None and made == generation:
            counts = await self._search.word_counts(words)
            return await asyncio.to_thread(self._vocabulary.updated, counts)
        return await asyncio.to_thread(Vocabulary, await self._search.words(VOCABULARY_COUNT))

    async def resolve_providers(self, text: str) -> tuple[Provider, ...]:
        """Return the providers in a comma-separated list.

        Those on platforms are left out: an order refers to domains.

        Raises:
            InvalidInput: One of them is unknown; the sentence names the nearest ones.
        """
        resolver = (await self.names()).resolver
        found: dict[str, Provider] = {}
        for item, meant in self._named(text, resolver):
            known = [provider for provider in meant if not resolver.is_channel(provider)]
            if not known:
                raise InvalidInput(_unknown_provider(item, resolver))
            found |= {provider.domain: provider for provider in known}
        return tuple(found.values())

    @staticmethod
    def _named(text: str, resolver: NameResolver) -> list[tuple[str, tuple[Provider, ...]]]:
        """Return the items of a list of names, each with the matching providers."""
        # A name may contain a comma; a merely similar one doesn't take up a whole list.
        if whole := resolver.providers(text, exactly="," in text):
            return [(text, whole)]
        return [(item, resolver.providers(item)) for item in _items(text)]

    async def resolve_topics(self, text: str) -> tuple[str, ...]:
        """Return the topics in a comma-separated list, in the corpus's spelling.

        Raises:
            InvalidInput: One of them is unknown; the sentence names the nearest ones.
        """
        resolver = (await self.names()).resolver
        whole = resolver.topics(text, exactly="," in text)
        found = list(whole)
        for item in () if whole else _items(text):
            meant = resolver.topics(item)
            if not meant:
                raise InvalidInput(_unknown_topic(item, resolver))
            found += meant
        return tuple(dict.fromkeys(found))

    async def with_whole_names(self, text: str) -> str:
        """Return a query with names of several words behind a filter in quotes, as the corpus has them."""
        return with_whole_names(text, (await self.names()).resolver) if may_name(text) else text

    async def resolve_filter(self, text: str, now: datetime, zone: str) -> str:
        """Return a query for filtering an order, with topics and providers in the corpus's spelling.

        An order is compared with the names in articles: `topic:Pryvacy` has to become Privacy.

        Raises:
            InvalidInput: It can't be used as a filter; the sentence says what to type.
        """
        text = await self.with_whole_names(text)
        query = parse_query(text, now, zone)
        if query.since is not None or query.until is not None:
            raise InvalidInput(
                _("Keywords can't have dates here, as only new articles will be sent. Leave out after: and before:.")
            )
        found = list(leaves(query.root))
        if not found:
            raise InvalidInput(
                _('There is nothing to search for in “{text}”. Type words, "phrases" or -words.').format(text=text[:60])
            )
        if address := next((one.text for one in found if isinstance(one, Term) and "://" in one.text), None):
            said = _(
                "“{text}” is the address of one article and brings nothing new. Type words, a topic or a provider."
            )
            raise InvalidInput(said.format(text=address[:60]))
        wanted = {folded(part.text) for part in query.root.parts if isinstance(part, Term) and not part.excluded}
        for term in (part.part for part in query.root.parts if isinstance(part, Not)):
            if isinstance(term, Term) and folded(term.text) in wanted:
                said = _("“{name}” is both wanted and left out. Type it once, with a minus or without.")
                raise InvalidInput(said.format(name=term.text[:60]))
        resolver = (await self.names()).resolver
        written, position = "", 0
        for start, end, named in query.named:
            written += query.text[position:start] + _written(named, resolver)
            position = end
        return written + query.text[position:] if query.named else text

    async def condition(
        self, request: SearchRequest, query: Query, now: datetime, zone: str
    ) -> tuple[Condition, tuple[Term, ...], tuple[str, ...]]:
        """Return a query's condition, its plain words, and advice.

        There is advice if the query names a provider or topic that does not exist.
        """
        domains, channels = await self._asked_providers(request.provider) if request.provider else ([], [])
        topics = list(await self.resolve_topics(request.topic)) if request.topic else []
        since = _span(request.since, now, zone).start if request.since else None
        until = _span(request.until, now, zone).end if request.until else None
        advice: list[str] = []
        excluded_domains: list[str] = []
        excluded_channels: list[tuple[str, str]] = []
        excluded_topics: list[str] = []
        if query.providers or query.topics or query.excluded_providers or query.excluded_topics:
            resolver = (await self.names()).resolver
            named = [provider for text in query.providers for provider in resolver.providers(text)]
            # The option and the query must both match.
            if named:
                theirs, their_channels = _split_platforms(named, resolver)
                is_free = not request.provider
                channels = [c for c in their_channels if is_free or c in channels or c[0] in domains] + [
                    c for c in channels if c[0] in theirs
                ]
                domains = [domain for domain in theirs if is_free or domain in domains]
            wanted = [topic for text in query.topics for topic in resolver.topics(text)]
            topics = [topic for topic in wanted if not request.topic or topic in topics] if wanted else topics
            excluded = [provider for text in query.excluded_providers for provider in resolver.providers(text)]
            excluded_domains, excluded_channels = _split_platforms(excluded, resolver)
            excluded_topics = [topic for text in query.excluded_topics for topic in resolver.topics(text)]
            if query.providers and not domains and not channels:
                advice.append(_unknown_provider(query.providers[0], resolver))
            if query.topics and not topics:
                advice.append(_unknown_topic(query.topics[0], resolver))
        names = await self._names_within(query)
        asked = asked_for(query, lambda named: names.get(named, ()))
        condition = Condition(
            wanted=asked.options,
            unwanted=(*asked.unwanted, *(pattern(term) for term in _excluded(query))),
            required=asked.required,
            typed=" ".join(term.text for term in query.wanted),
            domains=tuple(dict.fromkeys(domains)),
            channels=tuple(dict.fromkeys(channels)),
            topics=tuple(dict.fromkeys(topics)),
            excluded_domains=tuple(excluded_domains),
            excluded_channels=tuple(excluded_channels),
            excluded_topics=tuple(excluded_topics),
            since=max(filter(None, (since, query.since)), default=None),
            until=min(filter(None, (until, query.until)), default=None),
            due_by=now,
        )
        return condition, asked.terms, tuple(advice)

    async def _asked_providers(self, text: str) -> tuple[list[str], list[tuple[str, str]]]:
        """Return the domains for a list of names, and (domain, name) of those on platforms.

        Raises:
            InvalidInput: One of them is unknown; the sentence names the nearest ones.
        """
        resolver = (await self.names()).resolver
        found: list[Provider] = []
        for item, meant in self._named(text, resolver):
            if not meant:
                raise InvalidInput(_unknown_provider(item, resolver))
            found += meant
        return _split_platforms(found, resolver)

    async def _names_within(self, query: Query) -> dict[Filter, tuple[str, ...]]:
        """Resolve the filters of a query; unknown names stay as typed."""
        filters = [leaf for leaf in leaves(query.root) if isinstance(leaf, Filter)]
        if not filters:
            return {}
        resolver = (await self.names()).resolver
        found: dict[Filter, tuple[str, ...]] = {}
        for one in filters:
            meant: list[str] = []
            for value in one.values:
                is_topic = one.field == "topic"
                known = resolver.topics(value) if is_topic else map(resolver.written, resolver.providers(value))
                meant += tuple(known) or (value,)
            found[one] = tuple(dict.fromkeys(meant))
        return found


def with_names_respelt(query: Query, resolver: NameResolver) -> str | None:
    """Return the query's text with misspelt providers and topics corrected; None if there are none."""
    written, position = "", 0
    for start, end, named in query.named:
        respelt = resolver.respelt_topic if named.field == "topic" else resolver.respelt_provider
        put_right = [(value, respelt(value)) for value in named.values]
        if any(meant is not None for _value, meant in put_right):
            names = [value if meant is None else meant for value, meant in put_right]
            written += query.text[position:start] + _filter_text(named.field, names)
            position = end
    return written + query.text[position:] if position else None


def _written(named: Filter, resolver: NameResolver) -> str:
    """Return a filter with names in the corpus's spelling.

    Raises:
        InvalidInput: One of them is unknown; the sentence names the nearest ones.
    """
    names: list[str] = []
    for value in named.values:
        if named.field == "topic":
            meant = resolver.topics(value)
            if not meant:
                raise InvalidInput(_unknown_topic(value, resolver))
        else:
            providers = resolver.providers(value)
            if not providers:
                raise InvalidInput(_unknown_provider(value, resolver))
            meant = tuple(map(resolver.written, providers))
        names += meant
    return _filter_text(named.field, names)


def _filter_text(field: str, names: Iterable[str]) -> str:
    """Return a filter as query text; each name needs its own, as names in quotes can't be in a list."""
    written = [f"{field}:{as_value(name)}" for name in dict.fromkeys(names)]
    return written[0] if len(written) == 1 else f"({' OR '.join(written)})"


def _known(
    generation: int,
    providers: Sequence[Provider],
    topics: Sequence[str],
    channels: Sequence[Provider],
    headlines: Sequence[str],
) -> Known:
    suggestions = Suggestions(providers, topics, headlines, channels)
    return Known(generation, NameResolver(providers, topics, channels), suggestions)


def _split_platforms(providers: Iterable[Provider], resolver: NameResolver) -> tuple[list[str], list[tuple[str, str]]]:
    """Split providers into domains, and (domain, name) of those on platforms."""
    domains: list[str] = []
    channels: list[tuple[str, str]] = []
    for provider in providers:
        if resolver.is_channel(provider):
            channels.append((provider.domain, provider.name))
        else:
            domains.append(provider.domain)
    return domains, channels


def _excluded(query: Query) -> list[Term]:
    """Return the patterns of excluded single words."""
    return [part.part for part in query.root.parts if isinstance(part, Not) and isinstance(part.part, Term)]


def _items(text: str) -> list[str]:
    return [item for part in text.split(",") if (item := part.strip())] or [text]


def _span(text: str, now: datetime, zone: str) -> Span:
    span = parse_moment(text, now, zone)
    if span is None:
        raise InvalidInput(no_date(text))
    return span


def no_date(text: str) -> str:
    """Return the sentence for text that is not a date."""
    return _(
        "“{text}” is not a date I can read. Type a date such as 2021-02-04 or 4 Feb 2021, a month such as 2021-02,"
        " or yesterday, monday, last week, 7d or 24h."
    ).format(text=text[:60])


def _unknown_provider(text: str, resolver: NameResolver) -> str:
    near = resolver.nearest_providers(text)
    sentence = _("There is no provider “{text}”.").format(text=text[:60])
    if near:
        names = ", ".join(provider_label(provider) for provider in near)
        return _("{sentence} The nearest are: {names}.").format(sentence=sentence, names=names)
    return _("{sentence} Type a domain such as nytimes.com or a name, as the list offers it.").format(sentence=sentence)


def _unknown_topic(text: str, resolver: NameResolver) -> str:
    near = resolver.nearest_topics(text)
    sentence = _("There is no topic “{text}”.").format(text=text[:60])
    if near:
        return _("{sentence} The nearest are: {names}.").format(sentence=sentence, names=", ".join(near))
    return _("{sentence} Type a topic as the list offers it.").format(sentence=sentence)
