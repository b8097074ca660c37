"""Subscriptions and searches of members lie in our files: only the user that the bot runs as may read them."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from digests.store.backup import RunLock, backup, restore
from digests.store.connection import Database
from digests.store.database_kinds import CORPUS, STATE
from tests.digests.service.editions.making import EIGHT

pytestmark = pytest.mark.skipif(os.name == "nt", reason="modes say nothing on Windows")


@pytest.fixture(autouse=True)
def _usual_umask() -> Iterator[None]:
    before = os.umask(0o022)
    yield
    os.umask(before)


def modes(folder: Path) -> dict[str, int]:
    return {file.name: stat.S_IMODE(file.stat().st_mode) for file in (folder, *folder.iterdir())}


async def test_databases_with_their_companions_and_the_lock_are_closed_to_others(tmp_path: Path) -> None:
    data = tmp_path / "deep" / "data"
    with RunLock.acquire(data):
        state = await Database.open(data / "state.db", STATE)
        corpus = await Database.open(data / "corpus.db", CORPUS)
        found = modes(data)
        await state.close()
        await corpus.close()
    assert found.pop("data") == 0o700
    assert {"state.db-wal", "state.db-shm", "corpus.db-wal", "bot.lock"} <= set(found)
    assert set(found.values()) == {0o600}


async def test_files_of_an_earlier_version_are_closed_when_they_are_opened(tmp_path: Path) -> None:
    data = tmp_path / "data"
    data.mkdir(mode=0o755)
    await (await Database.open(data / "state.db", STATE)).close()
    (data / "state.db").chmod(0o644)
    data.chmod(0o755)
    database = await Database.open(data / "state.db", STATE)
    found = modes(data)
    await database.close()
    assert found.pop("data") == 0o700
    assert set(found.values()) == {0o600}


async def test_a_folder_that_holds_other_things_stays_as_its_owner_wants_it(tmp_path: Path) -> None:
    data = tmp_path / "shared"
    data.mkdir(mode=0o755)
    (data / "index.html").write_text("mine")
    await (await Database.open(data / "state.db", STATE)).close()
    assert modes(data) == {"shared": 0o755, "index.html": 0o644, "state.db": 0o600}


async def test_backups_and_what_a_restore_sets_aside_are_closed_too(tmp_path: Path) -> None:
    data = tmp_path / "data"
    await (await Database.open(data / "state.db", STATE)).close()
    (data / "state.db").chmod(0o644)
    backup(data / "state.db", tmp_path / "backup.db")
    kept = await restore(tmp_path / "backup.db", data / "state.db", EIGHT)
    assert kept is not None
    assert stat.S_IMODE((tmp_path / "backup.db").stat().st_mode) == 0o600
    assert set(modes(data).values()) == {0o700, 0o600}
