"""What can be asked of the full-text index, and how that is said in FTS5's own language."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

_WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True)
class Pattern:
    """Words to look for: several in one text stand beside each other in that order."""

    text: str
    prefix: bool = False

    @property
    def words(self) -> list[str]:
        """The words of the text about as the index tells them apart."""
        return _WORD.findall(self.text)

    @property
    def is_phrase(self) -> bool:
        """Whether these are several words that have to stand beside each other."""
        return len(self.words) > 1


@dataclass(frozen=True, slots=True)
class Condition:
    """What an article must be like. Empty tuples and None restrict nothing.

    Attributes:
        wanted: All must occur. unwanted: None may occur.
        domains: One of these provider domains.
        topics: One of these topics, in any case.
        since, until: Publication in `[since, until)`; undated articles are then left out.
        published_only: Headlines only.
    """

    wanted: tuple[Pattern, ...] = ()
    unwanted: tuple[Pattern, ...] = ()
    domains: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    excluded_domains: tuple[str, ...] = ()
    excluded_topics: tuple[str, ...] = ()
    since: datetime | None = None
    until: datetime | None = None
    published_only: bool = False


@dataclass(frozen=True, slots=True)
class Hit:
    """A matching article and its relevance (0 where the order was another)."""

    id: int
    relevance: float = 0.0


@dataclass(frozen=True, slots=True)
class Hits:
    """Matching articles in order.

    Attributes:
        count: Of all matches, not of `hits`.
        at_least: Counting stopped at `count`.
        partial: The search was cut short; `hits` are the best of what it had looked at, or the newest matches, and
            `count` is a lower bound.
    """

    hits: tuple[Hit, ...]
    count: int
    at_least: bool = False
    partial: bool = False


def pattern_text(pattern: Pattern) -> str:
    """One FTS5 string: inside quotes only the quote itself means anything, and it is doubled."""
    text = '"' + pattern.text.replace("\0", " ").replace('"', '""') + '"'
    return text + " *" if pattern.prefix else text


def _any_of(column: str, texts: Iterable[str]) -> str | None:
    """Restricts to rows that hold one of the texts in a column; None where the index can't tell."""
    patterns = [Pattern(text) for text in texts]
    if not patterns or not all(any(char.isalnum() for char in pattern.text) for pattern in patterns):
        return None
    return "(" + " OR ".join(f"{column} : {pattern_text(pattern)}" for pattern in patterns) + ")"


def match_text(condition: Condition) -> str | None:
    """Returns the FTS5 query for a condition, None where there is nothing to look up in the index.

    Providers and topics are looked up in the index as well, as words: that may find a little too much, never
    too little, and spares walking through everyone else's articles.
    """
    positive = [pattern_text(pattern) for pattern in condition.wanted]
    positive += filter(None, (_any_of("provider", condition.domains), _any_of("topics", condition.topics)))
    if not positive:
        return None
    text = " AND ".join(positive)
    unwanted = any_of_text(condition.unwanted)
    return f"({text}) NOT ({unwanted})" if unwanted else text


def any_of_text(patterns: Iterable[Pattern]) -> str | None:
    """Returns the FTS5 query for rows that hold at least one of the patterns, None for no pattern."""
    return " OR ".join(map(pattern_text, patterns)) or None
