"""When headlines say the same."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digests.composing.headlines import headline, plain_words, say_the_same
from digests.composing.terms import stem
from digests.text import fold


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("Port of Velm shuts its north basin after spill", "Port of Velm Shuts Its North Basin After Spill"),
        ("Tidewright stops selling harbour cameras", "Tidewright to stop selling harbour cameras"),
        ("Tidewright’s cameras banned in Velm’s harbour", "Tidewright's cameras banned in Velm's harbour"),
        ("Café owners of Velm protest against tides", "Cafe owners of Velm protest against tides!"),
    ],
)
def test_the_same_news_in_nearly_the_same_words_is_recognised(first: str, second: str) -> None:
    assert say_the_same(headline(first), headline(second))


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("Harbour cranes 2020 release wave 1 overview", "Harbour cranes 2020 release wave 2 overview"),
        ("Tidewright will sell cameras to Velm", "Tidewright will not sell cameras to Velm"),
        ("Velm recalls ferries over brakes", "Osk recalls ferries over brakes"),
        ("News in brief", "News in brief"),
        ("Port of Velm shuts its north basin", "Port of Osk opens a new grain terminal"),
        ("", ""),
    ],
)
def test_other_news_or_too_little_proof_is_kept_apart(first: str, second: str) -> None:
    assert not say_the_same(headline(first), headline(second))


@given(st.text(max_size=200))
def test_any_text_can_be_taken_apart(text: str) -> None:
    assert all(headline(text).words)
    assert isinstance(plain_words(text), str)


@given(st.text(st.characters(max_codepoint=127), max_size=80))
def test_plain_english_is_read_as_any_other_text_is(title: str) -> None:
    # A letter beyond ASCII at its end has the whole title read the long way.
    assert plain_words(title) == (plain_words(f"{title} é").removesuffix("e").strip() or fold(title.strip()))


def test_stems_come_out_right_in_several_threads_at_once() -> None:
    words = [start + end for start in ("nation", "recall", "govern") for end in ("s", "ing", "ally", "ization")] * 50
    expected = [stem(word) for word in words]
    with ThreadPoolExecutor(4) as threads:
        assert all(stems == expected for stems in threads.map(lambda _n: [stem(word) for word in words], range(20)))
