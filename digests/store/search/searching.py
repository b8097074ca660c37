"""Queries the full-text index, within a time limit."""

from __future__ import annotations

import asyncio
import json
import sqlite3
from array import array
from collections.abc import AsyncIterator, Collection, Coroutine, Iterable, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from weakref import WeakSet

from digests.models import SearchSort
from digests.spelling import LEAST_CHARS, LONGEST_CHARS, SpeltWords
from digests.store.connection import Connection, Database, scalar
from digests.store.search.conditions import Condition, Hits, Pattern, pattern_text
from digests.store.search.fts_maintenance import TABLES, rebuild
from digests.store.search.recent_index import read_bounds
from digests.store.search.result_order import Search
from digests.store.search.term_counts import count_articles, count_known_terms
from digests.words import folded

CACHE_KIB = 65_536
"""Page cache of each connection, filled only as far as the corpus needs: a rare word's pages are far apart."""
TIME_LIMIT_S = 0.25
"""A slower query is interrupted and answered with its results so far."""
LAST_RESORT_S = 0.1
"""If it has none, how long finding the newest matches may take; those found by then are the answer."""
COUNT_TIME_S = 0.05
"""How long counting may take after matches were found; the count so far is a lower bound."""
LARGE_COUNT_TIME_S = 0.003
"""The same in a corpus with a `recent_index`, where counting all matches of a phrase takes longer than ranking them."""
HEADLINES_COMPARED = 20
_HEADLINES = """
    SELECT a.title FROM article_index AS f CROSS JOIN articles AS a ON a.id = f.rowid
    WHERE article_index MATCH :match LIMIT :limit
"""
_QUOTES = str.maketrans(dict.fromkeys("“”„«»", '"') | dict.fromkeys("’‘", "'"))
_WORDS = """
    SELECT LENGTH(term), GROUP_CONCAT(term, CHAR(10)), GROUP_CONCAT(doc)
    FROM (
        SELECT term, doc FROM word_counts
        WHERE LENGTH(term) BETWEEN :least AND :most AND term NOT GLOB '*[0-9]*'
        ORDER BY doc DESC LIMIT :limit
    )
    GROUP BY LENGTH(term)
"""


def _holds_topic(topic_list: str | None, wanted: str) -> int:
    """Check whether two JSON lists of topics have one in common, in any case (an SQL function)."""
    folded = set(json.loads(wanted))
    return int(any(topic.casefold() in folded for topic in json.loads(topic_list or "[]")))


class SearchStore:
    """Queries the index. Give it a `Database` of its own, so that slow searches only wait for each other.

    Args:
        database: The corpus.
        time_limit_s: How long ranking may take.
        count_time_s: How long counting may take after it, 0 for no counting; None for `COUNT_TIME_S` or
            `LARGE_COUNT_TIME_S`.
    """

    def __init__(
        self, database: Database, *, time_limit_s: float = TIME_LIMIT_S, count_time_s: float | None = None
    ) -> None:
        self._database = database
        self._time_limit_s = time_limit_s
        self._count_time_s = count_time_s
        self._prepared: WeakSet[Connection] = WeakSet()

    async def find(
        self,
        condition: Condition,
        *,
        sort: SearchSort,
        now: datetime,
        limit: int,
        offset: int = 0,
    ) -> Hits:
        """Find matching articles, in an order that does not depend on paging.

        If there is nothing to look up in the index, relevance means newest first.

        Args:
            now: Articles dated later count as new, not as newer.
        """
        search = Search(condition, sort, now, limit, offset)
        async with self._connection() as connection:
            work = connection.run(search.rank)
            if not await _ended(self._time_limit_s, connection, work):
                if not search.so_far:
                    await _ended(LAST_RESORT_S, connection, connection.run(search.find_newest))
                return Hits(tuple(search.so_far), search.least_count, at_least=True, partial=True)
            counted = search.count is not None
            if not counted:
                seconds = self._count_time_s
                if seconds is None:
                    seconds = LARGE_COUNT_TIME_S if search.has_recent else COUNT_TIME_S
                counted = seconds > 0 and await _ended(seconds, connection, connection.run(search.count_matches))
            return Hits(
                tuple(search.hits),
                search.least_count,
                at_least=not counted or search.count == search.enough,
                lacks_words=search.lacks_words,
            )

    async def find_near(self, conditions: Sequence[Condition], limit: int) -> list[list[int]]:
        """Find row ids of the newest matches of each of several conditions on a short span of time, up to `limit`."""
        searches = [Search(condition, SearchSort.NEWEST, _NO_TIME, limit, 0) for condition in conditions]

        def find(direct: sqlite3.Connection) -> None:
            for search in searches:
                search.find_near(direct)

        if searches:
            async with self._connection() as connection:
                await _ended(self._time_limit_s, connection, connection.run(find))
        return [[hit.id for hit in search.hits] for search in searches]

    async def matching(self, condition: Condition, ids: Sequence[int]) -> list[int]:
        """Return those of some row ids whose articles match a condition; within the time limit."""
        search = Search(condition, SearchSort.NEWEST, _NO_TIME, len(ids), 0)
        async with self._connection() as connection:
            await _ended(self._time_limit_s, connection, connection.run(lambda direct: search.find_among(direct, ids)))
        return [hit.id for hit in search.hits]

    async def count(self, condition: Condition) -> int:
        """Count matching articles up to `COUNT_LIMIT`, as far as the time limit allows."""
        search = Search(condition, SearchSort.NEWEST, _NO_TIME, 0, 0)
        async with self._connection() as connection:
            await _ended(self._time_limit_s, connection, connection.run(search.count_matches))
        return search.count or 0

    async def counts(self, words: Collection[str]) -> tuple[dict[str, int], int]:
        """Return how many articles contain each of some folded words, by stem, and the number of articles counted."""

        def count(direct: sqlite3.Connection) -> tuple[dict[str, int], int]:
            is_large = read_bounds(direct).floor is not None
            counts = count_known_terms(direct, words, recent=is_large)
            return counts, count_articles(direct, recent=is_large)

        async with self._connection() as connection:
            return await connection.run(count)

    async def occurs(self, pattern: Pattern) -> bool:
        """Check whether any article contains the pattern."""
        async with self._connection() as connection:
            return bool(
                await scalar(
                    connection,
                    "SELECT EXISTS (SELECT 1 FROM article_index WHERE article_index MATCH :match)",
                    {"match": pattern_text(pattern)},
                )
            )

    async def is_headline(self, text: str) -> bool:
        """Check whether an article's headline is exactly this text, ignoring case and the kind of quotes."""
        parameters = {"match": pattern_text(Pattern(text, title=True)), "limit": HEADLINES_COMPARED}
        async with self._connection() as connection:
            rows = await connection.execute_fetchall(_HEADLINES, parameters)
        return any(_plain(title) == _plain(text) for (title,) in rows)

    async def words(self, limit: int) -> dict[int, SpeltWords]:
        """Return the most frequent words of titles, excerpts, providers and topics by their length.

        Words with digits are left out, and those too short or too long to be corrected.
        """

        def read(direct: sqlite3.Connection) -> dict[int, SpeltWords]:
            rows = direct.execute(_WORDS, {"limit": limit, "least": LEAST_CHARS, "most": LONGEST_CHARS})
            # Joined by SQLite: as rows, a hundred thousand words would double the size of the process.
            return {
                length: SpeltWords(lines, array("Q", map(int, counts.split(",")))) for length, lines, counts in rows
            }

        async with self._connection() as connection:
            found = await connection.run(read)
            # Reading all words has filled the page cache with pages that searches don't need.
            await connection.execute("PRAGMA shrink_memory")
        return found

    async def word_counts(self, words: Iterable[str]) -> dict[str, int]:
        """Return how many articles contain each of some words, as `words` counts them."""
        listed = json.dumps([word for word in words if LEAST_CHARS <= len(word) <= LONGEST_CHARS])
        async with self._connection() as connection:
            rows = await connection.execute_fetchall(
                "SELECT wanted.value, COALESCE(word_counts.doc, 0)"
                " FROM json_each(:words) AS wanted LEFT JOIN word_counts ON word_counts.term = wanted.value"
                " WHERE wanted.value NOT GLOB '*[0-9]*'",
                {"words": listed},
            )
        return {row[0]: int(row[1]) for row in rows}

    async def verify(self) -> bool:
        """Compare the index with the articles, word by word; this takes about as long as building it.

        Also false if the index itself is damaged.
        """
        async with self._database.transaction() as connection:
            try:
                for table in TABLES:
                    await connection.execute(f"INSERT INTO {table} ({table}, rank) VALUES ('integrity-check', 1)")  # noqa: S608
            except sqlite3.DatabaseError as error:
                if error.sqlite_errorcode != sqlite3.SQLITE_CORRUPT_VTAB:
                    raise
                return False
        return True

    async def rebuild(self) -> None:
        """Rebuild the index from the articles, in one transaction."""
        async with self._database.transaction() as connection:
            await rebuild(connection)

    @asynccontextmanager
    async def _connection(self) -> AsyncIterator[Connection]:
        async with self._database.read() as connection:
            if connection not in self._prepared:
                await connection.execute(f"PRAGMA cache_size = -{CACHE_KIB}")
                await connection.create_function("holds_topic", 2, _holds_topic, deterministic=True)
                self._prepared.add(connection)
            yield connection


def _plain(text: str) -> str:
    return " ".join(folded(text).translate(_QUOTES).split())


_NO_TIME = datetime.fromtimestamp(0, UTC)
"""A limit for queries whose time does not matter."""


async def _ended(seconds: float, connection: Connection, work: Coroutine[None, None, None]) -> bool:
    """Run `work` on a connection and interrupt it there if it takes longer (or this task is cancelled).

    Returns:
        Whether it finished.
    """
    task = asyncio.ensure_future(work)
    try:
        await asyncio.wait({task}, timeout=seconds)
    finally:
        # Between two statements an interrupt has no effect, hence the loop. The work has to end here even if this task
        # is cancelled, as the connection is returned to the pool.
        while not task.done():
            await connection.interrupt()
            await asyncio.shield(asyncio.wait({task}, timeout=0.01))
    try:
        await task
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode != sqlite3.SQLITE_INTERRUPT:
            raise
        return False
    return True
