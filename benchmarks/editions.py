"""How long it takes to make the editions of one minute, many filters wide, and how long the event loop waits meanwhile.

The filter sets are subsets of nine topics with four quality floors, all due at one minute; the second day has a memory
of the first. Peers: the same compositions with nothing shared between them, and as many subscriptions that all want the
same. CPU time is that of the whole process; the loop's lag is by how much a task that sleeps a millisecond wakes late.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import statistics
import tempfile
import time as clock
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import chain, combinations, islice, product
from pathlib import Path

from benchmarks.composing import NOW, Filters, editions_of, fill, make_articles, subscribe
from benchmarks.table import Row, Table
from bot.render.digest import digest_title, render_digest
from digests.models import Digest, Policy, Presentation, Window
from digests.service.digests import DigestService
from digests.service.edition_run import Rendered
from digests.store.articles import ArticleStore
from digests.store.connection import Database
from digests.store.database_kinds import CORPUS, STATE

SUBSCRIPTIONS = 10_000
FILTERS = 2_000
ARTICLES = 300
TOPICS = tuple(f"Topic {number}" for number in range(9))
FLOORS = (None, 20, 40, 60)
EXCERPT_WORDS = 30
ALONE = 20
"""Compositions that the peers' times are computed from."""
_DAY = timedelta(days=1)


@dataclass(slots=True)
class Measured:
    """One piece of work: wall-clock and CPU seconds, and by how many seconds a task woke late, ascending."""

    wall_s: float = 0.0
    cpu_s: float = 0.0
    lags_s: list[float] = field(default_factory=list)

    def lag_ms(self, share: float) -> float:
        """Return the lag that so large a share of the wakings stayed within."""
        return 1000 * self.lags_s[min(int(len(self.lags_s) * share), len(self.lags_s) - 1)]


@asynccontextmanager
async def measuring() -> AsyncIterator[Measured]:
    """Measure what happens in the block."""
    measured = Measured()

    async def sleep() -> None:
        while True:
            began = clock.perf_counter()
            await asyncio.sleep(0.001)
            measured.lags_s.append(clock.perf_counter() - began - 0.001)

    sleeper = asyncio.create_task(sleep())
    wall, cpu = clock.perf_counter(), clock.process_time()
    try:
        yield measured
    finally:
        measured.wall_s, measured.cpu_s = clock.perf_counter() - wall, clock.process_time() - cpu
        await asyncio.sleep(0.01)
        sleeper.cancel()
        measured.lags_s.sort()


def filter_sets(count: int) -> list[Filters]:
    """Return so many sets of topics with a quality floor each, no two alike."""
    subsets = chain.from_iterable(combinations(TOPICS, size) for size in range(len(TOPICS) + 1))
    found = list(islice(((subset, floor) for subset, floor in product(subsets, FLOORS)), count))
    if len(found) < count:
        raise SystemExit(f"There are {len(found):,} filter sets at most.")
    return found


def render(digest: Digest, composition_id: int, presentation: Presentation) -> Rendered:
    """Render a digest as the bot does."""
    parts = render_digest(digest, presentation, composition_id=composition_id)
    payloads = tuple(json.dumps(part.components, ensure_ascii=False, separators=(",", ":")) for part in parts)
    return Rendered(payloads, digest_title(digest))


async def many_filters(table: Table, folder: Path, *, subscriptions: int, filters: int, articles: int) -> None:
    """Make two days' editions of many filter sets."""
    corpus = await Database.open(folder / "corpus.db", CORPUS)
    state = await Database.open(folder / "state.db", STATE)
    try:
        store = ArticleStore(corpus)
        await fill(store, make_articles(articles, excerpt_words=EXCERPT_WORDS), folder / "articles")
        wanted = filter_sets(filters)
        await subscribe(state, wanted, subscriptions)
        digests = DigestService(store)
        editions = editions_of(state, digests)
        for day, now in (("first", NOW), ("second", NOW + _DAY)):
            async with measuring() as measured:
                made = await editions.prepare(now, render)
            alone = await _alone(digests, wanted, now)
            name = f"{made:,} editions of {filters:,} filter sets, {day} day"
            table.add(Row(f"{name}, CPU", measured.cpu_s, "s", versus=alone * filters))
            table.add(
                Row("peer: as many compositions, nothing shared, nothing written, computed, CPU", alone * filters, "s")
            )
            table.add(Row(f"{name}, wall-clock", measured.wall_s, "s"))
            note = f"p50 {measured.lag_ms(0.5):.1f} ms, worst {measured.lag_ms(1):.0f} ms; 50 ms are promised"
            table.add(Row("the loop's lag meanwhile, p99", measured.lag_ms(0.99), "ms", note=note))
            if now == NOW:
                later = make_articles(
                    articles, excerpt_words=EXCERPT_WORDS, seed=2, at=NOW + _DAY, first_number=articles
                )
                await fill(store, later, folder / "articles", at=NOW + _DAY - timedelta(hours=1))
    finally:
        await state.close()
        await corpus.close()


async def _alone(digests: DigestService, wanted: list[Filters], now: datetime) -> float:
    """Return the CPU seconds of a composition that shares nothing, the median of some."""
    times = []
    for topics, floor in wanted[:: max(len(wanted) // ALONE, 1)]:
        policy = Policy(topics=topics, min_quality=floor or 0)
        began = clock.process_time()
        await digests.compose(policy, Window(now - _DAY, now), local_date=now.date(), timezone="UTC")
        times.append(clock.process_time() - began)
    return statistics.median(times)


def measure(*, subscriptions: int = SUBSCRIPTIONS, filters: int = FILTERS, articles: int = ARTICLES) -> Table:
    """Measure all of it in a folder that is gone afterwards."""
    table = Table(f"{subscriptions:,} subscriptions in {filters:,} filter sets, due at one minute")
    with tempfile.TemporaryDirectory(prefix="broadsheet-bench-") as folder:
        asyncio.run(many_filters(table, Path(folder), subscriptions=subscriptions, filters=filters, articles=articles))
    return table


def main() -> None:
    """Print the table: `python -m benchmarks.editions [--subscriptions N] [--filters N] [--articles N]`."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--subscriptions", type=int, default=SUBSCRIPTIONS)
    parser.add_argument("--filters", type=int, default=FILTERS)
    parser.add_argument("--articles", type=int, default=ARTICLES, help="a day, three in five of them headlines")
    chosen = parser.parse_args()
    table = measure(subscriptions=chosen.subscriptions, filters=chosen.filters, articles=chosen.articles)
    print(table.markdown())


if __name__ == "__main__":
    main()
