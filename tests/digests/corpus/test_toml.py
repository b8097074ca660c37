"""TOML by two parsers: the fast one may only ever say what the other says."""

from __future__ import annotations

import threading
import tomllib
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from digests.corpus import toml
from tests.examples import examples

NAMES = ("title", "a", "a.b", '"a b"', "a . c", "é", '""')
VALUES = (
    *('"x"', "'x'", '"""m\nl"""', "1_000", "-0", "0x1F", "1e5", "nan", "true", "[1, 'a',]", "{a = 1}", "{a=1,}", "00"),
    *("2024-01-02", "2024-01-02T03:04:05.1234567Z", "2024-01-02 03:04:05+01:30", "03:04", "2024-02-30", '"\\e"'),
    *("9223372036854775808", "0000-01-01", '"\\ud800"', '"\t"', "2024-01-02T03:04:60Z"),
)
LINES = st.one_of(
    st.sampled_from(("[a]", "[[a]]", "[a.b]", "# comment", "", "x", "[t] # c")),
    st.tuples(st.sampled_from(NAMES), st.sampled_from(VALUES)).map(" = ".join),
)


@settings(max_examples=examples(60))
@given(st.lists(LINES, max_size=5).map("\n".join))
def test_the_fast_parser_says_what_the_standard_library_says(source: str) -> None:
    assert _said(toml.loads, source) == _said(tomllib.loads, source)


def _said(loads: Callable[[str], object], source: str) -> str:
    try:
        return repr(loads(source))
    except ValueError as error:
        return str(error)


@pytest.mark.parametrize("source", ["a=" + "[" * 5000, "a=" + "{a=" * 3000])
def test_bottomless_nesting_costs_an_error_and_not_the_process(source: str) -> None:
    with pytest.raises((ValueError, RecursionError)):
        toml.loads(source)


def test_a_thread_reads_the_same() -> None:
    found: list[object] = []
    thread = threading.Thread(target=lambda: found.append(toml.loads("date = 2024-01-02\na.b = [1]")))
    thread.start()
    thread.join()
    assert found == [toml.loads("date = 2024-01-02\na.b = [1]")]
