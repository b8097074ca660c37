"""Sends one part to Discord, after looking for it if it may have arrived before, and returns the outcome.

Knows nothing about the outbox or other parts.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from datetime import datetime
from typing import Final

import discord

from bot.delivery import attempts, classify_error
from bot.delivery.access import AccessState, cached_access, fetch_access, thread_exists
from bot.delivery.classify_error import ChannelCheck
from bot.delivery.rate_limit import CircuitBreaker, TokenBucket
from bot.delivery.reconcile import Absence, look_up
from bot.delivery.sender import is_post, send
from bot.errors import LOST
from digests.models import Delivery
from digests.service.outbox import Barred, GaveUp, Outcome, Refused, Retry, Sent

_log = logging.getLogger(__name__)

SEND_TIMEOUT_S: Final = 120.0
CHECK_TIMEOUT_S: Final = 15.0
"""Time limit for asking Discord whether a refusal is true."""
NONCE_S: Final = 60.0
"""How long Discord certainly remembers a nonce: it documents "the past few minutes" without a number."""

_OUTCOMES: Final[dict[type, str]] = {
    Barred: "no access",
    GaveUp: "given up",
    Refused: "refused",
    Sent: "arrived all the same",
}


class PartSender:
    """Sends parts, one per call, and reports success or failure to the breaker."""

    def __init__(
        self,
        client: discord.Client,
        token_bucket: TokenBucket,
        breaker: CircuitBreaker,
        *,
        now: Callable[[], datetime],
    ) -> None:
        self._client = client
        self._token_bucket = token_bucket
        self._breaker = breaker
        self._now = now

    async def deliver(self, delivery: Delivery) -> Outcome:
        """Send a part; if it was tried before, look for it in the channel first."""
        in_doubt = False
        if delivery.attempted_at is not None:
            known = await self._look_up(delivery)
            if not isinstance(known, Absence):
                return known
            in_doubt = known is not Absence.ABSENT
        with attempts.attempting(once=is_post(delivery)) as attempt:
            try:
                async with asyncio.timeout(SEND_TIMEOUT_S):
                    sent = await send(self._client, delivery)
            except LOST as error:
                return await self._failed(delivery, error, doubtful=in_doubt or attempt.doubtful)
        self._breaker.succeed()
        return sent

    async def _look_up(self, delivery: Delivery) -> Outcome | Absence:
        """Look for a part that may have arrived; return its outcome, or an absence if it is to be sent.

        If Discord can't be asked, the part stays in doubt, and only its nonce prevents a second message.
        """
        try:
            async with asyncio.timeout(SEND_TIMEOUT_S):
                found = await look_up(self._client, delivery)
        except LOST as error:
            return await self._failed(delivery, error, doubtful=True)
        if found is Absence.ABSENT:
            last = classify_error.is_last_look(delivery)
            return classify_error.given_up(delivery, "tried too often", certain=True) if last else found
        if isinstance(found, Absence):
            if self._nonce_holds(delivery):
                return found
            unreadable = found is Absence.UNREADABLE
            return (classify_error.unreadable if unreadable else classify_error.too_many_messages)(delivery)
        _log.info("Edition %d, part %d: found in the channel, not sent again", delivery.edition_id, delivery.number)
        self._breaker.succeed()
        return Sent(delivery, found.message_id, found.thread_id)

    def _nonce_holds(self, delivery: Delivery) -> bool:
        """Check whether the nonce is recent enough that sending again can't create a second message."""
        assert delivery.attempted_at is not None
        age_s = (self._now() - delivery.attempted_at).total_seconds()
        return not is_post(delivery) and 0 <= age_s < NONCE_S

    async def _failed(self, delivery: Delivery, error: BaseException, *, doubtful: bool) -> Outcome:
        stop_s = classify_error.stops_everything(error)
        if stop_s is None:
            self._breaker.succeed()
        else:
            self._breaker.fail(at_least_s=stop_s)
        check = await self._check_channel(delivery, error)
        outcome = classify_error.outcome_of(error, delivery, self._now(), doubtful=doubtful, check=check)
        _log.log(
            logging.INFO if isinstance(outcome, Retry) else logging.WARNING,
            "Edition %d, part %d, channel %d: %s (%s)",
            delivery.edition_id,
            delivery.number,
            delivery.channel_id,
            self._in_words(outcome),
            classify_error.described(error),
        )
        return outcome

    async def _check_channel(self, delivery: Delivery, error: BaseException) -> ChannelCheck:
        """Find out whether what a refusal says about a channel is true; ask Discord if the cache disagrees."""
        if not classify_error.concerns_access(error):
            return classify_error.NOT_CHECKED
        access = cached_access(self._client, delivery)
        gone = access is not None and access.state in (AccessState.NO_CHANNEL, AccessState.NO_GUILD)
        post_exists = False
        try:
            async with asyncio.timeout(CHECK_TIMEOUT_S):
                if delivery.thread_id is not None and not gone and classify_error.says_post_gone(error):
                    await self._token_bucket.turn()
                    post_exists = await thread_exists(self._client, delivery.thread_id)
                # These would be final as well.
                doubted = access is None or access.state in (AccessState.OPEN, AccessState.NO_CHANNEL)
                if delivery.guild_id is not None and doubted:
                    await self._token_bucket.turn()
                    found = await fetch_access(self._client, delivery.guild_id, (delivery,))
                    access = found[delivery.channel_id]
        except LOST as lost:
            _log.info(
                "Permissions in channel %d could not be checked: %s",
                delivery.channel_id,
                classify_error.described(lost),
            )
            # Without confirmation the part is tried again.
            return ChannelCheck(access=None, forum_gone=gone, post_exists=True)
        return ChannelCheck(access, forum_gone=gone, post_exists=post_exists)

    def _in_words(self, outcome: Outcome) -> str:
        """Return a part's outcome in words, for the log."""
        if isinstance(outcome, Retry):
            return f"retry in {max(0.0, (outcome.at - self._now()).total_seconds()):.0f} s"
        return _OUTCOMES.get(type(outcome), type(outcome).__name__)
