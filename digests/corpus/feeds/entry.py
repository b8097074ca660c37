"""A feed and its entries as parsed from their format, before they become articles."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

MAX_ENTRIES = 20_000
"""How many entries of a feed are read; only exports have so many."""


class NoFeed(Exception):  # noqa: N818 - reads as a sentence where it is raised
    """The file is XML or JSON but not a feed: a sitemap, data."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry.

    Attributes:
        id: As given by the feed; empty if there is none.
        fields: The fields under names of our vocabulary.
        labels: The feed's own names for them, by their folded names.
        body: HTML or text.
        is_html: `body` is HTML.
        left_out: Why it is deliberately not an article.
    """

    id: str
    fields: dict[str, object]
    labels: Mapping[str, str]
    body: str = ""
    is_html: bool = True
    left_out: str = ""


@dataclass(slots=True)
class Feed:
    """A feed's name, its site's address, its entries in their order, and how many of them were too many."""

    title: str = ""
    url: str = ""
    entries: list[Entry] = field(default_factory=list)
    cut_count: int = 0
