"""Columns: what a provider prints again and again under one heading, each time about something else. Pure."""

from __future__ import annotations

from digests.bounded_cache import cached
from digests.composing.evidence import Evidence
from digests.composing.headlines import plain_words
from digests.composing.languages import LANGUAGES

INSTALMENTS_S = 12 * 3600
"""A provider's articles under one heading, so many seconds apart and more, are two instalments of a column."""

_MARKS = (": ", " – ", " — ", " - ", " | ")
_CALENDAR = frozenset().union(*(language.calendar for language in LANGUAGES))


def are_instalments(first: Evidence, second: Evidence) -> bool:
    """Return whether two articles are instalments of one provider's column: one heading, another day, other news."""
    if not first.domain or first.domain != second.domain or first.at_s is None or second.at_s is None:
        return False
    if abs(first.at_s - second.at_s) < INSTALMENTS_S:
        return False
    name = heading(first.title)
    return bool(name) and name == heading(second.title) and plain_words(first.title) != plain_words(second.title)


@cached(32768)
def heading(title: str) -> str:
    """Return what a headline says before a colon, a dash or a bar (`Today in Velm: market`), days and numbers apart.

    Empty where there is no such mark, or nothing but days and numbers before it.
    """
    for mark in _MARKS:
        before, found, after = title.partition(mark)
        if found and after.strip():
            words = plain_words(before).split()
            return " ".join(word for word in words if word.isalpha() and word not in _CALENDAR)
    return ""
