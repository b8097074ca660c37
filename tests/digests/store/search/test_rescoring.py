"""Which headlines are worth a look, without asking the index for them once more."""

from __future__ import annotations

import pytest

from digests.store.search.conditions import Pattern
from digests.store.search.rescoring import Candidate, Rescoring, read_shares


@pytest.mark.parametrize(
    ("patterns", "title"),
    [
        ((Pattern("ship"), Pattern("harbour")), "Ships leave the HARBOUR"),
        ((Pattern("harbour ship"),), "A harbour ship"),
        ((Pattern("harb", prefix=True),), "The Harbours Act"),
        ((Pattern("cities"),), "A city by the sea"),
        ((Pattern("voting"),), "Voting begins"),
        ((Pattern("mine"),), "The mining town"),
        ((Pattern("東京"),), "大きな東京の朝"),
        ((Pattern("C++"),), "Modern C++ at sea"),
        ((Pattern("tidewrght", others=((Pattern("tidewright"), 0.5),)),), "Tidewright docks"),
        ((Pattern("ATT"),), "AT&T raises prices"),
        ((Pattern("…"),), "Anything at all"),
    ],
)
def test_a_headline_that_holds_what_is_looked_for_is_never_passed_over(
    patterns: tuple[Pattern, ...], title: str
) -> None:
    assert Rescoring(patterns, [0.1] * len(patterns), "").may_be_in(title)


def test_a_headline_that_lacks_a_word_is_passed_over() -> None:
    assert not Rescoring((Pattern("ship"), Pattern("harbour")), [0.1, 0.1], "").may_be_in("Ships at sea")


@pytest.mark.parametrize("word", ["voting", "hiring", "sizing", "cities", "icy", "lies", "ably", "be", "i"])
def test_a_word_is_found_whatever_its_stem_ends_in(word: str) -> None:
    _relevance, held = Rescoring((Pattern(word),), [0.1], word).score(Candidate(1, (word, "", "", "", "", ""), 0, 0))
    assert held == 1


def test_a_sign_is_counted_by_its_stem_as_the_index_has_it() -> None:
    counts = {"cplusplu": 3, "ship": 5, "京": 1}
    assert read_shares([Pattern("C++"), Pattern("ships"), Pattern("京")], counts, 10) == [0.3, 0.5, 0.1]


def _score(rescoring: Rescoring, title: str, excerpt: str = "") -> float:
    return rescoring.score(Candidate(1, (title, excerpt, "", "", "", ""), 0, 0))[0]


def test_three_words_of_a_headline_outweigh_one_rare_word_elsewhere() -> None:
    words = (Pattern("ferry"), Pattern("strike"), Pattern("harbour"), Pattern("xylophone"))
    rescoring = Rescoring(words, [0.05, 0.05, 0.05, 0.0005], "ferry strike harbour xylophone")
    three = _score(rescoring, "Ferry strike closes the harbour")
    assert three > _score(rescoring, "A concert in the park", "The xylophone was heard as far as the ferry.")


def test_the_word_as_typed_counts_more_than_another_of_the_same_stem() -> None:
    rescoring = Rescoring((Pattern("US"),), [0.1], "US")
    assert _score(rescoring, "US wins the cup at last") > _score(rescoring, "How to use a spade today")
    rescoring = Rescoring((Pattern("ports"), Pattern("close")), [0.1, 0.1], "")
    assert _score(rescoring, "Two ports close") > _score(rescoring, "Two port closing")


def test_a_name_that_only_capitals_set_apart_from_a_common_word_counts_in_capitals() -> None:
    rescoring = Rescoring((Pattern("WHO"), Pattern("funding")), [0.3, 0.01], "WHO funding")
    assert _score(rescoring, "President halts WHO funding") > _score(rescoring, "Artists who got funding")


def test_a_function_word_counts_less_than_what_a_question_is_about() -> None:
    rescoring = Rescoring((Pattern("safe"), Pattern("go"), Pattern("beach")), [0.02, 0.02, 0.02], "safe go beach")
    assert _score(rescoring, "A beach stays safe in winter") > _score(rescoring, "Where to go with a safe in winter")


def test_the_beginning_of_a_word_makes_up_as_much_of_a_headline_as_the_word() -> None:
    whole = Rescoring((Pattern("harbour"), Pattern("closes")), [0.1, 0.1], "harbour closes")
    begun = Rescoring((Pattern("harbour"), Pattern("clos", prefix=True)), [0.1, 0.1], "harbour clos")
    assert _score(begun, "Harbour town closes") == pytest.approx(_score(whole, "Harbour town closes"), rel=0.1)
