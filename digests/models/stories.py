"""Stories, their round-ups and their ranks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from digests.models.corpus import Article, Provider
from digests.models.frozen import value


class JoinReason(StrEnum):
    """Why an article was folded into a story."""

    SAME_ADDRESS = "same address"
    SAME_TITLE = "the titles say the same"
    SAME_EVENT = "it reports the same event"


@dataclass(frozen=True, slots=True)
class Join:
    """One article folded into a story: which, into which lead, and why.

    `evidence` is the shared address, the headline, or the most significant words that both contain.
    """

    article_key: str
    lead_key: str
    reason: JoinReason
    evidence: str


@value
class Link:
    """One line of a round-up."""

    title: str
    url: str
    key: str
    provider: Provider | None
    published_at: datetime | None
    quality: int | None


@value
class Score:
    """A story's rank and its parts, each already weighted; `total` is their sum."""

    total: float
    quality: float
    heat: float
    recency: float
    corroboration: float


@dataclass(frozen=True, slots=True)
class Update:
    """What is new in a story that was delivered before.

    Attributes:
        new_providers: Names of providers that had not carried it before.
        new_links: Its round-up; none of these links was shown before.
        told_title: The headline under which it was last delivered.
        told_at: When that was: the cutoff of that edition.
        news: The words of its headline that were not shown before, as written.
        root: The address of the event's first lead.
    """

    new_providers: tuple[str, ...]
    new_links: tuple[Link, ...]
    told_title: str = ""
    told_at: datetime | None = None
    news: tuple[str, ...] = ()
    root: str = ""


Spans = tuple[tuple[int, int], ...]
"""Positions of words in text: (start, end), end exclusive, by character, in order."""


@dataclass(frozen=True, slots=True)
class Match:
    """The headline that matched a query, and where the words are.

    Attributes:
        path: None for a related link.
        title_spans: Positions of the words in `title`.
        sentence: The sentence with most of the words; empty if none has any.
        is_lead: It is the story's own headline.
    """

    title: str
    url: str | None
    path: str | None
    provider: Provider | None
    title_spans: Spans = ()
    sentence: str = ""
    sentence_spans: Spans = ()
    is_lead: bool = True


@value
class Story:
    """One event: its lead, the articles folded into it, its round-up (best first, complete) and its rank.

    `topic` is its heading; None means "Other news". `covered_keys` are all addresses that count as delivered with the
    story: those of its articles, of the round-up, and of links left out because their headline was already there.
    `also` are articles that likely, but not certainly, report the same event: they are shown beneath the lead with
    their own headlines.
    """

    lead: Article
    folded: tuple[Article, ...]
    joins: tuple[Join, ...]
    roundup: tuple[Link, ...]
    providers: tuple[Provider, ...]
    topic: str | None
    score: Score
    update: Update | None = None
    covered_keys: tuple[str, ...] = ()
    also: tuple[Article, ...] = ()
    match: Match | None = None
