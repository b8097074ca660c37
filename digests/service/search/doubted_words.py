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
"""Of more words, those that fit say enough: doubting one, and searching again, would take twice the time."""


async def with_doubted_words(typed: TypedNames, query: Query, terms: Sequence[Term], spelt: Spelt) -> Spelt | None:
    """Return a query's patterns with likely other words added to its rarest one; None if there are none.

    Args:
        terms: The query's terms.
        spelt: Their patterns; words that are corrected there already are left alone.
    """
    if not 2 <= len(terms) <= MOST_WORDS:
        return None
    vocabulary = await typed.words()
    doubtful = [term for term in terms if term not in spelt.corrections and _is_plain_word(term)]
    if not doubtful:
        return None
    rarest = min(doubtful, key=lambda term: vocabulary.count(_word(term)))
    least = max(vocabulary.count(_word(rarest)), 1) * MORE_FREQUENT
    likely = vocabulary.meant(_word(rarest), beside_others=not is_written_as_name(rarest, query))
    words = tuple(other for other in likely if vocabulary.count(other) >= least)
    if not words:
        return None
    others = tuple((Pattern(word, title=rarest.title), MISSPELT) for word in words)
    patterns = tuple(
        replace(one, others=one.others + others) if one.text == rarest.text else one for one in spelt.patterns
    )
    return Spelt(patterns, {**spelt.corrections, rarest: words})


def _is_plain_word(term: Term) -> bool:
    return not term.phrase and not term.prefix and len(held := tokens(term.text)) == 1 and not held[0].in_run


def _word(term: Term) -> str:
    return tokens(term.text)[0].text
