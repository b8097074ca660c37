from __future__ import annotations

import asyncio
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from digests.models import SearchSort
from digests.query import parse_query
from digests.store.connection import CORPUS, Database
from digests.store.search import Condition, Hits, Pattern, SearchStore, asking, ranking, upkeep
from tests.digests.making import NOON, article, hours, link
from tests.digests.search.rows import put, row_id, take_out

NOW = NOON + hours(1)
TOP = 10


def holding(*words: str, **filters: object) -> Condition:
    return replace(Condition(tuple(Pattern(word) for word in words)), **filters)  # type: ignore[arg-type]


async def ids(store: SearchStore, condition: Condition, sort: SearchSort = SearchSort.RELEVANCE) -> list[int]:
    return [hit.id for hit in (await store.find(condition, sort=sort, now=NOW, limit=50)).hits]


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
        (["clearview", "absent"], False),
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


@pytest.mark.parametrize("sort", list(SearchSort))
@pytest.mark.parametrize("recent", [False, True])
async def test_pages_follow_each_other_without_gap_or_double(
    database: Database, store: SearchStore, monkeypatch: pytest.MonkeyPatch, sort: SearchSort, recent: bool
) -> None:
    monkeypatch.setattr(ranking, "RANKED_COUNT", 110)
    monkeypatch.setattr(ranking, "QUALITY_WINDOW_COUNT", 30)
    if recent:
        monkeypatch.setattr(upkeep, "RECENT_COUNT", 50)
        monkeypatch.setattr(upkeep, "RECENT_FROM_COUNT", 60)
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
        monkeypatch.setattr(upkeep, "RECENT_COUNT", 10)
        monkeypatch.setattr(upkeep, "RECENT_FROM_COUNT", 20)
    made = [article(f"n{n}", "Ferry strike", published_at=NOON - timedelta(days=n)) for n in range(40)]
    numbers = await put(database, made, whole=True)
    spans = [(0, 3), (20, 26), (35, 36)]
    conditions = [
        holding("ferry", since=NOON - timedelta(days=last), until=NOON - timedelta(days=first)) for first, last in spans
    ]
    found = await store.find_near([*conditions, holding("absent")], 4)
    assert found == [[*numbers[1:4]], [*numbers[21:25]], [numbers[36]], []]
    assert await store.find_near([], 4) == []


async def test_paging_far_back_finds_out_how_many_there_are(
    database: Database, store: SearchStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(upkeep, "RECENT_COUNT", 10)
    monkeypatch.setattr(upkeep, "RECENT_FROM_COUNT", 20)
    monkeypatch.setattr(asking, "LARGE_COUNT_TIME_S", 0.0)
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


# --------------------------------------------------------------------------- hostile input


@pytest.fixture(scope="module")
def shared_path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("corpus") / "corpus.db"

    async def fill() -> None:
        database = await Database.open(path, CORPUS)
        await put(database, [article("a", "Ferry strike"), article("b", "中文 标题"), article("c", "AND OR NOT NEAR")])
        await database.close()

    asyncio.run(fill())
    return path


SIGNS = st.sampled_from(
    ['"', "'", "*", "^", ":", "(", ")", "{", "}", "+", "-", ",", "\0", "AND", "OR", "NOT", "NEAR", " ", "ferry",
     "title", "provider:", "topic:a", "\ud800", "🎉", "中", "́", "ﬁ", ";--", "\\"]
)  # fmt: skip


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(typed=st.one_of(st.text(max_size=80), st.lists(SIGNS, max_size=15).map("".join)))
def test_no_text_reaches_the_index_as_syntax(shared_path: Path, typed: str) -> None:
    query = parse_query(typed, NOW)
    condition = Condition(
        wanted=tuple(Pattern(term.text, term.prefix) for term in query.wanted),
        unwanted=tuple(Pattern(term.text, term.prefix) for term in query.unwanted),
        domains=query.providers,
        topics=query.topics,
    )

    async def ask() -> None:
        database = await Database.open(shared_path, CORPUS, reader_count=1)
        try:
            store = SearchStore(database)
            for sort in SearchSort:
                await store.find(condition, sort=sort, now=NOW, limit=5)
            for pattern in condition.wanted:
                await store.occurs(pattern)
        finally:
            await database.close()

    asyncio.run(ask())


@given(typed=st.text(min_size=1, max_size=30))
def test_even_unparsed_text_is_only_words_to_the_index(shared_path: Path, typed: str) -> None:
    import sqlite3

    from digests.store.search.conditions import pattern_text

    connection = sqlite3.connect(shared_path)
    try:
        text = pattern_text(Pattern(typed.encode("utf-8", "replace").decode()))
        connection.execute("SELECT COUNT(*) FROM article_index WHERE article_index MATCH ?", (text,)).fetchall()
    finally:
        connection.close()


# --------------------------------------------------------------------------- keeping in step


async def test_the_index_follows_articles_that_go_and_change(database: Database, store: SearchStore) -> None:
    a, _b = await put(database, [article("a", "Ferry strike"), article("b", "Ferry timetable")])
    await take_out(database, [a])
    assert not await ids(store, holding("strike"))
    spelt = {word for group in (await store.words(100)).values() for word in group.lines.split("\n")}
    assert "strike" not in spelt
    assert "timetable" in spelt
    assert await store.verify()


async def test_an_index_out_of_step_is_noticed_and_made_anew(database: Database, store: SearchStore) -> None:
    a, _b = await put(database, [article("a", "Ferry strike"), article("b", "Ferry timetable")])
    async with database.transaction() as connection:
        await connection.execute("UPDATE articles SET title = 'Tram strike' WHERE id = ?", (a,))
    assert not await store.verify()
    await store.rebuild()
    assert await store.verify()
    assert await ids(store, holding("tram")) == [a]


async def test_a_large_corpus_keeps_its_newest_articles_in_an_index_of_their_own(
    database: Database, store: SearchStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(upkeep, "RECENT_COUNT", 10)
    monkeypatch.setattr(upkeep, "RECENT_FROM_COUNT", 40)

    async def recent() -> int:
        async with database.read() as connection:
            (row,) = await connection.execute_fetchall(
                "SELECT COUNT(*) FROM recent_index WHERE recent_index MATCH 'ferry'"
            )
        return int(row[0])

    numbered = [article(f"n{n}", "Ferry strike", published_at=NOON + timedelta(minutes=n)) for n in range(100)]
    await put(database, numbered[:30])
    assert await recent() == 0
    await put(database, numbered[30:45])
    assert await recent() == 10
    await put(database, numbered[45:50])
    assert await recent() == 15
    assert await store.verify()
    await put(database, numbered[50:56])
    assert await recent() == 10
    assert await store.verify()
    await take_out(database, [row_id(one, 0) for one in numbered[46:48]])
    assert await store.verify()


async def test_words_nearly_everywhere_do_not_change_the_order_of_a_large_corpus(
    database: Database, store: SearchStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    articles = [
        article(
            f"n{number}",
            "The ferry" + (" strike" * (1 + number % 5) if number % 3 == 0 else "") + " news" * (number % 11),
            quality=number % 40,
            published_at=NOON - hours(number),
        )
        for number in range(120)
    ]
    await put(database, articles, whole=True)
    expected = (await ids(store, holding("strike", "ferry")))[:TOP]
    monkeypatch.setattr(upkeep, "RECENT_COUNT", 30)
    monkeypatch.setattr(upkeep, "RECENT_FROM_COUNT", 60)
    await store.rebuild()
    assert (await ids(store, holding("strike", "ferry")))[:TOP] == expected


# --------------------------------------------------------------------------- time limit


SLOW = Condition(tuple(Pattern("ferry strike ferry strike") for _ in range(40)))


async def test_a_slow_query_is_cut_short_and_answers_with_the_newest(database: Database) -> None:
    made = [article(f"n{n}", "Ferry strike " * 30, published_at=NOON - hours(n)) for n in range(4000)]
    await put(database, made, whole=True)
    unhurried = await SearchStore(database, time_limit_s=30).find(SLOW, sort=SearchSort.RELEVANCE, now=NOW, limit=5)
    assert not unhurried.partial
    started = time.perf_counter()
    found = await SearchStore(database, time_limit_s=0.01).find(SLOW, sort=SearchSort.RELEVANCE, now=NOW, limit=5)
    assert time.perf_counter() - started < 0.3
    assert found.partial
    assert found.at_least
    assert [hit.id for hit in found.hits] == [row_id(one, n) for n, one in enumerate(made[:5])]


async def test_a_slow_query_does_not_hold_up_another(database: Database) -> None:
    await put(database, [article(f"n{n}", "Ferry strike " * 30, published_at=NOON - hours(n)) for n in range(4000)])
    store = SearchStore(database)
    task = asyncio.create_task(store.find(SLOW, sort=SearchSort.RELEVANCE, now=NOW, limit=5))
    await asyncio.sleep(0.01)
    started = time.perf_counter()
    await store.find(holding("strike", domains=("nowhere.example",)), sort=SearchSort.RELEVANCE, now=NOW, limit=5)
    assert time.perf_counter() - started < 0.15
    await task


async def test_a_cancelled_query_leaves_its_connection_usable(database: Database, store: SearchStore) -> None:
    await put(database, [article(f"n{n}", "Ferry strike " * 30, published_at=NOON - hours(n)) for n in range(2000)])
    for _attempt in range(6):
        task = asyncio.create_task(store.find(SLOW, sort=SearchSort.RELEVANCE, now=NOW, limit=5))
        await asyncio.sleep(0.005)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
    found = await store.find(holding("ferry"), sort=SearchSort.RELEVANCE, now=NOW, limit=5)
    assert len(found.hits) == 5
    assert not found.partial
