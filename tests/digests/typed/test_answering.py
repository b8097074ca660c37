"""A question is answered with a sentence that says what was asked, or with none."""

from __future__ import annotations

import pytest

from digests.typed.answering import is_question, quote_for
from digests.typed.finder import Finder, Sought
from tests.digests.making import article


def _quote(question: str, words: str, body: str) -> str | None:
    finder = Finder(Sought(((word, False),)) for word in words.split())
    quote = quote_for(question, [article("a", "A headline", excerpt=body)], finder)
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


def test_why_is_answered_with_a_cause() -> None:
    assert _quote("why was averil dark", "averil dark", "Averil was dark for two hours last night.") is None
    cause = "Averil was dark because a seal slept on the cable."
    assert _quote("why was averil dark", "averil dark", f"Averil was dark for two hours. {cause}") == cause


def test_how_many_is_answered_with_a_number_of_these() -> None:
    other = "The company expects two days; the onion captain, who has seen eleven winters, has ordered cards."
    assert _quote("how many onions", "onions", other) is None
    assert _quote("how many onions", "onions", "They carry 4,016 onions, and cards.") is not None


@pytest.mark.parametrize(
    ("question", "words", "sentence"),
    [
        ("when will the ferry start", "ferry start", "The ferry will start on 4 June."),
        ("when is the ferry", "ferry", "The ferry leaves next week."),
        ("release date?", "release date", "The release date is in May."),
        ("when was the port founded", "port founded", "The port was founded in 1812."),
        ("what is the harbour rate?", "harbour rate", "The harbour rate rose to 14.7 percent."),
        ("max level?", "max level", "The max level is sixty."),
        ("who won the election", "won election", "On Sunday Marguerite Dole won the election."),
        ("where is the ferry built", "ferry built", "The ferry is built in Averil."),
        ("is the ferry open", "ferry open", "The ferry is open."),
        ("are the masks mandatory?", "masks mandatory", "In Averil masks are mandatory."),
        ("does the ferry carry cars", "ferry carry cars", "The ferry can carry sixty cars."),
        ("how much is the fare", "fare", "The fare is $4."),
        ("how long is the crossing", "crossing", "The crossing takes two hours."),
        ("how old is the captain", "captain", "The captain, aged 71, stays."),
        ("how many green cars were sold", "green cars sold", "Some 4,016 cars were sold, all green."),
        ("which ports have ice", "ports ice", "Averil and Dunmarrow are ports that have ice."),
        ("capital of averil?", "capital averil", "The capital of Averil is Port Averil."),
    ],
)
def test_a_sentence_answers_with_what_the_question_asks_for(question: str, words: str, sentence: str) -> None:
    assert _quote(question, words, sentence) == sentence


@pytest.mark.parametrize(
    ("question", "words", "sentence"),
    [
        ("when will the ferry start", "ferry start", "Many may count the days until the ferry will start."),
        ("when is the ferry", "ferry", "The ferry will be different this year."),
        ("what is the harbour rate?", "harbour rate", "The harbour rate nearly doubled."),
        ("who won the election", "won election", "Most won’t vote in the election, says Marguerite Dole."),
        ("who makes it", "makes", "Marguerite Dole makes the boat."),
        ("where is the ferry built", "ferry built", "The ferry is built, said the crew from the yard."),
        ("where is the averil lab", "averil lab", "It came from the lab in Averil."),
        ("is the ferry open", "ferry open", "Tickets for the ferry's re-opening are sold out."),
        ("is the ferry open", "ferry open", "Nobody knows whether the ferry is open."),
        ("are the masks mandatory?", "masks mandatory", "The line will soon make masks mandatory."),
        ("best boats?", "best boats", "The boats are the best of the region."),
        ("stock market?", "stock market", "Stock Market News and Tips for you."),
        ("tesla?", "tesla", "Tesla is a maker of cars."),
        ("how many classes", "classes", "Features include EN 55022 Class B."),
        ("what happened in averil", "happened averil", "We must know what happened in Averil."),
    ],
)
def test_no_quotation_is_better_than_a_wrong_one(question: str, words: str, sentence: str) -> None:
    assert _quote(question, words, sentence) is None
