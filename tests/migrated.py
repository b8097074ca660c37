"""New databases that are copies of one that was migrated: the migrations of each would take 20 ms, hundreds of times.

The first new file of each kind in a process is migrated by the program itself, and what came of it is kept in memory.
A file that exists already is never touched. `tests/digests/store/test_migrations.py` runs the migrations themselves.
"""

from __future__ import annotations

import sqlite3
from typing import Final

from digests.store.connection import Database
from digests.store.database_kinds import Schema

_migrate: Final = Database._migrate
_made: Final[dict[Schema, sqlite3.Connection]] = {}


async def migrate(database: Database) -> None:
    """Migrate a database that has just been opened; stands in for the method of `Database`."""
    writer = database._writer
    assert writer is not None
    is_new = await writer.run(_is_empty)
    if is_new and database.schema in _made:
        await writer.run(_made[database.schema].backup)
    await _migrate(database)  # of a copy it sees that nothing is missing
    if is_new and database.schema not in _made:
        kept = sqlite3.connect(":memory:", check_same_thread=False)
        await writer.run(lambda migrated: migrated.backup(kept))
        _made[database.schema] = kept


def forget() -> None:
    """Close what is kept in memory."""
    while _made:
        _made.popitem()[1].close()


def _is_empty(connection: sqlite3.Connection) -> bool:
    asked = ("SELECT COUNT(*) FROM sqlite_schema", "PRAGMA user_version", "PRAGMA application_id")
    return not any(connection.execute(sql).fetchone()[0] for sql in asked)
