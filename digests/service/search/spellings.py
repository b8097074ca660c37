"""Finds other spellings of typed words in the articles: joined, split, abbreviated, misspelt.

All of them go into one query, with a weight if they count less than the words themselves.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from digests.service.search.expressions import pattern
from digests.service.search.other_words import RELATED, as_patterns, family_of, other_words, with_title
from digests.service.search.resolve_query import TypedNames
from digests.service.search.word_parts import ABBREVIATED, APART, DIGIT_EDGE, LEAST_PART_CHARS, SAME, WordParts
from digests.spelling import LEAST_COUNT, Vocabulary
from digests.store.search import Pattern, SearchStore
from digests.typed.inflections import JOINING, TELLING_WORDS, inflected
from digests.typed.other_forms import common_beginning, other_forms, pieces_of, without_particle
from digests.typed.query_tree import Query, Term
from digests.words import Token, folded, stem, tokens

BEGINNING = 0.75
MISSPELT = 0.85
SHORTEST_BEGINNING = 3
SHORTEST_ALONE = 6
"""A shorter single word is more likely an unknown name than the beginning of another word."""
SHORTEST_INFLECTED = 4
"""The same in languages in which words have many endings."""
LEAST_LEFT_CHARS = 2
"""A single word is completed by at least this many letters: `trento` is not the beginning of Trenton."""
LEAST_COMPOUND_PART_CHARS = 4
LANGUAGE_SHARE = 0.02
"""At least this share of the articles has a language's most common word if they are written in it."""
MANY_COUNT = 2_000
"""From this number of articles on, there are so many words that a name resembles one of them by chance."""
LONG_CHARS = 7
"""Hardly any name resembles a word of this length by chance."""
RARE_COUNT = 50
"""A word in at most this many articles is also searched as two words, if both are more frequent."""
_PARTICLES = ("off", "out", "up", "down", "over", "back", "away")
"""Endings of nouns made from a verb and a particle: layoffs, from lay off."""
THOUSAND_DIGITS = 3
YEAR_DIGITS = 4
MOST_LETTERS = 4
"""`US` may be written `U.S.`; longer words in capitals are only emphasis."""

LEAST_UMLAUT_CHARS = 4
_UMLAUTS = {"ä": "ae", "ö": "oe", "ü": "ue"}


@dataclass(frozen=True, slots=True)
class Spelt:
    """Terms as patterns with all their spellings.

    Attributes:
        corrections: Unknown term -> the words that may have been meant.
    """

    patterns: tuple[Pattern, ...]
    corrections: Mapping[Term, tuple[str, ...]]


class Spellings:
    """Looks up other spellings of terms."""

    def __init__(self, search_store: SearchStore, typed: TypedNames) -> None:
        self._search = search_store
        self._typed = typed
        self._parts = WordParts(search_store, typed)

    async def of(self, query: Query, terms: Sequence[Term], *, beside_others: bool, only_likely: bool = False) -> Spelt:
        """Return terms with their other spellings.

        Args:
            terms: The query's terms.
            beside_others: The query contains something else as well.
            only_likely: Correct only what is a likely typing error in itself, as no article has the words beside it.
        """
        read = [tokens(term.text) for term in terms]
        joined = dict(_joined_pairs(query, terms, read))
        probes = {token.text for held in read for token in held} | set(joined.values())
        probes |= {"".join(token.text for token in held) for held in read if len(held) > 1}
        probes |= {verb[0] for held in read for token in held if (verb := _verb_of(token.text))}
        probes |= {other for term in terms for other in _umlauts_otherwise(term.text)}
        probes |= {other for held in read if len(held) == 1 for other in other_forms(held[0].text)}
        synonyms = other_words(query, terms, read)
        probes |= {token.text for others in synonyms for other, _share in others for token in tokens(other)}
        counts, total = await self._search.counts(probes)

        def count(word: str) -> int:
            return counts.get(stem(word), 0)

        def known(word: str) -> bool:
            return count(word) > 0

        # Words that are all unknown do not confirm each other's corrections.
        is_confirmed = beside_others or any(not held[:1] or held[0].in_run or known(held[0].text) for held in read)
        patterns: list[Pattern] = []
        corrections: dict[Term, tuple[str, ...]] = {}
        titled = {number: text for number, pair in enumerate(pairwise(terms)) if (text := with_title(query, *pair))}
        last = terms[-1] if terms and query.text.endswith(terms[-1].text) else None
        for number, (term, held) in enumerate(zip(terms, read, strict=True)):
            if number in titled:
                continue
            others: list[tuple[Pattern, float]] = []
            if phrase := titled.get(number - 1):
                others.append((Pattern(phrase, term.prefix), 1.0))
            if not term.phrase and any(token.in_run for token in held):
                others += _in_runs(term)
                if len(pieces := pieces_of(term.text)) > 1 and not await self._search.occurs(pattern(term)):
                    patterns += (Pattern(piece, title=term.title) for piece in pieces)
                    continue
            elif not term.phrase and not any(token.is_sign for token in held):
                others += self._same(term, held, known)
                others += as_patterns(
                    synonyms[number], term, others, count, total, alone=not beside_others and len(terms) == 1
                )
                is_known = any(known(token.text) for token in held[:1]) or any(
                    known(other.text) for other, _share in others
                )
                for place in (number, number - 1):
                    if (word := joined.get(place)) and known(word):
                        others.append((Pattern(word, title=term.title), SAME))
                if len(held) == 1 and not term.prefix and not is_known:
                    beside = beside_others or len(terms) > 1
                    found, meant = await self._for_unknown(
                        replace(term, prefix=term is last),
                        held[0].text,
                        beside,
                        total,
                        is_name=only_likely or not is_confirmed or is_written_as_name(term, query),
                    )
                    others += found
                    if meant:
                        corrections[term] = meant
                elif len(held) == 1 and 0 < counts.get(stem(held[0].text), 0) <= RARE_COUNT:
                    others += await self._parts.of_rare(term, held[0].text)
                if not corrections.get(term) and (apart := await self._parts.of_compound(term, held, others)):
                    patterns += apart
                    continue
            if term.phrase and len(held) > 1 and (phrase := await self._phrase(held, known)):
                others.append((Pattern(phrase, term.prefix, term.title), MISSPELT))
                corrections[term] = (phrase,)
            patterns.append(replace(pattern(term), others=tuple(others)))
        return Spelt(tuple(patterns), corrections)

    @staticmethod
    def _same(term: Term, held: Sequence[Token], known: Callable[[str], bool]) -> list[tuple[Pattern, float]]:
        """Return other ways to write the same: `GPT-3` and `gpt3`, `iphone17` and `iphone 17`, `US` and `U.S.`.

        As well `Köln` and `Koeln`, `4,016` and `4016`.
        """
        if len(held) > 1:
            together = "".join(token.text for token in held)
            is_letters = all(len(token.text) == 1 for token in held)
            if known(together):
                return [(Pattern(together, term.prefix, term.title), ABBREVIATED if is_letters else SAME)]
            return []
        if len(held) != 1:
            return []
        word = held[0].text
        if (verb := _verb_of(word)) and known(verb[0]):
            return [(Pattern(" ".join(verb), title=term.title), APART)]
        pieces = DIGIT_EDGE.split(word)
        if len(pieces) > 1:
            return [(Pattern(" ".join(pieces), term.prefix, term.title), SAME)]
        # Not `isdigit`: some scripts have digits that are not decimal digits.
        if word.isdecimal() and len(word) > THOUSAND_DIGITS and not word.startswith("0") and not _is_year(word):
            return [(Pattern(f"{int(word):,}".replace(",", " "), title=term.title), SAME)]
        if forms := [other for other in other_forms(word) if known(other)]:
            return [(Pattern(other, title=term.title), SAME) for other in forms]
        if beginning := common_beginning(word):
            return [(Pattern(beginning, prefix=True, title=term.title), BEGINNING)]
        others = [other for other in _umlauts_otherwise(term.text) if known(other)]
        if others and (not term.text.isascii() or not known(word)):
            return [(Pattern(other, term.prefix, term.title), SAME) for other in others]
        if term.text.isupper() and term.text.isalpha() and 1 < len(term.text) < MOST_LETTERS:
            return [(Pattern(" ".join(word), title=term.title), SAME)]
        return []

    async def _phrase(self, held: Sequence[Token], known: Callable[[str], bool]) -> str:
        """Return a phrase with its unknown words corrected; empty if that is impossible or not needed."""
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
        self, term: Term, word: str, beside_others: bool, total: int, *, is_name: bool
    ) -> tuple[list[tuple[Pattern, float]], tuple[str, ...]]:
        """Return what an unknown word may mean.

        Args:
            term: With `prefix` if the word may be incomplete.
            total: The number of articles.
            is_name: It is written like a name, so that only likely typing errors are corrected.
        """
        vocabulary = await self._typed.words()
        others = await self._parts.of_unknown(term, word, vocabulary)
        if others:
            return others, ()
        languages = await self._languages(total)
        if forms := await self._known(inflected(word, languages)):
            return [(Pattern(form, title=term.title), SAME) for form in forms], ()
        tails: tuple[str, ...] = ()
        if JOINING.intersection(languages) and len(word) >= LEAST_COMPOUND_PART_CHARS:
            tails = vocabulary.ending_with(word) or vocabulary.ends_of(word)
            others += ((Pattern(tail, title=term.title), BEGINNING) for tail in tails)
        if term.prefix and self._may_begin(word, vocabulary, beside_others=beside_others, inflected=bool(languages)):
            beginning = Pattern(word, prefix=True, title=term.title)
            if await self._search.occurs(beginning):
                others.append((beginning, BEGINNING))
                if not beside_others:
                    return others, (f"{word}*", *tails)
        if tails:
            return others, tails
        is_lenient = beside_others and not is_name
        if relatives := await self._known(family_of(word)) if is_lenient else []:
            return [*others, *((Pattern(other, title=term.title), RELATED) for other in relatives)], ()
        least_count = LEAST_COUNT if total >= MANY_COUNT and len(word) < LONG_CHARS else 1
        meant = vocabulary.meant(word, beside_others=is_lenient, least_count=least_count)
        others += ((Pattern(known, title=term.title), MISSPELT) for known in meant)
        return others, meant

    @staticmethod
    def _may_begin(word: str, vocabulary: Vocabulary, *, beside_others: bool, inflected: bool) -> bool:
        """Check whether an unknown word may be the beginning of another one."""
        if beside_others:
            return len(word) >= SHORTEST_BEGINNING
        if len(word) < (SHORTEST_INFLECTED if inflected else SHORTEST_ALONE):
            return False
        # The index would take the letters of an ending off first: `cannes*` finds what begins with `cann`.
        least = 1 if inflected or not word.isascii() else LEAST_LEFT_CHARS
        return vocabulary.has_beginning(word, least)

    async def _known(self, words: Sequence[str]) -> list[str]:
        """Return the words that articles contain, one of each stem."""
        counts = (await self._search.counts(words))[0] if words else {}
        return list({stem(word): word for word in words if counts.get(stem(word))}.values())

    async def _languages(self, total: int) -> list[str]:
        """Return the languages, other than English, that a part of the articles is written in."""
        counts, _total = await self._search.counts(TELLING_WORDS)
        least = max(total * LANGUAGE_SHARE, 1)
        return [language for word, language in TELLING_WORDS.items() if counts.get(stem(word), 0) >= least]


def _in_runs(term: Term) -> list[tuple[Pattern, float]]:
    """Return a Korean word without the particle at its end."""
    bare = without_particle(folded(term.text))
    return [(Pattern(bare, title=term.title), APART)] if bare else []


def _verb_of(noun: str) -> tuple[str, str] | None:
    """Return the verb and the particle of a noun such as `layoffs`; None for another word."""
    one = noun.removesuffix("s")
    particle = next((particle for particle in _PARTICLES if one.endswith(particle)), "")
    verb = one.removesuffix(particle)
    return (verb, particle) if particle and len(verb) >= LEAST_PART_CHARS else None


def _is_year(word: str) -> bool:
    return len(word) == YEAR_DIGITS and word.startswith(("19", "20"))


def _umlauts_otherwise(text: str) -> list[str]:
    """Return a word with its umlauts written as two letters, or with such pairs as the letter without its dots."""
    lower = text.lower()
    apart = lower
    for umlaut, pair in _UMLAUTS.items():
        apart = apart.replace(umlaut, pair)
    if apart != lower:
        return [folded(apart)]
    together = lower
    for pair in _UMLAUTS.values():
        together = together.replace(pair, pair[0])
    is_other = together != lower and len(together) >= LEAST_UMLAUT_CHARS
    return [folded(together)] if is_other else []


def is_written_as_name(term: Term, query: Query) -> bool:
    """Check whether a word is written like a name: with a capital, but not because all words of the query are."""
    if not term.text[:1].isupper() or query.text.isupper():
        return False
    others = (other for other in query.terms if other.start != term.start)
    return term.start > 0 or any(other.text[:1].isupper() for other in others)


def _joined_pairs(query: Query, terms: Sequence[Term], read: Sequence[Sequence[Token]]) -> list[tuple[int, str]]:
    """Return the positions of adjacent terms, with both written as one word."""
    pairs: list[tuple[int, str]] = []
    for number, (first, second) in enumerate(pairwise(terms)):
        if first.phrase or second.phrase or query.text[first.end : second.start].strip():
            continue
        if len(read[number]) == 1 == len(read[number + 1]):
            pairs.append((number, read[number][0].text + read[number + 1][0].text))
    return pairs
