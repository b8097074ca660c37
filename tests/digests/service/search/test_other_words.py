"""Words that mean the same are found too, and count less than those that were typed."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from digests.models import SearchAnswer, SearchRequest
from digests.service.search.other_words import ALIKE, as_patterns
from digests.typed.query import parse_query
from tests.digests.service.search.answering import NOW, Ask, opened, text_of

FILES = {
    f"{number}.md": text_of(title, f"ledger.example/{number}", "The Ledger", f"2021-02-0{1 + number % 8}", topics=[])
    for number, title in enumerate(
        (
            "Averil's unemployment rate doubles",
            "Jobless sailors of Hask learn to knit",
            "The United States lifts its duty on walrus hats",
            "What the US wants of Averil",
            "They used to fish here",
            "Tug plant in Averil leaks oil",
            "Tug factory in Hask opens its doors",
            "Town organizes a regatta",
        )
    )
}


@pytest.fixture
async def ask(tmp_path: Path) -> AsyncIterator[Ask]:
    async with opened(tmp_path, FILES) as service:

        async def ask(query: str) -> SearchAnswer:
            return await service.search(SearchRequest(query), now=NOW)

        yield ask


def _titles(answer: SearchAnswer) -> list[str]:
    return [story.lead.title for story in answer.stories]


async def test_a_synonym_finds_what_no_other_article_has(ask: Ask) -> None:
    answer = await ask("averil jobless rate")
    assert _titles(answer)[0] == "Averil's unemployment rate doubles"
    assert not answer.lacks_words
    assert answer.corrected_query is None


async def test_the_typed_word_comes_before_its_synonym(ask: Ask) -> None:
    assert _titles(await ask("tug factory"))[:2] == [
        "Tug factory in Hask opens its doors",
        "Tug plant in Averil leaks oil",
    ]
    assert _titles(await ask("tug plant"))[0] == "Tug plant in Averil leaks oil"


async def test_a_word_alone_finds_itself_only(ask: Ask) -> None:
    assert _titles(await ask("jobless")) == ["Jobless sailors of Hask learn to knit"]


@pytest.mark.parametrize("query", ["USA", "US", "United States", "u.s."])
async def test_names_of_one_country_find_each_other(ask: Ask, query: str) -> None:
    found = _titles(await ask(query))
    assert {"The United States lifts its duty on walrus hats", "What the US wants of Averil"} == set(found[:2])


async def test_alternatives_of_several_words_are_in_order_of_relevance(ask: Ask) -> None:
    assert _titles(await ask("(hask knit) OR (hask xylophone) OR hask")) == [
        "Jobless sailors of Hask learn to knit",
        "Tug factory in Hask opens its doors",
    ]


async def test_a_word_that_no_article_has_finds_what_means_the_same(ask: Ask) -> None:
    answer = await ask("unemployed")
    assert "Averil's unemployment rate doubles" in _titles(answer)
    assert _titles(await ask("kids")) == []


async def test_a_word_of_the_same_family_is_found_beside_another(ask: Ask) -> None:
    assert _titles(await ask("hask learnment"))[0] == "Jobless sailors of Hask learn to knit"
    assert _titles(await ask("learnment")) == []


def test_in_a_large_corpus_few_and_rare_words_of_similar_meaning_are_searched() -> None:
    (term,) = parse_query("killed", NOW, "UTC").terms
    listed = [(other, ALIKE) for other in ("dies", "died", "dead", "deaths", "fatal")]
    counts = {"died": 5, "dead": 7, "deaths": 9, "dies": 90_000}

    def found(total: int) -> list[str]:
        held = as_patterns(listed, term, [], lambda word: counts.get(word, 0), total, alone=False)
        return [pattern.text for pattern, _share in held]

    assert found(10_000) == ["died", "dead", "deaths"]
    assert found(100_000) == ["died", "dead"]
