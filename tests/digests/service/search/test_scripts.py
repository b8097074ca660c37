"""Words of other scripts are found as a member types them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from digests.models import SearchRequest
from digests.service.search import SearchService
from tests.digests.service.search.answering import NOW, opened, text_of

TITLES = {
    "earthquake": "東京で大規模な地震、けが人なし",
    "game": "ポケモンGOの新イベントが開始",
    "phone": "삼성전자는 새 스마트폰을 공개했다",
    "cabinet": "הממשלה אישרה את התקציב",
    "election": "انتخابات جديدة في تونس",
    "tree": "Ёлка в Москве зажжена",
}
FILES = {
    f"{name}.md": text_of(title, f"wire.example/{name}", "Wire", "2021-02-04", topics=[])
    for name, title in TITLES.items()
}


@pytest.fixture
async def service(tmp_path: Path) -> AsyncIterator[SearchService]:
    async with opened(tmp_path, FILES) as service:
        yield service


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("東京の地震", "earthquake"),
        ("ポケモンgo", "game"),
        ("ポケモン GO イベント", "game"),
        ("삼성전자가", "phone"),
        ("ממשלה", "cabinet"),
        ("الانتخابات", "election"),
        ("москва", "tree"),
    ],
)
async def test_a_word_is_found_as_it_is_typed(service: SearchService, typed: str, name: str) -> None:
    answer = await service.search(SearchRequest(typed), now=NOW)
    assert [story.lead.title for story in answer.stories] == [TITLES[name]]
    assert not answer.lacks_words
