"""Turns text into terms: stems, numbers, and pairs of characters in scripts without spaces. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import Decimal
from itertools import chain

import Stemmer

from digests.bounded_cache import LONGEST
from digests.composing.languages import LANGUAGES
from digests.text import fold

UNSPACED = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
)
"""Characters of Thai, Lao, Burmese, Khmer, Japanese and Chinese, which are written without spaces."""

_HANGUL = "\uac00-\ud7a3"
_GREAT = {"万": 10**4, "萬": 10**4, "만": 10**4, "億": 10**8, "亿": 10**8, "억": 10**8, "兆": 10**12, "조": 10**12}
"""Chinese, Japanese and Korean write `9万9800` for 99,800."""
_ZERO = Decimal(0)
_MEASURES = "kb|mb|gb|tb|[kmg]bps|fps|k?hz|[mg]hz|nm|mm|cm|km|kmh|mph|mg|kg|lbs?|oz|ml|[kmgt]w|[kmgt]?wh|mah|hp|rpm"
"""A unit follows its number with a space or without one (`84 GB`, `84GB`)."""

NUMBER_WORDS = {word: digits for language in LANGUAGES for word, digits in language.numbers.items()}
_UNITS = {short: word for language in LANGUAGES for short, word in language.units.items()}
_UNIT = "|".join(sorted(_UNITS, key=lambda short: (-len(short), short)))
_NUMBER = r"\d+(?:[.,]\d+)*"
_BEHIND = rf"(?:{_UNIT}|{_MEASURES})?"
_AMOUNT = re.compile(rf"({_NUMBER})({_UNIT})")
_MEASURED = re.compile(rf"({_NUMBER})({_MEASURES})")
_WITH_GREAT_UNITS = rf"(?:{_NUMBER}[{''.join(_GREAT)}])+(?:{_NUMBER})?"
_GREAT_NUMBER = re.compile(_WITH_GREAT_UNITS)
_GREAT_PART = re.compile(rf"({_NUMBER})([{''.join(_GREAT)}])?")
STOP_WORDS = frozenset().union(*(language.stop_words for language in LANGUAGES))

# In this order: `9万9800`; `1,000` and `2.5`, `1.2bn`, `84gb`; `covid-19` and `f-35`; a word, `u.s.` and `i'm` in one
# piece.
_TOKEN = re.compile(
    rf"{_WITH_GREAT_UNITS}|{_NUMBER}{_BEHIND}(?!(?![{UNSPACED}{_HANGUL}])[^\W_])"
    r"|[^\W\d_]+-\d+(?![^\W_])"
    r"|[^\W_]+(?:['’.][^\W_]+)*"
)
_ASCII_TOKEN = re.compile(rf"{_NUMBER}{_BEHIND}(?![a-z0-9])|[a-z]+-\d+(?![a-z0-9])|[a-z0-9]+(?:['.][a-z0-9]+)*")
"""The same for lower-case ASCII, a third faster."""
_JOINED_NUMBER = re.compile(rf"(?<=[{UNSPACED}{_HANGUL}])(?<![{''.join(_GREAT)}])(?=\d)")
"""Where a number starts in a script without spaces."""
_UNSPACED_RUN = re.compile(f"[{UNSPACED}]+")

_stemmer = Stemmer.Stemmer("english", 0)


def stem(word: str) -> str:
    """Return the English stem of a lower-case word."""
    return str(_stemmer.stemWord(word))


class _Terms(dict[str, tuple[str, ...]]):
    """Cache of the terms of each piece of text between two spaces: none for a stop word, else stems, numbers, pairs."""

    most = 200_000
    longest = 40
    """In a script without spaces a sentence is one piece, which hardly ever occurs again."""

    def __missing__(self, piece: str) -> tuple[str, ...]:
        tokens = _ASCII_TOKEN.findall(piece) if piece.isascii() else _TOKEN.findall(_JOINED_NUMBER.sub(" ", piece))
        found = tuple(chain.from_iterable(map(_terms_of, tokens)))
        if len(piece) <= self.longest:
            if len(self) >= self.most:
                self.clear()
            self[piece] = found
        return found


def _terms_of(token: str) -> tuple[str, ...]:
    if token in NUMBER_WORDS:
        return (NUMBER_WORDS[token],)
    if not token.isascii() and _GREAT_NUMBER.fullmatch(token) is not None:
        return (_sum(token),)
    if token[0].isdigit() and token[-1].isdigit():
        whole = token.replace(",", "")
        return (whole.lstrip("0") or "0",)
    if token[0].isdigit() and (amount := _AMOUNT.fullmatch(token)) is not None:
        if _UNITS[amount[2]] == "thousand":
            return (_in_digits(_times(amount[1], 1000)),)
        # `1.2bn` is `1.2 billion`.
        return (*_terms_of(amount[1]), *_terms_of(_UNITS[amount[2]]))
    if token[0].isdigit() and (measured := _MEASURED.fullmatch(token)) is not None:
        return (*_terms_of(measured[1]), *_terms_of(measured[2]))
    if not token.isascii():
        if _UNSPACED_RUN.search(token):
            return tuple(_pairs(token))
        token = fold(token).replace("’", "'")
    token = token.removesuffix("'s").removesuffix("'")
    if "." in token:
        token = token.replace(".", "")
    if len(token) > 1:
        token = _UNITS.get(token, token)
    if token in STOP_WORDS or (len(token) == 1 and token.isalpha() and token.isascii()):
        return ()
    return (stem(token),)


def _times(number: str, factor: int) -> Decimal:
    """Return `2.5` times a factor; a comma separates thousands, and so does a second point."""
    whole = number.replace(",", "")
    return Decimal(whole if whole.count(".") <= 1 else whole.replace(".", "")) * factor


def _in_digits(amount: Decimal) -> str:
    return f"{amount.normalize():f}"


def _sum(token: str) -> str:
    """Return `2億3000万` as one number."""
    return _in_digits(sum((_times(number, _GREAT.get(unit, 1)) for number, unit in _GREAT_PART.findall(token)), _ZERO))


def _pairs(token: str) -> list[str]:
    """Split a token of a script without spaces into pairs of characters; its other parts stay whole."""
    terms: list[str] = []
    rest = 0
    for run in _UNSPACED_RUN.finditer(token):
        if run.start() > rest:
            terms.append(stem(token[rest : run.start()]))
        characters = run[0]
        terms.extend(characters[place : place + 2] for place in range(max(len(characters) - 1, 1)))
        rest = run.end()
    if rest < len(token):
        terms.append(stem(token[rest:]))
    return terms


_terms = _Terms()


def written_words(text: str) -> list[str]:
    """Split text into words as written, without possessive endings."""
    return [word.removesuffix("’s").removesuffix("'s") for word in _TOKEN.findall(text)]


def terms(text: str) -> list[str]:
    """Return the text's terms in order, without stop words."""
    # No token holds a space, and most pieces between two of them were looked up before.
    return list(chain.from_iterable(map(_terms.__getitem__, text.lower().split())))


COMMON_TERMS = frozenset(
    term for language in LANGUAGES for term in terms(" ".join(language.common_words | language.calendar))
)
"""Terms found in news of any kind: sharing them proves nothing, adding them says nothing new."""


def is_number(term: str) -> bool:
    """Check whether a term is a number."""
    return term[0].isdigit() and term[-1].isdigit()


def numbers(terms: Iterable[str]) -> frozenset[str]:
    """Return the numbers among terms."""
    # All ASCII letters sort after the colon, so hardly any term needs the full check.
    return frozenset(term for term in terms if (term < ":" or term > "\x7f") and is_number(term))


def topic_numbers(topics: tuple[str, ...]) -> frozenset[str]:
    """Return the numbers in topics' names, which are not counts ("Diablo 4")."""
    found = _topic_numbers.get(topics)
    if found is None:
        found = numbers(term for topic in topics for term in terms(topic))
        if sum(map(len, topics)) <= LONGEST and len(_topic_numbers) < _KEPT_TOPICS:
            _topic_numbers[topics] = found
    return found


_topic_numbers: dict[tuple[str, ...], frozenset[str]] = {}
_KEPT_TOPICS = 4096
