from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from digests.store.connection import Database
from digests.store.database_kinds import CORPUS
from digests.store.search import SearchStore
from tests.digests.store.search.rows import unhurried


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    database = await Database.open(tmp_path / "corpus.db", CORPUS)
    yield database
    await database.close()


@pytest.fixture
def store(database: Database) -> SearchStore:
    return unhurried(database)
