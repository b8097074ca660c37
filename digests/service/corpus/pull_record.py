"""Records in git's own folder that a pull is running, so that the next one can clean up after a killed one.

A killed git leaves locks that block every later one, partial packs that fill the disk, and a mixture of files of the
old and the new commit.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from digests.errors import CorpusUnavailable
from digests.i18n import _

NAME: Final = "broadsheet-pull"
MAX_NOTE_BYTES: Final = 200
_COMMIT: Final = re.compile(r"merging ([0-9a-f]{40,64})\Z")
_LOCKS: Final = ("index.lock", "HEAD.lock", "ORIG_HEAD.lock", "packed-refs.lock", "shallow.lock")


class PullRecord:
    """The record of one checkout, locked during a pull, also by git's processes, which may outlive ours.

    Attributes:
        descriptor: The file's descriptor, to be passed to git.
        interrupted: The commit that an earlier pull was checking out when it was killed, if any.
    """

    def __init__(self, git_dir: Path) -> None:
        self._git_dir = git_dir
        self.descriptor = -1
        self.interrupted: str | None = None
        self._began_at = 0.0

    def __enter__(self) -> PullRecord:
        """Lock the record, and remove what a killed pull left.

        Raises:
            CorpusUnavailable: Another pull is running.
        """
        try:
            self.descriptor = os.open(
                self._git_dir / NAME, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600
            )
        except OSError as error:
            raise CorpusUnavailable(
                _("git's folder can't be written to: {error}.").format(error=error.strerror)
            ) from error
        try:
            fcntl.flock(self.descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            os.close(self.descriptor)
            raise CorpusUnavailable(_("The folder is already being pulled.")) from error
        note = os.pread(self.descriptor, MAX_NOTE_BYTES, 0).decode("ascii", "replace")
        if note:
            # Nobody holds the record, so the process that left these is dead.
            self._clear_away(os.fstat(self.descriptor).st_mtime, locks=True)
            found = _COMMIT.match(note)
            self.interrupted = found[1] if found is not None else None
        if self.interrupted is None:
            self._write("pulling")
        self._began_at = os.fstat(self.descriptor).st_mtime
        return self

    def __exit__(self, *_exception: object) -> None:
        os.close(self.descriptor)

    def merging(self, commit: str) -> None:
        """Record that a commit is about to be checked out."""
        self._write(f"merging {commit}")

    def done(self) -> None:
        """Record that the pull has ended."""
        self.interrupted = None
        self._write("")

    def clear_parts(self) -> None:
        """Remove partial files of this pull after a failure."""
        self._clear_away(self._began_at, locks=False)

    def _write(self, note: str) -> None:
        # A full disk must not prevent reading the folder.
        with contextlib.suppress(OSError):
            os.ftruncate(self.descriptor, 0)
            os.pwrite(self.descriptor, note.encode(), 0)
            os.utime(self.descriptor)

    def _clear_away(self, since: float, *, locks: bool) -> None:
        """Remove partial packs written since a moment (Unix seconds), and locks that nobody can hold."""
        for path in self._leftovers(locks=locks):
            with contextlib.suppress(OSError):
                if path.lstat().st_mtime >= since - 1:
                    path.unlink()

    def _leftovers(self, *, locks: bool) -> Iterator[Path]:
        places = dict.fromkeys((self._git_dir, _common(self._git_dir)))
        for place in places:
            if locks:
                yield from (place / name for name in _LOCKS)
                yield from (place / "refs").rglob("*.lock")
            objects = place / "objects"
            yield from (objects / "pack").glob("tmp_*")
            yield from (objects / "pack").glob(".tmp-*")
            yield from objects.glob("[0-9a-f][0-9a-f]/tmp_obj_*")
            for quarantine in objects.glob("tmp_objdir-*"):
                yield from quarantine.rglob("*")


def _common(git_dir: Path) -> Path:
    """Return the folder with the objects, which is another one for a worktree."""
    try:
        with (git_dir / "commondir").open(encoding="utf-8") as file:
            return (git_dir / file.read(4096).strip()).resolve()
    except (OSError, UnicodeDecodeError):
        return git_dir
