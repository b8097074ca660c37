"""A private database for a replay that disappears when it is closed."""

from __future__ import annotations

import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from typing import Self

from digests.store.connection import Connection, Database
from digests.store.database_kinds import Schema

CACHE_KIB = 131_072
"""What does not fit goes to a file that SQLite makes and deletes itself."""
_NOWHERE = ""


class TemporaryDatabase(Database):
    """A migrated database in memory, with one connection that reads and writes in the event loop's thread.

    For one task at a time: a read during another task's transaction would see what that has written so far.
    """

    @classmethod
    async def create(cls, schema: Schema) -> Self:
        """Create an empty database of a kind."""
        database = cls(Path(f"{schema.name}.db"), schema, is_inline=True)
        connect = partial(sqlite3.connect, _NOWHERE, isolation_level=None, check_same_thread=False)
        connection = database._writer = Connection(connect, iter_chunk_size=64)
        await connection
        connection.is_inline = True
        connection.row_factory = sqlite3.Row
        for setting, value in (
            ("page_size", schema.page_bytes),
            ("cache_size", -CACHE_KIB),
            ("foreign_keys", "ON"),
            ("secure_delete", "OFF"),
            # The journal is only for rollbacks: nothing has to survive a power cut.
            ("journal_mode", "MEMORY"),
            ("synchronous", "OFF"),
        ):
            await connection.execute(f"PRAGMA {setting} = {value}")
        await database._migrate()
        return database

    @asynccontextmanager
    async def read(self) -> AsyncIterator[Connection]:
        """Yield the one connection."""
        assert self._writer is not None
        with self._in_words():
            yield self._writer
