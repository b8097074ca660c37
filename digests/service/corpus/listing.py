"""Lists one corpus folder: pulls it, reads its site's configuration, and compares its files with the last load."""

from __future__ import annotations

import json
import logging
import os
import stat
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path

from digests.corpus.site import NO_SITE
from digests.errors import CorpusUnavailable
from digests.i18n import _
from digests.ingest.file_list import Listing, Scan, compare
from digests.ingest.guard import Guard, is_inside
from digests.ingest.pool import WorkerPool
from digests.ingest.read_files import packed
from digests.ingest.scan import list_files
from digests.ingest.site_finder import SiteFinder
from digests.ingest.sites import SourceSite
from digests.models import Problem
from digests.models.sources import Source
from digests.offload import offload
from digests.service.corpus.batches import ListedFolder
from digests.service.corpus.built_addresses import with_addresses
from digests.service.corpus.checkout import Checkouts, refuse_committed_link
from digests.store.articles import ArticleStore

_log = logging.getLogger(__name__)

READER_VERSION = 5
"""Raise it when the same bytes would make another article: unchanged files are then read again."""


class FolderLister:
    """Lists the folders of one load.

    Args:
        store: Knows the state of the folders at the last load.
        sources: What the configuration says about some of them.
        sites: Finds their sites' configurations.
        pool: Reads what a site was built into.
        protected: Files and folders of the bot's own, which are never read.
        checkouts: Pulls folders that are in git repositories; None leaves them as they are.
    """

    def __init__(
        self,
        store: ArticleStore,
        *,
        sources: Sequence[Source],
        sites: SiteFinder,
        pool: WorkerPool,
        protected: Sequence[Path],
        checkouts: Checkouts | None,
    ) -> None:
        self._store = store
        self._sources = sources
        self._sites = sites
        self._pool = pool
        self._protected = protected
        self._checkouts = checkouts
        self._kept: dict[str, _Kept] = {}

    @property
    def reader_version(self) -> int:
        """The version of the reader that these folders are read with."""
        return READER_VERSION

    def source_of(self, folder: str) -> Source:
        """Return the configured source of a folder, or the one that the folder is in."""
        for source in sorted(self._sources, key=lambda each: -len(str(each.folder))):
            real = os.path.realpath(source.folder)
            if is_inside(folder, real):
                return source
        return Source(Path(folder))

    async def list(
        self,
        folder: str,
        known: Mapping[str, int],
        separate: Collection[str],
        changed: Collection[str] | None = None,
    ) -> ListedFolder:
        """Compare a folder with its last load.

        Args:
            folder: Its real path.
            known: The loaded folders, with the version of the reader that read them.
            separate: Folders that are loaded separately, even if they are inside this one.
            changed: The only files in it that may have changed, come or gone since its last load; None if unknown. If
                all of these are known articles, the folder is not walked through again.

        Raises:
            CorpusUnavailable: It can't be opened, or is a link out of its own repository.
        """
        unpulled = await _pull(self._checkouts, folder) if self._checkouts is not None else []
        if changed is not None and known.get(folder) == READER_VERSION:
            listed = await self._list_changed(folder, changed)
            if listed is not None:
                return listed
        # Only now: the pull may have brought a link.
        await refuse_committed_link(Path(folder))
        guard = await offload(Guard.of, folder, self._protected)
        known_of = await self._sites.find(self.source_of(folder), Path(folder))
        skip = set(separate) - {folder}
        listing, fingerprint = await offload(_list_files, Path(folder), skip, guard, known_of)
        known_site, built = await with_addresses(self._store, folder, known_of, self._pool)
        site = packed(known_site) if known_site != NO_SITE else b""
        site_hash = sha256(site).hexdigest()[:32] if site else ""
        is_other_version = known.get(folder, READER_VERSION) != READER_VERSION or (
            folder in known and site_hash != await self._store.known_site(folder)
        )
        if fingerprint is not None and not is_other_version and fingerprint == await self._store.known_listing(folder):
            found = Scan(same_count=len(listing.stamps))
        else:
            files = await self._store.known_files(folder)
            found = await offload(compare, listing, files, reread_all=is_other_version)
            del files
        rejected = await self._store.rejected_files(folder)
        digests: dict[str, bytes] = {}
        if not is_other_version and len(found.new) < len(found.to_read):
            digests = await self._store.digests_of(folder, [path for path in found.to_read if path not in found.new])
        jobs = [(path, digests.get(path)) for path in found.to_read]
        passed = {"left_out": listing.left_out, "unread": listing.unread, "has_site": bool(known_of.site.url)}
        listed = ListedFolder(
            folder,
            found,
            jobs,
            rejected,
            [*unpulled, *known_of.problems, *listing.problems],
            fingerprint,
            folder not in known,
            guard,
            site,
            {"site": site_hash, "passed": json.dumps(passed), "built": built},
        )
        if changed is not None:
            self._kept[folder] = _Kept(frozenset(listing.paths), listed)
        return listed

    async def _list_changed(self, folder: str, changed: Collection[str]) -> ListedFolder | None:
        """Return how a folder looks of which only some known files may have changed; None if it has to be listed."""
        kept = self._kept.get(folder)
        if kept is None or not kept.paths.issuperset(changed) or not await offload(_are_files, folder, changed):
            return None
        known_of = await self._sites.find(self.source_of(folder), Path(folder), same_names=True)
        known_site, _built = await with_addresses(self._store, folder, known_of, self._pool)
        if (packed(known_site) if known_site != NO_SITE else b"") != kept.listed.site:
            return None
        to_read = sorted(changed)
        digests = await self._store.digests_of(folder, to_read)
        return replace(
            kept.listed,
            scan=Scan(to_read, same_count=len(kept.paths) - len(to_read)),
            jobs=[(path, digests.get(path)) for path in to_read],
            rejected=await self._store.rejected_files(folder),
            # The next listing of the whole folder is compared with the files one by one.
            fingerprint=None,
            is_first_load=False,
            feeds={},
        )


@dataclass(frozen=True, slots=True)
class _Kept:
    """The last listing of a whole folder: its articles' paths, and what it gave."""

    paths: frozenset[str]
    listed: ListedFolder


async def _pull(checkouts: Checkouts, folder: str) -> list[Problem]:
    """Bring a folder up to date with its upstream; return why it could not be, if it is read as it is."""
    try:
        await checkouts.pull(Path(folder))
    except CorpusUnavailable as error:
        _log.warning("Corpus folder %s was not pulled and is read as it is: %s", folder, error)
        reason = _("the folder was not brought up to date and is read as it is: {error}").format(error=error)
        return [Problem(folder, None, reason, rejected=False)]
    return []


def _are_files(folder: str, paths: Collection[str]) -> bool:
    """Check whether all of some paths are plain files, which are not listed to find out."""
    try:
        return all(stat.S_ISREG(os.lstat(f"{folder}/{path}").st_mode) for path in paths)
    except OSError:
        return False


def _list_files(folder: Path, skip: set[str], guard: Guard, known: SourceSite) -> tuple[Listing, bytes | None]:
    listing = list_files(folder, skip=skip, guard=guard, layout=known.layout)
    return listing, listing.fingerprint()
