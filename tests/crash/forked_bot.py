"""Bots as real processes that are forked, each in its own folder, with its own environment and log."""

from __future__ import annotations

import os
import runpy
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from tests.fork_server import Forked, fork

IMPORTED: Final = ("bot.app", "bot.cli.run", "tests.crash.forked_bot", "tests.crash.stepped_clock")


async def start(words: Sequence[str], *, folder: Path, environment: Mapping[str, str], log: Path) -> Forked:
    """Run `python -m WORDS` in a folder; what it prints is appended to `log`."""
    nothing = os.open(os.devnull, os.O_RDONLY)
    written = os.open(log, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)
    try:
        arguments = [list(words), str(folder), dict(environment)]
        return await fork(IMPORTED, f"{__name__}:run", arguments, [nothing, written, written])
    finally:
        os.close(nothing)
        os.close(written)


def run(words: Sequence[str], folder: str, environment: Mapping[str, str]) -> None:
    """Become a program; called in the forked process."""
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    module, *arguments = words
    sys.argv[:] = [module, *arguments]
    runpy.run_module(module, run_name="__main__", alter_sys=True)
