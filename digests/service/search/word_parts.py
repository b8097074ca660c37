"""Finds a typed word that articles write as several words, and compounds by their parts."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from digests.service.search.resolve_query import TypedNames
from digests.spelling import NEVER_MEANT, Vocabulary
from digests.store.search import Pattern, SearchStore
from digests.typed.helper_words import HELPERS
from digests.typed.query_tree import Term
from digests.words import Token

SAME = 0.95
"""Weight of the same word written another way."""
APART = 0.85
"""Weight of a rare word split into two more frequent ones."""
ABBREVIATED = 0.6
LEAST_PART_CHARS = 3
"""Shorter words are only split off a word that no article contains."""
LEAST_SPLIT_CHARS = 4
LEAST_THREE_CHARS = 7
"""A shorter word is not split into three."""
MOST_SPLITS = 12
"""How many ways to split a word are looked up."""
DIGIT_EDGE = re.compile(r"(?<=[^\W\d_])(?=\d)|(?<=\d)(?=[^\W\d_])")

_LINKS = ("at", "and", "by", "for", "in", "n", "of", "on", "the", "to", "up")
"""Words that may connect two parts, as in `stay-at-home`."""
_NO_PARTS = HELPERS | NEVER_MEANT | {"al", "de", "el", "la", "le", "no", "st", "up", "us"}
"""Words that are never taken for a part of another: a name such as `asus` is not `as us`."""
_ADDRESS_PARTS = frozenset({"www", "com", "org"})
_CASE_EDGE = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")


class WordParts:
    """Looks up the parts of words."""

    def __init__(self, search_store: SearchStore, typed: TypedNames) -> None:
        self._search = search_store
        self._typed = typed

    async def of_compound(
        self, term: Term, held: Sequence[Token], others: Sequence[tuple[Pattern, float]]
    ) -> list[Pattern]:
        """Return the parts of a compound such as `office365` as separate words, if no article contains it whole.

        A compound that begins with a single letter has none: `T-Mobile` is not about mobiles.
        """
        pieces = [token.text for token in held]
        if len(held) == 1:
            pieces = [piece for part in _CASE_EDGE.split(term.text) for piece in DIGIT_EDGE.split(part.lower())]
        groups: list[str] = []
        for number, piece in enumerate(pieces):
            # The letters of `U.S.` stay together.
            if number and len(piece) == 1 == len(pieces[number - 1]):
                groups[-1] += f" {piece}"
            else:
                groups.append(piece)
        if len(groups) < 2 or len(groups[0]) == 1:
            return []
        groups = [group for group in groups if group not in _ADDRESS_PARTS]
        whole = Pattern(term.text, term.prefix, term.title, tuple(others))
        if await self._search.occurs(whole):
            return []
        together = Pattern(" ".join(pieces), term.prefix, term.title)
        if len(held) == 1 and await self._search.occurs(together):
            return [replace(whole, others=(*others, (together, SAME)))]
        longest = max(groups, key=len, default="")
        if any(len(group) == 1 for group in groups) and not await self._search.occurs(Pattern(longest)):
            return []
        found: list[Pattern] = []
        for group in groups:
            letters = group.replace(" ", "")
            joined = ((Pattern(letters, title=term.title), ABBREVIATED),) if letters != group else ()
            found.append(Pattern(group, title=term.title, others=joined))
        return found

    async def of_rare(self, term: Term, word: str) -> list[tuple[Pattern, float]]:
        """Return a rare word such as `powerapps` split in two, if each part is in more articles than the whole."""
        vocabulary = await self._typed.words()
        least = vocabulary.count(word)
        found: list[tuple[Pattern, float]] = []
        for first, second in _halves(word, LEAST_PART_CHARS):
            if min(vocabulary.count(first), vocabulary.count(second)) > least:
                split = Pattern(f"{first} {second}", term.prefix, term.title)
                if await self._search.occurs(split):
                    found.append((split, APART))
        return found

    async def of_unknown(self, term: Term, word: str, vocabulary: Vocabulary) -> list[tuple[Pattern, float]]:
        """Return an unknown word split into words that occur next to each other in an article."""
        texts: list[str] = []
        for first, second in _halves(word, 1) if len(word) >= LEAST_SPLIT_CHARS else ():
            # The vocabulary has no shorter words.
            if all(len(part) < LEAST_PART_CHARS or _is_known(part, vocabulary) for part in (first, second)):
                texts.append(f"{first} {second}")
        for link in _LINKS:
            place = word.find(link, LEAST_PART_CHARS)
            first, second = word[:place], word[place + len(link) :]
            if place > 0 and len(second) >= LEAST_PART_CHARS and vocabulary.count(first) and vocabulary.count(second):
                texts.append(f"{first} {link} {second}")
        if not texts:
            texts = _in_three(word, vocabulary)
        found: list[tuple[Pattern, float]] = []
        for text in texts:
            split = Pattern(text, title=term.title)
            if await self._search.occurs(split):
                found.append((split, SAME))
        return found


def _is_known(part: str, vocabulary: Vocabulary) -> bool:
    return bool(vocabulary.count(part) or (part.endswith("s") and vocabulary.count(part[:-1])))


def _in_three(word: str, vocabulary: Vocabulary) -> list[str]:
    """Return ways to split a word in three, as in `kimjongun` and `sarscov2`.

    All parts are known words, except that the last may be a number or short, and the middle unknown before a number.
    """
    if len(word) < LEAST_THREE_CHARS:
        return []
    found: list[str] = []
    for first in range(LEAST_PART_CHARS, len(word) - 1):
        if not vocabulary.count(word[:first]):
            continue
        for second in range(first + 1, len(word)):
            middle, last = word[first:second], word[second:]
            ends = last.isdecimal() or len(last) < LEAST_PART_CHARS or vocabulary.count(last)
            is_between = middle.isalpha() and len(middle) >= LEAST_PART_CHARS
            if is_between and ends and (last.isdecimal() or vocabulary.count(middle)):
                found.append(f"{word[:first]} {middle} {last}")
    return found[:MOST_SPLITS]


def _halves(word: str, least: int) -> list[tuple[str, str]]:
    """Return a word split in two at each position, leaving out the parts in `_NO_PARTS`."""
    cuts = ((word[:cut], word[cut:]) for cut in range(least, len(word) - least + 1))
    return [(first, second) for first, second in cuts if not _NO_PARTS.intersection((first, second))]
