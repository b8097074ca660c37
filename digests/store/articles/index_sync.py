"""Keeps the full-text index in step with one reload: row by row, or built again where much changes."""

from __future__ import annotations

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
        self._changed_words: frozenset[str] | None = frozenset()
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
        """The words of all articles that changed, sorted; None where they are too many to name."""
        if not self.takes_rows or self._changed_words is None:
            return None
        return sorted(self._changed_words)

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
            self._note_words(await search.index(self._connection, rows), len(rows))

    async def remove(self, ids: Sequence[int]) -> None:
        """Take articles out of the index, before their rows are deleted."""
        if not self._is_rebuilt or self._is_filled:
            self._note_words(await search.unindex(self._connection, ids), len(ids))

    async def end_bulk(self) -> None:
        """Create the side indexes again and complete an index that was filled from nothing."""
        for sql in self._side_indexes:
            await self._connection.execute(sql)
        if self._filling is not None:
            await self._filling.end()
            self._is_filled = True

    async def finish(self) -> None:
        """Rebuild the index if that was postponed, else renew the index of recent articles."""
        if self._filling is None:
            await (search.rebuild if self._is_rebuilt else search.renew_recent)(self._connection)

    def _note_words(self, words: frozenset[str], article_count: int) -> None:
        """Collect the words of changed articles while there are few of either."""
        if self._changed_words is not None:
            is_few = article_count <= search.MOST_WITH_WORDS and len(self._changed_words) <= MOST_CHANGED_WORDS
            self._changed_words = self._changed_words | words if is_few else None
