"""Worker processes: what one of them dies of costs one file."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import psutil  # type: ignore[import-untyped,unused-ignore]
import pytest

from digests.errors import CorpusUnavailable
from digests.ingest import pool as pools
from digests.ingest.pool import WorkerPool, launch
from digests.ingest.read_files import ARTICLE, GONE, REJECTED, SAME, FileOutcome, read_jobs
from tests.patience import PATIENCE_S, until

LIMIT = 1_000_000
Workers = Callable[[], list[psutil.Process]]

# A reader that dies or hangs on certain files, put in front of the real one in the workers' import path.
DEADLY = """
import os, time
import digests.ingest.read_files as reading
from digests.ingest import worker
true_contents = reading._Opener.contents
def contents(self, path, max_bytes):
    if "kill" in path:
        os._exit(3)
    if "wait" in path:
        time.sleep(3)
    if "hang" in path:
        time.sleep(60)
    return true_contents(self, path, max_bytes)
reading._Opener.contents = contents
import digests.corpus.reader
true_read = digests.corpus.reader.read
def read(path, data, **options):
    while "boil" in path:
        pass
    return true_read(path, data, **options)
digests.corpus.reader.read = read
"""

# A worker in which no alarm ends anything, and which stands still at the second file.
DEAF = """
import signal, time
import digests.ingest.worker as worker
worker.signal.setitimer = lambda *_arguments: None
true_begin = worker._Record.begin
def begin(self, position):
    true_begin(self, position)
    if position == 1:
        time.sleep(60)
worker._Record.begin = begin
"""

# A worker that says that it is ready, and then nothing that makes sense.
BABBLING = """
import sys, time
sys.stdout.buffer.write(b"\\0\\0\\0\\1!" * 2)
sys.stdout.flush()
time.sleep(60)
"""


@pytest.fixture(autouse=True)
def launched(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have workers start as they do for the bot, not forked as for other tests (`tests/conftest.py`)."""
    monkeypatch.setattr(pools, "launch", launch)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "news"
    folder.mkdir()
    for number in range(20):
        (folder / f"{number}.md").write_text(f"Title {number}")
    return folder


@pytest.fixture
def workers() -> Workers:
    """Return what looks for the processes that this process has started since: other tests may have left some."""
    before = {child.pid for child in psutil.Process().children(recursive=True)}
    return lambda: [child for child in psutil.Process().children(recursive=True) if child.pid not in before]


async def read(
    folder: Path, names: list[str], *, workers: int = 1, file_seconds: float = 20.0
) -> dict[str, FileOutcome]:
    async with WorkerPool(max_bytes=LIMIT, file_seconds=file_seconds) as pool:
        chunks = [
            (str(folder), [(name, None) for name in names[start : start + 7]]) for start in range(0, len(names), 7)
        ]
        return {
            outcome.path: outcome
            async for _folder, outcomes in pool.read(chunks, worker_count=workers)
            for outcome in outcomes
        }


async def test_workers_read_what_the_reader_reads(folder: Path) -> None:
    names = [f"{number}.md" for number in range(20)]
    outcomes = await read(folder, names, workers=2)
    here = {outcome.path: outcome for outcome in read_jobs(str(folder), [(name, None) for name in names], LIMIT)}
    assert set(outcomes) == set(names)
    for name in names:
        assert outcomes[name].kind == ARTICLE
        assert outcomes[name][4:] == here[name][4:]


@pytest.fixture
def deadly(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Has workers die or hang on certain files."""
    (tmp_path / "lib").mkdir()
    (tmp_path / "lib" / "deadly.py").write_text(DEADLY)
    monkeypatch.setattr(pools, "_START", pools._START.replace("from digests", "import deadly\nfrom digests", 1))
    monkeypatch.syspath_prepend(str(tmp_path / "lib"))


def with_wall_factor(factor: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Set for workers and pools how many times its CPU time a file may take by the wall clock."""
    start = f"import digests.ingest.worker as worker\nworker.WALL_FACTOR = {factor}\nfrom digests"
    monkeypatch.setattr(pools, "_START", pools._START.replace("from digests", start, 1))
    monkeypatch.setattr(pools, "WALL_FACTOR", factor)


@pytest.mark.slow
@pytest.mark.usefixtures("deadly")
async def test_a_worker_that_dies_costs_one_file_each_time(folder: Path) -> None:
    names = ["0.md", "kill-a.md", "1.md", "2.md", "kill-b.md", "kill-c.md", "3.md", "4.md", "kill-d.md"]
    outcomes = await read(folder, names)
    assert set(outcomes) == set(names)
    for name in names:
        assert outcomes[name].kind == (ARTICLE if name[0].isdigit() else REJECTED), name


@pytest.mark.slow
@pytest.mark.usefixtures("deadly")
async def test_a_file_that_is_read_without_end_is_rejected(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with_wall_factor(4, monkeypatch)
    outcomes = await read(folder, ["0.md", "hang.md", "1.md"], file_seconds=0.3)
    assert set(outcomes) == {"0.md", "hang.md", "1.md"}
    assert outcomes["hang.md"].kind == REJECTED
    assert "longer than" in str(outcomes["hang.md"].problems)


@pytest.mark.slow
@pytest.mark.usefixtures("deadly")
async def test_a_file_that_works_without_end_is_rejected_and_known_by_its_content(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # On a very busy machine the wall clock would end it first, which may pass.
    with_wall_factor(200, monkeypatch)
    (folder / "boil.md").write_text("Boiling")
    outcomes = await read(folder, ["0.md", "boil.md", "1.md"], file_seconds=0.8)
    assert [outcomes[name].kind for name in ("0.md", "boil.md", "1.md")] == [ARTICLE, REJECTED, ARTICLE]
    _path, _kind, size, _mtime_ns, digest, *_rest = outcomes["boil.md"]
    assert (size, digest) == (7, sha256(b"Boiling").digest()[:16])


@pytest.mark.slow
@pytest.mark.usefixtures("deadly")
async def test_what_waits_for_the_disk_is_tried_again_another_time(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with_wall_factor(4, monkeypatch)
    outcomes = await read(folder, ["hang.md"], file_seconds=0.2)
    assert outcomes["hang.md"][2:5] == (0, 0, b"")


@pytest.mark.slow
@pytest.mark.usefixtures("deadly")
async def test_a_file_may_wait_far_longer_than_it_may_work(folder: Path) -> None:
    # As on a machine that has many times more to do than it can.
    (folder / "wait.md").write_text("Waiting")
    outcomes = await read(folder, ["wait.md"], file_seconds=0.5)
    assert outcomes["wait.md"].kind == ARTICLE


@pytest.mark.slow
@pytest.mark.usefixtures("deadly")
async def test_many_slow_files_get_less_and_less_time(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with_wall_factor(200, monkeypatch)
    monkeypatch.setattr(pools, "MANY_SLOW", 2)
    for number in range(4):
        (folder / f"{number}-boil.md").write_text(f"Boiling {number}")
    outcomes = await read(folder, [f"{number}-boil.md" for number in range(4)], file_seconds=0.6)
    assert [str(outcomes[f"{number}-boil.md"].problems).count("0.6 seconds") for number in range(4)] == [1, 1, 0, 0]


@pytest.mark.slow
async def test_a_worker_whose_clocks_are_stopped_is_killed_from_outside(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pools, "LOOK_SECONDS", 0.1)
    monkeypatch.setattr(pools, "_START", pools._START.replace("from digests", f"{DEAF}\nfrom digests", 1))
    for factor in (4, 12, 40):  # the busier the machine is, the longer the first file takes
        monkeypatch.setattr(pools, "WALL_FACTOR", factor)
        outcomes = await read(folder, ["0.md", "1.md"], file_seconds=1.0)
        if outcomes["0.md"].kind == ARTICLE:
            break
    assert "longer than" in str(outcomes["1.md"].problems)
    assert outcomes["0.md"].kind == ARTICLE


@pytest.mark.slow
async def test_large_files_are_handed_back_one_by_one(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    names = [f"large-{number}.md" for number in range(12)]
    for name in names:
        (folder / name).write_text(f"Title\n\n{'word ' * 100_000}{name}")
    async with WorkerPool(max_bytes=LIMIT) as pool:
        reading = pool.read([(str(folder), [(name, None) for name in names])])
        sizes = [len(outcomes) async for _folder, outcomes in reading]
    assert sizes == [3, 3, 3, 3]


@pytest.mark.slow
async def test_one_worker_is_kept_for_the_next_reading_and_then_ended(folder: Path, workers: Workers) -> None:
    async with WorkerPool(max_bytes=LIMIT, keep_s=600) as pool:
        seen: list[list[int]] = []
        for _time in range(2):
            pool._keep_s = 600 if not seen else 0.05
            async for _folder, outcomes in pool.read([(str(folder), [("0.md", None)])]):
                assert outcomes[0].kind == ARTICLE
                seen.append([child.pid for child in workers()])
        assert len(seen[0]) == 1
        assert seen[0] == seen[1]
        await until(lambda: not workers())


async def test_a_worker_whose_end_is_not_waited_for_leaves_no_file_open(folder: Path) -> None:
    pool = WorkerPool(max_bytes=LIMIT, keep_s=60)
    async for _read in pool.read([(str(folder), [("0.md", None)])]):
        pass
    worker = pool._take()
    process = worker._process
    assert process is not None
    ending = asyncio.create_task(worker.stop())
    await asyncio.sleep(0)
    record = worker._record
    ending.cancel()
    await asyncio.gather(ending, return_exceptions=True)
    assert record is not None
    assert record.closed
    await process.wait()  # else its end would be found missing in some later test


@pytest.mark.slow
async def test_a_kept_worker_that_died_meanwhile_costs_nothing(folder: Path, workers: Workers) -> None:
    async with WorkerPool(max_bytes=LIMIT, keep_s=60) as pool:
        for _time in range(2):
            async for _folder, outcomes in pool.read([(str(folder), [("0.md", None)])]):
                assert outcomes[0].kind == ARTICLE
            (worker,) = workers()
            worker.kill()


@pytest.mark.slow
async def test_a_worker_sees_nothing_of_the_environment_but_what_it_needs(
    folder: Path, workers: Workers, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DISCORD_TOKEN", "very-secret")
    async with WorkerPool(max_bytes=LIMIT, keep_s=60) as pool:
        async for _read in pool.read([(str(folder), [("0.md", None)])]):
            pass
        (child,) = workers()
        assert "very-secret" not in str(child.environ())
        assert "PATH" in child.environ()


@pytest.mark.slow
async def test_no_process_outlives_the_pool(folder: Path, workers: Workers) -> None:
    await read(folder, ["0.md", "1.md"], workers=2)
    assert workers() == []


@pytest.mark.slow
async def test_leaving_early_ends_the_workers(folder: Path, workers: Workers) -> None:
    chunks = [(str(folder), [(f"{number}.md", None)]) for number in range(20)]
    async with WorkerPool(max_bytes=LIMIT) as pool:
        async for _folder, _outcomes in pool.read(chunks, worker_count=2):
            break
    assert workers() == []


async def test_a_worker_that_cannot_start_is_reported_in_words(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pools, "_START", "raise SystemExit(1)")
    with pytest.raises(CorpusUnavailable, match="can't be read"):
        await read(folder, ["0.md"])


async def test_an_answer_that_cannot_be_read_is_an_error_and_no_endless_wait(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pools, "_START", BABBLING)
    async with asyncio.timeout(PATIENCE_S):
        with pytest.raises(ValueError, match="marshal"):
            await read(folder, ["0.md"])


def test_outcomes_say_what_happened_to_each_file(folder: Path) -> None:
    (folder / "broken.md").write_text("---\na: [b\n---\n")
    (folder / "large.md").write_text("x" * 3000)
    (folder / "secret").mkdir()
    first = next(read_jobs(str(folder), [("0.md", None)], LIMIT))
    jobs = [("0.md", first[4]), ("broken.md", None), ("gone.md", None), ("secret", None), ("large.md", None)]
    outcomes = list(read_jobs(str(folder), jobs, 2000))
    assert [outcome.kind for outcome in outcomes] == [SAME, REJECTED, GONE, GONE, REJECTED]
    assert outcomes[1].problems[0][0] == 2


@pytest.mark.slow
def test_the_worker_loads_no_more_than_it_needs() -> None:
    needed = "digests.ingest.worker, digests.corpus.reader, digests.store.article_rows"
    code = f"import {needed}, sys; print(' '.join(sys.modules))"
    modules = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True).stdout.split()
    assert not {"discord", "aiosqlite", "aiohttp", "sqlite3", "bot"} & set(modules)
