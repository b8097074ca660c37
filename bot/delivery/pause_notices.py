"""Looks after paused subscriptions: tells their makers once, and resumes them when the bot has its access back."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import datetime
from itertools import groupby
from typing import Final

import discord

from bot.component_view import ComponentView
from bot.delivery.classify_error import described
from bot.delivery.rate_limit import TokenBucket
from bot.errors import LOST
from bot.interactions.permissions import lacking
from bot.render.notice import error_notice
from digests.errors import BroadsheetError
from digests.i18n import _, use_language
from digests.models import Subscription
from digests.service.subscriptions import SubscriptionService

_log = logging.getLogger(__name__)

MOST_LISTED: Final = 10
GATHER_S: Final = 3.0
"""How long to wait after a pause: a guild that is left pauses many subscriptions, and their maker gets one message."""

ROUND_S: Final = 60.0


class PauseNotices:
    """Knows which subscriptions need a person or only patience."""

    def __init__(
        self,
        client: discord.Client,
        subscriptions: SubscriptionService,
        token_bucket: TokenBucket,
        *,
        now: Callable[[], datetime],
    ) -> None:
        """Prepares the caretaker.

        Args:
            client: Tells makers, and knows permissions.
            subscriptions: What is paused and why.
            pace: How fast, shared with the publisher.
            now: The present moment, aware UTC.
        """
        self._client = client
        self._subscriptions = subscriptions
        self._token_bucket = token_bucket
        self._now = now
        self._wake = asyncio.Event()
        self._seen_lacking: set[int] = set()
        self._told: set[tuple[int, str | None]] = set()

    def wake(self) -> None:
        """Has the pauses looked at soon: there may be a new one."""
        self._wake.set()

    async def run(self) -> None:
        """Tells makers of pauses as they come, until it is cancelled."""
        while True:
            with suppress(BroadsheetError):
                await self.tell_makers()
            with suppress(TimeoutError):
                async with asyncio.timeout(ROUND_S):
                    await self._wake.wait()
                    await asyncio.sleep(GATHER_S)
            self._wake.clear()

    async def tell_makers(self) -> int:
        """Writes to everybody whose subscriptions were paused and who was not told; returns to how many."""
        unannounced = await self._subscriptions.unannounced_pauses()
        told = 0
        waiting = [subscription for subscription in unannounced if _pause(subscription) not in self._told]
        for subscription in unannounced:
            if subscription not in waiting:
                # They were told, which could not be noted then: the disk was full.
                await self._note_told(subscription)
        for creator_id, group in groupby(waiting, key=lambda subscription: subscription.creator_id):
            told += await self._tell(creator_id, list(group))
        return told

    async def resume_accessible(self, *, trusting: bool = False) -> int:
        """Resumes subscriptions whose lost access is back; returns how many.

        Args:
            trusting: Also those whose access was never seen to be gone (Discord refused all the same); for once a
                day, so that a refusal that permissions don't explain does not lead to a pause every minute.
        """
        resumed = 0
        for subscription in await self._subscriptions.without_access():
            if not self._may_deliver(subscription):
                self._seen_lacking.add(subscription.id)
            elif trusting or subscription.id in self._seen_lacking:
                self._seen_lacking.discard(subscription.id)
                await self._subscriptions.resume(subscription.id, self._now())
                resumed += 1
        return resumed

    def _may_deliver(self, subscription: Subscription) -> bool:
        channel = self._client.get_channel(subscription.channel_id)
        if not isinstance(channel, discord.abc.GuildChannel | discord.Thread) or channel.guild.me is None:
            return False
        try:
            permissions = channel.permissions_for(channel.guild.me)
        except discord.ClientException:  # a thread whose parent is not known
            return False
        return not lacking(subscription.channel_kind, permissions)

    async def _tell(self, creator_id: int, paused: Sequence[Subscription]) -> int:
        use_language(paused[0].language)
        await self._token_bucket.turn()
        newest = max(paused, key=lambda subscription: subscription.id)
        try:
            channel = await self._client.create_dm(discord.Object(creator_id))
            # The nonce keeps a second message out if the process dies before the first is noted.
            await channel.send(
                view=ComponentView(error_notice(*_sentences(paused))), nonce=f"paused{newest.id}.{len(paused)}"[:25]
            )
        except LOST as error:
            final = isinstance(error, discord.HTTPException) and error.status in (400, 403, 404)
            _log.info("Member %d could not be told of %d pauses: %s", creator_id, len(paused), described(error))
            if not final:
                return 0  # the next round tries again
            for subscription in paused:
                await self._subscriptions.maker_told(subscription.id, told=False)
            return 0
        self._told.update(map(_pause, paused))
        for subscription in paused:
            await self._note_told(subscription)
        return 1

    async def _note_told(self, subscription: Subscription) -> None:
        await self._subscriptions.maker_told(subscription.id)
        self._told.discard(_pause(subscription))


def _pause(subscription: Subscription) -> tuple[int, str | None]:
    return subscription.id, subscription.paused_reason


def _sentences(paused: Sequence[Subscription]) -> list[str]:
    lines = [
        _("I had to pause the digest in #{channel}: {reason}").format(
            channel=subscription.channel_name or subscription.channel_id, reason=subscription.paused_reason or ""
        )
        for subscription in paused[:MOST_LISTED]
    ]
    if len(paused) > MOST_LISTED:
        lines.append(_("+{count} more; /digest list shows them.").format(count=len(paused) - MOST_LISTED))
    return lines
