"""The words of a query are found in texts as they are shown."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from digests.typed.finder import Finder, Sought

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
