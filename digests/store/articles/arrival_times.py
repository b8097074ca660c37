"""Decides when the articles of one reload arrived."""

from __future__ import annotations

import aiosqlite

from digests.store.arrivals import StoredArrivals
from digests.store.article_rows import WRITTEN_COLUMNS, Row
from digests.store.articles.file_entries import ReadFile
from digests.store.articles.stored_articles import StoredArticle

_REF = WRITTEN_COLUMNS.index("ref")
_PUBLISHED = WRITTEN_COLUMNS.index("published")
_PUBLISHED_AT = WRITTEN_COLUMNS.index("published_at")
_DUE_AT = WRITTEN_COLUMNS.index("due_at")
_EXPIRES_AT = WRITTEN_COLUMNS.index("expires_at")

NOW = -(2**62)
"""Placeholder in `arrived_at` for the time of this load, which is known only at its end; see `stamp`."""


class ArrivalTimes:
    """The arrival of each article that a reload writes."""

    def __init__(self) -> None:
        self._stored: StoredArrivals | None = None

    def use_stored(self, stored: StoredArrivals | None) -> None:
        """Use the arrivals kept in state.db for folders that are loaded for the first time."""
        self._stored = stored

    def of(
        self, file: ReadFile, old: StoredArticle | None, folder: str, arrival: int, *, is_first_load: bool
    ) -> int | None:
        """Return when an article became eligible to lead, or None while it is not.

        An article that is withdrawn and published again arrives again.

        Args:
            file: It has a row.
            old: The article that it replaces.
            folder: Its folder.
            arrival: Unix seconds at which the load began.
            is_first_load: See `Reload.put`.
        """
        row = file.row
        assert row is not None
        published_at = row[_PUBLISHED_AT]
        if not row[_PUBLISHED] or published_at is None:
            return None
        earliest = max(int(published_at), int(row[_DUE_AT] or published_at))
        if earliest > arrival:
            return earliest
        if old is not None and old.arrived_at is not None and old.arrived_at <= arrival:
            return old.arrived_at
        if old is None and is_first_load:
            if self._stored is None:
                return earliest
            known = self._stored.take(folder, file.path, file.digest, int(row[_REF] or 0))
            if known is not None and known <= arrival:
                return known
            if folder not in self._stored.folders:
                return earliest
        return NOW


def has_expired(row: Row, at: int) -> bool:
    """Check whether an article is not to be shown any more at a moment (Unix seconds)."""
    expires_at = row[_EXPIRES_AT]
    return expires_at is not None and int(expires_at) <= at


async def stamp(connection: aiosqlite.Connection, at: int) -> None:
    """Replace `NOW` by the time (Unix seconds) at which this reload's articles arrive, never before their own date."""
    await connection.execute(
        "UPDATE articles SET arrived_at = MAX(:at, published_at, COALESCE(due_at, published_at))"
        " WHERE arrived_at = :now",
        {"at": at, "now": NOW},
    )
