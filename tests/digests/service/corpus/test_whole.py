"""A load is taken whole or not at all: when it would lose too much, when it fails, and while it runs."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from digests.errors import CorpusUnavailable, ReloadRefused, ReloadRunning, StoreError
from digests.models import Window
from digests.service.corpus import CorpusService, listing, load
from digests.store.articles import ArticleStore
from digests.store.connection import Database
from digests.store.database_kinds import CORPUS
from digests.store.search import SearchStore
from tests.digests.service.corpus.making import HOUR, NOW, PUBLISHED, counts, everything, text_of, write, write_many

# ---------------------------------------------------------------------- removal


async def test_removing_more_than_half_is_refused_and_changes_nothing(
    corpus: CorpusService, store: ArticleStore, folder: Path
) -> None:
    write_many(folder, 21)
    await corpus.load(now=NOW)
    for number in range(11):
        (folder / f"story-{number}.md").unlink()
    write(folder / "new.md", text_of("New"))
    with pytest.raises(ReloadRefused, match="11 of 21 articles"):
        await corpus.load(now=NOW)
    assert len(await everything(store)) == 21
    assert counts(await corpus.load(now=NOW, force=True)) == (1, 0, 10, 11, 0)


async def test_a_refusal_before_anything_was_read_says_that_it_may_be_more(corpus: CorpusService, folder: Path) -> None:
    write_many(folder, 30)
    await corpus.load(now=NOW)
    for number in range(30):
        (folder / f"story-{number}.md").unlink()
    write(folder / "new.md", text_of("New"))
    with pytest.raises(ReloadRefused, match="would remove at least 29 of 30 articles"):
        await corpus.load(now=NOW)
    (folder / "new.md").unlink()
    with pytest.raises(ReloadRefused, match="would remove 30 of 30 articles"):
        await corpus.load(now=NOW)


@pytest.mark.parametrize(("count", "gone"), [(20, 20), (22, 11), (21, 10)])
async def test_smaller_losses_are_let_through(corpus: CorpusService, folder: Path, count: int, gone: int) -> None:
    write_many(folder, count)
    await corpus.load(now=NOW)
    for number in range(gone):
        (folder / f"story-{number}.md").unlink()
    assert counts(await corpus.load(now=NOW)) == (0, 0, count - gone, gone, 0)


async def test_renaming_everything_removes_nothing(corpus: CorpusService, store: ArticleStore, folder: Path) -> None:
    write_many(folder, 30)
    await corpus.load(now=NOW)
    before = {article.title: article.id for article in (await everything(store)).values()}
    (folder / "sub").mkdir()
    for place in list(folder.glob("*.md")):
        place.rename(folder / "sub" / place.name)
    assert counts(await corpus.load(now=NOW)) == (0, 30, 0, 0, 0)
    assert {article.title: article.id for article in (await everything(store)).values()} == before


async def test_replacing_everything_is_refused(corpus: CorpusService, store: ArticleStore, folder: Path) -> None:
    write_many(folder, 30)
    await corpus.load(now=NOW)
    for place in list(folder.glob("*.md")):
        place.unlink()
    write_many(folder, 30, start=100)
    with pytest.raises(ReloadRefused):
        await corpus.load(now=NOW)
    assert "story-0.md" in await everything(store)


async def test_a_missing_folder_is_named_and_changes_nothing(
    corpus: CorpusService, store: ArticleStore, folder: Path
) -> None:
    write_many(folder, 2)
    await corpus.load(now=NOW)
    folder.rename(folder.with_name("elsewhere"))
    with pytest.raises(CorpusUnavailable, match="news"):
        await corpus.load(now=NOW)
    assert len(await everything(store)) == 2


async def test_a_missing_folder_is_reported_and_changes_nothing(store: ArticleStore, folder: Path) -> None:
    write_many(folder, 2)
    await CorpusService(store, [folder]).load(now=NOW)
    with pytest.raises(CorpusUnavailable, match="No corpus folder"):
        await CorpusService(store, []).load(now=NOW)
    assert await store.count() == 2


async def test_two_processes_that_load_a_folder_first_do_not_clash(
    corpus: CorpusService, store: ArticleStore, folder: Path, tmp_path: Path
) -> None:
    write_many(folder, 30)
    other = await Database.open(tmp_path / "corpus.db", CORPUS)
    try:
        reports = await asyncio.gather(
            corpus.load(now=NOW), CorpusService(ArticleStore(other), [folder]).load(now=NOW + HOUR)
        )
    finally:
        await other.close()
    # The one that comes later finds the files new, or as they are.
    assert [report.new + report.changed + report.unchanged for report in reports] == [30, 30]
    assert {article.arrived_at for article in (await everything(store)).values()} == {PUBLISHED}


async def test_a_full_disk_leaves_the_old_corpus(
    corpus: CorpusService, store: ArticleStore, database: Database, folder: Path
) -> None:
    write_many(folder, 3)
    await corpus.load(now=NOW)
    async with database.transaction() as connection:
        pages = next(iter(await connection.execute_fetchall("PRAGMA page_count")))[0]
    await connection.execute(f"PRAGMA max_page_count = {pages}")
    for number in range(3, 200):
        write(folder / f"story-{number}.md", text_of(f"Story {number}") + "word " * 3000)
    with pytest.raises(StoreError, match="full"):
        await corpus.load(now=NOW)
    assert await store.count() == 3
    await connection.execute("PRAGMA max_page_count = 1000000")
    assert (await corpus.load(now=NOW)).new == 197


async def test_a_file_given_for_a_folder_is_reported_as_such(corpus: CorpusService, folder: Path) -> None:
    with pytest.raises(CorpusUnavailable, match="is a file"):
        await corpus.load(now=NOW, folders=[write(folder / "a.md", "A title")])


# ---------------------------------------------------------------------- while it runs


async def test_one_load_at_a_time(corpus: CorpusService, folder: Path) -> None:
    write_many(folder, 1)
    first = asyncio.create_task(corpus.load(now=NOW))
    await asyncio.sleep(0)
    with pytest.raises(ReloadRunning):
        await corpus.load(now=NOW)
    await first
    assert not corpus.is_loading


async def test_listeners_hear_of_changes_only(corpus: CorpusService, folder: Path) -> None:
    heard: list[str] = []

    async def listen() -> None:
        heard.append("async")

    corpus.on_change(lambda: heard.append("plain"))
    corpus.on_change(listen)
    write_many(folder, 1)
    await corpus.load(now=NOW)
    assert heard == ["plain", "async"]
    await corpus.load(now=NOW)
    assert heard == ["plain", "async"]


async def test_progress_is_reported_to_the_end(corpus: CorpusService, folder: Path) -> None:
    write_many(folder, 70)
    told: list[tuple[int, int]] = []
    await corpus.load(now=NOW, progress=lambda done, total: told.append((done, total)))
    assert told[0] == (0, 70)
    assert told[-1] == (70, 70)
    assert told == sorted(told)


@pytest.mark.slow
async def test_readers_see_the_old_corpus_until_the_new_one_is_whole(
    corpus: CorpusService, store: ArticleStore, folder: Path
) -> None:
    write_many(folder, 200)
    await corpus.load(now=NOW)
    for number in range(200):
        write(folder / f"story-{number}.md", text_of(f"Story {number}", excerpt="new"))
    seen: set[int] = set()
    load = asyncio.create_task(corpus.load(now=NOW))
    while not load.done():
        window = Window(PUBLISHED - HOUR, PUBLISHED + HOUR)
        seen.add(sum(article.excerpt == "new" for article in await store.find_candidates(window)))
    await load
    assert seen <= {0, 200}


@pytest.mark.slow
async def test_a_cancelled_load_changes_nothing_and_the_next_one_works(
    corpus: CorpusService, store: ArticleStore, folder: Path
) -> None:
    write_many(folder, 300)
    started = asyncio.Event()
    load = asyncio.create_task(corpus.load(now=NOW, progress=lambda done, total: started.set() if done else None))
    await started.wait()
    load.cancel()
    with pytest.raises(asyncio.CancelledError):
        await load
    assert await everything(store) == {}
    assert counts(await corpus.load(now=NOW)) == (300, 0, 0, 0, 0)


@pytest.mark.slow
async def test_a_large_load_goes_through_worker_processes(
    corpus: CorpusService, store: ArticleStore, database: Database, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(load, "FILES_A_WORKER", 200)
    write_many(folder, 400)
    write(folder / "broken.md", "---\ntitle: [a\n---\n")
    assert counts(await corpus.load(now=NOW)) == (400, 0, 0, 0, 1)
    for number in range(50):
        write(folder / f"story-{number}.md", text_of(f"Story {number}", excerpt="changed"))
    assert counts(await corpus.load(now=NOW)) == (0, 50, 350, 0, 1)
    assert await SearchStore(database).verify()


async def test_a_newer_reader_reads_everything_again(
    corpus: CorpusService, store: ArticleStore, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_many(folder, 3)
    await corpus.load(now=NOW)
    monkeypatch.setattr(listing, "READER_VERSION", listing.READER_VERSION + 1)
    assert counts(await corpus.load(now=NOW + HOUR)) == (0, 3, 0, 0, 0)
    assert counts(await corpus.load(now=NOW + HOUR)) == (0, 0, 3, 0, 0)
    assert {article.arrived_at for article in (await everything(store)).values()} == {PUBLISHED}


async def test_the_corpus_outlives_the_process(corpus: CorpusService, folder: Path, tmp_path: Path) -> None:
    write_many(folder, 3)
    await corpus.load(now=NOW)
    again = await Database.open(tmp_path / "corpus.db", CORPUS)
    try:
        assert counts(await CorpusService(ArticleStore(again), [folder]).load(now=NOW)) == (0, 0, 3, 0, 0)
    finally:
        await again.close()
