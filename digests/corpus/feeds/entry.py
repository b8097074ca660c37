"""A feed and its entries as their formats give them, before they are read as articles."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

MAX_ENTRIES = 2000
"""So many entries of a feed are read; a feed is a window on the newest."""


class NoFeed(Exception):  # noqa: N818 - reads as a sentence where it is raised
    """The file is XML or JSON, but no feed: a sitemap, data."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry.

    Attributes:
        id: As the feed gives it; empty where it gives none.
        fields: Under names of the vocabulary.
        labels: What the feed calls those, by their folded names.
        body: HTML, or text.
        is_html: `body` is HTML.
        left_out: Why it is no article on purpose.
    """

    id: str
    fields: dict[str, object]
    labels: Mapping[str, str]
    body: str = ""
    is_html: bool = True
    left_out: str = ""


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed's name, its site's address, and its entries in their order."""

    title: str = ""
    url: str = ""
    entries: list[Entry] = field(default_factory=list)
