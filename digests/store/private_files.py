"""Restricts our files to the bot's own user, as they contain members' subscriptions and searches.

SQLite gives its write-ahead log and shared memory the mode of the database itself.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

FOLDER_MODE = 0o700
FILE_MODE = 0o600
COMPANIONS = ("", "-wal", "-shm", "-journal")
"""Suffixes of SQLite's files next to a database."""
OUR_NAMES = ("state.db", "corpus.db", "bot.lock", ".state.db.", ".corpus.db.")
"""Prefixes of the names of our files in `data_dir`."""


def make_folder(folder: Path) -> None:
    """Create a folder that only its owner may enter; restrict an existing one if it only has our files."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    folder.mkdir(mode=FOLDER_MODE, exist_ok=True)
    with suppress(OSError):
        if _is_open(folder) and all(entry.name.startswith(OUR_NAMES) for entry in folder.iterdir()):
            folder.chmod(FOLDER_MODE)


def make_file(path: Path) -> None:
    """Create an empty file that only its owner may read, or restrict an existing one and its companions."""
    with suppress(FileExistsError):
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, FILE_MODE))
    close_to_others(path)


def close_to_others(path: Path) -> None:
    """Restrict a database and its companions to their owner; files of another user stay as they are."""
    for companion in COMPANIONS:
        with suppress(OSError):
            file = path.with_name(path.name + companion)
            if _is_open(file):
                file.chmod(FILE_MODE)


def find_open(paths: Iterable[Path]) -> list[Path]:
    """Return the files and folders that users other than their owner may read or enter."""
    return [path for path in paths if _is_open(path)]


def _is_open(path: Path) -> bool:
    if os.name == "nt":
        return False  # modes mean nothing there
    try:
        return bool(stat.S_IMODE(path.stat().st_mode) & 0o077)
    except OSError:
        return False
