"""The full-text index: keeping it in step with the articles, and reading it."""

from __future__ import annotations

from collections.abc import Sequence

import aiosqlite


async def unindex(connection: aiosqlite.Connection, ids: Sequence[int]) -> None:
    """Takes articles out of the index; call it while their rows still hold the indexed text."""
    await connection.executemany(
        "INSERT INTO article_index (article_index, rowid, title, excerpt, body, provider, topics, related)"
        " SELECT 'delete', id, title, excerpt, body, provider, topics, related FROM articles WHERE id = ?",
        [(id_,) for id_ in ids],
    )


async def index(connection: aiosqlite.Connection, ids: Sequence[int]) -> None:
    """Puts articles into the index; call it when their rows stand."""
    await connection.executemany(
        "INSERT INTO article_index (rowid, title, excerpt, body, provider, topics, related)"
        " SELECT id, title, excerpt, body, provider, topics, related FROM articles WHERE id = ?",
        [(id_,) for id_ in ids],
    )


async def rebuild(connection: aiosqlite.Connection) -> None:
    """Makes the whole index anew from the articles; faster than `index` when most of them changed."""
    await connection.execute("INSERT INTO article_index (article_index) VALUES ('rebuild')")
