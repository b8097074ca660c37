"""Row numbers that follow publication time, so that newest first means highest number first."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Sequence, Set

import aiosqlite

from digests.store.search.conditions_sql import IDS_A_MINUTE

_REACH = 255


def base_of(published_at: int | None) -> int:
    """Return the lowest row number for a publication time in Unix seconds; undated and pre-1970 ones start at 1."""
    if published_at is None or published_at < 60:
        return 1
    return published_at // 60 * IDS_A_MINUTE


def _end_of(base: int) -> int:
    """Return the number after the last one of a minute; undated articles have the first minute but for its 0."""
    return base - base % IDS_A_MINUTE + IDS_A_MINUTE


class RowIds:
    """Hands out free row numbers within one transaction.

    Args:
        connection: The transaction's.
        from_empty: There was no article when it began, so that a number is free unless it was given out here.
    """

    def __init__(self, connection: aiosqlite.Connection, *, from_empty: bool = False) -> None:
        self._connection = connection
        self._from_empty = from_empty
        # Numbers given out beyond their minute.
        self._strays: set[int] = set()
        # Where to continue in a crowded minute, so that a run of taken numbers is searched once.
        self._next: dict[int, int] = {}

    async def take(self, bases: Sequence[int], reserved: Set[int] = frozenset()) -> list[int]:
        """Return a free number for each base, the base itself or the next free one above it.

        The rows have to be inserted before the next call; `reserved` numbers are not given out.
        """
        if self._from_empty and (numbers := self._take_unused(bases, reserved)) is not None:
            return numbers
        given: defaultdict[int, list[int]] = defaultdict(list)
        wanted = Counter(bases)
        handed_out = set(reserved)
        while wanted:
            starts = {base: self._next.get(base, base) for base in wanted}
            taken = await self._taken(tuple(starts.values())) | handed_out
            for base in sorted(wanted):
                start = starts[base]
                for number in range(start, start + _REACH + 1):
                    self._next[base] = number + 1
                    if number not in taken:
                        taken.add(number)
                        handed_out.add(number)
                        if number >= _end_of(base):
                            self._strays.add(number)
                        given[base].append(number)
                        wanted[base] -= 1
                        if not wanted[base]:
                            break
            wanted = +wanted
        queues = {base: iter(numbers) for base, numbers in given.items()}
        return [next(queues[base]) for base in bases]

    def _take_unused(self, bases: Sequence[int], reserved: Set[int]) -> list[int] | None:
        """Give out numbers of their own minutes without asking the database; None if there are not enough."""
        upcoming: dict[int, int] = {}
        numbers: list[int] = []
        for base in bases:
            number = upcoming.get(base) or self._next.get(base, base)
            while number in self._strays or number in reserved:
                number += 1
            if number >= _end_of(base):
                return None
            upcoming[base] = number + 1
            numbers.append(number)
        self._next.update(upcoming)
        return numbers

    async def _taken(self, starts: Sequence[int]) -> set[int]:
        rows = await self._connection.execute_fetchall(
            "SELECT articles.id FROM json_each(:starts) AS wanted"
            " CROSS JOIN articles ON articles.id BETWEEN wanted.value AND wanted.value + :reach",
            {"starts": json.dumps(starts), "reach": _REACH},
        )
        return {row[0] for row in rows}
