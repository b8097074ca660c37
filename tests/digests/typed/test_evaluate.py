from __future__ import annotations

import sqlite3
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digests.models import Article, Provider, RelatedLink
from digests.typed.evaluate import ArticleWords, matches
from digests.typed.helper_words import without_helpers
from digests.typed.query import parse_query
from digests.words import extras, stem

NOW = datetime(2021, 2, 10, 15, 30, tzinfo=UTC)
ARTICLE = Article(
    path="a.md",
    title="Ferries stopped in Vancouver as the storm nears",
    key="https://cbc.ca/a",
    excerpt="The café on deck 17 closes; 東京の地震 did not reach the naïve crew of the U.S. ship.",
    body="Written in C++ by hand",
    provider=Provider("CBC News", "cbc.ca"),
    topics=("British Columbia", "Weather"),
    published_at=datetime(2021, 2, 4, 12, tzinfo=UTC),
    related=(RelatedLink("Ship's wreck found", "https://x.com/1", "https://x.com/1"),),
)


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("ferry", True),
        ("FERRY stops", True),
        ("ferry plane", False),
        ("ferry OR plane", True),
        ("(ferry OR plane) AND storm", True),
        ("ferry NOT storm", False),
        ("ferry -(plane storm)", True),
        ("-plane", True),
        ('"the storm"', True),
        ('"storm the"', False),
        ("van*", True),
        ("title:storm", True),
        ("title:café", False),
        ("cafe naive", True),
        ("地震", True),
        ("震", True),
        ("地東", False),
        ("C++", True),
        ("C#", False),
        ("c", False),
        ('"U.S. ship"', True),
        ("wreck", True),
        ("provider:cbc.ca", True),
        ('provider:"CBC News"', True),
        ("provider:cnn,cbc", True),
        ("site:www.cbc.ca", True),
        ("-provider:cbc", False),
        ("-(provider:cbc storm)", False),
        ("-(provider:cnn storm)", True),
        ("provider:cnn OR topic:weather", True),
        ('topic:"british columbia"', True),
        ("topic:columbia", False),
        ("after:2021-02-05", False),
        ("since:2021-02-04 until:2021-02-04", True),
        ("before:2021-02-04", False),
        ("ｆｅｒｒｙ", True),
        ("ves\u00adsel", False),
        ("fer\u00adries", True),
        ("!!!", True),
    ],
)
def test_an_article_is_what_a_query_asks_for_or_not(typed: str, found: bool) -> None:
    assert matches(parse_query(typed, NOW), ArticleWords(ARTICLE)) is found


def test_an_undated_article_stands_on_no_side_of_a_date() -> None:
    undated = replace(ARTICLE, published_at=None)
    assert not matches(parse_query("after:2000", NOW), undated)
    assert not matches(parse_query("before:2030", NOW), undated)


def test_whoever_knows_the_providers_says_which_one_is_meant() -> None:
    assert matches(
        parse_query("provider:nightly", NOW), ARTICLE, lambda name, domain: (name, domain) == ("nightly", "cbc.ca")
    )


@given(st.text(max_size=80), st.text(max_size=80))
def test_no_query_and_no_article_is_an_error(typed: str, title: str) -> None:
    matches(parse_query(typed, NOW), replace(ARTICLE, title=title))


WORDS = "universities incredibly apology technology as us skies running happily generously caresses logy bly abli 2020s"


def test_stems_are_those_of_the_index() -> None:
    connection = sqlite3.connect(":memory:")
    connection.execute("CREATE VIRTUAL TABLE t USING fts5 (a, tokenize = 'porter unicode61 remove_diacritics 2')")
    connection.execute("CREATE VIRTUAL TABLE v USING fts5vocab (t, 'instance')")
    connection.execute("INSERT INTO t VALUES (?)", (WORDS,))
    held = [term for (term,) in connection.execute("SELECT term FROM v ORDER BY offset")]
    connection.close()
    assert list(map(stem, WORDS.split())) == held


def test_the_index_reads_more_only_of_what_it_would_not_find_by_itself() -> None:
    assert extras("Plain words, naïve café", "U.S. and more.") == ""
    assert extras("C++ beats C#").split()[:2] == ["cplusplus", "csharp"]
    assert extras("用户 a").split()[:2] == ["用", "户"]
    assert "abc" in extras("ＡＢＣ").split()


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("what did the ferry do in Vancouver?", True),
        ("what did the plane do?", False),
        ("about the", False),
        ("who did it (plane OR boat)", False),
        ("who did it (plane OR ferry)", True),
        ("-the ferry", False),
        ("WHO ferry", False),
    ],
)
def test_words_that_only_help_to_ask_carry_no_weight(typed: str, found: bool) -> None:
    article = replace(ARTICLE, title="The ferries stopped in Vancouver", excerpt="", body="")
    assert matches(without_helpers(parse_query(typed, NOW)), article) is found
