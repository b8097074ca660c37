"""What SQLite says of a file in trouble is said in words; what it says of our own SQL is not hidden."""

from __future__ import annotations

import os
import sqlite3
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from digests.errors import StoreError
from digests.store.connection import Database, scalar
from digests.store.database_kinds import STATE


async def test_a_full_file_is_said_in_words_and_changes_nothing(tmp_path: Path) -> None:
    database = await Database.open(tmp_path / "state.db", STATE)
    try:
        async with database.transaction() as writer:
            await writer.execute("INSERT INTO settings VALUES ('kept', 'yes')")
        await writer.execute("PRAGMA max_page_count = 1")
        with pytest.raises(StoreError, match=r"^state\.db can't be used at present: .*full"):
            async with database.transaction() as writer:
                await writer.execute("INSERT INTO settings VALUES ('large', :value)", {"value": "x" * 10**6})
        async with database.read() as reader:
            assert await scalar(reader, "SELECT COUNT(*) FROM settings") == 1
    finally:
        await database.close()


async def test_a_locked_file_is_said_in_words_to_a_reader_too(tmp_path: Path) -> None:
    database = await Database.open(tmp_path / "state.db", STATE)
    try:
        with pytest.raises(StoreError, match="locked"):
            async with database.read() as reader:
                await reader.execute("PRAGMA journal_mode = DELETE")
    finally:
        await database.close()


async def test_an_error_of_our_own_stays_one(tmp_path: Path) -> None:
    database = await Database.open(tmp_path / "state.db", STATE)
    try:
        with pytest.raises(sqlite3.OperationalError, match="no such table"):
            async with database.read() as reader:
                await reader.execute("SELECT 1 FROM elsewhere")
        with pytest.raises(sqlite3.IntegrityError):
            async with database.transaction() as writer:
                await writer.execute("INSERT INTO settings VALUES ('twice', '1'), ('twice', '2')")
    finally:
        await database.close()


@pytest.mark.parametrize("make", [Path.mkdir, os.mkfifo], ids=["folder", "pipe"])
async def test_what_is_no_file_is_refused_before_anything_waits_for_it(
    tmp_path: Path, make: Callable[[Path], None]
) -> None:
    make(tmp_path / "state.db")
    with pytest.raises(StoreError, match="is not a file"):
        await Database.open(tmp_path / "state.db", STATE)
    assert threading.active_count() == 1


async def test_what_is_deleted_from_state_db_is_overwritten_on_every_build_of_sqlite(tmp_path: Path) -> None:
    database = await Database.open(tmp_path / "state.db", STATE)
    try:
        async with database.transaction() as writer:
            assert await scalar(writer, "PRAGMA secure_delete") == 1
    finally:
        await database.close()
