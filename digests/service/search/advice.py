"""Advice if nothing was found: other spellings, similar words, what to relax."""

from __future__ import annotations

from dataclasses import replace

from digests.i18n import _, ngettext
from digests.service.search.resolve_query import TypedNames
from digests.spelling import NEVER_MEANT, words_of
from digests.store.search import Condition, Pattern, SearchStore
from digests.typed.query import Query

SPELLING_COUNT = 3
"""How many words are suggested for each unknown one."""
NEAREST_COUNT = 5
ADVICE_COUNT = 4


class Adviser:
    """Helps a query that finds nothing."""

    def __init__(self, search_store: SearchStore, typed: TypedNames) -> None:
        self._search = search_store
        self._typed = typed

    async def nearest(self, query: Query) -> tuple[str, ...]:
        """Return words of the corpus that are similar to the query's unknown ones."""
        vocabulary = await self._typed.words()
        words = [
            word
            for term in query.wanted
            for word in words_of(term.text)
            if not await self._search.occurs(Pattern(word, term.prefix))
        ]
        found = [near for word in words for near in vocabulary.nearest(word, SPELLING_COUNT) if near not in NEVER_MEANT]
        return tuple(dict.fromkeys(found))[:NEAREST_COUNT]

    async def loosen(self, condition: Condition) -> tuple[str, ...]:
        """Return sentences on what to relax, each with the real number of results."""
        looser: list[tuple[str, Condition]] = []
        if condition.domains or condition.excluded_domains or condition.channels or condition.excluded_channels:
            without = replace(condition, domains=(), excluded_domains=(), channels=(), excluded_channels=())
            looser.append((_("without the provider"), without))
        if condition.topics or condition.excluded_topics:
            looser.append((_("without the topic"), replace(condition, topics=(), excluded_topics=())))
        if condition.since or condition.until:
            looser.append((_("at any time"), replace(condition, since=None, until=None)))
        if condition.unwanted:
            looser.append((_("without the words left out"), replace(condition, unwanted=())))
        if len(looser) > 1:
            looser.append((_("without any filter"), Condition(wanted=condition.wanted, due_by=condition.due_by)))
        if len(condition.wanted) > 1:
            for number, pattern in enumerate(condition.wanted):
                others = condition.wanted[:number] + condition.wanted[number + 1 :]
                word = f"{pattern.text}*" if pattern.prefix else pattern.text
                looser.append((_("without “{word}”").format(word=word), replace(condition, wanted=others)))
        sentences: list[str] = []
        for how, other in looser:
            count = await self._search.count(other)
            if count:
                sentence = ngettext("{count} article is found {how}.", "{count} articles are found {how}.", count)
                sentences.append(sentence.format(count=f"{count:,}", how=how))
        if not sentences:
            sentences.append(_("Try fewer or other words, or the beginning of a word with a star, such as clear*."))
        return tuple(sentences[:ADVICE_COUNT])
