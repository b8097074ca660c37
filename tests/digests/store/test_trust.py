"""A file that is handed to `restore` is a stranger's until it has shown that it is ours to the letter."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from digests.editions import zone
from digests.errors import ForeignFile, NotFound
from digests.store.backup import backup, restore
from digests.store.connection import Database
from digests.store.database_kinds import STATE, migrations_of, statements
from tests.digests.service.editions.making import EIGHT, HOUR, Newsroom


@pytest.fixture
async def saved(tmp_path: Path) -> Path:
    """A backup that holds a subscription with an edition."""
    newsroom = await Newsroom.open(tmp_path)
    await newsroom.subscribe()
    newsroom.wire.bring("one", EIGHT - HOUR)
    await newsroom.prepare(EIGHT)
    backup(newsroom.database.path, tmp_path / "saved.db")
    await newsroom.database.close()
    return tmp_path / "saved.db"


def tamper(file: Path, *sql: str) -> None:
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("PRAGMA writable_schema = ON")
        for statement in sql:
            connection.execute(statement)
        connection.commit()


async def refused(saved: Path) -> str:
    """Restore over a living state.db, which has to stay as it is; return the sentence."""
    state = saved.with_name("state.db")
    before = state.read_bytes()
    with pytest.raises(ForeignFile) as caught:
        await restore(saved, state, EIGHT, check_zone=zone)
    assert state.read_bytes() == before
    assert not [file.name for file in state.parent.iterdir() if "restor" in file.name]
    return str(caught.value)


async def test_a_backup_of_ours_is_taken(saved: Path) -> None:
    assert await restore(saved, saved.with_name("state.db"), EIGHT) is not None


@pytest.mark.slow
@pytest.mark.parametrize("version", [number for number, _sql in migrations_of(STATE)])
async def test_a_backup_of_any_earlier_version_is_taken(tmp_path: Path, version: int) -> None:
    with closing(sqlite3.connect(tmp_path / "old.db")) as old:
        for number, sql in migrations_of(STATE):
            if number <= version:
                for statement in statements(sql):
                    old.execute(statement)
        old.execute(f"PRAGMA user_version = {version}")
        old.execute(f"PRAGMA application_id = {STATE.application_id}")
        old.commit()
    await restore(tmp_path / "old.db", tmp_path / "data" / "state.db", EIGHT)
    await (await Database.open(tmp_path / "data" / "state.db", STATE)).close()


@pytest.mark.parametrize(
    "sql",
    [
        "CREATE TRIGGER t AFTER INSERT ON settings BEGIN DELETE FROM subscriptions; END",
        "CREATE VIEW v AS SELECT 1",
        "CREATE TABLE more (x)",
        "CREATE INDEX more ON settings (value)",
        "CREATE UNIQUE INDEX sub ON subscriptions (LOWER(uid))",
        "ALTER TABLE settings ADD COLUMN more TEXT",
        "DROP INDEX deliveries_ready",
        "DROP TABLE remembered",
        "CREATE VIRTUAL TABLE more USING fts5 (x)",
    ],
)
async def test_a_schema_that_is_not_ours_to_the_letter_is_refused(saved: Path, sql: str) -> None:
    tamper(saved, sql)
    assert "not ours, or is missing" in await refused(saved)


async def test_a_table_that_was_made_a_view_is_refused(saved: Path) -> None:
    tamper(saved, "ALTER TABLE settings RENAME TO other", "CREATE VIEW settings AS SELECT * FROM other")
    assert "not ours" in await refused(saved)


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE subscriptions SET timezone = '../../etc/passwd'",
        "UPDATE subscriptions SET times = '[]'",
        "UPDATE subscriptions SET times = '[\"99:99\"]'",
        "UPDATE subscriptions SET times = REPLACE(HEX(ZEROBLOB(50000)), '0', '[')",
        "UPDATE subscriptions SET weekdays = '9'",
        "UPDATE subscriptions SET topics = '[[1]]'",
        "UPDATE subscriptions SET topics = '7'",
        "UPDATE subscriptions SET channel_kind = 'pigeon'",
        "UPDATE subscriptions SET state = 'dead'",
        "UPDATE subscriptions SET created_at = 1e300",
        "UPDATE subscriptions SET covered_until = 99999999999999",
        "UPDATE subscriptions SET next_due_at = -5",
        "UPDATE subscriptions SET channel_id = 'text'",
        "UPDATE subscriptions SET max_stories = 4000000000",
        "UPDATE subscriptions SET channel_name = X'00FF'",
        "UPDATE editions SET due_at = 1 << 62",
        "UPDATE editions SET state = 'lost'",
        "UPDATE deliveries SET ready_at = 'soon'",
        "UPDATE parts SET payload = '{'",
        "UPDATE told_stories SET domains = 'x'",
        "UPDATE told_stories SET seen = '{'",
        "UPDATE editions SET silence = '{'",
        "UPDATE compositions SET digest = 'text'",
    ],
)
async def test_a_value_that_could_not_be_read_is_refused(saved: Path, sql: str) -> None:
    tamper(saved, sql)
    assert "Broadsheet never writes" in await refused(saved)


@pytest.mark.parametrize("content", [b"", b"no database " * 1000, b"SQLite format 3\0" + b"\xff" * 5000])
async def test_a_file_that_is_no_database_is_refused(saved: Path, content: bytes) -> None:
    saved.write_bytes(content)
    await refused(saved)


async def test_a_digest_that_can_not_be_unpacked_is_only_too_old(saved: Path) -> None:
    with closing(sqlite3.connect(saved)) as connection:
        connection.execute("UPDATE compositions SET digest = X'789C'")
        connection.commit()
        (number,) = connection.execute("SELECT id FROM compositions").fetchone()
    await restore(saved, saved.with_name("state.db"), EIGHT)
    newsroom = await Newsroom.open(saved.parent)
    with pytest.raises(NotFound):
        await newsroom.editions.get_digest(number)
    await newsroom.database.close()
