"""The outcomes of a claimed part, which the publisher reports to the outbox."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

from digests.models import Delivery, Failure
from digests.store.subscription_rows import PauseCause


@dataclass(frozen=True, slots=True)
class Sent:
    """The part arrived. `thread_id` is set for the first part of a forum post; `message_id` is None if unknown."""

    delivery: Delivery
    message_id: int | None
    thread_id: int | None = None


@dataclass(frozen=True, slots=True)
class Retry:
    """The part goes back into the queue until `at`. `certain` means that this attempt did not arrive."""

    delivery: Delivery
    at: datetime
    error: str
    certain: bool


@dataclass(frozen=True, slots=True)
class Refused:
    """The part itself can't be sent and never will be; the edition goes on with the next one."""

    delivery: Delivery
    error: str
    certain: bool = True
    failure: Failure = Failure.REFUSED


@dataclass(frozen=True, slots=True)
class GaveUp:
    """Tried too often: the edition fails. If certainly nothing of it arrived, its articles go into the next one."""

    delivery: Delivery
    error: str
    certain: bool


@dataclass(frozen=True, slots=True)
class Barred:
    """The channel can't be written to: its subscriptions are paused with `reason`, a sentence for people.

    `attempt_count` is how often the part counts as tried after the resumption.
    """

    delivery: Delivery
    error: str
    reason: str
    cause: PauseCause
    certain: bool = True
    attempt_count: int = 0


@dataclass(frozen=True, slots=True)
class Released:
    """The claim is released; nothing was attempted."""

    delivery: Delivery


Outcome: TypeAlias = Sent | Retry | Refused | GaveUp | Barred | Released


@dataclass(frozen=True, slots=True)
class Publication:
    """A sent message of an announcement channel that has still to be published to its followers."""

    edition_id: int
    number: int
    channel_id: int
    guild_id: int | None
    message_id: int


@dataclass(frozen=True, slots=True)
class OutboxStatus:
    """An overview of the outbox, in parts. `oldest_at` is the queue time of the part that has waited longest."""

    pending: int
    claimed: int
    sent: int
    failed: int
    to_publish: int
    oldest_at: datetime | None
