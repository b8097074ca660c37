from __future__ import annotations

from array import array

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digests.spelling import SpeltWords, Vocabulary, is_likely_slip, words_of

WORDS = {
    "clearview": 40, "clearness": 1, "canada": 90, "canadian": 30, "recognition": 60, "privacy": 80, "piracy": 5,
    "facial": 50, "2021": 400, "2020": 300, "ai": 500, "ban": 20, "bank": 30, "zürich": 2,
}  # fmt: skip
VOCABULARY = Vocabulary(
    {
        length: SpeltWords("\n".join(words), array("Q", [WORDS[word] for word in words]))
        for length in range(2, 20)
        if (words := [word for word in WORDS if len(word) == length and not word.isdecimal()])
    }
)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("clearveiw", "clearview"),
        ("Clearvew", "clearview"),
        ("cleerviw", "clearview"),
        ("recogniton", "recognition"),
        ("privcy", "privacy"),
        ("canda", "canada"),
        ("fácail", "facial"),
    ],
)
def test_a_slip_finds_its_word(typed: str, meant: str) -> None:
    assert VOCABULARY.nearest(typed)[0] == meant


@pytest.mark.parametrize("typed", ["2022", "b", "xy", "", "zzzzzzzz", "covid19"])
def test_short_words_numbers_and_strange_words_have_no_neighbours(typed: str) -> None:
    assert VOCABULARY.nearest(typed) == ()


def test_of_equally_near_words_the_one_of_more_articles_comes_first() -> None:
    assert VOCABULARY.nearest("bant") == ("bank", "ban")


def test_words_are_split_as_the_index_splits_them() -> None:
    assert words_of("Don't stop_now: Zürich’s AI-2 ban") == ["don", "t", "stop", "now", "zurich", "s", "ai", "2", "ban"]


@given(st.text(max_size=40))
def test_any_text_has_neighbours_or_none(typed: str) -> None:
    assert all(word in WORDS for word in VOCABULARY.nearest(typed, 5))


@pytest.mark.parametrize(
    ("typed", "meant", "expected"),
    [
        ("clearveiw", "clearview", True),
        ("harbouyr", "harbour", True),  # a neighbouring key hit as well
        ("clearviuew", "clearview", True),
        ("harbbour", "harbour", True),
        ("fysical", "physical", False),
        ("recogsition", "recognition", False),  # no neighbours, no sound
        ("dockler", "docker", False),
        ("harbourk", "harbour", False),
        ("docked", "docker", False),
        ("frog", "grog", False),
        ("sebra", "zebra", False),
        ("organisation", "organization", True),
        ("organization", "organisation", True),
    ],
)
def test_a_likely_slip_is_one_of_hands_or_ears(typed: str, meant: str, expected: bool) -> None:
    assert is_likely_slip(typed, meant) is expected


@pytest.mark.parametrize("typed", ["hrbour", "harbur", "harbor"])
def test_a_word_without_one_of_its_vowels_is_found(typed: str) -> None:
    words = {6: SpeltWords("arbour", array("Q", [1])), 7: SpeltWords("harbour", array("Q", [5]))}
    assert Vocabulary(words).nearest(typed)[0] == "harbour"


@pytest.mark.parametrize(("known", "typed", "found"), [("coat", "cot", ("coat",)), ("cast", "cat", ())])
def test_beside_other_words_a_short_one_may_lack_a_vowel_and_no_consonant(
    known: str, typed: str, found: tuple[str, ...]
) -> None:
    words = Vocabulary({len(known): SpeltWords(known, array("Q", [500]))})
    assert words.meant(typed, beside_others=True) == found
    assert words.meant(typed, beside_others=False) == ()
