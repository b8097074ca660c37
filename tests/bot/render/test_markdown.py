"""Text from outside is read as it stands, whatever it says; links are links."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.render.limits import length
from bot.render.markdown import LINK_URL_CHARS, clip, escape, link, plain, sentence_of, stamp, target
from tests.bot.render import strategies
from tests.bot.render.reading import Seen, pings, seen


@given(strategies.words)
@example("1. @everyone <@&1> <t:1:R> :a: https://b.c")
@example("10:30:45")
@example("a:b:c:d")
def test_escaped_text_is_read_as_it_stands(text: str) -> None:
    escaped = escape(text)
    assert seen(escaped) == ([Seen("text", plain(text))] if plain(text) else [])
    assert not pings(escaped)
    assert "\n" not in escaped


@pytest.mark.parametrize("text", strategies.HOSTILE)
def test_hostile_text_is_read_as_it_stands_wherever_it_is(text: str) -> None:
    for whole in (text, f"before {text}", f"{text} after", f"a{text}b", text * 3):
        assert [piece.kind for piece in seen(escape(whole))] in ([], ["text"])
        assert not pings(escape(whole))


@given(strategies.words)
def test_plain_text_is_one_line_without_anything_unseen(text: str) -> None:
    cleaned = plain(text)
    assert cleaned == plain(cleaned)
    assert not set(cleaned) & set("\n\r\t\x00\x1b\u200b\u202e\u2028")
    cleaned.encode()


@given(strategies.words.filter(lambda text: plain(text)), strategies.urls)
def test_a_link_is_one_link_with_its_title(title: str, url: str) -> None:
    made = link(title, url)
    address = target(url)
    if address is None:
        assert made == escape(title)
        return
    words = plain(title).replace("[", "(").replace("]", ")")
    assert seen(made) == [Seen("link", words, address)]
    assert not pings(made)
    assert address.startswith(("http://", "https://"))
    assert address.isascii()


@given(strategies.words.filter(lambda text: plain(text)), strategies.urls, strategies.words)
def test_a_link_in_bold_stays_a_link(title: str, url: str, after: str) -> None:
    shown = f"**{link(title, url)}** · {escape(after)}"
    inner = shown[2 : shown.index("** · ")]
    assert "**" not in inner
    assert not pings(shown)


def test_a_link_keeps_an_ordinary_address_as_it_is() -> None:
    url = "https://www.techrepublic.com/article/my_app-uses~x/?a=1&b=2#c"
    assert link("My app", url) == f"[My app]({url})"


def test_parentheses_and_spaces_in_an_address_are_encoded() -> None:
    assert (
        target("https://en.wikipedia.org/wiki/Mercury_(planet) a")
        == "https://en.wikipedia.org/wiki/Mercury_%28planet%29%20a"
    )


@pytest.mark.parametrize("url", [None, "", "ftp://a.example/", "javascript:alert(1)", "file:///etc/passwd", "nonsense"])
def test_only_web_addresses_become_links(url: str | None) -> None:
    assert link("A *title*", url) == "A \\*title\\*"


def test_an_address_too_long_to_link_leaves_the_title() -> None:
    assert target("https://a.example/" + "x" * (LINK_URL_CHARS - 18)) is not None
    assert link("A title", "https://a.example/" + "x" * (LINK_URL_CHARS - 17)) == "A title"


def test_names_and_passwords_in_an_address_are_left_out() -> None:
    assert target("https://google.com:secret@evil.example/") == "https://evil.example/"


def test_a_link_without_words_shows_its_domain() -> None:
    assert link(" \u200b ", "https://www.forbes.com/a") == "[forbes.com](https://www.forbes.com/a)"


def test_brackets_in_a_title_become_round() -> None:
    assert link("[Updated] News [live", "https://a.example/") == "[(Updated) News (live](https://a.example/)"


@given(strategies.long_words, st.integers(0, 300))
def test_clipped_text_is_short_enough_and_begins_the_same(text: str, chars: int) -> None:
    clipped = clip(text, chars)
    assert length(clipped) <= chars
    if clipped.endswith("…"):
        assert plain(text).startswith(clipped[:-1].rstrip())
    elif clipped:
        assert clipped == plain(text)


@pytest.mark.parametrize(
    ("text", "chars", "clipped"),
    [
        ("Clearview stops in Canada", 25, "Clearview stops in Canada"),
        ("Clearview stops in Canada", 24, "Clearview stops in…"),
        ("Clearview stops, in Canada", 18, "Clearview stops…"),
        ("federal privacy ...", 100, "federal privacy…"),
        ("...", 100, ""),
        ("Donaudampfschifffahrt", 10, "Donaudamp…"),
        ("漢字漢字漢字漢字", 4, "漢字漢…"),
        ("👍🏽👍🏽👍🏽", 6, "👍…"),
        ("word", 0, ""),
    ],
)
def test_text_is_clipped_at_a_words_end(text: str, chars: int, clipped: str) -> None:
    assert clip(text, chars) == clipped


def test_a_stamp_holds_the_moment_in_seconds() -> None:
    assert stamp(datetime(2020, 7, 8, 6, tzinfo=UTC), "F") == "<t:1594188000:F>"


def test_code_in_our_own_sentences_stays_code() -> None:
    said = sentence_of("Type `08:00`, not *25:00* `@everyone`")
    assert said == "Type `08:00`, not \\*25:00\\* `@\u200beveryone`"
    assert not pings(said)


@example(":`:`")
@given(strategies.words)
def test_what_somebody_typed_can_make_nothing_but_code_in_a_sentence(text: str) -> None:
    said = sentence_of(f"“{text}” is no time.")
    assert {piece.kind for piece in seen(said)} <= {"text", "code"}
    assert not pings(said)
