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
    """Check whether two articles are instalments of a provider's column: same heading, half a day apart, other news."""
    if not first.domain or first.domain != second.domain or not _are_half_a_day_apart(first, second):
        return False
    name = heading(first.title)
    return bool(name) and name == heading(second.title) and plain_words(first.title) != plain_words(second.title)


def are_two_pieces(first: Evidence, second: Evidence) -> bool:
    """Check whether two articles of one provider are about different news, neither a new version of the other.

    Half a day later, a provider writes about an event again only if there is news of it, so another headline means
    another piece; guides are an exception, because they are kept up to date for days. Two headlines from one template
    are two pieces as well (`Osk Foods to present at the Velm conference`, `Soltena Bank to present at the Velm
    conference`).
    """
    if not first.domain or first.domain != second.domain:
        return False
    if first.headline == second.headline:
        return False
    if _are_half_a_day_apart(first, second) and not (is_guide(first.title) and is_guide(second.title)):
        return True
    shared = len(first.headline & second.headline)
    return shared < REWRITTEN * min(len(first.headline), len(second.headline)) or _share_a_template(first, second)


def _share_a_template(first: Evidence, second: Evidence) -> bool:
    """Check whether two headlines differ in one run of words, and neither article contains the run of the other."""
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

    Return an empty string if there is no such mark, or only days and numbers before it.
    """
    for mark in _MARKS:
        before, found, after = title.partition(mark)
        if found and after.strip():
            words = plain_words(before).split()
            return " ".join(word for word in words if word.isalpha() and word not in _CALENDAR)
    return ""
