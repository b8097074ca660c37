"""One load of corpus folders, from listing to commit."""

from __future__ import annotations

import logging
import math
import os
import time
from collections.abc import AsyncGenerator, Callable, Collection, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from digests.errors import CorpusUnavailable, ReloadRefused, StoreError
from digests.i18n import _, ngettext
from digests.ingest.guard import is_inside
from digests.ingest.pool import CHUNK_FILES, WorkerPool
from digests.ingest.read_files import ARTICLE, FEED, GONE, LEFT_OUT, SAME, EntryOutcome, FileOutcome
from digests.ingest.scan import real_folders
from digests.models import LoadReport
from digests.offload import offload
from digests.service.corpus.batches import ListedFolder, chunks_of, combine_batches
from digests.service.corpus.checkout import refuse_committed_link
from digests.service.corpus.listing import FolderLister
from digests.store.arrivals import ArrivalStore, Place
from digests.store.articles import ArticleStore, KnownFeed, ReadFile, Reload

_log = logging.getLogger(__name__)

FILES_A_WORKER = 1000
"""How many files a worker reads in the time that another one takes to start."""
GUARDED_COUNT = 20
"""A corpus with at most this many articles may lose any share of them."""

Progress = Callable[[int, int], None]


@dataclass(slots=True)
class _Counts:
    """The numbers of the report."""

    new: int = 0
    changed: int = 0
    unchanged: int = 0
    removed: int = 0
    rejected: int = 0


class Load:
    """One load; `run` may be called once."""

    def __init__(
        self,
        store: ArticleStore,
        configured: Sequence[Path],
        *,
        lister: FolderLister,
        pool: WorkerPool,
        arrivals: ArrivalStore | None,
        worker_count: int,
        clock: Callable[[], datetime] | None,
        installation: str | None,
        force: bool,
        keep_days: int,
        progress: Progress | None,
    ) -> None:
        self._store = store
        self._configured = configured
        self._lister = lister
        self._pool = pool
        self._arrivals = arrivals
        self._worker_count = worker_count
        self._clock = clock
        self._installation = installation
        self._force = force
        self._keep_days = keep_days
        self._progress = progress
        self._counts = _Counts()
        self._read_count = 0
        self._to_read_count = 0
        self._first_loads: set[str] = set()
        self._touched: set[Place] = set()
        self._tokens = ("", "")
        self.changed_something = False

    async def run(
        self, folders: Sequence[Path] | None, now: datetime, changed: Collection[str] | None = None
    ) -> LoadReport:
        """Run the load; see `CorpusService.load`."""
        started = time.perf_counter()
        named = self._configured if folders is None else folders
        for each in named:
            await refuse_committed_link(each)
        roots = await offload(real_folders, named)
        if not roots:
            raise CorpusUnavailable(_("No corpus folder is named. Set corpus.folders, or name a folder."))
        synced = [str(root) for root in roots]
        await self._store.check_readable()
        known = await self._store.known_folders()
        # A folder inside another one is loaded separately if it is named separately.
        alone = {*synced, *(os.path.realpath(folder) for folder in self._configured)}
        listings = [await self._lister.list(folder, known, alone, changed) for folder in synced]
        for listing in listings:
            rejected_count = len(listing.rejected.difference(listing.scan.to_read, listing.scan.gone))
            self._counts.unchanged += listing.scan.same_count - rejected_count
            self._counts.rejected += rejected_count
        changes = any(listing.scan.to_read or listing.scan.gone for listing in listings)
        for listing in listings:
            await self._count_feeds(listing, are_unchanged=changes)
        gone = {listing.folder: listing.scan.gone for listing in listings if listing.scan.gone}
        forgotten = []
        for folder in known:
            if folder in synced:
                continue
            replaced = folders is None or (folder not in alone and any(is_inside(folder, root) for root in synced))
            if replaced:
                forgotten.append(folder)
            if paths := await self._superseded(folder, synced, entirely=replaced):
                gone[folder] = paths

        total = await self._store.count(None if folders is None else synced)
        await self._apply(listings, gone, forgotten, total, math.ceil(now.timestamp()))
        await self._save_arrivals(complete=folders is None)
        problems = await self._store.problems_in(synced)
        counts = self._counts
        seconds = time.perf_counter() - started
        return LoadReport(
            counts.new,
            counts.changed,
            counts.unchanged,
            counts.removed,
            counts.rejected,
            problems,
            seconds,
            await self._store.summaries(synced),
        )

    async def _count_feeds(self, listing: ListedFolder, *, are_unchanged: bool) -> None:
        """Count the entries of unchanged feed files instead of the files.

        Args:
            listing: The folder's listing.
            look_again: Something else changed: a post that replaced an entry may be gone.
        """
        listing.feeds = await self._store.known_feeds(listing.folder)
        if are_unchanged:  # also at one that is read only because it is too young to be trusted
            doubled = {
                path for path, feed in listing.feeds.items() if feed.duplicate_count and path not in listing.rejected
            }
            listing.jobs[:] = [(path, None if path in doubled else digest) for path, digest in listing.jobs]
        untouched = listing.feeds.keys() - set(listing.scan.to_read) - set(listing.scan.gone)
        for path in sorted(untouched):
            feed = listing.feeds[path]
            self._counts.unchanged -= path not in listing.rejected
            if feed.duplicate_count and are_unchanged and path not in listing.rejected:
                listing.jobs.append((path, None))
            else:
                self._count_unchanged(feed)

    def _count_unchanged(self, feed: KnownFeed) -> None:
        self._counts.unchanged += feed.entry_count
        self._counts.rejected += feed.rejected_count

    async def _superseded(self, folder: str, synced: Sequence[str], *, entirely: bool) -> list[str]:
        """Return the files of another loaded folder that now belong to one of the folders being loaded."""
        prefixes = [f"{os.path.relpath(root, folder)}/" for root in synced if is_inside(root, folder)]
        if not entirely and not prefixes:
            return []
        paths = list(await self._store.known_files(folder))
        return paths if entirely else [path for path in paths if path.startswith(tuple(prefixes))]

    # ------------------------------------------------------------------ putting it in place

    async def _apply(
        self,
        listings: Sequence[ListedFolder],
        gone: Mapping[str, list[str]],
        forgotten: Sequence[str],
        total: int,
        arrival: int,
    ) -> None:
        new_count = sum(len(listing.scan.new) for listing in listings)
        gone_count = sum(len(paths) for paths in gone.values())
        self._to_read_count = sum(len(listing.jobs) for listing in listings)
        by_folder = {listing.folder: listing for listing in listings}
        async with self._store.reload(expected_changes=new_count + gone_count) as reload:
            if gone_count:
                await reload.expect_removals(gone, may_be_renamed=new_count > 0)
                # New files may turn out to be renamed missing ones: at most as many as there are new files.
                least = await reload.count_removals() - new_count
                self._check_removals(least, total, may_be_more=new_count > 0)
            if self._to_read_count:
                # Another process may have loaded a folder since it was listed.
                loaded = await reload.loaded_folders()
                self._first_loads = {each.folder for each in listings if each.is_first_load} - loaded
                await self._restore_arrivals(reload, by_folder, loaded)
                self._advance(0)
                async with aclosing(combine_batches(self._read(listings), self._first_loads)) as batches:
                    async for folder, outcomes in batches:
                        await self._put(reload, by_folder[folder], outcomes, arrival)
                        self._advance(len(outcomes))
            if gone_count:
                self._check_removals(await reload.count_removals(), total)
                self._counts.removed += await reload.remove_rest()
            self._counts.removed += await reload.remove_expired(arrival)
            for listing in listings:
                self._counts.removed += await reload.remove_left(listing.folder, arrival - self._kept_s(listing.folder))
            for listing in listings:
                await reload.entries.note_listing(listing.folder, listing.problems, listing.fingerprint, listing.facts)
            self._counts.rejected += sum(problem.rejected for listing in listings for problem in listing.problems)
            await reload.entries.forget_folders(forgotten)
            new_doubles, old_doubles = await reload.finish(
                folders=by_folder,
                loaded_at=arrival,
                reader_version=self._lister.reader_version,
                installation=self._installation,
            )
            self._counts.new -= new_doubles
            self._counts.removed += old_doubles
            # One second ahead: an edition with a cutoff between this moment and the commit leaves them to the next one.
            at = arrival if self._clock is None else math.ceil(self._clock().timestamp()) + 1
            await reload.stamp_arrivals(at)
            self._touched, self._tokens = reload.touched, reload.arrival_tokens
            self.changed_something = reload.changed_something

    async def _restore_arrivals(self, reload: Reload, listings: Mapping[str, ListedFolder], loaded: set[str]) -> None:
        """Restore arrival times from state.db if corpus.db was deleted."""
        if self._arrivals is None or not self._first_loads:
            return
        listed = {folder: listings[folder].scan.new for folder in self._first_loads}
        in_use = loaded.union(os.path.realpath(folder) for folder in self._configured)
        reload.use_stored(await self._arrivals.find_stored(listed, elsewhere=in_use - self._first_loads))

    async def _save_arrivals(self, *, complete: bool) -> None:
        """Copy arrival times to state.db; a load that changed nothing costs two short reads."""
        if self._arrivals is None:
            return
        try:
            if self.changed_something or not await self._arrivals.is_in_step():
                await self._arrivals.follow(self._tokens, self._touched, complete=complete)
        except StoreError as error:
            _log.warning("Arrival times not copied to state.db, the next load will do it: %s", error)

    def _check_removals(self, count: int, total: int, *, may_be_more: bool = False) -> None:
        if self._force or total <= GUARDED_COUNT or count * 2 <= total:
            return
        raise ReloadRefused(
            ngettext(
                "The reload would remove {count} of {total} article and was not done."
                " If the files are gone on purpose, repeat it with --force (force:true on Discord).",
                "The reload would remove {count} of {total} articles and was not done."
                " If the files are gone on purpose, repeat it with --force (force:true on Discord).",
                total,
            ).format(count=_("at least {count}").format(count=count) if may_be_more else count, total=total)
        )

    async def _put(self, reload: Reload, listing: ListedFolder, outcomes: Sequence[FileOutcome], arrival: int) -> None:
        read: list[ReadFile] = []
        left_out: list[ReadFile] = []
        feeds: list[tuple[ReadFile, tuple[EntryOutcome, ...]]] = []
        same: list[tuple[str, int, int]] = []
        for path, kind, size, mtime_ns, digest, row, aliases, problems, entries in outcomes:
            if not mtime_ns:
                # Too recent to be trusted, or deleted since it was listed: check it again next time.
                listing.fingerprint = None
            if kind == SAME:
                same.append((path, size, mtime_ns))
                if path in listing.rejected:
                    self._counts.rejected += 1
                elif path in listing.feeds:
                    self._count_unchanged(listing.feeds[path])
                else:
                    self._counts.unchanged += 1
            elif kind == FEED:
                feeds.append((ReadFile(path, size, mtime_ns, digest, None, (), problems), entries))
            elif kind == LEFT_OUT:
                left_out.append(ReadFile(path, size, mtime_ns, digest, None, (), problems))
            elif kind != GONE:
                assert (row is not None) == (kind == ARTICLE)
                read.append(ReadFile(path, size, mtime_ns, digest, row, aliases, problems))
        is_first_load = listing.folder in self._first_loads
        new, changed, rejected = await reload.put(listing.folder, read, arrival=arrival, is_first_load=is_first_load)
        self._counts.removed += await reload.leave_out(listing.folder, left_out)
        for feed, entries in feeds:
            await self._put_feed(reload, listing.folder, feed, entries, arrival)
        self._counts.new += new
        self._counts.changed += changed
        self._counts.rejected += rejected
        if same:
            await reload.entries.touch_same(listing.folder, same)

    async def _put_feed(
        self, reload: Reload, folder: str, feed: ReadFile, entries: Sequence[EntryOutcome], arrival: int
    ) -> None:
        made = [
            (kind, ReadFile(path, 0, 1, digest, row, aliases, problems))
            for path, kind, digest, row, aliases, problems in entries
        ]
        counts = await reload.put_feed(
            folder,
            feed,
            [entry for kind, entry in made if kind != LEFT_OUT],
            [entry for kind, entry in made if kind == LEFT_OUT],
            arrival=arrival,
            is_first_load=folder in self._first_loads,
        )
        self._counts.new += counts.new
        self._counts.changed += counts.changed
        self._counts.unchanged += counts.unchanged
        self._counts.rejected += counts.rejected
        self._counts.removed += counts.removed

    def _kept_s(self, folder: str) -> int:
        """Return for how many seconds entries of a folder's feeds stay after they have left the feed."""
        days = self._lister.source_of(folder).keep_days
        return (self._keep_days if days is None else days) * 86_400

    async def _read(self, listings: Sequence[ListedFolder]) -> AsyncGenerator[tuple[str, list[FileOutcome]], None]:
        """Yield the outcomes of the files in batches."""
        sites = {listing.folder: listing.site for listing in listings}
        guards = {listing.folder: listing.guard for listing in listings}
        chunks = chunks_of(listings, CHUNK_FILES)
        worker_count = min(self._worker_count, math.ceil(self._to_read_count / FILES_A_WORKER))
        readings = self._pool.read(chunks, worker_count=worker_count, guards=guards, sites=sites)
        async with aclosing(readings) as reading:
            async for read in reading:
                yield read

    def _advance(self, count: int) -> None:
        self._read_count += count
        if self._progress is not None:
            self._progress(self._read_count, self._to_read_count)
