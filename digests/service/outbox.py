"""The outbox for the publisher: claim, record, recover. Knows neither Discord nor a clock."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from digests.models import Delivery
from digests.store.outbox.deliveries import DeliveryStore
from digests.store.outbox.outcomes import (
    Barred,
    GaveUp,
    OutboxStatus,
    Outcome,
    Publication,
    Refused,
    Released,
    Retry,
    Sent,
)
from digests.store.subscription_rows import PauseCause

__all__ = [
    "Barred",
    "GaveUp",
    "OutboxService",
    "OutboxStatus",
    "Outcome",
    "PauseCause",
    "Publication",
    "Refused",
    "Released",
    "Retry",
    "Sent",
]

FORUM_SETTLE = timedelta(seconds=15)
"""A forum post has no nonce: after a crash it is looked for only once a pending request must have ended."""


class OutboxService:
    """The parts of editions to be sent: each is claimed on disk before it is sent and settled on disk afterwards."""

    def __init__(self, store: DeliveryStore) -> None:
        self._store = store

    async def recover(self, now: datetime) -> int:
        """Release the claims of a process that died; call it once, before the first claim.

        Returns:
            The number of parts that may have arrived.

        Raises:
            StoreError: state.db can't be written; the same for all methods here.
        """
        return await self._store.recover(now, settle=FORUM_SETTLE)

    async def claim(self, now: datetime, *, limit: int, busy: Collection[int] = ()) -> tuple[Delivery, ...]:
        """Claim the next parts, at most one per channel and none of `busy` channels.

        Returns:
            The parts with `attempted_at` and `attempt_count` as before this claim: one with an `attempted_at` may
            have arrived already.
        """
        return await self._store.claim(now, limit=limit, busy=busy)

    async def record(self, outcomes: Sequence[Outcome], now: datetime) -> None:
        """Write the outcomes of claimed parts; all of them or, on an error, none."""
        await self._store.record(outcomes, now)

    async def find_next_ready_at(self) -> datetime | None:
        """Return when the first part in the queue may be sent; None if the queue is empty."""
        return await self._store.find_next_ready_at()

    async def list_to_publish(self, now: datetime, *, limit: int = 20) -> tuple[Publication, ...]:
        """Return sent messages of announcement channels that are to be published now."""
        return await self._store.list_to_publish(now, limit=limit)

    async def list_published(self, since: datetime) -> Sequence[tuple[int, datetime]]:
        """Return the channel and moment of what was published since then, oldest first."""
        return await self._store.list_published(since)

    async def set_published(
        self,
        publication: Publication,
        *,
        published: bool,
        at: datetime | None = None,
        retry_at: datetime | None = None,
    ) -> None:
        """Record that a message was published (`at`), can't be published, or is to be tried again at `retry_at`."""
        await self._store.set_published(publication, published=published, at=at, retry_at=retry_at)

    async def status(self) -> OutboxStatus:
        """Return how many parts are in each state."""
        return await self._store.status()
