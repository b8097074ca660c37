"""How long a search takes in a large corpus, beside other ways to search.

Peers: a LIKE scan, FTS5's `ORDER BY rank`, and tantivy with the same weights and boosts, called in the loop's own
thread and, as a bot has to, in another. Ours is measured twice: finding the ten best articles (what the peers do), and
the whole answer of `/news`, folded into stories with their round-ups. Ours and tantivy take turns query by query after
both were asked all of them once, and each query counts with the middle one of its times: what lies between p50 and p99
is the queries, not the machine's other work.
Run it alone: `python -m benchmarks.search --size 1000000`.
"""

from __future__ import annotations

import argparse
import asyncio
import gc
import math
import random
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.newsstand import NEWEST, fill, make_run_words
from digests.models import SearchRequest, SearchSort
from digests.service.search import SearchService
from digests.store.articles import ArticleStore
from digests.store.connection import Database
from digests.store.database_kinds import CORPUS
from digests.store.search import Condition, Pattern, SearchStore
from digests.store.search.conditions_sql import question
from digests.typed.query import parse_query
from digests.typed.query_tree import Or

QUERY_COUNT = 200
REPEAT_COUNT = 3
SLOW_QUERY_COUNT = 4
"""Of peers that take seconds for a query."""
TOP = 10
FIELDS = {"title": 10.0, "excerpt": 4.0, "body": 1.0, "provider": 5.0, "topics": 5.0, "related": 2.0}


@dataclass(frozen=True, slots=True)
class Times:
    """Milliseconds of one way to search, sorted."""

    values: tuple[float, ...]

    def __str__(self) -> str:
        return f"{self.median:.2f} / {self.worst:.2f}"

    @property
    def median(self) -> float:
        """Half of the queries took less."""
        return statistics.median(self.values)

    @property
    def worst(self) -> float:
        """The 99th percentile."""
        return self.values[min(len(self.values) - 1, math.ceil(0.99 * len(self.values)) - 1)]


class Asked:
    """Queries of each class, drawn from the corpus itself."""

    def __init__(
        self, connection: sqlite3.Connection, size: int, seed: int = 5, query_count: int = QUERY_COUNT
    ) -> None:
        chance = random.Random(seed)
        connection.execute("CREATE VIRTUAL TABLE temp.terms USING fts5vocab ('main', 'article_index', 'row')")
        shares = [
            (term, count / size)
            for term, count in connection.execute("SELECT term, doc FROM temp.terms WHERE doc >= 5")
            # Words whose stem is the word itself, so that what is typed is what is counted.
            if term.isalpha() and not term.endswith(("i", "s", "e", "y")) and len(term) > 3
        ]
        titles = [
            row[0].lower().split()
            for row in connection.execute("SELECT title FROM articles WHERE id % 97 = 0 LIMIT 20000")
        ]

        def between(low: float, high: float) -> list[str]:
            return [term for term, share in shares if low <= share <= high]

        titles, run_titles = (
            [words for words in titles if words[0].isascii()],
            [words[0] for words in titles if not words[0].isascii()],
        )
        run_words = [word for word in make_run_words(random.Random(1))[:2_000] if len(word) == 2]
        rare = between(0, 20 / size)
        medium, common, everywhere = between(0.001, 0.01), between(0.1, 0.3), between(0.6, 0.98)

        def draw(*pools: Sequence[str]) -> str:
            return " ".join(chance.choice(pool) for pool in pools)

        def phrase(length: int) -> str:
            words: list[str] = []
            while len(words) < length:
                title = chance.choice(titles)
                start = chance.randrange(max(1, len(title) - length + 1))
                words = title[start : start + length]
            return '"' + " ".join(words) + '"'

        def run(length: int) -> str:
            title = chance.choice(run_titles)
            start = chance.randrange(len(title) - length + 1)
            return title[start : start + length]

        def slip(word: str) -> str:
            place = chance.randrange(1, len(word) - 1)
            return word[:place] + word[place + 1] + word[place] + word[place + 2 :]

        def several(make: Callable[[], str]) -> list[str]:
            return [make() for _ in range(query_count)]

        self.classes = {
            "rare (at most 20 articles)": several(lambda: draw(rare)),
            "medium (0.1 to 1 %)": several(lambda: draw(medium)),
            "common (about 20 %)": several(lambda: draw(common)),
            "very common (about 80 %)": several(lambda: draw(everywhere)),
            "two: rare, very common": several(lambda: draw(rare, everywhere)),
            "two: medium, common": several(lambda: draw(medium, common)),
            "two: common, very common": several(lambda: draw(common, everywhere)),
            "three: any of a title": several(lambda: phrase(3).strip('"')),
            "three: very common, common, medium": several(lambda: draw(everywhere, common, medium)),
            "phrase of two": several(lambda: phrase(2)),
            "phrase of three": several(lambda: phrase(3)),
            "four of a title, one wrong": several(lambda: f"{phrase(3)} {draw(medium)}".replace('"', "")),
            "four, none together": several(lambda: draw(medium, medium, common, rare)),
            "misspelt, medium": several(lambda: f"{slip(draw(medium))} {draw(medium)}"),
            "either: medium OR common": several(lambda: f"{draw(medium)} OR {draw(common)}"),
            "nothing like it": several(lambda: slip(slip(draw(rare)))),
            "two characters of a run": several(lambda: chance.choice(run_words)),
            "three characters of a run": several(lambda: run(3)),
            "prefix of four letters": several(lambda: draw(medium)[:4] + "*"),
            "prefix of three letters": several(lambda: draw(medium)[:3] + "*"),
            "prefix of two letters": several(lambda: draw(medium)[:2] + "*"),
        }


def condition_of(query: str) -> Condition:
    """Return what a query asks of the index."""
    parsed = parse_query(query, NEWEST)
    patterns = tuple(Pattern(term.text, term.prefix) for term in parsed.wanted)
    if any(isinstance(part, Or) for part in parsed.root.parts):
        first, *others = patterns
        patterns = (Pattern(first.text, others=tuple((other, 1.0) for other in others)),)
    return Condition(patterns, typed=query)


Ask = Callable[[str], Awaitable[object]]


Clock = Callable[[], float]
CLOCKS: dict[str, Clock] = {"wall": time.perf_counter, "cpu": time.process_time}
"""What is read around each question: the wall's time, or this process's own where others share the machine."""


async def timed(
    queries: Sequence[str], *ways: Ask, repeat_count: int = REPEAT_COUNT, clock: Clock = time.perf_counter
) -> list[Times]:
    """Ask every query in each of several ways, which take turns, after a round that does not count."""
    for query in queries:
        for ask in ways:
            await ask(query)
    gc.collect()
    values: list[list[float]] = [[] for _ in ways]
    for query in queries:
        measured: list[list[float]] = [[] for _ in ways]
        for _attempt in range(repeat_count):
            for ask, times in zip(ways, measured, strict=True):
                began = clock()
                await ask(query)
                times.append((clock() - began) * 1000)
        for all_times, times in zip(values, measured, strict=True):
            all_times.append(statistics.median(times))
    return [Times(tuple(sorted(times))) for times in values]


# --------------------------------------------------------------------------- peers


class Exact:
    """SQLite asked directly: `ORDER BY rank`, and a LIKE scan."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def by_rank(self, query: str) -> list[int]:
        """Return FTS5's own top ten."""
        asked = question(condition_of(query))
        sql = "SELECT rowid FROM article_index WHERE article_index MATCH ? ORDER BY rank LIMIT ?"
        return [row[0] for row in self._connection.execute(sql, (asked.match, TOP))]

    def like(self, query: str) -> list[int]:
        """Return the ten best by quality that hold every word somewhere, as a bot without an index would."""
        words = [f"%{term.text}%" for term in parse_query(query, NEWEST).wanted]
        holds = "(title LIKE ? OR excerpt LIKE ? OR provider LIKE ? OR topics LIKE ? OR related LIKE ?)"
        where = " AND ".join(holds for _ in words)
        sql = f"SELECT id FROM articles WHERE {where} ORDER BY quality DESC LIMIT {TOP}"
        return [row[0] for row in self._connection.execute(sql, [word for word in words for _ in range(5)])]


class Tantivy:
    """The same articles in tantivy, stemmed, with the same column weights and boosts of quality and age."""

    def __init__(self, folder: Path, connection: sqlite3.Connection) -> None:
        import tantivy

        self._tantivy = tantivy
        builder = tantivy.SchemaBuilder()
        for field in FIELDS:
            builder.add_text_field(field, stored=False, tokenizer_name="en_stem")
        builder.add_integer_field("id", stored=True, fast=True)
        builder.add_float_field("boost", fast=True)
        schema = builder.build()
        is_new = not folder.exists()
        folder.mkdir(parents=True, exist_ok=True)
        self._index = tantivy.Index(schema, path=str(folder))
        if is_new:
            self._fill(connection)
        self._index.reload()
        self._searcher = self._index.searcher()

    def _fill(self, connection: sqlite3.Connection) -> None:
        writer = self._index.writer(heap_size=256_000_000, num_threads=2)
        for row in connection.execute(
            "SELECT id, quality, published_at, title, excerpt, body, provider, topics, related FROM articles"
        ):
            age = (NEWEST.timestamp() - row[2]) / 86400 / 30
            # `weight_by_field` multiplies with log2(2 + value); the factor 200 keeps that above 1.
            boost = 200 * (1 + min(row[1], 100) / 150) / (1 + age)
            document = self._tantivy.Document(**dict(zip(FIELDS, row[3:], strict=True)))
            document.add_integer("id", row[0])
            document.add_float("boost", 2**boost - 2)
            writer.add_document(document)
        writer.commit()
        writer.wait_merging_threads()

    def ask(self, query: str) -> list[int]:
        """Return the top ten."""
        if query.endswith("*"):
            parts = [
                (
                    self._tantivy.Occur.Should,
                    self._tantivy.Query.regex_query(self._index.schema, field, query[:-1] + ".*"),
                )
                for field in FIELDS
            ]
            parsed = self._tantivy.Query.boolean_query(parts)
        else:
            parsed = self._index.parse_query(
                query, list(FIELDS), field_boosts=dict(FIELDS), conjunction_by_default=True
            )
        found = self._searcher.search(parsed, TOP, weight_by_field="boost")
        return [self._searcher.doc(address)["id"][0] for _score, address in found.hits]


# --------------------------------------------------------------------------- the run


async def measure(folder: Path, size: int, only: str, clock_name: str) -> None:
    """Print the tables."""
    clock = CLOCKS[clock_name]
    path = folder / f"search-{size}.db"
    if not path.exists():
        began = time.perf_counter()
        await fill(path, size)
        print(f"{size:,} articles written and indexed in {time.perf_counter() - began:.0f} s")
    direct = sqlite3.connect(path)
    direct.execute("PRAGMA cache_size = -65536")
    tantivy = Tantivy(folder / f"search-{size}.tantivy", direct)
    exact = Exact(direct)
    asked = Asked(direct, size)
    # What only the benchmark holds is nothing that a bot's garbage collector would walk through.
    gc.collect()
    gc.freeze()
    corpus = await Database.open(path, CORPUS)
    asking = await Database.open(path, CORPUS, reader_count=2)
    try:
        store = SearchStore(asking)
        service = SearchService(ArticleStore(corpus), store)
        await service.refresh()

        async def ours(query: str) -> list[int]:
            condition = condition_of(query)
            found = await store.find(condition, sort=SearchSort.RELEVANCE, now=NEWEST, limit=TOP)
            return [hit.id for hit in found.hits]

        async def whole(query: str) -> object:
            return await service.search(SearchRequest(query), now=NEWEST)

        def blocking(ask: Callable[[str], list[int]]) -> Ask:
            async def answer(query: str) -> object:
                return ask(query)

            return answer

        async def in_thread(query: str) -> object:
            return await asyncio.to_thread(tantivy.ask, query)

        print(f"\nMilliseconds ({clock_name}), p50 / p99; ratios of p99\n")
        print(
            "| query | ten best | tantivy | ratio | tantivy in a thread | ratio | whole answer | ORDER BY rank | LIKE |"
        )
        print("| --- | --- | --- | --- | --- | --- | --- | --- | --- |")
        for name, queries in asked.classes.items():
            if only not in name:
                continue
            best, peer, threaded = await timed(queries, ours, blocking(tantivy.ask), in_thread, clock=clock)
            (answers,) = await timed(queries, whole, repeat_count=1, clock=clock)
            print(
                f"| {name} | {best} | {peer} | {best.worst / peer.worst:.1f} | {threaded}"
                f" | {best.worst / threaded.worst:.1f} | ",
                end="",
                flush=True,
            )
            few = queries[:SLOW_QUERY_COUNT]
            (by_rank,) = await timed(few, blocking(exact.by_rank), repeat_count=1)
            like = "-"
            if not name.startswith(("phrase", "prefix")):
                like = str((await timed(few[:2], blocking(exact.like), repeat_count=1))[0])
            print(f"{answers} | {by_rank} | {like} |", flush=True)
        await measure_autocomplete(service)
    finally:
        await asking.close()
        await corpus.close()
        direct.close()


async def measure_autocomplete(service: SearchService) -> None:
    """Print how long options take to complete while headlines and providers are typed letter by letter."""
    suggestions = service.suggestions
    chance = random.Random(9)
    values: list[float] = []
    for choice in chance.sample(suggestions.queries(""), 20):
        text = choice.value
        for end in range(len(text)):
            typed = text[:end] if chance.random() < 0.8 else text[: end // 2] + text[end // 2 + 1 : end]
            for complete in (suggestions.queries, suggestions.providers, suggestions.topics):
                began = time.perf_counter()
                complete(typed)
                values.append((time.perf_counter() - began) * 1000)
    print(f"\nAutocomplete: {len(values):,} times, {Times(tuple(sorted(values)))} ms (p50 / p99)")


def main() -> None:
    """Read the size and where to keep the generated corpus."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", type=int, default=1_000_000, help="number of generated articles")
    parser.add_argument("--folder", type=Path, help="keeps the generated corpus here for the next run")
    parser.add_argument("--only", default="", help="only the classes of queries whose name holds this")
    parser.add_argument("--clock", choices=CLOCKS, default="wall", help="cpu: this process's time, on a busy machine")
    arguments = parser.parse_args()
    if arguments.folder is not None:
        arguments.folder.mkdir(parents=True, exist_ok=True)
        asyncio.run(measure(arguments.folder, arguments.size, arguments.only, arguments.clock))
        return
    with tempfile.TemporaryDirectory(prefix="broadsheet-bench-") as folder:
        asyncio.run(measure(Path(folder), arguments.size, arguments.only, arguments.clock))


if __name__ == "__main__":
    main()
