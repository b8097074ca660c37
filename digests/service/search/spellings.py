"""In which ways what was typed may be written in the articles: joined, split, cut short, misspelt.

All of them are asked for in one query; what counts less than the words themselves says so.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from digests.service.search.expressions import pattern
from digests.service.search.resolve_query import TypedNames
from digests.store.search import Pattern, SearchStore
from digests.typed.query_tree import Query, Term
from digests.words import Token, stem, tokens

SAME = 0.95
"""What another way to write the same counts."""
BEGINNING = 0.75
MISSPELT = 0.7
ABBREVIATED = 0.6
SHORTEST_BEGINNING = 3
SHORTEST_ALONE = 6
"""A shorter word alone is rather a name that the corpus does not hold than the beginning of another one."""
LEAST_PART_CHARS = 3
"""Words of fewer letters are not split off another one."""
MOST_LETTERS = 4
"""`US` may stand as `U.S.`; longer words in capitals are just loud."""

_DIGIT_EDGE = re.compile(r"(?<=[^\W\d_])(?=\d)|(?<=\d)(?=[^\W\d_])")


@dataclass(frozen=True, slots=True)
class Spelt:
    """Terms as patterns with all that may stand for them.

    Attributes:
        corrections: Of each term that no article holds, the words that may have been meant.
    """

    patterns: tuple[Pattern, ...]
    corrections: Mapping[Term, tuple[str, ...]]


class Spellings:
    """Looks up how else terms may be written."""

    def __init__(self, search_store: SearchStore, typed: TypedNames) -> None:
        self._search = search_store
        self._typed = typed

    async def of(self, query: Query, terms: Sequence[Term], *, beside_others: bool) -> Spelt:
        """Return terms with their other spellings.

        Args:
            terms: Those of the query that are looked for.
            beside_others: Something else is looked for as well.
        """
        read = [tokens(term.text) for term in terms]
        joined = dict(_joined_pairs(query, terms, read))
        probes = {token.text for held in read for token in held} | set(joined.values())
        probes |= {"".join(token.text for token in held) for held in read if len(held) > 1}
        counts, _total = await self._search.counts(probes)

        def known(word: str) -> bool:
            return counts.get(stem(word), 0) > 0

        patterns: list[Pattern] = []
        corrections: dict[Term, tuple[str, ...]] = {}
        last = terms[-1] if terms and query.text.endswith(terms[-1].text) else None
        for number, (term, held) in enumerate(zip(terms, read, strict=True)):
            others: list[tuple[Pattern, float]] = []
            if not term.phrase and not any(token.in_run or token.is_sign for token in held):
                others += self._same(term, held, known)
                for place in (number, number - 1):
                    if (word := joined.get(place)) and known(word):
                        others.append((Pattern(word, title=term.title), SAME))
                if len(held) == 1 and not term.prefix and not known(held[0].text):
                    found, meant = await self._for_unknown(
                        term, held[0].text, is_last=term is last, beside_others=beside_others or len(terms) > 1
                    )
                    others += found
                    if meant:
                        corrections[term] = meant
            if term.phrase and len(held) > 1 and (phrase := await self._phrase(held, known)):
                others.append((Pattern(phrase, term.prefix, term.title), MISSPELT))
                corrections[term] = (phrase,)
            patterns.append(replace(pattern(term), others=tuple(others)))
        return Spelt(tuple(patterns), corrections)

    @staticmethod
    def _same(term: Term, held: Sequence[Token], known: Callable[[str], bool]) -> list[tuple[Pattern, float]]:
        """Return other ways to write the same: `GPT-3` and `gpt3`, `iphone17` and `iphone 17`, `US` and `U.S.`."""
        if len(held) > 1:
            together = "".join(token.text for token in held)
            is_letters = all(len(token.text) == 1 for token in held)
            if known(together):
                return [(Pattern(together, term.prefix, term.title), ABBREVIATED if is_letters else SAME)]
            return []
        if len(held) != 1:
            return []
        word = held[0].text
        pieces = _DIGIT_EDGE.split(word)
        if len(pieces) > 1:
            return [(Pattern(" ".join(pieces), term.prefix, term.title), SAME)]
        if term.text.isupper() and term.text.isalpha() and 1 < len(term.text) < MOST_LETTERS:
            return [(Pattern(" ".join(word), title=term.title), SAME)]
        return []

    async def _phrase(self, held: Sequence[Token], known: Callable[[str], bool]) -> str:
        """Return a phrase with its unknown words put right, nothing where that can't be done or need not be."""
        if any(token.in_run or token.is_sign for token in held) or all(known(token.text) for token in held):
            return ""
        vocabulary = await self._typed.words()
        words: list[str] = []
        for token in held:
            if known(token.text):
                words.append(token.text)
            elif meant := vocabulary.meant(token.text, beside_others=True, limit=1):
                words += meant
            else:
                return ""
        return " ".join(words)

    async def _for_unknown(
        self, term: Term, word: str, *, is_last: bool, beside_others: bool
    ) -> tuple[list[tuple[Pattern, float]], tuple[str, ...]]:
        """Return what a word that no article holds may stand for."""
        vocabulary = await self._typed.words()
        others: list[tuple[Pattern, float]] = []
        for cut in range(LEAST_PART_CHARS, len(word) - LEAST_PART_CHARS + 1):
            first, second = word[:cut], word[cut:]
            if vocabulary.count(first) and vocabulary.count(second):
                split = Pattern(f"{first} {second}", title=term.title)
                if await self._search.occurs(split):
                    others.append((split, SAME))
        if others:
            return others, ()
        if is_last and len(word) >= (SHORTEST_BEGINNING if beside_others else SHORTEST_ALONE):
            beginning = Pattern(word, prefix=True, title=term.title)
            if await self._search.occurs(beginning):
                others.append((beginning, BEGINNING))
                if not beside_others:
                    return others, (f"{word}*",)
        meant = vocabulary.meant(word, beside_others=beside_others)
        others += ((Pattern(known, title=term.title), MISSPELT) for known in meant)
        return others, meant


def _joined_pairs(query: Query, terms: Sequence[Term], read: Sequence[Sequence[Token]]) -> list[tuple[int, str]]:
    """Return the places of terms that stand beside the next one, with both written as one word."""
    pairs: list[tuple[int, str]] = []
    for number, (first, second) in enumerate(pairwise(terms)):
        if first.phrase or second.phrase or query.text[first.end : second.start].strip():
            continue
        if len(read[number]) == 1 == len(read[number + 1]):
            pairs.append((number, read[number][0].text + read[number + 1][0].text))
    return pairs
