"""`inspect` shows what is understood of files, and nothing that loading would not read."""

import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from digests.ingest.inspecting import Inspected, inspect_path
from digests.ingest.pool import WorkerPool


async def inspected(path: Path, *protected: Path, now: datetime | None = None) -> dict[str, Inspected]:
    async with WorkerPool(max_bytes=100_000, keep_s=1) as pool:
        return {one.path: one async for one in inspect_path(path, (), pool, protected=protected, now=now)}


async def test_what_has_expired_is_left_out_and_what_is_due_later_says_when(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("---\ntitle: A\ndate: 2024-01-01\nexpiryDate: 2024-02-01\n---\nx\n")
    (tmp_path / "b.md").write_text("---\ntitle: B\ndate: 2024-01-01\npublishDate: 2024-05-01\n---\nx\n")
    (tmp_path / "c.md").write_text("---\ntitle: C\ndate: 2024-01-01\n---\nx\n")
    found = await inspected(tmp_path, now=datetime(2024, 3, 5, tzinfo=UTC))
    assert found["a.md"].article is None
    assert found["a.md"].problems[0].reason == "it expired on 2024-02-01"
    assert found["b.md"].article is not None
    assert found["b.md"].problems[0].reason == "it is not shown to anyone before 2024-05-01"
    assert found["c.md"].problems == ()
    earlier = await inspected(tmp_path, now=datetime(2024, 1, 15, tzinfo=UTC))
    assert earlier["a.md"].article is not None


@pytest.mark.slow
async def test_the_bots_own_files_are_not_shown(tmp_path: Path) -> None:
    data = tmp_path / "data"
    data.mkdir()
    for path in (tmp_path / "a.md", tmp_path / "token.txt", data / "notes.md"):
        path.write_text("# Harbour\n\nMTk4NjIyNDgzNDcxOTI1MjQ4\n")
    os.link(tmp_path / "token.txt", tmp_path / "copy.md")
    (tmp_path / "link.md").symlink_to(data / "notes.md")
    own = (tmp_path / "token.txt", data)
    found = await inspected(tmp_path, *own)
    assert [path for path, one in found.items() if one.article is not None] == ["a.md"]
    assert "bot's own" in found["token.txt"].problems[0].reason
    assert "bot's own" in found["copy.md"].problems[0].reason
    assert "bot's own" in found["link.md"].problems[0].reason


@pytest.mark.slow
@pytest.mark.parametrize("name", ["token.txt", "data/notes.md"])
async def test_nor_where_they_are_named_themselves(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.parent.mkdir(exist_ok=True)
    path.write_text("# Harbour\n")
    found = await inspected(path, tmp_path / "token.txt", tmp_path / "data")
    assert all(one.article is None for one in found.values())
    assert any("bot's" in problem.reason for one in found.values() for problem in one.problems)
