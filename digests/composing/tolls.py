"""Counts in headlines: those that grow while an event lasts (a quake's victims), those of daily bulletins. Pure."""

from __future__ import annotations

import re

from digests.bounded_cache import cached
from digests.composing.evidence import Evidence
from digests.composing.languages import LANGUAGES
from digests.composing.terms import terms

REWRITTEN_WITHIN_S = 12 * 3600
"""A provider brings the numbers of its own report up to date within this many seconds; later it is a new report."""

_TOLLS = frozenset(term for language in LANGUAGES for term in terms(" ".join(language.tolls)))
_INCREMENTS = "|".join(sorted({word for language in LANGUAGES for word in language.increments}))
_INCREMENT = re.compile(rf"\b(?:{_INCREMENTS})\b")


def are_counts_of_one_event(first: Evidence, second: Evidence) -> bool:
    """Check whether two headlines may differ in numbers and yet report one event.

    They may if both count victims (`7 dead`, `kills 9`), or if a provider's own report is brought up to date. Numbers
    of what was added (`12 new cases`, `3 more deaths`) are those of a day's bulletin, and the next day's is another.
    """
    if is_toll(first.title) and is_toll(second.title):
        return True
    if not first.domain or first.domain != second.domain or first.at_s is None or second.at_s is None:
        return False
    return abs(first.at_s - second.at_s) <= REWRITTEN_WITHIN_S


def agree_in_numbers(first: Evidence, second: Evidence) -> bool:
    """Check whether the numbers of two headlines agree: neither has one that the other article lacks."""
    return not (lacks_numbers(second, of=first) or lacks_numbers(first, of=second))


def lacks_numbers(article: Evidence, *, of: Evidence) -> bool:
    """Check whether an article lacks a number of another one's headline, not counting those in its topics' names."""
    return any(number not in article.counts for number in of.numbers - article.topic_numbers)


@cached(8192)
def is_toll(title: str) -> bool:
    """Check whether a headline counts victims, but not those added since the last one."""
    return not _TOLLS.isdisjoint(terms(title)) and _INCREMENT.search(title.lower()) is None
