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


_IN_OTHER_LANGUAGES = {
    "vote": "Die Bundestagswahlen und die Krankenversicherung", "tram": "Straßenbahn und Zug entgleist",
    "paper": "Les journaux paraissent dans la ville", "song": "Canciones para la eleição",
}  # fmt: skip


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("Bundestagswahl", "vote"),
        ("Wahlen", "vote"),
        ("Versicherung", "vote"),
        ("Privatkrankenversicherung", "vote"),
        ("Straßenbahnen", "tram"),
        ("Züge", "tram"),
        ("journal", "paper"),
        ("canción", "song"),
        ("eleições", "song"),
    ],
)
async def test_other_forms_are_found_in_languages_whose_endings_the_index_keeps(
    tmp_path: Path, typed: str, name: str
) -> None:
    files = {
        f"{key}.md": text_of(title, f"wire.example/{key}", "Wire", "2021-02-04", topics=[])
        for key, title in _IN_OTHER_LANGUAGES.items()
    }
    async with opened(tmp_path, files) as service:
        answer = await service.search(SearchRequest(typed), now=NOW)
    assert [story.lead.path for story in answer.stories] == [f"{name}.md"]


async def test_an_unknown_name_has_no_such_forms_in_a_corpus_in_english(tmp_path: Path) -> None:
    files = {"a.md": text_of("The lion and the prize", "wire.example/a", "Wire", "2021-02-04", topics=[])}
    async with opened(tmp_path, files) as service:
        assert (await service.search(SearchRequest("lionen"), now=NOW)).total == 0
