"""The indexes keep in step with the articles, and a corpus that grows large changes no answer."""

from __future__ import annotations

from datetime import timedelta

import pytest

from digests.store.connection import Database
from digests.store.search import SearchStore, fts_maintenance
from tests.digests.making import NOON, article, hours
from tests.digests.store.search.rows import holding, ids, put, take_out

TOP = 10


async def test_the_index_follows_articles_that_go_and_change(database: Database, store: SearchStore) -> None:
    a, _b = await put(database, [article("a", "Ferry strike"), article("b", "Ferry timetable")])
    await take_out(database, [a])
    assert not await ids(store, holding("strike"))
    spelt = {word for group in (await store.words(100)).values() for word in group.lines.split("\n")}
    assert "strike" not in spelt
    assert "timetable" in spelt
    assert await store.verify()


async def test_an_index_out_of_step_is_noticed_and_rebuilt(database: Database, store: SearchStore) -> None:
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
    monkeypatch.setattr(fts_maintenance, "RECENT_COUNT", 10)
    monkeypatch.setattr(fts_maintenance, "RECENT_FROM_COUNT", 40)

    async def recent() -> int:
        async with database.read() as connection:
            (row,) = await connection.execute_fetchall(
                "SELECT COUNT(*) FROM recent_index WHERE recent_index MATCH 'ferry'"
            )
        return int(row[0])

    numbered = [article(f"n{n}", "Ferry strike", published_at=NOON + timedelta(minutes=n)) for n in range(100)]
    known = await put(database, numbered[:30])
    assert await recent() == 0
    known += await put(database, numbered[30:45])
    assert await recent() == 10
    known += await put(database, numbered[45:50])
    assert await recent() == 15
    assert await store.verify()
    known += await put(database, numbered[50:56])
    assert await recent() == 10
    assert await store.verify()
    await take_out(database, known[46:48])
    assert await store.verify()
    await take_out(database, known[:40])
    await put(database, numbered[56:57])
    assert await recent() == 0
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
    monkeypatch.setattr(fts_maintenance, "RECENT_COUNT", 30)
    monkeypatch.setattr(fts_maintenance, "RECENT_FROM_COUNT", 60)
    await store.rebuild()
    assert (await ids(store, holding("strike", "ferry")))[:TOP] == expected
