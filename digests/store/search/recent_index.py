"""The part of a large corpus that is searched first: the newest articles, in an index of their own (`recent_index`)."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass, replace

from digests.store.search.conditions_sql import Question, plain_rows

_BOUNDS = """
    SELECT (SELECT MAX(id) FROM articles), (SELECT value FROM search_bounds WHERE name = 'recent_floor'),
        EXISTS (SELECT 1 FROM search_bounds WHERE name = 'is_middling')
"""


@dataclass(slots=True)
class Bounds:
    """Row id of the newest article in the corpus, and the lowest row id in `recent_index` (None if there is none).

    `is_middling`: there is one, but the corpus is small enough to rank words over the whole index.
    """

    newest_id: int
    floor: int | None
    is_middling: bool = False


def read_bounds(connection: sqlite3.Connection) -> Bounds:
    """Return the bounds of the corpus."""
    ((newest_id, floor, is_middling),) = plain_rows(connection, _BOUNDS)
    return Bounds(newest_id or 0, floor, bool(is_middling))


def below(asked: Question, floor: int) -> Question:
    """Return the question restricted to articles older than those in `recent_index`."""
    high = min(int(str(asked.parameters["high"])), floor - 1)
    return replace(asked, parameters=asked.parameters | {"high": high})


def in_recent_index(sql: str) -> str:
    """Return the statement for `recent_index` instead of the index of all articles."""
    return sql.replace("article_index", "recent_index")
