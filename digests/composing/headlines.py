"""Headlines as sets of words: when two of them say the same or differ in one name alone. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import combinations
from math import ceil

from digests.bounded_cache import cached
from digests.composing.words import UNSPACED, stem
from digests.models.frozen import value
from digests.text import fold

SAME_HEADLINE = 0.8
"""Share of words (intersection over union) from which two headlines say the same: one word more or less in
four, or one word swapped in nine. Below it `X recalls cars` and `Y recalls cars` would be one story."""
LEAST_WORDS = 3
"""Headlines with fewer content words (`Power restored`) prove nothing by being alike, and little by being equal."""
LEAST_CHARS = 8
"""A script without spaces makes one word of a headline: there, so many of its characters are enough."""

_WORD = re.compile(r"[^\W_]+(?:['’.][^\W_]+)*")
_STOP = frozenset(
    """
    a an and are as at be been being but by can could did do does doing for from get gets getting had has have having he
    her here him his how i if in into is it its just like may might more most much must my new now of on once one only
    or other our out over own said say says see she should so some such than that the their them then there these they
    this those through to too up us very via was we were what when where which while who why will with would you your
    after about ahead amid
    """.split()  # noqa: SIM905 - a hundred quoted words are no easier to read
)
_PIVOTS = frozenset(["no", "not", "never", "without", "nor", "isn't", "won't", "can't", "don't", "doesn't", "cannot"])
"""Words that turn a headline into its opposite; two headlines that differ in them never say the same."""

_HEADING = """
    afternoon analysis announcement briefing briefly brief bulletin column comment commentary correction crossword daily
    diary digest editorial edition evening gallery headlines highlights horoscope interview latest letters live
    midday monthly morning news newsletter notebook notice obituary opinion photos podcast preview quiz recap review
    roundup sport stories story summary today tonight top update video weather week weekend weekly
    monday tuesday wednesday thursday friday saturday sunday
    """
_UNSPACED = re.compile(f"[{UNSPACED}]")

_PLAIN = bytes(ord(chr(code).lower()) if code < 128 and chr(code).isalnum() else ord(" ") for code in range(256))
"""Lower case, and a space for whatever is no letter or digit: all that ASCII titles without `'` and `.` need."""
_DIGITS = b"0123456789"
_LONG = 24
"""Words of a headline from which on its marks are simpler; hardly any has so many."""
_NOTHING: frozenset[str] = frozenset()
_LONGER = 4
"""Shorter words (`in`, `of`) are written small in any headline."""


_HEADING_STEMS = frozenset(map(stem, _HEADING.split()))
"""Headlines of these alone (`Morning briefing`) stand above other news every day."""


class _Stems(dict[str, str]):
    """The stems of lower-case words looked up so far; stop words have the empty one."""

    most = 100_000

    def __missing__(self, word: str) -> str:
        if len(self) >= self.most:
            self.clear()
        found = self[word] = "" if word in _STOP else stem(word)
        return found


_stems = _Stems()


@value
class Headline:
    """A headline taken apart.

    Attributes:
        words: The stems of its content words.
        pivots: Numbers and negations; they must agree for two headlines to say the same.
        whole: All words of one with few content words, which only an equal one can say again; empty where there are
            more, and where they name no event.
        is_telling: An equal `whole` proves as much as many words do, whoever prints it.
        marks: Two headlines that say the same have at least one of these in common; few others have. Numbers that
            mean something in this process only.
    """

    words: frozenset[str]
    pivots: frozenset[str]
    marks: tuple[int, ...]
    whole: str = ""
    is_telling: bool = False


@cached(32768)
def headline(title: str) -> Headline:
    """Take a title apart. Words of other languages are kept as they are."""
    raw = _ascii(title)
    plain = _words(title) if raw is None else raw.decode().split()
    words = frozenset(filter(None, map(_stems.__getitem__, plain)))
    pivots = _NOTHING
    if raw is None or not _PIVOTS.isdisjoint(plain) or len(raw.translate(None, _DIGITS)) < len(raw):
        pivots = frozenset("not" if word in _PIVOTS else word for word in plain if word in _PIVOTS or word[0].isdigit())
    if len(words) >= LEAST_WORDS:
        return Headline(words, pivots, _marks(words, pivots))
    if all(word in _HEADING_STEMS or not any(map(str.isalpha, word)) for word in words):
        return Headline(words, pivots, ())
    whole = " ".join(plain)
    return Headline(words, pivots, (hash((whole,)),), whole, len(_UNSPACED.findall(whole)) >= LEAST_CHARS)


def _marks(words: frozenset[str], pivots: frozenset[str]) -> tuple[int, ...]:
    """Return a headline's marks: each three of the words that come first in alphabetical order (prefix filtering).

    Two sets that share `SAME_HEADLINE` of their words share so many that the first three of those stand among the
    first few words of either, in whatever order; three at a time keep headlines apart that have common words. Of a
    very long one there would be thousands: there, and in those long enough to say the same, it is each single word.
    """
    size = len(words)
    ordered, differing = sorted(words), size - ceil(SAME_HEADLINE * size)
    marks: list[object] = []
    if size <= _LONG:
        marks.extend(combinations(ordered[: differing + LEAST_WORDS], LEAST_WORDS))
    if size > SAME_HEADLINE * _LONG:
        marks.extend(ordered[: differing + 1])
    return tuple([hash((pivots, mark)) for mark in marks]) if pivots else tuple(map(hash, marks))


@cached(32768)
def plain_words(title: str) -> str:
    """Return a title's words in order, folded: equal for two that differ in case, accents or punctuation only."""
    return " ".join(_words(title)) or fold(title.strip())


def _words(title: str) -> list[str]:
    raw = _ascii(title)
    return raw.decode().split() if raw is not None else [_bare(word) for word in _WORD.findall(title)]


def _ascii(title: str) -> bytes | None:
    """Return a plain English title in lower case with spaces between its words, None where it takes a closer look.

    The same as `_WORD` and `_bare` find, in a fifth of the time.
    """
    if not title.isascii() or "'" in title or "." in title:
        return None
    return title.encode().translate(_PLAIN)


def _bare(word: str) -> str:
    return fold(word).replace("’", "'").removesuffix("'s")


def say_the_same(first: Headline, second: Headline) -> bool:
    """Return whether two headlines are near-identical (see `SAME_HEADLINE`), or equal and telling."""
    size, other_size = len(first.words), len(second.words)
    if first.pivots != second.pivots or size < LEAST_WORDS or other_size < LEAST_WORDS:
        return first.is_telling and first.whole == second.whole
    if size < SAME_HEADLINE * other_size or other_size < SAME_HEADLINE * size:
        return False
    shared = len(first.words & second.words)
    return shared >= SAME_HEADLINE * (size + other_size - shared)


def differ_in_names(title: str, other: str) -> bool:
    """Return whether two headlines differ in names alone (`1,000 more cases in Ohio`, `… in Utah`): two events.

    A headline That Is Written Like This doesn't tell which of its words are names.
    """
    ours, theirs = _WORD.findall(title), _WORD.findall(other)
    if len(ours) != len(theirs) or len(ours) <= LEAST_WORDS:
        return False
    differing = [(one, two) for one, two in zip(ours, theirs, strict=True) if _bare(one) != _bare(two)]
    return (
        0 < len(differing) <= max(len(ours) // 2, 1)
        and all(word[0].isupper() and _bare(word) not in _STOP for pair in differing for word in pair)
        and _is_lower_case([one for one, two in zip(ours, theirs, strict=True) if _bare(one) == _bare(two)])
    )


def _is_lower_case(words: Sequence[str]) -> bool:
    """Return whether half of some's longer words are written small."""
    longer = [word for word in words if len(word) >= _LONGER and word[0].isalpha()]
    return sum(word[0].islower() for word in longer) * 2 >= len(longer) > 0
