"""Watching folders, and pulling them from git."""

from __future__ import annotations

import asyncio
import shutil
import subprocess
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from watchfiles import Change

from digests.errors import CorpusUnavailable, ReloadRunning
from digests.service.corpus import CorpusService, follow
from digests.store.articles import ArticleStore
from tests.digests.service.corpus.making import NOW, counts, text_of, write, write_many

PATIENCE_S = 15.0


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(follow, "SETTLE_S", 0.1)
    monkeypatch.setattr(follow, "RETRY_S", 0.2)


@asynccontextmanager
async def watching(corpus: CorpusService) -> AsyncIterator[Callable[[], int]]:
    """Runs the watch; gives a function that tells how many reloads it asked for, which is one as soon as it stands."""
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
        await until(stands)
        yield lambda: applied
    finally:
        stop.set()
        await asyncio.wait_for(task, PATIENCE_S)


async def until(condition: Callable[[], Awaitable[bool]]) -> None:
    async with asyncio.timeout(PATIENCE_S):
        while not await condition():  # noqa: ASYNC110 - what is waited for happens in the store
            await asyncio.sleep(0.05)


async def test_a_saved_file_is_loaded(corpus: CorpusService, store: ArticleStore, folder: Path) -> None:
    async with watching(corpus):
        write(folder / "a.md", text_of("One"), aged=False)

        async def one() -> bool:
            return await store.count() == 1

        await until(one)
        write(folder / "sub" / "b.md", text_of("Two"), aged=False)

        async def two() -> bool:
            return await store.count() == 2

        await until(two)
        (folder / "a.md").unlink()
        await until(one)


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
        await until(all_judged)
        assert applied() == 1


async def test_a_checkout_of_thousands_is_few_loads(corpus: CorpusService, store: ArticleStore, folder: Path) -> None:
    async with watching(corpus) as applied:
        await asyncio.to_thread(write_many, folder, 1500)

        async def all_there() -> bool:
            return await store.count() == 1500

        await until(all_there)
        assert applied() < 15


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

        await until(second)
        write(folder / "c.md", text_of("Three"), aged=False)

        async def third() -> bool:
            return await store.count() == 2

        await until(third)


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
    await until(given_up)
    await asyncio.sleep(4 * follow.RETRY_S)
    assert await given_up()
    write(folder / "a.md", "A title", aged=False)
    await asyncio.wait_for(task, PATIENCE_S)


# ---------------------------------------------------------------------- git


def git(folder: Path, *arguments: str) -> None:
    settings = ("-c", "user.name=T", "-c", "user.email=t@example.org", "-c", "commit.gpgsign=false")
    subprocess.run(["git", "-C", str(folder), *settings, *arguments], check=True, capture_output=True)


@pytest.fixture
def upstream(tmp_path: Path, folder: Path) -> Path:
    """A repository that `folder` is a clone of."""
    upstream = tmp_path / "upstream"
    upstream.mkdir()
    git(upstream, "init", "-q", "-b", "main")
    write(upstream / "a.md", text_of("One"))
    git(upstream, "add", ".")
    git(upstream, "commit", "-q", "-m", "One")
    folder.rmdir()
    git(tmp_path, "clone", "-q", str(upstream), str(folder))
    return upstream


def publish(upstream: Path, name: str, text: str) -> None:
    write(upstream / name, text)
    git(upstream, "add", ".")
    git(upstream, "commit", "-q", "-m", name)


async def test_a_repository_is_pulled_before_a_load(store: ArticleStore, folder: Path, upstream: Path) -> None:
    corpus = CorpusService(store, [folder], git=True)
    assert (await corpus.load(now=NOW)).new == 1
    publish(upstream, "b.md", text_of("Two"))
    report = await corpus.load(now=NOW)
    assert (report.new, report.unchanged) == (1, 1)
    assert not await follow.pull(folder)


async def test_what_git_writes_of_its_own_is_no_reason_to_load(
    store: ArticleStore, folder: Path, upstream: Path
) -> None:
    async with watching(CorpusService(store, [folder], git=True)) as applied:
        write(folder / "mine.md", text_of("Mine"), aged=False)

        async def mine() -> bool:
            return await store.count() == 2

        await until(mine)
        await asyncio.sleep(2)
        assert applied() <= 3


async def test_hooks_of_the_repository_are_not_run(folder: Path, upstream: Path, tmp_path: Path) -> None:
    for name in ("post-merge", "post-checkout", "reference-transaction"):
        hook = folder / ".git" / "hooks" / name
        hook.parent.mkdir(exist_ok=True)
        hook.write_text(f"#!/bin/sh\ntouch {tmp_path}/ran\n")
        hook.chmod(0o755)
    publish(upstream, "b.md", text_of("Two"))
    assert await follow.pull(folder)
    assert not (tmp_path / "ran").exists()


async def test_a_local_change_in_the_way_is_reported_and_stays(folder: Path, upstream: Path) -> None:
    write(folder / "a.md", "mine")
    publish(upstream, "a.md", text_of("Theirs"))
    publish(upstream, "b.md", text_of("Two"))
    with pytest.raises(CorpusUnavailable, match="git merge failed"):
        await follow.pull(folder)
    assert (folder / "a.md").read_text() == "mine"
    assert not (folder / "b.md").exists()


async def test_histories_that_went_apart_are_reported(folder: Path, upstream: Path) -> None:
    publish(folder, "mine.md", text_of("Mine"))
    publish(upstream, "theirs.md", text_of("Theirs"))
    with pytest.raises(CorpusUnavailable, match="git merge failed"):
        await follow.pull(folder)
    assert not (folder / "theirs.md").exists()


async def test_an_upstream_out_of_reach_is_reported(folder: Path, upstream: Path) -> None:
    shutil.rmtree(upstream)
    with pytest.raises(CorpusUnavailable, match="git fetch failed"):
        await follow.pull(folder)


async def test_a_folder_that_is_no_repository_is_read_as_it_is(
    store: ArticleStore, folder: Path, upstream: Path, tmp_path: Path
) -> None:
    write(tmp_path / "plain" / "b.md", text_of("Two"))
    corpus = CorpusService(store, [tmp_path / "plain", folder], git=True)
    assert counts(await corpus.load(now=NOW)) == (2, 0, 0, 0, 0)
    publish(upstream, "c.md", text_of("Three"))
    report = await corpus.load(now=NOW)
    assert (counts(report), report.problems) == ((1, 0, 2, 0, 0), ())


async def test_a_repository_that_is_broken_is_reported(folder: Path, upstream: Path) -> None:
    shutil.rmtree(folder / ".git")
    (folder / ".git").write_text("gitdir: /nowhere")
    with pytest.raises(CorpusUnavailable, match="git rev-parse failed"):
        await follow.pull(folder)


async def test_files_are_read_where_the_upstream_is_out_of_reach(
    store: ArticleStore, folder: Path, upstream: Path
) -> None:
    corpus = CorpusService(store, [folder], git=True)
    await corpus.load(now=NOW)
    upstream.rename(upstream.with_name("moved"))
    write(folder / "mine.md", text_of("Mine"))
    report = await corpus.load(now=NOW)
    assert counts(report) == (1, 0, 1, 0, 0)
    (problem,) = report.problems
    assert (problem.path, problem.line, problem.rejected) == (str(folder), None, False)
    assert "git fetch failed" in problem.reason
    assert await corpus.problems() == report.problems
    upstream.with_name("moved").rename(upstream)
    assert (await corpus.load(now=NOW)).problems == ()


async def test_a_fetch_that_hangs_is_stopped(folder: Path, upstream: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(follow, "GIT_TIMEOUT_S", 0.5)
    git(folder, "remote", "set-url", "origin", "ext::sleep 60")
    git(folder, "config", "protocol.ext.allow", "always")
    with pytest.raises(CorpusUnavailable, match="took longer"):
        await follow.pull(folder)


def test_secrets_in_messages_of_git_are_taken_out() -> None:
    message = "fatal: unable to access 'https://me:token@example.org/x.git/'"
    assert follow._without_secrets(message) == "fatal: unable to access 'https://example.org/x.git/'"


async def test_folders_that_can_not_be_watched_are_said_and_end_nothing(
    folder: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async def unwatchable(*_folders: Path, **_options: object) -> AsyncIterator[set[tuple[Change, str]]]:
        raise OSError("OS file watch limit reached.")
        yield set()

    monkeypatch.setattr(follow, "awatch", unwatchable)
    stop = asyncio.Event()
    watching = asyncio.create_task(follow.watch([folder], stop, asyncio.Event().wait))
    async with asyncio.timeout(PATIENCE_S):
        while "fs.inotify.max_user_watches" not in caplog.text:  # noqa: ASYNC110 - the log tells
            await asyncio.sleep(0.01)
    assert not watching.done()
    stop.set()
    await asyncio.wait_for(watching, 5)
