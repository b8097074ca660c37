from __future__ import annotations

from typing import Any

from digests import text, urls
from digests.bounded_cache import cached


def test_short_texts_are_cached_and_long_ones_are_not() -> None:
    asked: list[object] = []

    @cached(10, longest=8)
    def size(value: str | tuple[str, ...] | None, other: str = "") -> int:
        asked.append(value)
        return len(value or "") + len(other)

    for _round in range(3):
        assert size("short") == 5
        assert size("far too long") == 12
        assert size(("ab", "cd")) == 2
        assert size(("abcdef", "ghi")) == 2
        assert size(None, "x") == 1
    assert asked.count("short") == asked.count(("ab", "cd")) == asked.count(None) == 1
    assert asked.count("far too long") == asked.count(("abcdef", "ghi")) == 3


def test_texts_from_outside_leave_no_megabytes_behind() -> None:
    functions: tuple[Any, ...] = (urls.canonical, urls.safe, urls.resolve, urls.domain_named, text.name)
    for function in functions:
        before = function.cache_info().currsize
        for number in range(3):
            function(f"https://example.com/{number}" + "x" * 100_000)
        assert function.cache_info().currsize == before
