"""The tree of a parsed query. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

from digests.models import SearchSort


@dataclass(frozen=True, slots=True)
class Term:
    """A word or phrase to search for.

    Attributes:
        text: As typed, without quotes, star or minus; holds at least one letter or digit.
        phrase: It was quoted.
        prefix: The last word may be incomplete (`clear*`).
        excluded: Articles with it are not wanted.
        start, end: The position of `text` in `Query.text`.
        title: It has to be in the headline.
    """

    text: str
    phrase: bool = False
    prefix: bool = False
    excluded: bool = False
    start: int = 0
    end: int = 0
    title: bool = False


@dataclass(frozen=True, slots=True)
class Filter:
    """`provider:` or `topic:` (in `field`) with names as typed, of which any may match."""

    field: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class And:
    """All of these."""

    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Or:
    """At least one of these."""

    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Not:
    """Not this."""

    part: Node


Node = Term | Filter | And | Or | Not


@dataclass(frozen=True, slots=True)
class Query:
    """A parsed query.

    Attributes:
        text: The whole text, cleaned and cut to `LONGEST_CHARS`.
        root: What articles must be like, apart from dates; an empty `And` asks for everything.
        since, until: `[since, until)` in UTC. Dates hold for the whole query, wherever in it they stand.
        sort: What comes first, where the text says so.
        no_dates: What stood behind `after:` and the like without being a date; it is looked for as words.
        unknown_fields: What looked like a filter (`foo:bar`) and is none, without the colon.
        named: Each filter with where in `text` it stands, `[start, end)`, a minus before it apart.
    """

    text: str
    root: And = And(())
    since: datetime | None = None
    until: datetime | None = None
    sort: SearchSort | None = None
    no_dates: tuple[str, ...] = ()
    unknown_fields: tuple[str, ...] = ()
    named: tuple[tuple[int, int, Filter], ...] = field(default=(), compare=False)

    @property
    def terms(self) -> tuple[Term, ...]:
        """All words and phrases, in the order in which they were typed."""
        return tuple(term for term in leaves(self.root) if isinstance(term, Term))

    @property
    def wanted(self) -> tuple[Term, ...]:
        """The terms that articles must hold, or may hold where there is an `OR`."""
        return tuple(term for term in self.terms if not term.excluded)

    @property
    def unwanted(self) -> tuple[Term, ...]:
        """The terms that articles must not hold."""
        return tuple(term for term in self.terms if term.excluded)

    @property
    def is_words(self) -> bool:
        """Whether it consists only of words, or of one phrase."""
        parts = self.root.parts
        dated = self.since is not None or self.until is not None or self.sort is not None
        words = all(isinstance(part, Term) and not part.phrase and not part.title and not part.prefix for part in parts)
        return not dated and (words or (len(parts) == 1 and isinstance(parts[0], Term)))

    @property
    def providers(self) -> tuple[str, ...]:
        """Names after a top-level `provider:`."""
        return self._names("provider", excluded=False)

    @property
    def topics(self) -> tuple[str, ...]:
        """Names after a top-level `topic:`."""
        return self._names("topic", excluded=False)

    @property
    def excluded_providers(self) -> tuple[str, ...]:
        """Names after `-provider:`."""
        return self._names("provider", excluded=True)

    @property
    def excluded_topics(self) -> tuple[str, ...]:
        """Names after `-topic:`."""
        return self._names("topic", excluded=True)

    def _names(self, field: str, *, excluded: bool) -> tuple[str, ...]:
        found: dict[str, None] = {}
        for part in self.root.parts:
            one = part.part if isinstance(part, Not) and excluded else part
            if isinstance(one, Filter) and one.field == field and isinstance(part, Not) == excluded:
                found |= dict.fromkeys(one.values)
        return tuple(found)


def leaves(node: Node) -> Iterator[Term | Filter]:
    """Yield the terms and filters of a tree in order."""
    if isinstance(node, Not):
        yield from leaves(node.part)
    elif isinstance(node, And | Or):
        for part in node.parts:
            yield from leaves(part)
    else:
        yield node
