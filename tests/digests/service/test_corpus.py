"""Loading folders: incrementally, atomically, and nothing lost."""

from __future__ import annotations

import asyncio
import os
from datetime import timedelta
from pathlib import Path

import pytest

from digests import urls
from digests.errors import CorpusUnavailable, NotFound, ReloadRefused, ReloadRunning, StoreError
from digests.models import Article, LoadReport, Provider, Window
from digests.service import corpus_load
from digests.service.corpus import CorpusService
from digests.store.articles import ArticleStore
from digests.store.connection import CORPUS, Database
from digests.store.search import SearchStore
from tests.digests.service.making import NOW, PUBLISHED, text_of, write, write_many

SEEDS = Path(__file__).parents[4] / "shared" / "corpus" / "seeds"
HOUR = timedelta(hours=1)


def counts(report: LoadReport) -> tuple[int, int, int, int, int]:
    """New, changed, unchanged, removed, rejected."""
    return report.new, report.changed, report.unchanged, report.removed, report.rejected


async def everything(store: ArticleStore) -> dict[str, Article]:
    found = await store.find_by_ids([row async for row in _ids(store)])
    return {article.path: article for article in found}


async def _ids(store: ArticleStore):  # type: ignore[no-untyped-def]
    for row in await store._rows("SELECT id FROM articles"):
        yield row[0]


async def found(database: Database, word: str) -> int:
    async with database.read() as connection:
        rows = await connection.execute_fetchall(
            "SELECT COUNT(*) FROM article_index WHERE article_index MATCH :word", {"word": word}
        )
        return int(next(iter(rows))[0])


@pytest.mark.skipif(not SEEDS.is_dir(), reason="the sample corpora are not here")
async def test_the_seeds_load_and_are_unchanged_afterwards(store: ArticleStore, database: Database) -> None:
    corpus = CorpusService(store, [SEEDS])
    assert counts(await corpus.load(now=NOW)) == (5, 0, 0, 0, 0)
    assert counts(await corpus.load(now=NOW)) == (0, 0, 5, 0, 0)
    assert await corpus.problems() == ()
    articles = await everything(store)
    assert any(article.excerpt.startswith("TORONTO — Clearview") for article in articles.values())
    assert Path(database.path).read_bytes().find(b"eHduokjy2HNrnGl6up4L") == -1
    assert await SearchStore(database).verify()


async def test_what_changed_is_counted(corpus: CorpusService, store: ArticleStore, folder: Path) -> None:
    write_many(folder, 5)
    assert counts(await corpus.load(now=NOW)) == (5, 0, 0, 0, 0)
    write(folder / "story-0.md", text_of("Story 0", excerpt="other words"))
    (folder / "story-1.md").unlink()
    write(folder / "deep" / "er" / "story-9.txt", "Plain title\n\nText\n")
    assert counts(await corpus.load(now=NOW)) == (1, 1, 3, 1, 0)
    articles = await everything(store)
    assert set(articles) == {"story-0.md", "story-2.md", "story-3.md", "story-4.md", "deep/er/story-9.txt"}
    assert articles["story-0.md"].excerpt == "other words"


async def test_a_touched_file_is_not_parsed_again(corpus: CorpusService, store: ArticleStore, folder: Path) -> None:
    place = write(folder / "a.md", text_of("One"))
    await corpus.load(now=NOW)
    generation = await store.generation()
    os.utime(place)
    assert counts(await corpus.load(now=NOW)) == (0, 0, 1, 0, 0)
    assert await store.generation() == generation


async def test_a_change_within_one_tick_of_the_clock_is_seen(
    corpus: CorpusService, store: ArticleStore, folder: Path
) -> None:
    place = write(folder / "a.md", text_of("One"), aged=False)
    status = place.stat()
    await corpus.load(now=NOW)
    place.write_text(text_of("Two"))
    os.utime(place, ns=(status.st_atime_ns, status.st_mtime_ns))
    assert counts(await corpus.load(now=NOW)) == (0, 1, 0, 0, 0)


async def test_search_keeps_in_step(corpus: CorpusService, database: Database, folder: Path) -> None:
    write_many(folder, 12)
    write(folder / "a.md", text_of("Zebras arrive", topics="[Animals]"))
    await corpus.load(now=NOW)
    assert await found(database, "zebras") == 1
    write(folder / "a.md", text_of("Giraffes arrive"))
    await corpus.load(now=NOW)
    assert (await found(database, "zebras"), await found(database, "giraffes")) == (0, 1)
    (folder / "a.md").rename(folder / "b.md")
    await corpus.load(now=NOW)
    assert await found(database, "giraffes") == 1
    (folder / "b.md").unlink()
    await corpus.load(now=NOW)
    assert await found(database, "giraffes") == 0
    assert await SearchStore(database).verify()


# ---------------------------------------------------------------------- problems


async def test_a_broken_file_costs_nothing_else(corpus: CorpusService, store: ArticleStore, folder: Path) -> None:
    write_many(folder, 3)
    write(folder / "broken.md", "---\ntitle: a: b\n---\n")
    report = await corpus.load(now=NOW)
    assert counts(report) == (3, 0, 0, 0, 1)
    (problem,) = report.problems
    assert (problem.path, problem.line, problem.rejected) == ("broken.md", 2, True)
    assert await corpus.problems() == report.problems
    assert (await store.status()).problem_count == 1


async def test_the_last_good_version_stays_as_long_as_a_file_is_broken(
    corpus: CorpusService, store: ArticleStore, folder: Path
) -> None:
    place = write(folder / "a.md", text_of("Good words"))
    await corpus.load(now=NOW)
    write(place, "---\ntitle: a: b\n---\n")
    for _time in range(3):
        report = await corpus.load(now=NOW)
        assert counts(report) == (0, 0, 0, 0, 1)
        assert len(report.problems) == 1
        assert (await everything(store))["a.md"].title == "Good words"
    os.utime(place)
    assert counts(await corpus.load(now=NOW)) == (0, 0, 0, 0, 1)
    place.rename(folder / "b.md")
    assert counts(await corpus.load(now=NOW)) == (0, 0, 0, 0, 1)
    assert (await everything(store))["b.md"].title == "Good words"
    write(folder / "b.md", text_of("Better words"))
    report = await corpus.load(now=NOW)
    assert counts(report) == (0, 1, 0, 0, 0)
    assert report.problems == ()
    assert (await everything(store))["b.md"].title == "Better words"


async def test_a_broken_file_that_goes_takes_its_problem_along(corpus: CorpusService, folder: Path) -> None:
    place = write(folder / "a.md", "---\ntitle: a: b\n---\n")
    await corpus.load(now=NOW)
    place.unlink()
    report = await corpus.load(now=NOW)
    assert counts(report) == (0, 0, 0, 0, 0)
    assert report.problems == ()


async def test_remarks_are_reported_without_costing_the_article(corpus: CorpusService, folder: Path) -> None:
    write(folder / "a.md", text_of("One", url="javascript:x"))
    for _time in range(2):
        report = await corpus.load(now=NOW)
        assert report.rejected == 0
        (problem,) = report.problems
        assert (problem.path, problem.line, problem.rejected) == ("a.md", 3, False)


async def test_too_large_a_file_is_rejected_unread(store: ArticleStore, folder: Path) -> None:
    write(folder / "a.md", "x" * 3000)
    report = await CorpusService(store, [folder], max_file_bytes=1024).load(now=NOW)
    assert counts(report) == (0, 0, 0, 0, 1)
    assert "3 KiB" in report.problems[0].reason


async def test_a_named_pipe_does_not_hold_the_load_up(corpus: CorpusService, folder: Path) -> None:
    os.mkfifo(folder / "pipe.md")
    write_many(folder, 1)
    assert counts(await corpus.load(now=NOW)) == (1, 0, 0, 0, 0)


# ---------------------------------------------------------------------- identity


async def test_a_rename_keeps_identity(corpus: CorpusService, store: ArticleStore, folder: Path) -> None:
    write_many(folder, 3)
    await corpus.load(now=NOW)
    write(folder / "late.md", text_of("Late"))
    await corpus.load(now=NOW)
    before = await everything(store)
    (folder / "late.md").rename(folder / "renamed.md")
    assert counts(await corpus.load(now=NOW + HOUR)) == (0, 1, 3, 0, 0)
    after = await everything(store)
    assert after["renamed.md"].id == before["late.md"].id
    assert after["renamed.md"].arrived_at == before["late.md"].arrived_at == NOW


async def test_the_same_address_under_another_name_keeps_identity(
    corpus: CorpusService, store: ArticleStore, folder: Path
) -> None:
    write(folder / "a.md", text_of("One", url="https://x.org/one"))
    await corpus.load(now=NOW)
    before = await everything(store)
    (folder / "a.md").unlink()
    write(folder / "b.md", text_of("One, corrected", url="https://www.x.org/one/"))
    assert counts(await corpus.load(now=NOW + HOUR)) == (0, 1, 0, 0, 0)
    after = await everything(store)
    assert (after["b.md"].id, after["b.md"].arrived_at) == (before["a.md"].id, before["a.md"].arrived_at)
    assert after["b.md"].title == "One, corrected"


async def test_two_files_with_one_address_are_both_articles(
    corpus: CorpusService, store: ArticleStore, folder: Path
) -> None:
    write(folder / "a.md", text_of("One", url="https://x.org/one"))
    write(folder / "b.md", text_of("One again", url="https://m.x.org/one?utm_source=y"))
    assert counts(await corpus.load(now=NOW)) == (2, 0, 0, 0, 0)
    assert len(await store.find_by_keys(["https://x.org/one"])) == 2


async def test_row_numbers_follow_publication(corpus: CorpusService, store: ArticleStore, folder: Path) -> None:
    for number in range(100):
        write(folder / f"same-{number}.md", text_of(f"Same {number}"))
        write(folder / f"none-{number}.txt", f"Undated {number}")
        write(folder / f"day-{number}.md", text_of(f"Day {number}", publishedDateTime=f"20{number:02}-06-01"))
    write(folder / "old.md", text_of("Old", publishedDateTime="1950-01-01"))
    await corpus.load(now=NOW)
    articles = (await everything(store)).values()
    assert len({article.id for article in articles}) == 301
    dated = sorted((a for a in articles if a.path.startswith(("day", "none"))), key=lambda article: article.id)
    assert [a.path.startswith("none") for a in dated] == [True] * 100 + [False] * 100
    moments = [a.published_at for a in dated if a.published_at is not None]
    assert moments == sorted(moments)


# ---------------------------------------------------------------------- arrival


async def test_at_the_first_load_articles_arrived_when_they_were_published(
    corpus: CorpusService, store: ArticleStore, folder: Path
) -> None:
    write(folder / "a.md", text_of("One"))
    write(folder / "b.md", text_of("Two", published="false"))
    write(folder / "c.txt", "Undated")
    await corpus.load(now=NOW)
    articles = await everything(store)
    assert articles["a.md"].arrived_at == PUBLISHED
    assert articles["b.md"].arrived_at is None
    assert articles["c.txt"].arrived_at is None


async def test_later_articles_arrive_with_the_load_that_brings_them_or_turns_them_on(
    corpus: CorpusService, store: ArticleStore, folder: Path
) -> None:
    write_many(folder, 2)
    write(folder / "off.md", text_of("Off", published="false"))
    write(folder / "undated.md", text_of("Undated", publishedDateTime=None))
    await corpus.load(now=NOW)
    write(folder / "late.md", text_of("Late"))
    await corpus.load(now=NOW + HOUR)
    write(folder / "off.md", text_of("Off", published="true"))
    write(folder / "undated.md", text_of("Undated"))
    await corpus.load(now=NOW + 2 * HOUR)
    articles = await everything(store)
    assert articles["late.md"].arrived_at == NOW + HOUR
    assert articles["off.md"].arrived_at == NOW + 2 * HOUR
    assert articles["undated.md"].arrived_at == NOW + 2 * HOUR


async def test_an_arrival_stays_once_it_is_set(corpus: CorpusService, store: ArticleStore, folder: Path) -> None:
    write_many(folder, 1)
    await corpus.load(now=NOW)
    for number, published in enumerate(["false", "true", "true"]):
        write(folder / "story-0.md", text_of("Story 0", published=published, excerpt=number))
        await corpus.load(now=NOW + HOUR)
        assert (await everything(store))["story-0.md"].arrived_at == PUBLISHED


async def test_a_folder_that_is_loaded_for_the_first_time_arrives_as_published(
    store: ArticleStore, folder: Path, tmp_path: Path
) -> None:
    write_many(folder, 1)
    await CorpusService(store, [folder]).load(now=NOW)
    write(tmp_path / "more" / "a.md", text_of("More"))
    await CorpusService(store, [folder, tmp_path / "more"]).load(now=NOW)
    assert (await everything(store))["a.md"].arrived_at == PUBLISHED


async def test_with_a_clock_articles_arrive_when_the_load_is_committed(store: ArticleStore, folder: Path) -> None:
    corpus = CorpusService(store, [folder], clock=lambda: NOW + timedelta(seconds=90.5))
    write_many(folder, 1)
    await corpus.load(now=NOW)
    write(folder / "late.md", text_of("Late"))
    await corpus.load(now=NOW)
    articles = await everything(store)
    assert articles["late.md"].arrived_at == NOW + timedelta(seconds=92)
    assert articles["story-0.md"].arrived_at == PUBLISHED


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


async def test_no_folder_at_all_is_told_and_changes_nothing(store: ArticleStore, folder: Path) -> None:
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
    assert sorted(report.new + report.changed for report in reports) == [30, 30]
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


async def test_a_file_given_for_a_folder_is_told_apart(corpus: CorpusService, folder: Path) -> None:
    with pytest.raises(CorpusUnavailable, match="is a file"):
        await corpus.load(now=NOW, folders=[write(folder / "a.md", "A title")])


# ---------------------------------------------------------------------- several folders


async def test_named_folders_leave_the_others_alone(store: ArticleStore, tmp_path: Path) -> None:
    one, two = tmp_path / "one", tmp_path / "two"
    write(one / "a.md", text_of("One"))
    write(two / "b.md", text_of("Two"))
    corpus = CorpusService(store, [one])
    await corpus.load(now=NOW)
    assert counts(await corpus.load(now=NOW, folders=[two])) == (1, 0, 0, 0, 0)
    assert set(await everything(store)) == {"a.md", "b.md"}
    assert counts(await corpus.load(now=NOW)) == (0, 0, 1, 1, 0)
    assert set(await everything(store)) == {"a.md"}


async def test_a_file_moved_to_another_folder_keeps_identity(store: ArticleStore, tmp_path: Path) -> None:
    one, two = tmp_path / "one", tmp_path / "two"
    write(one / "a.md", text_of("One"))
    two.mkdir()
    corpus = CorpusService(store, [one, two])
    await corpus.load(now=NOW)
    before = await everything(store)
    (one / "a.md").rename(two / "z.md")
    assert counts(await corpus.load(now=NOW)) == (0, 1, 0, 0, 0)
    assert (await everything(store))["z.md"].id == before["a.md"].id


async def test_a_folder_inside_another_is_loaded_once(store: ArticleStore, folder: Path) -> None:
    write(folder / "a.md", text_of("One"))
    write(folder / "sub" / "b.md", text_of("Two"))
    corpus = CorpusService(store, [folder, folder / "sub", folder / "sub" / ".." / "sub", folder])
    assert counts(await corpus.load(now=NOW)) == (2, 0, 0, 0, 0)
    assert counts(await corpus.load(now=NOW)) == (0, 0, 2, 0, 0)


async def test_folders_taken_together_or_apart_keep_every_article_once(store: ArticleStore, folder: Path) -> None:
    write(folder / "a.md", text_of("One"))
    write(folder / "sub" / "b.md", text_of("Two"))
    corpus = CorpusService(store, [folder])
    await corpus.load(now=NOW, folders=[folder / "sub"])
    before = (await everything(store))["b.md"]
    assert counts(await corpus.load(now=NOW, folders=[folder])) == (1, 1, 0, 0, 0)
    assert (await everything(store))["sub/b.md"].id == before.id
    assert counts(await corpus.load(now=NOW, folders=[folder / "sub"])) == (0, 1, 0, 0, 0)
    assert len(await everything(store)) == 2


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


async def test_progress_is_told_to_the_end(corpus: CorpusService, folder: Path) -> None:
    write_many(folder, 70)
    told: list[tuple[int, int]] = []
    await corpus.load(now=NOW, progress=lambda done, total: told.append((done, total)))
    assert told[0] == (0, 70)
    assert told[-1] == (70, 70)
    assert told == sorted(told)


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


async def test_a_large_load_goes_through_worker_processes(
    corpus: CorpusService, store: ArticleStore, database: Database, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(corpus_load, "FILES_IN_THREAD", 10)
    write_many(folder, 400)
    write(folder / "broken.md", "---\ntitle: a: b\n---\n")
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
    monkeypatch.setattr(corpus_load, "READER_VERSION", corpus_load.READER_VERSION + 1)
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


# ---------------------------------------------------------------------- providers, topics, status


async def test_a_provider_is_named_as_most_of_its_articles_do(
    corpus: CorpusService, store: ArticleStore, folder: Path
) -> None:
    for number, name in enumerate(["NYT", "New York Times", "New York Times"]):
        write(
            folder / f"{number}.md",
            text_of(f"Story {number}", provider=f"{{name: {name}, domain: nytimes.com}}", topics="[AI]"),
        )
    write(
        folder / "other.md",
        text_of(
            "Other",
            topics="[ai, Ai]",
            related="[{title: r, webUrl: https://nytimes.com/r, provider: {name: nyt, domain: nytimes.com}}]",
        ),
    )
    await corpus.load(now=NOW)
    assert await store.providers() == ((Provider("New York Times", "nytimes.com"), 3), (Provider("x.org", "x.org"), 1))
    assert await store.topics() == (("AI", 4),)
    articles = await everything(store)
    assert articles["0.md"].provider == Provider("New York Times", "nytimes.com")
    assert articles["other.md"].related[0].provider == Provider("New York Times", "nytimes.com")
    (folder / "1.md").unlink()
    write(folder / "2.md", text_of("Story 2", provider="{name: NYT, domain: nytimes.com}", topics="[Ai]"))
    write(folder / "0.md", text_of("Story 0", provider="{name: NYT, domain: nytimes.com}", topics="[Ai]"))
    await corpus.load(now=NOW)
    assert (await everything(store))["0.md"].provider == Provider("NYT", "nytimes.com")
    assert await store.topics() == (("Ai", 3),)
    for place in folder.glob("*.md"):
        place.unlink()
    await corpus.load(now=NOW)
    assert (await store.providers(), await store.topics()) == ((), ())


async def test_status_sums_up(corpus: CorpusService, store: ArticleStore, folder: Path) -> None:
    empty = await corpus.status()
    assert (empty.article_count, empty.generation, empty.loaded_at, empty.newest_at) == (0, 0, None, None)
    write(folder / "a.md", text_of("One", topics="[AI]"))
    write(folder / "b.md", text_of("Two", published="false", publishedDateTime="2021-03-01"))
    write(folder / "c.md", "---\ntitle: a: b\n---\n")
    await corpus.load(now=NOW)
    status = await corpus.status()
    assert (status.article_count, status.published_count, status.problem_count) == (2, 1, 1)
    assert (status.provider_count, status.topic_count, status.generation) == (1, 1, 1)
    assert (status.oldest_at, status.loaded_at) == (PUBLISHED, NOW)
    assert status.newest_at == await store.newest_published_at()


# ---------------------------------------------------------------------- reading


async def test_candidates_are_published_dated_and_in_the_window(
    corpus: CorpusService, store: ArticleStore, folder: Path
) -> None:
    for hour in range(6):
        write(folder / f"{hour}.md", text_of(f"Story {hour}", publishedDateTime=f"2021-02-04T{hour:02}:00:00Z"))
    write(folder / "off.md", text_of("Off", published="false", publishedDateTime="2021-02-04T03:00:00Z"))
    await corpus.load(now=NOW)
    day = PUBLISHED.replace(hour=0, minute=0)
    window = Window(day + HOUR, day + 3 * HOUR)
    assert [a.path for a in await store.find_candidates(window)] == ["3.md", "2.md"]
    whole = Window(day + HOUR, day + 3 * HOUR, closed_left=True)
    assert [a.path for a in await store.find_candidates(whole)] == ["2.md", "1.md"]
    assert [a.path for a in await store.find_candidates(whole, by_publication=True)] == ["2.md", "1.md"]
    around = await store.find_around(day + 2 * HOUR, day + 3 * HOUR, Window(day, day))
    assert {a.path for a in around} == {"2.md", "3.md", "off.md"}


async def test_articles_are_found_by_any_of_their_addresses(
    corpus: CorpusService, store: ArticleStore, folder: Path
) -> None:
    write(folder / "a.md", text_of("One", url="https://x.org/one", originalUrl="https://y.org/one"))
    write(folder / "b.md", text_of("Two", url="https://x.org/two") + "Body text")
    await corpus.load(now=NOW)
    assert [a.title for a in await store.find_by_keys(["https://y.org/one", "https://x.org/one"])] == ["One"]
    assert await store.find_by_keys([]) == ()
    assert len(await store.find_by_keys([f"https://z.org/{n}" for n in range(12_000)] + ["https://x.org/two"])) == 1
    two = await store.find_by_ref(urls.reference("https://x.org/two"))
    assert two is not None
    assert (two.title, two.body) == ("Two", "")
    assert (await store.get(two.id)).body == "Body text"
    assert (await store.get(two.id, body=False)).body == ""
    assert await store.find_by_ref(1) is None
    with pytest.raises(NotFound):
        await store.get(1)
    one = (await everything(store))["a.md"]
    assert [a.id for a in await store.find_by_ids([two.id, 5, one.id, two.id])] == [two.id, one.id]
    assert {title for title, _key in await store.recent_headlines(5)} == {"One", "Two"}


async def test_articles_of_this_day_in_earlier_years_are_found(
    corpus: CorpusService, store: ArticleStore, folder: Path
) -> None:
    for day in ["2018-02-04", "2019-02-05", "2020-02-03", "2020-02-06", "2021-02-04", "2021-02-03", "1969-02-04"]:
        write(folder / f"{day}.md", text_of(f"Story of {day}", publishedDateTime=f"{day}T12:00:00Z"))
    write(folder / "off.md", text_of("Off", published="false", publishedDateTime="2018-02-04"))
    write(folder / "leap.md", text_of("Leap", publishedDateTime="2020-02-29T12:00:00Z"))
    write(folder / "eve.md", text_of("Eve", publishedDateTime="2019-12-31T23:30:00Z"))
    await corpus.load(now=NOW)
    before = PUBLISHED.replace(hour=23)
    names = [a.path for a in await store.find_on_day(2, 4, before)]
    assert names == ["2020-02-03.md", "2019-02-05.md", "2018-02-04.md", "1969-02-04.md"]
    assert [a.path for a in await store.find_on_day(2, 28, before)] == ["leap.md"]
    assert [a.path for a in await store.find_on_day(2, 29, before)] == ["leap.md"]
    assert [a.path for a in await store.find_on_day(1, 1, before)] == ["eve.md"]


async def test_many_rows_are_decoded_without_holding_the_loop(
    corpus: CorpusService, store: ArticleStore, folder: Path
) -> None:
    write_many(folder, 250)
    await corpus.load(now=NOW)
    assert len(await store.find_candidates(Window(PUBLISHED - HOUR, PUBLISHED + HOUR))) == 250
