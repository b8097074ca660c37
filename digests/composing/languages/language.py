"""The word lists of one language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Language:
    """Word lists of a language, in lower case without diacritics.

    Attributes:
        code: The language's code, as in a language tag.
        stop_words: Words that say nothing about an event, except those that mean something in another language ("die").
        common_words: Words found in news of any kind: sharing them proves nothing, adding them says nothing new.
        numbers: Number words as they are written, diacritics included, each with its digits.
        units: Short forms of large numbers, each with its word.
        guides: Regular expressions for headlines that are not news: how-tos, lists, reviews, live blogs. Matched
            against the headline in lower case with straight quotes.
        live_blogs: Regular expressions for the headlines of live blogs, matched in the same way.
        market_reports: Regular expressions for the headlines of market-report sellers.
        calendar: Names of days and months.
        tolls: Words for victims and what happened to them, as headlines count them.
        increments: Words for what is added to a count.
        rumours, announcements: Words in headlines that report a rumour about a product, and in those that announce it.
        capitalises_nouns: Every noun has a capital, so that names can't be told from other nouns.
    """

    code: str
    stop_words: frozenset[str]
    numbers: Mapping[str, str]
    units: Mapping[str, str] = field(default_factory=dict)
    guides: tuple[str, ...] = ()
    live_blogs: tuple[str, ...] = ()
    market_reports: tuple[str, ...] = ()
    calendar: frozenset[str] = frozenset()
    common_words: frozenset[str] = frozenset()
    tolls: frozenset[str] = frozenset()
    increments: frozenset[str] = frozenset()
    rumours: frozenset[str] = frozenset()
    announcements: frozenset[str] = frozenset()
    capitalises_nouns: bool = False
