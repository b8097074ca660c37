"""Ranking a few articles in an index of their own.

bm25 first counts every hit of every word and phrase in the whole index. For some dozens of matches in a large corpus
it is much less work to index their text once more, in memory, and to ask there.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence

from digests.store.search.conditions_sql import STANDING, WORDS

BALLAST_COUNT = 200
"""So many of the newest articles stand beside those to be ranked, so that lengths compare with a usual article's."""
BODY_CHARS = 2_000
"""Only so much of a body is indexed here; it weighs least."""
BODY_SHARE = 0.45
"""What bm25 gives to one hit in the body of an article of usual length, as a share: 1 / (1 + 1.2)."""

_TEXT = f"title, excerpt, substr(body, 1, {BODY_CHARS}), provider, topics, related"
_CREATE = """
    CREATE VIRTUAL TABLE small_index USING fts5 (
        title, excerpt, body, provider, topics, related,
        content = '', tokenize = 'porter unicode61 remove_diacritics 2'
    )
"""
_INSERT = """
    INSERT INTO small_index (rowid, title, excerpt, body, provider, topics, related) VALUES (?, ?, ?, ?, ?, ?, ?)
"""
_BALLAST = f"SELECT {_TEXT} FROM articles ORDER BY id DESC LIMIT {BALLAST_COUNT}"  # noqa: S608 - constants only
_ARTICLES = f"""
    SELECT f.rowid, {STANDING}, {_TEXT}
    FROM json_each(:ids) AS wanted CROSS JOIN articles AS f ON f.rowid = wanted.value
"""  # noqa: S608 - constants only
_SHARES = f"""
    SELECT f.rowid, {WORDS.replace("article_index", "small_index")} FROM small_index AS f
    WHERE small_index MATCH :match AND f.rowid > 0
"""  # noqa: S608 - constants only


class SmallIndex:
    """An index in memory that holds a few articles at a time. Belongs to one thread."""

    def __init__(self) -> None:
        self._memory = sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False)
        self._ballast_of: int | None = None

    def __del__(self) -> None:
        self._memory.close()

    def rank(
        self,
        connection: sqlite3.Connection,
        ids: Sequence[int],
        words: Sequence[tuple[str, float]],
        parameters: dict[str, object],
        newest_id: int,
    ) -> list[tuple[int, float]]:
        """Returns row ids with their relevance, in the same order.

        Args:
            words: What the articles were found by, in FTS5's language, with how much each weighs beside the others.
            newest_id: Of the whole corpus; the ballast is renewed when it changes.
        """
        if newest_id != self._ballast_of:
            self._renew(connection, newest_id)
        cursor = connection.cursor()
        cursor.row_factory = None
        rows = cursor.execute(_ARTICLES, parameters | {"ids": json.dumps(list(ids))}).fetchall()
        self._memory.execute("BEGIN")
        try:
            self._memory.executemany(_INSERT, [(id_, *text) for id_, _standing, *text in rows])
            shares = [
                (dict(self._memory.execute(_SHARES, parameters | {"match": match})), weight) for match, weight in words
            ]
        finally:
            self._memory.execute("ROLLBACK")
        whole = sum(weight for _match, weight in words)
        return [
            (id_, standing * sum(weight * held.get(id_, BODY_SHARE) for held, weight in shares) / whole)
            for id_, standing, *_text in rows
        ]

    def _renew(self, connection: sqlite3.Connection, newest_id: int) -> None:
        self._memory.execute("DROP TABLE IF EXISTS small_index")
        self._memory.execute(_CREATE)
        rows = [(-number, *row) for number, row in enumerate(connection.execute(_BALLAST), 1)]
        self._memory.execute("BEGIN")
        self._memory.executemany(_INSERT, rows)
        self._memory.execute("COMMIT")
        self._ballast_of = newest_id
