"""A question that is misspelt, or finds nothing, is answered with what could have been meant."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from digests.models import SearchRequest, SearchSort
from digests.service.corpus import CorpusService
from digests.service.search import SearchService
from digests.store.articles import ArticleStore
from digests.store.connection import Database
from digests.store.database_kinds import CORPUS
from tests.digests.service.search.answering import FILES, NOW, Ask, opened, text_of, titles
from tests.digests.store.search.rows import unhurried
from tests.examples import examples


@pytest.mark.parametrize(
    ("query", "corrected"),
    [
        ("clearveiw", "clearview"),
        ("Clearveiw -ferry provider:nytimes.com", "clearview -ferry provider:nytimes.com"),
        ('"facail recogniton"', '"facial recognition"'),
        ("clearveiw canda", "clearview canada"),
        ("clearv", "clearv*"),
    ],
)
async def test_a_misspelt_word_still_finds_and_the_answer_says_so(ask: Ask, query: str, corrected: str) -> None:
    answer = await ask(query)
    assert answer.corrected_query == corrected
    assert titles(answer)[0] == "Clearview"


async def test_what_was_typed_can_still_be_searched_for(ask: Ask) -> None:
    answer = await ask("clearveiw canada")
    assert answer.uncorrected_query == '"clearveiw" canada'
    literal = await ask(answer.uncorrected_query)
    assert literal.corrected_query is None


async def test_where_nothing_holds_most_words_the_best_of_any_follow(ask: Ask) -> None:
    answer = await ask("walrus ferry xylophone quartz")
    assert titles(answer)[0] == "Ferry"
    assert answer.lacks_words


async def test_a_word_that_finds_something_is_not_corrected(ask: Ask) -> None:
    assert (await ask("ferry strike")).corrected_query is None


async def test_nothing_found_names_near_words_and_what_to_loosen(ask: Ask) -> None:
    answer = await ask("xylofone", provider="ledger.example")
    assert answer.stories == ()
    answer = await ask("stryke", provider="nytimes.com")
    assert answer.stories == ()
    assert "strike" in answer.nearest_terms
    answer = await ask("stryke lighthuses", provider="nytimes.com")
    assert {"strike", "lighthouses"} <= set(answer.nearest_terms)
    answer = await ask("clearview", provider="ledger.example", since="yesterday")
    assert "3 articles are found without any filter." in answer.advice


@pytest.mark.parametrize("query", ["🎉", '"', "- *", "!!!"])
async def test_a_query_without_a_word_is_answered_with_what_to_type(ask: Ask, query: str) -> None:
    answer = await ask(query)
    assert answer.total == 0
    assert "There is no word to search for" in answer.advice[0]


async def test_an_unknown_provider_inside_the_query_is_no_error(ask: Ask) -> None:
    answer = await ask("clearview provider:nytime")
    assert titles(answer) == ["Clearview"]
    answer = await ask("clearview provider:nosuch")
    assert answer.total == 0
    assert answer.advice[0].startswith("There is no provider “nosuch”.")


@pytest.mark.slow
@settings(max_examples=examples(60), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    typed=st.one_of(
        st.text(max_size=60),
        st.lists(st.sampled_from(['"', "-", "*", ":", " ", "provider:", "topic:", "after:", "clearview", "ai", "\0"]),
                 max_size=12).map("".join),
    )
)  # fmt: skip
# Digits of a script that has no decimal numbers.
@example(typed="፩፪፫፬")
def test_no_query_raises(tmp_path_factory: pytest.TempPathFactory, typed: str) -> None:
    import asyncio

    async def check() -> None:
        path = tmp_path_factory.getbasetemp() / "any.db"
        database = await Database.open(path, CORPUS, reader_count=1)
        try:
            articles = ArticleStore(database)
            folder = tmp_path_factory.getbasetemp() / "any"
            if not folder.exists():
                folder.mkdir()
                (folder / "a.md").write_text(FILES["ruled.md"], "utf-8")
                await CorpusService(articles, [folder]).load(now=NOW)
            service = SearchService(articles, unhurried(database))
            for sort in SearchSort:
                answer = await service.search(SearchRequest(typed, sort=sort), now=NOW)
                assert answer.stories or answer.advice
        finally:
            await database.close()

    asyncio.run(check())


@pytest.mark.parametrize(
    ("typed", "corrected"),
    [
        ("provider:forbs.com clearview", "provider:forbes.com clearview"),
        ('topic:"Computer Visoin" clearview', 'topic:"Computer Vision" clearview'),
        ("provider:forbs.com clearveiw", "provider:forbes.com clearview"),
        ("site:forbs.com clearview", "provider:forbes.com clearview"),
        ("clearview -from:forbs.com", "clearview -provider:forbes.com"),
        ("topic:Privasy,Transport clearview", "(topic:Privacy OR topic:Transport) clearview"),
        ("provider:forbes clearview", None),
        ('topic:"computer vision" clearview', None),
    ],
)
async def test_a_misspelt_name_in_a_query_still_finds_and_the_answer_says_so(
    ask: Ask, typed: str, corrected: str | None
) -> None:
    answer = await ask(typed)
    assert answer.total
    assert answer.corrected_query == corrected


async def test_a_list_is_not_taken_for_a_name_that_resembles_it(service: SearchService) -> None:
    assert await service.resolve_topics("AI, Computer Vision") == ("AI", "Computer Vision")
    assert await service.resolve_topics("computer visoin, privacy") == ("Computer Vision", "Privacy")
    assert [found.domain for found in await service.resolve_providers("Forbes, CBC")] == ["forbes.com", "cbc.ca"]


async def test_what_is_no_date_is_named_when_nothing_was_found(ask: Ask) -> None:
    (sentence,) = (await ask("clearview after:someday")).remarks
    assert "“someday” is not a date" in sentence
    assert "“someday” is not a date" in (await ask("after:someday")).advice[0]
    assert not any("is not a date" in line for line in (await ask("xylophone quartet")).advice)


async def test_where_nothing_has_all_words_what_has_most_is_found_and_the_answer_says_so(ask: Ask) -> None:
    answer = await ask("clearview ferry")
    assert answer.total
    assert answer.lacks_words
    assert answer.corrected_query is None
    assert not (await ask("clearview canada")).lacks_words


async def test_a_quoted_word_is_not_corrected_and_a_correction_offers_it(ask: Ask) -> None:
    answer = await ask("clearveiw")
    assert answer.uncorrected_query == '"clearveiw"'
    assert (await ask(answer.uncorrected_query)).stories == ()


async def test_words_that_only_help_to_ask_carry_no_weight(ask: Ask) -> None:
    assert (await ask("what is the news about clearview")).total == (await ask("clearview")).total


async def test_what_looks_like_a_filter_and_is_none_is_remarked_on(ask: Ask) -> None:
    answer = await ask("foo:bar OR clearview")
    assert answer.remarks == ("“foo:” is not a filter; I looked for it as a word.",)


async def test_the_headline_that_was_found_is_named_with_the_sentence(ask: Ask) -> None:
    (story, *_others) = (await ask("Clearview AI Surveillance Ruled Illegal In Canada")).stories
    assert story.match is not None
    assert story.match.path == "surveillance.md"
    (story, *_others) = (await ask("scraping photos")).stories
    assert story.match is not None
    assert (story.match.title, story.match.path) == ("Canada asks Clearview AI to stop scraping photos", None)
    (story, *_others) = (await ask("consent")).stories
    assert story.match is not None
    assert story.match.sentence == "Citizens' consent was never asked for."
    assert [story.match.sentence[start:end] for start, end in story.match.sentence_spans] == ["consent"]


@pytest.mark.slow
async def test_a_story_found_in_its_text_alone_shows_the_sentence(tmp_path: Path) -> None:
    paragraphs = "They stand by the sea. Nobody visits.\n\nThe *keeper* counts gulls at dusk.\n\nThen he sleeps."
    async with opened(tmp_path, {"notes.txt": f"Notes on lighthouses\n\n{paragraphs}\n"}) as service:
        answer = await service.search(SearchRequest("keepers gulls"), now=NOW)
    match = answer.stories[0].match
    assert match is not None
    assert match.sentence == "The keeper counts gulls at dusk."
    assert [match.sentence[start:end] for start, end in match.sentence_spans] == ["keeper", "gulls"]


async def test_a_question_is_answered_with_a_sentence_as_it_is_read(tmp_path: Path) -> None:
    text = "First words.\n\nThe **ferry** [timetable of Norwich](https://x.example/n) changes on `Monday`.\n"
    async with opened(tmp_path, {"a.md": f"---\ntitle: A title\n---\n{text}"}) as service:
        answer = await service.search(SearchRequest("when does the ferry timetable change?"), now=NOW)
    assert answer.quote is not None
    assert answer.quote.sentence == "The ferry timetable of Norwich changes on Monday."


async def test_either_of_two_words_will_do(ask: Ask) -> None:
    either = (await ask("lighthouses OR ferry")).total
    assert either == (await ask("lighthouses")).total + (await ask("ferry")).total


@pytest.mark.slow
async def test_headlines_with_all_words_but_one_follow_where_others_merely_mention_all(tmp_path: Path) -> None:
    mention = "The ferry strike was called off, and the harbour and its lanterns were lit."
    files = {
        f"{number}.md": text_of(f"Evening walk number {number}", f"site{number}.example/a", f"Site {number}",
                                "2021-02-04", excerpt=f"{number} steps. {mention}")
        for number in range(5)
    } | {"about.md": text_of("Ferry strike closes harbour", "ledger.example/a", "Ledger", "2021-02-04")}  # fmt: skip
    async with opened(tmp_path, files) as service:
        for sort in SearchSort:
            request = SearchRequest("ferry strike harbour lanterns", sort=sort)
            answer = await service.search(request, now=NOW, limit=10)
            found = [story.lead.path for story in answer.stories]
            assert "about.md" in found, sort
            assert not answer.lacks_words


@pytest.mark.parametrize("typed", ["dr berg", "Dr. Berg", "dr. anna berg"])
async def test_a_name_is_found_without_the_title_typed_before_it(tmp_path: Path, typed: str) -> None:
    files = {
        "a.md": text_of("Anna Berg opens the harbour clinic", "ledger.example/a", "Ledger", "2021-02-04"),
        "b.md": text_of("Harbour clinic looks for a dr", "wire.example/b", "Wire", "2021-02-05"),
    }
    async with opened(tmp_path, files) as service:
        answer = await service.search(SearchRequest(typed), now=NOW)
    assert [story.lead.path for story in answer.stories] == ["a.md"]
    assert answer.corrected_query is None


async def test_a_title_in_capitals_is_a_name(tmp_path: Path) -> None:
    files = {
        "a.md": text_of("Talks begin in DR Congo", "ledger.example/a", "Ledger", "2021-02-04"),
        "b.md": text_of("Congo river floods", "wire.example/b", "Wire", "2021-02-05"),
    }
    async with opened(tmp_path, files) as service:
        answer = await service.search(SearchRequest("DR congo"), now=NOW)
    assert answer.stories[0].lead.path == "a.md"


async def test_a_misspelt_rare_word_outweighs_a_common_one(tmp_path: Path) -> None:
    files = {
        f"{number}.md": text_of(
            f"Norway reports {word} today", f"site{number}.example/a", f"Site {number}", "2021-02-09"
        )
        for number, word in enumerate(("snow", "rain", "hail", "frost"))
    }
    said = "A reform of Minister Haraldsen meets Norway's mayors."
    files["haraldsen.md"] = text_of(
        "Reform of the Norwegian harbours", "wire.example/h", "Wire", "2021-02-04", excerpt=said
    )
    async with opened(tmp_path, files) as service:
        answer = await service.search(SearchRequest("norway haroldsen"), now=NOW)
    assert answer.stories[0].lead.path == "haraldsen.md"
    assert answer.corrected_query == "norway haraldsen"


async def test_a_rare_word_is_doubted_where_all_words_find_nothing(tmp_path: Path) -> None:
    files = {
        f"{number}.md": text_of(f"Relief checks for town {number}", f"site{number}.example/a", f"Site {number}",
                                "2021-02-04")
        for number in range(12)
    } | {"ferry.md": text_of("Ferry sails again", "cheknews.example/f", "CHEK News", "2021-02-05")}  # fmt: skip
    async with opened(tmp_path, files) as service:
        answer = await service.search(SearchRequest("relief cheks"), now=NOW)
        assert answer.corrected_query == "relief checks"
        assert not answer.lacks_words
        assert answer.uncorrected_query == 'relief "cheks"'
        literal = await service.search(SearchRequest(answer.uncorrected_query), now=NOW)
        assert literal.corrected_query is None
        whole = await service.search(SearchRequest("ferry cheks"), now=NOW)
        assert whole.corrected_query is None
        assert [story.lead.path for story in whole.stories] == ["ferry.md"]
