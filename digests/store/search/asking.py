"""Asking the full-text index, within a time limit."""

from __future__ import annotations

import asyncio
import json
import sqlite3
from collections.abc import AsyncIterator, Coroutine, Mapping
from contextlib import asynccontextmanager
from datetime import datetime
from typing import TypeVar
from weakref import WeakSet

import aiosqlite

from digests.models import SearchSort
from digests.store.connection import Database, scalar
from digests.store.search.conditions import Condition, Hit, Hits, Pattern, pattern_text
from digests.store.search.ranking import count_matches, newest, question, ranked
from digests.store.search.upkeep import TABLES, rebuild

CACHE_KIB = 65_536
"""Page cache of each connection, filled only as far as the corpus is large: a rare word's pages lie far apart."""
TIME_LIMIT_S = 0.25
"""A slower query is interrupted and answered with the newest matches."""
LAST_RESORT_S = 0.1
"""How long those newest matches may take; what has come by then is the answer."""

Result = TypeVar("Result")


def _holds_topic(topic_list: str | None, wanted: str) -> int:
    """SQL function: whether a JSON list of topics holds one of another, whatever the case."""
    folded = set(json.loads(wanted))
    return int(any(topic.casefold() in folded for topic in json.loads(topic_list or "[]")))


class SearchStore:
    """Asks the index. Give it a `Database` of its own, so that slow searches only ever wait for each other."""

    def __init__(self, database: Database, *, time_limit_s: float = TIME_LIMIT_S) -> None:
        self._database = database
        self._time_limit_s = time_limit_s
        self._prepared: WeakSet[aiosqlite.Connection] = WeakSet()

    async def find(
        self,
        condition: Condition,
        *,
        sort: SearchSort,
        now: datetime,
        limit: int,
        offset: int = 0,
    ) -> Hits:
        """Finds matching articles in order, which is the same however it is paged.

        Relevance and quality order the newest matches of a bounded number, then the next as many, and so on: in a
        set no larger than that the order is exact. Without anything to look up in the index, relevance means newest.

        Args:
            now: Articles dated later count as new, not as newer.
        """
        asked = question(condition)
        async with self._connection() as connection:
            try:
                work = ranked(connection, asked, sort, now, limit, offset)
                return await _within(self._time_limit_s, connection, work)
            except sqlite3.OperationalError as error:
                _only_interrupted(error)
            hits: list[Hit] = []
            try:
                await _within(LAST_RESORT_S, connection, newest(connection, asked, limit, offset, hits))
            except sqlite3.OperationalError as error:
                _only_interrupted(error)
            return Hits(tuple(hits), offset + len(hits), at_least=True, partial=True)

    async def count(self, condition: Condition) -> int:
        """Counts matching articles up to `COUNT_LIMIT`; 0 when that takes too long."""
        async with self._connection() as connection:
            try:
                work = count_matches(connection, question(condition))
                return await _within(self._time_limit_s, connection, work)
            except sqlite3.OperationalError as error:
                _only_interrupted(error)
        return 0

    async def occurs(self, pattern: Pattern) -> bool:
        """Tells whether any article holds the pattern."""
        async with self._connection() as connection:
            return bool(
                await scalar(
                    connection,
                    "SELECT EXISTS (SELECT 1 FROM article_index WHERE article_index MATCH :match)",
                    {"match": pattern_text(pattern)},
                )
            )

    async def words(self, limit: int) -> Mapping[str, int]:
        """Returns the most frequent words of titles, excerpts, providers and topics with their article counts."""
        async with (
            self._connection() as connection,
            connection.execute(
                "SELECT term, doc FROM word_counts ORDER BY doc DESC LIMIT :limit", {"limit": limit}
            ) as cursor,
        ):
            return {row["term"]: row["doc"] async for row in cursor}

    async def verify(self) -> bool:
        """Compares the index with the articles, word by word; takes about as long as building it.

        False as well when the index is damaged in itself.
        """
        try:
            async with self._database.transaction() as connection:
                for table in TABLES:
                    await connection.execute(f"INSERT INTO {table} ({table}, rank) VALUES ('integrity-check', 1)")  # noqa: S608
        except sqlite3.DatabaseError as error:
            if isinstance(error, sqlite3.OperationalError):
                raise
            return False
        return True

    async def rebuild(self) -> None:
        """Makes the index anew from the articles, in one transaction."""
        async with self._database.transaction() as connection:
            await rebuild(connection)

    @asynccontextmanager
    async def _connection(self) -> AsyncIterator[aiosqlite.Connection]:
        async with self._database.read() as connection:
            if connection not in self._prepared:
                await connection.execute(f"PRAGMA cache_size = -{CACHE_KIB}")
                await connection.create_function("holds_topic", 2, _holds_topic, deterministic=True)
                self._prepared.add(connection)
            yield connection


async def _within(seconds: float, connection: aiosqlite.Connection, work: Coroutine[None, None, Result]) -> Result:
    """Runs `work` on a connection and interrupts it there when it takes longer (or is cancelled).

    Raises:
        sqlite3.OperationalError: "interrupted".
    """
    task = asyncio.ensure_future(work)
    try:
        await asyncio.wait({task}, timeout=seconds)
    finally:
        # Between two statements an interrupt has no effect, hence the repetition. It has to end here even if
        # this task is cancelled: the connection goes back to the others.
        while not task.done():
            await connection.interrupt()
            await asyncio.shield(asyncio.wait({task}, timeout=0.01))
    return await task


def _only_interrupted(error: sqlite3.OperationalError) -> None:
    if error.sqlite_errorcode != sqlite3.SQLITE_INTERRUPT:
        raise error
