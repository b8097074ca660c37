"""Which of the matches seen so far are best, and how old one may be to come among them. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from heapq import heappush, heappushpop

from digests.store.search.conditions import Hit
from digests.store.search.conditions_sql import HALF_LIFE_MINUTES, IDS_A_MINUTE, LOWEST_ID, MOST_QUALITY, OLDEST_MINUTES


class TopK:
    """Keeps the best of matches that come newest first.

    Age divides relevance, and nothing but age is known of a match that has not been ranked yet: when even the best
    words and quality would not bring it among the best, neither it nor anything older needs to be looked at.

    Args:
        places: How many of the best are wanted.
        reference: Minutes since 1970 that ages are measured from.
    """

    def __init__(self, places: int, reference: int) -> None:
        self._places = places
        self._reference = reference
        self._best: list[tuple[float, int]] = []
        self.seen_count = 0

    def add(self, matches: Iterable[tuple[int, float]]) -> None:
        """Takes matches (row id, relevance) in."""
        best, places = self._best, self._places
        for id_, relevance in matches:
            self.seen_count += 1
            if len(best) < places:
                heappush(best, (relevance, id_))
            elif relevance >= best[0][0]:
                heappushpop(best, (relevance, id_))

    @property
    def lowest_id(self) -> int:
        """Matches below this row id can't come among the best any more."""
        if len(self._best) < self._places or self._best[0][0] <= 0:
            return LOWEST_ID
        # One minute more, for whatever the two ways of reckoning round differently.
        age = HALF_LIFE_MINUTES * (MOST_QUALITY / self._best[0][0] - 1) + 1
        return LOWEST_ID if age >= OLDEST_MINUTES else (self._reference - int(age)) * IDS_A_MINUTE

    def hits(self, offset: int = 0) -> list[Hit]:
        """Returns the best in order (equals newest first), but for the first `offset`."""
        return [Hit(id_, relevance) for relevance, id_ in sorted(self._best, reverse=True)[offset:]]
