"""Which matches come first: the order by relevance, by date or by quality, page by page.

bm25 walks through every hit of every word, however few rows are asked for, so in a large corpus a common word is
ranked among the newest articles (`recent_index`) and only a rare one in the whole index. What older articles lose by
that is little: their age alone divides their relevance by more than a newer match can be worse.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from datetime import datetime
from math import log

import aiosqlite

from digests.models import SearchSort
from digests.store.connection import scalar
from digests.store.search.conditions import Condition, Hit, Hits, Pattern, any_of_text, match_text, pattern_text

WINDOW_COUNT = 1000
"""How many of the newest matches are ranked by relevance; older ones follow, window by window."""
CONTENDER_COUNT = 300
"""How many of a window compete by quality too: it decides among the best, and costs a look-up each."""
RECENT_LEAST_COUNT = 300
"""`recent_index` answers alone when it holds this many matches."""
QUALITY_WINDOW_COUNT = 20_000
"""The window when sorting by quality, which costs less for each."""
COUNT_LIMIT = 10_000
"""Matches are counted up to here."""
LARGE_COUNT_LIMIT = 1_000
"""The same in a corpus that has a `recent_index`."""
SAMPLE_COUNT = 2048
"""How many of the newest articles tell how common a word is."""
LEAST_WEIGHT = 0.15
"""A word that weighs less than this beside the heaviest is left out of the sum."""

_LOWEST, _HIGHEST = -(2**63), 2**63 - 1
_IDS_A_MINUTE = 64
"""Row ids are minutes since 1970 times this, plus a number (see the migration)."""
_ID_SLACK_MINUTES = 2 * 24 * 60
"""A minute of many articles runs over into the following ones, hence the exact date is compared as well."""

# --------------------------------------------------------------------------- the formula

# The one place where relevance is defined.
# Words: bm25 with the weights of `_weights`. Age: half at 30 days (43,200 minutes), a third at 60, measured from the
# newest article; ten years and more (5,256,000 minutes) count alike, undated articles among them. Quality: an article
# of quality 100 or more counts 1.67 times one without.
_WORDS_AND_AGE = """
    -bm25(article_index, :title, :excerpt, :body, :provider, :topic, :related)
    / (1.0 + MIN(MAX(0, :reference - f.rowid / 64), 5256000) / 43200.0)
"""
_QUALITY = """
    (SELECT 1.0 + MIN(COALESCE(quality, 0), 100) / 150.0 FROM articles INDEXED BY articles_by_rank WHERE id = p.id)
"""


def _weights(condition: Condition) -> dict[str, float]:
    """bm25's column weights. A column that is filtered on says nothing more: all matches hold the same."""
    return {
        "title": 10.0,
        "excerpt": 4.0,
        "body": 1.0,
        "provider": 0.0 if condition.domains else 5.0,
        "topic": 0.0 if condition.topics else 5.0,
        "related": 2.0,
    }


# --------------------------------------------------------------------------- statements

# CROSS JOIN keeps the index outermost: it yields row ids in descending order one by one, and stops at LIMIT.
_FROM_INDEX = "FROM article_index AS f"
_FROM_BOTH = "FROM article_index AS f CROSS JOIN articles AS a INDEXED BY articles_by_rank ON a.id = f.rowid"
_FROM_ARTICLES = "FROM articles AS a INDEXED BY articles_by_rank"
_MATCHING = "WHERE article_index MATCH :match AND f.rowid BETWEEN :low AND :high"
_IN_RANGE = "WHERE a.id BETWEEN :low AND :high"
_AMONG = "AND +f.rowid IN (SELECT value FROM json_each(:ids))"
_WITHOUT = "AND NOT EXISTS (SELECT 1 FROM article_index WHERE article_index MATCH :unwanted AND rowid = a.id)"
_TOPICS_OF = "(SELECT topic_list FROM articles WHERE id = a.id)"

# One statement, as every one costs a trip to the connection's thread.
_PLAN = """
    WITH bounds AS MATERIALIZED (
        SELECT
            (SELECT MAX(id) FROM articles) AS newest,
            (SELECT value FROM search_bounds WHERE name = 'recent_floor') AS floor
    )
    SELECT newest, floor, CASE WHEN floor IS NOT NULL AND :high >= floor
        THEN (SELECT COUNT(*) FROM (SELECT 1 {recent_rows} LIMIT :window)) ELSE 0 END AS held
    FROM bounds
"""
_COUNT = "SELECT COUNT(*) FROM (SELECT 1 {rows} LIMIT :enough)"
_NEWEST = "SELECT {id} AS id {rows} LIMIT :limit OFFSET :offset"
RELEVANT = f"""
    SELECT id, CASE WHEN place <= :contenders THEN score * {_QUALITY} ELSE score END AS relevance, held
    FROM (
        SELECT id, score, COUNT(*) OVER () AS held, ROW_NUMBER() OVER (ORDER BY score DESC, id DESC) AS place
        FROM (SELECT f.rowid AS id, {_WORDS_AND_AGE} AS score {{rows}} LIMIT :window OFFSET :skip)
    ) AS p
    ORDER BY place > :contenders, relevance DESC, id DESC LIMIT :limit OFFSET :offset
"""  # noqa: S608 - constants only
_SHARE = """(
    SELECT COUNT(*) FROM recent_index WHERE recent_index MATCH :match
    AND rowid >= (SELECT id FROM articles ORDER BY id DESC LIMIT 1 OFFSET :sample)
)"""
_BEST = """
    SELECT id FROM (SELECT a.id AS id, a.quality AS quality {rows} LIMIT :window OFFSET :skip)
    ORDER BY COALESCE(quality, -1) DESC, id DESC LIMIT :limit OFFSET :offset
"""


def _in_recent(sql: str) -> str:
    return sql.replace("article_index", "recent_index")


@dataclass(frozen=True, slots=True)
class Question:
    """A condition in SQL: parameters and the `FROM … WHERE … ORDER BY` that yields its matches newest first."""

    condition: Condition
    match: str | None
    parameters: dict[str, object]
    filters: str

    @property
    def rows(self) -> str:
        """For statements that read `f.rowid`, or `a.id` where nothing is looked up in the index."""
        if self.match is None:
            return f"{_FROM_ARTICLES} {_IN_RANGE} {self.filters} ORDER BY a.id DESC"
        return f"{_FROM_BOTH if 'a.' in self.filters else _FROM_INDEX} {_MATCHING} {self.filters} ORDER BY f.rowid DESC"

    @property
    def joined_rows(self) -> str:
        """For statements that read `a.…`."""
        if self.match is None:
            return self.rows
        return f"{_FROM_BOTH} {_MATCHING} {self.filters} ORDER BY f.rowid DESC"

    @property
    def id(self) -> str:
        """How `rows` names the row id."""
        return "a.id" if self.match is None else "f.rowid"


def question(condition: Condition) -> Question:
    """Puts a condition into SQL."""
    match = match_text(condition)
    clauses: list[str] = []
    if match is None and condition.unwanted:
        clauses.append(_WITHOUT)
    if condition.since is not None:
        clauses.append("AND a.published_at >= :since")
    if condition.until is not None:
        clauses.append("AND a.published_at < :until")
    if condition.published_only:
        clauses.append("AND a.published")
    if condition.domains:
        clauses.append("AND a.provider_domain IN (SELECT value FROM json_each(:domains))")
    if condition.excluded_domains:
        clauses.append("AND COALESCE(a.provider_domain, '') NOT IN (SELECT value FROM json_each(:excluded_domains))")
    if condition.topics:
        clauses.append(f"AND holds_topic({_TOPICS_OF}, :topics)")
    if condition.excluded_topics:
        clauses.append(f"AND NOT holds_topic({_TOPICS_OF}, :excluded_topics)")
    parameters: dict[str, object] = {
        **_weights(condition),
        "match": match,
        "unwanted": any_of_text(condition.unwanted),
        "low": _id_at(condition.since, -_ID_SLACK_MINUTES) if condition.since else _LOWEST,
        "high": _id_at(condition.until, _ID_SLACK_MINUTES) if condition.until else _HIGHEST,
        "since": _seconds(condition.since),
        "until": _seconds(condition.until),
        "domains": json.dumps(condition.domains),
        "excluded_domains": json.dumps(condition.excluded_domains),
        "topics": json.dumps([topic.casefold() for topic in condition.topics]),
        "excluded_topics": json.dumps([topic.casefold() for topic in condition.excluded_topics]),
        "contenders": CONTENDER_COUNT,
    }
    return Question(condition, match, parameters, " ".join(clauses))


def _seconds(moment: datetime | None) -> int | None:
    return None if moment is None else int(moment.timestamp())


def _id_at(moment: datetime, slack_minutes: int) -> int:
    minutes = int(moment.timestamp()) // 60 + slack_minutes
    # What is older than 1970 has the row ids of its first minute.
    return max(minutes, slack_minutes) * _IDS_A_MINUTE


# --------------------------------------------------------------------------- plans


async def ranked(
    connection: aiosqlite.Connection, asked: Question, sort: SearchSort, now: datetime, limit: int, offset: int
) -> Hits:
    """Finds one page of matches. The order does not depend on `limit` and `offset`."""
    by_relevance = sort is SearchSort.RELEVANCE and bool(asked.condition.wanted)
    plan = await _plan(connection, asked)
    hits: list[Hit] = []
    counted: int | None = None
    if by_relevance:
        reference = min(int(now.timestamp()) // 60, plan.newest_id // _IDS_A_MINUTE)
        asked = replace(asked, parameters=asked.parameters | {"reference": reference})
        counted = await _relevant(connection, asked, plan, limit, offset, hits)
    elif sort is SearchSort.QUALITY:
        hits += await _best(connection, asked, limit, offset)
    else:
        await newest(connection, asked, limit, offset, hits)
    enough = LARGE_COUNT_LIMIT if plan.has_recent else COUNT_LIMIT
    count = min(counted, enough) if counted is not None else await count_matches(connection, asked, enough)
    return Hits(tuple(hits), count, at_least=count == enough)


@dataclass(frozen=True, slots=True)
class _Plan:
    """What has to be known before ranking.

    Attributes:
        newest_id: The highest row id, 0 in an empty corpus.
        has_recent: `recent_index` is in use.
        held: Matches in `recent_index`, up to `WINDOW_COUNT`.
    """

    newest_id: int
    has_recent: bool
    held: int

    @property
    def in_recent(self) -> bool:
        """The first window is ranked in `recent_index`."""
        return self.held >= RECENT_LEAST_COUNT


async def _plan(connection: aiosqlite.Connection, asked: Question) -> _Plan:
    sql = _PLAN.format(recent_rows=_in_recent(asked.rows))
    (row,) = await connection.execute_fetchall(sql, asked.parameters | {"window": WINDOW_COUNT})
    return _Plan(row["newest"] or 0, row["floor"] is not None, row["held"])


async def newest(connection: aiosqlite.Connection, asked: Question, limit: int, offset: int, hits: list[Hit]) -> None:
    """Adds the newest matches to `hits` one by one, so that an interruption leaves those that had come."""
    sql = _NEWEST.format(id=asked.id, rows=asked.rows)
    async with connection.execute(sql, asked.parameters | {"limit": limit, "offset": offset}) as cursor:
        async for row in cursor:
            hits.append(Hit(row["id"]))  # noqa: PERF401 - a comprehension would lose them at an interruption


async def count_matches(connection: aiosqlite.Connection, asked: Question, enough: int = COUNT_LIMIT) -> int:
    """Counts matches up to `enough`."""
    return await scalar(connection, _COUNT.format(rows=asked.rows), asked.parameters | {"enough": enough})


async def _relevant(
    connection: aiosqlite.Connection, asked: Question, plan: _Plan, limit: int, offset: int, hits: list[Hit]
) -> int | None:
    """Adds one page by relevance: the first window from `recent_index` if that holds enough, others from the whole.

    Returns:
        How many matches there are, at least as far as `LARGE_COUNT_LIMIT`, if that came to light; else None.
    """
    first = plan.held if plan.in_recent else WINDOW_COUNT
    counted = plan.held if plan.in_recent and plan.held >= LARGE_COUNT_LIMIT else None
    while len(hits) < limit:
        place = offset + len(hits)
        skip = 0 if place < first else first + (place - first) // WINDOW_COUNT * WINDOW_COUNT
        window = WINDOW_COUNT if skip else first
        page = {
            "window": window, "skip": skip, "limit": min(limit - len(hits), skip + window - place),
            "offset": place - skip,
        }  # fmt: skip
        if plan.in_recent and skip == 0:
            found, held = await _score(connection, asked, page, in_recent=True)
        elif plan.has_recent and len(asked.condition.wanted) > 1:
            found, held = await _score_sparingly(connection, asked, page)
        else:
            found, held = await _score(connection, asked, page)
        hits += found
        if found and not plan.in_recent and skip == 0 and (plan.has_recent or held < window):
            counted = held
        # A window that was not full is the last one.
        if not found or (held < window and not (plan.in_recent and skip == 0)):
            break
    return counted


async def _score(
    connection: aiosqlite.Connection, asked: Question, page: dict[str, int], *, in_recent: bool = False
) -> tuple[list[Hit], int]:
    """Ranks one window; returns a page of it, and how many matches the window holds (0 when the page is empty)."""
    sql = RELEVANT.replace("{rows}", asked.rows)
    rows = list(await connection.execute_fetchall(_in_recent(sql) if in_recent else sql, asked.parameters | page))
    return [Hit(row["id"], row["relevance"]) for row in rows], rows[0]["held"] if rows else 0


async def _score_sparingly(
    connection: aiosqlite.Connection, asked: Question, page: dict[str, int]
) -> tuple[list[Hit], int]:
    """As `_score`, without making bm25 count words that are so common beside the others that they hardly weigh."""
    telling = await _telling(connection, asked.condition.wanted)
    if len(telling) == len(asked.condition.wanted):
        return await _score(connection, asked, page)
    rows = list(
        await connection.execute_fetchall(
            _NEWEST.format(id=asked.id, rows=asked.rows),
            asked.parameters | {"limit": page["window"], "offset": page["skip"]},
        )
    )
    if not rows:
        return [], 0
    ids = [row["id"] for row in rows]
    fewer = question(Condition(wanted=telling))
    among = {"match": fewer.match, "ids": json.dumps(ids), "low": ids[-1], "high": ids[0]}
    asked = Question(fewer.condition, fewer.match, asked.parameters | among, _AMONG)
    return await _score(connection, asked, page | {"skip": 0})


async def _telling(connection: aiosqlite.Connection, wanted: tuple[Pattern, ...]) -> tuple[Pattern, ...]:
    """Returns the patterns that decide the order: those whose weight in bm25 is not small beside the heaviest.

    How common each is is told from the newest articles.
    """
    shares = [_SHARE.replace(":match", f":match{number}") for number in range(len(wanted))]
    (row,) = await connection.execute_fetchall(
        f"SELECT {', '.join(shares)}",
        {f"match{number}": pattern_text(pattern) for number, pattern in enumerate(wanted)}
        | {"sample": SAMPLE_COUNT - 1},
    )
    weights = [log((SAMPLE_COUNT - count + 0.5) / (count + 0.5)) for count in row]
    return (
        tuple(pattern for pattern, weight in zip(wanted, weights, strict=True) if weight >= LEAST_WEIGHT * max(weights))
        if max(weights) > 0
        else wanted
    )


async def _best(connection: aiosqlite.Connection, asked: Question, limit: int, offset: int) -> list[Hit]:
    """One page by quality."""
    hits: list[Hit] = []
    while len(hits) < limit:
        place = offset + len(hits)
        skip = place // QUALITY_WINDOW_COUNT * QUALITY_WINDOW_COUNT
        page = {"limit": min(limit - len(hits), skip + QUALITY_WINDOW_COUNT - place), "offset": place - skip}
        rows = await connection.execute_fetchall(
            _BEST.format(rows=asked.joined_rows),
            asked.parameters | page | {"window": QUALITY_WINDOW_COUNT, "skip": skip},
        )
        found = [Hit(row["id"]) for row in rows]
        if not found:
            break
        hits += found
    return hits
