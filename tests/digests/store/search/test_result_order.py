"""Reading only part of the matches finds what reading all of them would."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from digests.models import Article, SearchSort
from digests.store.connection import Database
from digests.store.database_kinds import CORPUS
from digests.store.search import Condition, Hit, Pattern, SearchStore, fts_maintenance, result_order
from digests.store.search.conditions_sql import plain_rows, question
from tests.digests.making import NOON, article
from tests.digests.store.search.rows import put
from tests.examples import examples

NOW = NOON

WORDS_OF_TITLES = ("ferry", "strike", "harbour", "vote", "storm")
titles = st.lists(st.sampled_from(WORDS_OF_TITLES), min_size=1, max_size=6).map(" ".join)
corpora = st.lists(
    st.tuples(titles, titles, st.integers(0, 130), st.integers(0, 4000).map(lambda days: days**2 / 4000)),
    min_size=1,
    max_size=60,
)
conditions = st.one_of(
    st.sampled_from(WORDS_OF_TITLES).map(lambda word: (Pattern(word),)),
    st.tuples(st.sampled_from(WORDS_OF_TITLES), st.sampled_from(WORDS_OF_TITLES)).map(
        lambda two: (Pattern(two[0]), Pattern(two[1]))
    ),
    st.tuples(st.sampled_from(WORDS_OF_TITLES), st.sampled_from(WORDS_OF_TITLES)).map(
        lambda two: (Pattern(" ".join(two)),)
    ),
    st.sampled_from(("f", "st", "har")).map(lambda beginning: (Pattern(beginning, prefix=True),)),
).map(Condition)

Drawn = list[tuple[str, str, int, float]]


def articles_of(drawn: Drawn) -> list[Article]:
    return [
        article(f"n{number}", title, excerpt=excerpt, quality=quality, published_at=NOON - timedelta(days=days))
        for number, (title, excerpt, quality, days) in enumerate(drawn)
    ]


def with_corpus(drawn: Drawn, check: Callable[[Database], Awaitable[None]]) -> None:
    async def run() -> None:
        with TemporaryDirectory() as folder:
            database = await Database.open(Path(folder) / "corpus.db", CORPUS, reader_count=1, is_inline=True)
            try:
                await put(database, articles_of(drawn), whole=True)
                await check(database)
            finally:
                await database.close()

    asyncio.run(run())


async def matching(database: Database, condition: Condition) -> set[int]:
    """Every article that holds all words."""
    asked = question(condition)
    async with database.read() as connection:
        rows = await connection.run(
            lambda direct: plain_rows(direct, f"SELECT f.rowid {asked.rows}", asked.parameters).fetchall()
        )
    return {id_ for (id_,) in rows}


async def paged(store: SearchStore, condition: Condition, size: int, most: int = 1000) -> list[Hit]:
    hits: list[Hit] = []
    while len(hits) < most:
        page = await store.find(condition, sort=SearchSort.RELEVANCE, now=NOW, limit=size, offset=len(hits))
        if not page.hits:
            break
        hits += page.hits
    return hits


short = settings(
    max_examples=examples(30), suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)


@pytest.mark.slow
@short
@given(drawn=corpora, condition=conditions, size=st.integers(1, 9), recent=st.integers(2, 20), pool=st.integers(2, 99))
# A word that more old articles hold than there are new ones.
@example(
    drawn=[("ferry", "strike", 0, 0.0)] * 3 + [("ferry", "ferry", 0, 0.0)] * 2,
    condition=Condition((Pattern("strike"),)),
    size=1,
    recent=2,
    pool=2,
)
def test_pages_hold_every_match_once_and_those_with_all_words(
    drawn: Drawn, condition: Condition, size: int, recent: int, pool: int
) -> None:
    async def check(database: Database) -> None:
        store = SearchStore(database, time_limit_s=60)
        everything = await matching(database, condition)
        hits = await paged(store, condition, size)
        assert [hit.id for hit in hits] == [hit.id for hit in await paged(store, condition, 100)]
        assert len({hit.id for hit in hits}) == len(hits)
        found = await store.find(condition, sort=SearchSort.RELEVANCE, now=NOW, limit=size)
        assert everything <= {hit.id for hit in hits}
        if len(everything) >= result_order.ENOUGH_COUNT or len(condition.wanted) == 1:
            assert len(hits) == len(everything)
        assert found.count == len(hits) or found.at_least

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(fts_maintenance, "RECENT_COUNT", recent)
        patch.setattr(fts_maintenance, "RECENT_FROM_COUNT", 2 * recent)
        patch.setattr(fts_maintenance, "LARGE_FROM_COUNT", 2 * recent)
        patch.setattr(result_order, "POOL_COUNT", pool)
        with_corpus(drawn, check)


def first_titles(drawn: Drawn, words: str, typed: str = "") -> list[str]:
    shown: list[str] = []

    async def check(database: Database) -> None:
        condition = Condition(tuple(map(Pattern, words.split())), typed=typed or words)
        found = await SearchStore(database).find(condition, sort=SearchSort.RELEVANCE, now=NOW, limit=5)
        async with database.read() as connection:
            for hit in found.hits:
                rows = await connection.execute_fetchall("SELECT title FROM articles WHERE id = :id", {"id": hit.id})
                shown.extend(row[0] for row in rows)

    with_corpus(drawn, check)
    return shown


def test_an_old_article_about_the_words_comes_before_a_new_one_that_mentions_them() -> None:
    drawn: Drawn = [
        ("harbour vote", "", 10, 3000.0),
        ("storm damage counted", "after the harbour vote nobody sailed", 130, 0.0),
    ]
    assert first_titles(drawn, "harbour vote")[0] == "harbour vote"


def test_of_equal_articles_the_newer_and_better_one_comes_first() -> None:
    assert first_titles([("ferry strike", "", 50, 400.0), ("ferry strike", "", 50, 1.0)], "ferry")
    drawn: Drawn = [("the ferry strike", "", 50, 400.0), ("a ferry strike", "", 50, 1.0)]
    assert first_titles(drawn, "ferry strike") == ["a ferry strike", "the ferry strike"]


def test_one_wrong_word_does_not_hide_what_holds_the_others() -> None:
    drawn: Drawn = [("harbour vote on storm walls", "", 50, 9.0), ("ferry strike", "", 50, 1.0)]
    assert first_titles(drawn, "harbour storm walls banana") == ["harbour vote on storm walls"]
