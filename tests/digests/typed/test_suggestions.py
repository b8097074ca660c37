from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from digests.models import Provider, Suggestion
from digests.typed.name_resolver import NameResolver
from digests.typed.query import parse_query
from digests.typed.suggestions import Suggestions, headline_query

NOW = datetime(2021, 2, 10, 15, 30, tzinfo=UTC)
PROVIDERS = (
    Provider("New York Times", "nytimes.com"),
    Provider("The New Yorker", "newyorker.com"),
    Provider("Forbes", "forbes.com"),
    Provider("Le Monde", "lemonde.fr"),
    Provider("Windows", "compsmag.com"),
    Provider("Windows", "windows.example"),
    Provider("example.org", "example.org"),
)
TOPICS = ("AI", "Computer Vision", "Énergie", "AI Ethics", "Privacy")
HEADLINES = (
    "Clearview AI’s Facial-Recognition App Ruled Illegal in Canada",
    "Canada (politely) asks Clearview AI to stop scraping citizens’ photos",
    'Minister: "No comment" -- report',
    "x" * 150,
    "A very long headline " * 12,
    "🎉",
    "",
)
SUGGESTIONS = Suggestions(PROVIDERS, TOPICS, HEADLINES)


def values(choices: tuple[Suggestion, ...]) -> list[str]:
    return [choice.value for choice in choices]


# --------------------------------------------------------------------------- completing


def test_what_a_filter_is_completed_to_is_a_filter() -> None:
    assert values(SUGGESTIONS.queries("from:forb")) == ["from:forbes.com"]
    assert values(SUGGESTIONS.queries("provider: forb")) == ["provider: forbes.com"]
    # Headlines begin like that, so the query reads it as words.
    assert values(SUGGESTIONS.queries("From: forb")) == []


def test_names_that_begin_so_come_before_words_that_begin_so_before_the_rest() -> None:
    assert values(SUGGESTIONS.providers("new")) == ["nytimes.com", "newyorker.com"]
    assert values(SUGGESTIONS.providers("york")) == ["nytimes.com", "newyorker.com"]
    assert values(SUGGESTIONS.topics("ai"))[:2] == ["AI", "AI Ethics"]


def test_a_domain_and_a_name_lead_to_the_same_choice() -> None:
    assert SUGGESTIONS.providers("nyt") == (Suggestion("New York Times (nytimes.com)", "nytimes.com"),)
    assert SUGGESTIONS.providers("lemonde")[0] == SUGGESTIONS.providers("Le Mo")[0]
    assert SUGGESTIONS.providers("example.o") == (Suggestion("example.org", "example.org"),)


def test_nothing_typed_offers_the_first_ones() -> None:
    assert values(SUGGESTIONS.topics("")) == list(TOPICS)
    assert values(SUGGESTIONS.providers(" "))[0] == "nytimes.com"


def test_slips_and_missing_diacritics_are_forgiven() -> None:
    assert values(SUGGESTIONS.providers("frobes"))[0] == "forbes.com"
    assert values(SUGGESTIONS.topics("energie")) == ["Énergie"]
    assert values(SUGGESTIONS.topics("computre"))[0] == "Computer Vision"
    assert SUGGESTIONS.queries("clearveiw")[0].name.startswith("Clearview")


def test_words_of_a_headline_fit_in_any_order() -> None:
    assert len(SUGGESTIONS.queries("canada clearv")) == 2
    assert SUGGESTIONS.queries("scraping canada")[0].name.startswith("Canada (politely)")


def test_a_list_completes_its_last_item_and_keeps_the_others() -> None:
    (choice,) = SUGGESTIONS.topics("AI, privacy ,comp")
    assert choice == Suggestion("AI, privacy, Computer Vision", "AI, privacy, Computer Vision")
    assert "AI, AI" not in values(SUGGESTIONS.topics("AI, "))
    assert SUGGESTIONS.topics("x" * 99 + ", ") == ()


@pytest.mark.parametrize("headline", [line for line in HEADLINES if any(char.isalnum() for char in line)])
def test_a_chosen_headline_is_a_query_of_its_own_words(headline: str) -> None:
    value = headline_query(headline)
    query = parse_query(value, NOW)
    assert 0 < len(value) <= 100
    assert query.wanted
    assert query.terms == query.wanted
    assert all(term.text in headline for term in query.terms)


@given(st.text(max_size=150))
@example("!-0")
@example("YESTERDAY")
@example("This week:")
def test_no_headline_becomes_a_query_that_leaves_something_out(headline: str) -> None:
    value = headline_query(headline)
    query = parse_query(value, NOW)
    assert len(value) <= 100
    assert query.terms == query.wanted
    assert (query.providers, query.topics, query.since, query.until) == ((), (), None, None)


@pytest.mark.slow
@given(
    st.lists(st.text(max_size=130), max_size=5),
    st.lists(st.tuples(st.text(max_size=130), st.text(max_size=130)), max_size=5),
    st.text(max_size=120),
)
def test_choices_are_few_short_and_never_an_error(
    texts: list[str], providers: list[tuple[str, str]], typed: str
) -> None:
    suggestions = Suggestions([Provider(*provider) for provider in providers], texts, texts)
    for choices in (
        suggestions.queries(typed),
        suggestions.providers(typed),
        suggestions.topics(typed),
        suggestions.timezones(typed, NOW),
    ):
        assert len(choices) <= 25
        for choice in choices:
            assert 1 <= len(choice.name) <= 100
            assert 1 <= len(choice.value) <= 100


# --------------------------------------------------------------------------- time zones


def test_zones_are_found_by_city_by_name_and_by_slip() -> None:
    assert SUGGESTIONS.timezones("berl", NOW)[0] == Suggestion("Europe/Berlin (UTC+01:00)", "Europe/Berlin")
    assert values(SUGGESTIONS.timezones("new york", NOW))[0] == "America/New_York"
    assert values(SUGGESTIONS.timezones("america/new_y", NOW))[0] == "America/New_York"
    assert values(SUGGESTIONS.timezones("berln", NOW))[0] == "Europe/Berlin"
    assert values(SUGGESTIONS.timezones("mumbai", NOW)) == ["Asia/Kolkata"]
    assert SUGGESTIONS.timezones("kolkata", NOW)[0].name.endswith("(UTC+05:30)")


def test_nothing_typed_offers_common_zones_with_the_offset_of_the_moment() -> None:
    offered = SUGGESTIONS.timezones("", NOW)
    assert len(offered) == 25
    assert offered[0] == Suggestion("UTC (UTC)", "UTC")
    summer = SUGGESTIONS.timezones("america/new", datetime(2021, 7, 1, tzinfo=UTC))
    assert summer[0].name == "America/New York (UTC-04:00)"


# --------------------------------------------------------------------------- who is meant


@pytest.mark.parametrize(
    ("typed", "domains"),
    [
        ("nytimes.com", ["nytimes.com"]),
        ("NYTimes.com", ["nytimes.com"]),
        ("www.nytimes.com", ["nytimes.com"]),
        ("https://www.nytimes.com/2021/02/03/x.html?y", ["nytimes.com"]),
        ("new york times", ["nytimes.com"]),
        ("nyt", ["nytimes.com"]),
        ("monde", ["lemonde.fr"]),
        ("frobes", []),
        ("forbs", ["forbes.com"]),
        ("windows", ["compsmag.com", "windows.example"]),
        ("new", []),
        ("nobody.example", []),
        ("", []),
        ("🎉", []),
    ],
)
def test_a_provider_is_known_by_domain_name_or_a_beginning_that_only_it_has(typed: str, domains: list[str]) -> None:
    assert [provider.domain for provider in NameResolver(PROVIDERS, TOPICS).providers(typed)] == domains


@pytest.mark.parametrize(
    ("typed", "topics"),
    [("ai", ("AI",)), ("computer vision", ("Computer Vision",)), ("comp", ("Computer Vision",)),
     ("ENERGIE", ("Énergie",)), ("ethics", ("AI Ethics",)), ("privcy", ("Privacy",)), ("sport", ())],
)  # fmt: skip
def test_a_topic_is_known_in_any_case(typed: str, topics: tuple[str, ...]) -> None:
    assert NameResolver(PROVIDERS, TOPICS).topics(typed) == topics


def test_the_nearest_names_are_offered_for_an_unknown_one() -> None:
    directory = NameResolver(PROVIDERS, TOPICS)
    assert directory.nearest_providers("new")[0].domain == "nytimes.com"
    assert directory.nearest_providers("frobes")[0].domain == "forbes.com"
    assert directory.nearest_topics("visoin")[0] == "Computer Vision"


def test_what_the_last_name_ends_with_is_found_once() -> None:
    assert values(Suggestions((), ("ab", "cx"), ()).topics("x")) == ["cx"]
