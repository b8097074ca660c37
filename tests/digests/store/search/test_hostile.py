"""No text is syntax to the index, and a query that takes too long is cut short and holds nothing up."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from digests.models import SearchSort
from digests.store.connection import Database
from digests.store.database_kinds import CORPUS
from digests.store.search import Condition, Pattern, SearchStore
from digests.typed.query import parse_query
from tests.digests.making import NOON, article, hours
from tests.digests.store.search.rows import NOW, holding, put, row_id
from tests.examples import examples

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


@pytest.mark.slow
@settings(max_examples=examples(300), suppress_health_check=[HealthCheck.function_scoped_fixture])
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
        database = await Database.open(shared_path, CORPUS, reader_count=1, is_inline=True)
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


# --------------------------------------------------------------------------- time limit


def repeated(times: int) -> Condition:
    """Ask for the same phrase so many times; each costs a look at every place where its words stand."""
    return Condition(tuple(Pattern("ferry strike ferry strike") for _ in range(times)))


ENDLESS = repeated(4000)
"""Takes more than a minute among 4000 articles."""


@pytest.mark.slow
async def test_a_slow_query_is_cut_short_and_answers_with_the_newest(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("digests.store.search.searching.LAST_RESORT_S", 60.0)  # this many words take their time
    made = [article(f"n{n}", "Ferry strike " * 30, published_at=NOON - hours(n)) for n in range(4000)]
    await put(database, made, whole=True)
    unhurried = SearchStore(database, time_limit_s=60)
    assert not (await unhurried.find(repeated(40), sort=SearchSort.RELEVANCE, now=NOW, limit=5)).partial
    found = await SearchStore(database, time_limit_s=0.01).find(ENDLESS, sort=SearchSort.RELEVANCE, now=NOW, limit=5)
    assert found.partial
    assert found.at_least
    assert [hit.id for hit in found.hits] == [row_id(one, n) for n, one in enumerate(made[:5])]


@pytest.mark.slow
async def test_a_slow_query_does_not_hold_up_another(database: Database) -> None:
    await put(database, [article(f"n{n}", "Ferry strike " * 30, published_at=NOON - hours(n)) for n in range(4000)])
    store = SearchStore(database, time_limit_s=60)
    task = asyncio.create_task(store.find(ENDLESS, sort=SearchSort.RELEVANCE, now=NOW, limit=5))
    await asyncio.sleep(0.05)
    await store.find(holding("strike", domains=("nowhere.example",)), sort=SearchSort.RELEVANCE, now=NOW, limit=5)
    assert not task.done()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


@pytest.mark.slow
async def test_a_cancelled_query_leaves_its_connection_usable(database: Database) -> None:
    await put(database, [article(f"n{n}", "Ferry strike " * 30, published_at=NOON - hours(n)) for n in range(4000)])
    store = SearchStore(database, time_limit_s=60)
    for _attempt in range(6):
        task = asyncio.create_task(store.find(ENDLESS, sort=SearchSort.RELEVANCE, now=NOW, limit=5))
        await asyncio.sleep(0.005)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
    found = await store.find(holding("ferry"), sort=SearchSort.RELEVANCE, now=NOW, limit=5)
    assert len(found.hits) == 5
    assert not found.partial
