"""Proposes the pairs of articles worth comparing: those that share rare words, found through an index. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain, pairwise

from digests.composing.evidence import Evidence
from digests.composing.same_event import SPAN_S, SameEvent

FEW_ARTICLES = 60
"""With at most this many articles in 72 hours one shared word is enough to compare two of them, else it takes two."""
FEW_HOLDERS = 20
MANY_SHARE = 6
"""A word in one of this many articles is too common to be a reason; a rare one always is a reason."""
LOOKED_UP = 100_000
"""How many pairs with a lead are looked up through shared words, rarest words first."""
LOOKED_UP_EACH = 4
"""Added to `LOOKED_UP` for each article. With many articles, pairs that share only common words are not looked up."""


def proposed(
    articles: Sequence[Evidence],
    judge: SameEvent,
    held_by: Mapping[str, int],
    lead_count: int,
    held_by_leads: Mapping[str, int],
) -> Iterator[tuple[int, int]]:
    """Yield the pairs of articles within 72 hours that share rare words, as indexes; each once, the earlier one first.

    Args:
        articles: In any order.
        judge: Knows how many articles are published.
        held_by: Term -> number of articles with it.
        lead_count: Only this many articles, the first ones, may lead: pairs of two others are not wanted.
        held_by_leads: Term -> number of those that may lead with it.
    """
    needed = 2 if judge.is_ever_busy(FEW_ARTICLES) else 1
    index = _empty_index(held_by, held_by_leads, LOOKED_UP + LOOKED_UP_EACH * len(articles))
    # Few terms of an article are rare: intersecting the two tables in C skips the others.
    rare_of, find = frozenset(index).intersection, index.__getitem__
    times = [evidence.at_s for evidence in articles]
    # Articles that may not lead are indexed first: they are found by others and look for none themselves.
    for number in range(lead_count, len(articles)):
        if times[number] is not None:
            for holders in map(find, rare_of(articles[number].counts)):
                holders.append(number)
    for number in range(lead_count):
        at_s = times[number]
        if at_s is None:
            continue
        lists = list(map(find, rare_of(articles[number].counts)))
        if len(lists) >= needed:
            numbers = list(chain.from_iterable(lists))
            found = set(numbers)
            if needed > 1:
                found = _twice(numbers) if len(found) < len(numbers) else _NONE
            for other in found:
                since_s = at_s - times[other]  # type: ignore[operator]
                if abs(since_s) <= SPAN_S:
                    yield (other, number) if since_s >= 0 else (number, other)
        for holders in lists:
            holders.append(number)


_NONE: set[int] = set()


def _twice(numbers: list[int]) -> set[int]:
    numbers.sort()
    return {one for one, other in pairwise(numbers) if one == other}


def _empty_index(held_by: Mapping[str, int], held_by_leads: Mapping[str, int], budget: int) -> dict[str, list[int]]:
    """Return an empty list for each term that leads to a pair, the rarest first, for at most `budget` pairs."""
    pair_counts = {
        term: count * (held_by[term] - count) + count * (count - 1) // 2
        for term, count in held_by_leads.items()
        if held_by[term] > 1
    }
    most = _most_pairs(pair_counts.values(), budget)
    return {term: [] for term, count in pair_counts.items() if count <= most}


def _most_pairs(pair_counts: Iterable[int], budget: int) -> int:
    """Return in how many pairs a term may be to be looked up, so that there are at most `budget` pairs in all."""
    most = 0
    for count, term_count in sorted(Counter(pair_counts).items()):
        budget -= term_count * count
        if budget < 0:
            break
        most = count
    return most


class Index:
    """An index from words to articles, without words that a sixth of them share.

    Args:
        articles: Identified by their index.
        held_by: Term -> number of articles with it.
    """

    def __init__(self, articles: Sequence[Evidence], held_by: Mapping[str, int]) -> None:
        most = max(FEW_HOLDERS, len(articles) // MANY_SHARE)
        self._holders: dict[str, list[int]] = {term: [] for term, count in held_by.items() if count <= most}
        self._needed = 1 if len(articles) <= FEW_ARTICLES else 2
        indexed = self._holders.keys()
        for place, evidence in enumerate(articles):
            for term in evidence.counts.keys() & indexed:
                self._holders[term].append(place)

    def near(self, evidence: Evidence) -> Iterator[int]:
        """Yield the indexes of the articles that share rare words with a given one."""
        lists = [holders for term in evidence.counts if (holders := self._holders.get(term)) is not None]
        for place, count in Counter(chain.from_iterable(lists)).items():
            if count >= self._needed:
                yield place
