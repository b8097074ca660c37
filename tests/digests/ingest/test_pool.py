"""Worker processes: what one of them dies of costs one file."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from pathlib import Path

import psutil  # type: ignore[import-untyped,unused-ignore]
import pytest

from digests.errors import CorpusUnavailable
from digests.ingest import pool as pools
from digests.ingest.pool import WorkerPool
from digests.ingest.read_files import ARTICLE, GONE, REJECTED, SAME, Outcome, read_jobs

LIMIT = 1_000_000

# A reader that dies or hangs on certain files, put in front of the real one in the workers' import path.
DEADLY = """
import os, time
import digests.ingest.read_files as reading
from digests.ingest import worker
true_contents = reading._contents
def contents(place, max_bytes):
    if "kill" in place:
        os._exit(3)
    if "hang" in place:
        time.sleep(60)
    return true_contents(place, max_bytes)
reading._contents = contents
"""

# A worker that says that it is ready, and then nothing that makes sense.
BABBLING = """
import sys, time
sys.stdout.buffer.write(b"\\0\\0\\0\\1!" * 2)
sys.stdout.flush()
time.sleep(60)
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "news"
    folder.mkdir()
    for number in range(20):
        (folder / f"{number}.md").write_text(f"Title {number}")
    return folder


async def read(folder: Path, names: list[str], *, workers: int = 1, file_seconds: float = 20.0) -> dict[str, Outcome]:
    async with WorkerPool(workers, max_bytes=LIMIT, file_seconds=file_seconds) as pool:
        chunks = [
            (str(folder), [(name, None) for name in names[start : start + 7]]) for start in range(0, len(names), 7)
        ]
        return {outcome[0]: outcome async for _folder, outcomes in pool.read(chunks) for outcome in outcomes}


async def test_workers_read_what_the_reader_reads(folder: Path) -> None:
    names = [f"{number}.md" for number in range(20)]
    outcomes = await read(folder, names, workers=2)
    here = {outcome[0]: outcome for outcome in read_jobs(str(folder), [(name, None) for name in names], LIMIT)}
    assert set(outcomes) == set(names)
    for name in names:
        assert outcomes[name][1] == ARTICLE
        assert outcomes[name][4:] == here[name][4:]


@pytest.fixture
def deadly(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Has workers die or hang on certain files."""
    (tmp_path / "lib").mkdir()
    (tmp_path / "lib" / "deadly.py").write_text(DEADLY)
    monkeypatch.setattr(pools, "_START", pools._START.replace("from digests", "import deadly\nfrom digests", 1))
    monkeypatch.syspath_prepend(str(tmp_path / "lib"))


@pytest.mark.usefixtures("deadly")
async def test_a_worker_that_dies_costs_one_file_each_time(folder: Path) -> None:
    names = ["0.md", "kill-a.md", "1.md", "2.md", "kill-b.md", "kill-c.md", "3.md", "4.md", "kill-d.md"]
    outcomes = await read(folder, names)
    assert set(outcomes) == set(names)
    for name in names:
        assert outcomes[name][1] == (ARTICLE if name[0].isdigit() else REJECTED), name


@pytest.mark.usefixtures("deadly")
async def test_a_file_that_is_read_without_end_is_rejected(folder: Path) -> None:
    # The others share its time, which is too short for them on a machine that is busy enough.
    outcomes = await read(folder, ["0.md", "hang.md", "1.md"], file_seconds=0.3)
    assert set(outcomes) == {"0.md", "hang.md", "1.md"}
    assert outcomes["hang.md"][1] == REJECTED
    assert "crash or hang" in str(outcomes["hang.md"][7])


async def test_no_process_outlives_the_pool(folder: Path) -> None:
    before = {child.pid for child in psutil.Process().children(recursive=True)}
    await read(folder, ["0.md", "1.md"], workers=2)
    assert {child.pid for child in psutil.Process().children(recursive=True)} <= before


async def test_leaving_early_ends_the_workers(folder: Path) -> None:
    before = {child.pid for child in psutil.Process().children(recursive=True)}
    async with WorkerPool(2, max_bytes=LIMIT) as pool:
        async for _folder, _outcomes in pool.read([(str(folder), [(f"{number}.md", None)]) for number in range(20)]):
            break
    await asyncio.sleep(0.05)
    assert {child.pid for child in psutil.Process().children(recursive=True)} <= before


async def test_a_worker_that_cannot_start_is_told_in_words(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pools, "_START", "raise SystemExit(1)")
    with pytest.raises(CorpusUnavailable, match="can't be read"):
        await read(folder, ["0.md"])


async def test_an_answer_that_cannot_be_read_is_an_error_and_no_endless_wait(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pools, "_START", BABBLING)
    async with asyncio.timeout(10):
        with pytest.raises(ValueError, match="marshal"):
            await read(folder, ["0.md"])


def test_outcomes_tell_what_became_of_each_file(folder: Path) -> None:
    (folder / "broken.md").write_text("---\na: [b\n---\n")
    (folder / "large.md").write_text("x" * 3000)
    (folder / "secret").mkdir()
    first = read_jobs(str(folder), [("0.md", None)], LIMIT)[0]
    outcomes = read_jobs(
        str(folder),
        [("0.md", first[4]), ("broken.md", None), ("gone.md", None), ("secret", None), ("large.md", None)],
        2000,
    )
    assert [outcome[1] for outcome in outcomes] == [SAME, REJECTED, GONE, GONE, REJECTED]
    assert outcomes[1][7][0][0] == 2


def test_the_worker_loads_no_more_than_it_needs() -> None:
    code = "import digests.ingest.worker, digests.corpus, digests.store.article_rows, sys; print(' '.join(sys.modules))"
    modules = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True).stdout.split()
    assert not {"discord", "aiosqlite", "aiohttp", "sqlite3", "bot"} & set(modules)
