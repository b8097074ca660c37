"""Keeping the full-text index in step with the articles, inside the transaction that changes them."""

from __future__ import annotations

from collections.abc import Sequence

import aiosqlite

from digests.store.connection import scalar

TABLES = ("article_index", "word_index", "recent_index")
RECENT_COUNT = 32_768
"""About how many of the newest articles `recent_index` holds: up to twice as many before it is made anew."""
RECENT_FROM_COUNT = 4 * RECENT_COUNT
"""A corpus of fewer articles has no `recent_index`: the whole index is fast enough."""

_UNINDEX = """
    INSERT INTO article_index (article_index, rowid, title, excerpt, body, provider, topics, related)
    SELECT 'delete', id, title, excerpt, body, provider, topics, related FROM articles WHERE id = ?
"""
_UNINDEX_RECENT = """
    INSERT INTO recent_index (recent_index, rowid, title, excerpt, body, provider, topics, related)
    SELECT 'delete', id, title, excerpt, body, provider, topics, related FROM recent_articles WHERE id = ?
"""
_UNINDEX_WORDS = """
    INSERT INTO word_index (word_index, rowid, title, excerpt, provider, topics)
    SELECT 'delete', id, title, excerpt, provider, topics FROM articles WHERE id = ?
"""
_INDEX = """
    INSERT INTO article_index (rowid, title, excerpt, body, provider, topics, related)
    SELECT id, title, excerpt, body, provider, topics, related FROM articles WHERE id = ?
"""
_INDEX_RECENT = """
    INSERT INTO recent_index (rowid, title, excerpt, body, provider, topics, related)
    SELECT id, title, excerpt, body, provider, topics, related FROM recent_articles WHERE id = ?
"""
_INDEX_WORDS = """
    INSERT INTO word_index (rowid, title, excerpt, provider, topics)
    SELECT id, title, excerpt, provider, topics FROM articles WHERE id = ?
"""
_REBUILD_HASH_BYTES = 64 * 1024 * 1024
_HASH_BYTES = 1024 * 1024


async def unindex(connection: aiosqlite.Connection, ids: Sequence[int]) -> None:
    """Takes articles out of the index; call it while their rows still hold the indexed text."""
    rows = [(id_,) for id_ in ids]
    for statement in (_UNINDEX, _UNINDEX_RECENT, _UNINDEX_WORDS):
        await connection.executemany(statement, rows)


async def index(connection: aiosqlite.Connection, ids: Sequence[int]) -> None:
    """Puts articles into the index; call it when their rows stand."""
    rows = [(id_,) for id_ in ids]
    for statement in (_INDEX, _INDEX_RECENT, _INDEX_WORDS):
        await connection.executemany(statement, rows)
    await _renew_recent(connection)


async def rebuild(connection: aiosqlite.Connection) -> None:
    """Makes the whole index anew from the articles; faster than `index` when most of them changed."""
    for table in ("article_index", "word_index"):
        # A larger write buffer makes fewer segments to merge; FTS5 remembers it, so it is set back.
        await connection.execute(f"INSERT INTO {table} ({table}, rank) VALUES ('hashsize', {_REBUILD_HASH_BYTES})")  # noqa: S608
        await connection.execute(f"INSERT INTO {table} ({table}) VALUES ('rebuild')")  # noqa: S608
        await connection.execute(f"INSERT INTO {table} ({table}, rank) VALUES ('hashsize', {_HASH_BYTES})")  # noqa: S608
    await _renew_recent(connection, always=True)


async def _renew_recent(connection: aiosqlite.Connection, *, always: bool = False) -> None:
    """Moves the floor of `recent_index` up when it has grown to twice its size (or down when it shrank)."""
    held = await scalar(connection, "SELECT COUNT(*) FROM recent_articles")
    # Counting stops where the answer is known: this runs with every reload.
    total = await scalar(
        connection,
        "SELECT COUNT(*) FROM (SELECT 1 FROM articles LIMIT :enough)",
        {"enough": RECENT_FROM_COUNT},
    )
    wanted = total >= RECENT_FROM_COUNT
    if not always and (RECENT_COUNT // 2 <= held <= 2 * RECENT_COUNT if wanted else held == 0):
        return
    await connection.execute("DELETE FROM search_bounds WHERE name = 'recent_floor'")
    if wanted:
        await connection.execute(
            "INSERT INTO search_bounds (name, value)"
            " SELECT 'recent_floor', id FROM articles ORDER BY id DESC LIMIT 1 OFFSET :count",
            {"count": RECENT_COUNT - 1},
        )
    await connection.execute("INSERT INTO recent_index (recent_index) VALUES ('rebuild')")
