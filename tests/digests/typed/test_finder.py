"""A question is answered with a sentence that says what was asked, or with none."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digests.typed.finder import Finder, Sought, is_question, quote_for
from tests.digests.making import article


def _quote(question: str, word: str, body: str) -> str | None:
    quote = quote_for(question, [article("a", "A headline", excerpt=body)], Finder([Sought(((word, False),))]))
    return None if quote is None else quote.sentence


@pytest.mark.parametrize(
    ("question", "sentence"),
    [
        ("who is dole?", "Marguerite Dole, who leads the port, spoke first."),
        ("who is dole", "Marguerite Dole is the head of the port."),
        ("what was dole", "Dole was a ferry of the eighties."),
        ("when did dole speak", "Dole spoke on Monday."),
    ],
)
def test_the_sentence_that_says_so_is_quoted(question: str, sentence: str) -> None:
    assert _quote(question, "dole", f"Dole, though, takes another view. {sentence}") == sentence


@pytest.mark.parametrize("question", ["who is dole", "what is dole?", "when did dole speak"])
def test_a_sentence_that_says_something_else_is_no_answer(question: str) -> None:
    assert _quote(question, "dole", "Dole, though, takes another view.") is None


def test_no_single_sentence_says_how_to_do_something() -> None:
    assert not is_question("how to use a spade")
    assert not is_question("how do I use a spade?")
    assert is_question("how many spades are there")


def test_a_name_in_capitals_asks_nothing() -> None:
    assert not is_question("WHO funding")
    assert is_question("who funds it")
    assert is_question("WHO FUNDS IT")


WORDS = st.sampled_from(
    [
        "happy",
        "happily",
        "fly",
        "flies",
        "Café",
        "cafe",
        "straße",
        "strasse",
        "C++",
        "c",
        "東京",
        "U.S.",
        "running",
        "run",
    ]
)


@given(st.lists(WORDS, min_size=1, max_size=3), st.lists(WORDS, max_size=6), st.booleans())
def test_no_sentence_that_holds_a_word_is_passed_over(sought: list[str], held: list[str], prefix: bool) -> None:
    finder = Finder([Sought(((word, prefix),)) for word in sought])
    sentence = " ".join(held)
    if finder.spans(sentence)[1]:
        assert finder.may_hold(sentence)


def test_why_is_answered_with_a_cause() -> None:
    assert _quote("why was averil dark", "averil", "Averil was dark for two hours last night.") is None
    cause = "Averil was dark because a seal slept on the cable."
    assert _quote("why was averil dark", "averil", f"Averil was dark for two hours. {cause}") == cause


def test_how_many_is_answered_with_a_number_of_these() -> None:
    other = "The company expects two days; the onion captain, who has seen eleven winters, has ordered cards."
    assert _quote("how many onions", "onions", other) is None
    assert _quote("how many onions", "onions", "They carry 4,016 onions, and cards.") is not None
