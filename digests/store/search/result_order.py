"""Which matches come first: the order by relevance, by date or by quality, page by page.

Matches by relevance are read newest first, and only as far back as one may still come among the best (`Contest`). In a
large corpus the newest come from `recent_index`: bm25 walks through every hit of every word in an index, however few
rows are read from it. Older ones come from the whole index: by bm25 where that counts a single word, which is not
common when the newest articles did not suffice; else as `Older` does it.
Everything here runs in the thread of one connection.
"""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass, replace
from datetime import datetime

from digests.models import SearchSort
from digests.store.search.conditions import Condition, Hit
from digests.store.search.conditions_sql import (
    IDS_A_MINUTE,
    RANKED_COUNT,
    STANDING,
    WORDS,
    Question,
    plain_rows,
    question,
)
from digests.store.search.older_matches import FEW_COUNT, OLDEST_FIRST, Older
from digests.store.search.small_index import SmallIndex
from digests.store.search.top_k import TopK

BATCH_COUNT = 64
"""Matches are read so many at a time."""
QUALITY_WINDOW_COUNT = 20_000
"""How many of the newest matches are sorted by quality; older ones follow, window by window."""
COUNT_LIMIT = 10_000
"""Matches are counted up to here."""
LARGE_COUNT_LIMIT = 1_000
"""The same in a corpus that has a `recent_index`."""

_BOUNDS = """
    SELECT (SELECT MAX(id) FROM articles), (SELECT value FROM search_bounds WHERE name = 'recent_floor')
"""
RELEVANT = f"SELECT f.rowid, {WORDS} * {STANDING} AS relevance {{rows}} ORDER BY f.rowid DESC"
_NEWEST = "SELECT {id} {rows} ORDER BY {id} DESC LIMIT :limit OFFSET :offset"
_NEWEST_FIRST = "SELECT f.rowid {rows} ORDER BY f.rowid DESC"
_FEW = f"{_NEWEST_FIRST} LIMIT {FEW_COUNT + 1}"
_COUNT = "SELECT COUNT(*) FROM (SELECT 1 {rows} LIMIT :enough)"
_COUNTED = "SELECT 1 {rows} LIMIT :enough"
_BEST = """
    SELECT id FROM (
        SELECT a.id AS id, a.quality AS quality {rows} ORDER BY {id} DESC LIMIT :window OFFSET :skip
    )
    ORDER BY COALESCE(quality, -1) DESC, id DESC LIMIT :limit OFFSET :offset
"""


@dataclass(slots=True)
class _Bounds:
    """Of the corpus: row id of its newest article, and the lowest row id in `recent_index` (None: there is none)."""

    newest_id: int
    floor: int | None


class Search:
    """One page of the matches of a condition. What has come is kept when the work is interrupted.

    Attributes:
        hits: In order, which does not depend on `limit` and `offset`.
        count: Of all matches, up to `enough`; None as long as it is not known.
        enough: Where counting stops.
    """

    def __init__(self, condition: Condition, sort: SearchSort, now: datetime, limit: int, offset: int) -> None:
        self.hits: list[Hit] = []
        self.count: int | None = None
        self.enough = COUNT_LIMIT
        self._asked = question(condition)
        self._sort = sort
        self._now_minutes = int(now.timestamp()) // 60
        self._limit = limit
        self._offset = offset
        self._bounds = _Bounds(0, None)
        self._top_k: TopK | None = None

    def rank(self, connection: sqlite3.Connection, small_index: SmallIndex) -> None:
        """Finds the page, and counts where that costs little.

        Raises:
            sqlite3.OperationalError: "interrupted".
        """
        self._bounds = _bounds(connection)
        if self.is_large:
            self.enough = LARGE_COUNT_LIMIT
        wanted = self._asked.condition.wanted
        if self._sort is SearchSort.QUALITY:
            self._best_quality(connection)
        elif self._sort is SearchSort.RELEVANCE and wanted:
            self._relevant(connection, small_index)
        else:
            self.find_newest(connection)
        if self.count is None and _is_one_token(self._asked.condition) and not wanted[0].prefix:
            self.count_matches(connection)

    @property
    def is_large(self) -> bool:
        """Whether the corpus has a `recent_index`."""
        return self._bounds.floor is not None

    @property
    def least_count(self) -> int:
        """How many matches there are at least."""
        seen = self._top_k.seen_count if self._top_k is not None else 0
        shown = self._offset + len(self.so_far) if self.so_far else 0
        return max(min(seen, self.enough), shown, self.count or 0)

    @property
    def so_far(self) -> list[Hit]:
        """What an interrupted ranking has come to."""
        if self.hits or self._top_k is None:
            return self.hits
        return self._top_k.hits(self._offset)

    def find_newest(self, connection: sqlite3.Connection, offset: int | None = None) -> None:
        """Adds the newest matches to `hits` until the page is full."""
        sql = _NEWEST.format(id=self._asked.id, rows=self._asked.rows)
        page = {"limit": self._limit - len(self.hits), "offset": self._offset if offset is None else offset}
        # One by one, so that an interruption leaves those that had come.
        for (id_,) in plain_rows(connection, sql, self._asked.parameters | page):
            self.hits.append(Hit(id_))

    def find_near(self, connection: sqlite3.Connection) -> None:
        """As `find_newest`, for a condition on a span of time so short that reading all its matches is faster."""
        self._bounds = _bounds(connection)
        asked, floor = self._asked, self._bounds.floor
        sql = OLDEST_FIRST.format(id=asked.id, rows=asked.rows)
        in_recent = floor is not None and int(str(asked.parameters["low"])) >= floor
        rows = plain_rows(connection, _in_recent(sql) if in_recent else sql, asked.parameters).fetchall()
        self.hits += [Hit(id_) for (id_,) in rows[::-1][: self._limit]]

    def count_matches(self, connection: sqlite3.Connection) -> None:
        """Counts matches up to `enough`; in a large corpus an interruption leaves those that had been counted."""
        self.count = 0
        asked, floor = self._asked, self._bounds.floor
        if floor is not None and asked.match is not None:
            recent = asked.parameters | {"enough": self.enough}
            ((self.count,),) = plain_rows(connection, _in_recent(_COUNT.format(rows=asked.rows)), recent)
            asked = _below(asked, floor)
        rest = asked.parameters | {"enough": self.enough - self.count}
        before = self.count
        if not self.is_large or _is_one_token(asked.condition):
            ((count,),) = plain_rows(connection, _COUNT.format(rows=asked.rows), rest)
            self.count = before + count
            return
        # Row by row, so that an interruption leaves those that had come.
        counted: list[tuple[int]] = []
        try:
            counted.extend(plain_rows(connection, _COUNTED.format(rows=asked.rows), rest))
        finally:
            self.count = before + len(counted)

    # ------------------------------------------------------------------ relevance

    def _relevant(self, connection: sqlite3.Connection, small_index: SmallIndex) -> None:
        if self._offset < RANKED_COUNT:
            reference = min(self._now_minutes, self._bounds.newest_id // IDS_A_MINUTE)
            self._asked = replace(self._asked, parameters=self._asked.parameters | {"reference": reference})
            places = min(self._offset + self._limit, RANKED_COUNT)
            self._top_k = top_k = TopK(places, reference)
            if self._all_ranked(connection, top_k, small_index):
                self.count = min(top_k.seen_count, self.enough)
            self.hits += top_k.hits(self._offset)
        if self.count is None and self._offset + self._limit > RANKED_COUNT:
            self.find_newest(connection, max(self._offset, RANKED_COUNT))

    def _all_ranked(self, connection: sqlite3.Connection, top_k: TopK, small_index: SmallIndex) -> bool:
        """Ranks until no other match can come among the best; tells whether every single one was looked at."""
        asked, floor = self._asked, self._bounds.floor
        if floor is None:
            return _rank_directly(connection, top_k, asked)
        older = _below(asked, floor)
        if _is_one_token(asked.condition):
            if not _rank_directly(connection, top_k, asked, in_recent=True) or top_k.lowest_id >= floor:
                return False
            return _rank_directly(connection, top_k, older)
        recent = [id_ for (id_,) in plain_rows(connection, _in_recent(_FEW.format(rows=asked.rows)), asked.parameters)]
        if len(recent) > FEW_COUNT:
            if not _rank_directly(connection, top_k, asked, in_recent=True) or top_k.lowest_id >= floor:
                return False
            recent = []
        return Older(connection, top_k, older, floor, small_index).rank(recent, self._bounds.newest_id)

    # ------------------------------------------------------------------ quality

    def _best_quality(self, connection: sqlite3.Connection) -> None:
        sql = _BEST.format(id=self._asked.id, rows=self._asked.joined_rows)
        while len(self.hits) < self._limit:
            place = self._offset + len(self.hits)
            skip = place // QUALITY_WINDOW_COUNT * QUALITY_WINDOW_COUNT
            page = {
                "limit": min(self._limit - len(self.hits), skip + QUALITY_WINDOW_COUNT - place),
                "offset": place - skip, "window": QUALITY_WINDOW_COUNT, "skip": skip,
            }  # fmt: skip
            found = [Hit(id_) for (id_,) in plain_rows(connection, sql, self._asked.parameters | page)]
            if not found:
                break
            self.hits += found


def _bounds(connection: sqlite3.Connection) -> _Bounds:
    ((newest_id, floor),) = plain_rows(connection, _BOUNDS)
    return _Bounds(newest_id or 0, floor)


def _rank_directly(connection: sqlite3.Connection, top_k: TopK, asked: Question, *, in_recent: bool = False) -> bool:
    """Ranks by the index's own bm25; tells whether every match was looked at."""
    sql = RELEVANT.format(rows=asked.rows)
    rows = plain_rows(connection, _in_recent(sql) if in_recent else sql, asked.parameters)
    while True:
        size = min(BATCH_COUNT, RANKED_COUNT - top_k.seen_count)
        batch = rows.fetchmany(size)
        top_k.add(batch)
        if len(batch) < size:
            return True
        if batch[-1][0] < top_k.lowest_id or top_k.seen_count >= RANKED_COUNT:
            rows.close()
            return False


def _is_one_token(condition: Condition) -> bool:
    """Whether the index is asked for one word or beginning of a word, which is little to count."""
    return len(condition.wanted) == 1 and not condition.wanted[0].is_phrase


def _below(asked: Question, floor: int) -> Question:
    high = min(int(str(asked.parameters["high"])), floor - 1)
    return replace(asked, parameters=asked.parameters | {"high": high})


def _in_recent(sql: str) -> str:
    return sql.replace("article_index", "recent_index")
