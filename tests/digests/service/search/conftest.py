from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from digests.models import SearchAnswer, SearchRequest
from digests.service.search import SearchService
from tests.digests.service.search.answering import FILES, NOW, Ask, opened


@pytest.fixture
async def service(tmp_path: Path) -> AsyncIterator[SearchService]:
    async with opened(tmp_path, FILES) as service:
        yield service


@pytest.fixture
def ask(service: SearchService) -> Ask:
    async def ask(query: str = "", **options: object) -> SearchAnswer:
        return await service.search(SearchRequest(query, **options), now=NOW)  # type: ignore[arg-type]

    return ask
