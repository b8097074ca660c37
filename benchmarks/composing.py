"""How long it takes to compose an edition, and what sharing compositions saves.

Peers: comparing every headline with every other (what a simple bot does to find doubles), and composing anew for each
of many subscriptions that want the same.
"""

from __future__ import annotations

import asyncio
import itertools
import random
import tempfile
import time as clock
from datetime import UTC, datetime, time, timedelta
from pathlib import Path

from benchmarks.table import Row, Table
from digests.compose import compose
from digests.headlines import headline, say_the_same
from digests.models import (
    Article,
    Cadence,
    ChannelKind,
    Digest,
    Policy,
    Provider,
    RelatedLink,
    Subscription,
    Told,
    Window,
)
from digests.service.corpus import CorpusService
from digests.service.digests import DigestService
from digests.service.editions import EditionService, Rendered
from digests.service.subscriptions import SubscriptionLimits, SubscriptionService
from digests.store.articles import ArticleStore
from digests.store.compositions import CompositionStore
from digests.store.connection import CORPUS, STATE, Database
from digests.store.editions import EditionStore
from digests.store.settings import SettingsStore
from digests.store.subscriptions import SubscriptionStore

NOW = datetime(2026, 3, 10, 8, tzinfo=UTC)
WORD_COUNT = 20_000
TITLE_WORDS = 9
SUBSCRIPTIONS = 10_000
ALL_PAIRS = 1_000


def make_articles(count: int, *, seed: int = 1) -> list[Article]:
    """Makes a day's articles with long-tail words, half of them with related lists; three in five are published."""
    chance = random.Random(seed)
    words = ["".join(chance.choices("abcdefghilmnoprstu", k=chance.randint(4, 9))) for _ in range(WORD_COUNT)]
    tail = list(itertools.accumulate(1 / (rank + 60) for rank in range(WORD_COUNT)))

    def title() -> str:
        return " ".join(chance.choices(words, cum_weights=tail, k=TITLE_WORDS)).capitalize()

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
        published_at = NOW - timedelta(minutes=chance.randrange(1440))
        made.append(
            Article(
                id=number + 1,
                path=f"{number}.md",
                title=made[number - 7].title if number % 50 == 49 else title(),
                key=f"{domain}/{number}",
                url=f"https://{domain}/{number}",
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
    return compose(candidates, context, Told(), Policy(), window, local_date=NOW.date(), timezone="UTC")


def _fastest(work: object, rounds: int = 5) -> float:
    assert callable(work)
    times = []
    for _round in range(rounds):
        began = clock.perf_counter()
        work()
        times.append(clock.perf_counter() - began)
    return sorted(times)[len(times) // 2]


def composing(table: Table) -> None:
    """Composes out of growing numbers of candidates."""
    for count in (100, 1_000, 10_000):
        articles = make_articles(count * 5 // 3)
        candidates = [article for article in articles if article.published]
        context = [article for article in articles if not article.published]
        began = clock.perf_counter()
        _compose(candidates, context)
        first = clock.perf_counter() - began
        warm = _fastest(lambda c=candidates, x=context: _compose(c, x))
        table.add(Row(f"compose, {len(candidates):,} candidates, headlines seen before", warm, "s"))
        table.add(Row(f"compose, {len(candidates):,} candidates, first time", first, "s"))
    taken_apart = [headline(article.title) for article in make_articles(ALL_PAIRS)]
    pairs = _fastest(lambda: [say_the_same(a, b) for a, b in itertools.combinations(taken_apart, 2)], 3)
    table.add(Row(f"all pairs of {ALL_PAIRS:,} headlines compared", pairs, "s"))
    scale = (10_000 * 5 / 3 / ALL_PAIRS) ** 2
    table.add(Row("the same for 10,000 candidates and their context, reckoned", pairs * scale, "s"))


async def _sharing(table: Table, folder: Path) -> None:
    corpus = await Database.open(folder / "corpus.db", CORPUS)
    state = await Database.open(folder / "state.db", STATE)
    rendered_count = 0

    def render(_digest: Digest, _id: int) -> Rendered:
        nonlocal rendered_count
        rendered_count += 1
        return Rendered(("[]",), "")

    try:
        articles = [article for article in make_articles(300) if article.published]
        store = ArticleStore(corpus)
        await _fill(store, articles, folder / "articles")
        digests = DigestService(store)
        subscriptions = SubscriptionStore(state)
        service = SubscriptionService(subscriptions, SubscriptionLimits(per_guild=10**9, per_user=10**9))
        editions = EditionService(
            subscriptions, EditionStore(state), CompositionStore(state), SettingsStore(state), digests, policy=Policy()
        )
        for number in range(SUBSCRIPTIONS):
            await service.subscribe(
                Subscription(
                    guild_id=number,
                    channel_id=number,
                    channel_kind=ChannelKind.TEXT,
                    creator_id=1,
                    cadence=Cadence((time(8, 0),)),
                    created_at=NOW - timedelta(hours=2),
                ),
                now=NOW - timedelta(hours=2),
            )
        began = clock.perf_counter()
        made = await editions.prepare(NOW, render)
        shared = clock.perf_counter() - began
        window = Window(NOW - timedelta(days=1), NOW)
        began = clock.perf_counter()
        rounds = 20
        for _round in range(rounds):
            await digests.compose(Policy(), window, local_date=NOW.date(), timezone="UTC")
        alone = (clock.perf_counter() - began) / rounds * SUBSCRIPTIONS
        table.add(Row(f"{made:,} editions written from {rendered_count} composition", shared, "s"))
        table.add(Row(f"{SUBSCRIPTIONS:,} compositions, one each, reckoned", alone, "s", versus=shared))
    finally:
        await state.close()
        await corpus.close()


async def _fill(store: ArticleStore, articles: list[Article], folder: Path) -> None:
    """Writes articles as files and loads them, as they would come to be there."""
    folder.mkdir()
    for article in articles:
        assert article.published_at is not None
        related = "".join(f"  - {{title: {link.title}, webUrl: '{link.url}'}}\n" for link in article.related)
        (folder / article.path).write_text(
            f"---\ntitle: {article.title}\npublishedDateTime: {article.published_at:%Y-%m-%dT%H:%M:%SZ}\n"
            f"webUrl: '{article.url}'\nquality: {article.quality}\ntopics: [{article.topics[0]}]\n"
            f"related:\n{related or '  []'}\n---\n",
            "utf-8",
        )
    await CorpusService(store, (folder,)).load(now=NOW)


def sharing(table: Table) -> None:
    """Makes the editions of ten thousand equal subscriptions."""
    with tempfile.TemporaryDirectory(prefix="broadsheet-bench-") as folder:
        asyncio.run(_sharing(table, Path(folder)))


def main() -> None:
    """Measures both and prints them."""
    first = Table("Composing an edition")
    composing(first)
    second = Table(f"{SUBSCRIPTIONS:,} subscriptions with the same filters and history")
    sharing(second)
    print(f"{first.markdown()}\n\n{second.markdown()}")


if __name__ == "__main__":
    main()
