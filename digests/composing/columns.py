"""What tells two articles of one provider apart: instalments of a column, and pieces about different news. Pure."""

from __future__ import annotations

from digests.bounded_cache import cached
from digests.composing.evidence import Evidence, is_guide
from digests.composing.headlines import plain_words, swapped_words
from digests.composing.languages import LANGUAGES
from digests.composing.terms import COMMON_TERMS, is_number, terms

INSTALMENTS_S = 12 * 3600
"""Two articles of one provider under one heading, at least this many seconds apart, are instalments of a column."""

REWRITTEN = 2 / 3
"""A provider reports an event again by rewriting its article: at least this share of the shorter headline's words is in
the other one."""

_MARKS = (": ", " – ", " — ", " - ", " | ")
_CALENDAR = frozenset().union(*(language.calendar for language in LANGUAGES))


def are_instalments(first: Evidence, second: Evidence) -> bool:
    """Check whether two articles are instalments of one provider's column: one heading, another day, other news."""
    if not first.domain or first.domain != second.domain or not _are_half_a_day_apart(first, second):
        return False
    name = heading(first.title)
    return bool(name) and name == heading(second.title) and plain_words(first.title) != plain_words(second.title)


def are_two_pieces(first: Evidence, second: Evidence) -> bool:
    """Check whether two articles of one provider are about different news, neither a new version of the other.

    Half a day later a provider writes about an event again because there is news of it: under another headline it is
    another piece, if it isn't a guide, which is kept up to date for days. So are two that fill in one form (`Osk Foods
    to present at the Velm conference`, `Soltena Bank to present at the Velm conference`).
    """
    if not first.domain or first.domain != second.domain:
        return False
    if first.headline == second.headline:
        return False
    if _are_half_a_day_apart(first, second) and not (is_guide(first.title) and is_guide(second.title)):
        return True
    shared = len(first.headline & second.headline)
    return shared < REWRITTEN * min(len(first.headline), len(second.headline)) or _fill_in_one_form(first, second)


def _fill_in_one_form(first: Evidence, second: Evidence) -> bool:
    """Check whether two headlines are equal but for one run of words, none of which the other article holds."""
    runs = swapped_words(first.title, second.title)
    return runs is not None and all(
        any(term not in other.counts and term not in COMMON_TERMS and not is_number(term) for term in terms(run))
        for run, other in zip(runs, (second, first), strict=True)
    )


def _are_half_a_day_apart(first: Evidence, second: Evidence) -> bool:
    return first.at_s is not None and second.at_s is not None and abs(first.at_s - second.at_s) >= INSTALMENTS_S


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
