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
    RELATED_UNPUBLISHED = "listed as related, not a headline itself"
    RELATED_SAME_EVENT = "listed as related, evidently the same event"
    SAME_TITLE = "the titles say the same"


@dataclass(frozen=True, slots=True)
class Join:
    """One article folded into a story: which, into which lead, why, and the evidence in words."""

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
    """What is new in a story that was told before."""

    new_providers: tuple[str, ...]
    new_links: tuple[Link, ...]


@value
class Story:
    """One event: its lead, the articles folded into it, its round-up (best first, complete) and its rank.

    `topic` is the heading it stands under; None means "Other news". `covered_keys` are all addresses that telling
    the story settles: its articles', the round-up's, and those left away because their headline stands there already,
    each under all of its addresses.
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
