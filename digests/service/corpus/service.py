"""Loads the corpus folders into the store: incrementally, atomically, without blocking the event loop."""

from __future__ import annotations

import asyncio
import contextlib
import ctypes
import inspect
import os
from collections.abc import Awaitable, Callable, Collection, Sequence
from datetime import datetime
from pathlib import Path

from digests.errors import BroadsheetError, ReloadRunning
from digests.i18n import _
from digests.ingest.pool import WorkerPool
from digests.ingest.site_finder import SiteFinder
from digests.models import CorpusStatus, LoadReport, Problem
from digests.models.sources import DEFAULT_KEEP_DAYS, Source
from digests.service.corpus import follow
from digests.service.corpus.checkout import Checkouts
from digests.service.corpus.listing import FolderLister
from digests.service.corpus.load import Load, Progress
from digests.store.arrivals import ArrivalStore
from digests.store.articles import ArticleStore

DEFAULT_MAX_FILE_BYTES = 2 * 1024 * 1024
LARGE_LOAD_FILES = 5000
"""After a load of more files the process returns memory to the system, which takes milliseconds."""

OnChange = Callable[[], Awaitable[None] | None]
OnOutcome = Callable[[BroadsheetError | None], Awaitable[None]]
"""Called after each load of the configured folders with its error, or None."""


class CorpusService:
    """The corpus folders and their reloads.

    Args:
        store: Where articles are stored.
        folders: The configured folders, which `load` reads by default.
        sources: The configuration of some of them.
        arrivals: Keeps arrival times in state.db; with None they are lost if corpus.db is deleted.
        max_file_bytes: Larger files are rejected.
        max_feed_bytes: The same for feeds and exports; None means `max_file_bytes`.
        worker_count: Processes that read files in a large load; None means one per CPU, at most four.
        git: Pull each folder in a git repository before it is read; if that fails it is read as it is, with a
            remark.
        keep_days: How long articles stay after they have left their feed, if their source does not say.
        protected: The bot's own files and folders (configuration, token, data), which are never read as
            articles.
        keep_worker_s: How long a worker process is kept after a load, for the next one; `close` ends it.
        clock: Returns the current time. With it, articles arrive when the reload is committed rather than when it
            began, so that an edition made in between can't miss them; without it they arrive at `now`.
        installation: The id that each load writes to the file, which shows whose it is.
    """

    def __init__(
        self,
        store: ArticleStore,
        folders: Sequence[Path],
        *,
        sources: Sequence[Source] = (),
        arrivals: ArrivalStore | None = None,
        max_file_bytes: int = DEFAULT_MAX_FILE_BYTES,
        max_feed_bytes: int | None = None,
        worker_count: int | None = None,
        git: bool = False,
        keep_days: int = DEFAULT_KEEP_DAYS,
        protected: Sequence[Path] = (),
        keep_worker_s: float = 0.0,
        clock: Callable[[], datetime] | None = None,
        installation: str | None = None,
    ) -> None:
        self._store = store
        self._folders = tuple(folders)
        self._pool = WorkerPool(max_bytes=max_file_bytes, max_feed_bytes=max_feed_bytes, keep_s=keep_worker_s)
        self._arrivals = arrivals
        self._worker_count = worker_count or min(os.cpu_count() or 1, 4)
        self._lister = FolderLister(
            store,
            sources=tuple(sources),
            sites=SiteFinder(),
            pool=self._pool,
            protected=tuple(protected),
            checkouts=Checkouts() if git else None,
        )
        self._keep_days = keep_days
        self._clock = clock
        self._installation = installation
        self._running = False
        self._listeners: list[OnChange] = []
        self._outcome_listeners: list[OnOutcome] = []
        self._read_count = (0, 0)

    @property
    def folders(self) -> tuple[Path, ...]:
        """The configured folders."""
        return self._folders

    @property
    def is_loading(self) -> bool:
        """Whether a load is running."""
        return self._running

    @property
    def read_count(self) -> tuple[int, int]:
        """How many files the running load has read, and how many it has to; zeros before that is known."""
        return self._read_count

    def on_outcome(self, callback: OnOutcome) -> None:
        """Call `callback` after each load of the configured folders, successful or not."""
        self._outcome_listeners.append(callback)

    def on_change(self, callback: OnChange) -> None:
        """Call `callback`, and await its result if necessary, after each load that changed something."""
        self._listeners.append(callback)

    async def close(self) -> None:
        """Stop the worker that is kept for the next load."""
        await self._pool.close()

    async def status(self) -> CorpusStatus:
        """Return an overview of the corpus."""
        return await self._store.status()

    async def problems(self) -> tuple[Problem, ...]:
        """Return all problems in the corpus."""
        return await self._store.problems()

    async def load(
        self,
        *,
        now: datetime,
        folders: Sequence[Path] | None = None,
        force: bool = False,
        progress: Progress | None = None,
        changed: Collection[str] | None = None,
    ) -> LoadReport:
        """Update the store from the folders.

        Args:
            now: The arrival time of new articles, aware UTC.
            folders: Only these are loaded, articles of others stay. None loads the configured ones, and removes the
                articles of all others.
            force: Remove articles even if they are more than half of the corpus.
            progress: Called with the number of files read and to be read.
            changed: The only files, relative to the one folder, that may have changed, come or gone since this service
                loaded it last; None if that is not known for certain.

        Raises:
            ReloadRunning: Another load is running.
            CorpusUnavailable: A folder is missing or can't be opened.
            ReloadRefused: Too much would be removed; nothing was changed.
        """
        if self._running:
            raise ReloadRunning(_("The corpus is being loaded right now. Try again in a moment."))
        self._running = True
        self._read_count = (0, 0)

        def advance(done: int, total: int) -> None:
            self._read_count = (done, total)
            if progress is not None:
                progress(done, total)

        try:
            load = Load(
                self._store,
                self._folders,
                lister=self._lister,
                pool=self._pool,
                arrivals=self._arrivals,
                worker_count=self._worker_count,
                clock=self._clock,
                installation=self._installation,
                force=force,
                keep_days=self._keep_days,
                progress=advance,
            )
            report = await load.run(folders, now, changed)
        except BroadsheetError as error:
            await self._notify_outcome(folders, error)
            raise
        finally:
            self._running = False
        await self._notify_outcome(folders, None)
        if load.changed_something:
            for listener in self._listeners:
                result = listener()
                if inspect.isawaitable(result):
                    await result
        if report.new + report.changed + report.unchanged > LARGE_LOAD_FILES:
            await self._store.release_memory()
            await asyncio.to_thread(_trim_memory)
        return report

    async def _notify_outcome(self, folders: Sequence[Path] | None, error: BroadsheetError | None) -> None:
        if folders is None:
            for listener in self._outcome_listeners:
                await listener(error)

    async def watch(
        self,
        stop: asyncio.Event,
        apply: Callable[[], Awaitable[object]],
        *,
        folders: Sequence[Path] | None = None,
    ) -> None:
        """Call `apply` whenever files of the folders changed, until `stop` is set; see `follow.watch`."""
        await follow.watch(self._folders if folders is None else folders, stop, apply)


def _trim_memory() -> None:
    """Make the C library return unused memory to the system (the index's write buffer alone is 64 MiB)."""
    with contextlib.suppress(AttributeError, OSError):  # glibc has it; elsewhere the memory stays for the next load
        ctypes.CDLL(None).malloc_trim(0)
