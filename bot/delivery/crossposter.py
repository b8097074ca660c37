"""Publishes sent digests of announcement channels to their followers: a queue of its own that delays no delivery.

Publishing the same message twice does no harm, so nothing needs to be claimed.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Final

import discord

from bot.delivery.classify_error import described
from bot.delivery.rate_limit import TokenBucket
from bot.errors import LOST
from digests.errors import StoreError
from digests.service.outbox import OutboxService, Publication

_log = logging.getLogger(__name__)

_ALREADY_PUBLISHED: Final = 40033
PATIENCE: Final = timedelta(hours=24)
"""A message that could not be published for so long stays unpublished."""
RETRY: Final = timedelta(minutes=5)
IDLE_S: Final = 15.0


class Crossposter:
    """Works off the messages that are to be published; Discord takes ten an hour of each channel."""

    def __init__(
        self,
        client: discord.Client,
        outbox: OutboxService,
        token_bucket: TokenBucket,
        *,
        now: Callable[[], datetime],
    ) -> None:
        """Prepares the announcer.

        Args:
            client: Publishes.
            outbox: What is to be published.
            pace: How fast, shared with the publisher.
            now: The present moment, aware UTC.
        """
        self._client = client
        self._outbox = outbox
        self._token_bucket = token_bucket
        self._now = now
        self._wake = asyncio.Event()
        self._full_until: dict[int, datetime] = {}

    def wake(self) -> None:
        """Has the queue looked at now."""
        self._wake.set()

    async def run(self) -> None:
        """Publishes until it is cancelled."""
        while True:
            self._wake.clear()
            with suppress(StoreError):
                while await self.work_off():
                    pass
            with suppress(TimeoutError):
                async with asyncio.timeout(IDLE_S):
                    await self._wake.wait()

    async def work_off(self) -> int:
        """Publishes a batch of what is due; returns how many messages it dealt with.

        Raises:
            StoreError: state.db can't be used at present.
        """
        due = await self._outbox.list_to_publish(self._now())
        for publication in due:
            await self._publish(publication)
        return len(due)

    async def _publish(self, publication: Publication) -> None:
        full_until = self._full_until.get(publication.channel_id)
        if full_until is not None and full_until > self._now():
            await self._outbox.set_published(publication, published=False, retry_at=full_until)
            return
        await self._token_bucket.turn()
        channel = self._client.get_partial_messageable(publication.channel_id, guild_id=publication.guild_id)
        try:
            await channel.get_partial_message(publication.message_id).publish()
        except discord.RateLimited as error:
            retry_at = self._now() + timedelta(seconds=error.retry_after + 1)
            self._full_until[publication.channel_id] = retry_at
            await self._outbox.set_published(publication, published=False, retry_at=retry_at)
        except LOST as error:
            await self._fail(publication, error)
        else:
            await self._outbox.set_published(publication, published=True)

    async def _fail(self, publication: Publication, error: BaseException) -> None:
        if isinstance(error, discord.HTTPException) and error.code == _ALREADY_PUBLISHED:
            await self._outbox.set_published(publication, published=True)
            return
        final = isinstance(error, discord.HTTPException) and error.status < 500 and error.status not in (401, 429)
        sent_at = discord.utils.snowflake_time(publication.message_id)
        if final or self._now() - sent_at > PATIENCE:
            _log.warning(
                "Message %d of channel %d stays unpublished: %s",
                publication.message_id,
                publication.channel_id,
                described(error),
            )
            await self._outbox.set_published(publication, published=False)
        else:
            await self._outbox.set_published(publication, published=False, retry_at=self._now() + RETRY)
