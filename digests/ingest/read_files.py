"""Reads files into rows; runs in a worker process."""

from __future__ import annotations

import errno
import gc
import os
import pickle
import stat
import time
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from hashlib import sha256
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from digests.corpus.problems import Reading
from digests.i18n import _
from digests.ingest.guard import Guard, own_file

if TYPE_CHECKING:
    from digests.corpus.site import Site
    from digests.models import Article, Problem

Job = tuple[str, bytes | None]
"""Path relative to the folder, and its known digest."""
_Row = tuple[str | int | None, ...] | None
_Problems = tuple[tuple[int | None, str, bool], ...]
"""Each as (line, reason, rejected)."""


class EntryOutcome(NamedTuple):
    """The outcome of reading a feed's entry.

    Attributes:
        path: `FEED#ID`.
        kind: One of `ARTICLE`, `REJECTED`, `LEFT_OUT`.
        digest: A hash of the parsed entry.
        row: The article's row, if there is one.
        aliases: The article's other addresses.
        problems: What was wrong, or why it was left out.
    """

    path: str
    kind: str
    digest: bytes
    row: _Row
    aliases: tuple[str, ...]
    problems: _Problems


class FileOutcome(NamedTuple):
    """The outcome of reading a file.

    Attributes:
        path: Relative to the folder.
        kind: One of the kinds below.
        size: In bytes.
        mtime_ns: 0 if the time can't be trusted, so that the file is hashed again next time.
        digest: A hash of the file; if `EXPLAINED`, its pickled readings (see `unpickled`).
        row: The article's row, if there is one.
        aliases: The article's other addresses.
        problems: What was wrong, or why it was left out.
        entries: The entries of a feed.
    """

    path: str
    kind: str
    size: int = 0
    mtime_ns: int = 0
    digest: bytes = b""
    row: _Row = None
    aliases: tuple[str, ...] = ()
    problems: _Problems = ()
    entries: tuple[EntryOutcome, ...] = ()

    def as_message(self) -> tuple[object, ...]:
        """Return plain tuples, all that `marshal` accepts."""
        return (*self[:-1], tuple(map(tuple, self.entries)))

    @classmethod
    def from_message(cls, message: tuple[Any, ...]) -> FileOutcome:
        """Return the outcome from the tuples of `as_message`."""
        return cls._make((*message[:-1], tuple(map(EntryOutcome._make, message[-1]))))


ARTICLE, REJECTED, SAME, GONE, LEFT_OUT, FEED = "article", "rejected", "same", "gone", "left out", "feed"
EXPLAINED = "explained"
"""Kinds of outcome. LEFT_OUT: deliberately not an article, such as a draft; the reason is given as a problem."""

RACY_NS = 100_000_000
"""A file this young may change again within one tick of its mtime, so it is hashed again next time."""
RACY_COARSE_NS = 2_500_000_000
"""The same for file systems that count in seconds."""

FEED_ENDINGS = (".xml", ".rss", ".atom", ".rdf", ".json")
"""Extensions of feed files, in lower case; `digests.ingest.layout.may_be_feed` checks whole names."""

ENTRY_SECONDS: Final = 0.003
"""CPU time that an entry of a feed may take; on a busy machine real ones take half of it."""
BYTES_A_SECOND: Final = 2 * 1024 * 1024
"""How much text of a feed may take one second; a tenth of that time is usual."""
MAX_COUNTED_ENTRIES: Final = 20_000

_NO_FILE = (errno.ENOENT, errno.ENOTDIR, errno.ELOOP)


class ReadProgress:
    """Receives the progress of reading, so that it is known which file made a reader die."""

    def begin(self, position: int) -> None:
        """Note that a file is about to be opened."""

    def parse(self, size: int, mtime_ns: int, digest: bytes) -> None:
        """Note that the file's bytes are about to be parsed."""

    def allow(self, seconds: float) -> None:
        """Allow the file more CPU time than others: it holds many articles."""


def read_jobs(
    root: str,
    jobs: Sequence[Job],
    max_bytes: int,
    progress: ReadProgress | None = None,
    *,
    max_feed_bytes: int | None = None,
    guard: Guard | None = None,
    site: bytes = b"",
    explain: bool = False,
) -> Iterator[FileOutcome]:
    """Read files of one folder; yield an outcome for each, in order.

    Args:
        root: The folder.
        jobs: The files.
        max_bytes: Larger files are rejected.
        max_feed_bytes: The same for feeds and exports; None means `max_bytes`.
        watching: Called for each file before it is opened and before it is parsed.
        guard: The folder's guard; None only guards against links to hidden files and out of the folder.
        site: The folder's site, as `packed`; empty if unknown.
        explain: Explain where each field comes from: the outcomes are `EXPLAINED`.
    """
    progress = progress or ReadProgress()
    opener = _Opener(guard or Guard.of(root))
    known_site = unpacked(site)
    for position, (path, known_digest) in enumerate(jobs):
        progress.begin(position)
        is_feed = path.lower().endswith(FEED_ENDINGS)
        limit = max_bytes if max_feed_bytes is None or not is_feed else max_feed_bytes
        try:
            if explain:
                yield _explained(opener, path, limit, progress, known_site)
            else:
                yield _outcome(opener, path, known_digest, limit, progress, known_site)
        except (MemoryError, RecursionError):
            gc.collect()
            yield rejected(path, _("reading the file takes too much memory"))
        except OSError as error:
            if error.errno in _NO_FILE:
                yield FileOutcome(path, GONE)
            else:
                yield rejected(path, _("the file can't be read: {error}").format(error=error.strerror))


def rejected(path: str, reason: str, size: int = 0, mtime_ns: int = 0, digest: bytes = b"") -> FileOutcome:
    """Return the outcome of an unreadable file. Without a digest it is tried again at every load."""
    return FileOutcome(path, REJECTED, size, mtime_ns, digest, problems=((None, reason, True),))


def _outcome(
    opener: _Opener,
    path: str,
    known_digest: bytes | None,
    max_bytes: int,
    progress: ReadProgress,
    site: Site,
) -> FileOutcome:
    read, encode = _parsers()
    try:
        data, size, mtime_ns = opener.contents(path, max_bytes)
    except _Refused as refusal:
        return rejected(path, str(refusal))
    digest = sha256(data).digest()[:16] if len(data) <= max_bytes else size.to_bytes(16, "big")
    if digest == known_digest:
        return FileOutcome(path, SAME, size, mtime_ns, digest)
    progress.parse(size, mtime_ns, digest)
    try:
        if path.lower().endswith(FEED_ENDINGS):
            progress.allow(feed_seconds(data))
            return _feed_outcome(path, data, size, mtime_ns, digest, max_bytes, site)
        reading = read(path, data, max_bytes=max_bytes, size=size, site=site)
        row = encode(reading.article) if reading.article is not None else None
    except (MemoryError, RecursionError):
        gc.collect()
        return rejected(path, _("reading the file takes too much memory"), size, mtime_ns, digest)
    problems = _plain(reading.problems) if reading.problems else ()
    if reading.left_out:
        return FileOutcome(path, LEFT_OUT, size, mtime_ns, digest, problems=((None, reading.left_out, False),))
    if row is None:
        return FileOutcome(path, REJECTED, size, mtime_ns, digest, problems=problems)
    assert reading.article is not None
    return FileOutcome(path, ARTICLE, size, mtime_ns, digest, row, reading.article.aliases, problems)


@lru_cache(maxsize=1)
def _parsers() -> tuple[Callable[..., Reading], Callable[[Article], _Row]]:
    """Import the parsers once; a process that only gets unchanged files does not need them."""
    from digests.corpus.reader import read
    from digests.store.article_rows import encode

    return read, encode


def _feed_outcome(
    path: str, data: bytes, size: int, mtime_ns: int, digest: bytes, max_bytes: int, site: Site
) -> FileOutcome:
    from digests.corpus.feeds import read_feed

    found = read_feed(path, data, max_bytes=max_bytes, size=size, site=site)
    if found.is_rejected:
        return FileOutcome(path, REJECTED, size, mtime_ns, digest, problems=_plain(found.problems))
    if found.left_out:
        return FileOutcome(path, LEFT_OUT, size, mtime_ns, digest, problems=((None, found.left_out, False),))
    entries = tuple(_entry_outcome(name, reading) for name, reading in found.entries)
    return FileOutcome(path, FEED, size, mtime_ns, digest, problems=_plain(found.problems), entries=entries)


def _entry_outcome(path: str, reading: Reading) -> EntryOutcome:
    from digests.store.article_rows import encode

    row = encode(reading.article) if reading.article is not None else None
    aliases = reading.article.aliases if reading.article is not None else ()
    problems = _plain(reading.problems)
    kind = ARTICLE if row is not None else REJECTED
    if reading.left_out:
        kind, problems = LEFT_OUT, ((None, reading.left_out, False),)
    # A hash of the parsed entry, not of its text: feeds are rewritten with every build, but entries rarely change.
    digest = sha256(repr((kind, row, aliases, problems)).encode()).digest()[:16]
    return EntryOutcome(path, kind, digest, row, aliases, problems)


def _plain(problems: Sequence[Problem]) -> _Problems:
    return tuple((problem.line, problem.reason, problem.rejected) for problem in problems)


def feed_seconds(data: bytes) -> float:
    """Return how much CPU time, beyond that of any file, a feed may take for its entries and its size."""
    entry_count = min(sum(map(data.count, (b"</item>", b"</entry>", b'"title"'))), MAX_COUNTED_ENTRIES)
    return entry_count * ENTRY_SECONDS + len(data) / BYTES_A_SECOND


def _explained(opener: _Opener, path: str, max_bytes: int, progress: ReadProgress, site: Site) -> FileOutcome:
    """Return the readings of a file for `unpickled`, in place of the digest."""
    from digests.corpus.feeds import read_feed
    from digests.corpus.reader import read

    try:
        data, size, mtime_ns = opener.contents(path, max_bytes)
    except _Refused as refusal:
        return rejected(path, str(refusal))
    readings: list[tuple[str, Reading]] = []
    if path.lower().endswith(FEED_ENDINGS):
        progress.allow(feed_seconds(data))
        feed = read_feed(path, data, max_bytes=max_bytes, size=size, site=site, explain=True)
        readings += feed.entries
        if feed.problems or feed.left_out:
            readings.insert(0, (path, Reading(None, feed.problems, left_out=feed.left_out)))
    else:
        readings.append((path, read(path, data, max_bytes=max_bytes, size=size, site=site, explain=True)))
    return FileOutcome(path, EXPLAINED, size, mtime_ns, pickle.dumps(readings, protocol=5))


def unpickled(explained: bytes) -> list[tuple[str, Reading]]:
    """Return the readings of a file and its entries, by path, from an explained outcome's digest."""
    made: list[tuple[str, Reading]] = pickle.loads(explained)  # noqa: S301 - written by our own worker
    return made


def packed(site: Site) -> bytes:
    """Return a site as bytes, for workers and for detecting changes."""
    return pickle.dumps(site, protocol=5)


@lru_cache(maxsize=16)
def unpacked(site: bytes) -> Site:
    """Return the site from the bytes of `packed`."""
    from digests.corpus.site import NO_SITE

    if not site:
        return NO_SITE
    made: Site = pickle.loads(site)  # noqa: S301 - written by our own parent
    return made


class _Refused(Exception):  # noqa: N818
    """The file must not be read; the message says why."""


class _Opener:
    """Opens files of one folder by their real paths, and only those that may be read."""

    def __init__(self, guard: Guard) -> None:
        self._guard = guard
        self._folders: dict[str, str] = {}

    def contents(self, path: str, max_bytes: int) -> tuple[bytes, int, int]:
        """Return a regular file's bytes (at most one more than the limit), and its size and mtime_ns before reading."""
        descriptor = self._open(path)
        try:
            status = os.fstat(descriptor)
            if not stat.S_ISREG(status.st_mode):
                raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT))
            if (status.st_dev, status.st_ino) in self._guard.identities:
                raise _Refused(own_file())
            wanted = min(status.st_size, max_bytes) + 1
            data = os.read(descriptor, wanted)
            # A regular file is read at once; the loop is for one that is being written.
            while len(data) < wanted - 1 and (more := os.read(descriptor, wanted - len(data))):
                data += more
        finally:
            os.close(descriptor)
        age_ns = time.time_ns() - status.st_mtime_ns
        racy_ns = RACY_COARSE_NS if status.st_mtime_ns % 1_000_000_000 == 0 else RACY_NS
        # 0 means: don't trust it, hash it again. The same for a time that doesn't fit a column.
        is_trusted = age_ns >= racy_ns and abs(status.st_mtime_ns) < 2**62
        return data, status.st_size, status.st_mtime_ns if is_trusted else 0

    def _open(self, path: str) -> int:
        folder, _slash, name = path.rpartition("/")
        real_folder = self._folders.get(folder)
        if real_folder is None:
            real_folder = self._folders[folder] = self._permitted(f"{self._guard.root}/{folder}")
        # O_NONBLOCK: a named pipe in the folder must not block the worker.
        flags = os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK | os.O_NOFOLLOW
        try:
            return os.open(f"{real_folder}/{name}", flags)
        except OSError as error:
            if error.errno != errno.ELOOP:
                raise
        return os.open(self._permitted(f"{real_folder}/{name}"), flags)

    def _permitted(self, place: str) -> str:
        """Return a file's real path. It was checked when the folder was listed, but may be a link by now."""
        real = os.path.realpath(place)
        refusal = self._guard.refusal(real)
        if refusal is not None:
            raise _Refused(refusal)
        return real
