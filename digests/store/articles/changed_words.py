"""Records which words the last reloads changed, so that the counts of all the others need not be read again."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import NamedTuple

import aiosqlite

from digests.store.connection import scalar

KEPT_GENERATIONS = 64
"""For how many reloads that changed something the words are kept."""
MOST_WORDS = 20_000
"""Looking up more words takes as long as reading all of them."""


class WordCounts(NamedTuple):
    """In how many articles each word (as written, folded) occurs.

    Attributes:
        generation: Of the corpus, see `ArticleStore.generation`.
        article_count: All articles.
        counts: Word -> number of articles.
        is_all: Whether these are all words of the corpus, or those that changed.
    """

    generation: int
    article_count: int
    counts: dict[str, int]
    is_all: bool


async def note(connection: aiosqlite.Connection, generation: int, words: Sequence[str] | None) -> None:
    """Store the words that the reload of a generation changed; None if they are too many to list."""
    await connection.execute(
        "INSERT INTO facts (name, value) VALUES (:name, :value)"
        " ON CONFLICT (name) DO UPDATE SET value = excluded.value",
        {"name": _name_of(generation), "value": json.dumps(words)},
    )
    await connection.execute("DELETE FROM facts WHERE name = :name", {"name": _name_of(generation - KEPT_GENERATIONS)})


async def changed_since(connection: aiosqlite.Connection, generation: int) -> tuple[int, frozenset[str] | None]:
    """Return the current generation, and the words changed since an earlier one; None if these are not known."""
    current = await scalar(connection, "SELECT value FROM facts WHERE name = 'generation'")
    if not 0 <= current - generation <= KEPT_GENERATIONS:
        return current, None
    names = [_name_of(number) for number in range(generation + 1, current + 1)]
    rows = list(
        await connection.execute_fetchall(
            "SELECT value FROM facts WHERE name IN (SELECT value FROM json_each(:names))", {"names": json.dumps(names)}
        )
    )
    listed = [json.loads(row[0]) for row in rows]
    if len(listed) < len(names) or None in listed:
        return current, None
    words = frozenset(word for each in listed for word in each)
    return current, words if len(words) <= MOST_WORDS else None


async def count_words(connection: aiosqlite.Connection, since: int | None) -> WordCounts:
    """Count the words that changed since a generation, or all if that is None or the changes are not known."""
    total = await scalar(connection, "SELECT COUNT(*) FROM articles")
    current, words = await changed_since(connection, -1 if since is None else since)
    if since is None or words is None:
        rows = await connection.execute_fetchall("SELECT term, doc FROM word_counts")
        return WordCounts(current, total, dict(map(tuple, rows)), is_all=True)
    rows = await connection.execute_fetchall(
        "SELECT wanted.value, COALESCE(word_counts.doc, 0)"
        " FROM json_each(:words) AS wanted LEFT JOIN word_counts ON word_counts.term = wanted.value",
        {"words": json.dumps(sorted(words))},
    )
    return WordCounts(current, total, dict(map(tuple, rows)), is_all=False)


def _name_of(generation: int) -> str:
    return f"words:{generation}"
