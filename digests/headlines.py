"""Headlines as sets of words: when two of them say the same, and which words tell an event apart. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection
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
    if text.isascii():
        return text.lower()
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(char for char in decomposed if not unicodedata.combining(char))


@dataclass(frozen=True, slots=True)
class Headline:
    """A headline taken apart.

    Attributes:
        plain: Its words in order, folded: two headlines with the same `plain` are the same headline.
        words: The stems of its content words.
        pivots: Numbers and negations; they must agree for two headlines to say the same.
    """

    plain: str
    words: frozenset[str]
    pivots: frozenset[str]


@lru_cache(maxsize=32768)
def headline(title: str) -> Headline:
    """Takes a title apart. Words of other languages are kept as they are."""
    plain = [_bare(word) for word in _WORD.findall(title)]
    words = frozenset(stem(word) for word in plain if word not in _STOP)
    pivots = frozenset("not" if word in _PIVOTS else word for word in plain if word in _PIVOTS or word[0].isdigit())
    return Headline(" ".join(plain) or fold(title.strip()), words, pivots)


def plain_words(title: str) -> str:
    """Returns `headline(title).plain`: equal for two titles that differ in case, accents or punctuation only."""
    return " ".join([_bare(word) for word in _WORD.findall(title)]) or fold(title.strip())


def written(title: str, stems: Collection[str]) -> tuple[str, ...]:
    """Returns the words of a title that have one of these stems, as written, in order, each stem once."""
    found: dict[str, str] = {}
    for word in _WORD.findall(title):
        stemmed = stem(_bare(word))
        if stemmed in stems:
            found.setdefault(stemmed, word.removesuffix("’s").removesuffix("'s"))
    return tuple(found.values())


def _bare(word: str) -> str:
    return fold(word).replace("’", "'").removesuffix("'s")


def say_the_same(first: Headline, second: Headline) -> bool:
    """Tells whether two headlines are near-identical (see `SAME_HEADLINE`)."""
    size, other_size = len(first.words), len(second.words)
    if first.pivots != second.pivots or size < LEAST_WORDS or other_size < LEAST_WORDS:
        return False
    if size < SAME_HEADLINE * other_size or other_size < SAME_HEADLINE * size:
        return False
    shared = len(first.words & second.words)
    return shared >= SAME_HEADLINE * (size + other_size - shared)


@lru_cache(maxsize=4096)
def vocabulary(names: tuple[str, ...]) -> frozenset[str]:
    """Returns the stems of the words in `names` (topics, providers): words that tell no event apart."""
    return frozenset(stem(_bare(word)) for name in names for word in _WORD.findall(name))
