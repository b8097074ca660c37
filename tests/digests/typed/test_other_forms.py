"""Words are found with and without what their language hangs on to them."""

from __future__ import annotations

import pytest

from digests.typed.other_forms import common_beginning, other_forms, pieces_of, without_particle


@pytest.mark.parametrize(
    ("typed", "held"),
    [
        ("ממשלה", "הממשלה"),
        ("הממשלה", "ממשלה"),
        ("ירושלים", "בירושלים"),
        ("حكومة", "الحكومة"),
        ("الانتخابات", "انتخابات"),
    ],
)
def test_an_article_or_preposition_is_put_before_a_word_or_taken_off(typed: str, held: str) -> None:
    assert held in other_forms(typed)


@pytest.mark.parametrize("word", ["", "the", "thermal", "دم", "גן"])
def test_other_and_very_short_words_have_no_other_forms(word: str) -> None:
    assert other_forms(word) == []


def test_a_korean_particle_is_taken_off_a_word_that_remains_one() -> None:
    assert without_particle("삼성전자가") == "삼성전자"
    assert without_particle("서울에서는") == "서울"
    assert without_particle("나는") == ""
    assert without_particle("서울abc") == ""


def test_a_cyrillic_word_is_searched_without_the_vowel_of_its_case() -> None:
    assert common_beginning("москва") == "москв"
    assert common_beginning("киев") == "киев"
    assert common_beginning("дома") == ""
    assert common_beginning("дом") == ""
    assert common_beginning("venezia") == ""


def test_a_japanese_run_is_read_between_its_particles() -> None:
    assert pieces_of("東京の地震") == ["東京", "地震"]
    assert pieces_of("東京") == []
    assert pieces_of("用户的数据") == []
