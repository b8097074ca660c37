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
    ("text", "sentence"),
    [
        ("One thing happened here today. Another one did not.", "One thing happened here today."),
        ("The U.S. Senate voted at 9 a.m. on Monday. It was close.", "The U.S. Senate voted at 9 a.m. on Monday."),
        ("Dr. J. R. Smith met Acme Inc. at No. 10. Nobody knows why.", "Dr. J. R. Smith met Acme Inc. at No. 10."),
        ("It costs 4.2 million in 2020.5 terms. So what?", "It costs 4.2 million in 2020.5 terms."),
        ("Exclusive. The mayor has resigned today. More soon.", "Exclusive. The mayor has resigned today."),
        ("“Is it over yet, at long last?” Nobody said so.", "“Is it over yet, at long last?”"),
        ("No end in sight", "No end in sight"),
        ("", ""),
    ],
)  # fmt: skip
def test_the_first_sentence_is_found(text: str, sentence: str) -> None:
    assert first_sentence(text, 140) == sentence


def test_a_sentence_without_room_is_cut_at_a_word() -> None:
    assert first_sentence("This sentence is rather longer than that.", 24) == "This sentence is rather…"
    assert first_sentence("Anything.", 0) == ""


@given(long_words, st.integers(0, 300))
def test_any_sentence_has_room(text: str, chars: int) -> None:
    assert length(first_sentence(text, chars)) <= chars
