"""Notifies the creators of paused subscriptions once, and resumes subscriptions when the bot has access again."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from datetime import datetime
from itertools import groupby
from typing import Final

import discord

from bot.component_view import ComponentView
from bot.delivery.access import Access, cached_access, fetch_access
from bot.delivery.classify_error import described, refuses_person
from bot.delivery.rate_limit import TokenBucket
from bot.errors import LOST
from bot.interactions.host import Host
from bot.render.notice import error_notice
from bot.render.pressable import pressable
from bot.render.wording import cadence_in_words
from digests.errors import BroadsheetError
from digests.i18n import _, ngettext, use_language
from digests.models import Subscription
from digests.service.outbox import PauseCause
from digests.service.subscriptions import SubscriptionService

_log = logging.getLogger(__name__)

MOST_LISTED: Final = 10
GATHER_S: Final = 3.0
"""How long to wait after a pause: leaving a guild pauses many subscriptions, and their creator gets one message."""
ROUND_S: Final = 15.0
"""How often to check whether pauses can end: even without an event they end within a minute."""
MOST_GUILDS: Final = 40
"""About how many guilds are checked per round, with three requests each; the others follow in the next one."""
ASK_TIMEOUT_S: Final = 15.0
AGAIN_S: Final = 25.0
"""How long a subscription waits for its next try if it was paused again right after it was resumed."""
CLOSED_AGAIN_S: Final = 3600.0
"""How often to try a member's closed DMs: Discord sends no event when they open, and each failed try is an error."""
NONCE_S: Final = 600
"""How long Discord may remember a nonce; a later notice about the same subscriptions needs another one."""


class PauseNotices:
    """Sends the notices and ends the pauses."""

    def __init__(
        self,
        client: discord.Client,
        subscriptions: SubscriptionService,
        token_bucket: TokenBucket,
        *,
        now: Callable[[], datetime],
    ) -> None:
        """Prepare the work; `run` does it.

        Args:
            client: Writes to creators, and knows permissions.
            subscriptions: What is paused and why.
            token_bucket: Limits the rate, shared with the publisher.
            now: The present moment, aware UTC.
        """
        self._client = client
        self._subscriptions = subscriptions
        self._token_bucket = token_bucket
        self._now = now
        self._wake = asyncio.Event()
        self._looking = asyncio.Lock()
        self._last_guild_id = 0
        self._resumed_s: dict[int, float] = {}
        self._notified: set[tuple[int, str | None]] = set()

    def wake(self) -> None:
        """Check the pauses soon: there may be a new one."""
        self._wake.set()

    async def run(self) -> None:
        """Notify creators of new pauses, and end those whose cause is gone, until cancelled."""
        while True:
            self._wake.clear()
            await self._attempt(self._notify_gathered)
            await self._attempt(self.resume_accessible)
            with suppress(TimeoutError):
                async with asyncio.timeout(ROUND_S):
                    await self._wake.wait()

    async def _notify_gathered(self) -> None:
        if await self._subscriptions.unannounced_pauses():
            await asyncio.sleep(GATHER_S)
            await self.notify_creators()

    @staticmethod
    async def _attempt(work: Callable[[], Awaitable[object]]) -> None:
        try:
            await work()
        except BroadsheetError:
            pass  # state.db can't be used right now; the next round tries again
        except Exception:  # noqa: BLE001 - a border: one bad response must not end the bot
            _log.exception("Checking the paused subscriptions failed; the next round tries again")

    async def notify_creators(self) -> int:
        """Notify everybody whose subscriptions were paused and who does not know yet; return how many were notified."""
        unannounced = await self._subscriptions.unannounced_pauses()
        notified = 0
        waiting = [subscription for subscription in unannounced if _pause(subscription) not in self._notified]
        for subscription in unannounced:
            if subscription not in waiting:
                # They were notified, but that could not be recorded: the disk was full.
                await self._record_notice(subscription)
        for creator_id, group in groupby(waiting, key=lambda subscription: subscription.creator_id):
            notified += await self._notify(creator_id, list(group))
        return notified

    async def resume_accessible(self) -> int:
        """Resume the subscriptions whose channels can be written to again; return how many.

        Discord itself is asked, as an event may have been missed in either direction. Guilds whose channels are open
        according to the client's cache come first.
        """
        if self._looking.locked():
            return 0
        async with self._looking:
            paused = await self._subscriptions.without_access()
            by_guild: dict[int, list[tuple[Subscription, PauseCause]]] = {}
            for subscription, cause in paused:
                if subscription.guild_id is not None:
                    by_guild.setdefault(subscription.guild_id, []).append((subscription, cause))
            # Direct messages have no permissions to check: they are tried again on their own schedule.
            resumed = [
                await self._resume(one, CLOSED_AGAIN_S if cause is PauseCause.CLOSED else None)
                for one, cause in paused
                if one.guild_id is None
            ]
            for guild_id in self._in_turn(by_guild):
                resumed += [await self._resume(one) for one in await self._accessible(guild_id, by_guild[guild_id])]
            return sum(resumed)

    def _in_turn(self, by_guild: dict[int, list[tuple[Subscription, PauseCause]]]) -> list[int]:
        """Return the guilds to ask about now: those that seem open, then the others in rotation."""
        seem_open = [
            guild_id
            for guild_id, paused in by_guild.items()
            if any(_is_over(cached_access(self._client, one), cause) for one, cause in paused)
        ]
        rest = sorted(by_guild.keys() - seem_open, key=lambda guild_id: (guild_id <= self._last_guild_id, guild_id))
        chosen = [*seem_open, *rest][:MOST_GUILDS]
        if rest and chosen[-1] in rest:
            self._last_guild_id = chosen[-1]
        return chosen

    async def _accessible(
        self, guild_id: int, paused: Sequence[tuple[Subscription, PauseCause]]
    ) -> Sequence[Subscription]:
        await self._token_bucket.turn()
        try:
            async with asyncio.timeout(ASK_TIMEOUT_S):
                access = await fetch_access(self._client, guild_id, [subscription for subscription, _cause in paused])
        except LOST as error:
            _log.info("Permissions in guild %d could not be checked: %s", guild_id, described(error))
            return ()
        return [one for one, cause in paused if _is_over(access[one.channel_id], cause)]

    async def _resume(self, subscription: Subscription, again_s: float | None = None) -> bool:
        again_s = AGAIN_S if again_s is None else again_s
        loop_s = asyncio.get_running_loop().time()
        if loop_s - self._resumed_s.get(subscription.id, -again_s) < again_s:
            return False
        self._resumed_s = {id: at for id, at in self._resumed_s.items() if loop_s - at < CLOSED_AGAIN_S}
        self._resumed_s[subscription.id] = loop_s
        await self._subscriptions.resume(subscription.id, self._now(), by_person=False)
        return True

    async def _notify(self, creator_id: int, paused: Sequence[Subscription]) -> int:
        use_language(paused[0].language)
        await self._token_bucket.turn()
        newest = max(paused, key=lambda subscription: subscription.id)
        # The nonce prevents a second message if the process dies before the first is recorded.
        nonce = f"paused{newest.id}.{len(paused)}.{int(self._now().timestamp()) // NONCE_S:x}"[-25:]
        try:
            ids = self._client.command_ids(None) if isinstance(self._client, Host) else {}
            channel = await self._client.create_dm(discord.Object(creator_id))
            await channel.send(
                view=ComponentView(pressable(error_notice(*_sentences(paused)), ids, bare=True)), nonce=nonce
            )
        except LOST as error:
            _log.info(
                "Member %d could not be notified about %d paused subscriptions: %s",
                creator_id,
                len(paused),
                described(error),
            )
            if not refuses_person(error):
                return 0  # the next round tries again
            for subscription in paused:
                await self._subscriptions.set_creator_notified(subscription.id, notified=False)
            return 0
        self._notified.update(map(_pause, paused))
        for subscription in paused:
            await self._record_notice(subscription)
        return 1

    async def _record_notice(self, subscription: Subscription) -> None:
        await self._subscriptions.set_creator_notified(subscription.id)
        self._notified.discard(_pause(subscription))


def _is_over(access: Access | None, cause: PauseCause) -> bool:
    """Check whether the cause of a pause is gone."""
    if access is None or not access.is_open:
        return False
    return access.reads_history if cause is PauseCause.HISTORY else cause is not PauseCause.TAG or not access.lacks_tag


def _pause(subscription: Subscription) -> tuple[int, str | None]:
    return subscription.id, subscription.paused_reason


def _sentences(paused: Sequence[Subscription]) -> list[str]:
    """Return a sentence per channel and reason; with several digests it names them."""
    by_place: dict[tuple[int, str], list[Subscription]] = {}
    for subscription in paused:
        by_place.setdefault((subscription.channel_id, subscription.paused_reason or ""), []).append(subscription)
    lines = [_sentence(reason, here) for (_channel_id, reason), here in list(by_place.items())[:MOST_LISTED]]
    rest = sum(len(here) for here in list(by_place.values())[MOST_LISTED:])
    if rest:
        lines.append(_("+{count} more; /digest list shows them.").format(count=rest))
    return lines


def _sentence(reason: str, here: Sequence[Subscription]) -> str:
    channel = here[0].channel_name or here[0].channel_id
    if len(here) == 1:
        return _("I had to pause the digest in #{channel}: {reason}").format(channel=channel, reason=reason)
    return ngettext(
        "I had to pause {count} digest in #{channel} ({digests}): {reason}",
        "I had to pause {count} digests in #{channel} ({digests}): {reason}",
        len(here),
    ).format(count=len(here), channel=channel, digests="; ".join(map(_name, here)), reason=reason)


def _name(subscription: Subscription) -> str:
    about = ", ".join([*subscription.topics, *subscription.providers, *subscription.keywords])
    return " · ".join(part for part in (cadence_in_words(subscription.cadence), about) if part)
