"""Counts the articles with a word, using the index; in a large corpus among the newest ones only."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection

from digests.store.search.conditions_sql import plain_rows
from digests.words import stem

# FTS5's own docsize tables have small rows: counting them takes microseconds.
_TOTAL = {
    False: "SELECT COUNT(*) FROM article_index_docsize",
    True: "SELECT COUNT(*) FROM recent_index_docsize",
}
_HOLDING = """
    SELECT term, doc FROM article_terms
    WHERE term IN (SELECT value FROM json_each(:terms))
"""


def count_articles(connection: sqlite3.Connection, *, recent: bool) -> int:
    """Return how many articles the index (or the recent one) has."""
    ((count,),) = plain_rows(connection, _TOTAL[recent])
    return int(count)


def count_terms(connection: sqlite3.Connection, words: Collection[str], *, recent: bool) -> dict[str, int]:
    """Return how many articles contain each of some folded words or characters, by stem."""
    sql = _HOLDING.replace("article_terms", "recent_terms") if recent else _HOLDING
    return dict(plain_rows(connection, sql, {"terms": json.dumps(list(set(map(stem, words))))}))


def count_known_terms(connection: sqlite3.Connection, words: Collection[str], *, recent: bool) -> dict[str, int]:
    """Count as `count_terms`; with `recent`, words that none of the newest articles has are counted among all.

    Such a count is scaled down to the number of the newest articles, and is at least 1.
    """
    counts = count_terms(connection, words, recent=recent)
    missing = [word for word in words if not counts.get(stem(word))] if recent else []
    older = count_terms(connection, missing, recent=False) if missing else {}
    if not older:
        return counts
    part = count_articles(connection, recent=True) / max(count_articles(connection, recent=False), 1)
    return counts | {word: max(round(count * part), 1) for word, count in older.items()}
