"""Running git: what its reader raises is raised as it is."""

from __future__ import annotations

from pathlib import Path

import pytest

from digests.service.corpus.git import run_git


async def test_an_error_of_whoever_reads_the_output_comes_through_as_it_is(tmp_path: Path) -> None:
    def refuse(_data: bytes) -> None:
        raise KeyError("too much")

    with pytest.raises(KeyError, match="too much"):
        await run_git(tmp_path, (), "--version", consume=refuse)
