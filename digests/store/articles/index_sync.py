"""Keeps the full-text index in step with one reload: row by row, or built again where much changes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import aiosqlite

from digests.store import search

BULK_COUNT = 2000
"""A reload that changes at least this many articles, and most of the corpus, builds the side indexes at its end."""
MOST_CHANGED_WORDS = 20_000
"""Above this many words the spelling vocabulary is read again as a whole."""


class IndexSync:
    """The full-text index and the side indexes of the articles during one reload's transaction.

    Call `begin` before the first change, `add` and `remove` with each, then `end_bulk` and `finish`.
    """

    def __init__(self, connection: aiosqlite.Connection, total: int, expected_changes: int) -> None:
        self._connection = connection
        # From about a third of the articles on, rebuilding the index is faster than updating it.
        self._updates_left = (total + expected_changes) // 3
        self._is_rebuilt = expected_changes > self._updates_left
        self._changes: Counter[str] | None = Counter()
        self._taken_out: list[search.IndexedRow] = []
        self._is_bulk = self._is_rebuilt and expected_changes >= BULK_COUNT
        self._filling = search.Filling(connection, expected_changes) if self._is_bulk and total == 0 else None
        self._is_filled = False
        self._side_indexes: list[str] = []

    @property
    def takes_rows(self) -> bool:
        """Whether `add` needs the rows' texts, or only their numbers."""
        return self._filling is None and not self._is_rebuilt

    @property
    def changed_words(self) -> list[str] | None:
        """The words now in more or fewer articles than before, sorted; None if they are too many to list."""
        if not self.takes_rows or self._changes is None:
            return None
        return sorted(word for word, by in self._changes.items() if by)

    async def begin(self) -> None:
        """Drop the side indexes before a bulk load: sorting them once at the end costs less than each insertion."""
        if self._is_bulk:
            rows = await self._connection.execute_fetchall(
                "SELECT name, sql FROM sqlite_schema WHERE type = 'index' AND tbl_name = 'articles' AND sql IS NOT NULL"
            )
            for name, sql in rows:
                await self._connection.execute(f"DROP INDEX {name}")
                self._side_indexes.append(sql)
        if self._filling is not None:
            await self._filling.begin()

    def expect(self, count: int) -> None:
        """Announce `count` changes; switch to a rebuild once there are more than updating is worth."""
        self._updates_left -= count
        if self._updates_left < 0:
            self._is_rebuilt = True

    async def add(self, ids: Sequence[int], rows: Sequence[search.IndexedRow]) -> None:
        """Index articles that were just inserted; `rows` may be empty unless `takes_rows`."""
        if self._filling is not None:
            await self._filling.add(ids)
        elif not self._is_rebuilt:
            await self._update(rows)

    async def remove(self, ids: Sequence[int]) -> None:
        """Take articles out of the index, before their rows are deleted; done with the next `add` or `finish`."""
        if not self._is_rebuilt or self._is_filled:
            self._taken_out += await search.rows_of(self._connection, ids)

    async def end_bulk(self) -> None:
        """Create the side indexes again and complete an index that was filled from nothing."""
        for sql in self._side_indexes:
            await self._connection.execute(sql)
        if self._filling is not None:
            await self._filling.end()
            self._is_filled = True

    async def finish(self) -> None:
        """Rebuild the index if that was postponed, else renew the index of recent articles."""
        if not self._is_rebuilt or self._is_filled:
            await self._update(())
        if self._filling is None:
            await (search.rebuild if self._is_rebuilt else search.renew_recent)(self._connection)

    async def _update(self, added: Sequence[search.IndexedRow]) -> None:
        """Index rows, and take out what waits for it: most articles come back with little changed."""
        changes = await search.update(self._connection, self._taken_out, added)
        self._taken_out.clear()
        if self._changes is not None and changes is not None and len(self._changes) <= MOST_CHANGED_WORDS:
            for word, by in changes.items():
                self._changes[word] += by
        else:
            self._changes = None
