"""Watching folders."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from watchfiles import Change

from digests.errors import CorpusUnavailable, ReloadRunning
from digests.service.corpus import CorpusService, follow
from digests.store.articles import ArticleStore
from tests.digests.service.corpus.making import NOW, everything, text_of, write, write_many
from tests.patience import PATIENCE_S, until, until_found


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(follow, "SETTLE_S", 0.1)
    monkeypatch.setattr(follow, "RETRY_S", 0.2)


@asynccontextmanager
async def watching(corpus: CorpusService) -> AsyncIterator[Callable[[], int]]:
    """Run the watch; yield a function that returns how many reloads it has requested: one as soon as it has started."""
    stop = asyncio.Event()
    applied = 0

    async def apply() -> None:
        nonlocal applied
        applied += 1
        await corpus.load(now=NOW, force=True)

    async def stands() -> bool:
        return applied > 0

    task = asyncio.create_task(corpus.watch(stop, apply))
    try:
        await until_found(stands)
        yield lambda: applied
    finally:
        stop.set()
        await asyncio.wait_for(task, PATIENCE_S)


async def test_a_saved_file_is_loaded(corpus: CorpusService, store: ArticleStore, folder: Path) -> None:
    async with watching(corpus):
        write(folder / "a.md", text_of("One"), aged=False)

        async def one() -> bool:
            return await store.count() == 1

        await until_found(one)
        write(folder / "sub" / "b.md", text_of("Two"), aged=False)

        async def two() -> bool:
            return await store.count() == 2

        await until_found(two)
        # The folder is there by now: this is a save inside it and nothing else.
        write(folder / "sub" / "b.md", text_of("Two again"), aged=False)

        async def again() -> bool:
            return "Two again" in {article.title for article in (await everything(store)).values()}

        await until_found(again)
        (folder / "a.md").unlink()
        await until_found(one)


async def test_an_editors_own_files_are_no_reason_to_load(
    corpus: CorpusService, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = {".a.md.swp", "a.md~", ".#a.md", "4913.tmp"}
    judged: set[str] = set()
    is_of_interest = follow._is_of_interest

    def judge(change: Change, path: str) -> bool:
        judged.add(Path(path).name)
        return is_of_interest(change, path)

    async def all_judged() -> bool:
        return judged >= names

    monkeypatch.setattr(follow, "_is_of_interest", judge)
    async with watching(corpus) as applied:
        for name in names:
            write(folder / name, "x", aged=False)
        await until_found(all_judged)
        assert applied() == 1


@pytest.mark.slow
async def test_a_checkout_of_thousands_is_few_loads(corpus: CorpusService, store: ArticleStore, folder: Path) -> None:
    async with watching(corpus) as applied:
        await asyncio.to_thread(write_many, folder, 1500)

        async def all_there() -> bool:
            return await store.count() == 1500

        await until_found(all_there)
        assert applied() < 150  # one for each pause in the writing, of which a busy machine makes some


async def test_a_folder_removed_and_put_back_is_watched_again(
    corpus: CorpusService, store: ArticleStore, folder: Path
) -> None:
    write(folder / "a.md", text_of("One"))
    await corpus.load(now=NOW)
    async with watching(corpus):
        shutil.rmtree(folder)
        await asyncio.sleep(0.7)
        assert await store.count() == 1
        write(folder / "b.md", text_of("Two"), aged=False)

        async def second() -> bool:
            return [title for title, _key in await store.recent_headlines(5)] == ["Two"]

        await until_found(second)
        write(folder / "c.md", text_of("Three"), aged=False)

        async def third() -> bool:
            return await store.count() == 2

        await until_found(third)


async def test_a_reload_under_way_is_waited_for(folder: Path) -> None:
    stop = asyncio.Event()
    tries = 0

    async def apply() -> None:
        nonlocal tries
        tries += 1
        if tries <= 2 * follow.TRIES:
            raise ReloadRunning("busy")
        stop.set()

    await asyncio.wait_for(follow.watch([folder], stop, apply), PATIENCE_S)
    assert tries == 2 * follow.TRIES + 1


async def test_a_reload_that_fails_is_tried_once_more_until_the_next_change(folder: Path) -> None:
    stop = asyncio.Event()
    tries = 0

    async def apply() -> None:
        nonlocal tries
        tries += 1
        if tries == 2 * follow.TRIES:
            stop.set()
        raise CorpusUnavailable("away")

    async def given_up() -> bool:
        return tries == follow.TRIES

    task = asyncio.create_task(follow.watch([folder], stop, apply))
    await until_found(given_up)
    await asyncio.sleep(4 * follow.RETRY_S)
    assert await given_up()
    write(folder / "a.md", "A title", aged=False)
    await asyncio.wait_for(task, PATIENCE_S)


@pytest.mark.slow
async def test_what_git_writes_of_its_own_is_no_reason_to_load(
    store: ArticleStore, folder: Path, upstream: Path
) -> None:
    async with watching(CorpusService(store, [folder], git=True)) as applied:
        write(folder / "mine.md", text_of("Mine"), aged=False)

        async def mine() -> bool:
            return await store.count() == 2

        await until_found(mine)
        await asyncio.sleep(2)
        assert applied() <= 5  # two a second if a load were a reason for the next


@pytest.mark.slow
async def test_folders_that_can_not_be_watched_are_said_and_end_nothing(
    folder: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async def unwatchable(*_folders: Path, **_options: object) -> AsyncIterator[set[tuple[Change, str]]]:
        if _folders:
            raise OSError("OS file watch limit reached.")
        yield set()

    monkeypatch.setattr(follow, "awatch", unwatchable)
    stop = asyncio.Event()
    watching = asyncio.create_task(follow.watch([folder], stop, asyncio.Event().wait))
    await until(lambda: "fs.inotify.max_user_watches" in caplog.text)
    assert not watching.done()
    stop.set()
    await asyncio.wait_for(watching, PATIENCE_S)
