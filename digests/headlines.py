"""Headlines as sets of words: when two of them say the same, and which words tell an event apart. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

import snowballstemmer

SAME_HEADLINE = 0.8
"""Share of words (intersection over union) from which two headlines say the same: one word more or less in
four, or one word swapped in nine. Below it `X recalls cars` and `Y recalls cars` would be one story."""
LEAST_WORDS = 3
"""Headlines with fewer content words (`News in brief`) prove nothing by being alike."""

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

_stemmer = snowballstemmer.stemmer("english")


@lru_cache(maxsize=65536)
def stem(word: str) -> str:
    """Returns the English stem of a lower-case word."""
    return str(_stemmer.stemWord(word))


def fold(text: str) -> str:
    """Returns `text` without case and diacritics."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(char for char in decomposed if not unicodedata.combining(char))


@dataclass(frozen=True, slots=True)
class Headline:
    """A headline taken apart.

    Attributes:
        plain: Its words in order, folded: two headlines with the same `plain` are the same headline.
        words: Stem -> the word as written, for its content words.
        pivots: Numbers and negations; they must agree for two headlines to say the same.
    """

    plain: str
    words: Mapping[str, str]
    pivots: frozenset[str]


@lru_cache(maxsize=65536)
def headline(title: str) -> Headline:
    """Takes a title apart. Words of other languages are kept as they are."""
    plain: list[str] = []
    words: dict[str, str] = {}
    pivots: set[str] = set()
    for match in _WORD.finditer(title):
        written = match[0]
        folded = fold(written).replace("’", "'")
        folded = folded.removesuffix("'s")
        plain.append(folded)
        if folded in _PIVOTS or folded[0].isdigit():
            pivots.add("not" if folded in _PIVOTS else folded)
        if folded not in _STOP:
            words.setdefault(stem(folded), written.removesuffix("’s").removesuffix("'s"))
    return Headline(" ".join(plain) or fold(title.strip()), words, frozenset(pivots))


def say_the_same(first: Headline, second: Headline) -> bool:
    """Tells whether two headlines are near-identical (see `SAME_HEADLINE`)."""
    if first.pivots != second.pivots or min(len(first.words), len(second.words)) < LEAST_WORDS:
        return False
    shared = len(first.words.keys() & second.words.keys())
    return shared >= SAME_HEADLINE * (len(first.words) + len(second.words) - shared)


@lru_cache(maxsize=4096)
def vocabulary(names: tuple[str, ...]) -> frozenset[str]:
    """Returns the stems of the words in `names` (topics, providers): words that tell no event apart."""
    return frozenset(stem(fold(match[0])) for name in names for match in _WORD.finditer(name))
