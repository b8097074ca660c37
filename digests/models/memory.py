"""What a history remembers of what it was told."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class ToldStory:
    """A story as one history remembers it: every key that was told in it, and who had carried it.

    `member_keys` are the lead's and the folded articles' addresses (aliases too), `link_keys` the round-up's.
    `domains` are the providers that had carried it, its links' included.
    """

    lead_key: str
    member_keys: frozenset[str]
    link_keys: frozenset[str]
    domains: frozenset[str]
    told_at: datetime


@dataclass(frozen=True, slots=True)
class Told:
    """What one subscription was told before, as far as a composition can need it.

    `keys` holds those of the keys asked about that were told as a lead, folded or in a round-up (at any time);
    `stories` the stories told recently enough to come back as an update, oldest first.
    """

    keys: frozenset[str] = frozenset()
    stories: tuple[ToldStory, ...] = ()
