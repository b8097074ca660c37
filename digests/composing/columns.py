"""What tells two articles of one provider apart: instalments of a column, and pieces about different news. Pure."""

from __future__ import annotations

from digests.bounded_cache import cached
from digests.composing.evidence import Evidence
from digests.composing.headlines import plain_words
from digests.composing.languages import LANGUAGES

INSTALMENTS_S = 12 * 3600
"""Two articles of one provider under one heading, at least this many seconds apart, are instalments of a column."""

REWRITTEN = 2 / 3
"""A provider reports an event again by rewriting its article: at least this share of the shorter headline's words is in
the other one."""

_MARKS = (": ", " – ", " — ", " - ", " | ")
_CALENDAR = frozenset().union(*(language.calendar for language in LANGUAGES))


def are_instalments(first: Evidence, second: Evidence) -> bool:
    """Check whether two articles are instalments of one provider's column: one heading, another day, other news."""
    if not first.domain or first.domain != second.domain or first.at_s is None or second.at_s is None:
        return False
    if abs(first.at_s - second.at_s) < INSTALMENTS_S:
        return False
    name = heading(first.title)
    return bool(name) and name == heading(second.title) and plain_words(first.title) != plain_words(second.title)


def are_two_pieces(first: Evidence, second: Evidence) -> bool:
    """Check whether two articles of one provider are about different news, neither a new version of the other."""
    if not first.domain or first.domain != second.domain:
        return False
    shared = len(first.headline & second.headline)
    return shared < REWRITTEN * min(len(first.headline), len(second.headline))


@cached(32768)
def heading(title: str) -> str:
    """Return what a headline says before a colon, a dash or a bar (`Today in Velm: market`), without days and numbers.

    Empty if there is no such mark, or nothing but days and numbers before it.
    """
    for mark in _MARKS:
        before, found, after = title.partition(mark)
        if found and after.strip():
            words = plain_words(before).split()
            return " ".join(word for word in words if word.isalpha() and word not in _CALENDAR)
    return ""
