"""Running git: what its reader raises is raised as it is."""

from __future__ import annotations

from pathlib import Path

import pytest

from digests.service.corpus.git import GitFailed, run_git


async def test_an_error_of_whoever_reads_the_output_comes_through_as_it_is(tmp_path: Path) -> None:
    def refuse(_data: bytes) -> None:
        raise KeyError("too much")

    with pytest.raises(KeyError, match="too much"):
        await run_git(tmp_path, (), "--version", consume=refuse)


async def test_git_looks_for_no_repository_from_its_ceiling_on(tmp_path: Path) -> None:
    await run_git(tmp_path, (), "init", str(tmp_path))
    folder = tmp_path / "outer" / "news"
    folder.mkdir(parents=True)
    looking = ("-C", str(folder))
    assert Path((await run_git(folder, looking, "rev-parse", "--show-toplevel")).strip()) == tmp_path.resolve()
    with pytest.raises(GitFailed):
        await run_git(folder, looking, "rev-parse", "--show-toplevel", ceiling=folder.parent)
