"""Other words for the same come from a list, by word and by phrase."""

from __future__ import annotations

import pytest

from digests.typed.synonyms import MOST_OTHERS, alike, same_as


@pytest.mark.parametrize("typed", ["USA", "usa", "US", "us"])
def test_abbreviations_of_a_country_are_the_same_in_any_case(typed: str) -> None:
    assert {"united states", *({"US"} if "a" in typed.lower() else {"USA"})} <= set(same_as([typed], 0))


def test_each_word_of_a_phrase_may_be_its_abbreviation() -> None:
    words = ["trade", "united", "states", "steel"]
    assert [("US" in same_as(words, place)) for place in range(4)] == [False, True, True, False]
    assert "NYC" in same_as(["new", "york", "city"], 1)


def test_a_part_of_a_phrase_is_not_the_phrase() -> None:
    assert same_as(["united"], 0) == ()
    assert same_as(["united", "", "states"], 0) == ()


def test_a_city_is_found_under_its_other_names_and_in_its_own_script() -> None:
    assert {"Kyiv", "Київ"} <= set(same_as(["kiev"], 0))
    assert "Kiev" in same_as(["київ"], 0)


def test_words_whose_stem_is_an_abbreviation_are_not_it() -> None:
    assert same_as(["used"], 0) == ()
    assert same_as(["using"], 0) == ()


@pytest.mark.parametrize(("typed", "meant"), [("jobless", "unemployment"), ("acquires", "buy"), ("movies", "film")])
def test_another_form_of_a_listed_word_has_the_same_synonyms(typed: str, meant: str) -> None:
    found = alike(typed)
    assert meant in found
    assert len(found) <= MOST_OTHERS


def test_an_unlisted_word_has_none() -> None:
    assert alike("lighthouse") == ()
