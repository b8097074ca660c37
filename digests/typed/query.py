"""What a person types into the search → a parsed query. Pure; knows nothing of the index and its syntax."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from digests.typed.dates import parse_moment

LONGEST_CHARS = 500
"""Longer text is cut here; people type a few words, a pasted headline has at most some 200 characters."""
MOST_TERMS = 32
"""Terms after this many are left out: each costs a walk through the index."""

MOST_DATE_WORDS = 4
"""A date without quotes has at most so many words: `4 feb 2021`, `3 weeks ago`."""

_WORD = re.compile(r"\S+")
_POSSESSIVE = ("'s", "’s")
_PIECE = re.compile(
    r"""
    (?P<minus>-)?
    (?:(?P<field>provider|topic|before|after):)?
    (?:
        (?P<open>["“„”«]) (?P<quoted>[^"“”„«»]*) (?P<close>["“”»])
      | (?P<bare>[^\s"“„”«»,;!?|(){}<>\[\]]+)
    )
    """,
    re.VERBOSE | re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Term:
    """A word or phrase to look for.

    Attributes:
        text: As typed, without quotes, star or minus; holds at least one letter or digit.
        phrase: It was quoted.
        prefix: The last word of it may go on (`clear*`).
        excluded: Articles that hold it are not wanted.
        start, end: Where `text` stands in `Query.text`.
    """

    text: str
    phrase: bool = False
    prefix: bool = False
    excluded: bool = False
    start: int = 0
    end: int = 0


@dataclass(frozen=True, slots=True)
class Query:
    """A parsed query. Providers and topics are as typed; articles must match one of each list that is not empty.

    Attributes:
        text: The whole text, cleaned and cut to `LONGEST_CHARS`.
        since, until: `[since, until)` in UTC, from `after:` and `before:`.
        no_dates: What stood behind `after:` or `before:` without being a date; it is looked for as words.
    """

    text: str
    terms: tuple[Term, ...] = ()
    providers: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    excluded_providers: tuple[str, ...] = ()
    excluded_topics: tuple[str, ...] = ()
    since: datetime | None = None
    until: datetime | None = None
    no_dates: tuple[str, ...] = ()

    @property
    def wanted(self) -> tuple[Term, ...]:
        """The terms that articles must hold."""
        return tuple(term for term in self.terms if not term.excluded)

    @property
    def unwanted(self) -> tuple[Term, ...]:
        """The terms that articles must not hold."""
        return tuple(term for term in self.terms if term.excluded)


def parse_query(text: str, now: datetime, zone: str = "UTC") -> Query:
    """Parses any text; nothing is an error, and what has no special meaning is a word to look for.

    Words are all wanted. `"…"` is a phrase, `-word` and `-"…"` are not wanted, `clear*` matches any ending.
    `provider:` and `topic:` (repeatable, any case, quotes allowed after the colon) restrict the search, with a
    minus they exclude. As in most mail and code search, `after:` begins with the first moment of its day, month
    or year and `before:` ends just before the first moment of it; dates are read by `digests.typed.dates`, also those
    of several words (`after:last week`), and a text that is no date stays a plain word. Where `after:` or `before:`
    occurs twice, the narrower one holds.

    Args:
        text: As typed.
        now: What `before:yesterday` is reckoned from.
        zone: IANA zone that days begin in.
    """
    text = clean(text)
    terms: list[Term] = []
    values: dict[tuple[str, bool], list[str]] = {}
    no_dates: list[str] = []
    since: datetime | None = None
    until: datetime | None = None
    position = 0
    while found := _PIECE.search(text, position):
        position = found.end()
        field = (found["field"] or "").lower()
        value = found["quoted"] if found["open"] else found["bare"]
        excluded = found["minus"] is not None
        if field in ("provider", "topic") and _has_word(value):
            values.setdefault((field, excluded), []).append(value.strip())
        elif field in ("before", "after") and not excluded and (dated := _dated(found, text, now, zone)):
            start, position = dated
            if field == "after":
                since = max(since, start) if since else start
            else:
                until = min(until, start) if until else start
        else:
            if field in ("before", "after"):
                no_dates.append(value)
            if len(terms) < MOST_TERMS:
                terms.extend(_terms(found, text))
    return Query(
        text=text,
        terms=tuple(terms),
        providers=tuple(dict.fromkeys(values.get(("provider", False), ()))),
        topics=tuple(dict.fromkeys(values.get(("topic", False), ()))),
        excluded_providers=tuple(dict.fromkeys(values.get(("provider", True), ()))),
        excluded_topics=tuple(dict.fromkeys(values.get(("topic", True), ()))),
        since=since,
        until=until,
        no_dates=tuple(dict.fromkeys(no_dates)),
    )


def clean(text: str) -> str:
    """Returns text without control characters, lone surrogates and runs of white space, cut to a bound."""
    text = unicodedata.normalize("NFC", text[: LONGEST_CHARS * 2])
    kept = (" " if unicodedata.category(char) in ("Cc", "Cs", "Zl", "Zp") else char for char in text)
    return " ".join("".join(kept).split())[:LONGEST_CHARS].rstrip()


def replaced(query: Query, replacements: Mapping[Term, str]) -> str:
    """Returns the query's text with the given terms written differently and everything else as typed."""
    pieces: list[str] = []
    position = 0
    for term in query.terms:
        if term in replacements:
            pieces += [query.text[position : term.start], replacements[term]]
            position = term.end
    return "".join([*pieces, query.text[position:]])


def _dated(found: re.Match[str], text: str, now: datetime, zone: str) -> tuple[datetime, int] | None:
    """Returns the first moment of the date behind `after:` or `before:`, and where it ends; None where there is none.

    What is behind a word belongs to it as long as all of it is a date.
    """
    if found["open"]:
        span = parse_moment(found["quoted"], now, zone)
        return (span.start, found.end()) if span is not None else None
    words = [found, *islice(_WORD.finditer(text, found.end()), MOST_DATE_WORDS - 1)]
    for last in reversed(words):
        span = parse_moment(text[found.start("bare") : last.end()], now, zone)
        if span is not None:
            return span.start, last.end()
    return None


def _terms(found: re.Match[str], text: str) -> list[Term]:
    """The plain terms in one piece of text: a phrase, or a word with what may hang on it."""
    excluded = found["minus"] is not None
    if found["open"] and not found["field"]:
        return _term(text, *found.span("quoted"), phrase=True, excluded=excluded)
    if found["open"]:
        # `before:"no date"`: the field's name was no field, so both are plain words.
        return [
            *_term(text, *found.span("field"), excluded=excluded),
            *_term(text, *found.span("quoted"), phrase=True, excluded=excluded),
        ]
    start = found.start("field") if found["field"] else found.start("bare")
    return _term(text, start, found.end("bare"), excluded=excluded)


def _term(text: str, start: int, end: int, *, phrase: bool = False, excluded: bool = False) -> list[Term]:
    """One term out of `text[start:end]`, or none where that holds no letter or digit."""
    prefix = text[start:end].endswith("*")
    while start < end and not text[start].isalnum():
        start += 1
    while end > start and not _belongs(text[end - 1]):
        end -= 1
    if not phrase and text[end - 2 : end].lower() in _POSSESSIVE and end - start > len(_POSSESSIVE[0]):
        end -= len(_POSSESSIVE[0])
    if start == end:
        return []
    return [Term(text[start:end], phrase, prefix, excluded, start, end)]


def _belongs(char: str) -> bool:
    """A letter, a digit or a mark that may end a word (many scripts write vowels as marks)."""
    return char.isalnum() or unicodedata.category(char).startswith("M")


def _has_word(text: str) -> bool:
    return any(char.isalnum() for char in text)
