"""Keeps the full-text index in sync with the articles, inside the transaction that changes them."""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Iterable, Sequence

import aiosqlite

from digests.spelling import words_of
from digests.store.connection import scalar

_LARGE_BUFFERS = {"article_index": 64 * 1024 * 1024, "word_index": 16 * 1024 * 1024}
"""Size of FTS5's write buffer during a large load: a larger one makes fewer segments to merge."""
TABLES = (*_LARGE_BUFFERS, "recent_index")
RECENT_COUNT = 32_768
"""Roughly how many of the newest articles `recent_index` has: up to twice as many before it is rebuilt."""
RECENT_LEAST_COUNT = 16_384
RECENT_SHARE = 4
"""It has one in this many articles, within the bounds above."""
RECENT_FROM_COUNT = 65_536
"""A smaller corpus has no `recent_index`: the whole index is fast enough."""
LARGE_FROM_COUNT = 131_072
"""In a smaller corpus, words are still ranked over the whole index."""
LEAST_GROUP_COUNT = 4096
"""A new index is filled in groups of articles, each of which becomes a segment. A group is a third of the remaining
articles, so that there are few groups and the last one, during which nothing else happens, is small."""
LEAST_GROUP_SHARE = 1 / 16
MERGED_FROM_COUNT = 250_000
"""From this number of articles on, segments are merged while the index is filled: a group is then several segments, and
a phrase query searches all of them. Fewer articles make about seven; not merging them saves a fifth of the time."""

MOST_WITH_WORDS = 256
"""If more articles change at once, reading all words of the index costs no more than collecting the changed ones."""

IndexedRow = tuple[int, str, str, str, str, str, str, str]
"""What the index reads of an article: row number, title, excerpt, body, provider, topics, related, extras."""
_WordRow = tuple[int, str, str, str, str]
"""The same for `word_index`: row number, title, excerpt, provider, topics."""

# Few rows are inserted as values: an INSERT … SELECT makes FTS5 flush its buffer at every statement.
_COLUMNS = "title, excerpt, body, provider, topics, related, extras"
_INDEX = f"INSERT INTO article_index (rowid, {_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)"  # noqa: S608 - constants of ours
_INDEX_RECENT = _INDEX.replace("article_index", "recent_index")
_WORD_COLUMNS = "title, excerpt, provider, topics"
_INDEX_WORDS = f"INSERT INTO word_index (rowid, {_WORD_COLUMNS}) VALUES (?, ?, ?, ?, ?)"  # noqa: S608
_UNINDEX = _INDEX.replace("(rowid", "(article_index, rowid").replace("(?", "('delete', ?")
_UNINDEX_RECENT = _UNINDEX.replace("article_index", "recent_index")
_UNINDEX_WORDS = _INDEX_WORDS.replace("(rowid", "(word_index, rowid").replace("(?", "('delete', ?")
_BUFFER_BYTES = 1024 * 1024
_AUTOMERGE = 4
"""FTS5's own settings."""


async def rows_of(connection: aiosqlite.Connection, ids: Sequence[int]) -> list[IndexedRow]:
    """Return what is indexed of some articles; call it while their rows still have that text."""
    rows = await connection.execute_fetchall(
        f"SELECT id, {_COLUMNS} FROM articles WHERE id IN (SELECT value FROM json_each(:ids))",  # noqa: S608
        {"ids": json.dumps(list(ids))},
    )
    return [tuple(row) for row in rows]


async def update(
    connection: aiosqlite.Connection, removed: Sequence[IndexedRow], added: Sequence[IndexedRow]
) -> dict[str, int] | None:
    """Replace rows in the index; what stays as it was is left alone.

    Args:
        connection: The writing one.
        removed: The rows as they were indexed.
        added: The rows to index.

    Returns:
        By how much the number of articles with each word has changed, where it has; None for many rows.
    """
    old, new = set(removed), set(added)
    same = old & new
    removed, added = sorted(old - same), sorted(new - same)
    if not removed and not added:
        return {}
    floor = await scalar(connection, "SELECT value FROM search_bounds WHERE name = 'recent_floor'")
    fewer, more = list(map(_words_of, removed)), list(map(_words_of, added))
    # A revision mostly changes an article's links and ranks, and leaves what `word_index` has.
    same_words = set(fewer).intersection(more)
    fewer, more = ([row for row in rows if row not in same_words] for rows in (fewer, more))
    for rows, words, statements in (
        (removed, fewer, (_UNINDEX, _UNINDEX_RECENT, _UNINDEX_WORDS)),
        (added, more, (_INDEX, _INDEX_RECENT, _INDEX_WORDS)),
    ):
        in_all, in_recent, in_words = statements
        if rows:
            await connection.executemany(in_all, rows)
        if words:
            await connection.executemany(in_words, words)
        if floor and rows:
            await connection.executemany(in_recent, [row for row in rows if row[0] >= floor])
    if len(fewer) > MOST_WITH_WORDS or len(more) > MOST_WITH_WORDS:
        return None
    changes = await _count_words(connection, more)
    changes.subtract(await _count_words(connection, fewer))
    return {word: by for word, by in changes.items() if by}


async def _count_words(connection: aiosqlite.Connection, rows: Iterable[_WordRow]) -> Counter[str]:
    """Count the rows that contain each word, exactly as `word_index` does."""
    counts: Counter[str] = Counter()
    others: list[_WordRow] = []
    for row in rows:
        text = "\n".join(row[1:])
        if text.isascii():
            counts.update(set(words_of(text)))
        else:
            others.append(row)
    if others:
        # The tokenizer keeps other letters with marks than we do, such as `й`, so it is asked itself.
        await connection.execute(
            "CREATE VIRTUAL TABLE IF NOT EXISTS temp.asked_words USING fts5"
            f" ({_WORD_COLUMNS}, content = '', detail = 'none', columnsize = 0,"
            " tokenize = 'unicode61 remove_diacritics 2')"
        )
        await connection.execute(
            "CREATE VIRTUAL TABLE IF NOT EXISTS temp.asked_counts USING fts5vocab ('temp', 'asked_words', 'row')"
        )
        await connection.executemany(_INDEX_WORDS.replace("word_index", "asked_words"), others)
        counts.update(dict(map(tuple, await connection.execute_fetchall("SELECT term, doc FROM asked_counts"))))
        await connection.execute("INSERT INTO asked_words (asked_words) VALUES ('delete-all')")
    return counts


def _words_of(row: IndexedRow) -> _WordRow:
    id_, title, excerpt, _body, provider, topics, _related, _extras = row
    return id_, title, excerpt, provider, topics


async def rebuild(connection: aiosqlite.Connection) -> None:
    """Rebuild the whole index from the articles; faster than `update` when most of them changed."""
    for table, size in _LARGE_BUFFERS.items():
        await _set_buffer(connection, table, size)
        await connection.execute(f"INSERT INTO {table} ({table}) VALUES ('rebuild')")  # noqa: S608
        await _set_buffer(connection, table, _BUFFER_BYTES)
    await renew_recent(connection, always=True)


class Filling:
    """Fills an empty index while articles are still being read, instead of building it afterwards."""

    def __init__(self, connection: aiosqlite.Connection, expected_count: int) -> None:
        self._connection = connection
        self._expected_count = expected_count
        self._left_count = expected_count
        self._waiting: list[int] = []

    async def begin(self) -> None:
        """Call it first."""
        for table, size in _LARGE_BUFFERS.items():
            await _set_buffer(self._connection, table, size)
            if self._expected_count < MERGED_FROM_COUNT:
                await _configure(self._connection, table, "automerge", 0)

    async def add(self, ids: Iterable[int]) -> None:
        """Add articles whose rows are written, each once."""
        self._waiting.extend(ids)
        share = max(self._left_count // 3, math.ceil(self._expected_count * LEAST_GROUP_SHARE), LEAST_GROUP_COUNT)
        if len(self._waiting) >= share:
            self._left_count -= len(self._waiting)
            await self._put_in()

    async def end(self) -> None:
        """Add the remaining articles."""
        await self._put_in()
        for table in _LARGE_BUFFERS:
            await _set_buffer(self._connection, table, _BUFFER_BYTES)
            await _configure(self._connection, table, "automerge", _AUTOMERGE)
        await renew_recent(self._connection, always=True)

    async def _put_in(self) -> None:
        # In ascending order: FTS5 flushes its buffer whenever a row number is lower than the previous one.
        listed = {"ids": json.dumps(sorted(self._waiting))}
        self._waiting.clear()
        for columns, table in ((_COLUMNS, "article_index"), (_WORD_COLUMNS, "word_index")):
            await self._connection.execute(
                f"INSERT INTO {table} (rowid, {columns}) SELECT articles.id, {columns}"  # noqa: S608 - constants of ours
                " FROM json_each(:ids) AS wanted CROSS JOIN articles ON articles.id = wanted.value",
                listed,
            )


async def _set_buffer(connection: aiosqlite.Connection, table: str, size: int) -> None:
    await _configure(connection, table, "hashsize", size)


async def _configure(connection: aiosqlite.Connection, table: str, setting: str, value: int) -> None:
    """Set an option of FTS5 (`hashsize`: its write buffer in bytes); it is persistent, so reset it afterwards."""
    await connection.execute(f"INSERT INTO {table} ({table}, rank) VALUES ('{setting}', {value:d})")  # noqa: S608


async def renew_recent(connection: aiosqlite.Connection, *, always: bool = False) -> None:
    """Raise the floor of `recent_index` when it has grown to twice its size, or lower it when it has shrunk.

    Call it once all articles of a reload are in the index.
    """
    held = await scalar(connection, "SELECT COUNT(*) FROM recent_articles")
    # Counting stops where the answer is known: this runs with every reload.
    total = await scalar(
        connection,
        "SELECT COUNT(*) FROM (SELECT 1 FROM articles LIMIT :enough)",
        {"enough": max(RECENT_FROM_COUNT, LARGE_FROM_COUNT)},
    )
    wanted = total >= RECENT_FROM_COUNT
    count = max(min(RECENT_COUNT, total // RECENT_SHARE), min(RECENT_COUNT, RECENT_LEAST_COUNT))
    if not always and (count // 2 <= held <= 2 * count if wanted else held == 0):
        return
    await connection.execute("DELETE FROM search_bounds WHERE name IN ('recent_floor', 'is_middling')")
    if wanted:
        if total < LARGE_FROM_COUNT:
            await connection.execute("INSERT INTO search_bounds (name, value) VALUES ('is_middling', 1)")
        await connection.execute(
            "INSERT INTO search_bounds (name, value)"
            " SELECT 'recent_floor', id FROM articles ORDER BY id DESC LIMIT 1 OFFSET :count",
            {"count": count - 1},
        )
    await connection.execute("INSERT INTO recent_index (recent_index) VALUES ('rebuild')")
