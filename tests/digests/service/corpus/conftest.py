from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from digests.service.corpus import CorpusService
from digests.store.articles import ArticleStore
from digests.store.connection import CORPUS, Database


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    database = await Database.open(tmp_path / "corpus.db", CORPUS)
    yield database
    await database.close()


@pytest.fixture
def store(database: Database) -> ArticleStore:
    return ArticleStore(database)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "news"
    folder.mkdir()
    return folder


@pytest.fixture
def corpus(store: ArticleStore, folder: Path) -> CorpusService:
    return CorpusService(store, [folder])
