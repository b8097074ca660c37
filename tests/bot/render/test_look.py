"""A topic keeps its colour, which is seen in either theme; the first of several sentences is found."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.render.limits import length
from bot.render.look import ACCENTS, NO_TOPIC, accent, is_emoji
from bot.render.sentences import first_sentence
from tests.bot.render.strategies import long_words

LIGHT, DARK = 0xFFFFFF, 0x242429
"""What Discord puts a container on."""


def contrast(one: int, other: int) -> float:
    """WCAG's contrast of two colours, 1 to 21."""

    def luminance(color: int) -> float:
        parts = (color >> 16 & 255, color >> 8 & 255, color & 255)
        red, green, blue = (
            part / 255 / 12.92 if part <= 10 else ((part / 255 + 0.055) / 1.055) ** 2.4 for part in parts
        )
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("color", [*ACCENTS, NO_TOPIC])
def test_every_colour_stands_out_in_light_and_dark(color: int) -> None:
    assert contrast(color, LIGHT) >= 3
    assert contrast(color, DARK) >= 3


def test_a_topic_keeps_its_colour() -> None:
    # Written down: a colour that changed with a release would be another topic's to those who know it.
    assert accent("Computer Vision") == accent(" computer VISION ") == 0xB960AE
    assert accent(None) == accent(" ") == NO_TOPIC
    assert len({accent(f"Topic {number}") for number in range(200)}) == len(ACCENTS)


@pytest.mark.parametrize("emoji", ["🚢", "👁️", "🇩🇪", "👩‍🚀", "1️⃣", "<:ship:123456789012345678>", "<a:go:1>"])
def test_an_emoji_is_one(emoji: str) -> None:
    assert is_emoji(emoji)


@pytest.mark.parametrize("words", ["", "ship", ":ship:", "@everyone", "**", "#", "🚢 ship", "<@&123>", "é", "漢"])
def test_words_are_no_emoji(words: str) -> None:
    assert not is_emoji(words)


@pytest.mark.parametrize(
    ("before", "sentence", "after"),
    [
        ("", "One thing happened here today, as everybody knows.", " Another one did not."),
        ("", "The U.S. Senate voted at 9 a.m. on Monday, of all days.", " It was close."),
        ("", "Dr. J. R. Smith met the owner of Acme Inc. at No. 10.", " Nobody knows why."),
        ("", "It costs 4.2 million in what were 2020.5 terms.", " So what?"),
        ("", "Exclusive. The mayor of the old town has resigned today.", " More soon."),
        ("", "“Is it over yet, at last, or is it going on for ever?”", " Nobody said so."),
        ("", "Is the curve flat? Not yet. What comes is another day.", ""),
        ("", "Riverside County, Calif. Three died.", ""),
        ("", "Riverside County, Calif.", f" Three died{', and three more died' * 10}."),
        ("", "The county met on Monday.", " It did not en"),
        ("Editor's note: This is the second part. ", "The first told how it all began, and with whom.", " Or did it?"),
        ("Harbour opens again! ", "The first ship came in at noon, to applause.", ""),
        ("", "Harbour opens again!", ""),
        ("", "No end in sight", ""),
        ("", "", ""),
    ],
)
def test_the_first_sentence_that_says_something_is_found(before: str, sentence: str, after: str) -> None:
    assert first_sentence(f"{before}{sentence}{after}", 140, "Harbour opens again") == sentence


def test_a_sentence_without_room_is_cut_at_a_word() -> None:
    assert first_sentence("This sentence is rather longer than that.", 24) == "This sentence is rather…"
    assert first_sentence("Anything.", 0) == ""


@given(long_words, st.integers(0, 300))
def test_any_sentence_has_room(text: str, chars: int) -> None:
    assert length(first_sentence(text, chars)) <= chars
