"""The missing files of a reload, and those among them that were only renamed."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping

import aiosqlite

from digests.store.article_rows import WRITTEN_COLUMNS
from digests.store.articles import feeds
from digests.store.articles.file_entries import FileEntries, ReadFile
from digests.store.articles.stored_articles import batches

KEY = WRITTEN_COLUMNS.index("key")


class Removals:
    """The files that a reload is going to remove, unless a new file turns out to be one of them renamed."""

    def __init__(self, connection: aiosqlite.Connection, entries: FileEntries) -> None:
        self._connection = connection
        self._entries = entries
        self._gone: dict[tuple[str, str], None] = {}
        self._by_digest: dict[bytes, tuple[str, str]] = {}
        self._by_key: dict[str, tuple[str, str]] = {}

    def __bool__(self) -> bool:
        return bool(self._gone)

    def batches(self) -> Iterable[list[tuple[str, str]]]:
        """Yield the places of files that were not renamed, in batches for one statement each."""
        return batches(list(self._gone))

    async def expect(self, gone: Mapping[str, Iterable[str]], *, may_be_renamed: bool) -> None:
        """Announce the missing files, by folder.

        A new file with the same content, or an article with the same address, counts as one of them renamed.
        """
        for folder, paths in gone.items():
            # The folder's files are about to change, perhaps without a new listing.
            await self._entries.note(f"listing:{folder}", "")
            listed = list(paths)
            for path in (*listed, *await feeds.entries_of(self._connection, folder, listed)):
                self._gone[folder, path] = None
        if not may_be_renamed:
            return
        for batch in batches(list(self._gone)):
            rows = await self._connection.execute_fetchall(
                "SELECT files.folder, files.path, files.digest, articles.key FROM json_each(:places) AS place"
                " CROSS JOIN files ON files.folder = json_extract(place.value, '$[0]')"
                " AND files.path = json_extract(place.value, '$[1]')"
                " LEFT JOIN articles ON articles.folder = files.folder AND articles.path = files.path",
                {"places": json.dumps(batch)},
            )
            for folder, path, digest, key in rows:
                self._by_digest.setdefault(digest, (folder, path))
                if key is not None and not key.startswith("file:"):
                    self._by_key.setdefault(key, (folder, path))

    def origin_of(self, file: ReadFile) -> tuple[str, str] | None:
        """Return the missing file that this one was renamed from, if any; each is returned once."""
        origin = self._by_digest.get(file.digest)
        if origin not in self._gone and file.row is not None:
            origin = self._by_key.get(str(file.row[KEY]))
        if origin is None or origin not in self._gone:
            return None
        del self._gone[origin]
        return origin
