from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from digests.models import SearchAnswer, SearchRequest
from digests.service.search import SearchService
from digests.store.connection import CORPUS, Database
from digests.store.search import SearchStore
from tests.digests.search.answering import FILES, NOW, Ask, opened


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    database = await Database.open(tmp_path / "corpus.db", CORPUS)
    yield database
    await database.close()


@pytest.fixture
def store(database: Database) -> SearchStore:
    return SearchStore(database)


@pytest.fixture
async def service(tmp_path: Path) -> AsyncIterator[SearchService]:
    async with opened(tmp_path, FILES) as service:
        yield service


@pytest.fixture
def ask(service: SearchService) -> Ask:
    async def ask(query: str = "", **options: object) -> SearchAnswer:
        return await service.search(SearchRequest(query, **options), now=NOW)  # type: ignore[arg-type]

    return ask
