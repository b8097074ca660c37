"""The state of one run of the edition service, and the keys under which compositions are shared."""

from __future__ import annotations

from base64 import b32encode
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from hashlib import blake2b
from typing import TypeAlias

from digests.editions import Missed
from digests.models import (
    Cadence,
    DeliveredStory,
    Digest,
    Policy,
    Presentation,
    QuietDay,
    Silence,
    Subscription,
    Window,
)
from digests.store.outbox.compositions import Composition
from digests.store.outbox.editions import PartMark
from digests.store.subscription_rows import Placement


@dataclass(frozen=True, slots=True)
class Rendered:
    """A rendered digest: message payloads as JSON text, and the title for a forum post."""

    parts: tuple[str, ...]
    title: str


Render: TypeAlias = Callable[[Digest, int, Presentation], Rendered]
"""Renders a digest; the number is the composition's id, used in buttons."""


@dataclass(frozen=True, slots=True)
class CompositionKey:
    """All that a composition depends on: subscriptions with equal keys share one."""

    policy: Policy
    window: Window
    history: str
    local_date: date
    timezone: str
    language: str
    quiet_day: QuietDay
    presentation: Presentation
    story: DeliveredStory | None = None


@dataclass(frozen=True, slots=True)
class Composed:
    """The composition for a key, None for a skipped quiet day; `silence` says why there was no news."""

    id: int | None
    part_count: int
    silence: Silence | None = None


@dataclass(slots=True)
class EditionRun:
    """One run: what has been composed so far, and what of it is still to be written.

    Attributes:
        installation: Part of every mark.
        delivered_at: When subscriptions that get something on a quiet day recently received stories.
        arrived: How many stories arrived in each window in which some digest had none.
        look_first_until: Editions due up to this moment may have been sent without a restored backup knowing.
    """

    now: datetime
    render: Render
    installation: str
    look_first_until: datetime
    missed_count: int = 0
    delivered_at: Mapping[int, Sequence[datetime]] = field(default_factory=dict)
    plans: dict[tuple[Cadence, datetime], tuple[Missed, Placement]] = field(default_factory=dict)
    composed: dict[CompositionKey, Composed | None] = field(default_factory=dict)
    unwritten: list[Composition] = field(default_factory=list)
    arrived: dict[Window, int] = field(default_factory=dict)


def marks_of(
    run: EditionRun, subscription: Subscription, due_at: datetime, part_count: int, *, early: bool
) -> tuple[PartMark, ...]:
    """Return the marks of an edition's parts, in order; always the same for the same edition."""
    words = (run.installation, subscription.channel_id, subscription.id, int(due_at.timestamp()), int(early))
    return tuple(_mark((*words, number)) for number in range(1, part_count + 1))


def _mark(words: tuple[object, ...]) -> PartMark:
    # Derived from the part's identity, so that it is recognised even after restoring an older backup.
    hashed = blake2b("\0".join(map(str, words)).encode(), digest_size=15).digest()
    return PartMark(marker=int.from_bytes(hashed[:4], "big") % (2**31 - 1) + 1, nonce=b32encode(hashed).decode())
