"""The entries of feed files: which a feed has, which have left it, which are duplicates of other articles."""

from __future__ import annotations

import json
from collections.abc import Sequence

import aiosqlite


async def entries_of(connection: aiosqlite.Connection, folder: str, feeds: Sequence[str]) -> list[str]:
    """Return the paths of the entries of some files; files that are not feeds have none."""
    rows = await connection.execute_fetchall(
        "SELECT path FROM files WHERE folder = :folder AND feed IS NOT NULL"
        " AND feed IN (SELECT value FROM json_each(:feeds))",
        {"folder": folder, "feeds": json.dumps(list(feeds))},
    )
    return [row[0] for row in rows]


async def digests_of(connection: aiosqlite.Connection, folder: str, feed: str) -> dict[str, bytes]:
    """Return the digests of a feed's entries, including those that have left it."""
    rows = await connection.execute_fetchall(
        "SELECT path, digest FROM files WHERE folder = :folder AND feed = :feed", {"folder": folder, "feed": feed}
    )
    return {row[0]: row[1] for row in rows}


async def note_window(connection: aiosqlite.Connection, folder: str, feed: str, paths: Sequence[str], at: int) -> None:
    """Record which entries a feed has at a moment (Unix seconds); the others have left it."""
    given = {"folder": folder, "feed": feed, "paths": json.dumps(list(paths)), "at": at}
    await connection.execute(
        "UPDATE files SET left_at = :at WHERE folder = :folder AND feed = :feed AND left_at IS NULL"
        " AND path NOT IN (SELECT value FROM json_each(:paths))",
        given,
    )
    await connection.execute(
        "UPDATE files SET left_at = NULL WHERE folder = :folder AND feed = :feed AND left_at IS NOT NULL"
        " AND path IN (SELECT value FROM json_each(:paths))",
        given,
    )


async def left_before(connection: aiosqlite.Connection, folder: str, before: int) -> list[tuple[str, str]]:
    """Return the entries of a folder that left their feed before a moment, as (folder, path)."""
    rows = await connection.execute_fetchall(
        "SELECT path FROM files WHERE folder = :folder AND feed IS NOT NULL AND left_at <= :before",
        {"folder": folder, "before": before},
    )
    return [(folder, row[0]) for row in rows]


_FIRST = "(file.feed IS NULL OR (other.folder, other.path) < (articles.folder, articles.path))"
_OWN_FILE = " JOIN files AS file ON file.folder = other.folder AND file.path = other.path"


def duplicates_query(columns: str) -> str:
    """Return the query for entries whose address another article has: a file, or an entry of an earlier feed."""
    return (
        f"SELECT {columns} FROM files CROSS JOIN articles"  # noqa: S608 - constants of ours
        " ON articles.folder = files.folder AND articles.path = files.path"
        " WHERE files.feed IS NOT NULL AND articles.url IS NOT NULL AND ("
        f" EXISTS (SELECT 1 FROM articles AS other{_OWN_FILE} WHERE other.ref = articles.ref"
        f" AND other.key = articles.key AND other.id != articles.id AND {_FIRST})"
        f" OR EXISTS (SELECT 1 FROM aliases JOIN articles AS other ON other.id = aliases.article_id{_OWN_FILE}"
        f" WHERE aliases.key = articles.key AND other.id != articles.id AND {_FIRST}))"
    )


async def transfer_arrivals(connection: aiosqlite.Connection, duplicates: Sequence[int], just_now: int) -> None:
    """Give new articles the arrival time of the feed entries that they replace.

    Args:
        connection: The reload's transaction.
        doubles: Row numbers of the entries.
        just_now: The placeholder for this load's time in `arrived_at`.
    """
    await connection.execute(
        """
        UPDATE articles SET arrived_at = entry.arrived_at
        FROM articles AS entry
        WHERE entry.id IN (SELECT value FROM json_each(:doubles)) AND entry.arrived_at > :just_now
            AND articles.ref = entry.ref AND articles.key = entry.key AND articles.arrived_at = :just_now
        """,
        {"doubles": json.dumps(list(duplicates)), "just_now": just_now},
    )
