"""What a history remembers of what it was told."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from digests.models.corpus import Article


@dataclass(frozen=True, slots=True)
class DeliveredStory:
    """A story as one history remembers it: what was shown of it, and who had carried it.

    Attributes:
        lead_key: Its lead's address.
        domains: Providers that had carried it, its links' included.
        told_at: The cutoff of its edition.
        lead: The lead as it was then: title, excerpt, topics, provider and date.
        headlines: Every headline that was shown of it, its lead's first.
        root: The address of the lead that the event was first told under; an update has its story's.
        is_update: It was told as an update.
    """

    lead_key: str
    domains: frozenset[str]
    told_at: datetime
    lead: Article
    headlines: tuple[str, ...] = ()
    root: str = ""
    is_update: bool = False


@dataclass(frozen=True, slots=True)
class Delivered:
    """What one subscription was told before, as far as a composition can need it.

    Attributes:
        keys: Those of the addresses asked about that were told as a lead, folded or in a round-up (at any time).
        stories: The stories told in the last 14 days, oldest first.
        paths: The files whose articles were told in that time, with their dates of publication.
    """

    keys: frozenset[str] = frozenset()
    stories: tuple[DeliveredStory, ...] = ()
    paths: Mapping[str, datetime | None] = field(default_factory=dict)
