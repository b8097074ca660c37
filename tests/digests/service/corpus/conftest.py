from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from digests.ingest.pool import WorkerPool
from digests.service.corpus import CorpusService
from digests.store.articles import ArticleStore
from digests.store.connection import Database
from digests.store.database_kinds import CORPUS
from tests.digests.service.corpus.making import git, publish, text_of

HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Run the tests of a module on one loop, so that they can share the process that reads."""
    for item in items:
        if item.path.is_relative_to(HERE) and pytest_asyncio.is_async_test(item):
            item.add_marker(pytest.mark.asyncio(loop_scope="module"), append=False)


@pytest_asyncio.fixture(loop_scope="module")
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


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def pools() -> AsyncIterator[dict[int, WorkerPool]]:
    """By the most bytes of a file, the processes that read for a module's tests."""
    pools: dict[int, WorkerPool] = {}
    yield pools
    for pool in pools.values():
        await pool.close()


@pytest.fixture(autouse=True)
def one_reader(pools: dict[int, WorkerPool], monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep the process that reads from load to load, as the running bot does: each start takes half a second."""

    def shared(*, max_bytes: int, **_options: float) -> WorkerPool:
        return pools.setdefault(max_bytes, WorkerPool(max_bytes=max_bytes, keep_s=60.0))

    monkeypatch.setattr("digests.service.corpus.service.WorkerPool", shared)


@pytest.fixture
def corpus(store: ArticleStore, folder: Path) -> CorpusService:
    return CorpusService(store, [folder])


@pytest.fixture
def upstream(tmp_path: Path, folder: Path) -> Path:
    """A repository that `folder` is a clone of."""
    upstream = tmp_path / "upstream"
    upstream.mkdir()
    git(upstream, "init", "-q", "-b", "main")
    publish(upstream, "a.md", text_of("One"))
    folder.rmdir()
    git(tmp_path, "clone", "-q", str(upstream), str(folder))
    return upstream
