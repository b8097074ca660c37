"""Reads files into rows: the work of one worker, in a process of its own or in a thread."""

from __future__ import annotations

import errno
import gc
import os
import pickle
import stat
import time
from collections.abc import Callable, Sequence
from functools import lru_cache
from hashlib import sha256
from typing import TYPE_CHECKING

from digests.i18n import _

if TYPE_CHECKING:
    from digests.corpus.site import Site

Job = tuple[str, bytes | None]
"""Path relative to the folder, and the digest known of it."""
Outcome = tuple[
    str,
    str,
    int,
    int,
    bytes,
    tuple[str | int | None, ...] | None,
    tuple[str, ...],
    tuple[tuple[int | None, str, bool], ...],
]
"""Path, kind, size, mtime_ns, digest, row, aliases, problems as (line, reason, rejected). Plain for `marshal`."""

ARTICLE, REJECTED, SAME, GONE, DEFERRED, LEFT_OUT = "article", "rejected", "same", "gone", "deferred", "left out"
"""What became of a file. Deferred: read in a thread, where only a process can tell. Left out: no article on
purpose, such as a draft; the reason stands in place of a problem."""

RACY_NS = 100_000_000
"""A file that young may change again within the same tick of its mtime; it is hashed again next time."""
RACY_COARSE_NS = 2_500_000_000
"""The same on file systems that count in seconds."""

_NO_FILE = (errno.ENOENT, errno.ENOTDIR, errno.ELOOP)


def read_jobs(
    root: str,
    jobs: Sequence[Job],
    max_bytes: int,
    on_file: Callable[[int], None] | None = None,
    *,
    site: bytes = b"",
) -> list[Outcome]:
    """Read files of one folder.

    Args:
        root: The folder.
        jobs: The files.
        max_bytes: Larger files are rejected.
        on_file: Is given the position of each before it is read.
        site: What is known of the folder's site, as `packed`; empty where nothing is.
    """
    # Imported here: a process that only ever asks for unchanged folders need not hold the parsers.
    from digests.corpus import read
    from digests.store.article_rows import encode

    known_site = unpacked(site)
    outcomes: list[Outcome] = []
    for position, (path, known_digest) in enumerate(jobs):
        if on_file is not None:
            on_file(position)
        try:
            data, size, mtime_ns = _contents(f"{root}/{path}", max_bytes)
        except OSError as error:
            if error.errno in _NO_FILE:
                outcomes.append((path, GONE, 0, 0, b"", None, (), ()))
            else:
                reason = _("the file can't be read: {error}").format(error=error.strerror)
                outcomes.append((path, REJECTED, 0, 0, b"", None, (), ((None, reason, True),)))
            continue
        digest = sha256(data).digest()[:16] if len(data) <= max_bytes else size.to_bytes(16, "big")
        if digest == known_digest:
            outcomes.append((path, SAME, size, mtime_ns, digest, None, (), ()))
            continue
        try:
            reading = read(path, data, max_bytes=max_bytes, size=size, site=known_site)
        except (MemoryError, RecursionError):
            reason = _("reading the file takes too much memory")
            outcomes.append((path, REJECTED, size, mtime_ns, digest, None, (), ((None, reason, True),)))
            continue
        if reading.provisional:
            outcomes.append((path, DEFERRED, size, mtime_ns, digest, None, (), ()))
            continue
        problems = tuple((problem.line, problem.reason, problem.rejected) for problem in reading.problems)
        article = reading.article
        if reading.left_out:
            problems = ((None, reading.left_out, False),)
            outcomes.append((path, LEFT_OUT, size, mtime_ns, digest, None, (), problems))
        elif article is None:
            outcomes.append((path, REJECTED, size, mtime_ns, digest, None, (), problems))
        else:
            outcomes.append((path, ARTICLE, size, mtime_ns, digest, encode(article), article.aliases, problems))
    return outcomes


def packed(site: Site) -> bytes:
    """Return a site as bytes, for workers and to tell whether it changed."""
    return pickle.dumps(site, protocol=5)


@lru_cache(maxsize=16)
def unpacked(site: bytes) -> Site:
    """Return the site that `packed` made these bytes of."""
    from digests.corpus.site import NO_SITE

    if not site:
        return NO_SITE
    made: Site = pickle.loads(site)  # noqa: S301 - written by our own parent
    return made


def without_collector() -> None:
    """Switches the cycle collector off in a worker: rows and articles hold no cycles, and it costs a fifth."""
    gc.disable()


def _contents(place: str, max_bytes: int) -> tuple[bytes, int, int]:
    """Returns a regular file's bytes (no more than one beyond the limit), size and mtime_ns as it was before."""
    # O_NONBLOCK: a named pipe in the folder must not hold the worker up.
    descriptor = os.open(place, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)
    try:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode):
            raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT))
        wanted = min(status.st_size, max_bytes) + 1
        data = os.read(descriptor, wanted)
        # A regular file gives all it has at once; the loop is for one that is being written.
        while len(data) < wanted - 1 and (more := os.read(descriptor, wanted - len(data))):
            data += more
    finally:
        os.close(descriptor)
    age_ns = time.time_ns() - status.st_mtime_ns
    racy_ns = RACY_COARSE_NS if status.st_mtime_ns % 1_000_000_000 == 0 else RACY_NS
    # 0: not to be trusted, hash it again. So is a time that no column holds.
    is_trusted = age_ns >= racy_ns and abs(status.st_mtime_ns) < 2**62
    return data, status.st_size, status.st_mtime_ns if is_trusted else 0
