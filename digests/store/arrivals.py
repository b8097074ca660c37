"""When articles arrived, kept in state.db: a mirror of corpus.db that outlives it.

corpus.db commits first, with a new token; the mirror follows with the same token. If the tokens differ (the process
died between the two, or a backup was restored), corpus.db is right and the next load copies all of it.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from digests.store.connection import Connection, Database

TOKEN = "arrivals_token"  # noqa: S105 - the name of a setting
PLACES_AT_ONCE = 2000
COPY_ALL_FROM = 5000
"""With this many changed files all arrivals are copied instead of looking up each."""

_ARRIVALS = (
    "SELECT articles.folder, articles.path, CASE WHEN articles.key LIKE 'file:%' THEN NULL ELSE articles.ref END,"
    " files.digest, articles.arrived_at"
)

Place = tuple[str, str]
"""Folder and path."""


class Arrival(NamedTuple):
    """An article that may lead a story; `arrived_at` in Unix seconds, `ref` None without an address."""

    folder: str
    path: str
    ref: int | None
    digest: bytes
    arrived_at: int


@dataclass(slots=True)
class StoredArrivals:
    """The stored arrivals of folders that corpus.db does not know, or no longer knows.

    Attributes:
        folders: The folders that were loaded before.
        by_place: Arrivals of files that still exist.
        by_digest: Arrivals of missing files, by content; each is used once.
        by_ref: The same by address.
    """

    folders: frozenset[str]
    by_place: dict[Place, int] = field(default_factory=dict)
    by_digest: dict[bytes, Arrival] = field(default_factory=dict)
    by_ref: dict[int, Arrival] = field(default_factory=dict)

    def take(self, folder: str, path: str, digest: bytes, ref: int) -> int | None:
        """Return when this file's article arrived, by its path, or as a missing file that was renamed."""
        known = self.by_place.get((folder, path))
        if known is not None:
            return known
        origin = self.by_digest.get(digest) or self.by_ref.get(ref)
        if origin is None:
            return None
        if self.by_digest.get(origin.digest) is origin:
            del self.by_digest[origin.digest]
        if origin.ref is not None and self.by_ref.get(origin.ref) is origin:
            del self.by_ref[origin.ref]
        return origin.arrived_at


class ArrivalStore:
    """The mirror: reads corpus.db, writes state.db."""

    def __init__(self, corpus: Database, state: Database) -> None:
        self._corpus = corpus
        self._state = state

    async def find_stored(
        self, listed: Mapping[str, Iterable[str]], *, elsewhere: Collection[str]
    ) -> StoredArrivals | None:
        """Return the stored arrivals of folders that corpus.db does not know.

        Args:
            listed: Those folders with their current files.
            elsewhere: Other folders that are still in use; their arrivals can't be taken over.

        Returns:
            None if nothing is stored.
        """

        def read(connection: sqlite3.Connection) -> StoredArrivals | None:
            folders = dict(connection.execute("SELECT id, folder FROM arrival_folders").fetchall())
            if not folders:
                return None
            stored = StoredArrivals(frozenset(folders.values()) & set(listed))
            for id_, folder in folders.items():
                if folder not in elsewhere:
                    _load_folder(connection, id_, folder, frozenset(listed.get(folder, ())), stored)
            return stored

        async with self._state.read() as connection:
            return await connection.run(read)

    async def is_in_step(self) -> bool:
        """Check whether the mirror is in sync with corpus.db."""
        async with self._corpus.read() as connection:
            wanted = await connection.run(_corpus_token)
        async with self._state.read() as connection:
            return await connection.run(_state_token) == wanted

    async def follow(self, tokens: tuple[str, str], changed: Collection[Place], *, complete: bool) -> None:
        """Synchronise the mirror after a load was committed.

        Args:
            tokens: The tokens of corpus.db before and after the load.
            changed: The places that the load changed.
            complete: All folders in use were loaded; arrivals of others are removed.

        Raises:
            StoreError: state.db can't be written. The next load will do it.
        """
        async with self._state.transaction() as state, self._corpus.read() as corpus:
            await corpus.execute("BEGIN")
            try:
                token = await corpus.run(_corpus_token)
                is_next = (await state.run(_state_token), token) == tokens
                folders = await corpus.run(_corpus_folders)
                ids = await state.run(lambda connection: _note_folders(connection, folders, drop_others=complete))
                if is_next and len(changed) < COPY_ALL_FROM:
                    places = sorted(changed)
                    for start in range(0, len(places), PLACES_AT_ONCE):
                        await _copy_places(corpus, state, places[start : start + PLACES_AT_ONCE], ids)
                else:
                    await _copy_all(corpus, state, ids)
            finally:
                await corpus.rollback()
            await state.execute(
                "INSERT INTO settings (name, value) VALUES (:name, :value)"
                " ON CONFLICT (name) DO UPDATE SET value = excluded.value",
                {"name": TOKEN, "value": token},
            )


def _load_folder(
    connection: sqlite3.Connection, id_: int, folder: str, listed: frozenset[str], stored: StoredArrivals
) -> None:
    rows = connection.execute("SELECT path, ref, digest, arrived_at FROM arrivals WHERE folder_id = :id", {"id": id_})
    for path, ref, digest, arrived_at in rows:
        if path in listed:
            stored.by_place[folder, path] = arrived_at
            continue
        gone = Arrival(folder, path, ref, digest, arrived_at)
        stored.by_digest.setdefault(digest, gone)
        if ref is not None:
            stored.by_ref.setdefault(ref, gone)


def _corpus_token(connection: sqlite3.Connection) -> str:
    row = connection.execute("SELECT value FROM facts WHERE name = 'arrivals'").fetchone()
    return str(row[0]) if row is not None else ""


def _state_token(connection: sqlite3.Connection) -> str | None:
    row = connection.execute("SELECT value FROM settings WHERE name = :name", {"name": TOKEN}).fetchone()
    return str(row[0]) if row is not None else None


def _corpus_folders(connection: sqlite3.Connection) -> list[str]:
    return [row[0] for row in connection.execute("SELECT SUBSTR(name, 8) FROM facts WHERE name LIKE 'folder:%'")]


def _note_folders(connection: sqlite3.Connection, folders: Sequence[str], *, drop_others: bool) -> dict[str, int]:
    """Record that these folders were loaded; return their numbers."""
    connection.executemany(
        "INSERT INTO arrival_folders (folder) VALUES (?) ON CONFLICT DO NOTHING", [(folder,) for folder in folders]
    )
    known = {folder: id_ for id_, folder in connection.execute("SELECT id, folder FROM arrival_folders").fetchall()}
    gone = [(known[folder],) for folder in set(known).difference(folders)] if drop_others else []
    connection.executemany("DELETE FROM arrivals WHERE folder_id = ?", gone)
    connection.executemany("DELETE FROM arrival_folders WHERE id = ?", gone)
    return {folder: known[folder] for folder in folders}


async def _copy_places(corpus: Connection, state: Connection, places: Sequence[Place], ids: Mapping[str, int]) -> None:
    rows = await corpus.execute_fetchall(
        f"{_ARRIVALS} FROM json_each(:places) AS place CROSS JOIN articles"
        " ON articles.folder = json_extract(place.value, '$[0]') AND articles.path = json_extract(place.value, '$[1]')"
        " CROSS JOIN files ON files.folder = articles.folder AND files.path = articles.path"
        " WHERE articles.arrived_at IS NOT NULL",
        {"places": json.dumps(places)},
    )
    await state.executemany(
        "DELETE FROM arrivals WHERE folder_id = ? AND path = ?",
        [(ids[folder], path) for folder, path in places if folder in ids],
    )
    await _insert(state, rows, ids)


async def _copy_all(corpus: Connection, state: Connection, ids: Mapping[str, int]) -> None:
    await state.executemany("DELETE FROM arrivals WHERE folder_id = ?", [(id_,) for id_ in ids.values()])
    for folder in sorted(ids):
        after = ""
        while True:
            rows = list(
                await corpus.execute_fetchall(
                    f"{_ARRIVALS} FROM articles"
                    " CROSS JOIN files ON files.folder = articles.folder AND files.path = articles.path"
                    " WHERE articles.folder = :folder AND articles.path > :after AND articles.arrived_at IS NOT NULL"
                    " ORDER BY articles.path LIMIT :limit",
                    {"folder": folder, "after": after, "limit": PLACES_AT_ONCE},
                )
            )
            if not rows:
                break
            await _insert(state, rows, ids)
            after = rows[-1][1]


async def _insert(state: Connection, rows: Iterable[Sequence[object]], ids: Mapping[str, int]) -> None:
    await state.executemany(
        "INSERT INTO arrivals (folder_id, path, ref, digest, arrived_at) VALUES (?, ?, ?, ?, ?)",
        [(ids[str(folder)], *rest) for folder, *rest in rows],
    )
