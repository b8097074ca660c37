"""Watches corpus folders for changes."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path

from watchfiles import Change, awatch

from digests.errors import BroadsheetError, ReloadRunning
from digests.ingest.read_files import FEED_ENDINGS
from digests.ingest.scan import ENDINGS

_log = logging.getLogger(__name__)

SETTLE_S = 0.4
"""A burst of changes (an editor's temporary files, a checkout of thousands) is handled once it pauses for this long."""
LONGEST_BURST_S = 5.0
RETRY_S = 1.0
"""How often a missing folder is looked for, and a reload that was not possible is tried again."""
UNWATCHABLE_S = 60.0
"""How often watching is tried again if the system refuses it."""
TRIES = 2
"""How many times a failing reload is tried."""


async def watch(folders: Sequence[Path], stop: asyncio.Event, apply: Callable[[], Awaitable[object]]) -> None:
    """Call `apply` when articles in the folders were added, changed or removed, until `stop` is set.

    It is also called once when the watch has started, for earlier changes. Changes are collected until they pause. A
    removed folder is waited for and watched again. If `apply` finds a reload running, it is called again until that has
    ended; other expected errors are logged, and it is tried once more.
    """
    while not stop.is_set():
        if all(folder.is_dir() for folder in folders):
            await _watch_present(folders, stop, apply)
        else:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), RETRY_S)


async def _watch_present(folders: Sequence[Path], stop: asyncio.Event, apply: Callable[[], Awaitable[object]]) -> None:
    """Watch until `stop` or until one of the folders is gone."""
    inodes = {folder: _inode(folder) for folder in folders}
    tries = TRIES
    try:
        # Not filtered by watchfiles: an irrelevant file that is written all the time would keep it from ever yielding.
        async for changes in awatch(
            *folders,
            watch_filter=None,
            debounce=int(LONGEST_BURST_S * 1000),
            step=int(SETTLE_S * 1000),
            rust_timeout=int(RETRY_S * 1000),
            yield_on_timeout=True,
            stop_event=stop,
            recursive=True,
        ):
            # The watch stays with a removed or replaced folder: start again with the new one.
            if any(_inode(folder) != inodes[folder] for folder in folders):
                return
            if any(_is_of_interest(change, path) for change, path in changes):
                tries = TRIES
            if tries:
                tries = await _tries_left(apply, tries)
    except FileNotFoundError:
        return
    except OSError as error:
        # For instance, there are more folders than the system allows one user to watch.
        _log.error(
            "The corpus folders can't be watched: %s. Let the system watch more (fs.inotify.max_user_watches on Linux),"
            " or set corpus.watch = false and corpus.reload_minutes. Trying again every minute.",
            error,
        )
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(stop.wait(), UNWATCHABLE_S)


def _inode(folder: Path) -> tuple[int, int] | None:
    try:
        status = folder.stat()
    except OSError:
        return None
    return status.st_dev, status.st_ino


async def _tries_left(apply: Callable[[], Awaitable[object]], tries: int) -> int:
    """Call `apply` and return how many tries are left: none if it succeeded."""
    try:
        await apply()
    except ReloadRunning:
        return tries
    except BroadsheetError as error:
        _log.warning("Reload after a change failed: %s", error)
        return tries - 1
    return 0


def _is_of_interest(change: Change, path: str) -> bool:
    """Check whether a path may be an article or a folder (moving one in is a single event), and no editor's file."""
    if "/.git/" in path:  # every fetch writes to it, and every reload may fetch
        return False
    name = os.path.basename(path)  # noqa: PTH119 - called for each of thousands of events
    if name.startswith(".") or name.endswith(("~", ".swp", ".tmp", ".part", ".crdownload")):
        return False
    return name.lower().endswith((*ENDINGS, *FEED_ENDINGS)) or "." not in name or change is not Change.modified
