"""Publishes digests sent to announcement channels to their followers, from a queue that delays no delivery.

Publishing a message twice does no harm, so nothing needs to be claimed.
"""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Final

import discord

from bot.delivery.classify_error import described
from bot.delivery.discord_buckets import request_once
from bot.delivery.rate_limit import TokenBucket
from bot.errors import LOST
from digests.errors import StoreError
from digests.service.outbox import OutboxService, Publication

_log = logging.getLogger(__name__)

_ALREADY_PUBLISHED: Final = 40033
_FINAL: Final = frozenset({10003, 10008, 50005, 50024, 50068})
"""Error codes: the channel or message is gone, is not ours, or can't be published."""
PER_HOUR: Final = 10
HOUR: Final = timedelta(hours=1)
LONGEST_WAIT: Final = HOUR + timedelta(seconds=1)
"""Longest wait, whatever a 429 asks for; then it is tried again."""
PATIENCE: Final = timedelta(hours=24)
"""A message that could not be published for this long stays unpublished."""
RETRY: Final = timedelta(minutes=5)
IDLE_S: Final = 15.0


class Crossposter:
    """Publishes waiting messages; Discord allows ten an hour per channel.

    The messages of the last hour are counted here, from the outbox: discord.py's buckets would refuse much earlier.
    """

    def __init__(
        self,
        client: discord.Client,
        outbox: OutboxService,
        token_bucket: TokenBucket,
        *,
        now: Callable[[], datetime],
    ) -> None:
        """Prepare the crossposter.

        Args:
            client: Publishes.
            outbox: Holds what is to be published.
            token_bucket: How fast, shared with the publisher.
            now: The present moment, aware UTC.
        """
        self._client = client
        self._outbox = outbox
        self._token_bucket = token_bucket
        self._now = now
        self._wake = asyncio.Event()
        self._full_until: dict[int, datetime] = {}
        self._published: dict[int, deque[datetime]] | None = None

    def wake(self) -> None:
        """Check the queue now."""
        self._wake.set()

    async def run(self) -> None:
        """Publish until it is cancelled."""
        while True:
            self._wake.clear()
            try:
                while await self.work_off():
                    pass
            except StoreError:
                pass  # logged by the publisher; tried again in a moment
            with suppress(TimeoutError):
                async with asyncio.timeout(IDLE_S):
                    await self._wake.wait()

    async def work_off(self) -> int:
        """Publish a batch of due messages; return how many were handled.

        Raises:
            StoreError: state.db can't be used at present.
        """
        due = await self._outbox.list_to_publish(self._now())
        for publication in due:
            try:
                await self._publish(publication)
            except StoreError:
                raise
            except Exception:  # noqa: BLE001 - a border: an unforeseen response must not hold back the other messages
                _log.exception(
                    "Message %d in channel %d: not published to followers; retry in %d s",
                    publication.message_id,
                    publication.channel_id,
                    RETRY.total_seconds(),
                )
                await self._outbox.set_published(publication, published=False, retry_at=self._now() + RETRY)
        return len(due)

    async def _publish(self, publication: Publication) -> None:
        full_until = await self._find_full_until(publication.channel_id)
        if full_until is not None:
            await self._outbox.set_published(publication, published=False, retry_at=full_until)
            return
        await self._token_bucket.turn()
        try:
            await request_once(
                self._client.http,
                "POST",
                "/channels/{channel_id}/messages/{message_id}/crosspost",
                channel_id=publication.channel_id,
                message_id=publication.message_id,
            )
        except discord.RateLimited as error:
            await self._wait(publication, error.retry_after)
        except LOST as error:
            await self._fail(publication, error)
        else:
            await self._note_published(publication)

    async def _find_full_until(self, channel_id: int) -> datetime | None:
        """Return until when a channel's hourly limit is used up; None if it is not."""
        now = self._now()
        until = self._full_until.get(channel_id)
        # A later moment was noted before the clock was set back.
        if until is not None and now < until <= now + LONGEST_WAIT:
            return until
        self._full_until.pop(channel_id, None)
        if self._published is None:
            self._published = {}
            for found_id, at in await self._outbox.list_published(now - HOUR):
                self._published.setdefault(found_id, deque()).append(at)
        published = self._published.get(channel_id, deque())
        # After the clock was set back some moments lie in the future: they count for an hour at most.
        while published and not now - HOUR < published[0] <= now + HOUR:
            published.popleft()
        if not published:
            self._published.pop(channel_id, None)
        return published[0] + HOUR + timedelta(seconds=1) if len(published) >= PER_HOUR else None

    async def _note_published(self, publication: Publication) -> None:
        now = self._now()
        if self._published is not None:
            self._published.setdefault(publication.channel_id, deque()).append(now)
        await self._outbox.set_published(publication, published=True, at=now)

    async def _wait(self, publication: Publication, retry_after_s: float) -> None:
        wait = timedelta(seconds=retry_after_s + 1) if 0 <= retry_after_s < HOUR.total_seconds() else LONGEST_WAIT
        retry_at = self._now() + wait
        self._full_until[publication.channel_id] = retry_at
        await self._outbox.set_published(publication, published=False, retry_at=retry_at)

    async def _fail(self, publication: Publication, error: BaseException) -> None:
        if isinstance(error, discord.HTTPException):
            if error.code == _ALREADY_PUBLISHED:
                await self._note_published(publication)
                return
            if error.status == 429 and (retry_after_s := _retry_after_s(error)) is not None:
                await self._wait(publication, retry_after_s)
                return
        final = isinstance(error, discord.HTTPException) and error.code in _FINAL
        sent_at = discord.utils.snowflake_time(publication.message_id)
        if final or self._now() - sent_at > PATIENCE:
            _log.warning(
                "Message %d in channel %d will not be published to followers: %s",
                publication.message_id,
                publication.channel_id,
                described(error),
            )
            await self._outbox.set_published(publication, published=False)
        else:
            await self._outbox.set_published(publication, published=False, retry_at=self._now() + RETRY)


def _retry_after_s(error: discord.HTTPException) -> float | None:
    """Return how long a 429 asks to wait; None if it doesn't say."""
    try:
        return float(error.response.headers["Retry-After"])
    except (KeyError, ValueError):
        return None
