"""No regular expression over text from outside takes time by the square of its length.

The patterns are collected from the modules, and the hostile texts are made of what each pattern itself looks for.
"""

from __future__ import annotations

import re
import signal
import time
from collections.abc import Callable
from datetime import UTC, datetime
from functools import cache
from importlib import import_module
from itertools import count

import pytest

from digests import text, urls
from digests.corpus import excerpts
from digests.corpus.reader import read
from digests.typed.query import parse_query
from tests.digests.regular_expressions import Use, hostile, uses

LONG_CHARS = (1024, 4096)
NOTICEABLE_S = 0.012
"""Less than a tenth of what a square takes for the longest text, twenty times what a line takes."""
TIMES = 8
GROWTH = 16
"""Eight times the text may take eight times as long; by the square it would be 64 times. This only raises a doubt."""
DECIDING_GROWTH = 24
LEAST_S = 0.3
"""A doubt is settled with a text that is eight times as long again, and takes seconds if it grows by the square: a busy
machine makes of eight times the CPU time no 24."""

ROOMS = (
    "digests.text",
    "digests.urls",
    "digests.words",
    "digests.spelling",
    "digests.corpus",
    "digests.ingest",
    "digests.typed",
    "digests.composing",
    "digests.store.search",
    "digests.service.search",
    "bot.render",
)


class TakesTooLong(BaseException):
    pass


@cache
def uses_of_rooms() -> list[Use]:
    """Find the patterns as a test asks for them: every process of tests collects, and one of them runs these."""
    return uses([import_module(name) for name in ROOMS])


def seconds(work: Callable[[str], object], text: str) -> float:
    began = time.process_time()
    work(text)
    return time.process_time() - began


def is_super_linear(
    work: Callable[[str], object], make: Callable[[int], str], sizes: tuple[int, ...] = LONG_CHARS
) -> bool:
    return any(
        seconds(work, make(size)) >= NOTICEABLE_S
        and grows_too_fast(work, make, size)
        and takes_too_long(work, make, size)
        for size in sizes
    )


def takes_too_long(work: Callable[[str], object], make: Callable[[int], str], size: int) -> bool:
    """Return whether a text that is eight times as long takes so much longer that growth by the square explains it."""

    def give_up(_signal: int, _frame: object) -> None:
        raise TakesTooLong

    text = make(size * TIMES)
    most_s = max(DECIDING_GROWTH * seconds(work, make(size)), LEAST_S)
    before = signal.signal(signal.SIGPROF, give_up)
    signal.setitimer(signal.ITIMER_PROF, most_s)
    try:
        work(text)
    except TakesTooLong:
        return True
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)
    return False


def grows_too_fast(work: Callable[[str], object], make: Callable[[int], str], size: int) -> bool:
    long, short = make(size), make(size // TIMES)
    pairs: list[tuple[float, float]] = []
    for _again in range(3):
        pairs.append((seconds(work, long), seconds(work, short)))
        # As good as in proportion: the short text would have to be measured five times too slow to hide a square.
        if pairs[-1][0] < 1.5 * TIMES * pairs[-1][1]:
            return False
    slow, quick = min(slow for slow, _quick in pairs), min(quick for _slow, quick in pairs)
    return slow >= NOTICEABLE_S and slow > GROWTH * max(quick, 2e-5)


def work_of(use: Use) -> Callable[[str], None]:
    pattern, methods = use.pattern, use.methods

    def work(text: str) -> None:
        if methods & {"search", "findall", "finditer", "sub", "subn", "split"}:
            for _match in pattern.finditer(text):
                pass
        if "match" in methods:
            pattern.match(text)
        if "fullmatch" in methods:
            pattern.fullmatch(text)

    return work


@pytest.mark.slow
def test_a_pattern_that_grows_by_the_square_is_noticed() -> None:
    square = work_of(Use("here", re.compile("[a-z]+x|word[a-z]+1"), frozenset({"search"})))
    assert is_super_linear(square, lambda size: "word" * (size // 4))


def is_inside(use: Use, room: str) -> bool:
    return use.where.startswith((f"{room}.", f"{room}:"))


def test_hundreds_of_patterns_are_found_and_each_lies_in_a_room() -> None:
    assert len(uses_of_rooms()) > 300
    assert all(sum(is_inside(use, room) for room in ROOMS) == 1 for use in uses_of_rooms())


@pytest.mark.parametrize(
    "room", [pytest.param(room, marks=pytest.mark.slow) if room == "digests.corpus" else room for room in ROOMS]
)
def test_a_pattern_grows_no_faster_than_its_text(room: str) -> None:
    for use in (use for use in uses_of_rooms() if is_inside(use, room)):
        work = work_of(use)
        for begin, pump, end in hostile(use.pattern):

            def make(size: int, begin: str = begin, pump: str = pump, end: str = end) -> str:
                return begin + (pump * (size // len(pump) + 1))[:size] + end

            assert not is_super_linear(work, make), f"{use.where}: {use.pattern.pattern}\non {make(60)!r}"


UNITS = (
    *("<a ", "=", "&", "&amp;", " ", "\n", "`", "[", "](", "<", "</a ", "<!--", '"', "a", "0", "/", ".", "-", "#", "%"),
    *("%20", "(", "\u0316\u0301", "\u200d", "Ã©", "* ", "> ", "- a: ", "|", "```x\n", "<h1>", "<title>", "![a](", "{{"),
)
NOW = datetime(2026, 3, 10, tzinfo=UTC)
OPENINGS = ("", "x &amp; <a ", "![", "https://a.example/", "---\ntitle: ")


def read_as(path: str) -> Callable[[str], object]:
    return lambda text: read(path, text.encode("utf-8", "replace"))


@pytest.mark.slow
@pytest.mark.parametrize(
    ("work", "openings"),
    [
        pytest.param(work, openings, id=name)
        for name, work, openings in (
            ("one_line", text.one_line, OPENINGS),
            ("paragraphs", text.paragraphs, OPENINGS),
            ("fold", text.fold, OPENINGS),
            ("safe", urls.safe, OPENINGS),
            ("canonical", urls.canonical, OPENINGS),
            ("domain_named", urls.domain_named, OPENINGS),
            ("parse_query", lambda hostile: parse_query(hostile, NOW), OPENINGS),
            ("markdown", read_as("a.md"), ("", "---\ntitle: ")),
            ("page", read_as("a.html"), ("", "<h1><p>")),
            ("plain", read_as("a.txt"), ("",)),
            ("prose_of", excerpts.prose_of, OPENINGS),
        )
    ],
)
def test_what_cleans_and_reads_text_grows_no_faster_than_it(
    work: Callable[[str], object], openings: tuple[str, ...]
) -> None:
    numbers = count()

    def afresh(hostile: str) -> None:
        work(f"{hostile}{next(numbers)}")  # nothing that a cache knows already

    for opening in openings:
        for unit in UNITS:

            def make(size: int, opening: str = opening, unit: str = unit) -> str:
                return f"{opening}{(unit * size)[:size]}é"

            assert not is_super_linear(afresh, make, LONG_CHARS[-1:]), (opening, unit)
