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
    "Modern C++ at sea", "Firewall vendors merge", "Kim Jong Un opens a hotel", "What SARS-CoV-2 is",
    "E-scooters park at last", "Wave 1 of the update",
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
        ("kimjongun", "Kim Jong Un opens a hotel"),
        ("sarscov2", "What SARS-CoV-2 is"),
        ("escooters", "E-scooters park at last"),
        ("wave-1", "Wave 1 of the update"),
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


async def test_the_rest_of_a_compound_with_an_unknown_number_is_found_and_the_answer_says_so(
    service: SearchService,
) -> None:
    answer = await service.search(SearchRequest("tidewright^4"), now=NOW)
    assert answer.stories[0].lead.title == "Tidewright lays off 3,700 people"
    assert answer.lacks_words
    # Nothing but the number would be found, or a word that only follows a letter in a name.
    assert (await service.search(SearchRequest("gizmotron-3"), now=NOW)).total == 0
    assert (await service.search(SearchRequest("T-office"), now=NOW)).total == 0


async def test_words_that_are_all_unknown_do_not_confirm_each_other(service: SearchService) -> None:
    # `cathdral` lacks a letter, which is likely in itself; `catpedral` is not.
    assert (await service.search(SearchRequest("cathdral"), now=NOW)).corrected_query == "cathedral"
    assert (await service.search(SearchRequest("catpedral paints"), now=NOW)).corrected_query == "cathedral paints"
    assert (await service.search(SearchRequest("catpedral pasnts"), now=NOW)).total == 0


async def test_an_unlikely_correction_needs_an_article_with_the_words_beside_it(service: SearchService) -> None:
    answer = await service.search(SearchRequest("catpedral tickets"), now=NOW)
    assert [story.lead.title for story in answer.stories] == ["Fans buy 4,016 tickets"]
    assert answer.lacks_words
    assert answer.corrected_query is None


async def test_the_end_of_another_name_is_not_the_beginning_of_a_longer_one(service: SearchService) -> None:
    assert (await service.search(SearchRequest("receip"), now=NOW)).total == 1
    # The index would look for what begins with `receip`.
    assert (await service.search(SearchRequest("receipes"), now=NOW)).corrected_query != "receipes*"
    assert (await service.search(SearchRequest("receipt"), now=NOW)).total == 1
    assert (await service.search(SearchRequest("governo"), now=NOW)).total == 0


async def test_a_number_with_leading_zeros_is_not_the_number_without(service: SearchService) -> None:
    assert (await service.search(SearchRequest("0008"), now=NOW)).total == 0


async def test_capitals_hint_at_a_name_that_is_not_put_right(service: SearchService) -> None:
    answer = await service.search(SearchRequest("Elden Ring"), now=NOW)
    assert answer.corrected_query is None
    assert "Eden" not in {story.lead.title.split()[0] for story in answer.stories}
    assert (await service.search(SearchRequest("Eedn storms"), now=NOW)).corrected_query == "eden storms"
