"""Decides what is never read as an article, under any name: hidden files, the bot's own, files outside the folder.

A link is judged by its target: people who may add files to a corpus folder must not be able to make the bot publish a
password file that their link points to.
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
        identities: Device and inode of files and folders that are never read, whatever their names.
        folders: Real paths of folders whose files are never read.
    """

    root: str
    identities: frozenset[tuple[int, int]] = frozenset()
    folders: tuple[str, ...] = ()

    @classmethod
    def of(cls, root: str, protected: Iterable[Path] = ()) -> Guard:
        """Return the guard of a folder.

        Args:
            root: The corpus folder.
            protected: The bot's own files and folders, existing or not. If the corpus folder is inside such a folder,
                only the files directly in that folder are protected.
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
            if not is_inside(root, place):
                identities.add((status.st_dev, status.st_ino))
                folders.append(place)
        return cls(root, frozenset(identities), tuple(folders))

    @classmethod
    def unpacked(cls, packed: Packed) -> Guard:
        """Return the guard from the plain values of `packed`."""
        root, identities, folders = packed
        return cls(root, frozenset(identities), folders)

    def packed(self) -> Packed:
        """Return plain values, for another process."""
        return self.root, tuple(self.identities), self.folders

    def refusal(self, real: str) -> str | None:
        """Return why a link to `real` is not followed; None if it may be."""
        if not is_inside(real, self.root):
            return _("the link leads out of the corpus folder and is not followed")
        inside = real[len(self.root) :].split("/")
        if any(part.startswith(".") for part in inside):
            return _("the link leads to a hidden file or folder and is not followed; put the file itself there")
        if any(is_inside(real, folder) for folder in self.folders) or self._is_own(real):
            return _("the link leads to one of the bot's own files and is not followed")
        return None

    def _is_own(self, real: str) -> bool:
        try:
            status = os.stat(real)  # noqa: PTH116
        except OSError:
            return False
        return (status.st_dev, status.st_ino) in self.identities


def own_file() -> str:
    """Return the remark on a protected file with an article's name."""
    return _(
        "this file is the bot's own (its configuration, token or data) and is never read as an article; move it out of"
        " the corpus folder"
    )


def own_folder() -> str:
    """Return the remark on the data folder if it contains articles."""
    return _("this is the bot's data folder; nothing in it is ever read as an article")


def _files_in(folder: str) -> Iterable[tuple[int, int]]:
    try:
        with os.scandir(folder) as listing:
            for entry in listing:
                if entry.is_file(follow_symlinks=False):
                    status = entry.stat(follow_symlinks=False)
                    yield status.st_dev, status.st_ino
    except OSError:
        return


def is_inside(place: str, folder: str) -> bool:
    """Check whether a real path is a folder or inside it."""
    return place == folder or place.startswith(folder.rstrip("/") + "/")
