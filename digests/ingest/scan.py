"""Lists a corpus folder and compares it with how it was; little dearer than the listing itself."""

from __future__ import annotations

import os
from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from digests.errors import CorpusUnavailable
from digests.i18n import _
from digests.models import Problem

ENDINGS = (".md", ".markdown", ".html", ".htm", ".txt")

KnownFile = tuple[str, int]
"""Path, and its stamp: size + mtime_ns.

One number is cheaper to load and compare for each of 100,000 files than two. A change that keeps the sum would have to
shrink a file by as many bytes as nanoseconds passed, and a file that young is hashed in any case.
"""


@dataclass(slots=True)
class Scan:
    """What a listing found, against what was known.

    Attributes:
        to_read: Files that are new or look changed, sorted.
        new: Those of them that were not known.
        same_count: Files with the size and mtime of last time, or out of sight in a folder that can't be opened.
        gone: Known files that are no longer there.
        problems: Folders that can't be opened, names that can't be stored.
    """

    to_read: list[str] = field(default_factory=list)
    new: set[str] = field(default_factory=set)
    same_count: int = 0
    gone: list[str] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


def scan(root: Path, known_files: Iterable[KnownFile], *, skip: Container[str] = (), reread_all: bool = False) -> Scan:
    """Walks a folder.

    Hidden files and folders are passed over, and links that leave the folder are not followed. What lies in a folder
    that can't be opened counts as it was.

    Args:
        skip: Real paths of folders inside that are loaded by themselves.
        reread_all: Read every file, whatever is known of it.

    Raises:
        CorpusUnavailable: The folder itself can't be opened.
    """
    walk = _Walk(root, dict(known_files), skip, reread_all=reread_all)
    walk.run()
    found = walk.found
    for path in walk.known:
        if path.startswith(tuple(walk.unreadable)):
            found.same_count += 1
        else:
            found.gone.append(path)
    # Names mostly begin with a date: rows then come in about the order of their numbers, which is kind to B-trees.
    found.to_read.sort()
    return found


class _Walk:
    """One walk through a folder tree; each folder is entered once, however many links lead to it.

    `known` loses what is met, so that what remains is gone (or out of sight).
    """

    def __init__(self, root: Path, known: dict[str, int], skip: Container[str], *, reread_all: bool) -> None:
        self._root = os.path.realpath(root)
        self._skip = skip
        self._reread_all = reread_all
        self._entered: set[tuple[int, int]] = set()
        self.known = known
        self.found = Scan()
        self.unreadable: list[str] = []

    def run(self) -> None:
        # Folders behind links come last, so that a folder is known by its own name.
        plain = [""]
        linked: list[str] = []
        while plain or linked:
            self._list(plain.pop() if plain else linked.pop(0), plain, linked)

    def _list(self, prefix: str, plain: list[str], linked: list[str]) -> None:
        place = os.path.join(self._root, prefix)  # noqa: PTH118 - a Path for each of 100,000 files is what costs
        try:
            listing = os.scandir(place)
        except OSError as error:
            if not prefix:
                raise CorpusUnavailable(
                    _("The corpus folder {folder} can't be opened: {error}.").format(
                        folder=self._root, error=error.strerror
                    )
                ) from error
            self.unreadable.append(prefix)
            self._note(prefix, _("the folder can't be opened: {error}").format(error=error.strerror))
            return
        with listing:
            status = os.stat(place)  # noqa: PTH116
            if (status.st_dev, status.st_ino) in self._entered:
                return
            self._entered.add((status.st_dev, status.st_ino))
            try:
                self._compare(prefix, listing, plain, linked)
            except OSError as error:
                self.unreadable.append(prefix)
                self._note(prefix or ".", _("the folder can't be listed: {error}").format(error=error.strerror))

    def _compare(self, prefix: str, listing: Iterable[os.DirEntry[str]], plain: list[str], linked: list[str]) -> None:
        """Goes through one folder. The first lines are what an unchanged reload spends its time in."""
        known = self.known
        take = known.pop
        same_count = 0
        for entry in listing:
            path = prefix + entry.name
            stamp = take(path, None)
            if stamp is not None:
                try:
                    status = entry.stat(follow_symlinks=False)
                except OSError:  # gone between listing and asking
                    known[path] = stamp
                    continue
                if stamp == status.st_size + status.st_mtime_ns and not self._reread_all:
                    same_count += 1
                    continue
                # Was known, so it is put back in case it is no article any more.
                known[path] = stamp
            self._look_closer(prefix, entry, plain, linked)
        self.found.same_count += same_count

    def _look_closer(self, prefix: str, entry: os.DirEntry[str], plain: list[str], linked: list[str]) -> None:
        """Takes in what is new, changed, a link or a folder."""
        name = entry.name
        if name[0] == ".":
            return
        if name.lower().endswith(ENDINGS):
            stamp = self._stamp(entry)
            if stamp is not None:
                path = prefix + name
                known = self.known.pop(path, None)
                if known is not None and known == stamp and not self._reread_all:
                    self.found.same_count += 1
                elif known is not None:
                    self.found.to_read.append(path)
                elif path.isascii() or self._is_storable(path, _("the file's name is not UTF-8; rename it")):
                    self.found.new.add(path)
                    self.found.to_read.append(path)
                return
        self._folder(prefix, entry, plain, linked)

    def _stamp(self, entry: os.DirEntry[str]) -> int | None:
        """Returns the stamp of a regular file (what a link inside the folder leads to); None for all else."""
        try:
            if not entry.is_file() or (entry.is_symlink() and not self._is_inside(entry.path)):
                return None
            status = entry.stat()
        except OSError:
            return None
        return status.st_size + status.st_mtime_ns

    def _folder(self, prefix: str, entry: os.DirEntry[str], plain: list[str], linked: list[str]) -> None:
        try:
            if not entry.is_dir():
                return
            is_link = entry.is_symlink()
        except OSError:
            return
        path = f"{prefix}{entry.name}/"
        if is_link:
            if self._is_inside(entry.path) and os.path.realpath(entry.path) not in self._skip:
                linked.append(path)
        elif f"{self._root}/{path[:-1]}" not in self._skip and self._is_storable(
            path, _("the folder's name is not UTF-8; rename it")
        ):
            plain.append(path)

    def _is_inside(self, place: str) -> bool:
        real = os.path.realpath(place)
        return real == self._root or real.startswith(self._root.rstrip("/") + "/")

    def _is_storable(self, path: str, reason: str) -> bool:
        try:
            path.encode("utf-8")
        except UnicodeEncodeError:
            self._note(path, reason)
            return False
        return True

    def _note(self, path: str, reason: str) -> None:
        shown = path.encode("utf-8", "backslashreplace").decode("utf-8")
        self.found.problems.append(Problem(shown, None, reason))


def real_folders(folders: Sequence[Path]) -> tuple[Path, ...]:
    """Returns the folders as real absolute paths, each once, in the order given.

    Raises:
        CorpusUnavailable: One of them is missing or no folder.
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
