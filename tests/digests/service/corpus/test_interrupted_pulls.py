"""A pull that is killed, or has no room: the next one mends what it left."""

from __future__ import annotations

import asyncio
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from digests.errors import CorpusUnavailable
from digests.service.corpus import checkout
from digests.service.corpus.pull_record import PullRecord
from tests.digests.service.corpus.making import git, publish, text_of, write

pytestmark = pytest.mark.skipif(shutil.which("git") is None, reason="needs git")


def leftovers(folder: Path) -> list[str]:
    found: Iterator[Path] = (folder / ".git").rglob("*")
    return [path.name for path in found if path.name.startswith("tmp_") or path.name.endswith(".lock")]


def publish_many(upstream: Path, count: int, name: str) -> None:
    for number in range(count):
        write(upstream / f"{name}-{number:05}.md", text_of(f"News {number}"))
    publish(upstream, f"{name}.md", text_of(name))


async def interrupted(folder: Path, upstream: Path) -> Path:
    """Kill a pull while it writes files, and return the one that it would have written last.

    On a busy machine git may be through before anybody has looked: then it is tried again with more.
    """
    for attempt in range(12):
        publish_many(upstream, 3000, f"n{attempt}")
        pulling = asyncio.create_task(checkout.pull(folder))
        first, last = folder / f"n{attempt}-00010.md", folder / f"n{attempt}-02999.md"
        while not first.exists() and not pulling.done():  # noqa: ASYNC110 - git tells nobody
            await asyncio.sleep(0.001)
        pulling.cancel()
        await asyncio.wait([pulling])
        if pulling.cancelled() and not last.exists():
            return last
        await checkout.pull(folder)
    raise AssertionError("git was never interrupted")


@pytest.mark.slow
async def test_a_pull_that_is_killed_between_two_commits_is_finished_by_the_next(folder: Path, upstream: Path) -> None:
    write(upstream / "kept.md", text_of("Kept"))
    publish(upstream, "gone.md", text_of("Gone"))
    await checkout.pull(folder)
    write(folder / "kept.md", "the operator's own change")
    (upstream / "gone.md").unlink()
    last = await interrupted(folder, upstream)
    assert await checkout.pull(folder)
    assert last.exists()
    assert not (folder / "gone.md").exists()
    assert (folder / "kept.md").read_text() == "the operator's own change"
    assert not await checkout.pull(folder)
    with pytest.raises(subprocess.CalledProcessError):
        git(folder, "diff", "--quiet", "HEAD")
    git(folder, "diff", "--quiet", "HEAD", "--", ".", ":!kept.md")


async def test_locks_and_parts_of_a_killed_pull_are_cleared_away(folder: Path, upstream: Path) -> None:
    with PullRecord(folder / ".git"):
        pass  # ended without a word, as a killed process does
    for name in ("index.lock", "refs/remotes/origin/main.lock", "objects/pack/tmp_pack_abc"):
        (folder / ".git" / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / ".git" / name).touch()
    publish(upstream, "b.md", text_of("Two"))
    assert await checkout.pull(folder)
    assert leftovers(folder) == []


@pytest.mark.slow
async def test_a_lock_of_the_operators_own_git_is_left_alone(folder: Path, upstream: Path) -> None:
    await checkout.pull(folder)
    publish(upstream, "b.md", text_of("Two"))
    (folder / ".git" / "index.lock").touch()
    for _attempt in range(2):
        with pytest.raises(CorpusUnavailable, match=r"index\.lock"):
            await checkout.pull(folder)
    (folder / ".git" / "index.lock").unlink()
    assert await checkout.pull(folder)


async def test_nothing_is_pulled_while_another_pull_still_runs(folder: Path, upstream: Path) -> None:
    publish(upstream, "b.md", text_of("Two"))
    with PullRecord(folder / ".git"), pytest.raises(CorpusUnavailable, match="already being pulled"):
        await checkout.pull(folder)
    assert await checkout.pull(folder)


async def test_what_is_too_large_leaves_nothing_behind(
    folder: Path, upstream: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (upstream / "big.bin").write_bytes(os.urandom(300_000))
    publish(upstream, "b.md", text_of("Two"))
    monkeypatch.setattr(checkout, "MAX_PACK_BYTES", 100 * 1024)
    for _attempt in range(2):
        with pytest.raises(CorpusUnavailable, match="git fetch"):
            await checkout.pull(folder)
        assert leftovers(folder) == []


async def test_a_disk_with_little_room_is_left_to_the_databases(
    folder: Path, upstream: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(upstream, "b.md", text_of("Two"))
    monkeypatch.setattr(checkout, "RESERVED_BYTES", 2**62)
    with pytest.raises(CorpusUnavailable, match="Free some"):
        await checkout.pull(folder)
    assert not (folder / "b.md").exists()


async def test_a_note_that_names_no_commit_runs_nothing(folder: Path, upstream: Path, tmp_path: Path) -> None:
    (folder / ".git" / "broadsheet-pull").write_text(f"merging --upload-pack=touch {tmp_path}/ran")
    publish(upstream, "b.md", text_of("Two"))
    assert await checkout.pull(folder)
    assert not (tmp_path / "ran").exists()


@pytest.mark.slow
async def test_a_commit_that_git_refuses_is_never_forced_by_the_next_pull(folder: Path, upstream: Path) -> None:
    git(folder, "config", "merge.verifySignatures", "true")
    publish(upstream, "unsigned.md", text_of("Unsigned"))
    for _attempt in range(2):
        with pytest.raises(CorpusUnavailable, match="signature"):
            await checkout.pull(folder)
        assert not (folder / "unsigned.md").exists()
    with PullRecord(folder / ".git") as record:
        record.merging(commit_of(upstream))  # and killed then
    with pytest.raises(CorpusUnavailable, match="signature"):
        await checkout.pull(folder)
    assert not (folder / "unsigned.md").exists()


async def test_a_commit_that_can_not_be_finished_does_not_stop_later_ones(folder: Path, upstream: Path) -> None:
    with PullRecord(folder / ".git") as record:
        record.merging("0" * 40)
    publish(upstream, "b.md", text_of("Two"))
    assert await checkout.pull(folder)


def commit_of(repository: Path) -> str:
    return (repository / ".git" / "refs" / "heads" / "main").read_text().strip()
