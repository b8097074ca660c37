"""Large loads go other ways than small ones (an index filled as articles come, side indexes last): same result."""

from __future__ import annotations

import os
import random
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
import pytest_asyncio

from digests.service.corpus import CorpusService, listing
from digests.store.articles import ArticleStore, index_sync
from digests.store.articles.row_ids import RowIds
from digests.store.connection import Database
from digests.store.database_kinds import CORPUS
from digests.store.search import SearchStore, fts_maintenance
from tests.digests.service.corpus.making import NOW, PUBLISHED, text_of, write

COUNT = 300


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Three hundred articles whose names say nothing of their dates, many to a minute."""
    chance = random.Random(11)
    folder = tmp_path / "news"
    for number in range(COUNT):
        moment = PUBLISHED + timedelta(minutes=chance.randrange(4))
        write(
            folder / f"{chance.randrange(10**9)}-{number}.md",
            text_of(
                f"Ferry number {number}",
                publishedDateTime=f"{moment:%Y-%m-%dT%H:%M:%SZ}" if number % 10 else None,
                ampWebUrl=f"https://amp.example/{number}",
                topics=f"[Harbours, Topic {number % 3}]",
                provider=f"{{name: Paper {number % 5}, domain: paper{number % 5}.example}}",
                related=f"[{{title: Tug {number}, webUrl: 'https://tugs.example/{number}'}}]",
            ),
        )
    return folder


@pytest_asyncio.fixture(params=["small", "bulk"], loop_scope="module")
async def database(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Database]:
    if request.param == "bulk":
        monkeypatch.setattr(index_sync, "BULK_COUNT", 1)
        monkeypatch.setattr(fts_maintenance, "LEAST_GROUP_COUNT", 20)
    else:
        monkeypatch.setattr(index_sync, "BULK_COUNT", 10**9)
    database = await Database.open(tmp_path / "corpus.db", CORPUS)
    yield database
    await database.close()


async def rows(database: Database, sql: str) -> list[tuple[object, ...]]:
    async with database.read() as connection:
        return [tuple(row) for row in await connection.execute_fetchall(sql)]


async def holding(database: Database, word: str) -> int:
    sql = f"SELECT COUNT(*) FROM article_index WHERE article_index MATCH '{word}'"
    return int(str((await rows(database, sql))[0][0]))


async def test_every_article_is_there_once_and_found(database: Database, folder: Path) -> None:
    store = ArticleStore(database)
    report = await CorpusService(store, [folder]).load(now=NOW)
    assert (report.new, report.rejected) == (COUNT, 0)
    assert await SearchStore(database).verify()
    assert [await holding(database, word) for word in ("ferry", "tug", "harbour", "paper3", "299")] == [
        *(COUNT, COUNT, COUNT, COUNT // 5, 1),
    ]
    assert await store.topics() == (("Harbours", COUNT), *((f"Topic {n}", COUNT // 3) for n in range(3)))
    assert [count for _provider, count in await store.providers()] == [COUNT // 5] * 5
    assert len(await rows(database, "SELECT key FROM aliases")) == COUNT
    assert (await rows(database, "PRAGMA integrity_check")) == [("ok",)]


async def test_row_numbers_lie_in_their_minute_as_far_as_it_holds(database: Database, folder: Path) -> None:
    await CorpusService(ArticleStore(database), [folder]).load(now=NOW)
    ids = await rows(database, "SELECT id, published_at FROM articles")
    assert len({id_ for id_, _at in ids}) == COUNT
    for id_, published_at in ids:
        assert isinstance(id_, int)
        base = 1 if published_at is None else int(str(published_at)) // 60 * 64
        # About 67 articles share each of four minutes that hold 64 numbers.
        assert base <= id_ < base + 64 * 5


async def test_undated_articles_leave_the_first_minutes_of_1970_their_numbers(
    database: Database, tmp_path: Path
) -> None:
    folder = tmp_path / "old"
    for number in range(130):
        write(folder / f"undated-{number:03}.md", text_of(f"Undated {number}", publishedDateTime=None))
    for number in range(3):
        write(folder / f"zz-{number}.md", text_of(f"Dated {number}", publishedDateTime="1970-01-01T00:01:30Z"))
    report = await CorpusService(ArticleStore(database), [folder]).load(now=NOW)
    assert (report.new, report.rejected) == (133, 0)
    assert await SearchStore(database).verify()


@pytest.mark.parametrize("order", range(5))
async def test_crowded_minutes_never_share_a_number(database: Database, order: int) -> None:
    chance = random.Random(order)
    given: set[int] = set()
    async with database.transaction() as connection:
        row_ids = RowIds(connection, from_empty=True)
        for _batch in range(30):
            bases = [chance.choice((1, 64, 128, 192)) for _number in range(chance.randrange(1, 20))]
            numbers = await row_ids.take(bases)
            assert all(number >= base for number, base in zip(numbers, bases, strict=True))
            assert len(set(numbers)) == len(numbers)
            assert given.isdisjoint(numbers)
            given.update(numbers)
            await connection.executemany(
                "INSERT INTO articles (id, folder, path, key, ref, title, published) VALUES (?, 'f', ?, ?, 1, 't', 1)",
                [(number, str(number), str(number)) for number in numbers],
            )


@pytest.mark.slow
async def test_all_side_indexes_stand_afterwards(database: Database, folder: Path) -> None:
    names = "SELECT name, sql FROM sqlite_schema WHERE type = 'index' ORDER BY name"
    before = await rows(database, names)
    corpus = CorpusService(ArticleStore(database), [folder])
    await corpus.load(now=NOW)
    assert await rows(database, names) == before
    for place in sorted(folder.iterdir())[: COUNT // 2]:
        write(place, place.read_text().replace("Ferry", "Barge"))
    report = await corpus.load(now=NOW)
    assert report.changed == COUNT // 2
    assert await rows(database, names) == before
    assert (await holding(database, "barge"), await holding(database, "ferry")) == (COUNT // 2, COUNT // 2)
    assert await SearchStore(database).verify()


async def test_a_later_change_of_a_large_load_keeps_the_index_in_step(database: Database, folder: Path) -> None:
    corpus = CorpusService(ArticleStore(database), [folder])
    await corpus.load(now=NOW)
    places = sorted(folder.iterdir())
    for place in places[:10]:
        write(place, place.read_text().replace("Ferry", "Barge"))
    places[10].unlink()
    report = await corpus.load(now=NOW)
    assert (report.changed, report.removed) == (10, 1)
    assert (await holding(database, "barge"), await holding(database, "ferry")) == (10, COUNT - 11)
    assert await SearchStore(database).verify()


async def test_a_folder_that_looks_as_last_time_is_not_compared_file_by_file(
    database: Database, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    corpus = CorpusService(ArticleStore(database), [folder])
    await corpus.load(now=NOW)

    def fail(*_arguments: object, **_options: object) -> None:
        raise AssertionError("compared")

    with monkeypatch.context() as patched:
        patched.setattr(listing, "compare", fail)
        report = await corpus.load(now=NOW)
        assert (report.new, report.changed, report.unchanged, report.removed) == (0, 0, COUNT, 0)
    place = next(folder.iterdir())
    write(place, place.read_text().replace("Ferry", "Barge"))
    assert (await corpus.load(now=NOW)).changed == 1


async def test_a_file_too_young_to_trust_is_looked_at_again(database: Database, tmp_path: Path) -> None:
    corpus = CorpusService(ArticleStore(database), [tmp_path / "few"])
    place = write(tmp_path / "few" / "a.md", text_of("Ferry number 1"), aged=False)
    later = (place.stat().st_mtime + 3600,) * 2
    os.utime(place, later)
    await corpus.load(now=NOW)
    # The same size and mtime, another word: only looking at it again tells.
    write(place, text_of("Barge number 1"), aged=False)
    os.utime(place, later)
    assert (await corpus.load(now=NOW)).changed == 1
    assert await holding(database, "barge") == 1


@pytest.mark.slow
async def test_files_taken_over_by_another_folder_come_back_when_their_own_is_loaded(
    database: Database, folder: Path
) -> None:
    inner = folder / "inner"
    inner.mkdir()
    for place in sorted(folder.glob("*.md"))[:50]:
        place.rename(inner / place.name)
    store = ArticleStore(database)
    await CorpusService(store, [folder]).load(now=NOW)
    # The inner folder by itself takes its files over; the outer one, loaded alone later, has to miss them.
    await CorpusService(store, [folder]).load(now=NOW, folders=[inner])
    assert await store.count([str(inner)]) == 50
    await CorpusService(store, [folder]).load(now=NOW)
    assert await store.count() == COUNT
    assert await store.count([str(folder)]) == COUNT
    assert await SearchStore(database).verify()
