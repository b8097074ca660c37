"""How well an article fits what is looked for, out of its texts. Pure.

Of each word counts how rare it is, in which text it stands and how long that is; then whether all words are there,
whether they stand together, and how much of the headline they are. Age and quality weigh so little that they decide
between matches that are about equally good.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import log

from digests.store.search.conditions import Pattern
from digests.words import folded, stem, tokens

BODY_CHARS = 3_000
"""Only so much of a body is looked at: it weighs least."""
FIELD_WEIGHTS = (6.0, 2.0, 0.6, 3.0, 2.5, 1.2)
"""Title, excerpt, body, provider, topics, related titles."""
USUAL_CHARS = (70.0, 200.0, 1_500.0, 25.0, 25.0, 300.0)
"""How long each of these is about; in a longer text a word says less."""
LENGTH_SHARE = (0.35, 0.5, 0.6, 0.0, 0.3, 0.6)
"""How much length counts in each, from 0 to 1."""
SATURATION = 1.6
"""Of bm25 (there k1): with so much weight a word counts half."""

COVERAGE = 0.6
TOGETHER = 0.12
FOCUS = 0.12
EXACT = 0.7
NEARLY_EXACT = 0.4
NEARLY = 0.8
"""From this share of the words of headline and query in common on, the one is nearly the other."""
RECENCY = 0.05
QUALITY = 0.03
RECENCY_OF_ONE = 0.25
QUALITY_OF_ONE = 0.10
"""The same where a single word is looked for, which hundreds of articles hold equally well."""
HALF_LIFE_MINUTES = 43_200
NEAR_CHARS = 12
"""Words stand together when so few characters lie between them."""
STEM_CHARS = 4
"""Of a longer word only its beginning is looked for first; stems decide."""

_PLAIN_WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True)
class Candidate:
    """An article's texts (title, excerpt, body, provider, topics, related titles), quality and age in minutes."""

    id: int
    texts: tuple[str, str, str, str, str, str]
    quality: int
    age_minutes: int


@dataclass(frozen=True, slots=True)
class _Form:
    """One way in which a pattern may stand in a text: its words by stem, and what it counts."""

    stems: tuple[str, ...]
    finder: re.Pattern[str]
    prefix: bool
    in_run: bool
    title: bool
    share: float


@dataclass(frozen=True, slots=True)
class _Wanted:
    forms: tuple[_Form, ...]
    weight: float


class Rescoring:
    """Compares articles with one query.

    Args:
        patterns: What is looked for.
        shares: In which share of the articles each pattern occurs about, from 0 to 1.
        typed: The query as typed, for headlines that say the same.
    """

    def __init__(self, patterns: Sequence[Pattern], shares: Sequence[float], typed: str) -> None:
        self._wanted = tuple(
            _Wanted(forms, _weight(share))
            for pattern, share in zip(patterns, shares, strict=True)
            if (forms := tuple(_forms(pattern)))
        )
        self._whole = sum(wanted.weight for wanted in self._wanted) or 1.0
        self._typed = tuple(_stems(typed))
        self._typed_set = frozenset(self._typed)
        single = len(self._wanted) == 1
        self._recency, self._quality = (RECENCY_OF_ONE, QUALITY_OF_ONE) if single else (RECENCY, QUALITY)

    def score(self, candidate: Candidate) -> tuple[float, float]:
        """Return how well an article fits, and which share of what is looked for it holds (0 to 1)."""
        texts = [folded(text) for text in candidate.texts]
        fit = held = 0.0
        places: list[tuple[list[int], list[int]]] = []
        for wanted in self._wanted:
            strength, share, own = _strength(wanted, texts)
            places.append(own)
            fit += wanted.weight * strength
            held += wanted.weight * share
        fit, held = fit / self._whole, held / self._whole
        relevance = fit * (1 - COVERAGE + COVERAGE * held * held)
        relevance += TOGETHER * _together(places) + self._like_headline(texts[0])
        standing = self._recency / (1 + candidate.age_minutes / HALF_LIFE_MINUTES)
        standing += self._quality * min(max(candidate.quality, 0), 100) / 100
        return relevance * (1 + standing), held

    def _like_headline(self, title: str) -> float:
        if not self._typed_set:
            return 0.0
        words = _stems(title)
        if tuple(words) == self._typed:
            return EXACT + FOCUS
        held = frozenset(words)
        common = len(held & self._typed_set)
        if not common:
            return 0.0
        alike = common / len(held | self._typed_set)
        focus = FOCUS * common / len(held)
        return focus + (NEARLY_EXACT * alike if alike >= NEARLY and common > 1 else 0.0)


def _weight(share: float) -> float:
    """Return what a word of this share of the articles weighs: 1 for one in two, about 8 for one in two thousand."""
    return log(1 + (1 - share + 0.0005) / (share + 0.0005))


def _stems(text: str) -> list[str]:
    return [token.text if token.in_run or token.is_sign else stem(token.text) for token in tokens(text)]


def _forms(pattern: Pattern) -> list[_Form]:
    forms: list[_Form] = []
    for one, share in ((pattern, 1.0), *pattern.others):
        held = tokens(one.text)
        if not held:
            continue
        if any(token.in_run or token.is_sign for token in held):
            plain = folded(one.text).strip()
            forms.append(_Form((plain,), re.compile(re.escape(plain)), one.prefix, True, one.title, share))
            continue
        words = tuple(stem(token.text) for token in held)
        first = words[0][:STEM_CHARS] if len(words) > 1 or not one.prefix else words[0]
        # A stem may end otherwise than its word (`i` for `y`), so that only what comes before is looked for.
        beginning = first if len(words[0]) > STEM_CHARS or one.prefix else first.rstrip("i") or first
        finder = re.compile(rf"(?<![^\W_]){re.escape(beginning)}[^\W_]*")
        forms.append(_Form(words, finder, one.prefix, False, one.title, share))
    return forms


def _strength(wanted: _Wanted, texts: Sequence[str]) -> tuple[float, float, tuple[list[int], list[int]]]:
    """Return how strongly a pattern stands in the texts, what the best of its forms counts, and where it stands.

    Places are those in title and excerpt, by character.
    """
    weight = best = 0.0
    places: tuple[list[int], list[int]] = ([], [])
    for form in wanted.forms:
        for number, text in enumerate(texts):
            if form.title and number:
                break
            found = _places(form, text)
            if not found:
                continue
            best = max(best, form.share)
            if number < 2:
                places[number].extend(found)
            length = 1 + LENGTH_SHARE[number] * (len(text) / USUAL_CHARS[number] - 1)
            weight += form.share * FIELD_WEIGHTS[number] * min(len(found), 4) / max(length, 0.3)
    return weight / (SATURATION + weight) if weight else 0.0, best, places


def _places(form: _Form, text: str) -> list[int]:
    if form.in_run:
        return [match.start() for match in form.finder.finditer(text)]
    found: list[int] = []
    for match in form.finder.finditer(text):
        if not _is_word(match[0], form.stems[0], prefix=form.prefix and len(form.stems) == 1):
            continue
        if len(form.stems) == 1 or _goes_on(form, text, match.end()):
            found.append(match.start())
    return found


def _goes_on(form: _Form, text: str, position: int) -> bool:
    for number, wanted in enumerate(form.stems[1:], 2):
        match = _PLAIN_WORD.search(text, position)
        if match is None or not _is_word(match[0], wanted, prefix=form.prefix and number == len(form.stems)):
            return False
        position = match.end()
    return True


def _is_word(word: str, wanted: str, *, prefix: bool) -> bool:
    return stem(word).startswith(wanted) if prefix else stem(word) == wanted


def _together(places: Sequence[tuple[list[int], list[int]]]) -> float:
    """Return the share of neighbours in the query that stand close to each other in title or excerpt, in order."""
    if len(places) < 2:
        return 0.0
    close = 0.0
    for first, second in zip(places, places[1:], strict=False):
        close += max(_close(first[0], second[0]), 0.5 * _close(first[1], second[1]))
    return close / (len(places) - 1)


def _close(first: list[int], second: list[int]) -> float:
    best = 0.0
    second = sorted(second)
    for place in first:
        at = bisect_left(second, place)
        if at < len(second) and second[at] - place <= NEAR_CHARS + 8:
            return 1.0
        if at and place - second[at - 1] <= NEAR_CHARS + 8:
            best = 0.5
    return best


def read_shares(patterns: Sequence[Pattern], counts: Mapping[str, int], total: int) -> list[float]:
    """Return in which share of the articles each pattern occurs at most: as its rarest word does.

    Args:
        counts: How many articles hold each stem.
    """
    shares: list[float] = []
    for pattern in patterns:
        held = [counts.get(word, 0) for word in _stems(pattern.text)]
        shares.append(min(held) / max(total, 1) if held else 0.0)
    return shares
