"""Translates conditions to SQL."""

from __future__ import annotations

import json
import sqlite3
from dataclasses import dataclass
from datetime import datetime

from digests.store.search.conditions import Condition, any_of_text, match_text

LOWEST_ID, HIGHEST_ID = -(2**63), 2**63 - 1
IDS_A_MINUTE = 64
"""Row ids are minutes since 1970 times this, plus a number (see the migration)."""
_ID_SLACK_MINUTES = 2 * 24 * 60
"""A crowded minute overflows into the following ones, so the exact date is compared as well."""

BEST_WORDS = "bm25(article_index, 10.0, 4.0, 1.0, 5.0, 5.0, 2.0, 3.0)"
"""The index's own ranking (bm25); the lower the better."""

# --------------------------------------------------------------------------- conditions

# CROSS JOIN keeps the index outermost: it yields row ids in order, one by one, and stops at LIMIT.
_FROM_INDEX = "FROM article_index AS f"
_FROM_BOTH = "FROM article_index AS f CROSS JOIN articles AS a INDEXED BY articles_by_rank ON a.id = f.rowid"
_FROM_ARTICLES = "FROM articles AS a INDEXED BY articles_by_rank"
_MATCHING = "WHERE article_index MATCH :match AND f.rowid BETWEEN :low AND :high"
_IN_RANGE = "WHERE a.id BETWEEN :low AND :high"
_WITHOUT = "AND NOT EXISTS (SELECT 1 FROM article_index WHERE article_index MATCH :unwanted AND rowid = a.id)"
_OF_DOMAINS = "a.provider_domain IN (SELECT value FROM json_each(:domains))"
_OF_CHANNELS = """COALESCE((
    SELECT provider_domain || CHAR(10) || provider_name IN (SELECT value FROM json_each(:{name}))
    FROM articles WHERE id = a.id
), 0)"""
# A list built once, mostly empty: comparing the date of each match would fetch its row.
_DUE = (
    "AND {id} NOT IN (SELECT id FROM articles WHERE published_at > :due_by"
    " UNION ALL SELECT id FROM articles WHERE due_at > :due_by)"
)
_TOPICS_OF = "(SELECT topic_list FROM articles WHERE id = a.id)"


@dataclass(frozen=True, slots=True)
class Question:
    """A condition in SQL: parameters, and the `FROM … WHERE …` that yields its matches."""

    condition: Condition
    match: str | None
    parameters: dict[str, object]
    filters: str

    @property
    def rows(self) -> str:
        """For statements that read `f.rowid`, or `a.id` where nothing is looked up in the index."""
        if self.match is None:
            return f"{_FROM_ARTICLES} {_IN_RANGE} {self.filters}"
        return f"{_FROM_BOTH if 'a.' in self.filters else _FROM_INDEX} {_MATCHING} {self.filters}"

    @property
    def joined_rows(self) -> str:
        """For statements that read `a.…`."""
        return self.rows if self.match is None else f"{_FROM_BOTH} {_MATCHING} {self.filters}"

    @property
    def id(self) -> str:
        """How `rows` names the row id."""
        return "a.id" if self.match is None else "f.rowid"


def question(condition: Condition, words: str | None = None) -> Question:
    """Translate a condition to SQL; `words` (in FTS5's language) replaces the query for the wanted words."""
    match = match_text(condition, words)
    clauses: list[str] = []
    if match is None and condition.unwanted:
        clauses.append(_WITHOUT)
    if condition.since is not None:
        clauses.append("AND a.published_at >= :since")
    if condition.until is not None:
        clauses.append("AND a.published_at < :until")
    if condition.published_only:
        clauses.append("AND a.published")
    if condition.channels:
        clauses.append(f"AND ({_OF_DOMAINS} OR {_OF_CHANNELS.format(name='channels')})")
    elif condition.domains:
        clauses.append(f"AND {_OF_DOMAINS}")
    if condition.excluded_channels:
        clauses.append(f"AND NOT {_OF_CHANNELS.format(name='excluded_channels')}")
    if condition.excluded_domains:
        clauses.append("AND COALESCE(a.provider_domain, '') NOT IN (SELECT value FROM json_each(:excluded_domains))")
    if condition.topics:
        clauses.append(f"AND holds_topic({_TOPICS_OF}, :topics)")
    if condition.excluded_topics:
        clauses.append(f"AND NOT holds_topic({_TOPICS_OF}, :excluded_topics)")
    if condition.due_by is not None:
        clauses.append(_DUE.format(id="a.id" if match is None else "f.rowid"))
    parameters: dict[str, object] = {
        "match": match,
        "due_by": _seconds(condition.due_by),
        "unwanted": any_of_text(condition.unwanted),
        "low": _id_at(condition.since, -_ID_SLACK_MINUTES) if condition.since else LOWEST_ID,
        "high": _id_at(condition.until, _ID_SLACK_MINUTES) if condition.until else HIGHEST_ID,
        "since": _seconds(condition.since),
        "until": _seconds(condition.until),
        "channels": json.dumps(["\n".join(channel) for channel in condition.channels]),
        "excluded_channels": json.dumps(["\n".join(channel) for channel in condition.excluded_channels]),
        "domains": json.dumps(condition.domains),
        "excluded_domains": json.dumps(condition.excluded_domains),
        "topics": json.dumps([topic.casefold() for topic in condition.topics]),
        "excluded_topics": json.dumps([topic.casefold() for topic in condition.excluded_topics]),
    }
    return Question(condition, match, parameters, " ".join(clauses))


def _seconds(moment: datetime | None) -> int | None:
    return None if moment is None else int(moment.timestamp())


def _id_at(moment: datetime, slack_minutes: int) -> int:
    minutes = int(moment.timestamp()) // 60 + slack_minutes
    # Articles from before 1970 have the row ids of its first minute.
    return max(minutes, slack_minutes) * IDS_A_MINUTE


def plain_rows(connection: sqlite3.Connection, sql: str, parameters: dict[str, object] | None = None) -> sqlite3.Cursor:
    """Return rows as plain tuples."""
    cursor = connection.cursor()
    cursor.row_factory = None
    return cursor.execute(sql, parameters or {})
