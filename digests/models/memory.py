"""What was delivered to a subscription before."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from digests.models.corpus import Article


@dataclass(frozen=True, slots=True)
class DeliveredStory:
    """A story that was delivered to a subscription: what was shown of it, and who carried it.

    Attributes:
        lead_key: The lead's address.
        domains: Providers that carried it, including those of its links.
        told_at: The cutoff of its edition.
        lead: The lead at that time: title, excerpt, topics, provider and date.
        headlines: All headlines that were shown of it, the lead's first.
        root: The address of the event's first lead; an update has that of its story.
        is_update: It was delivered as an update.
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
    """What was delivered to one subscription before, as far as a composition needs it.

    Attributes:
        keys: Those of the requested addresses that were delivered at any time, as lead, folded or in a round-up.
        stories: The stories delivered in the last 14 days, oldest first.
        paths: The files whose articles were delivered in that time, with their dates of publication.
    """

    keys: frozenset[str] = frozenset()
    stories: tuple[DeliveredStory, ...] = ()
    paths: Mapping[str, datetime | None] = field(default_factory=dict)
