"""What tells one event: stories, their round-ups, their ranks."""

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
    """One article folded into a story: which, into which lead, why, and the evidence in words.

    `evidence` is the shared address, the headline, or the heaviest words that both hold.
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
    """A story's rank and the numbers it is made of, each already weighted; `total` is their sum."""

    total: float
    quality: float
    heat: float
    recency: float
    corroboration: float


@dataclass(frozen=True, slots=True)
class Update:
    """What is new in a story that was told before.

    Attributes:
        new_providers: Names of providers that had not carried it.
        new_links: Its round-up: none of them was shown before.
        told_title: The headline that it was told under last.
        told_at: When that was, the cutoff of its edition.
        news: What its headline says that nothing told did, words as written.
        root: The address of the lead that it was first told under.
    """

    new_providers: tuple[str, ...]
    new_links: tuple[Link, ...]
    told_title: str = ""
    told_at: datetime | None = None
    news: tuple[str, ...] = ()
    root: str = ""


Spans = tuple[tuple[int, int], ...]
"""Where words stand in a text: from, to (exclusive), by character, in order."""


@dataclass(frozen=True, slots=True)
class Match:
    """The headline of a story that was found, and where the words stand.

    Attributes:
        path: None for a related link.
        title_spans: In `title`. sentence: The one that holds most of the words, empty where none holds any.
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

    `topic` is the heading it stands under; None means "Other news". `covered_keys` are all addresses that telling
    the story settles: its articles', the round-up's, and those left away because their headline stands there already,
    each under all of its addresses. `also` are articles that likely report the same event but don't prove it: shown
    beneath the lead with headlines of their own.
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
