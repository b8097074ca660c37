"""Ranking what is older than `recent_index` without having bm25 count common words or phrases in the whole index.

Matches are found first, newest first. Where some of the words are rare, bm25 ranks the matches by those alone; else
they are ranked in an index of their own.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from math import log

from digests.store.search.conditions import Condition, Pattern, match_text, pattern_text
from digests.store.search.conditions_sql import (
    IDS_A_MINUTE,
    LOWEST_ID,
    OLDEST_MINUTES,
    RANKED_COUNT,
    STANDING,
    WORDS,
    Question,
    plain_rows,
)
from digests.store.search.small_index import SmallIndex
from digests.store.search.top_k import TopK

FEW_COUNT = 8
"""Not worth a statement of their own: so few matches wait for older ones to be ranked together."""
BATCH_COUNT = 64
"""So many are ranked in an index of their own at a time: each costs about 50 us."""
SPARING_BATCH_COUNT = 256
"""The same for ranking by the rare words alone, where a batch costs more and each match less."""
DENSE_COUNT = 64
"""With so many of its matches in `recent_index` a query finds others soon, one after the other."""
SAMPLE_COUNT = 2048
"""So many of the newest articles tell how common a word is."""
SAMPLE_LEAST_COUNT = 32
"""A word that fewer of them hold is counted in all of `recent_index`."""
RARE_SHARE = 0.02
"""A word in a smaller share of the articles costs bm25 little to count."""
USUAL_SHARE = 0.7
"""What bm25 gives to a common word about, as a share: it varies from 0.45 to 0.9, and weighs little."""

_DAY_MINUTES = 24 * 60
_NEWEST_FIRST = "SELECT f.rowid {rows} ORDER BY f.rowid DESC"
# The index is read faster in this direction.
OLDEST_FIRST = "SELECT {id} {rows} ORDER BY {id}"
# FTS5's own table of lengths has small rows: counting them takes microseconds.
_RECENT_COUNT = "SELECT COUNT(*) FROM recent_index_docsize"
_SAMPLE_FROM = "SELECT id FROM recent_index_docsize ORDER BY id DESC LIMIT 1 OFFSET :sample"
_HOLDING = "SELECT COUNT(*) FROM recent_index WHERE recent_index MATCH :match AND rowid >= :low"
_SPARINGLY = f"""
    SELECT f.rowid, ({WORDS} * :telling + :usual) * {STANDING}
    FROM article_index AS f WHERE article_index MATCH :match AND f.rowid BETWEEN :low AND :high
    AND +f.rowid IN (SELECT value FROM json_each(:ids)) ORDER BY f.rowid DESC
"""  # noqa: S608 - constants only


@dataclass(frozen=True, slots=True)
class _Word:
    """A pattern with the share of articles that hold it and its weight in bm25."""

    pattern: Pattern
    share: float
    weight: float


Rank = Callable[[Sequence[int]], list[tuple[int, float]]]


class Older:
    """Ranks the matches below `floor`, the lowest row id in `recent_index`."""

    def __init__(
        self, connection: sqlite3.Connection, top_k: TopK, asked: Question, floor: int, small_index: SmallIndex
    ) -> None:
        self._connection = connection
        self._top_k = top_k
        self._asked = asked
        self._floor = floor
        self._small_index = small_index
        self._exhausted = False

    def rank(self, pending: list[int], newest_id: int) -> bool:
        """Ranks until no other match can come among the best; tells whether every single one was looked at.

        Args:
            pending: Matches in `recent_index` that have not been ranked yet.
        """
        top_k = self._top_k
        # The index ignores what holds no word.
        wanted = [pattern for pattern in self._asked.condition.wanted if pattern.words] or self._asked.condition.wanted
        words = self._weighed(wanted) if len(wanted) > 1 else [_Word(wanted[0], 1.0, 1.0)]
        telling = [word for word in words if word.share <= RARE_SHARE]
        if telling and not any(pattern.is_phrase for pattern in wanted):
            rank, size = self._sparing(words, telling), SPARING_BATCH_COUNT
        else:
            rank, size = self._apart(words, newest_id), BATCH_COUNT
        dense = top_k.seen_count >= DENSE_COUNT
        for batch in self._one_by_one(size) if dense else self._age_by_age(size, pending):
            left = RANKED_COUNT - top_k.seen_count
            ranked = rank(batch)
            top_k.add(ranked[:left])
            if len(ranked) >= left or batch[-1] < top_k.lowest_id:
                return False
        return self._exhausted

    # ------------------------------------------------------------------ finding

    def _one_by_one(self, size: int) -> Iterator[list[int]]:
        """Yields row ids newest first, as they are found."""
        asked = self._asked
        rows = plain_rows(self._connection, _NEWEST_FIRST.format(rows=asked.rows), asked.parameters)
        while batch := rows.fetchmany(size):
            yield [id_ for (id_,) in batch]
        self._exhausted = True

    def _age_by_age(self, size: int, pending: list[int]) -> Iterator[list[int]]:
        """Yields row ids newest first, found in ranges of time that double in length, until none can be among the best.

        No batch but the last is smaller than `FEW_COUNT`, whatever the contest, so that all pages see the same ones.
        """
        asked = self._asked
        reference, least, most = (int(str(asked.parameters[name])) for name in ("reference", "low", "high"))
        # Hardly any match among the newest means few in all: they are found in one go.
        factor = 2 if len(pending) + self._top_k.seen_count >= FEW_COUNT // 2 else OLDEST_MINUTES
        age = max(reference - self._floor // IDS_A_MINUTE, _DAY_MINUTES)
        while most >= least and (pending or most >= self._top_k.lowest_id):
            age *= factor
            low = (reference - age) * IDS_A_MINUTE if age < min(reference, OLDEST_MINUTES) else LOWEST_ID
            within = {"low": max(low, least), "high": most}
            rows = plain_rows(
                self._connection, OLDEST_FIRST.format(id=asked.id, rows=asked.rows), asked.parameters | within
            )
            pending += [id_ for (id_,) in rows.fetchall()][::-1]
            most = within["low"] - 1
            while len(pending) >= FEW_COUNT:
                yield pending[:size]
                del pending[:size]
        self._exhausted = most < least
        if pending:
            yield pending

    # ------------------------------------------------------------------ ranking

    def _sparing(self, words: Sequence[_Word], telling: Sequence[_Word]) -> Rank:
        """Ranks by the rare words among those looked for; the others count as they usually do."""
        whole = sum(word.weight for word in words)
        told = sum(word.weight for word in telling)
        condition = Condition(wanted=tuple(word.pattern for word in telling))
        parameters = self._asked.parameters | {
            "match": match_text(condition),
            "telling": told / whole,
            "usual": USUAL_SHARE * (whole - told) / whole,
        }

        def rank(ids: Sequence[int]) -> list[tuple[int, float]]:
            among = {"ids": json.dumps(list(ids)), "low": ids[-1], "high": ids[0]}
            return plain_rows(self._connection, _SPARINGLY, parameters | among).fetchall()

        return rank

    def _apart(self, words: Sequence[_Word], newest_id: int) -> Rank:
        """Ranks in an index of its own."""
        texts = [(pattern_text(word.pattern), word.weight) for word in words]
        return lambda ids: self._small_index.rank(self._connection, ids, texts, self._asked.parameters, newest_id)

    def _weighed(self, patterns: Sequence[Pattern]) -> list[_Word]:
        """Tells how common each pattern is and what it weighs in bm25.

        A few of the newest articles tell where that is enough, else all of `recent_index`.
        """
        sample = list(plain_rows(self._connection, _SAMPLE_FROM, {"sample": SAMPLE_COUNT - 1}))
        words: list[_Word] = []
        for pattern in patterns:
            match = pattern_text(pattern)
            total, count = SAMPLE_COUNT, self._holding(match, sample[0][0]) if sample else 0
            if count < SAMPLE_LEAST_COUNT:
                ((total,),) = plain_rows(self._connection, _RECENT_COUNT)
                count = self._holding(match, self._floor)
            weight = max(log(max(total - count + 0.5, 0.5) / (count + 0.5)), 1e-6)
            words.append(_Word(pattern, count / max(total, 1), weight))
        return words

    def _holding(self, match: str, low: int) -> int:
        ((count,),) = plain_rows(self._connection, _HOLDING, {"match": match, "low": low})
        return int(count)
