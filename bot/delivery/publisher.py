"""The outbox worker: claim -> send -> record, each part exactly once and in order, whatever crashes when.

`bot.delivery.part` sends a single part; the store knows what is due and what was delivered.
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
from bot.delivery.discord_buckets import tidy_seldom
from bot.delivery.part import PartSender
from bot.delivery.rate_limit import CircuitBreaker, TokenBucket
from digests.errors import StoreError
from digests.models import Delivery
from digests.service.outbox import OutboxService, Outcome, Released

_log = logging.getLogger(__name__)
_Result = TypeVar("_Result")

IN_FLIGHT: Final = 10
RESERVE: Final = 4
"""How many times `IN_FLIGHT` may be claimed: each claim is a commit, so many parts are claimed at once."""
SLOW_S: Final = 3.0
"""A part that takes longer no longer counts as in flight, so that another channel's can start."""
MOST_SLOW: Final = 200
CLAIM_PATIENCE_S: Final = 1.0
"""A claim under way when the bot stops is waited for: it may be written already, and is released then."""
GRACE_S: Final = 8.0
IDLE_S: Final = 5.0
BUSY_WAIT_S: Final = 0.25
STORE_WAIT_S: Final = 1.0
READY_PATIENCE_S: Final = 30.0


@dataclass(slots=True)
class _Work:
    """One claimed part and the task that sends it."""

    delivery: Delivery
    begun: bool = False
    slow: bool = False
    settled: bool = False
    task: asyncio.Task[None] | None = field(default=None, repr=False)


class Publisher:
    """Sends the parts in the outbox until it is stopped."""

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
        """Prepare the publisher, before the client logs in.

        Args:
            client: Sends; its `http_trace` will report lost answers, and its buckets are cleaned up less often.
            outbox: Holds what is to be sent.
            token_bucket: Limits the rate.
            now: The present moment, aware UTC.
            in_flight: How many parts may be sent at the same time, slow ones not counted.
            breaker: Stops everything while nothing gets through.
            on_outcome: Called with the outcome of each part once it is on disk.
        """
        self._client = client
        self._outbox = outbox
        self._token_bucket = token_bucket
        self._now = now
        self._in_flight = in_flight
        self._breaker = breaker or CircuitBreaker()
        self._parts = PartSender(client, token_bucket, self._breaker, now=now)
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
        """Check the outbox now: there is something new, or a subscription was resumed."""
        self._wake.set()

    @property
    def is_well(self) -> bool:
        """Whether parts are being sent and recorded."""
        return not self._breaker.is_tripped and not self._failing_store

    async def run(self) -> None:
        """Send until `stop` is called; the client has to be logged in.

        An error in recording ends the sending too, and is raised.
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
                _log.warning(
                    "%d parts were in flight when the last run ended: each is looked for before it is sent",
                    recovered,
                )
            while not (self._stopping.is_set() or recorder.done()):
                self._wake.clear()
                claimed = await self._unless_stopping(self._claim(), patience_s=CLAIM_PATIENCE_S) or ()
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
        """Claim nothing more, let parts in flight finish for up to `GRACE_S`, and release those not begun."""
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
        """Return how many parts may be claimed; in batches, so that not every claim is a commit of its own."""
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
        """Send one part when the rate allows and pass the outcome to the recorder."""
        await self._slots.acquire()
        holds_slot = True

        def give_up_slot() -> None:
            nonlocal holds_slot
            holds_slot = False
            work.slow = True
            self._slots.release()
            self._wake.set()

        slow = asyncio.get_running_loop().call_later(SLOW_S, give_up_slot)
        try:
            self._hand_over(work, await self._outcome(work))
        except Exception:  # noqa: BLE001 - a border: one part's bug must not block its channel forever
            delivery = work.delivery
            _log.exception("Edition %d, part %d could not be handled", delivery.edition_id, delivery.number)
            outcome = classify_error.retry_or_give_up(
                delivery, self._now(), "unexpected error, see the log", certain=False
            )
            self._hand_over(work, outcome)
        finally:
            slow.cancel()
            if holds_slot:
                self._slots.release()

    async def _outcome(self, work: _Work) -> Outcome:
        await self._token_bucket.turn()
        work.begun = True
        return await self._parts.deliver(work.delivery)

    # --------------------------------------------------------------------- recording

    def _hand_over(self, work: _Work, outcome: Outcome) -> None:
        work.settled = True
        self._results.append(outcome)
        self._arrived.set()

    async def _record_forever(self) -> None:
        """Write outcomes in batches; a channel gets its next part only after that.

        While the file is locked or the disk is full it keeps trying: unrecorded parts stay claimed, and a claimed part
        is looked for before it is sent again.
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
            _log.error("The outbox is stopped until state.db can be written again: %s", error)
        elif error is None and self._failing_store:
            _log.warning("The outbox continues: state.db can be written again")
        self._failing_store = error is not None

    # --------------------------------------------------------------------- ending

    async def _wind_down(self, recorder: asyncio.Task[None]) -> None:
        """Release parts that were not started and wait for the rest; those not finished in time stay claimed."""
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
            _log.warning(
                "%d parts were still being sent at the stop: the next start looks for each before it is sent",
                len(self._works),
            )
        self._works.clear()

    def _in_hand(self, recorder: asyncio.Task[None]) -> bool:
        """Check whether parts still have to finish, or to be recorded by a running recorder."""
        return any(not (work.settled and recorder.done()) for work in self._works.values())

    async def _unless_stopping(self, waiting: Coroutine[Any, Any, _Result], *, patience_s: float = 0) -> _Result | None:
        """Wait for something until it is there, or until `patience_s` after `stop`; None when it was cut short."""
        ready = asyncio.create_task(waiting)
        stop = asyncio.create_task(self._stopping.wait())
        try:
            await asyncio.wait((ready, stop), return_when=asyncio.FIRST_COMPLETED)
            if patience_s and not ready.done():
                await asyncio.wait((ready,), timeout=patience_s)
            return ready.result() if ready.done() else None
        finally:
            await asyncio.gather(_cancelled(ready), _cancelled(stop))

    async def _recover(self) -> int:
        """Take over the claims of a dead process, as soon as the store allows."""
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
