"""Lists a corpus folder and compares it with how it was; little dearer than the listing itself."""

from __future__ import annotations

import os
import stat
from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from digests.errors import CorpusUnavailable
from digests.i18n import _
from digests.models import Problem

ENDINGS = (".md", ".markdown", ".html", ".htm", ".txt")

KnownFile = tuple[str, int, int, bytes, int]
"""Path, size, mtime_ns, digest, rejected."""


@dataclass(slots=True)
class Scan:
    """What a listing found, against what was known.

    Attributes:
        to_read: (path, known digest or None) of files that are new or look changed.
        new_count: How many of those were not known.
        was_rejected: Those of them that could not be read last time.
        unchanged_count: Files with the size and mtime of last time that could be read then.
        rejected_count: The same, of files that could not.
        gone: Known files that are no longer there.
        problems: Folders that can't be opened, names that can't be stored.
    """

    to_read: list[tuple[str, bytes | None]] = field(default_factory=list)
    new_count: int = 0
    was_rejected: set[str] = field(default_factory=set)
    unchanged_count: int = 0
    rejected_count: int = 0
    gone: list[str] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


def scan(root: Path, known_files: Iterable[KnownFile], *, skip: Container[str] = (), reread_all: bool = False) -> Scan:
    """Walks a folder.

    Hidden files and folders are passed over, and links that leave the folder are not followed. What lies in a folder
    that can't be opened counts as it was.

    Args:
        skip: Real paths of folders inside that are loaded by themselves.
        reread_all: Trust no digest: everything is to be read.

    Raises:
        CorpusUnavailable: The folder itself can't be opened.
    """
    known = {entry[0]: entry for entry in known_files}
    walk = _Walk(root, skip)
    found = Scan(problems=walk.problems)
    to_read = found.to_read
    unchanged = rejected = 0
    for path, size, mtime_ns in walk.files():
        entry = known.pop(path, None)
        if entry is None:
            to_read.append((path, None))
            found.new_count += 1
        elif reread_all:
            to_read.append((path, None))
        elif entry[1] != size or entry[2] != mtime_ns:
            to_read.append((path, entry[3]))
            if entry[4]:
                found.was_rejected.add(path)
        elif entry[4]:
            rejected += 1
        else:
            unchanged += 1
    for path, entry in known.items():
        if any(path.startswith(prefix) for prefix in walk.unreadable):
            if entry[4]:
                rejected += 1
            else:
                unchanged += 1
        else:
            found.gone.append(path)
    found.unchanged_count, found.rejected_count = unchanged, rejected
    return found


class _Walk:
    """One walk through a folder tree; each folder is entered once, however many links lead to it."""

    def __init__(self, root: Path, skip: Container[str]) -> None:
        self._root = os.path.realpath(root)
        self._skip = skip
        self.problems: list[Problem] = []
        self.unreadable: list[str] = []
        self._entered: set[tuple[int, int]] = set()

    def files(self) -> Iterable[tuple[str, int, int]]:
        """Yields path (relative, with `/`), size and mtime_ns of each article file."""
        # Folders behind links come last, so that a folder is known by its own name.
        plain = [""]
        linked: list[str] = []
        while plain or linked:
            prefix = plain.pop() if plain else linked.pop(0)
            yield from self._files_in(prefix, plain, linked)

    def _files_in(self, prefix: str, plain: list[str], linked: list[str]) -> Iterable[tuple[str, int, int]]:
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
                for entry in listing:
                    name = entry.name
                    if name[0] == ".":
                        continue
                    if name.lower().endswith(ENDINGS):
                        found = self._file(prefix, entry)
                        if found is not None:
                            yield found
                            continue
                    self._folder(prefix, entry, plain, linked)
            except OSError as error:
                self.unreadable.append(prefix)
                self._note(prefix or ".", _("the folder can't be listed: {error}").format(error=error.strerror))

    def _file(self, prefix: str, entry: os.DirEntry[str]) -> tuple[str, int, int] | None:
        path = prefix + entry.name
        try:
            status = entry.stat(follow_symlinks=False)
            if stat.S_ISLNK(status.st_mode):
                if not self._is_inside(entry.path):
                    return None
                status = entry.stat()
        except OSError:  # gone between listing and asking, or a link into nothing
            return None
        if not stat.S_ISREG(status.st_mode):
            return None
        if not path.isascii() and not _is_storable(path):
            self._note(path, _("the file's name is not UTF-8; rename it"))
            return None
        return path, status.st_size, status.st_mtime_ns

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
        elif os.path.join(self._root, path[:-1]) not in self._skip:  # noqa: PTH118
            if _is_storable(path):
                plain.append(path)
            else:
                self._note(path, _("the folder's name is not UTF-8; rename it"))

    def _is_inside(self, place: str) -> bool:
        real = os.path.realpath(place)
        return real == self._root or real.startswith(self._root.rstrip("/") + "/")

    def _note(self, path: str, reason: str) -> None:
        shown = path.encode("utf-8", "backslashreplace").decode("utf-8")
        self.problems.append(Problem(shown, None, reason))


def _is_storable(path: str) -> bool:
    try:
        path.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True


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
