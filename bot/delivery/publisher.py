"""The outbox worker: claim -> send -> record, each part exactly once and in order, whatever dies when.

Knows Discord's errors through `bot.delivery.classify_error`; what is due and what was told is the store's.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final, TypeVar

import aiohttp
import discord

from bot.delivery import attempts, classify_error
from bot.delivery.access import AccessState, cached_access, fetch_access, thread_exists
from bot.delivery.classify_error import Seen
from bot.delivery.discord_buckets import tidy_seldom
from bot.delivery.rate_limit import CircuitBreaker, TokenBucket
from bot.delivery.reconcile import Absence, look_up
from bot.delivery.sender import is_post, send
from bot.errors import LOST
from digests.errors import StoreError
from digests.models import Delivery
from digests.service.outbox import OutboxService, Outcome, Released, Retry, Sent

_log = logging.getLogger(__name__)
_Result = TypeVar("_Result")

IN_FLIGHT: Final = 10
RESERVE: Final = 4
"""How many times as many may be claimed: claims are commits, and are made many at once."""
SLOW_S: Final = 3.0
"""A part that takes longer gives its place among those in flight to another channel's."""
MOST_SLOW: Final = 200
SEND_TIMEOUT_S: Final = 120.0
SEE_TIMEOUT_S: Final = 15.0
"""For asking Discord whether a refusal is true."""
NONCE_S: Final = 60.0
"""How long a nonce is sure to be remembered: Discord says "the past few minutes" and no number."""
GRACE_S: Final = 8.0
IDLE_S: Final = 5.0
BUSY_WAIT_S: Final = 0.25
STORE_WAIT_S: Final = 1.0
READY_PATIENCE_S: Final = 30.0


@dataclass(slots=True)
class _Work:
    """One claimed part in the hands of a task."""

    delivery: Delivery
    begun: bool = False
    slow: bool = False
    settled: bool = False
    task: asyncio.Task[None] | None = field(default=None, repr=False)


class Publisher:
    """Sends what is in the outbox until it is stopped."""

    def __init__(
        self,
        client: discord.Client,
        outbox: OutboxService,
        token_bucket: TokenBucket,
        *,
        now: Callable[[], datetime],
        in_flight: int = IN_FLIGHT,
        breaker: CircuitBreaker | None = None,
        on_outcome: Callable[[Outcome], None] | None = None,
    ) -> None:
        """Prepare the publisher. To be made before the client logs in.

        Args:
            client: Sends; its `http_trace` is made to tell when an answer was lost, and it tidies its buckets seldom.
            outbox: What is to be sent.
            pace: How fast.
            now: The present moment, aware UTC.
            in_flight: How many parts may be under way at once, slow ones not counted.
            breaker: Stops everything while nothing gets through.
            on_outcome: Called with what became of each part once it is on disk.
        """
        self._client = client
        self._outbox = outbox
        self._token_bucket = token_bucket
        self._now = now
        self._in_flight = in_flight
        self._breaker = breaker or CircuitBreaker()
        self._on_outcome = on_outcome
        self._works: dict[int, _Work] = {}
        self._slots = asyncio.Semaphore(in_flight)
        self._results: list[Outcome] = []
        self._arrived = asyncio.Event()
        self._wake = asyncio.Event()
        self._stopping = asyncio.Event()
        self._finished = asyncio.Event()
        self._failing_store = False
        trace = client.http.http_trace or aiohttp.TraceConfig()
        attempts.watch(trace)
        client.http.http_trace = trace
        tidy_seldom(client.http)

    def wake(self) -> None:
        """Have the outbox looked at now: something new is in it, or a subscription was resumed."""
        self._wake.set()

    @property
    def is_well(self) -> bool:
        """Whether parts get through and are recorded."""
        return not self._breaker.is_tripped and not self._failing_store

    async def run(self) -> None:
        """Send until `stop` is called. The client has to be logged in.

        An error that ends the recording ends the sending too, and is raised.
        """
        self._finished.clear()
        recorder = asyncio.create_task(self._record_forever(), name="outbox recorder")
        recorder.add_done_callback(lambda _recorder: self._wake.set())
        try:
            with suppress(TimeoutError):
                async with asyncio.timeout(READY_PATIENCE_S):
                    await self._unless_stopping(self._client.wait_until_ready())
            recovered = await self._unless_stopping(self._recover())
            if recovered:
                _log.warning("%d parts were under way when the last run ended; each is looked for first", recovered)
            while not (self._stopping.is_set() or recorder.done()):
                self._wake.clear()
                claimed = await self._unless_stopping(self._claim()) or ()
                for delivery in claimed:
                    self._begin(delivery)
                if not claimed:
                    await self._rest()
        finally:
            try:
                await self._wind_down(recorder)
                recorder.cancel()
                with suppress(asyncio.CancelledError):
                    await recorder
            finally:
                self._finished.set()

    async def stop(self) -> None:
        """Claim nothing more, lets parts in flight finish for up to `GRACE_S`, gives unbegun ones back."""
        self._stopping.set()
        self._wake.set()
        await self._finished.wait()

    # --------------------------------------------------------------------- claiming

    async def _claim(self) -> tuple[Delivery, ...]:
        room = self._room()
        if room <= 0:
            return ()
        try:
            claimed = await self._outbox.claim(self._now(), limit=room, busy=tuple(self._works))
        except StoreError as error:
            self._note_store(error)
            await self._pause(STORE_WAIT_S)
            return ()
        self._note_store(None)
        return claimed

    def _room(self) -> int:
        """How many parts may be claimed: in batches, so that a claim is not a commit of its own each time."""
        quick = sum(not work.slow for work in self._works.values())
        if self._breaker.is_tripped:
            return 1 if not quick and not self._breaker.wait_s else 0
        if len(self._works) - quick >= MOST_SLOW:
            return 0
        room = RESERVE * self._in_flight - quick
        return room if room >= self._in_flight else 0

    async def _rest(self) -> None:
        """Wait for something to do: a wake, the end of a part, the time of the next one."""
        wait_s = IDLE_S
        if self._breaker.is_tripped:
            wait_s = max(self._breaker.wait_s, BUSY_WAIT_S)
        elif self._room() > 0:
            try:
                ready_at = await self._outbox.find_next_ready_at()
            except StoreError as error:
                self._note_store(error)
                ready_at = None
            if ready_at is not None:
                wait_s = min(max((ready_at - self._now()).total_seconds(), BUSY_WAIT_S), IDLE_S)
        await self._pause(wait_s)

    async def _pause(self, seconds: float) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._wake.wait()

    # --------------------------------------------------------------------- sending

    def _begin(self, delivery: Delivery) -> None:
        work = _Work(delivery)
        self._works[delivery.channel_id] = work
        work.task = asyncio.create_task(self._work(work), name=f"part {delivery.edition_id}.{delivery.number}")

    async def _work(self, work: _Work) -> None:
        """Send one part in its turn and hands what became of it to the recorder."""
        await self._slots.acquire()
        held = True

        def give_up_slot() -> None:
            nonlocal held
            held = False
            work.slow = True
            self._slots.release()
            self._wake.set()

        slow = asyncio.get_running_loop().call_later(SLOW_S, give_up_slot)
        try:
            self._hand_over(work, await self._outcome(work))
        except Exception:  # noqa: BLE001 - a border: one part's bug must not keep its channel busy for ever
            delivery = work.delivery
            _log.exception("Edition %d, part %d could not be handled", delivery.edition_id, delivery.number)
            outcome = classify_error.retry_or_give_up(
                delivery, self._now(), "unexpected error, see the log", certain=False
            )
            self._hand_over(work, outcome)
        finally:
            slow.cancel()
            if held:
                self._slots.release()

    async def _outcome(self, work: _Work) -> Outcome:
        delivery = work.delivery
        await self._token_bucket.turn()
        work.begun = True
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
        """Decide about a part that may have arrived already; an absence when it is to be sent.

        One that could not be looked for stays in doubt, and only its nonce keeps it from becoming two messages.
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
        _log.info("Edition %d, part %d had arrived already", delivery.edition_id, delivery.number)
        self._breaker.succeed()
        return Sent(delivery, found.message_id, found.thread_id)

    def _nonce_holds(self, delivery: Delivery) -> bool:
        """Return whether sending again can't make a second message."""
        assert delivery.attempted_at is not None
        age_s = (self._now() - delivery.attempted_at).total_seconds()
        return not is_post(delivery) and 0 <= age_s < NONCE_S

    async def _failed(self, delivery: Delivery, error: BaseException, *, doubtful: bool) -> Outcome:
        stop_s = classify_error.stops_everything(error)
        if stop_s is None:
            self._breaker.succeed()
        else:
            self._breaker.fail(at_least_s=stop_s)
        seen = await self._see(delivery, error)
        outcome = classify_error.outcome_of(error, delivery, self._now(), doubtful=doubtful, seen=seen)
        _log.log(
            logging.INFO if isinstance(outcome, Retry) else logging.WARNING,
            "Edition %d, part %d, channel %d: %s -> %s",
            delivery.edition_id,
            delivery.number,
            delivery.channel_id,
            classify_error.described(error),
            type(outcome).__name__,
        )
        return outcome

    async def _see(self, delivery: Delivery, error: BaseException) -> Seen:
        """Find out whether what a refusal says of a channel is true; Discord is asked where the cache says it isn't."""
        if not classify_error.concerns_access(error):
            return classify_error.NOTHING_SEEN
        access = cached_access(self._client, delivery)
        gone = access is not None and access.state in (AccessState.NO_CHANNEL, AccessState.NO_GUILD)
        post_exists = False
        try:
            async with asyncio.timeout(SEE_TIMEOUT_S):
                if delivery.thread_id is not None and not gone and classify_error.says_post_gone(error):
                    await self._token_bucket.turn()
                    post_exists = await thread_exists(self._client, delivery.thread_id)
                # What would be final, too.
                doubted = access is None or access.state in (AccessState.OPEN, AccessState.NO_CHANNEL)
                if delivery.guild_id is not None and doubted:
                    await self._token_bucket.turn()
                    found = await fetch_access(self._client, delivery.guild_id, (delivery,))
                    access = found[delivery.channel_id]
        except LOST as lost:
            _log.info("Channel %d could not be looked at: %s", delivery.channel_id, classify_error.described(lost))
            # What can't be confirmed is tried again.
            return Seen(access=None, forum_gone=gone, post_exists=True)
        return Seen(access, forum_gone=gone, post_exists=post_exists)

    # --------------------------------------------------------------------- recording

    def _hand_over(self, work: _Work, outcome: Outcome) -> None:
        work.settled = True
        self._results.append(outcome)
        self._arrived.set()

    async def _record_forever(self) -> None:
        """Write outcomes, as many at once as have come in; a channel gets its next part only after that.

        While the file is locked or the disk is full it goes on trying: what is not recorded stays claimed, and a
        claimed part is looked for before it is ever sent again.
        """
        while True:
            await self._arrived.wait()
            self._arrived.clear()
            while self._results:
                batch = tuple(self._results)
                try:
                    await self._outbox.record(batch, self._now())
                except StoreError as error:
                    self._note_store(error)
                    await asyncio.sleep(STORE_WAIT_S)
                    continue
                self._note_store(None)
                del self._results[: len(batch)]
                for outcome in batch:
                    del self._works[outcome.delivery.channel_id]
                    if self._on_outcome is not None:
                        self._on_outcome(outcome)
                self._wake.set()

    def _note_store(self, error: StoreError | None) -> None:
        if error is not None and not self._failing_store:
            _log.error("The outbox stands still until state.db can be written again: %s", error)
        elif error is None and self._failing_store:
            _log.warning("state.db can be written again")
        self._failing_store = error is not None

    # --------------------------------------------------------------------- ending

    async def _wind_down(self, recorder: asyncio.Task[None]) -> None:
        """Give back what was not begun, waits for what was; what is not finished in time stays claimed."""
        deadline = asyncio.get_running_loop().time() + GRACE_S
        for work in list(self._works.values()):
            if not work.begun:
                await _cancelled(work.task)
                self._hand_over(work, Released(work.delivery))
        while self._in_hand(recorder) and asyncio.get_running_loop().time() < deadline:
            self._wake.clear()
            await self._pause(min(BUSY_WAIT_S, max(deadline - asyncio.get_running_loop().time(), 0.01)))
        await asyncio.gather(*(_cancelled(work.task) for work in self._works.values()))
        if self._works:
            _log.warning("%d parts stay claimed; the next start looks for them", len(self._works))
        self._works.clear()

    def _in_hand(self, recorder: asyncio.Task[None]) -> bool:
        """Return whether parts are still to finish, or to be recorded by a recorder that lives."""
        return any(not (work.settled and recorder.done()) for work in self._works.values())

    async def _unless_stopping(self, waiting: Coroutine[Any, Any, _Result]) -> _Result | None:
        """Wait for something, but not longer than until `stop`; None when it was cut short."""
        ready = asyncio.create_task(waiting)
        stop = asyncio.create_task(self._stopping.wait())
        try:
            await asyncio.wait((ready, stop), return_when=asyncio.FIRST_COMPLETED)
            return ready.result() if ready.done() else None
        finally:
            await asyncio.gather(_cancelled(ready), _cancelled(stop))

    async def _recover(self) -> int:
        """Take over what a dead process left, as soon as the store lets it."""
        while True:
            try:
                return await self._outbox.recover(self._now())
            except StoreError as error:
                self._note_store(error)
                await asyncio.sleep(STORE_WAIT_S)


async def _cancelled(task: asyncio.Task[Any] | None) -> None:
    """Cancel a task and wait for its end."""
    if task is not None and not task.done():
        task.cancel()
        await asyncio.wait((task,))
