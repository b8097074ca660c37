"""What a search finds, and in which order."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from digests.models import SearchSort
from digests.store.connection import Database
from digests.store.search import Condition, Hits, Pattern, SearchStore, fts_maintenance, result_order
from tests.digests.making import NOON, article, hours, link
from tests.digests.store.search.rows import NOW, holding, ids, put
from tests.patience import PATIENCE_S

# --------------------------------------------------------------------------- matching


@pytest.mark.parametrize(
    ("words", "found"),
    [
        (["clearview"], True),
        (["CLEARVIEW"], True),
        (["surveillances"], True),  # stems
        (["surveil"], True),
        (["quebec"], True),  # diacritics
        (["québec"], True),
        (["mass surveillance"], True),  # a phrase
        (["surveillance mass"], False),
        (["clearview", "rcmp"], True),  # excerpt
        (["clearview", "watchdog"], True),  # related title
        (["clearview", "footnote"], True),  # body
        (["ledger"], True),  # provider
        (["ledger.example"], True),
        (["computer vision"], True),  # topic
        (["clearview", "absent"], True),  # most of the words
        (["absent"], False),
    ],
)
async def test_words_are_found_in_every_column(
    database: Database, store: SearchStore, words: list[str], found: bool
) -> None:
    await put(
        database,
        [
            article(
                "a",
                "Clearview's mass surveillance ruled illegal in Québec",
                excerpt="The RCMP was a client",
                body="A footnote",
                topics=("Computer Vision",),
                related=(link("b", "Privacy watchdog orders deletion"),),
            )
        ],
    )
    assert bool(await ids(store, holding(*words))) is found


async def test_a_prefix_finds_longer_words(database: Database, store: SearchStore) -> None:
    await put(database, [article("a", "Clearview ruled illegal")])
    assert await ids(store, Condition((Pattern("clearv", prefix=True),)))
    assert not await ids(store, Condition((Pattern("clearv"),)))


async def test_unwanted_words_are_left_out_with_and_without_wanted_ones(database: Database, store: SearchStore) -> None:
    first, second = await put(database, [article("a", "Harbour opens"), article("b", "Harbour closes")])
    assert await ids(store, Condition((Pattern("harbour"),), (Pattern("closes"),))) == [first]
    assert await ids(store, Condition(unwanted=(Pattern("opens"),))) == [second]


async def test_filters_are_exact_where_words_alone_would_find_too_much(database: Database, store: SearchStore) -> None:
    articles = [
        article("a", "Harbour one", topics=("AI",)),
        article("b", "Harbour two", topics=("AI Ethics",)),
        article("c", "Harbour three", topics=("Énergie",), provider="sub.ledger"),
        article("d", "Harbour four", topics=("AI",), provider="wire"),
    ]
    a, b, c, d = await put(database, articles)
    assert set(await ids(store, holding("harbour", topics=("ai",)))) == {a, d}
    assert set(await ids(store, holding(topics=("ai",)))) == {a, d}
    assert set(await ids(store, holding(topics=("ÉNERGIE",)))) == {c}
    assert set(await ids(store, holding(domains=("ledger.example",)))) == {a, b}
    assert set(await ids(store, holding(domains=("ledger.example", "wire.example"), topics=("AI",)))) == {a, d}
    assert set(await ids(store, holding("harbour", excluded_domains=("ledger.example",)))) == {c, d}
    assert set(await ids(store, holding("harbour", excluded_topics=("AI",)))) == {b, c}


async def test_dates_are_half_open_and_leave_undated_articles_out(database: Database, store: SearchStore) -> None:
    articles = [
        article("a", "Harbour one", published_at=NOON - timedelta(days=2)),
        article("b", "Harbour two", published_at=NOON - timedelta(days=1)),
        article("c", "Harbour three", published_at=NOON),
        article("d", "Harbour four", published_at=None, arrived_at=None),
    ]
    a, b, c, d = await put(database, articles)
    assert set(await ids(store, holding("harbour"))) == {a, b, c, d}
    assert await ids(store, holding("harbour", since=NOON - timedelta(days=1))) == [c, b]
    assert await ids(store, holding("harbour", until=NOON - timedelta(days=1))) == [a]
    assert await ids(store, holding(since=NOON - timedelta(days=1), until=NOON)) == [b]
    assert await ids(store, holding("harbour", since=datetime.min.replace(tzinfo=UTC))) == [c, b, a]


async def test_headlines_only(database: Database, store: SearchStore) -> None:
    a, _b = await put(database, [article("a"), article("b", published=False)])
    assert await ids(store, Condition(published_only=True)) == [a]


# --------------------------------------------------------------------------- order


async def test_a_word_in_the_title_counts_more_than_in_the_excerpt_or_a_related_title(
    database: Database, store: SearchStore
) -> None:
    articles = [
        article("a", "Something else entirely happens", related=(link("x", "Ferry strike ends"),)),
        article("b", "Something else entirely happens", excerpt="About the ferry, in short, and more"),
        article("c", "Ferry strike hits the port"),
        *(article(f"other{number}") for number in range(20)),
    ]
    a, b, c, *_others = await put(database, articles)
    assert await ids(store, holding("ferry")) == [c, b, a]


async def test_newer_and_better_articles_come_first_among_equals(database: Database, store: SearchStore) -> None:
    articles = [
        article("old", "Ferry strike", published_at=NOON - timedelta(days=90)),
        article("poor", "Ferry strike", quality=10),
        article("good", "Ferry strike", quality=95),
        *(article(f"other{number}") for number in range(20)),
    ]
    old, poor, good, *_others = await put(database, articles)
    assert await ids(store, holding("ferry")) == [good, poor, old]
    assert await ids(store, holding("ferry"), SearchSort.NEWEST) == [good, poor, old]
    assert (await ids(store, holding("ferry"), SearchSort.QUALITY))[0] == good


async def test_an_archive_that_stopped_growing_still_knows_older_from_newer(
    database: Database, store: SearchStore
) -> None:
    articles = [
        article("old", "Ferry strike", published_at=NOON - timedelta(days=90), quality=100),
        article("new", "Ferry strike", quality=50),
        *(article(f"other{number}") for number in range(20)),
    ]
    old, new, *_others = await put(database, articles)
    found = await store.find(holding("ferry"), sort=SearchSort.RELEVANCE, now=NOW + timedelta(days=3650), limit=10)
    assert [hit.id for hit in found.hits] == [new, old]


async def test_without_words_relevance_is_newest(database: Database, store: SearchStore) -> None:
    a, b = await put(database, [article("a", published_at=NOON - hours(5), quality=100), article("b", quality=1)])
    assert await ids(store, Condition()) == [b, a]


@pytest.mark.slow
@pytest.mark.parametrize("sort", list(SearchSort))
@pytest.mark.parametrize("recent", [False, True])
async def test_pages_follow_each_other_without_gap_or_double(
    database: Database, store: SearchStore, monkeypatch: pytest.MonkeyPatch, sort: SearchSort, recent: bool
) -> None:
    monkeypatch.setattr(result_order, "WINDOW_COUNT", 110)
    monkeypatch.setattr(result_order, "QUALITY_WINDOW_COUNT", 30)
    if recent:
        monkeypatch.setattr(fts_maintenance, "RECENT_COUNT", 50)
        monkeypatch.setattr(fts_maintenance, "RECENT_FROM_COUNT", 60)
        monkeypatch.setattr(fts_maintenance, "LARGE_FROM_COUNT", 60)
    articles = [
        article(f"n{number}", "Ferry strike" + " ferry" * (number % 7), quality=number % 50,
                published_at=NOON - hours(number % 90))
        for number in range(150)
    ]  # fmt: skip
    await put(database, articles, whole=True)
    whole = await store.find(holding("ferry"), sort=sort, now=NOW, limit=200)
    assert whole.count == 150
    assert len({hit.id for hit in whole.hits}) == 150
    paged = [
        hit
        for offset in range(0, 150, 7)
        for hit in (await store.find(holding("ferry"), sort=sort, now=NOW, limit=7, offset=offset)).hits
    ]
    assert tuple(paged) == whole.hits


@pytest.mark.parametrize("recent", [False, True])
async def test_several_short_spans_are_searched_in_one_go(
    database: Database, store: SearchStore, monkeypatch: pytest.MonkeyPatch, recent: bool
) -> None:
    if recent:
        monkeypatch.setattr(fts_maintenance, "RECENT_COUNT", 10)
        monkeypatch.setattr(fts_maintenance, "RECENT_FROM_COUNT", 20)
        monkeypatch.setattr(fts_maintenance, "LARGE_FROM_COUNT", 20)
    made = [article(f"n{n}", "Ferry strike", published_at=NOON - timedelta(days=n)) for n in range(40)]
    numbers = await put(database, made, whole=True)
    spans = [(0, 3), (20, 26), (35, 36)]
    conditions = [
        holding("ferry", since=NOON - timedelta(days=last), until=NOON - timedelta(days=first)) for first, last in spans
    ]
    found = await store.find_near([*conditions, holding("absent")], 4)
    assert found == [[*numbers[1:4]], [*numbers[21:25]], [numbers[36]], []]
    assert await store.find_near([], 4) == []


@pytest.mark.parametrize("sort", SearchSort)
async def test_a_count_cut_short_is_at_least_what_was_seen_in_every_order(
    database: Database, monkeypatch: pytest.MonkeyPatch, sort: SearchSort
) -> None:
    store = SearchStore(database, time_limit_s=PATIENCE_S, count_time_s=0.0)
    monkeypatch.setattr(result_order, "WINDOW_COUNT", 50)
    await put(database, [article(f"n{n}", "Ferry", published_at=NOON - hours(n)) for n in range(200)], whole=True)

    async def found() -> Hits:
        return await store.find(holding("ferry"), sort=sort, now=NOW, limit=5)

    seen = await found()
    assert 51 <= seen.count <= 200
    assert seen.at_least is (seen.count < 200)
    monkeypatch.setattr(result_order, "COUNT_LIMIT", 40)
    enough = await found()
    assert (enough.count, enough.at_least) == (40, True)


@pytest.mark.slow
async def test_paging_far_back_finds_out_how_many_there_are(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fts_maintenance, "RECENT_COUNT", 10)
    monkeypatch.setattr(fts_maintenance, "RECENT_FROM_COUNT", 20)
    monkeypatch.setattr(fts_maintenance, "LARGE_FROM_COUNT", 20)
    store = SearchStore(database, time_limit_s=PATIENCE_S, count_time_s=0.0)
    made = [article(f"n{n}", "Ferry strike", published_at=NOON - timedelta(days=20 * n)) for n in range(200)]
    await put(database, made, whole=True)

    async def page(offset: int) -> Hits:
        return await store.find(holding("ferry strike"), sort=SearchSort.RELEVANCE, now=NOW, limit=5, offset=offset)

    # How far counting comes before it is interrupted is up to the machine: anything from what the page shows on.
    offsets = range(0, 200, 5)
    pages = [await page(offset) for offset in offsets]
    assert all(offset + 5 <= found.count <= 200 for offset, found in zip(offsets, pages, strict=True))
    assert all(found.at_least for found in pages if found.count < 200)
    assert pages[-1].count == 200
    assert not (await page(200)).hits


@pytest.mark.parametrize("large", [False, True])
async def test_a_word_that_only_older_articles_hold_is_among_the_words_that_are_found(
    database: Database, store: SearchStore, monkeypatch: pytest.MonkeyPatch, large: bool
) -> None:
    monkeypatch.setattr(fts_maintenance, "RECENT_COUNT", 10)
    monkeypatch.setattr(fts_maintenance, "RECENT_FROM_COUNT", 20)
    monkeypatch.setattr(fts_maintenance, "LARGE_FROM_COUNT", 20 if large else 100)
    old = article("old", "A walrus in the river", published_at=NOON - timedelta(days=90))
    young = [
        article(f"n{number}", f"Ferry number {number}", published_at=NOON - timedelta(hours=number))
        for number in range(40)
    ]
    (old_id, *_others) = await put(database, [old, *young], whole=True)
    condition = Condition((Pattern("walrus"), Pattern("ferry")))
    hits = await store.find(condition, sort=SearchSort.RELEVANCE, now=NOW, limit=60)
    assert old_id in [hit.id for hit in hits.hits]
    assert hits.lacks_words
