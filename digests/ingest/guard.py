"""What is never read as an article, by whatever name it is reached: hidden files, the bot's own, what lies outside.

A link is judged by where it ends. Whoever may add files to a corpus folder may read there what is meant for readers,
not the password that a link of theirs points at.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from digests.i18n import _

Packed = tuple[str, tuple[tuple[int, int], ...], tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Guard:
    """Guards one corpus folder.

    Attributes:
        root: The folder's real path.
        identities: Device and inode of files and folders that are never read: another name does not change them.
        folders: Real paths of folders in which nothing is read.
    """

    root: str
    identities: frozenset[tuple[int, int]] = frozenset()
    folders: tuple[str, ...] = ()

    @classmethod
    def of(cls, root: str, protected: Iterable[Path] = ()) -> Guard:
        """Return the guard of a folder.

        Args:
            root: The corpus folder.
            protected: Files and folders of the bot's own, whether they exist or not. Where the corpus folder lies in
                such a folder, the files that lie directly in it are protected.
        """
        root = os.path.realpath(root)
        identities: set[tuple[int, int]] = set()
        folders: list[str] = []
        for path in protected:
            place = os.path.realpath(path)
            try:
                status = os.stat(place)  # noqa: PTH116
            except OSError:
                continue
            if not stat.S_ISDIR(status.st_mode):
                identities.add((status.st_dev, status.st_ino))
                continue
            identities.update(_files_in(place))
            if not lies_in(root, place):
                identities.add((status.st_dev, status.st_ino))
                folders.append(place)
        return cls(root, frozenset(identities), tuple(folders))

    @classmethod
    def unpacked(cls, packed: Packed) -> Guard:
        """Return the guard that `packed` gave these plain values of."""
        root, identities, folders = packed
        return cls(root, frozenset(identities), folders)

    def packed(self) -> Packed:
        """Return plain values, for another process."""
        return self.root, tuple(self.identities), self.folders

    def refusal(self, real: str) -> str | None:
        """Return why a link that ends at `real` is not followed; None where it may be."""
        if not lies_in(real, self.root):
            return _("the link leads out of the corpus folder and is not followed")
        inside = real[len(self.root) :].split("/")
        if any(part.startswith(".") for part in inside):
            return _("the link leads to a hidden file or folder and is not followed; put the file itself there")
        if any(lies_in(real, folder) for folder in self.folders) or self._is_own(real):
            return _("the link leads to a file of the bot's own and is not followed")
        return None

    def _is_own(self, real: str) -> bool:
        try:
            status = os.stat(real)  # noqa: PTH116
        except OSError:
            return False
        return (status.st_dev, status.st_ino) in self.identities


def own_file() -> str:
    """Return what is said of a file that is never read, though its name is one of an article."""
    return _(
        "this file is the bot's own (its configuration, token or data) and is never read as an article; move it out of"
        " the corpus folder"
    )


def own_folder() -> str:
    """Return what is said of the data folder where there are articles in it."""
    return _("this is the bot's data folder; what lies in it is never read as an article")


def _files_in(folder: str) -> Iterable[tuple[int, int]]:
    try:
        with os.scandir(folder) as listing:
            for entry in listing:
                if entry.is_file(follow_symlinks=False):
                    status = entry.stat(follow_symlinks=False)
                    yield status.st_dev, status.st_ino
    except OSError:
        return


def lies_in(place: str, folder: str) -> bool:
    """Return whether a real path is a folder or lies in it."""
    return place == folder or place.startswith(folder.rstrip("/") + "/")
