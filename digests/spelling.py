"""Which known word a misspelt one stands for. Pure."""

from __future__ import annotations

import re
from array import array
from collections.abc import Mapping
from dataclasses import dataclass

from rapidfuzz import process
from rapidfuzz.distance import OSA

from digests.text import fold

LEAST_CHARS = 3
"""Shorter words are never corrected: every other short word is one letter away."""
ONE_MISTAKE_CHARS = 5
"""Up to here one mistake is forgiven, in longer words two: a letter too many, too few, wrong or swapped."""

LONGEST_CHARS = 40
"""Longer words are none that anybody types."""

_WORD = re.compile(r"[^\W_]+")


def words_of(text: str) -> list[str]:
    """Splits a text into words as the index does: letters and digits, case and diacritics folded."""
    return _WORD.findall(fold(text))


@dataclass(frozen=True, slots=True)
class SpeltWords:
    """Words of one length.

    Attributes:
        lines: One a line: as one text a hundred thousand words take a megabyte, as many texts twenty.
        counts: How many articles hold each, in the same order.
    """

    lines: str
    counts: array[int]


class Vocabulary:
    """The words of the corpus by their length; those with digits in them are not among them."""

    def __init__(self, words: Mapping[int, SpeltWords]) -> None:
        self._words = words

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
            group = self._words.get(length)
            if group is None:
                continue
            near = process.extract(
                word, group.lines.split("\n"), scorer=OSA.distance, score_cutoff=mistakes, limit=None
            )
            found += (
                (distance, known[0] != word[0], -group.counts[place], known)
                for known, distance, place in near
                if known != word
            )
        return tuple(known for _distance, _first, _count, known in sorted(found)[:limit])
