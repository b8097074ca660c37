"""Compounds are found however they are written: in one word, in two, with hyphens, dots, digits or capitals."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from digests.models import SearchRequest
from digests.service.search import SearchService
from tests.digests.service.search.answering import NOW, opened, text_of

_TITLES = (
    "Wi-Fi 8 explained", "E-mail turns fifty", "Node.js 24 released", "Rock'n'roll returns", "O'Reilly retires",
    "Governor ends stay-at-home order", "U.S. and China resume talks", "AI Builder reads receipts",
    "Office lights stay on for 365 days", "Power Apps get forms", "Nurses build with Power Apps",
    "More about PowerApps",
    "AT&T raises prices", "Fans buy 4,016 tickets", "Koeln paints its cathedral", "Łódź opens a museum",
    "How to use a spade", "Tidewright lays off 3,700 people",
    "Straße in Köln flooded", "Eden prepares for storms", "A wedding ring in the river", "Power tools and apps",
    "Modern C++ at sea", "Firewall vendors merge",
)  # fmt: skip


@pytest.fixture
async def service(tmp_path: Path) -> AsyncIterator[SearchService]:
    files = {
        f"{number}.md": text_of(title, f"site{number}.example/a", f"Site {number}", "2021-02-04")
        for number, title in enumerate(_TITLES)
    }
    async with opened(tmp_path, files) as service:
        yield service


@pytest.mark.parametrize(
    ("typed", "title"),
    [
        ("wifi", "Wi-Fi 8 explained"),
        ("tidewright layoffs", "Tidewright lays off 3,700 people"),
        ("ATT prices", "AT&T raises prices"),
        ("att", "AT&T raises prices"),
        ("4016 tickets", "Fans buy 4,016 tickets"),
        ("4,016 tickets", "Fans buy 4,016 tickets"),
        ("strasse", "Straße in Köln flooded"),
        ("STRASSE", "Straße in Köln flooded"),
        ("straße", "Straße in Köln flooded"),
        ("köln cathedral", "Koeln paints its cathedral"),
        ("koeln strasse", "Straße in Köln flooded"),
        ("lodz", "Łódź opens a museum"),
        ("US", "U.S. and China resume talks"),
        ("email", "E-mail turns fifty"),
        ("nodejs", "Node.js 24 released"),
        ("rocknroll", "Rock'n'roll returns"),
        ("OReilly", "O'Reilly retires"),
        ("stayathome", "Governor ends stay-at-home order"),
        ("U.S.-China", "U.S. and China resume talks"),
        ("AIBuilder", "AI Builder reads receipts"),
        ("office365", "Office lights stay on for 365 days"),
        ("fire wall vendors", "Firewall vendors merge"),
        ("the fire wall", "Firewall vendors merge"),
    ],
)
async def test_a_compound_is_found_however_it_is_written(service: SearchService, typed: str, title: str) -> None:
    answer = await service.search(SearchRequest(typed), now=NOW)
    assert answer.stories[0].lead.title == title
    assert answer.corrected_query is None


async def test_a_rare_compound_finds_its_frequent_spelling_as_well(service: SearchService) -> None:
    answer = await service.search(SearchRequest("powerapps"), now=NOW)
    assert answer.stories[0].lead.title == "More about PowerApps"
    found = {article.title for story in answer.stories for article in (story.lead, *story.folded)}
    assert found == {_TITLES[9], _TITLES[10], _TITLES[11]}


async def test_a_sign_is_still_found_beside_words_that_no_article_holds(service: SearchService) -> None:
    answer = await service.search(SearchRequest("C++ xylophone quartz"), now=NOW)
    assert [story.lead.title for story in answer.stories] == ["Modern C++ at sea"]
    assert answer.lacks_words


async def test_a_number_with_leading_zeros_is_not_the_number_without(service: SearchService) -> None:
    assert (await service.search(SearchRequest("0008"), now=NOW)).total == 0


async def test_capitals_hint_at_a_name_that_is_not_put_right(service: SearchService) -> None:
    answer = await service.search(SearchRequest("Elden Ring"), now=NOW)
    assert answer.corrected_query is None
    assert "Eden" not in {story.lead.title.split()[0] for story in answer.stories}
    assert (await service.search(SearchRequest("Eedn storms"), now=NOW)).corrected_query == "eden storms"
