"""Conditions on articles, and their translation to FTS5's query language."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from digests.words import has_sign, tokens

_WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True)
class Pattern:
    """Words to search for; several in one text have to be adjacent in that order.

    Attributes:
        prefix: The last word may be incomplete.
        title: In the headline only.
        others: Alternatives, each with its weight compared with the words themselves (0 to 1).
    """

    text: str
    prefix: bool = False
    title: bool = False
    others: tuple[tuple[Pattern, float], ...] = ()

    @property
    def words(self) -> list[str]:
        """The words of the text, roughly as the index splits it."""
        return _WORD.findall(self.text)


@dataclass(frozen=True, slots=True)
class Named:
    """One of these providers (by domain) or topics, as part of a larger expression; `column` is the index's."""

    column: str
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Every:
    """All of these and none of those; at least one is wanted."""

    wanted: tuple[Expression, ...]
    unwanted: tuple[Expression, ...] = ()


@dataclass(frozen=True, slots=True)
class Either:
    """At least one of these."""

    parts: tuple[Expression, ...]


Expression = Pattern | Named | Every | Either


@dataclass(frozen=True, slots=True)
class Condition:
    """What an article must be like. Empty tuples and None restrict nothing.

    Attributes:
        wanted: All must occur, or most if no article has all. unwanted: None may occur.
        domains: One of these provider domains.
        topics: One of these topics, in any case.
        since, until: Publication in `[since, until)`; undated articles are then left out.
        published_only: Headlines only.
        required: Has to match besides the words, whichever of them are left out.
        typed: The query as typed: a headline that says the same comes first.
        channels: Alternatives to `domains`: names on a platform, as (domain, name).
        due_by: Exclude articles scheduled for later.
    """

    wanted: tuple[Pattern, ...] = ()
    unwanted: tuple[Expression, ...] = ()
    domains: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    excluded_domains: tuple[str, ...] = ()
    excluded_topics: tuple[str, ...] = ()
    since: datetime | None = None
    until: datetime | None = None
    published_only: bool = False
    required: tuple[Expression, ...] = ()
    typed: str = ""
    channels: tuple[tuple[str, str], ...] = ()
    excluded_channels: tuple[tuple[str, str], ...] = ()
    due_by: datetime | None = None


@dataclass(frozen=True, slots=True)
class Hit:
    """A matching article and its relevance (0 in another order)."""

    id: int
    relevance: float = 0.0


@dataclass(frozen=True, slots=True)
class Hits:
    """Matching articles in order.

    Attributes:
        count: The number of all matches, not of `hits`.
        at_least: Counting stopped at `count`.
        partial: The search was cut short; `hits` are the best of those examined, or the newest matches, and `count` is
            a lower bound.
        lacks_words: No article has all words; `hits` have most of them.
    """

    hits: tuple[Hit, ...]
    count: int
    at_least: bool = False
    partial: bool = False
    lacks_words: bool = False


def quoted(text: str) -> str:
    """Return one FTS5 string: inside quotes only the quote itself means anything, and it is doubled."""
    return '"' + text.replace("\0", " ").replace('"', '""') + '"'


def pattern_text(pattern: Pattern, *, alone: bool = False) -> str:
    """Return the FTS5 query for a pattern and (unless `alone`) its alternatives."""
    own = _own_text(pattern)
    if alone or not pattern.others:
        return own
    return "(" + " OR ".join([own, *(_own_text(other) for other, _share in pattern.others)]) + ")"


def _own_text(pattern: Pattern) -> str:
    star = " *" if pattern.prefix else ""
    column = "title : " if pattern.title else ""
    if pattern.text.isascii() and not has_sign(pattern.text):
        return column + quoted(pattern.text) + star
    pieces: list[str] = []
    for in_extras, held in groupby(tokens(pattern.text), key=lambda token: token.in_run or token.is_sign):
        text = quoted(" ".join(token.text for token in held))
        # Words in `extras` may be from any field, so they can't be restricted to the headline.
        pieces.append(f"extras : {text}" if in_extras else column + text)
    if not pieces:
        return column + quoted(pattern.text)
    if star and not pieces[-1].startswith("extras"):
        pieces[-1] += star
    return pieces[0] if len(pieces) == 1 else "(" + " AND ".join(pieces) + ")"


def expression_text(expression: Expression) -> str:
    """Return the FTS5 query for a nested expression."""
    if isinstance(expression, Pattern):
        return pattern_text(expression)
    if isinstance(expression, Named):
        return _any_of(expression.column, expression.names) or f"{expression.column} : {quoted('')}"
    if isinstance(expression, Either):
        return "(" + " OR ".join(map(expression_text, expression.parts)) + ")"
    text = " AND ".join(map(expression_text, expression.wanted))
    if expression.unwanted:
        return f"(({text}) NOT ({' OR '.join(map(expression_text, expression.unwanted))}))"
    return f"({text})"


def patterns_in(expressions: Iterable[Expression]) -> Iterator[Pattern]:
    """Yield the patterns in nested expressions that are not negated."""
    for expression in expressions:
        if isinstance(expression, Pattern):
            yield expression
        elif isinstance(expression, Every):
            yield from patterns_in(expression.wanted)
        elif isinstance(expression, Either):
            yield from patterns_in(expression.parts)


def _any_of(column: str, texts: Iterable[str]) -> str | None:
    """Restrict to rows with one of the texts in a column; None if the index can't tell."""
    listed = list(texts)
    if not listed or not all(any(char.isalnum() for char in text) for text in listed):
        return None
    return "(" + " OR ".join(f"{column} : {quoted(text)}" for text in listed) + ")"


def match_text(condition: Condition, words: str | None = None) -> str | None:
    """Return the FTS5 query for a condition; None if it has nothing to look up in the index.

    Providers and topics are also looked up in the index, as words: that may find slightly too much, but never too
    little, and avoids scanning all other articles.

    Args:
        words: Replaces the query for the wanted words.
    """
    positive = [words] if words is not None else [pattern_text(pattern) for pattern in condition.wanted]
    positive += map(expression_text, condition.required)
    named = (*condition.domains, *(name for _domain, name in condition.channels))
    positive += filter(None, (_any_of("provider", named), _any_of("topics", condition.topics)))
    if not positive:
        return None
    text = " AND ".join(positive)
    unwanted = any_of_text(condition.unwanted)
    return f"({text}) NOT ({unwanted})" if unwanted else text


def any_of_text(expressions: Iterable[Expression]) -> str | None:
    """Return the FTS5 query for rows that match at least one of the expressions; None for none."""
    return " OR ".join(map(expression_text, expressions)) or None
