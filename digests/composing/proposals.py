"""Proposes the pairs of articles worth comparing: those that share rare words, found through an index. Pure."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain, pairwise
from operator import itemgetter

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
    dated = [(evidence.at_s, number) for number, evidence in enumerate(articles) if evidence.at_s is not None]
    moments = sorted(dated, key=itemgetter(0))
    leads = len(articles) if lead_count is None else lead_count
    needed = 2 if judge.is_ever_busy(FEW_ARTICLES) else 1
    most = _most_holders(held_by.values(), LOOKED_UP + LOOKED_UP_EACH * len(articles))
    index: dict[str, list[int]] = {term: [] for term, count in held_by.items() if 1 < count <= most}
    held, find = index.keys(), index.__getitem__
    in_time = not moments or moments[-1][0] - moments[0][0] <= SPAN_S
    times = [at_s for at_s, _number in moments]
    for place, (at_s, number) in enumerate(moments):
        # Hardly any term of an article is one that few others hold: the two tables are walked by the interpreter.
        lists = list(map(find, articles[number].counts.keys() & held))
        if len(lists) >= needed:
            places = list(chain.from_iterable(lists))
            found = set(places)
            if needed > 1:
                found = _twice(places) if len(found) < len(places) else _NONE
            if found:
                first = 0 if in_time else bisect_left(times, at_s - SPAN_S)
                for other in found:
                    if other >= first and (number < leads or moments[other][1] < leads):
                        yield moments[other][1], number
        for holders in lists:
            holders.append(place)


_NONE: set[int] = set()


def _twice(places: list[int]) -> set[int]:
    places.sort()
    return {one for one, other in pairwise(places) if one == other}


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
