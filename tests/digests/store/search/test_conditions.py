"""How the index is asked: each pattern as text that FTS5 takes for words alone."""

from __future__ import annotations

import pytest

from digests.store.search.conditions import Pattern, pattern_text


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        (Pattern("ferry"), '"ferry"'),
        (Pattern("ferry", prefix=True), '"ferry" *'),
        (Pattern("ferry", title=True), 'title : "ferry"'),
        (Pattern("flüs", prefix=True), '"flus" *'),
        (Pattern("flüs", prefix=True, title=True), 'title : "flus" *'),
        (Pattern('say "so"'), '"say ""so"""'),
    ],
)
def test_a_pattern_becomes_one_quoted_text(pattern: Pattern, expected: str) -> None:
    assert pattern_text(pattern) == expected
