"""A temporary database behaves as a file does for one task, and leaves nothing behind."""

from __future__ import annotations

from pathlib import Path

import pytest

from digests.store.connection import scalar
from digests.store.database_kinds import CORPUS, STATE, Schema
from digests.store.temporary import TemporaryDatabase


async def note_in_vain(database: TemporaryDatabase) -> None:
    async with database.transaction() as connection:
        await connection.execute("INSERT INTO noted VALUES (2)")
        raise LookupError


@pytest.mark.parametrize("schema", [CORPUS, STATE], ids=["corpus", "state"])
async def test_an_error_undoes_a_transaction_of_a_temporary_database(
    schema: Schema, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    database = await TemporaryDatabase.create(schema)
    try:
        async with database.transaction() as connection:
            await connection.execute("CREATE TABLE noted (number INTEGER)")
            await connection.execute("INSERT INTO noted VALUES (1)")
        with pytest.raises(LookupError):
            await note_in_vain(database)
        async with database.read() as connection:
            assert await scalar(connection, "SELECT SUM(number) FROM noted") == 1
            assert await scalar(connection, "PRAGMA foreign_keys") == 1
    finally:
        await database.close()
    assert not list(tmp_path.iterdir())
