"""Stored facts about files and folders: size and time, problems, facts about a listing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

import aiosqlite

from digests.models import Problem
from digests.store.article_rows import Row

FOLDER_FACTS = ("site", "passed", "built")
"""Facts about a folder: its site (a hash), what its listing left out and what its built feeds say (JSON)."""


class ReadFile(NamedTuple):
    """One file as read by a worker.

    Attributes:
        row: None if the file was rejected; the last good version of its article then stays.
        aliases: The article's other keys.
        problems: As (line, reason, rejected).
    """

    path: str
    size: int
    mtime_ns: int
    digest: bytes
    row: Row | None
    aliases: tuple[str, ...]
    problems: tuple[tuple[int | None, str, bool], ...]


class FileEntries:
    """Writes `files`, `problems` and `facts` inside a reload's transaction."""

    def __init__(self, connection: aiosqlite.Connection) -> None:
        self._connection = connection

    async def touch(self, folder: str, files: Sequence[ReadFile], feed: str | None = None) -> None:
        """Store files as they are now; with a feed, as its entries."""
        await self._connection.executemany(
            "INSERT INTO files (folder, path, size, mtime_ns, digest, rejected, feed) VALUES (?, ?, ?, ?, ?, ?, ?)"
            " ON CONFLICT (folder, path) DO UPDATE SET size = excluded.size, mtime_ns = excluded.mtime_ns,"
            " digest = excluded.digest, rejected = excluded.rejected, left_out = NULL, feed = excluded.feed,"
            " left_at = NULL",
            [(folder, file.path, file.size, file.mtime_ns, file.digest, int(file.row is None), feed) for file in files],
        )

    async def touch_same(self, folder: str, files: Sequence[tuple[str, int, int]]) -> None:
        """Store size and mtime (path, size, mtime_ns) of files whose content turned out to be the same."""
        await self._connection.executemany(
            "UPDATE files SET size = ?, mtime_ns = ? WHERE folder = ? AND path = ?",
            [(size, mtime_ns, folder, path) for path, size, mtime_ns in files],
        )

    async def note_listing(
        self, folder: str, problems: Sequence[Problem], fingerprint: bytes | None, facts: Mapping[str, str]
    ) -> None:
        """Replace the results of pulling and listing a folder.

        Args:
            folder: The folder.
            problems: Problems while pulling and listing.
            fingerprint: The hash of a listing in which every file is as it was read now; None if unknown.
            facts: Further facts about the folder, by `FOLDER_FACTS`.
        """
        for kind, value in facts.items():
            await self.note(f"{kind}:{folder}", value)
        await self._connection.execute(
            "DELETE FROM problems WHERE folder = :folder AND listing = 1", {"folder": folder}
        )
        await self._connection.executemany(
            "INSERT INTO problems (folder, path, line, reason, rejected, listing) VALUES (?, ?, ?, ?, ?, 1)",
            [(folder, problem.path, problem.line, problem.reason, int(problem.rejected)) for problem in problems],
        )
        await self.note(f"listing:{folder}", fingerprint.hex() if fingerprint is not None else "")

    async def forget_folders(self, folders: Iterable[str]) -> None:
        """Remove the record that these folders were loaded."""
        for folder in folders:
            for kind in ("folder", "listing", *FOLDER_FACTS):
                await self._connection.execute("DELETE FROM facts WHERE name = :name", {"name": f"{kind}:{folder}"})
            await self._connection.execute("DELETE FROM problems WHERE folder = :folder", {"folder": folder})

    async def note(self, name: str, value: int | str) -> None:
        """Store a fact, replacing the one with that name."""
        await self._connection.execute(
            "INSERT INTO facts (name, value) VALUES (:name, :value)"
            " ON CONFLICT (name) DO UPDATE SET value = excluded.value",
            {"name": name, "value": str(value)},
        )

    async def forget_problems(self, folder: str, files: Sequence[ReadFile]) -> None:
        """Remove the problems of files."""
        await self._connection.executemany(
            "DELETE FROM problems WHERE folder = ? AND path = ? AND listing = 0",
            [(folder, file.path) for file in files],
        )

    async def note_problems(self, folder: str, files: Sequence[ReadFile]) -> None:
        """Store the problems of files."""
        noted = [
            (folder, file.path, line, reason, int(rejected))
            for file in files
            for line, reason, rejected in file.problems
        ]
        if noted:
            await self._connection.executemany(
                "INSERT INTO problems (folder, path, line, reason, rejected) VALUES (?, ?, ?, ?, ?)", noted
            )

    async def forget(self, places: Sequence[tuple[str, str]]) -> None:
        """Remove file entries and problems."""
        await self._connection.executemany("DELETE FROM files WHERE folder = ? AND path = ?", places)
        await self._connection.executemany("DELETE FROM problems WHERE folder = ? AND path = ?", places)
