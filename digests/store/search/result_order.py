"""Orders matches by relevance, date or quality, page by page.

For relevance, a limited number of matches is read and scored text by text (`rescoring`): all of them if there are few,
else those with the words in their headline, those that bm25 ranks first, and the newest. The others follow, newest
first. If hardly any article has all words, those with most of them are included. In a large corpus the newest articles
are searched first, in an index of their own. Everything here runs in the thread of one connection.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from digests.models import SearchSort
from digests.store.search.conditions import Condition, Hit, pattern_text, patterns_in, quoted
from digests.store.search.conditions_sql import BEST_WORDS, IDS_A_MINUTE, Question, plain_rows, question
from digests.store.search.fewer_words import all_but_one_in_title, fewer_words
from digests.store.search.recent_index import Bounds, below, in_recent_index, read_bounds
from digests.store.search.rescoring import BODY_CHARS, Candidate, Rescoring, read_shares
from digests.store.search.term_counts import count_articles, count_known_terms
from digests.words import tokens

WINDOW_COUNT = 3_000
"""How many of the newest matches are counted before the search stops looking for all of them."""
POOL_COUNT = 200
"""How many matches are scored text by text; of more, only the most promising ones."""
TITLE_COUNT = 120
BEST_COUNT = 120
NEWEST_COUNT = 40
BEGINNING_COUNT = 20
"""How many matches each of these four ways of finding them contributes."""
ENOUGH_COUNT = 4
"""If fewer articles have all words, those with most of them follow."""
FEW_WORDS = 5
"""With more words, as in a headline, a single article with all of them is what was wanted."""
LEAST_MENTIONED = 3
MENTION_COUNT = 60
"""Where no more articles hold all words and none in its headline, headlines that hold all but one follow as well."""
EXTRA_COUNT = 60
"""How many of those follow at most."""
EXTRA_LEAST_HELD = 0.3
"""If some articles have all words, the others need at least this share of them by weight."""
EXTRA_LEAST_SHARE = 0.5
"""They also need at least this share of what the best of them has."""
FEW_COUNT = 4
"""If fewer are among the newest, there are so few in all that reading every one is fastest."""
RARE_SHARE = 0.02
"""In a large corpus, only rarer words are searched at the beginning of old headlines."""
QUALITY_WINDOW_COUNT = 20_000
"""How many of the newest matches are sorted by quality; older ones follow, window by window."""
COUNT_LIMIT = 10_000
"""Matches are counted up to here."""
LARGE_COUNT_LIMIT = 1_000
"""The same in a corpus that has a `recent_index`."""

_NEWEST = "SELECT {id} {rows} ORDER BY {id} DESC LIMIT :limit OFFSET :offset"
_OTHERS = """
    SELECT {id} {rows} AND {id} NOT IN (SELECT value FROM json_each(:pool)) ORDER BY {id} DESC
    LIMIT :limit OFFSET :offset
"""
_AMONG = "SELECT {id} {rows} AND {id} IN (SELECT value FROM json_each(:ids))"
# The index is read faster in this direction.
_OLDEST_FIRST = "SELECT {id} {rows} ORDER BY {id}"
_BEST_FIRST = f"SELECT f.rowid {{rows}} ORDER BY {BEST_WORDS} LIMIT :limit"
_COUNT = "SELECT COUNT(*) FROM (SELECT 1 {rows} LIMIT :enough)"
_COUNTED = "SELECT 1 {rows} LIMIT :enough"
_BEST_QUALITY = """
    SELECT id FROM (
        SELECT a.id AS id, a.quality AS quality {rows} ORDER BY {id} DESC LIMIT :window OFFSET :skip
    )
    ORDER BY COALESCE(quality, -1) DESC, id DESC LIMIT :limit OFFSET :offset
"""
_TITLES = "SELECT a.id, a.title FROM json_each(:ids) AS wanted CROSS JOIN articles AS a ON a.id = wanted.value"
_TEXTS = f"""
    SELECT a.id, a.title, a.excerpt, SUBSTR(a.body, 1, {BODY_CHARS}), a.provider, a.topics, a.related,
        COALESCE(a.quality, 0)
    FROM json_each(:ids) AS wanted CROSS JOIN articles AS a ON a.id = wanted.value
"""  # noqa: S608 - constants only


@dataclass(frozen=True, slots=True)
class _Scored:
    """A scored article: its score, and the share of the words that it contains."""

    id: int
    relevance: float
    held: float
    quality: int


class Search:
    """One page of the matches of a condition. Partial results are kept if the work is interrupted.

    Attributes:
        hits: In an order that does not depend on `limit` and `offset`.
        count: The number of all matches, up to `enough`; None while unknown.
        enough: Where counting stops.
        lacks_words: No article has all words; `hits` have most of them.
    """

    def __init__(self, condition: Condition, sort: SearchSort, now: datetime, limit: int, offset: int) -> None:
        self.hits: list[Hit] = []
        self.count: int | None = None
        self.enough = COUNT_LIMIT
        self.lacks_words = False
        self._asked = question(condition)
        self._condition = condition
        # Words that are only in a nested expression decide the order too.
        self._patterns = condition.wanted or tuple(dict.fromkeys(patterns_in(condition.required)))
        self._sort = sort
        self._now_minutes = int(now.timestamp()) // 60
        self._limit = limit
        self._offset = offset
        self._bounds = Bounds(0, None)
        self._so_far: list[Hit] = []
        self._seen_count = 0

    def rank(self, connection: sqlite3.Connection) -> None:
        """Find the page, and count the matches if that is cheap.

        Raises:
            sqlite3.OperationalError: "interrupted".
        """
        self._bounds = read_bounds(connection)
        if self.has_recent:
            self.enough = LARGE_COUNT_LIMIT
        if self._patterns and self._ranked(connection):
            return
        if self._sort is SearchSort.QUALITY:
            self._best_quality(connection)
        else:
            self.find_newest(connection)

    @property
    def is_large(self) -> bool:
        """Whether the corpus has a `recent_index` and is too large to rank words over all of it."""
        return self._bounds.floor is not None and not self._bounds.is_middling

    @property
    def has_recent(self) -> bool:
        """Whether the corpus has a `recent_index`."""
        return self._bounds.floor is not None

    @property
    def least_count(self) -> int:
        """The least possible number of matches."""
        shown = self._offset + len(self.so_far) if self.so_far else 0
        return max(shown, self.count or 0, self._seen_count)

    @property
    def so_far(self) -> list[Hit]:
        """The hits of an interrupted search so far."""
        return self.hits or self._so_far[self._offset : self._offset + self._limit]

    def find_newest(self, connection: sqlite3.Connection) -> None:
        """Add the newest matches to `hits` until the page is full."""
        sql = _NEWEST.format(id=self._asked.id, rows=self._asked.rows)
        page = {"limit": self._limit - len(self.hits), "offset": self._offset}
        # One by one, so that an interruption keeps those found so far.
        for (id_,) in plain_rows(connection, sql, self._asked.parameters | page):
            self.hits.append(Hit(id_))

    def find_near(self, connection: sqlite3.Connection) -> None:
        """Find the newest matches in a span of time so short that reading all of them is faster."""
        self._bounds = read_bounds(connection)
        asked, floor = self._asked, self._bounds.floor
        sql = _OLDEST_FIRST.format(id=asked.id, rows=asked.rows)
        in_recent = floor is not None and int(str(asked.parameters["low"])) >= floor
        rows = plain_rows(connection, in_recent_index(sql) if in_recent else sql, asked.parameters).fetchall()
        self.hits += [Hit(id_) for (id_,) in rows[::-1][: self._limit]]

    def find_among(self, connection: sqlite3.Connection, ids: Sequence[int]) -> None:
        """Find which of some articles match."""
        sql = _AMONG.format(id=self._asked.id, rows=self._asked.rows)
        rows = plain_rows(connection, sql, self._asked.parameters | {"ids": json.dumps(list(ids))})
        self.hits += [Hit(id_) for (id_,) in rows]

    def count_matches(self, connection: sqlite3.Connection) -> None:
        """Count matches up to `enough`; in a large corpus an interruption keeps the count so far."""
        self.count = 0
        asked, floor = self._asked, self._bounds.floor
        if floor is not None and asked.match is not None:
            recent = asked.parameters | {"enough": self.enough}
            ((self.count,),) = plain_rows(connection, in_recent_index(_COUNT.format(rows=asked.rows)), recent)
            asked = below(asked, floor)
        rest = asked.parameters | {"enough": self.enough - self.count}
        before = self.count
        if not self.has_recent or _is_one_token(asked.condition):
            ((count,),) = plain_rows(connection, _COUNT.format(rows=asked.rows), rest)
            self.count = before + count
            return
        # Row by row, so that an interruption keeps those found so far.
        counted: list[tuple[int]] = []
        try:
            counted.extend(plain_rows(connection, _COUNTED.format(rows=asked.rows), rest))
        finally:
            self.count = before + len(counted)

    # ------------------------------------------------------------------ relevance

    def _ranked(self, connection: sqlite3.Connection) -> bool:
        """Fill the page by relevance; return False if another order is wanted."""
        newest = self._newest(connection, self._asked, WINDOW_COUNT + 1)
        self._so_far = [Hit(id_) for id_ in newest]
        is_all = len(newest) <= WINDOW_COUNT
        self._seen_count = min(len(newest), self.enough)
        if is_all or self._seen_count == self.enough:
            self.count = self._seen_count
        few = is_all and len(newest) < ENOUGH_COUNT and bool(self._condition.wanted)
        may_mention = (
            is_all and len(newest) <= MENTION_COUNT and LEAST_MENTIONED <= len(self._condition.wanted) <= FEW_WORDS
        )
        if self._sort is not SearchSort.RELEVANCE and not few and not may_mention:
            return False
        total = count_articles(connection, recent=self.has_recent)
        forms = (form for pattern in self._patterns for form in (pattern, *(other for other, _share in pattern.others)))
        words = {token.text for form in forms for token in tokens(form.text)}
        counts = count_known_terms(connection, words, recent=self.has_recent)
        shares = read_shares(self._patterns, counts, total)
        rescoring = Rescoring(self._patterns, shares, self._condition.typed)
        if few:
            self._fill_with_few(connection, newest, rescoring, shares, total)
            return True
        if may_mention and self._fill_with_about(connection, newest, rescoring):
            return True
        if self._sort is not SearchSort.RELEVANCE:
            return False
        pool = (
            newest
            if is_all and len(newest) <= POOL_COUNT
            else self._pool(connection, newest, rescoring, shares, is_all=is_all)
        )
        found = sorted(self._scored(connection, pool, rescoring), key=_by_relevance)
        hits = [Hit(one.id, one.relevance) for one in found]
        self._so_far = hits
        self.hits = hits[self._offset : self._offset + self._limit]
        left = self._limit - len(self.hits)
        if left and (len(pool) < len(newest) or not is_all):
            page = {"limit": left, "offset": max(0, self._offset - len(hits)), "pool": json.dumps(pool)}
            sql = _OTHERS.format(id=self._asked.id, rows=self._asked.rows)
            self.hits += [Hit(id_) for (id_,) in plain_rows(connection, sql, self._asked.parameters | page)]
        return True

    def _fill_with_few(
        self,
        connection: sqlite3.Connection,
        held: list[int],
        rescoring: Rescoring,
        shares: Sequence[float],
        total: int,
    ) -> None:
        """Fill the page with the few articles that have all words, and those with most of them."""
        found = list(self._scored(connection, held, rescoring))
        extra: list[_Scored] = []
        words = len(self._condition.wanted)
        if not found or 1 < words <= FEW_WORDS:
            ids = self._with_fewer_words(connection, shares, total)
            known = set(held)
            scored = self._scored(connection, [id_ for id_ in ids if id_ not in known], rescoring)
            extra = sorted(scored, key=_by_relevance)
            best = max((one.held for one in extra), default=0.0)
            least = max(EXTRA_LEAST_HELD if found else 0.0, EXTRA_LEAST_SHARE * best)
            extra = [one for one in extra if one.held >= least][:EXTRA_COUNT]
        self.lacks_words = not found and bool(extra)
        self._fill(found + extra)

    def _fill_with_about(self, connection: sqlite3.Connection, held: list[int], rescoring: Rescoring) -> bool:
        """Fill the page with articles that merely mention all words, and those about all but one of them.

        Return False where a headline holds all words: then those are what was looked for.
        """
        titles = plain_rows(connection, _TITLES, {"ids": json.dumps(held)})
        if any(rescoring.may_be_in(title) for _id, title in titles):
            return False
        asked = question(self._condition, all_but_one_in_title(self._condition.wanted))
        known = set(held)
        about = [id_ for id_ in self._newest(connection, asked, EXTRA_COUNT) if id_ not in known]
        if not about:
            return False
        self._fill(list(self._scored(connection, [*held, *about], rescoring)))
        return True

    def _fill(self, found: list[_Scored]) -> None:
        """Fill the page with all of these, in order."""
        if self._sort is SearchSort.NEWEST:
            found.sort(key=lambda one: -one.id)
        elif self._sort is SearchSort.QUALITY:
            found.sort(key=lambda one: (-one.quality, -one.id))
        else:
            found.sort(key=_by_relevance)
        self.count = len(found)
        self.hits = [Hit(one.id, one.relevance) for one in found][self._offset : self._offset + self._limit]

    def _pool(
        self,
        connection: sqlite3.Connection,
        newest: Sequence[int],
        rescoring: Rescoring,
        shares: Sequence[float],
        *,
        is_all: bool,
    ) -> list[int]:
        """Return the most promising matches."""
        if is_all and self.is_large:
            # Checking the headlines of so few is faster than scanning a large index again.
            titles = dict(plain_rows(connection, _TITLES, {"ids": json.dumps(newest)}))
            in_titles = (id_ for id_ in newest if rescoring.may_be_in(titles.get(id_, "")))
            return list(dict.fromkeys((*islice(in_titles, TITLE_COUNT), *newest[:NEWEST_COUNT])))
        found: dict[int, None] = {}
        if patterns := self._condition.wanted:
            in_title = "title : (" + " AND ".join(map(pattern_text, patterns)) + ")"
            found = dict.fromkeys(self._newest(connection, question(self._condition, in_title), TITLE_COUNT))
        words = [token.text for token in tokens(self._condition.typed) if not token.in_run and not token.is_sign]
        # If all headlines with the words were found, those that begin with them are included.
        if words and len(found) == TITLE_COUNT and (not self.is_large or min(shares) <= RARE_SHARE):
            beginning = f"title : ^ {quoted(' '.join(words))}"
            found |= dict.fromkeys(self._newest(connection, question(self._condition, beginning), BEGINNING_COUNT))
        if is_all and not self.is_large:
            sql = _BEST_FIRST.format(rows=self._asked.rows)
            rows = plain_rows(connection, sql, self._asked.parameters | {"limit": BEST_COUNT})
            found |= dict.fromkeys(id_ for (id_,) in rows)
        found |= dict.fromkeys(newest[:NEWEST_COUNT])
        return list(found)

    def _with_fewer_words(self, connection: sqlite3.Connection, shares: Sequence[float], total: int) -> list[int]:
        found: dict[int, None] = {}
        if self.has_recent and not self.is_large:
            total = count_articles(connection, recent=False)
        for words, by_words in fewer_words(self._condition.wanted, shares, total, is_large=self.is_large):
            asked = question(self._condition, words)
            if by_words:
                sql = _BEST_FIRST.format(rows=asked.rows)
                rows: Iterable[int] = [
                    id_ for (id_,) in plain_rows(connection, sql, asked.parameters | {"limit": BEST_COUNT})
                ]
            else:
                rows = self._newest(connection, asked, BEST_COUNT)
            found |= dict.fromkeys(rows)
        return list(found)

    def _newest(self, connection: sqlite3.Connection, asked: Question, limit: int) -> list[int]:
        """Return the newest matches, newest first."""
        floor = self._bounds.floor
        sql = _NEWEST.format(id=asked.id, rows=asked.rows)
        page: dict[str, object] = {"limit": limit, "offset": 0}
        if floor is None:
            return [id_ for (id_,) in plain_rows(connection, sql, asked.parameters | page)]
        found = [id_ for (id_,) in plain_rows(connection, in_recent_index(sql), asked.parameters | page)]
        if len(found) == limit:
            return found
        older = below(asked, floor)
        if len(found) < FEW_COUNT:
            rows = plain_rows(connection, _OLDEST_FIRST.format(id=asked.id, rows=asked.rows), older.parameters)
            return (found + [id_ for (id_,) in rows.fetchall()][::-1])[:limit]
        rest = older.parameters | {"limit": limit - len(found), "offset": 0}
        return found + [id_ for (id_,) in plain_rows(connection, sql, rest)]

    def _scored(self, connection: sqlite3.Connection, ids: Sequence[int], rescoring: Rescoring) -> Iterable[_Scored]:
        reference = min(self._now_minutes, self._bounds.newest_id // IDS_A_MINUTE)
        for id_, *texts, quality in plain_rows(connection, _TEXTS, {"ids": json.dumps(list(ids))}):
            title, excerpt, body, provider, topics, related = texts
            age = max(0, reference - id_ // IDS_A_MINUTE)
            candidate = Candidate(id_, (title, excerpt, body, provider, topics, related), quality, age)
            yield _Scored(id_, *rescoring.score(candidate), quality)

    # ------------------------------------------------------------------ quality

    def _best_quality(self, connection: sqlite3.Connection) -> None:
        sql = _BEST_QUALITY.format(id=self._asked.id, rows=self._asked.joined_rows)
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


def _by_relevance(one: _Scored) -> tuple[float, int]:
    return (-one.relevance, -one.id)


def _is_one_token(condition: Condition) -> bool:
    """Check whether the query is a single word or prefix, which is cheap to count."""
    return len(condition.wanted) == 1 and len(condition.wanted[0].words) < 2 and not condition.wanted[0].others
