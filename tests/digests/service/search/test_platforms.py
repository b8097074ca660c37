"""On a site that carries many publishers, the name on the article counts."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from digests.models import SearchRequest
from digests.service.search import SearchService
from tests.digests.service.search.answering import NOW, opened, text_of

FILES = {
    "ign1.md": text_of("Demon hunters return in the second season", "youtube.com/a", "IGN", "2021-02-01"),
    "ign2.md": text_of("A console handheld is announced", "youtube.com/b", "IGN", "2021-02-02"),
    "wudijo.md": text_of("Demon hunters: the fastest build", "youtube.com/c", "wudijo", "2021-02-03"),
    "paper.md": text_of("Demon statue stolen from a church", "paper.example/a", "The Paper", "2021-02-04"),
}


@pytest.fixture
async def service(tmp_path: Path) -> AsyncIterator[SearchService]:
    async with opened(tmp_path, FILES) as service:
        yield service


async def test_an_article_on_a_platform_keeps_the_name_on_it(service: SearchService) -> None:
    answer = await service.search(SearchRequest("fastest build"), now=NOW)
    provider = answer.stories[0].lead.provider
    assert provider is not None
    assert (provider.name, provider.domain) == ("wudijo", "youtube.com")


@pytest.mark.parametrize(
    ("query", "provider", "found"),
    [
        ("provider:wudijo", None, {"wudijo.md"}),
        ("demon provider:Wudijo", None, {"wudijo.md"}),
        ("demon", "wudijo", {"wudijo.md"}),
        ("demon", "youtube.com", {"ign1.md", "wudijo.md"}),
        ("demon provider:ign,paper.example", None, {"ign1.md", "paper.md"}),
        ("demon -provider:wudijo", None, {"ign1.md", "paper.md"}),
        ("provider:ign", None, {"ign1.md", "ign2.md"}),
        ("provider:wudijo OR statue", None, {"wudijo.md", "paper.md"}),
    ],
)
async def test_a_channel_is_found_by_its_name(
    service: SearchService, query: str, provider: str | None, found: set[str]
) -> None:
    answer = await service.search(SearchRequest(query, provider), now=NOW, limit=20)
    assert {article.path for story in answer.stories for article in (story.lead, *story.folded)} == found


async def test_a_platform_goes_by_its_domain_and_its_channels_complete(service: SearchService) -> None:
    await service.refresh()
    assert [one.name for one in service.suggestions.providers("youtube")] == ["youtube.com"]
    assert [one.value for one in service.suggestions.queries("demon provider:wu")] == ["demon provider:wudijo"]
    assert [one.value for one in service.suggestions.queries("topic:a")] == ["topic:AI"]
    assert [one.value for one in service.suggestions.queries("provider:ign,pa")] == ["provider:ign,paper.example"]


async def test_the_name_of_a_channel_is_put_right(service: SearchService) -> None:
    answer = await service.search(SearchRequest("demon provider:wudjo"), now=NOW)
    assert answer.corrected_query == "demon provider:wudijo"
