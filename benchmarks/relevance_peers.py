"""Other ways to search the same articles, beside which Broadsheet's answers are judged."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Awaitable, Callable, Mapping, Sequence

from benchmarks.search import FIELDS
from digests.text import fold

RANKS = 10
Ask = Callable[[str], Awaitable[list[set[int]]]]


class Fts5:
    """Plain FTS5, stemmed, `ORDER BY rank` with the weights that everybody gets."""

    def __init__(self, rows: Sequence[tuple[int, ...]], *, joined: str) -> None:
        self._joined = joined
        self._connection = sqlite3.connect(":memory:")
        columns = ", ".join(FIELDS)
        self._connection.execute(f"CREATE VIRTUAL TABLE t USING fts5 ({columns}, tokenize = 'porter unicode61')")
        self._connection.executemany(f"INSERT INTO t (rowid, {columns}) VALUES (?, ?, ?, ?, ?, ?, ?)", rows)
        weights = ", ".join(map(str, FIELDS.values()))
        self._connection.execute("INSERT INTO t (t, rank) VALUES ('rank', ?)", (f"bm25({weights})",))

    async def ask(self, query: str) -> list[set[int]]:
        words = [f'"{word}"' for word in re.findall(r"[^\W_]+", query)]
        if not words:
            return []
        sql = f"SELECT rowid FROM t WHERE t MATCH ? ORDER BY rank LIMIT {RANKS}"
        return [{row[0]} for row in self._connection.execute(sql, (self._joined.join(words),))]


class Tantivy:
    """tantivy in memory with the same weights."""

    def __init__(self, rows: Sequence[tuple[int, ...]]) -> None:
        import tantivy

        builder = tantivy.SchemaBuilder()
        for field in FIELDS:
            builder.add_text_field(field, stored=False, tokenizer_name="en_stem")
        builder.add_integer_field("id", stored=True, fast=True)
        self._index = tantivy.Index(builder.build())
        writer = self._index.writer(heap_size=64_000_000, num_threads=1)
        for id_, *texts in rows:
            document = tantivy.Document(**dict(zip(FIELDS, texts, strict=True)))
            document.add_integer("id", id_)
            writer.add_document(document)
        writer.commit()
        self._index.reload()
        self._searcher = self._index.searcher()

    def way(self, *, all_words: bool, fuzzy: bool = False) -> Ask:
        """Return one way of asking."""
        options = {"fuzzy_fields": dict.fromkeys(FIELDS, (False, 1, True))} if fuzzy else {}

        async def ask(query: str) -> list[set[int]]:
            words = " ".join(re.findall(r"[^\W_]+", query)).lower()
            parsed = self._index.parse_query(
                words, list(FIELDS), field_boosts=dict(FIELDS), conjunction_by_default=all_words, **options
            )
            return [{self._searcher.doc(place)["id"][0]} for _score, place in self._searcher.search(parsed, RANKS).hits]

        return ask


def alike_titles(titles: Mapping[int, str]) -> Ask:
    """Return rapidfuzz over all titles, by the ids of their articles."""
    from rapidfuzz import fuzz, process

    async def ask(query: str) -> list[set[int]]:
        found = process.extract(query, titles, scorer=fuzz.token_set_ratio, processor=fold, limit=RANKS)
        return [{id_} for _title, _score, id_ in found]

    return ask
