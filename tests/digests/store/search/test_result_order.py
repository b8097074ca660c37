"""Reading only part of the matches finds what reading all of them would."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from digests.models import Article, SearchSort
from digests.store.connection import CORPUS, Database
from digests.store.search import Condition, Hit, Pattern, SearchStore, fts_maintenance, older_matches, result_order
from digests.store.search.conditions_sql import (
    HALF_LIFE_MINUTES,
    IDS_A_MINUTE,
    MOST_QUALITY,
    OLDEST_MINUTES,
    STANDING,
    WORDS,
    plain_rows,
    question,
)
from digests.store.search.small_index import SmallIndex
from digests.store.search.top_k import TopK
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
            database = await Database.open(Path(folder) / "corpus.db", CORPUS, reader_count=1)
            try:
                await put(database, articles_of(drawn), whole=True)
                await check(database)
            finally:
                await database.close()

    asyncio.run(run())


async def exactly(database: Database, condition: Condition, index: str = "article_index") -> list[tuple[int, float]]:
    """The exact ranking over every match: row ids with their relevance."""
    asked = question(condition)
    sql = f"SELECT f.rowid, {WORDS} * {STANDING} {asked.rows}".replace("article_index", index)
    async with database.read() as connection:
        ((newest,),) = await connection.execute_fetchall("SELECT MAX(id) FROM articles")
        parameters = asked.parameters | {"reference": newest // IDS_A_MINUTE}
        rows = await connection.run(lambda direct: plain_rows(direct, sql, parameters).fetchall())
    return sorted(rows, key=lambda row: (-row[1], -row[0]))


async def paged(store: SearchStore, condition: Condition, size: int, most: int = 1000) -> list[Hit]:
    hits: list[Hit] = []
    while len(hits) < most:
        page = await store.find(condition, sort=SearchSort.RELEVANCE, now=NOW, limit=size, offset=len(hits))
        if not page.hits:
            break
        hits += page.hits
    return hits


@pytest.fixture(autouse=True)
def small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(result_order, "BATCH_COUNT", 4)
    monkeypatch.setattr(older_matches, "BATCH_COUNT", 4)
    monkeypatch.setattr(older_matches, "SPARING_BATCH_COUNT", 6)
    monkeypatch.setattr(older_matches, "FEW_COUNT", 3)
    monkeypatch.setattr(result_order, "FEW_COUNT", 3)


short = settings(
    max_examples=examples(40), suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)


@short
@given(drawn=corpora, condition=conditions, size=st.integers(1, 9))
def test_stopping_early_finds_the_exact_ranking(drawn: Drawn, condition: Condition, size: int) -> None:
    async def check(database: Database) -> None:
        expected = await exactly(database, condition)
        hits = await paged(SearchStore(database), condition, size)
        assert [(hit.id, hit.relevance) for hit in hits] == expected

    with_corpus(drawn, check)


@short
@given(drawn=corpora, condition=conditions, size=st.integers(1, 9), recent=st.integers(2, 20))
def test_pages_of_a_large_corpus_hold_every_match_once_and_count_right(
    drawn: Drawn, condition: Condition, size: int, recent: int
) -> None:
    async def check(database: Database) -> None:
        store = SearchStore(database)
        everything = {id_ for id_, _relevance in await exactly(database, condition)}
        hits = await paged(store, condition, size)
        assert [hit.id for hit in hits] == [hit.id for hit in await paged(store, condition, 100)]
        assert len(hits) == len(everything)
        assert {hit.id for hit in hits} == everything
        found = await store.find(condition, sort=SearchSort.RELEVANCE, now=NOW, limit=size)
        assert found.count == len(everything) or (found.at_least and found.count <= len(everything))

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(fts_maintenance, "RECENT_COUNT", recent)
        patch.setattr(fts_maintenance, "RECENT_FROM_COUNT", 2 * recent)
        with_corpus(drawn, check)


@short
@given(drawn=corpora, condition=conditions, recent=st.integers(2, 20))
def test_relevance_in_a_large_corpus_is_that_of_the_index_which_holds_the_article(
    drawn: Drawn, condition: Condition, recent: int
) -> None:
    """Of one word; of several words and phrases it is so for the newest, when there are enough of them."""

    async def check(database: Database) -> None:
        hits = await paged(SearchStore(database), condition, 100)
        newest = dict(await exactly(database, condition, "recent_index"))
        whole = dict(await exactly(database, condition))
        one_token = len(condition.wanted) == 1 and not condition.wanted[0].is_phrase
        for hit in hits:
            if hit.id in newest and (one_token or len(newest) > result_order.FEW_COUNT):
                assert hit.relevance == newest[hit.id]
            elif one_token:
                assert hit.relevance == whole[hit.id]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(fts_maintenance, "RECENT_COUNT", recent)
        patch.setattr(fts_maintenance, "RECENT_FROM_COUNT", 2 * recent)
        with_corpus(drawn, check)


@short
@given(drawn=corpora, text=st.sampled_from(("ferry", "strike vote", "storm")))
def test_an_index_of_a_few_articles_measures_as_the_whole_does(drawn: Drawn, text: str) -> None:
    async def check(database: Database) -> None:
        condition = Condition((Pattern(text),))
        expected = dict(await exactly(database, condition))
        asked = question(condition)
        async with database.read() as connection:
            # All of them, so that its articles are as long as those of the whole index.
            ids = [row[0] for row in await connection.execute_fetchall("SELECT id FROM articles")]
            parameters = asked.parameters | {"reference": max(ids) // IDS_A_MINUTE}
            ranked = await connection.run(
                lambda direct: SmallIndex().rank(direct, ids, [(f'"{text}"', 1.0)], parameters, max(ids))
            )
        for id_, relevance in ranked:
            if id_ in expected:
                assert relevance == pytest.approx(expected[id_])

    with_corpus(drawn, check)


@given(
    matches=st.lists(st.tuples(st.integers(0, 3 * OLDEST_MINUTES), st.floats(0, MOST_QUALITY)), max_size=40),
    places=st.integers(1, 10),
)
def test_no_match_below_the_bound_can_come_among_the_best(matches: list[tuple[int, float]], places: int) -> None:
    reference = 4 * OLDEST_MINUTES
    top_k = TopK(places, reference)
    ranked = [
        ((reference - age) * IDS_A_MINUTE, share / (1 + min(age, OLDEST_MINUTES) / HALF_LIFE_MINUTES))
        for age, share in sorted(matches)
    ]
    for number, match in enumerate(ranked):
        top_k.add([match])
        rest = [other for other in ranked[number + 1 :] if other[0] < top_k.lowest_id]
        best = sorted((relevance, id_) for id_, relevance in ranked[: number + 1])[-places:]
        assert [(hit.relevance, hit.id) for hit in top_k.hits()] == best[::-1]
        assert all((relevance, id_) < best[0] for id_, relevance in rest)
