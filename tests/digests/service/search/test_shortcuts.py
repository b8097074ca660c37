"""Queries that are no words to look for are answered all the same: what is new, the address of a site."""

from __future__ import annotations

import pytest

from digests.models import SearchSort
from digests.service.search.shortcuts import what_is_new
from digests.typed.query import parse_query
from tests.digests.service.search.answering import NOW, Ask, titles


@pytest.mark.parametrize(
    ("typed", "when"),
    [
        ("today", "today"),
        ("Today's news", "today"),
        ("what’s new today?", "today"),
        ("anything new this week", "this week"),
        ("news from last month", "last month"),
        ("what happened yesterday?", "yesterday"),
        ("what did I miss this week", "this week"),
        ("latest news", ""),
        ("breaking news", ""),
        ("what's going on", ""),
        ("what's new", ""),
        ("headlines", ""),
        ("provider:cbc yesterday", "yesterday"),
        ("sort:newest", ""),
        ("2021-02-04", "2021-02-04"),
        ("4 february 2021", "4 february 2021"),
    ],
)
def test_words_that_ask_for_what_is_new_are_no_words_to_look_for(typed: str, when: str) -> None:
    listed = what_is_new(parse_query(typed, NOW), NOW, "UTC")
    assert listed is not None
    assert listed.when == when
    assert (listed.query.since is not None) == bool(when)
    assert listed.query.wanted == ()


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "what is it",
        "new york",
        '"today"',
        "title:news",
        "ferry today",
        "happened",
        "going on",
        "us news",
        "new OR today",
        "3d",
        "2021",
        "sort:oldest",
    ],
)
def test_other_words_are_looked_for(typed: str) -> None:
    assert what_is_new(parse_query(typed, NOW), NOW, "UTC") is None


async def test_where_nothing_is_new_the_answer_says_so_and_lists_what_is_newest(ask: Ask) -> None:
    answer = await ask("today")
    assert titles(answer)[0] == "Ferry"
    assert answer.remarks == ("Nothing was published today; these are the newest.",)
    answer = await ask("news this week")
    assert answer.remarks == ()
    assert titles(answer)[0] == "Ferry"


@pytest.mark.parametrize("typed", ["cbc.ca", "www.cbc.ca", "https://www.cbc.ca/", "news.cbc.ca"])
async def test_the_address_of_a_site_lists_its_articles(ask: Ask, typed: str) -> None:
    answer = await ask(typed)
    assert titles(answer) == ["RCMP"]
    assert answer.remarks == ()


async def test_a_page_that_nobody_has_is_said_to_be_missing(ask: Ask) -> None:
    answer = await ask("cbc.ca/none")
    assert titles(answer) == ["RCMP"]
    assert answer.remarks == ("No article has the address “cbc.ca/none”.", "These are the newest articles of CBC.")
    answer = await ask("https://unknown.example/none")
    assert answer.total == 0
    assert answer.advice[0] == "No article has the address “https://unknown.example/none”."


async def test_the_order_may_be_typed(ask: Ask) -> None:
    newest = await ask("clearview", sort=SearchSort.NEWEST)
    typed = await ask("clearview sort:newest")
    assert [story.lead.key for story in typed.stories] == [story.lead.key for story in newest.stories]
    assert typed.request.sort is SearchSort.NEWEST


@pytest.mark.parametrize(
    "typed", ["provider: New York Times", "provider:New York Times ruled", "site:the ledger ferry"]
)
async def test_a_name_of_several_words_needs_no_quotes_behind_a_filter(ask: Ask, typed: str) -> None:
    answer = await ask(typed)
    assert answer.total
    assert not answer.lacks_words
    assert {story.lead.provider.name for story in answer.stories if story.lead.provider} <= {
        "New York Times",
        "The Ledger",
    }


@pytest.mark.parametrize(
    "typed",
    [
        "see https://nytimes.com/a",
        "(https://www.nytimes.com/a)",
        "[Ruled](https://nytimes.com/a?utm_source=x)",
        "Is https://nytimes.com/a. true",
    ],
)
async def test_an_address_among_words_is_the_article_at_it(ask: Ask, typed: str) -> None:
    answer = await ask(typed)
    assert answer.total == 1
    assert answer.stories[0].lead.url == "https://nytimes.com/a"


async def test_words_of_either_side_of_an_expression_are_shown(ask: Ask) -> None:
    answer = await ask("(clearview illegal) OR (lilith barbarian)")
    match = answer.stories[0].match
    assert match is not None
    assert {match.title[start:end].lower() for start, end in match.title_spans} >= {"clearview", "illegal"}
