"""Tries likely other words for a query's rare ones if no article matches: `stimulus cheks` where CHEK is a provider."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from digests.service.search.resolve_query import TypedNames
from digests.service.search.spellings import MISSPELT, Spelt, is_written_as_name
from digests.store.search import Pattern
from digests.typed.query_tree import Query, Term
from digests.words import tokens

MORE_FREQUENT = 10
"""A known word is doubted only if the other one is in this many times as many articles."""
MOST_WORDS = 3
"""Of more words, those that fit say enough; doubting each and searching again took twice the time."""


async def with_doubted_words(typed: TypedNames, query: Query, terms: Sequence[Term], spelt: Spelt) -> Spelt | None:
    """Return a query's patterns with likely other words added to its rare ones; None if there are none.

    Args:
        terms: The query's terms.
        spelt: Their patterns; words that are corrected there already are left alone.
    """
    if not 2 <= len(terms) <= MOST_WORDS:
        return None
    vocabulary = await typed.words()
    meant: dict[Term, list[str]] = {}
    for term in terms:
        held = tokens(term.text)
        if term in spelt.corrections or term.phrase or term.prefix or len(held) != 1 or held[0].in_run:
            continue
        word = held[0].text
        least = max(vocabulary.count(word), 1) * MORE_FREQUENT
        likely = vocabulary.meant(word, beside_others=not is_written_as_name(term, query))
        if frequent := [other for other in likely if vocabulary.count(other) >= least]:
            meant[term] = frequent
    if not meant:
        return None
    others = {
        term.text: tuple((Pattern(word, title=term.title), MISSPELT) for word in words) for term, words in meant.items()
    }
    patterns = tuple(replace(one, others=one.others + others.get(one.text, ())) for one in spelt.patterns)
    return Spelt(patterns, {**spelt.corrections, **{term: tuple(words) for term, words in meant.items()}})
