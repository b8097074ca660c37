"""Scores how well an article's texts match a query. Pure.

For each word it counts how rare it is, in which text it occurs and how long that text is; then whether all words occur,
whether they are adjacent, and how much of the headline they make up. Age and quality have so little weight that they
only decide between about equally good matches.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from math import log
from operator import mul

from digests.bounded_cache import cached
from digests.spelling import NEVER_MEANT
from digests.store.search.conditions import Pattern
from digests.words import folded, is_run, joined_names, stem, tokens

BODY_CHARS = 3_000
"""How much of a body is read, which has the least weight."""
FIELD_WEIGHTS = (6.0, 2.0, 0.6, 3.0, 2.5, 1.2)
"""Title, excerpt, body, provider, topics, related titles."""
_HEAD = (0, 3)
USUAL_CHARS = (70.0, 200.0, 1_500.0, 25.0, 25.0, 300.0)
"""Typical length of each of these; in a longer text a word counts less."""
LENGTH_SHARE = (0.35, 0.5, 0.6, 0.0, 0.3, 0.6)
"""How much the length matters in each, from 0 to 1."""
SATURATION = 2.5
"""k1 of bm25: with this weight a word has half of its maximum effect."""

RARITY = 0.65
"""The power of bm25's measure of rarity: below 1, so that the rarest word does not decide alone."""
INFLECTED = 0.85
"""Weight of another form of a word, compared with the word itself."""
LEAST_INFLECTED_CHARS = 3
DERIVED = 0.5
"""The same for a word that was derived from it, such as `custom` for `customers`."""
OTHER_SHORT = 0.3
"""The same for a shorter word, such as `us`, whose stem is also that of `use`."""
WEAK = 0.4
"""Weight of a function word or a very common verb next to other words."""
COVERAGE = 0.6
"""The share of the score that depends on how many of the words are there: half by number, half by rarity."""
IN_HEAD = 0.4
"""Added if headline and provider contain all words; falls with the square of the share that they contain."""
TOGETHER = 0.12
FOCUS = 0.3
EXACT = 0.7
NEARLY_EXACT = 0.4
NEARLY = 0.8
"""From this share of common words on, a headline is nearly the query."""
RECENCY = 0.05
QUALITY = 0.03
RECENCY_OF_ONE = 0.25
QUALITY_OF_ONE = 0.10
"""The same for a single word, which hundreds of articles match equally well."""
HALF_LIFE_MINUTES = 43_200
NEAR_CHARS = 20
"""Words count as adjacent if their beginnings are at most this many characters apart."""
STEM_CHARS = 4
"""Only this prefix of a longer word is searched first; then stems decide."""

_COMMON = NEVER_MEANT | {
    "am", "an", "as", "at", "be", "by", "do", "go", "he", "if", "in", "is", "it", "me", "my", "no", "of", "on", "or",
    "so", "to", "up", "us", "via", "vs", "we",
}  # fmt: skip
_PLAIN_WORD = re.compile(r"[^\W_]+")
_ENDING = re.compile(r"(?<=..)(?:ies|ied|ing|ings|eds?|es|[eys])\Z")


@dataclass(frozen=True, slots=True)
class Candidate:
    """An article's texts (title, excerpt, body, provider, topics, related titles), quality and age in minutes."""

    id: int
    texts: tuple[str, str, str, str, str, str]
    quality: int
    age_minutes: int


@dataclass(frozen=True, slots=True, eq=False)
class _Form:
    """One form of a pattern: its words by stem, and its weight. Each exists once and is compared by identity.

    `first` is the first word, folded, `number` that of the pattern; `name` is the word as typed if only its capitals
    distinguish it from a common word (WHO, US).
    """

    stems: tuple[str, ...]
    first: str
    name: str
    prefix: bool
    title: bool
    share: float
    number: int


@dataclass(slots=True)
class _Occurrence:
    """How a pattern occurs in an article: weight of its hits, share of the best form, places in title and excerpt.

    `in_head`: it occurs in the headline or in the provider's name next to it.
    """

    weight: float = 0.0
    share: float = 0.0
    in_head: bool = False
    in_title: list[int] = field(default_factory=list)
    in_excerpt: list[int] = field(default_factory=list)


class _StemOf(dict[str, str]):
    """Word -> stem, of the words met so far."""

    def __missing__(self, word: str) -> str:
        self[word] = found = stem(word)
        return found


class Rescoring:
    """Compares articles with one query.

    Args:
        patterns: The patterns to search for.
        shares: The rough share of articles in which each pattern occurs, from 0 to 1.
        typed: The query as typed, for headlines that say the same.
    """

    def __init__(self, patterns: Sequence[Pattern], shares: Sequence[float], typed: str) -> None:
        held = [_weight(share) for share in shares if share]
        # A word that no article contains says nothing about the matches: it counts like the others.
        usual = sum(held) / len(held) if held else 1.0
        claims = [WEAK if _is_weak(pattern) else 1.0 for pattern in patterns]
        self._claims = [claim / (sum(claims) or 1.0) for claim in claims]
        self._weights = [
            claim * (_weight(share) if share else usual) for claim, share in zip(claims, shares, strict=True)
        ]
        self._whole = sum(self._weights) or 1.0
        self._forms: dict[tuple[object, ...], _Form] = {}
        self._runs: list[tuple[str, _Form]] = []
        self._by_stem: defaultdict[str, list[_Form]] = defaultdict(list)
        self._beginnings: list[_Form] = []
        self._meanings: dict[str, tuple[tuple[_Form, float], ...]] = {}
        self._stem_of = _StemOf()
        self._marks: list[list[str]] = []
        for number, pattern in enumerate(patterns):
            self._take(number, pattern)
        beginnings = {_beginning(stem_) for stem_ in self._by_stem} | {form.stems[0] for form in self._beginnings}
        # The preceding character is checked last, so that the search jumps from one first letter to the next.
        listed = "|".join(f"{one}(?<![^\\W_]{one})" for one in map(re.escape, sorted(beginnings)))
        self._finder = re.compile(rf"(?:{listed})[^\W_]*") if beginnings else None
        self._typed = tuple(_stems(typed))
        self._typed_set = frozenset(self._typed)
        # The word that is still being typed.
        last = self._typed[-1] if self._typed else ""
        self._begun = last if any(form.stems == (last,) for form in self._beginnings) else ""
        single = len(patterns) == 1
        self._recency, self._quality = (RECENCY_OF_ONE, QUALITY_OF_ONE) if single else (RECENCY, QUALITY)

    def _take(self, number: int, pattern: Pattern) -> None:
        marks: list[str] = []
        self._marks.append(marks)
        for one, share in ((pattern, 1.0), *pattern.others):
            held = tokens(one.text)
            if any(token.in_run or token.is_sign for token in held):
                marks.append(folded(one.text).strip())
                form = self._form((), "", "", one.prefix, one.title, share, number)
                self._runs.append((folded(one.text).strip(), form))
            elif held:
                stems = tuple(stem(token.text) for token in held)
                marks.append(_beginning(stems[0]))
                name = one.text if len(held) == 1 and one.text.isupper() and held[0].text in _COMMON else ""
                form = self._form(stems, held[0].text, name, one.prefix, one.title, share, number)
                if one.prefix and len(stems) == 1:
                    self._beginnings.append(form)
                else:
                    self._by_stem[stems[0]].append(form)

    def _form(
        self, stems: tuple[str, ...], first: str, name: str, prefix: bool, title: bool, share: float, number: int
    ) -> _Form:
        """Return a form; the same one for a word that is typed twice."""
        key = (stems, first, name, prefix, title, share, number)
        if key not in self._forms:
            self._forms[key] = _Form(stems, first, name, prefix, title, share, number)
        return self._forms[key]

    def may_be_in(self, title: str) -> bool:
        """Check whether a headline may contain all patterns: false only if it certainly doesn't."""
        text = " ".join((folded(title), *joined_names(title)))
        return all(any(beginning in text for beginning in beginnings) for beginnings in self._marks if beginnings)

    def score(self, candidate: Candidate) -> tuple[float, float]:
        """Return an article's score, and the share of the patterns that it contains (0 to 1)."""
        occurrences = [_Occurrence() for _weight in self._weights]
        texts = [folded(text) for text in candidate.texts]
        for number, text in enumerate(texts):
            if text:
                written = candidate.texts[number]
                names = joined_names(written)
                self._read(number, " ".join((text, *names)) if names else text, written, occurrences)
        fit = held = 0.0
        for weight, occurrence in zip(self._weights, occurrences, strict=True):
            fit += weight * occurrence.weight / (SATURATION + occurrence.weight)
            held += weight * occurrence.share
        fit, held = fit / self._whole, held / self._whole
        counted = sum(map(mul, self._claims, (occurrence.share for occurrence in occurrences)))
        # Else one rare word would outweigh three others.
        held = (held + counted) / 2
        in_head = sum(map(mul, self._claims, (occurrence.in_head for occurrence in occurrences)))
        relevance = fit * (1 - COVERAGE + COVERAGE * held * held) + IN_HEAD * in_head * in_head
        relevance += TOGETHER * _together(occurrences) + self._like_headline(texts[0])
        bonus = self._recency / (1 + candidate.age_minutes / HALF_LIFE_MINUTES)
        bonus += self._quality * min(max(candidate.quality, 0), 100) / 100
        return relevance * (1 + bonus), held

    def _read(self, number: int, text: str, written: str, occurrences: Sequence[_Occurrence]) -> None:
        """Process one of the texts, folded and as written."""
        found = self._places(text)
        if not found:
            return
        hits: dict[_Form, float] = {}
        for form, place, share in found:
            if form.title and number:
                continue
            hits[form] = hits.get(form, 0.0) + share
            if number == 0:
                occurrences[form.number].in_title.append(place)
            elif number == 1:
                occurrences[form.number].in_excerpt.append(place)
        length = max(1 + LENGTH_SHARE[number] * (len(text) / USUAL_CHARS[number] - 1), 0.3)
        for form, count in hits.items():
            occurrence = occurrences[form.number]
            share = form.share if not form.name or _is_written(form.name, written) else form.share * OTHER_SHORT
            occurrence.weight += share * FIELD_WEIGHTS[number] * min(count, 4.0) / length
            occurrence.share = max(occurrence.share, share)
            occurrence.in_head = occurrence.in_head or number in _HEAD

    def _places(self, text: str) -> list[tuple[_Form, int, float]]:
        """Return the forms in text, their positions and weights: another form of a word weighs less than the word."""
        found: list[tuple[_Form, int, float]] = []
        for plain, form in self._runs:
            place = text.find(plain)
            while place >= 0:
                found.append((form, place, 1.0))
                place = text.find(plain, place + len(plain))
        if self._finder is None:
            return found
        meanings = self._meanings
        for match in self._finder.finditer(text):
            word = match[0]
            meant = meanings.get(word)
            if meant is None:
                meant = meanings[word] = self._meant_by(word)
            for form, share in meant:
                if len(form.stems) == 1 or _goes_on(form, text, match.end()):
                    found.append((form, match.start(), share))
        return found

    def _meant_by(self, word: str) -> tuple[tuple[_Form, float], ...]:
        """Return the forms that a word of the text may be, or may begin with, and its weight for each."""
        stem_ = stem(word)
        whole = [(form, _kinship(form.first, word)) for form in self._by_stem.get(stem_, ())]
        begun = [(form, 1.0) for form in self._beginnings if stem_.startswith(form.stems[0])]
        return (*whole, *begun)

    def _like_headline(self, title: str) -> float:
        if not self._typed_set:
            return 0.0
        plain = _PLAIN_WORD.findall(title)
        words = _stems(title) if is_run(title) else list(map(self._stem_of.__getitem__, plain))
        if tuple(words) == self._typed:
            return EXACT + FOCUS
        held = frozenset(words)
        shared = common = len(held & self._typed_set)
        if self._begun and self._begun not in held:
            common += any(word.startswith(self._begun) for word in held)
        if not common:
            return 0.0
        alike = common / (len(held) + len(self._typed_set) - shared)
        focus = FOCUS * common / len(held)
        return focus + (NEARLY_EXACT * alike if alike >= NEARLY and common > 1 else 0.0)


def _weight(share: float) -> float:
    """Return the weight of a word in this share of the articles: 0.8 for one in two, 4 for one in two thousand."""
    return float(log(1 + (1 - share + 0.0005) / (share + 0.0005)) ** RARITY)


def _is_weak(pattern: Pattern) -> bool:
    return pattern.text.lower() in _COMMON and not pattern.text.isupper()


def _stems(text: str) -> list[str]:
    return [token.text if token.in_run or token.is_sign else stem(token.text) for token in tokens(text)]


def _beginning(stem_: str) -> str:
    """Return the common prefix of all words with a stem; it may end differently (`citi` of city, `vote` of voting)."""
    if len(stem_) > STEM_CHARS:
        return stem_[:STEM_CHARS]
    return stem_[:-1] if stem_.endswith(("e", "i")) and len(stem_) > 1 else stem_


def _is_written(name: str, text: str) -> bool:
    """Check whether a word occurs in text exactly as written, including upper and lower case."""
    return name in text and re.search(rf"(?<![^\W_]){re.escape(name)}(?![^\W_])", text) is not None


def _kinship(typed: str, held: str) -> float:
    """Return the weight of a word with the same stem as the typed one: a short one is mostly another word."""
    if typed == held:
        return 1.0
    if len(typed) < LEAST_INFLECTED_CHARS:
        return OTHER_SHORT
    return INFLECTED if _without_ending(typed) == _without_ending(held) else DERIVED


@cached(16_384)
def _without_ending(word: str) -> str:
    """Return a word without the ending of a plural or a tense; a doubled letter before it is single."""
    bare = _ENDING.sub("", word)
    return bare[:-1] if len(bare) > 2 and bare[-1:] == bare[-2:-1] else bare


def _goes_on(form: _Form, text: str, position: int) -> bool:
    for number, wanted in enumerate(form.stems[1:], 2):
        match = _PLAIN_WORD.search(text, position)
        if match is None or not _is_word(match[0], wanted, prefix=form.prefix and number == len(form.stems)):
            return False
        position = match.end()
    return True


def _is_word(word: str, wanted: str, *, prefix: bool) -> bool:
    return stem(word).startswith(wanted) if prefix else stem(word) == wanted


def _together(occurrences: Sequence[_Occurrence]) -> float:
    """Return the share of neighbouring query words that are close to each other in title or excerpt, in order."""
    if len(occurrences) < 2:
        return 0.0
    close = 0.0
    for first, second in pairwise(occurrences):
        close += max(_close(first.in_title, second.in_title), 0.5 * _close(first.in_excerpt, second.in_excerpt))
    return close / (len(occurrences) - 1)


def _close(first: list[int], second: list[int]) -> float:
    best = 0.0
    second = sorted(second)
    for place in first:
        at = bisect_left(second, place)
        if at < len(second) and second[at] - place <= NEAR_CHARS:
            return 1.0
        if at and place - second[at - 1] <= NEAR_CHARS:
            best = 0.5
    return best


def read_shares(patterns: Sequence[Pattern], counts: Mapping[str, int], total: int) -> list[float]:
    """Return the largest possible share of articles for each pattern: that of its rarest word.

    A word that no article contains has the share of its most frequent other form, such as the word that was meant.

    Args:
        counts: Stem -> number of articles.
    """

    def share(text: str) -> float:
        # The index has signs such as `cplusplus` by their stems as well.
        held = [counts.get(stem(token.text), 0) for token in tokens(text)]
        # Counts may be of a moment before the total's.
        return min(min(held) / max(total, 1), 1.0) if held else 0.0

    return [
        share(pattern.text) or max((share(other.text) for other, _share in pattern.others), default=0.0)
        for pattern in patterns
    ]
