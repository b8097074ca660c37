"""Parses what a person types into the search. Pure; knows nothing about the index and its syntax."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import islice

from digests.models import SearchSort
from digests.typed.dates import Span, parse_moment
from digests.typed.minus import with_minus
from digests.typed.operators import Piece, build_tree
from digests.typed.query_tree import And, Filter, Node, Not, Query, Term

__all__ = ["LONGEST_CHARS", "MOST_TERMS", "Query", "Term", "as_words", "clean", "parse_query", "replaced"]

LONGEST_CHARS = 500
"""Longer text is cut: people type a few words, and a pasted headline has at most some 200 characters."""
MOST_TERMS = 32
"""Further terms are ignored: each costs a scan of the index."""
MOST_DATE_WORDS = 4
"""Most words of a date without quotes: `4 feb 2021`, `3 weeks ago`."""

_FIELDS = {
    "provider": "provider", "site": "provider", "from": "provider", "source": "provider", "topic": "topic",
    "title": "title", "intitle": "title", "after": "after", "since": "after", "before": "before", "until": "until",
    "sort": "sort",
}  # fmt: skip
_SORTS = {
    "newest": SearchSort.NEWEST, "new": SearchSort.NEWEST, "latest": SearchSort.NEWEST, "recent": SearchSort.NEWEST,
    "date": SearchSort.NEWEST, "time": SearchSort.NEWEST, "quality": SearchSort.QUALITY, "best": SearchSort.QUALITY,
    "relevance": SearchSort.RELEVANCE, "match": SearchSort.RELEVANCE,
}  # fmt: skip
_SPACED = frozenset({"provider", "site", "topic", "sort"})
"""Filters that a space may follow. Headlines begin with `Source: ` and `From: `, so these are not included."""
_DATES = frozenset({"after", "since", "before", "until"})
"""A space may follow if a date does."""
_AS_ASCII = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | dict.fromkeys(map(ord, "「」『』"), '"')
"""What East Asian keyboards type: full-width forms, and their quotation marks."""
_SCHEMES = frozenset({"http", "https", "ftp", "mailto"})
TIMES_ALONE = frozenset({"today", "yesterday", "this week", "last week", "this month", "last month"})
"""A query with just one of these asks for what was new then."""

_WORD = re.compile(r"\S+")
_POSSESSIVE = ("'s", "’s")
_NAMES = "|".join(_FIELDS)
_GROUP_NAMES = "|".join(typed for typed, name in _FIELDS.items() if name in ("provider", "topic", "title"))
"""Filters that apply to all words in the parentheses after them."""
_PIECE = re.compile(
    rf"""
    (?P<paren>(?:(?P<group>{_GROUP_NAMES}):)?\(|\))
  | (?P<bars>\|\|)
  | (?P<minus>-(?=[^\s-]))?
    (?:(?P<field>{_NAMES}):)?
    (?:
        (?P<open>["“„”«]) (?P<quoted>[^"“”„«»]*) (?P<close>["“”»])
      | (?P<bare>[^\s"“„”«»,;!?|(){{}}<>\[\]]+(?:,(?=[^\s,])[^\s"“„”«»;!?|(){{}}<>\[\]]+)*)
    )
    """,
    re.VERBOSE | re.IGNORECASE,
)
_BETWEEN_COMMAS = re.compile(r"(?:[^,]|(?<=\d),(?=\d{3}(?!\d)))+")
_NEGATED_GROUP = re.compile(rf"(?i)[\s,;]*-(?=(?:(?:{_GROUP_NAMES}):)?\()")
_UNKNOWN_FIELD = re.compile(r"(?i)-?([a-z]{2,20}):(?=[^\s:/])(?!\d)")
_OPERATORS = {"OR": "or", "AND": "and", "NOT": "not"}


@dataclass(slots=True)
class _Found:
    """What has been parsed so far."""

    pieces: list[Piece] = field(default_factory=list)
    since: datetime | None = None
    until: datetime | None = None
    sort: SearchSort | None = None
    no_dates: list[str] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)
    named: list[tuple[int, int, Filter]] = field(default_factory=list)
    groups: list[str] = field(default_factory=list)
    """The filter before each open parenthesis, or before one around it; empty for none."""
    term_count: int = 0


def parse_query(text: str, now: datetime, zone: str = "UTC") -> Query:
    """Parse any text; nothing is an error, and text without special meaning is a word to search for.

    All words are wanted. `"…"` is a phrase, `-word` (also `–word`, `!word`), `NOT word` and `-"…"` are not wanted,
    `clear*` matches any ending. `OR` (or `||`) asks for either side, `AND` for both, parentheses group; in capitals, so
    that headlines may hold the words. `provider:` (also `site:`, `from:`, `source:`) and `topic:` restrict the search
    (repeatable, several names separated by commas, quotes allowed, a space may follow), with a minus they exclude;
    `title:` wants a word in the headline; `title:(…)` and the like apply to all words in the parentheses.
    `sort:newest` (`quality`, `relevance`) says what comes first. `after:` or `since:` begins with the first moment of
    its day, month or year, `before:` ends just before it, `until:` with its last moment; dates are read by
    `digests.typed.dates`, also those of several words (`after:last week`), and text that is no date stays a plain
    word. Where there are several, the narrower holds. "today", "yesterday", "this week" and the like alone ask for what
    was new then. Full-width characters count as the usual ones.

    Args:
        text: As typed.
        now: What `before:yesterday` is measured from.
        zone: IANA zone that days begin in.
    """
    text = clean(text).translate(_AS_ASCII)
    if text.lower() in TIMES_ALONE and (span := parse_moment(text, now, zone)) is not None:
        return Query(text, since=span.start, until=span.end)
    found = _read(with_minus(text), now, zone)
    return Query(
        text=text,
        root=build_tree(found.pieces),
        since=found.since,
        until=found.until,
        sort=found.sort,
        no_dates=tuple(dict.fromkeys(found.no_dates)),
        unknown_fields=tuple(dict.fromkeys(found.unknown)),
        named=tuple(found.named),
    )


def as_words(text: str) -> Query:
    """Return a query for the words of text that is not a query, such as a headline with dashes, quotes and colons."""
    text = clean(text)
    nodes: list[Term] = []
    for match in _WORD.finditer(text):
        nodes += _term(text, *match.span())
    return Query(text, And(tuple(nodes[:MOST_TERMS])))


def clean(text: str) -> str:
    """Return text without control characters, lone surrogates and runs of white space, cut to a limit."""
    text = unicodedata.normalize("NFC", text[: LONGEST_CHARS * 2]).replace("\u00ad", "")
    kept = (" " if unicodedata.category(char) in ("Cc", "Cs", "Zl", "Zp") else char for char in text)
    return " ".join("".join(kept).split())[:LONGEST_CHARS].rstrip()


def replaced(query: Query, replacements: Mapping[Term, str]) -> str:
    """Return the query's text with some terms replaced and everything else as typed."""
    pieces: list[str] = []
    position = 0
    for term in query.terms:
        if term in replacements:
            pieces += [query.text[position : term.start], replacements[term]]
            position = term.end
    return "".join([*pieces, query.text[position:]])


def _read(text: str, now: datetime, zone: str) -> _Found:
    found = _Found()
    position = 0
    while match := _PIECE.search(text, position):
        if negated := _NEGATED_GROUP.match(text, position):
            found.pieces.append(Piece("not"))
            position = negated.end()
            continue
        position = match.end()
        if match["paren"]:
            found.pieces.append(Piece(match["paren"][-1]))
            if match["paren"] == ")":
                del found.groups[-1:]
            else:
                around = found.groups[-1] if found.groups else ""
                found.groups.append(_FIELDS.get((match["group"] or "").lower(), around))
        elif match["bars"]:
            found.pieces.append(Piece("or"))
        elif match["bare"] in _OPERATORS and not match["minus"] and not match["field"]:
            found.pieces.append(Piece(_OPERATORS[match["bare"]], tuple(_terms(match, text))))
        else:
            position = _read_leaf(found, match, text, now, zone)
    return found


def _read_leaf(found: _Found, match: re.Match[str], text: str, now: datetime, zone: str) -> int:
    """Read one word, phrase or filter; return where it ends."""
    position = match.end()
    excluded = match["minus"] is not None
    start = match.end("minus") if excluded else match.start()
    name = _FIELDS.get((match["field"] or "").lower(), "")
    value = match["quoted"] if match["open"] else match["bare"]
    spaced_name = value[:-1].lower() if not name and not match["open"] and value.endswith(":") else ""
    if spaced_name in _DATES and not excluded:
        following = _PIECE.match(text, position + 1)
        if following and (following["open"] or following["bare"]) and _dated(following, text, now, zone):
            name, match = _FIELDS[spaced_name], following
            value = match["quoted"] if match["open"] else match["bare"]
    elif spaced_name in _SPACED:
        following = _PIECE.match(text, position + 1)
        if following and not following["paren"] and not following["field"]:
            after = following["quoted"] if following["open"] else following["bare"]
            spaced = _FIELDS[spaced_name]
            is_value = after.lower() in _SORTS if spaced == "sort" else _has_word(after) and not after.endswith(":")
            if is_value and after not in _OPERATORS:
                name, value, match, position = spaced, after, following, following.end()
    name = name or (found.groups[-1] if found.groups else "")
    if name == "sort":
        if value.lower() in _SORTS:
            found.sort = _SORTS[value.lower()]
            return position
        found.unknown.append(name)
    if name in ("provider", "topic") and (values := _values(value, quoted=bool(match["open"]))):
        named = Filter(name, values)
        found.named.append((start, position, named))
        _add(found, (named,), excluded=excluded)
        return position
    if name in ("after", "before", "until"):
        if not excluded and (dated := _dated(match, text, now, zone)):
            span, position = dated
            if name == "after":
                found.since = max(found.since, span.start) if found.since else span.start
            else:
                end = span.start if name == "before" else span.end
                found.until = min(found.until, end) if found.until else end
            return position
        found.no_dates.append(value)
    elif name == "title" and _has_word(value):
        group = "quoted" if match["open"] else "bare"
        nodes = _term(text, *match.span(group), phrase=bool(match["open"]), excluded=excluded)
        if found.term_count < MOST_TERMS:
            found.term_count += len(nodes)
            _add(found, tuple(replace(term, title=True) for term in nodes), excluded=excluded)
        return position
    elif not match["open"] and not name and (unknown := _UNKNOWN_FIELD.match(value)):
        found.unknown += [unknown[1]] if unknown[1].lower() not in _SCHEMES else []
    if found.term_count < MOST_TERMS:
        nodes = _terms(match, text)
        found.term_count += len(nodes)
        _add(found, tuple(nodes), excluded=excluded)
    return position


def _add(found: _Found, nodes: tuple[Node, ...], *, excluded: bool) -> None:
    if nodes:
        found.pieces.append(Piece("leaf", tuple(Not(node) if excluded else node for node in nodes)))


def _values(value: str, *, quoted: bool) -> tuple[str, ...]:
    """Return the names after a filter: one in quotes, else those between commas."""
    values = [value] if quoted else value.split(",")
    return tuple(dict.fromkeys(item.strip() for item in values if _has_word(item)))


def _dated(match: re.Match[str], text: str, now: datetime, zone: str) -> tuple[Span, int] | None:
    """Return the date after `after:` and the like, and where it ends; None if there is none.

    It includes following words as long as all of them form a date.
    """
    if match["open"]:
        span = parse_moment(match["quoted"], now, zone)
        return (span, match.end()) if span is not None else None
    words = [match, *islice(_WORD.finditer(text, match.end()), MOST_DATE_WORDS - 1)]
    for last in reversed(words):
        end = last.start() + len(last[0].rstrip("),;"))
        span = parse_moment(text[match.start("bare") : end], now, zone)
        if span is not None:
            return span, end
    return None


def _terms(match: re.Match[str], text: str) -> list[Term]:
    """Return the plain terms in one piece of text: a phrase, or words with punctuation attached."""
    excluded = match["minus"] is not None
    if match["open"] and not match["field"]:
        return _term(text, *match.span("quoted"), phrase=True, excluded=excluded)
    if match["open"]:
        # `before:"no date"`: it was not a date filter after all, so both are plain words.
        return [
            *_term(text, *match.span("field"), excluded=excluded),
            *_term(text, *match.span("quoted"), phrase=True, excluded=excluded),
        ]
    found: list[Term] = []
    start = match.start("field") if match["field"] else match.start("bare")
    for part in _BETWEEN_COMMAS.finditer(text[start : match.end("bare")]):
        found += _term(text, start + part.start(), start + part.end(), excluded=excluded)
    return found


def _term(text: str, start: int, end: int, *, phrase: bool = False, excluded: bool = False) -> list[Term]:
    """Return a term for `text[start:end]`, or none if that has no letter or digit."""
    prefix = text[start:end].endswith("*")
    while start < end and not text[start].isalnum() and not _is_sign(text, start, end):
        start += 1
    while end > start and not _belongs(text[end - 1]) and not _ends_sign(text, start, end):
        end -= 1
    if not phrase and text[end - 2 : end].lower() in _POSSESSIVE and end - start > len(_POSSESSIVE[0]):
        end -= len(_POSSESSIVE[0])
    if start == end:
        return []
    return [Term(text[start:end], phrase, prefix, excluded, start, end)]


def _is_sign(text: str, start: int, end: int) -> bool:
    """Check whether `.NET` begins here."""
    return text[start:end].lower() == ".net"


def _ends_sign(text: str, start: int, end: int) -> bool:
    """Check whether this is `C++`, `C#` or the like."""
    return re.fullmatch(r"[A-Za-z](?:\+\+|#)", text[start:end]) is not None


def _belongs(char: str) -> bool:
    """Check whether it is a letter, a digit or a combining mark, which in many scripts is a vowel."""
    return char.isalnum() or unicodedata.category(char).startswith("M")


def _has_word(text: str) -> bool:
    return any(char.isalnum() for char in text)
