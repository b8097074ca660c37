"""Lists a corpus folder and compares it with the last load, at little more than the cost of listing."""

from __future__ import annotations

import contextlib
import os
import stat
from array import array
from collections import Counter
from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from itertools import chain
from pathlib import Path

from digests.errors import CorpusUnavailable
from digests.i18n import _, ngettext
from digests.ingest.guard import Guard, own_file, own_folder
from digests.ingest.layout import ANY_FOLDER, ARTICLE_LIKE, SUSPECT, Layout, Mode, may_be_feed
from digests.models import Problem

ENDINGS = (".md", ".markdown", ".mdown", ".mkd", ".mkdn", ".mdx", ".html", ".htm", ".txt", ".rst")

Stamp = int
"""A file's size + mtime_ns.

For 100,000 files one number is cheaper to load and compare than two. A change that keeps the sum would have to shrink
a file by as many bytes as nanoseconds have passed, and a file that young is hashed in any case.
"""
NO_STAMP = -1
"""The stamp of a file whose mtime doesn't fit 64 bits of nanoseconds; it never equals a known one."""
PATHS_IN_A_BLOCK = 4096
MAX_SEEN = 20_000
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
    seen: list[tuple[str, str]] | None = None
    _blocks: list[str] = field(default_factory=list)

    def leave_out(self, path: str, why: str) -> None:
        """Count a file, or a folder that is not entered, as left out."""
        self.left_out[why] += 1
        self.see(path, why)

    def see(self, path: str, why: str) -> None:
        """List a file that is not read, if requested and not too many are listed."""
        if self.seen is not None and len(self.seen) < MAX_SEEN:
            self.seen.append((path, why))

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
    def is_blind(self) -> bool:
        """Whether articles may be hidden in folders that can't be opened."""
        return bool(self.unreadable) or NO_STAMP in self.stamps

    def fingerprint(self) -> bytes | None:
        """Return a hash of all paths and stamps.

        None if folders can't be opened, so that changes would go unnoticed.
        """
        if self.is_blind:
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


def list_files(
    root: Path,
    *,
    skip: Container[str] = (),
    guard: Guard | None = None,
    layout: Layout = ANY_FOLDER,
    explain: bool = False,
) -> Listing:
    """List a folder recursively.

    Hidden files and folders are skipped; links to hidden files, out of the folder or to the bot's own files are not
    followed, and reported.

    Args:
        root: The folder.
        skip: Real paths of folders inside that are loaded separately.
        guard: The folder's guard; None only guards against links to hidden files and out of the folder.
        layout: Decides which files are articles.
        explain: List left-out files besides counting them.

    Raises:
        CorpusUnavailable: The folder itself can't be opened.
    """
    walk = _Walk(root, skip, guard or Guard.of(str(root)), layout)
    if explain:
        walk.found.seen = []
    walk.run()
    return walk.found


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


class _Walk:
    """One walk through a folder tree; each folder is entered once, however many links point to it."""

    def __init__(self, root: Path, skip: Container[str], guard: Guard, layout: Layout) -> None:
        self._root = os.path.realpath(root)
        self._skip = skip
        self._guard = guard
        self._layout = layout
        self._inodes = {inode for _device, inode in guard.identities}
        self._unnamed_count = 0
        self._entered: set[tuple[int, int]] = set()
        self._paths: list[str] = []
        self.found = Listing()

    def run(self) -> None:
        # Linked folders come last, so that a folder is known by its own name.
        plain = [""]
        linked: list[str] = []
        while plain or linked:
            self._enter(plain.pop() if plain else linked.pop(0), plain, linked)
        self.found.add(self._paths)
        if self._unnamed_count:
            count = self._unnamed_count
            reason = ngettext("{count} more name was left out", "{count} more names were left out", count)
            self.found.problems.append(Problem(".", None, reason.format(count=count), rejected=False))

    def _enter(self, prefix: str, plain: list[str], linked: list[str]) -> None:
        mode, why = self._layout.of_folder(prefix)
        if mode is Mode.CLOSED:
            self.found.leave_out(prefix, why)
            return
        try:
            descriptor = os.open(f"{self._root}/{prefix}", os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        except OSError as error:
            if not prefix:
                raise CorpusUnavailable(
                    _("The corpus folder {folder} can't be opened: {error}.").format(
                        folder=self._root, error=error.strerror
                    )
                ) from error
            self.found.unreadable.append(prefix)
            self._note(prefix, _("the folder can't be opened: {error}").format(error=error.strerror))
            return
        try:
            status = os.fstat(descriptor)
            identity = status.st_dev, status.st_ino
            if prefix and identity in self._guard.identities:
                if _holds_articles(f"{self._root}/{prefix}"):
                    self._note(prefix, own_folder(), rejected=False)
            elif identity not in self._entered:
                self._entered.add(identity)
                if mode is Mode.LEFT_OUT:
                    self._count(prefix, descriptor, plain, why)
                elif self._layout.bundles and _has_one(self._layout.bundles, descriptor):
                    self._bundle(prefix, descriptor)
                else:
                    self._list(prefix, descriptor, plain, linked)
        except OSError as error:
            self.found.unreadable.append(prefix)
            self._note(prefix or ".", _("the folder can't be listed: {error}").format(error=error.strerror))
        finally:
            os.close(descriptor)

    def _list(self, prefix: str, descriptor: int, plain: list[str], linked: list[str]) -> None:
        """List one folder. A reload without changes spends its time in this loop.

        Listing through a descriptor lets the kernel look up each file by name alone, without resolving the
        whole path.
        """
        paths, add_path, add_stamp = self._paths, self._paths.append, self.found.stamps.append
        suspect = "" if self._layout.has_globs else SUSPECT
        own_inodes = self._inodes
        with os.scandir(descriptor) as listing:
            for entry in listing:
                name = entry.name
                if not name.endswith(ENDINGS) or not name.isascii() or not suspect or name[0] in suspect:
                    self._look_closer(prefix, entry, plain, linked)
                elif entry.is_file(follow_symlinks=False):
                    try:
                        status = entry.stat(follow_symlinks=False)
                        if status.st_ino in own_inodes and self._is_own(prefix + name, status):
                            continue
                        add_stamp(status.st_size + status.st_mtime_ns)
                    except OSError:  # deleted since it was listed
                        continue
                    except OverflowError:
                        add_stamp(NO_STAMP)
                    add_path(prefix + name if prefix else name)
                    if len(paths) >= PATHS_IN_A_BLOCK:
                        self.found.add(paths)
                else:
                    self._look_closer(prefix, entry, plain, linked)

    def _look_closer(self, prefix: str, entry: os.DirEntry[str], plain: list[str], linked: list[str]) -> None:
        """Handle links, folders, and files with unusual names."""
        name = entry.name
        if name[0] == ".":
            return
        path = prefix + name
        if name.lower().endswith(ENDINGS) or may_be_feed(name):
            why = self._layout.of_file(path, name)
            if why:
                self.found.leave_out(path, why)
                return
            stamp = self._stamp(path, entry)
            if stamp is not None:
                if self._is_storable(path, _("the file's name is not UTF-8; rename it")):
                    self._paths.append(path)
                    self.found.stamps.append(stamp)
                return
        if ARTICLE_LIKE.search(name.lower()) and entry.is_file(follow_symlinks=False):
            if not self._layout.ignores(path):
                self.found.unread[name[name.rfind(".") :].lower()] += 1
                self.found.see(path, _("files of this ending are not read"))
            return
        self._folder(path, entry, plain, linked)

    def _count(self, prefix: str, descriptor: int, plain: list[str], why: str) -> None:
        """Count the files in a folder without articles; it may contain folders of posts."""
        with os.scandir(descriptor) as listing:
            for entry in listing:
                name = entry.name
                if name[0] == ".":
                    continue
                if name.lower().endswith(ENDINGS):
                    if self._is_storable(prefix + name, _("the file's name is not UTF-8; rename it")):
                        self.found.leave_out(prefix + name, self._layout.of_file(prefix + name, name) or why)
                elif entry.is_dir(follow_symlinks=False):
                    self._folder(prefix + name, entry, plain, [])

    def _bundle(self, prefix: str, descriptor: int) -> None:
        """Take the page of a folder that is one page; all else in it belongs to that page."""
        for name in sorted(os.listdir(descriptor)):
            if not name.lower().endswith(ENDINGS) or name[0] == ".":
                continue
            if not name.startswith("index."):
                self.found.leave_out(prefix + name, _("it belongs to the page of its folder"))
                continue
            if self._layout.ignores(prefix + name):
                self.found.leave_out(prefix + name, _("left out by the configuration"))
                continue
            path = prefix + name
            try:
                status = os.stat(name, dir_fd=descriptor, follow_symlinks=False)
            except OSError:
                continue
            if not stat.S_ISREG(status.st_mode) or self._is_own(path, status):
                continue
            if self._is_storable(path, _("the file's name is not UTF-8; rename it")):
                self._paths.append(path)
                stamp = status.st_size + status.st_mtime_ns
                self.found.stamps.append(stamp if abs(stamp) < 2**63 else NO_STAMP)

    def _is_own(self, path: str, status: os.stat_result) -> bool:
        """Check whether a file is the bot's own, under any name, and report it if so."""
        if (status.st_dev, status.st_ino) not in self._guard.identities:
            return False
        self._note(path, own_file())
        return True

    def _stamp(self, path: str, entry: os.DirEntry[str]) -> int | None:
        """Return the stamp of a regular file, or of a link's permitted target; None for anything else."""
        try:
            if entry.is_symlink() and not self._is_followed(path):
                return None
            if not entry.is_file():
                return None
            status = entry.stat()
        except OSError:
            return None
        if self._is_own(path, status):
            return None
        stamp = status.st_size + status.st_mtime_ns
        return stamp if abs(stamp) < 2**63 else NO_STAMP

    def _folder(self, path: str, entry: os.DirEntry[str], plain: list[str], linked: list[str]) -> None:
        try:
            if not entry.is_dir():
                return
            is_link = entry.is_symlink()
        except OSError:
            return
        if is_link:
            if self._is_followed(path) and os.path.realpath(f"{self._root}/{path}") not in self._skip:
                linked.append(f"{path}/")
        elif f"{self._root}/{path}" not in self._skip and self._is_storable(
            f"{path}/", _("the folder's name is not UTF-8; rename it")
        ):
            plain.append(f"{path}/")

    def _is_followed(self, path: str) -> bool:
        """Check whether a link may be followed, by its target; report it if not."""
        refusal = self._guard.refusal(os.path.realpath(f"{self._root}/{path}"))
        if refusal is not None:
            self._note(path, refusal)
        return refusal is None

    def _is_storable(self, path: str, reason: str) -> bool:
        try:
            path.encode("utf-8")
        except UnicodeEncodeError:
            self._note(path, reason)
            return False
        return True

    def _note(self, path: str, reason: str, *, rejected: bool = True) -> None:
        if len(self.found.problems) >= MAX_PROBLEMS:
            self._unnamed_count += 1
            return
        shown = path.encode("utf-8", "backslashreplace").decode("utf-8")
        self.found.problems.append(Problem(shown, None, reason, rejected))


def _has_one(names: Sequence[str], descriptor: int) -> bool:
    """Return whether a folder holds one of some names."""
    for name in names:
        with contextlib.suppress(OSError):
            os.stat(name, dir_fd=descriptor)
            return True
    return False


def _holds_articles(folder: str) -> bool:
    """Check whether any file in a folder has an article's extension; looks at the first thousand subfolders."""
    for number, (_place, _folders, names) in enumerate(os.walk(folder)):
        if number >= 1000:
            break
        if any(name.lower().endswith(ENDINGS) for name in names):
            return True
    return False


def real_folders(folders: Sequence[Path]) -> tuple[Path, ...]:
    """Return the folders as real absolute paths, in order, without duplicates.

    Raises:
        CorpusUnavailable: One of them is missing or not a folder.
    """
    found: dict[Path, None] = {}
    for folder in folders:
        try:
            real = folder.expanduser().resolve(strict=True)
        except (OSError, RuntimeError) as error:
            raise CorpusUnavailable(
                _("The corpus folder {folder} does not exist. Create it, or name another.").format(folder=folder)
            ) from error
        if not real.is_dir():
            raise CorpusUnavailable(_("{folder} is a file; name the folder that it is in.").format(folder=folder))
        found[real] = None
    return tuple(found)
