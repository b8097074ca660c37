"""Proposes the pairs of articles worth comparing: those that share rare words, found through an index. Pure."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain, pairwise
from operator import itemgetter
from typing import TypeAlias

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


def postings_of(articles: Sequence[Evidence]) -> dict[str, list[int]]:
    """Return the inverted index of some articles: for each term the indexes of those that contain it, ascending."""
    found: defaultdict[str, list[int]] = defaultdict(list)
    for number, evidence in enumerate(articles):
        for term in evidence.counts:
            found[term].append(number)
    return dict(found)


def proposed(
    articles: Sequence[Evidence],
    judge: SameEvent,
    postings: Mapping[str, Sequence[int]],
    lead_count: int | None = None,
) -> Iterator[tuple[int, int]]:
    """Yield the pairs of articles within 72 hours that share rare words, as indexes; each pair once.

    Args:
        articles: In any order.
        judge: Knows how many articles are published.
        postings: The articles' inverted index.
        lead_count: Pairs without one of so many first articles are not wanted; None to yield all.
    """
    dated = [(evidence.at_s, number) for number, evidence in enumerate(articles) if evidence.at_s is not None]
    moments = sorted(dated, key=itemgetter(0))
    leads = len(articles) if lead_count is None else lead_count
    needed = 2 if judge.is_ever_busy(FEW_ARTICLES) else 1
    of_leads, of_others = _looked_up(len(articles), leads, postings)
    in_time = not moments or moments[-1][0] - moments[0][0] <= SPAN_S
    times = [at_s for at_s, _number in moments]
    for place, (at_s, number) in enumerate(moments):
        lists = of_leads[number]
        if len(lists) >= needed:
            earlier = chain(lists, of_others[number]) if number < leads else lists
            places = list(chain.from_iterable(earlier))
            found = set(places)
            if needed > 1 and found:
                found = _twice(places) if len(found) < len(places) else set()
            if found:
                first = 0 if in_time else bisect_left(times, at_s - SPAN_S)
                for other in found:
                    if other >= first:
                        yield moments[other][1], number
        for holders in lists if number < leads else of_others[number]:
            holders.append(place)


_Lists: TypeAlias = list[list[list[int]]]


def _looked_up(article_count: int, lead_count: int, postings: Mapping[str, Sequence[int]]) -> tuple[_Lists, _Lists]:
    """Return two lists for each term of each article that is looked up; all articles with a term have the same two.

    They are empty. As the articles are walked through in order of time, the first holds the earlier ones with the term
    that may lead, the second all others; where all may lead there is no second one.
    """
    most = _most_holders(map(len, postings.values()), LOOKED_UP + LOOKED_UP_EACH * article_count)
    of_leads: _Lists = [[] for _article in range(article_count)]
    of_others: _Lists = [[] for _article in range(article_count)]
    for holders in postings.values():
        if 1 < len(holders) <= most:
            leads: list[int] = []
            for number in holders:
                of_leads[number].append(leads)
            if holders[-1] >= lead_count:
                others: list[int] = []
                for number in holders:
                    of_others[number].append(others)
    return of_leads, of_others


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
    """Finds the articles that share words with another one, without words that a sixth of them share.

    Args:
        article_count: How many articles there are.
        postings: Their inverted index.
    """

    def __init__(self, article_count: int, postings: Mapping[str, Sequence[int]]) -> None:
        self._postings = postings
        self._most = max(FEW_HOLDERS, article_count // MANY_SHARE)
        self._needed = 1 if article_count <= FEW_ARTICLES else 2

    def near(self, evidence: Evidence) -> Iterator[int]:
        """Yield the indexes of the articles that share rare words with a given one."""
        lists = [
            holders
            for term in evidence.counts
            if (holders := self._postings.get(term)) is not None and len(holders) <= self._most
        ]
        for place, count in Counter(chain.from_iterable(lists)).items():
            if count >= self._needed:
                yield place
