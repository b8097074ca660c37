"""Which known word a misspelt one stands for. Pure."""

from __future__ import annotations

import re
import unicodedata
from array import array
from collections.abc import Mapping

from rapidfuzz import process
from rapidfuzz.distance import OSA

LEAST_CHARS = 3
"""Shorter words are never corrected: every other short word is one letter away."""
ONE_MISTAKE_CHARS = 5
"""Up to here one mistake is forgiven, in longer words two: a letter too many, too few, wrong or swapped."""

_WORD = re.compile(r"[^\W_]+")


def words_of(text: str) -> list[str]:
    """Splits a text into words as the index does: letters and digits, case and diacritics folded."""
    return _WORD.findall(fold(text))


def fold(text: str) -> str:
    """Returns text in lower case and without diacritics."""
    if text.isascii():
        return text.lower()
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(char for char in decomposed if not unicodedata.combining(char))


class Vocabulary:
    """The words of the corpus with the number of articles that hold each.

    The words of one length stand in one text, a line per word, and are taken apart for the moment of a question: a
    hundred thousand of them then take a megabyte instead of twenty.
    """

    def __init__(self, counts: Mapping[str, int]) -> None:
        by_length: dict[int, list[str]] = {}
        for word in counts:
            if len(word) >= LEAST_CHARS and not any(char.isdigit() for char in word):
                by_length.setdefault(len(word), []).append(word)
        self._size = len(counts)
        self._groups = {
            length: ("\n".join(words), array("Q", [counts[word] for word in words]))
            for length, words in by_length.items()
        }

    def __len__(self) -> int:
        return self._size

    def nearest(self, word: str, limit: int = 3) -> tuple[str, ...]:
        """Returns known words that `word` may be a misspelling of, likeliest first.

        The fewer mistakes the better, then a right first letter, then the word of more articles. Words with
        digits in them have no neighbours: another year or model is another thing.
        """
        word = fold(word)
        if len(word) < LEAST_CHARS or any(char.isdigit() for char in word):
            return ()
        mistakes = 1 if len(word) <= ONE_MISTAKE_CHARS else 2
        found: list[tuple[float, bool, int, str]] = []
        for length in range(len(word) - mistakes, len(word) + mistakes + 1):
            if length not in self._groups:
                continue
            lines, counts = self._groups[length]
            near = process.extract(word, lines.split("\n"), scorer=OSA.distance, score_cutoff=mistakes, limit=None)
            found += (
                (distance, known[0] != word[0], -counts[place], known)
                for known, distance, place in near
                if known != word
            )
        return tuple(known for _distance, _first, _count, known in sorted(found)[:limit])
