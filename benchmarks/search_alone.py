"""How much CPU time a search takes by itself, where other work shares the machine.

No peers. Each query is asked once before it counts, and its time is divided by that of a fixed loop measured right
before and after it, so that a core that others slow down counts less. The slowest few of each class are asked again and
count with the middle one of their times.
`python -m benchmarks.search_alone --folder FOLDER --size 100000 --queries 100`
"""

from __future__ import annotations

import argparse
import asyncio
import gc
import math
import sqlite3
import statistics
import time
from collections.abc import Sequence
from pathlib import Path

from benchmarks.newsstand import NEWEST, fill
from benchmarks.search import TOP, Ask, Asked, condition_of
from digests.models import SearchRequest, SearchSort
from digests.service.search import SearchService
from digests.store.articles import ArticleStore
from digests.store.connection import Database
from digests.store.database_kinds import CORPUS
from digests.store.search import SearchStore

LOOP_COUNT = 10_000
AGAIN_COUNT = 6
"""The slowest of each class, asked three times more."""


def _loop() -> float:
    """Return the CPU milliseconds of a fixed piece of work."""
    began = time.process_time()
    total = 0
    for number in range(LOOP_COUNT):
        total += number * number
    return (time.process_time() - began) * 1000


class Watch:
    """Measures CPU time in milliseconds of this machine at rest, which is when the loop is fastest."""

    def __init__(self) -> None:
        self._rest = min(_loop() for _attempt in range(200))

    async def time(self, ask: Ask, query: str) -> float:
        """Ask once."""
        before = _loop()
        began = time.process_time()
        await ask(query)
        took = (time.process_time() - began) * 1000
        slowed = min(before, _loop()) / self._rest
        return took / max(slowed, 1.0)


async def timed(watch: Watch, queries: Sequence[str], ask: Ask) -> tuple[float, float, str]:
    """Return median, 99th percentile and the slowest query of different queries."""
    times: dict[str, float] = {}
    for query in dict.fromkeys(queries):
        await ask(query)
        times[query] = await watch.time(ask, query)
    for query in sorted(times, key=lambda query: -times[query])[:AGAIN_COUNT]:
        times[query] = statistics.median_low([times[query], *[await watch.time(ask, query) for _attempt in range(3)]])
    ordered = sorted(times, key=lambda query: times[query])
    worst = ordered[math.ceil(0.99 * len(ordered)) - 1]
    return statistics.median(times.values()), times[worst], ordered[-1]


async def measure(folder: Path, size: int, query_count: int, only: str) -> None:
    """Print the table."""
    path = folder / f"search-{size}.db"
    if not path.exists():
        await fill(path, size)
    direct = sqlite3.connect(path)
    asked = Asked(direct, size, query_count=query_count)
    direct.close()
    gc.collect()
    gc.freeze()
    corpus = await Database.open(path, CORPUS)
    asking = await Database.open(path, CORPUS, reader_count=2)
    try:
        # What is measured is the whole search, not where it would be cut short.
        store = SearchStore(asking, time_limit_s=30)
        service = SearchService(ArticleStore(corpus), store)
        await service.refresh()

        async def ten_best(query: str) -> object:
            return await store.find(condition_of(query), sort=SearchSort.RELEVANCE, now=NEWEST, limit=TOP)

        async def whole(query: str) -> object:
            return await service.search(SearchRequest(query), now=NEWEST)

        print(f"\n{size:,} articles: CPU milliseconds, p50 / p99\n")
        print("| query | queries | ten best | whole answer | slowest |\n| --- | --- | --- | --- | --- |")
        watch = Watch()
        for name, queries in asked.classes.items():
            if only not in name:
                continue
            ten, answer = await timed(watch, queries, ten_best), await timed(watch, queries, whole)
            cells = [name, str(len(set(queries))), *(f"{one[0]:.1f} / {one[1]:.1f}" for one in (ten, answer))]
            print("| " + " | ".join(cells) + f" | `{answer[2]}` |", flush=True)
    finally:
        await asking.close()
        await corpus.close()


def main() -> None:
    """Read which size to measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", type=int, default=100_000, help="number of generated articles")
    parser.add_argument("--folder", type=Path, required=True, help="keeps the generated corpus here for the next run")
    parser.add_argument("--queries", type=int, default=100, help="of each class")
    parser.add_argument("--only", default="", help="only the classes of queries whose name holds this")
    arguments = parser.parse_args()
    arguments.folder.mkdir(parents=True, exist_ok=True)
    asyncio.run(measure(arguments.folder, arguments.size, arguments.queries, arguments.only))


if __name__ == "__main__":
    main()
