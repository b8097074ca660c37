"""The outbox as the publisher sees it: claim, record, recover. Knows no Discord and no clock."""

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
"""A forum post has no nonce: after a crash it is looked for only when a creation under way must have ended."""


class OutboxService:
    """Parts of editions on their way: each is claimed on disk before it is sent and settled on disk after."""

    def __init__(self, store: DeliveryStore) -> None:
        self._store = store

    async def recover(self, now: datetime) -> int:
        """Give back the claims of a process that died; to be called once, before the first claim.

        Returns:
            The number of parts of which nobody knows whether they arrived.

        Raises:
            StoreError: state.db can't be written at present; as with every method here.
        """
        return await self._store.recover(now, settle=FORUM_SETTLE)

    async def claim(self, now: datetime, *, limit: int, busy: Collection[int] = ()) -> tuple[Delivery, ...]:
        """Claim parts whose turn it is, at most one a channel and none of `busy` channels.

        Returns:
            The parts with `attempted_at` and `attempt_count` as before this claim: one with an `attempted_at` may
            have arrived already.
        """
        return await self._store.claim(now, limit=limit, busy=busy)

    async def record(self, outcomes: Sequence[Outcome], now: datetime) -> None:
        """Write what became of claimed parts; all of them or, on an error, none."""
        await self._store.record(outcomes, now)

    async def find_next_ready_at(self) -> datetime | None:
        """Return when the first part in the queue may go, None when the queue is empty."""
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
        """Note that a message was published (`at` a moment), can't be, or is to be tried again at `retry_at`."""
        await self._store.set_published(publication, published=published, at=at, retry_at=retry_at)

    async def status(self) -> OutboxStatus:
        """Return how many parts are in each state."""
        return await self._store.status()
