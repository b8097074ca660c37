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
"""How many pairs are looked up through shared words, the rarest first, plus for each article"""
LOOKED_UP_EACH = 10
"""this many: with many articles, pairs that share only common words are not looked up."""


def proposed(
    articles: Sequence[Evidence], judge: SameEvent, held_by: Mapping[str, int], lead_count: int | None = None
) -> Iterator[tuple[int, int]]:
    """Yield the pairs of articles within 72 hours that share rare words, as indexes; each pair once.

    Args:
        articles: In any order.
        judge: Knows how many articles are published.
        held_by: Term -> number of articles with it.
        lead_count: Pairs without one of so many first articles are not wanted; None to yield all.
    """
    leads = len(articles) if lead_count is None else lead_count
    needed = 2 if judge.is_ever_busy(FEW_ARTICLES) else 1
    index = _empty_index(articles, held_by, leads)
    held, find = index.keys(), index.__getitem__
    times = [evidence.at_s for evidence in articles]
    # Those that may not lead are only found, so they come first.
    for number in range(leads, len(articles)):
        if times[number] is not None:
            for holders in map(find, articles[number].counts.keys() & held):
                holders.append(number)
    for number in range(leads):
        at_s = times[number]
        if at_s is None:
            continue
        # Hardly any term of an article is one that few others hold: the two tables are walked by the interpreter.
        lists = list(map(find, articles[number].counts.keys() & held))
        if len(lists) >= needed:
            numbers = list(chain.from_iterable(lists))
            found = set(numbers)
            if needed > 1:
                found = _twice(numbers) if len(found) < len(numbers) else _NONE
            for other in found:
                if abs(at_s - times[other]) <= SPAN_S:  # type: ignore[operator]
                    yield other, number
        for holders in lists:
            holders.append(number)


_NONE: set[int] = set()


def _twice(numbers: list[int]) -> set[int]:
    numbers.sort()
    return {one for one, other in pairwise(numbers) if one == other}


def _empty_index(articles: Sequence[Evidence], held_by: Mapping[str, int], leads: int) -> dict[str, list[int]]:
    """Return an empty list for each term that leads to a pair, but for those too common to be looked up."""
    most = _most_holders(held_by.values(), LOOKED_UP + LOOKED_UP_EACH * len(articles))
    return {term: [] for term, count in held_by.items() if 1 < count <= most}


def _most_holders(counts: Iterable[int], budget: int) -> int:
    """Return how common a term may be to be looked up, so that there are at most `budget` pairs.

    Args:
        counts: How many articles contain each term.
        budget: Of pairs.
    """
    most = 0
    for count, term_count in sorted(Counter(counts).items()):
        budget -= term_count * (count * (count - 1) // 2)
        if budget < 0:
            return count - 1
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
        held = self._holders.keys()
        for place, evidence in enumerate(articles):
            for term in evidence.counts.keys() & held:
                self._holders[term].append(place)

    def near(self, evidence: Evidence) -> Iterator[int]:
        """Yield the indexes of the articles that share rare words with a given one."""
        lists = [holders for term in evidence.counts if (holders := self._holders.get(term)) is not None]
        for place, count in Counter(chain.from_iterable(lists)).items():
            if count >= self._needed:
                yield place
