"""Headlines as sets of words: do two of them say the same, or differ in one name only? Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from difflib import SequenceMatcher
from itertools import combinations
from math import ceil

from digests.bounded_cache import cached
from digests.composing.terms import NUMBER_WORDS, UNSPACED, stem
from digests.models.frozen import value
from digests.text import fold

SAME_HEADLINE = 0.8
"""Overlap of words (intersection over union) from which two headlines say the same: one word more or less in four, or
one word swapped in nine. With a lower one, `X recalls cars` and `Y recalls cars` would be one story."""
LEAST_WORDS = 3
"""Similar headlines with fewer content words (`Power restored`) prove nothing, and equal ones little."""
LEAST_CHARS = 8
"""In a script without spaces a headline is one word: there, this many characters are enough."""

_WORD = re.compile(r"[^\W_]+(?:['’.][^\W_]+)*")
_STOP = frozenset(
    """
    a an and are as at be been being but by can could did do does doing for from get gets getting had has have having he
    her here him his how i if in into is it its just like may might more most much must my new now of on once one only
    or other our out over own said say says see she should so some such than that the their them then there these they
    this those through to too up us very via was we were what when where which while who why will with would you your
    after about ahead amid
    """.split()  # noqa: SIM905 - a hundred quoted words would be harder to read
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
"""Maps to lower case, and everything but letters and digits to a space: enough for ASCII titles without `'` and `.`."""
_DIGITS = b"0123456789"
_LONG = 24
"""From this many words on a headline's marks are simpler; hardly any headline has that many."""
_NOTHING: frozenset[str] = frozenset()
_LONGER = 4
"""Shorter words (`in`, `of`) are in lower case in any headline."""


_HEADING_STEMS = frozenset(map(stem, _HEADING.split()))
"""Headlines made only of these (`Morning briefing`) head other news every day."""


class _Stems(dict[str, str]):
    """Cache of the stems of lower-case words; a stop word's is empty."""

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
        words: Stems of the content words.
        pivots: Numbers and negations; they must agree for two headlines to say the same.
        whole: All words of a headline with few content words, which only an equal one can repeat; empty if there are
            more, or if they name no event.
        is_telling: An equal `whole` proves as much as many equal words, whoever the provider.
        marks: Two headlines that say the same have at least one of these in common, few others do. Hashes that are
            valid in this process only.
    """

    words: frozenset[str]
    pivots: frozenset[str]
    marks: tuple[int, ...]
    whole: str = ""
    is_telling: bool = False


@cached(32768)
def headline(title: str) -> Headline:
    """Analyse a title. Words of other languages are kept as they are."""
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
    """Return a headline's marks: all triples of its first words in alphabetical order (prefix filtering).

    If two sets share `SAME_HEADLINE` of their words, the first three shared ones are among the first few words of both;
    triples keep headlines apart that only share common words. A very long headline would have thousands of triples:
    there, and in those long enough to say the same, each single word is a mark.
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
    """Return a title's folded words in order: equal for titles that differ only in case, accents or punctuation."""
    return " ".join(_words(title)) or fold(title.strip())


def _words(title: str) -> list[str]:
    raw = _ascii(title)
    return raw.decode().split() if raw is not None else [_bare(word) for word in _WORD.findall(title)]


def _ascii(title: str) -> bytes | None:
    """Return a plain English title in lower case with single spaces, or None if it needs the general method.

    Gives the same as `_WORD` and `_bare`, in a fifth of the time.
    """
    if not title.isascii() or "'" in title or "." in title:
        return None
    return title.encode().translate(_PLAIN)


def _bare(word: str) -> str:
    return fold(word).replace("’", "'").removesuffix("'s")


def say_the_same(first: Headline, second: Headline) -> bool:
    """Check whether two headlines are near-identical (see `SAME_HEADLINE`), or equal and specific enough."""
    size, other_size = len(first.words), len(second.words)
    if first.pivots != second.pivots or size < LEAST_WORDS or other_size < LEAST_WORDS:
        return first.is_telling and first.whole == second.whole
    if size < SAME_HEADLINE * other_size or other_size < SAME_HEADLINE * size:
        return False
    shared = len(first.words & second.words)
    return shared >= SAME_HEADLINE * (size + other_size - shared)


def differ_in_names(title: str, other: str) -> bool:
    """Check whether two headlines differ in names alone (see `differing_names`)."""
    return bool(differing_names(title, other))


def differing_names(title: str, other: str) -> tuple[tuple[str, ...], ...]:
    """Return the names of each of two headlines that are equal but for them (`1,000 more cases in Ohio`, `… in Utah`).

    With the names their numbers may differ, too, and a name may have several words. Empty if they differ in anything
    else, and if they are Written Like This: there names can't be recognised.
    """
    ours, theirs = _WORD.findall(title), _WORD.findall(other)
    longer = max(len(ours), len(theirs))
    if longer <= LEAST_WORDS or abs(len(ours) - len(theirs)) > longer // 2:
        return ()
    matcher = SequenceMatcher(None, [_bare(word) for word in ours], [_bare(word) for word in theirs], autojunk=False)
    names: tuple[list[str], list[str]] = ([], [])
    equal: list[str] = []
    for kind, begin, end, other_begin, other_end in matcher.get_opcodes():
        if kind == "equal":
            equal.extend(ours[begin:end])
            continue
        for found, words in zip(names, (ours[begin:end], theirs[other_begin:other_end]), strict=True):
            if not words or not all(_is_name(word) or is_number_word(word) for word in words):
                return ()
            found.extend(word for word in words if not is_number_word(word))
    if not all(names) or len(equal) * 2 < longer or not _is_lower_case(equal):
        return ()
    return tuple(map(tuple, names))


def swapped_words(title: str, other: str) -> tuple[str, str] | None:
    """Return the run of words of each of two headlines that are equal but for it; None if they differ in more.

    At least two thirds of the longer one have to be equal.
    """
    ours, theirs = _WORD.findall(title), _WORD.findall(other)
    folded, others = [_bare(word) for word in ours], [_bare(word) for word in theirs]
    start, least = 0, min(len(ours), len(theirs))
    while start < least and folded[start] == others[start]:
        start += 1
    end = 0
    while end < least - start and folded[-1 - end] == others[-1 - end]:
        end += 1
    if start + end == least or (start + end) * 3 < max(len(ours), len(theirs)) * 2:
        return None
    return " ".join(ours[start : len(ours) - end]), " ".join(theirs[start : len(theirs) - end])


def is_number_word(word: str) -> bool:
    """Check whether a word is a number, in digits or not."""
    return word[0].isdigit() or word.lower() in NUMBER_WORDS


def _is_name(word: str) -> bool:
    return word[0].isupper() and _bare(word) not in _STOP


def _is_lower_case(words: Sequence[str]) -> bool:
    """Check whether at least half of the longer words are in lower case."""
    longer = [word for word in words if len(word) >= _LONGER and word[0].isalpha()]
    return sum(word[0].islower() for word in longer) * 2 >= len(longer) > 0
