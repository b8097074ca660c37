"""Cleaning text from outside."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digests import text

HOSTILE = st.lists(
    st.sampled_from(
        [
            *[*"<>&;'\"=/!- \n\t\r\x00é’", "<b>", "</p>", "<script>", "&amp;", "&#60;", "&lt;b&gt;", "<!--", "-->"],
            *["â€™", "\u202e", "\u200b", "\u200d", "<![CDATA[", "]]>", "\ud800", "\u2028", "e\u0301", "👩\u200d💻"],
        ]
    ),
    max_size=30,
).map("".join)


@pytest.mark.parametrize(
    ("written", "clean"),
    [
        ("TORONTO â€” Clearview AI", "TORONTO — Clearview AI"),
        ("donâ€™t", "don’t"),
        ("CafÃ© MÃ¼ller", "Café Müller"),
        ("R&amp;D at AT&amp;T", "R&D at AT&T"),
        ("it&amp;#8217;s", "it’s"),
        ("<p>One</p><p>Two <b>bold</b></p>", "One Two bold"),
        ("a &lt;b&gt;bold&lt;/b&gt; word", "a bold word"),
        ("<script>alert('x')</script>Hello", "Hello"),
        ("Hello <!-- not this --> there", "Hello there"),
        ("  two   words\n\tand more ", "two words and more"),
        ("zero\u200bwidth \u202eoverride\u202c", "zerowidth override"),
        ("bell\x07 nul\x00", "bell nul"),
        ("cafe\u0301", "café"),
    ],
)
def test_damage_is_repaired(written: str, clean: str) -> None:
    assert text.one_line(written) == clean


@pytest.mark.parametrize(
    "honest",
    [
        "The <canvas> element explained".replace("<", "&lt;").replace(">", "&gt;"),
        "List<T> and Map<K, V> in C#",
        "3 < 5 and 7 > 6, I <3 this",
        "“Quoted” — and ’tis fine…",
        "Ça va à la carte, señor Ñandú",
        "Дневник новостей",
        "日本語の見出し",
        "👩\u200d💻 wins",
        "AT&T and Q&A",
        "naïve façade",
    ],
)
def test_honest_text_is_left_alone(honest: str) -> None:
    assert text.one_line(honest) == honest.replace("&lt;", "<").replace("&gt;", ">")


@given(st.one_of(st.text(), HOSTILE))
def test_one_line_is_one_clean_line(written: str) -> None:
    clean = text.one_line(written)
    assert clean == " ".join(clean.split())
    assert not any(ch in clean for ch in "\x00\n\r\t\u200b\u202e\u2028\ufeff\x1b")
    clean.encode("utf-8")


@given(st.one_of(st.text(), HOSTILE))
def test_paragraphs_keep_lines_and_nothing_worse(written: str) -> None:
    clean = text.paragraphs(written)
    assert clean == clean.strip()
    assert "\n\n\n" not in clean
    assert "  " not in clean
    clean.encode("utf-8")


def test_paragraphs_are_kept() -> None:
    assert text.paragraphs("One  line\r\nanother\r\n\r\n\r\n\r\nlast<br>words") == "One line\nanother\n\nlast\nwords"


@pytest.mark.parametrize(
    "bomb", ["<", "</", "<a ", '<a "', "<!--", "<script>", "&amp;", "&lt;a ", "<![CDATA[", "Ã", "\u200d", "<p ", " \n"]
)
@pytest.mark.timeout(60)
def test_hostile_text_takes_no_more_than_linear_time(bomb: str) -> None:
    """What grows with the square of its length would be at it for half an hour."""
    assert len(text.paragraphs(bomb * 80_000)) <= len(bomb) * 80_000


@given(st.text(), st.integers(min_value=10, max_value=50))
def test_shortened_text_fits(written: str, limit_chars: int) -> None:
    line = text.one_line(written)
    short = text.shortened(line, limit_chars)
    assert len(short) <= limit_chars
    assert short == line or short.endswith("…")


def test_shortening_cuts_at_a_word() -> None:
    assert text.shortened("one two three four five six", 20) == "one two three four…"


def test_marks_piled_beyond_all_measure_are_lowered() -> None:
    piled = text.one_line("Za" + "\u0316\u0301" * 50_000 + "lgo")
    assert piled.startswith("Z")
    assert piled.endswith("lgo")
    assert len(piled) < 40
    assert text.fold("a" + "\u0316\u0301" * 50_000) == "a"


def test_numbers_of_characters_beyond_all_measure_are_no_characters() -> None:
    assert text.one_line("a &#" + "1" * 5000 + "; b") == "a \ufffd b"
    assert text.one_line("a &amp;#" + "1" * 5000 + "; b") == "a \ufffd b"


def test_joiners_stay_only_between_what_they_may_join() -> None:
    assert text.one_line("👩\u200d💻 a\u200db é\u200d") == "👩\u200d💻 ab é"
    assert text.one_line("é" + "\u200d" * 100_000 + "x") == "éx"
