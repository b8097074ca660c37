from __future__ import annotations

import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from digests.errors import StoreError
from digests.service.outbox import Sent
from digests.store.backup import RunLock, backup, restore
from tests.digests.service.editions.making import DAY, EIGHT, HOUR, Newsroom

HOLD = """
import pathlib, sys
from digests.store.backup import RunLock
lock = RunLock.acquire(pathlib.Path(sys.argv[1]))
print("held", flush=True)
sys.stdin.read()
"""


async def test_a_backup_of_an_open_database_holds_what_was_committed(newsroom: Newsroom, tmp_path: Path) -> None:
    made = await newsroom.subscribe()
    target = tmp_path / "backup.db"
    assert backup(newsroom.database.path, target) == target.stat().st_size
    await newsroom.subscribe(2)
    assert not list(tmp_path.glob("*.partial"))
    (tmp_path / "else").mkdir()
    await restore(target, tmp_path / "else" / "state.db", EIGHT)
    other = await Newsroom.open(tmp_path / "else")
    assert await other.subscriptions.list_for() == (made,)
    await other.database.close()


async def test_what_a_backup_knew_as_unsent_is_looked_for_before_it_is_sent(tmp_path: Path) -> None:
    newsroom = await Newsroom.open(tmp_path)
    await newsroom.subscribe()
    newsroom.wire.bring("one", EIGHT - HOUR)
    newsroom.wire.bring("two", EIGHT - HOUR, provider="wire")
    await newsroom.prepare(EIGHT)
    (first,) = await newsroom.outbox.claim(EIGHT, limit=5)
    assert first.attempted_at is None
    await newsroom.outbox.record([Sent(first, 1)], EIGHT)
    target = tmp_path / "backup.db"
    backup(newsroom.database.path, target)
    (second,) = await newsroom.outbox.claim(EIGHT, limit=5)
    await newsroom.outbox.record([Sent(second, 2)], EIGHT)
    await newsroom.database.close()
    kept = await restore(target, newsroom.database.path, EIGHT + HOUR)
    assert kept is not None
    assert kept.exists()
    again = await Newsroom.open(tmp_path, newsroom.wire)
    (claimed,) = await again.outbox.claim(EIGHT + HOUR, limit=5)
    assert claimed.number == 2
    assert claimed.attempted_at is not None
    assert (claimed.marker, claimed.nonce) == (second.marker, second.nonce)
    await again.database.close()


async def test_an_edition_sent_after_the_backup_is_known_again_by_the_same_marks(tmp_path: Path) -> None:
    newsroom = await Newsroom.open(tmp_path)
    await newsroom.subscribe()
    newsroom.wire.bring("one", EIGHT - HOUR)
    await newsroom.settings.get_installation()
    target = tmp_path / "backup.db"
    backup(newsroom.database.path, target)
    await newsroom.prepare(EIGHT)
    (sent,) = await newsroom.outbox.claim(EIGHT, limit=5)
    await newsroom.outbox.record([Sent(sent, 1)], EIGHT)
    await newsroom.database.close()
    await restore(target, newsroom.database.path, EIGHT + HOUR)
    again = await Newsroom.open(tmp_path, newsroom.wire)
    await again.prepare(EIGHT + HOUR)
    (claimed,) = await again.outbox.claim(EIGHT + HOUR, limit=5)
    assert (claimed.marker, claimed.nonce) == (sent.marker, sent.nonce)
    assert claimed.attempted_at is not None  # so it is looked for first
    await again.outbox.record([Sent(claimed, 1)], EIGHT + HOUR)
    again.wire.bring("later", EIGHT + 2 * HOUR)
    await again.prepare(EIGHT + DAY)
    (fresh,) = await again.outbox.claim(EIGHT + DAY, limit=5)
    assert fresh.attempted_at is None
    await again.database.close()


@pytest.mark.slow
async def test_restoring_is_refused_while_a_bot_runs(newsroom: Newsroom, tmp_path: Path) -> None:
    target = tmp_path / "backup.db"
    backup(newsroom.database.path, target)
    process = subprocess.Popen(  # noqa: ASYNC220 - starts at once
        [sys.executable, "-c", HOLD, str(tmp_path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    try:
        assert process.stdout.readline() == "held\n"
        with pytest.raises(StoreError, match="running"):
            await restore(target, newsroom.database.path, EIGHT)
        with pytest.raises(StoreError, match="running"):
            RunLock.acquire(tmp_path)
    finally:
        process.kill()
        process.communicate()
    RunLock.acquire(tmp_path).release()  # the lock falls with its process, even when it is killed


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["missing", "text", "foreign", "newer", "cut", "scribbled", "empty"])
async def test_a_file_that_is_no_whole_backup_is_refused_and_nothing_changes(
    newsroom: Newsroom, tmp_path: Path, kind: str
) -> None:
    await newsroom.subscribe()
    for channel in range(200):
        await newsroom.subscribe(channel + 10, guild_id=channel)
    target = tmp_path / "backup.db"
    backup(newsroom.database.path, target)
    if kind == "missing":
        target.unlink()
    elif kind == "text":
        target.write_text("not a database at all " * 100)
    elif kind == "empty":
        target.write_bytes(b"")
    elif kind == "cut":
        target.write_bytes(target.read_bytes()[: target.stat().st_size // 2])
    elif kind == "scribbled":
        content = bytearray(target.read_bytes())
        content[6000:40000] = b"\x7f" * 34000
        target.write_bytes(content)
    else:
        with closing(sqlite3.connect(target)) as connection:
            connection.execute("PRAGMA application_id = 7" if kind == "foreign" else "PRAGMA user_version = 99")
            connection.commit()
    await newsroom.database.close()
    before = newsroom.database.path.read_bytes()
    with pytest.raises(StoreError):
        await restore(target, newsroom.database.path, EIGHT)
    assert newsroom.database.path.read_bytes() == before
    assert not [path.name for path in tmp_path.iterdir() if "restor" in path.name]


async def test_a_damaged_state_is_replaced_and_kept(tmp_path: Path) -> None:
    newsroom = await Newsroom.open(tmp_path)
    await newsroom.subscribe()
    target = tmp_path / "backup.db"
    backup(newsroom.database.path, target)
    await newsroom.database.close()
    newsroom.database.path.write_bytes(b"garbage")
    newsroom.database.path.with_name("state.db-wal").write_bytes(b"more garbage")
    kept = await restore(target, newsroom.database.path, EIGHT)
    assert kept is not None
    assert kept.read_bytes() == b"garbage"
    assert not newsroom.database.path.with_name("state.db-wal").exists()
    again = await Newsroom.open(tmp_path)
    assert len(await again.subscriptions.list_for()) == 1
    await again.database.close()


def test_a_backup_of_nothing_or_to_nowhere_is_refused(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="no"):
        backup(tmp_path / "state.db", tmp_path / "backup.db")
    (tmp_path / "state.db").write_text("not a database")
    with pytest.raises(StoreError):
        backup(tmp_path / "state.db", tmp_path / "backup.db")
    assert not (tmp_path / "backup.db").exists()


async def test_a_backup_to_a_folder_that_is_missing_is_refused(newsroom: Newsroom, tmp_path: Path) -> None:
    with pytest.raises(StoreError):
        backup(newsroom.database.path, tmp_path / "nowhere" / "backup.db")
    with pytest.raises(StoreError, match="folder"):
        backup(newsroom.database.path, tmp_path)


@pytest.mark.parametrize("name", ["config.toml", "corpus-of-mine.db"])
async def test_a_backup_overwrites_nothing_but_a_backup(newsroom: Newsroom, tmp_path: Path, name: str) -> None:
    target = tmp_path / "backups" / name
    target.parent.mkdir()
    if name.endswith(".db"):
        with closing(sqlite3.connect(target)) as other:
            other.execute("CREATE TABLE mine (a)")
    else:
        target.write_text('data_dir = "data"\n')
    before = target.read_bytes()
    with pytest.raises(StoreError, match="not overwritten"):
        backup(newsroom.database.path, target)
    assert target.read_bytes() == before
    earlier = tmp_path / "backups" / "state.db"
    backup(newsroom.database.path, earlier)
    assert backup(newsroom.database.path, earlier) == earlier.stat().st_size
