"""What a corpus holds: articles, their providers and links, and what went wrong with them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final, NamedTuple

from digests.models.frozen import value

YEARS: Final = range(1000, 3000)
"""Dates in other years are rejected, so that computing with dates stays within the calendar."""


@dataclass(frozen=True, slots=True)
class Provider:
    """Who published something: `domain` in lower case without `www.`, `name` as in most of its articles."""

    name: str
    domain: str


class Image(NamedTuple):
    """A picture of an article; sizes in pixels, None if unknown."""

    url: str
    width: int | None = None
    height: int | None = None
    title: str | None = None


class RelatedLink(NamedTuple):
    """One entry of an article's `related` list that has a usable http(s) address; `key` and `aliases` as of an article.

    A named tuple, because a load creates hundreds of thousands: it takes a quarter of the time of a frozen dataclass.
    """

    title: str
    url: str
    key: str
    provider: Provider | None = None
    published_at: datetime | None = None
    quality: int | None = None
    aliases: tuple[str, ...] = ()

    @property
    def keys(self) -> tuple[str, ...]:
        """All canonical addresses of this entry, its own first."""
        return (self.key, *self.aliases)


@value
class Article:
    """One file of the corpus, cleaned.

    Attributes:
        id: Row number in the store, 0 before it is stored. Ascending with `published_at` as far as possible.
        path: Relative to its corpus folder, with `/`.
        key: Canonical address, or `file:PATH`.
        aliases: Canonical forms of the article's other addresses, without `key`.
        url: As published, or None for a file without an address.
        published: False means "not a headline": never a lead.
        quality: None when unknown. heat: None when unknown (`-1` in a file).
        published_at: None for an undated article, which is searchable but never in a digest.
        arrived_at: When it became eligible to lead; None while it is not.
        body: Empty if the query left it out.
        authors: Names, for a byline.
        due_at: It may not be shown before this; None if its date is enough.
        expires_at: It may not be shown from this moment on.
    """

    path: str
    title: str
    key: str
    id: int = 0
    excerpt: str = ""
    body: str = ""
    url: str | None = None
    aliases: tuple[str, ...] = ()
    provider: Provider | None = None
    topics: tuple[str, ...] = ()
    kind: str = "article"
    category: str = ""
    quality: int | None = None
    heat: int | None = None
    published: bool = True
    published_at: datetime | None = None
    arrived_at: datetime | None = None
    images: tuple[Image, ...] = ()
    related: tuple[RelatedLink, ...] = ()
    authors: tuple[str, ...] = ()
    due_at: datetime | None = None
    expires_at: datetime | None = None

    def is_due(self, now: datetime) -> bool:
        """Check whether the article may already be shown: sites schedule posts."""
        return not any(moment is not None and moment > now for moment in (self.published_at, self.due_at))

    @property
    def keys(self) -> tuple[str, ...]:
        """All canonical addresses of this article, its own first."""
        return (self.key, *self.aliases)


@dataclass(frozen=True, slots=True)
class Problem:
    """A problem in the corpus. `line` counts from 1; None if it is not about a line.

    `rejected` is true for a file that could not be read (its last good version stays), false for a remark on one that
    was read (a link was dropped).
    """

    path: str
    line: int | None
    reason: str
    rejected: bool = True


@dataclass(frozen=True, slots=True)
class FolderSummary:
    """What was found in one folder.

    Attributes:
        folder: Its real path.
        article_count: Its articles; `undated_count` of them have no date, `unaddressed_count` no address and
            `untopical_count` no topic.
        undated: Paths of some of the undated ones.
        left_out: Files that are not articles, as (what they are, how many).
        unread: Files that look like articles but are not supported, as (extension, how many).
        has_site: The address of the folder's site is known.
    """

    folder: str
    article_count: int = 0
    undated_count: int = 0
    unaddressed_count: int = 0
    untopical_count: int = 0
    undated: tuple[str, ...] = ()
    left_out: tuple[tuple[str, int], ...] = ()
    unread: tuple[tuple[str, int], ...] = ()
    has_site: bool = False


@dataclass(frozen=True, slots=True)
class LoadReport:
    """What a load did, counted in files. `seconds` is wall-clock time; `summaries` describes each folder afterwards."""

    new: int
    changed: int
    unchanged: int
    removed: int
    rejected: int
    problems: tuple[Problem, ...]
    seconds: float
    summaries: tuple[FolderSummary, ...] = ()


@dataclass(frozen=True, slots=True)
class CorpusStatus:
    """An overview of a corpus. `generation` is incremented by every reload that changes something."""

    article_count: int
    published_count: int
    provider_count: int
    topic_count: int
    problem_count: int
    generation: int
    oldest_at: datetime | None
    newest_at: datetime | None
    loaded_at: datetime | None


@dataclass(frozen=True, slots=True)
class CorpusTrouble:
    """Why the corpus can't be brought up to date.

    Attributes:
        since: When the first reload failed.
        sentence: The reason, for the operator only: it may name folders of the machine.
        refused: The folders can be read, but have less than half of what was loaded from them.
    """

    since: datetime
    sentence: str
    refused: bool = False
