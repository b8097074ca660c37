"""The article files of a folder, and what has changed among them since the last load. Knows no file system."""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from itertools import chain

from digests.models import Problem

Stamp = int
"""A file's size + mtime_ns.

For 100,000 files one number is cheaper to load and compare than two. A change that keeps the sum would have to shrink
a file by as many bytes as nanoseconds have passed, and a file that young is hashed in any case.
"""
NO_STAMP = -1
"""The stamp of a file whose mtime doesn't fit 64 bits of nanoseconds; it never equals a known one."""
PATHS_IN_A_BLOCK = 4096
MAX_LISTED_UNREAD = 20_000
"""How many left-out files are listed by `explain`."""
MAX_PROBLEMS = 200
"""How many unstorable names are reported individually."""


@dataclass(slots=True)
class Listing:
    """The current article files of a folder.

    Attributes:
        stamps: Path -> `Stamp`.
        unreadable: Folders that can't be opened, each with a trailing `/`.
        problems: Those, and names that can't be stored.
        left_out: What it is -> number of files that are not articles; a folder that is not entered counts as one.
        unread: Extension -> number of files that look like articles but are not supported.
        seen: Each of them as (path, why), if requested.
    """

    stamps: array[int] = field(default_factory=lambda: array("q"))
    unreadable: list[str] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    left_out: Counter[str] = field(default_factory=Counter)
    unread: Counter[str] = field(default_factory=Counter)
    listed_unread: list[tuple[str, str]] | None = None
    _blocks: list[str] = field(default_factory=list)

    def leave_out(self, path: str, why: str) -> None:
        """Count a file, or a folder that is not entered, as left out."""
        self.left_out[why] += 1
        self.list_unread(path, why)

    def list_unread(self, path: str, why: str) -> None:
        """List a file that is not read, if requested and not too many are listed."""
        if self.listed_unread is not None and len(self.listed_unread) < MAX_LISTED_UNREAD:
            self.listed_unread.append((path, why))

    def add(self, paths: list[str]) -> None:
        """Add paths whose stamps are already there; the list is emptied.

        Thousands of them are joined to one string, which takes half the memory and is freed as a whole.
        """
        if paths:
            self._blocks.append("\0".join(paths))
            paths.clear()

    @property
    def paths(self) -> Iterator[str]:
        """The files, relative to the folder, with `/`, in the order found."""
        return chain.from_iterable(block.split("\0") for block in self._blocks)

    @property
    def may_miss_files(self) -> bool:
        """Whether articles may be hidden in folders that can't be opened."""
        return bool(self.unreadable) or NO_STAMP in self.stamps

    def fingerprint(self) -> bytes | None:
        """Return a hash of all paths and stamps.

        None if folders can't be opened, so that changes would go unnoticed.
        """
        if self.may_miss_files:
            return None
        hashed = sha256(self.stamps)
        for problem in self.problems:
            hashed.update(f"{problem.path}\0{problem.reason}\0".encode())
        for block in self._blocks:
            hashed.update(block.encode())
            hashed.update(b"\0")
        return hashed.digest()


@dataclass(slots=True)
class Scan:
    """The difference between a listing and the known files.

    Attributes:
        to_read: Files that are new or look changed, sorted.
        new: The new ones among them.
        same_count: Files with the same size and mtime, or in a folder that can't be opened.
        gone: Known files that no longer exist.
    """

    to_read: list[str] = field(default_factory=list)
    new: set[str] = field(default_factory=set)
    same_count: int = 0
    gone: list[str] = field(default_factory=list)


def compare(listing: Listing, known: Mapping[str, Stamp], *, reread_all: bool = False) -> Scan:
    """Compare a folder with its last load. Files in a folder that can't be opened count as unchanged.

    Args:
        listing: The current files.
        known: The files at the last load, with their stamps.
        reread_all: Read every file, even if it is unchanged.
    """
    found = Scan()
    paths = list(listing.paths)
    # Loops in C code: a reload of one changed file among 100,000 spends its time here.
    before = list(map(known.get, paths))
    if reread_all:
        found.to_read = list(paths)
    else:
        found.to_read = [path for path, was, stamp in zip(paths, before, listing.stamps, strict=True) if was != stamp]
    new_count = before.count(None)
    if new_count:
        found.new = {path for path in found.to_read if path not in known}
    found.same_count = len(paths) - len(found.to_read)
    if len(paths) - new_count < len(known):
        unreadable = tuple(listing.unreadable)
        for path in known.keys() - paths:
            if path.startswith(unreadable):
                found.same_count += 1
            else:
                found.gone.append(path)
        found.gone.sort()
    # Names mostly begin with a date: rows then come roughly in the order of their numbers, which is good for B-trees.
    found.to_read.sort()
    return found
