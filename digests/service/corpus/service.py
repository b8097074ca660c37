"""Loading the corpus folders into the store: what changed, atomically, with the event loop free all the time."""

from __future__ import annotations

import asyncio
import contextlib
import ctypes
import inspect
import os
from collections.abc import Awaitable, Callable, Sequence
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
"""After a load of more files the process gives memory back; it costs milliseconds."""

OnChange = Callable[[], Awaitable[None] | None]
OnOutcome = Callable[[BroadsheetError | None], Awaitable[None]]
"""Called with what a load of the configured folders failed with, or None."""


class CorpusService:
    """The corpus folders and their reloads.

    Args:
        store: Where articles go.
        folders: The configured folders, which `load` takes by default.
        sources: What the configuration says of some of them.
        arrivals: Remembers in state.db when articles arrived; None: a corpus.db that is deleted takes that with it.
        max_file_bytes: Larger files are rejected.
        worker_count: Processes that read files in a large load; None means one for each CPU, four at most.
        git: Pull each folder that lies in a git repository before it is read; where that fails it is read as it is,
            with a remark.
        keep_days: How long articles stay that have left their feed, where their source does not say.
        protected: Files and folders of the bot's own (configuration, token, data), which are never read as articles.
        keep_worker_s: How long the process that reads files is kept after a load, for the next one; `close` ends it.
        clock: The present moment. With it, articles of a reload arrive when it is committed rather than when it
            began, so that an edition made in between can't miss them; without it they arrive at `now`.
        installation: The id that each load writes into the file, so that it is known whose it is.
    """

    def __init__(
        self,
        store: ArticleStore,
        folders: Sequence[Path],
        *,
        sources: Sequence[Source] = (),
        arrivals: ArrivalStore | None = None,
        max_file_bytes: int = DEFAULT_MAX_FILE_BYTES,
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
        self._pool = WorkerPool(max_bytes=max_file_bytes, keep_s=keep_worker_s)
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
        """Whether a load is under way."""
        return self._running

    @property
    def read_count(self) -> tuple[int, int]:
        """How many files of how many the load under way has read; zeros before it knows."""
        return self._read_count

    def on_outcome(self, callback: OnOutcome) -> None:
        """Call `callback` after each load of the configured folders, whether it worked or not."""
        self._outcome_listeners.append(callback)

    def on_change(self, callback: OnChange) -> None:
        """Have `callback` called, and awaited if need be, after each load that changed something."""
        self._listeners.append(callback)

    async def close(self) -> None:
        """End the process that is kept for the next load."""
        await self._pool.close()

    async def status(self) -> CorpusStatus:
        """Return the corpus at a glance."""
        return await self._store.status()

    async def problems(self) -> tuple[Problem, ...]:
        """Return everything that was not taken as it stands."""
        return await self._store.problems()

    async def load(
        self,
        *,
        now: datetime,
        folders: Sequence[Path] | None = None,
        force: bool = False,
        progress: Progress | None = None,
    ) -> LoadReport:
        """Bring the store in line with the folders.

        Args:
            now: When articles that this load brings arrived, aware UTC.
            folders: Only these are brought in line, articles of others stay. None: the configured ones, and what
                other folders brought goes.
            force: Remove articles even if they are more than half of the corpus.
            progress: Told how many files of how many are read.

        Raises:
            ReloadRunning: Another load is under way.
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
            report = await load.run(folders, now)
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
            await self._store.give_memory_back()
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
    """Have the C library return what a large load left free (the index's write buffer alone is 64 MiB)."""
    with contextlib.suppress(AttributeError, OSError):  # glibc has it; elsewhere the memory stays for the next load
        ctypes.CDLL(None).malloc_trim(0)
