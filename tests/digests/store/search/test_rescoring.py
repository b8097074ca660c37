"""Which headlines are worth a look, without asking the index for them once more."""

from __future__ import annotations

import pytest

from digests.store.search.conditions import Pattern
from digests.store.search.rescoring import Rescoring


@pytest.mark.parametrize(
    ("patterns", "title"),
    [
        ((Pattern("ship"), Pattern("harbour")), "Ships leave the HARBOUR"),
        ((Pattern("harbour ship"),), "A harbour ship"),
        ((Pattern("harb", prefix=True),), "The Harbours Act"),
        ((Pattern("cities"),), "A city by the sea"),
        ((Pattern("東京"),), "大きな東京の朝"),
        ((Pattern("C++"),), "Modern C++ at sea"),
        ((Pattern("tidewrght", others=((Pattern("tidewright"), 0.5),)),), "Tidewright docks"),
        ((Pattern("…"),), "Anything at all"),
    ],
)
def test_a_headline_that_holds_what_is_looked_for_is_never_passed_over(
    patterns: tuple[Pattern, ...], title: str
) -> None:
    assert Rescoring(patterns, [0.1] * len(patterns), "").may_be_in(title)


def test_a_headline_that_lacks_a_word_is_passed_over() -> None:
    assert not Rescoring((Pattern("ship"), Pattern("harbour")), [0.1, 0.1], "").may_be_in("Ships at sea")
