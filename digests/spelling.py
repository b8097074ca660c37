"""Finds the known word that a misspelt one stands for. Pure."""

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
"""Up to this length one mistake is allowed, in longer words two: a letter too many, too few, wrong or swapped."""

LEAST_END_CHARS = 5
"""A shorter end of a compound may be an ending of many words."""

LONGEST_CHARS = 40
"""Nobody types longer words."""

_WORD = re.compile(r"[^\W_]+")


def words_of(text: str) -> list[str]:
    """Split text into words as the index does: letters and digits, case and diacritics folded."""
    return _WORD.findall(fold(text))


@dataclass(frozen=True, slots=True)
class SpeltWords:
    """Words of one length.

    Attributes:
        lines: One word per line: as one string a hundred thousand words take a megabyte, as separate strings twenty.
        counts: How many articles contain each, in the same order.
    """

    lines: str
    counts: array[int]


_NEVER_MEANT_LISTED = """
about above across after again against all almost along already also although always among another any anyone
anything are around because been before behind being below between both but came can cannot come could did does
doing done down during each either else enough even ever every everyone everything for from gave get gets give
given goes going gone good got great had has have having her here hers herself him himself his how however into
its itself just keep kept know known let like likely look made make makes many may maybe might mine more most
much must near need never none nor not nothing now off often once only onto other others our ours out over own
per please put quite rather really said same saw say says see seen several shall she should since some someone
something soon still such take taken than thank thanks that the their theirs them then there these they thing
things think this those though through thus till told too took toward under until upon use used using very want
wants was way well went were what when where whether which while who whole whom whose why will with within
without would yes yet you your
"""
NEVER_MEANT = frozenset(_NEVER_MEANT_LISTED.split())
"""Function words and the most common verbs: a misspelt word is never meant to be one of them."""
_KEYS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
_VOWELS = frozenset("aeiouy")
_SOUND_ALIKE = frozenset(
    {("c", "k"), ("c", "s"), ("s", "z"), ("f", "v"), ("g", "j"), ("b", "p"), ("d", "t"), ("m", "n")}
)
LIKELY_CHARS = 5
"""Shorter words are corrected only if two letters are swapped or one is doubled."""
VOWEL_CHARS = 7
"""In words of this length a vowel may be wrong anywhere, in shorter ones only at the end."""
_ENDINGS = ("ings", "ing", "ers", "er", "ed", "es", "s")
ENDING_CHARS = 3
TWO_SLIPS_CHARS = 10
"""From this length on a single word may have two slips; next to other words from `TWO_SLIPS_BESIDE_CHARS` on."""
TWO_SLIPS_BESIDE_CHARS = 7
LEAST_COUNT = 2
"""A letter counts as wrong only if the corrected word is in at least this many articles."""


def _neighbouring_keys() -> frozenset[tuple[str, str]]:
    near: set[tuple[str, str]] = set()
    for row, keys in enumerate(_KEYS):
        for place, key in enumerate(keys):
            near.update((key, other) for other in keys[max(0, place - 1) : place + 2])
            if row + 1 < len(_KEYS):
                below = _KEYS[row + 1][max(0, place - 1) : place + 1]
                near.update(pair for other in below for pair in ((key, other), (other, key)))
    return frozenset(near)


_NEIGHBOURS = _neighbouring_keys()


def is_likely_slip(typed: str, meant: str) -> bool:
    """Check whether `typed` is `meant` with one typing or spelling error.

    Two letters swapped, one left out or typed twice, a neighbouring key hit instead or as well, a wrong vowel or a
    similar sound. Words that only end differently (`docker`, `docked`) are different words.
    """
    start = next((n for n, (a, b) in enumerate(zip(typed, meant, strict=False)) if a != b), min(len(typed), len(meant)))
    a, b = typed[start:], meant[start:]
    if len(typed) == len(meant):
        if len(a) > 1 and a[0] == b[1] and a[1] == b[0] and a[2:] == b[2:]:
            return True
        if not a or a[1:] != b[1:] or start == 0:
            return False
        pair = (a[0], b[0])
        if _VOWELS.issuperset(pair):
            return len(typed) >= VOWEL_CHARS or len(a) == 1
        alike = pair in _NEIGHBOURS or pair in _SOUND_ALIKE or pair[::-1] in _SOUND_ALIKE
        return alike and len(typed) > LIKELY_CHARS and len(a) > 1
    if len(typed) + 1 == len(meant):
        return a == b[1:] and start > 0 and (len(a) > 1 or meant[-1] == meant[-2])
    if len(typed) == len(meant) + 1 and a[1:] == b:
        if typed[start - 1 : start] == a[0]:
            return True
        around = typed[max(0, start - 1) : start] + typed[start + 1 : start + 2]
        if a[0] in _VOWELS and len(typed) >= VOWEL_CHARS and len(a) > 1 and start > 1:
            return True
        near = any((a[0], other) in _NEIGHBOURS for other in around)
        return near and len(typed) > VOWEL_CHARS and len(a) > ENDING_CHARS
    return False


def _ending_chars(typed: str, meant: str) -> int:
    """Return the length of the inflection that both words end in: most of `warning` and `working` is the same."""
    return next((len(ending) for ending in _ENDINGS if typed.endswith(ending) and meant.endswith(ending)), 0)


def _lacks_vowel(typed: str, meant: str) -> bool:
    """Check whether `typed` is `meant` without a vowel inside it."""
    inside = range(1, len(meant) - 1)
    return any(meant[place] in _VOWELS and meant[:place] + meant[place + 1 :] == typed for place in inside)


class Vocabulary:
    """The words of the corpus by length, without those with digits."""

    def __init__(self, words: Mapping[int, SpeltWords]) -> None:
        self._words = words

    def updated(self, counts: Mapping[str, int]) -> Vocabulary:
        """Return the vocabulary with updated counts of some words; words in no article are removed."""
        groups = dict(self._words)
        for length in {len(word) for word in counts}:
            group = groups.get(length)
            known = dict(zip(group.lines.split("\n"), group.counts, strict=True)) if group is not None else {}
            known.update((word, count) for word, count in counts.items() if len(word) == length)
            left = {word: count for word, count in known.items() if count}
            groups.pop(length, None)
            if left:
                groups[length] = SpeltWords("\n".join(left), array("Q", left.values()))
        return Vocabulary(groups)

    def count(self, word: str) -> int:
        """Return how many articles contain a folded word; 0 if it is unknown."""
        group = self._words.get(len(word))
        if group is None:
            return 0
        place = group.lines.find(word)
        while place > 0 and group.lines[place - 1] != "\n":
            place = group.lines.find(word, place + 1)
        return group.counts[place // (len(word) + 1)] if place >= 0 else 0

    def nearest(self, word: str, limit: int = 3) -> tuple[str, ...]:
        """Return known words similar to `word` as suggestions, most likely first.

        Ordered by the number of mistakes, then a matching first letter, then the number of articles. Words with digits
        have no similar words: another year or model is something else.
        """
        word = fold(word)
        mistakes = 1 if len(word) <= ONE_MISTAKE_CHARS else 2
        near = self._near(word, mistakes)
        found = sorted((distance, known[0] != word[0], -count, known) for known, distance, count in near)
        return tuple(known for _distance, _first, _count, known in found[:limit])

    def has_beginning(self, word: str, least_more: int) -> bool:
        """Check whether a known word begins with a folded one and has at least this many more letters."""
        return any(
            length >= len(word) + least_more and f"\n{word}" in f"\n{group.lines}"
            for length, group in self._words.items()
        )

    def ending_with(self, word: str, limit: int = 4) -> tuple[str, ...]:
        """Return known words that end with a folded one, such as compounds of it, most frequent first."""
        found: list[tuple[int, str]] = []
        for length, group in self._words.items():
            if length < len(word) + LEAST_CHARS:
                continue
            place = group.lines.find(f"{word}\n")
            while place >= 0:
                number = place // (length + 1)
                if (place + len(word)) % (length + 1) == length:
                    found.append((-group.counts[number], group.lines[number * (length + 1) :][:length]))
                place = group.lines.find(f"{word}\n", place + 1)
            if group.lines.endswith(word):
                found.append((-group.counts[-1], group.lines[-length:]))
        return tuple(known for _count, known in sorted(found)[:limit])

    def ends_of(self, word: str) -> tuple[str, ...]:
        """Return the longest known word that a folded compound ends with, such as `brucke` of `autobahnbrucke`."""
        ends = (word[cut:] for cut in range(LEAST_CHARS, len(word) - LEAST_END_CHARS + 1))
        return tuple([end for end in ends if self.count(end)][:1])

    def meant(self, word: str, *, beside_others: bool, limit: int = 4, least_count: int = 1) -> tuple[str, ...]:
        """Return known words that were likely meant by `word`; usually none.

        Args:
            word: An unknown word.
            beside_others: Articles have to contain other typed words as well, so less likely errors are
                accepted.
            least_count: Otherwise, in how many articles they have to be.
        """
        word = fold(word)
        least = TWO_SLIPS_BESIDE_CHARS if beside_others else TWO_SLIPS_CHARS
        found: list[tuple[int, int, str]] = []
        for known, distance, count in self._near(word, 2 if len(word) >= least else 1):
            swapped = sorted(known) == sorted(word)
            if known in NEVER_MEANT or (known[0] != word[0] and not (swapped and len(word) >= LIKELY_CHARS)):
                continue
            likely = distance == 1 and is_likely_slip(word, known)
            if distance > 1 and len(word) - _ending_chars(word, known) < least:
                continue
            if not beside_others:
                if count < least_count:
                    continue
                if count < LEAST_COUNT and len(known) == len(word) and not swapped:
                    continue
                if distance > 1:
                    likely = known[:2] == word[:2] and known[-1] == word[-1]
                elif len(word) < LIKELY_CHARS:
                    likely = likely and (swapped or set(word) == set(known))
                if not likely:
                    continue
            elif not likely and len(word) < LIKELY_CHARS and not _lacks_vowel(word, known):
                continue
            found.append((distance + (not likely), -count, known))
        return tuple(known for _distance, _count, known in sorted(found)[:limit])

    def _near(self, word: str, mistakes: int) -> list[tuple[str, int, int]]:
        """Return known words with their distance and number of articles."""
        if len(word) < LEAST_CHARS or any(char.isdigit() for char in word):
            return []
        found: list[tuple[str, int, int]] = []
        for length in range(len(word) - mistakes, len(word) + mistakes + 1):
            group = self._words.get(length)
            if group is None:
                continue
            near = process.extract(
                word, group.lines.split("\n"), scorer=OSA.distance, score_cutoff=mistakes, limit=None
            )
            found += ((known, int(distance), group.counts[place]) for known, distance, place in near if known != word)
        return found
