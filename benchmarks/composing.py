"""How long it takes to compose an edition, and what sharing compositions saves.

Peers: comparing every headline with every other (what a simple bot does to find doubles), and composing again for each
of many subscriptions that want the same. Each number is the median of several rounds; a first time can't be repeated
in one process and is the median over several sets of articles.
"""

from __future__ import annotations

import asyncio
import itertools
import random
import statistics
import tempfile
import time as clock
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import TypeAlias

from benchmarks.table import Row, Table
from digests.composing.compose import compose
from digests.composing.headlines import headline, say_the_same
from digests.gc_pause import collector_paused
from digests.models import (
    Article,
    Cadence,
    ChannelKind,
    Delivered,
    Digest,
    Policy,
    Presentation,
    Provider,
    RelatedLink,
    Subscription,
    SubscriptionLimits,
    Window,
)
from digests.service.corpus import CorpusService
from digests.service.digests import DigestService
from digests.service.edition_run import Rendered
from digests.service.editions import EditionService
from digests.service.subscriptions import SubscriptionService
from digests.store.articles import ArticleStore
from digests.store.connection import Database
from digests.store.database_kinds import CORPUS, STATE
from digests.store.outbox.compositions import CompositionStore, Packer
from digests.store.outbox.editions import EditionStore
from digests.store.settings import SettingsStore
from digests.store.subscriptions import SubscriptionStore

NOW = datetime(2026, 3, 10, 8, tzinfo=UTC)
WORD_COUNT = 20_000
TITLE_WORDS = 9
SUBSCRIPTIONS = 10_000
ALL_PAIRS = 1_000
SIZES = (100, 1_000, 10_000)
FIRST_TIMES = 3
SERVICE_ROUNDS = 5
Filters: TypeAlias = tuple[tuple[str, ...], int | None]
"""What a subscription orders: topics, and a quality floor."""


def make_articles(
    count: int, *, seed: int = 1, excerpt_words: int = 0, at: datetime = NOW, first_number: int = 0
) -> list[Article]:
    """Make a day's articles with long-tail words, half of them with related lists; three in five are published.

    Args:
        count: How many.
        seed: Of what chance decides.
        excerpt_words: In each excerpt.
        at: The end of their day.
        first_number: Files, addresses and row numbers count from here.
    """
    chance = random.Random(seed)
    words = ["".join(chance.choices("abcdefghilmnoprstu", k=chance.randint(4, 9))) for _ in range(WORD_COUNT)]
    tail = list(itertools.accumulate(1 / (rank + 60) for rank in range(WORD_COUNT)))

    def text(count: int) -> str:
        return " ".join(chance.choices(words, cum_weights=tail, k=count)).capitalize()

    def title() -> str:
        return text(TITLE_WORDS)

    def related(number: int) -> RelatedLink:
        of_corpus = chance.random() < 0.2
        key = f"p{number % 40}.example/{number % count if of_corpus else number + count}"
        return RelatedLink(
            title(), f"https://{key}", key, Provider(f"P{number % 40}", f"p{number % 40}.example"), NOW, 50
        )

    made: list[Article] = []
    for number in range(count):
        domain = f"p{min(int(chance.paretovariate(0.8)), 400)}.example"
        links = [related(chance.randrange(5 * count)) for _ in range(chance.choice((0, 0, 0, 2, 5, 12)))]
        published_at = at - timedelta(minutes=chance.randrange(1440))
        made.append(
            Article(
                id=first_number + number + 1,
                path=f"{first_number + number}.md",
                title=made[number - 7].title if number % 50 == 49 else title(),
                excerpt=text(excerpt_words) if excerpt_words else "",
                key=f"{domain}/{first_number + number}",
                url=f"https://{domain}/{first_number + number}",
                provider=Provider(domain, domain),
                topics=(f"Topic {chance.randrange(9)}",),
                quality=chance.randrange(120),
                heat=chance.randrange(200),
                published=number % 5 < 3,
                published_at=published_at,
                arrived_at=published_at,
                related=tuple(links),
            )
        )
    return made


def _compose(candidates: list[Article], context: list[Article]) -> Digest:
    window = Window(NOW - timedelta(days=1), NOW)
    return compose(candidates, context, Delivered(), Policy(), window, local_date=NOW.date(), timezone="UTC")


def _median(work: Callable[[], object], rounds: int = 9) -> float:
    times = []
    for _round in range(rounds):
        began = clock.perf_counter()
        work()
        times.append(clock.perf_counter() - began)
    return statistics.median(times)


def composing(table: Table) -> None:
    """Compose out of growing numbers of candidates."""
    for count in SIZES:
        firsts = []
        for seed in range(FIRST_TIMES):
            articles = make_articles(count * 5 // 3, seed=1000 * (seed + 1) + count)
            candidates = [article for article in articles if article.published]
            context = [article for article in articles if not article.published]
            firsts.append(_median(lambda c=candidates, x=context: _compose(c, x), 1))  # type: ignore[misc]
        warm = _median(lambda c=candidates, x=context: _compose(c, x))  # type: ignore[misc]
        table.add(Row(f"compose, {len(candidates):,} candidates, headlines seen before", 1000 * warm, "ms"))
        table.add(Row("the same, headlines never seen", 1000 * statistics.median(firsts), "ms"))
    taken_apart = [headline(article.title) for article in make_articles(ALL_PAIRS)]
    pairs = 1000 * _median(lambda: [say_the_same(a, b) for a, b in itertools.combinations(taken_apart, 2)], 3)
    table.add(Row(f"peer: all pairs of {ALL_PAIRS:,} headlines compared", pairs, "ms"))
    scale = (SIZES[-1] * 5 / 3 / ALL_PAIRS) ** 2
    table.add(Row(f"peer: the same for {SIZES[-1]:,} candidates and their context, computed", pairs * scale, "ms"))


async def _serving(table: Table, folder: Path) -> None:
    corpus = await Database.open(folder / "corpus.db", CORPUS)
    try:
        store = ArticleStore(corpus)
        await fill(store, make_articles(SIZES[-1] * 5 // 3), folder / "articles")
        digests = DigestService(store)
        window = Window(NOW - timedelta(days=1), NOW)
        whole, read, packed = [], [], []
        for _round in range(SERVICE_ROUNDS):
            began = clock.perf_counter()
            digest = await digests.compose(Policy(), window, local_date=NOW.date(), timezone="UTC")
            whole.append(clock.perf_counter() - began)
            with collector_paused:
                began = clock.perf_counter()
                candidates = await store.find_candidates(window)
                read.append(clock.perf_counter() - began)
            packed.append(_median(lambda d=digest: Packer().pack(d), 1))  # type: ignore[misc]
        name = f"{len(candidates):,} candidates"
        table.add(Row(f"{name} and their context read, decoded, composed", 1000 * statistics.median(whole), "ms"))
        table.add(Row("the first time, headlines never seen", 1000 * whole[0], "ms"))
        table.add(Row("of that: the candidates read and decoded", 1000 * statistics.median(read), "ms"))
        table.add(Row("afterwards: the digest packed for its buttons", 1000 * statistics.median(packed), "ms"))
    finally:
        await corpus.close()


def serving(table: Table) -> None:
    """Compose out of a store that holds ten thousand candidates, as `/digest preview` does."""
    with tempfile.TemporaryDirectory(prefix="broadsheet-bench-") as folder:
        asyncio.run(_serving(table, Path(folder)))


async def _sharing(table: Table, folder: Path) -> None:
    corpus = await Database.open(folder / "corpus.db", CORPUS)
    state = await Database.open(folder / "state.db", STATE)
    rendered_count = 0

    def render(_digest: Digest, _id: int, _presentation: Presentation) -> Rendered:
        nonlocal rendered_count
        rendered_count += 1
        return Rendered(("[]",), "")

    try:
        articles = [article for article in make_articles(300) if article.published]
        store = ArticleStore(corpus)
        await fill(store, articles, folder / "articles")
        digests = DigestService(store)
        await subscribe(state, [((), None)], SUBSCRIPTIONS)
        editions = editions_of(state, digests)
        began = clock.perf_counter()
        made = await editions.prepare(NOW, render)
        shared = clock.perf_counter() - began
        window = Window(NOW - timedelta(days=1), NOW)
        times = []
        for _round in range(20):
            began = clock.perf_counter()
            await digests.compose(Policy(), window, local_date=NOW.date(), timezone="UTC")
            times.append(clock.perf_counter() - began)
        alone = statistics.median(times) * SUBSCRIPTIONS
        table.add(Row(f"{made:,} editions written from {rendered_count} composition", shared, "s"))
        table.add(
            Row(f"peer: {SUBSCRIPTIONS:,} compositions, one each, computed, nothing written", alone, "s", versus=shared)
        )
    finally:
        await state.close()
        await corpus.close()


async def subscribe(state: Database, wanted: Sequence[Filters], count: int) -> None:
    """Order papers for so many channels, as many for each set of filters."""
    service = SubscriptionService(SubscriptionStore(state), SubscriptionLimits(per_guild=10**9, per_user=10**9))
    for number in range(count):
        topics, floor = wanted[number % len(wanted)]
        await service.subscribe(
            Subscription(
                guild_id=number,
                channel_id=number,
                channel_kind=ChannelKind.TEXT,
                creator_id=1,
                cadence=Cadence((time(NOW.hour),)),
                created_at=NOW - timedelta(hours=2),
                topics=topics,
                min_quality=floor,
            ),
            now=NOW - timedelta(hours=2),
        )


def editions_of(state: Database, digests: DigestService) -> EditionService:
    """Return what makes editions."""
    return EditionService(
        SubscriptionStore(state),
        EditionStore(state),
        CompositionStore(state),
        SettingsStore(state),
        digests,
        policy=Policy(),
    )


async def fill(store: ArticleStore, articles: list[Article], folder: Path, *, at: datetime = NOW) -> None:
    """Write articles as files and load them, as they would come to be there."""
    folder.mkdir(exist_ok=True)
    for article in articles:
        assert article.published_at is not None
        related = "".join(
            f"  - {{title: {link.title}, webUrl: '{link.url}', provider: {_provider(link.provider)},"
            f" publishedDateTime: '{NOW:%Y-%m-%dT%H:%M:%SZ}', quality: {link.quality}}}\n"
            for link in article.related
        )
        (folder / article.path).write_text(
            f"---\ntitle: {article.title}\nexcerpt: {article.excerpt}\n"
            f"publishedDateTime: {article.published_at:%Y-%m-%dT%H:%M:%SZ}\n"
            f"webUrl: '{article.url}'\nquality: {article.quality}\nheat: {article.heat}\n"
            f"published: {str(article.published).lower()}\ntopics: [{article.topics[0]}]\n"
            f"provider: {_provider(article.provider)}\nrelated:\n{related or '  []'}\n---\n",
            "utf-8",
        )
    service = CorpusService(store, (folder,))
    await service.load(now=at)
    await service.close()


def _provider(provider: Provider | None) -> str:
    return f"{{name: {provider.name}, domain: {provider.domain}}}" if provider is not None else "{}"


def sharing(table: Table) -> None:
    """Make the editions of ten thousand equal subscriptions."""
    with tempfile.TemporaryDirectory(prefix="broadsheet-bench-") as folder:
        asyncio.run(_sharing(table, Path(folder)))


def main() -> None:
    """Measure all and print it."""
    tables = []
    for title, measure in (
        ("Composing an edition", composing),
        (f"The same from a store, with {SIZES[-1]:,} candidates", serving),
        (f"{SUBSCRIPTIONS:,} subscriptions with the same filters and history", sharing),
    ):
        tables.append(Table(title))
        measure(tables[-1])
    print("\n\n".join(table.markdown() for table in tables))


if __name__ == "__main__":
    main()
