"""WHEN: wakes up at due times, looks for reloads, prunes. What is due is read from the store each time.

Nothing is kept in the scheduler: a restart, a change of the clock or of a subscription only moves the next waking.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Final

from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.interval import IntervalTrigger

from digests.errors import BroadsheetError
from digests.service.desk import Render
from digests.service.editions import EditionService

_log = logging.getLogger(__name__)

TICK: Final = timedelta(minutes=1)
"""The safety net: whatever moved clock or calendar unseen is noticed after this."""
SETTLE: Final = timedelta(seconds=1)
"""Due times are looked at this much later, so that what arrived in the due second is all there."""
DAILY_TICKS: Final = 24 * 60
FIRST_DAILY_TICK: Final = 5
"""Once a day is this many minutes after the start and every 24 hours from then."""
_DUE: Final = "due"

Job = Callable[[], Awaitable[object]]


class Schedule:
    """Runs the recurring work on the event loop, each kind one at a time."""

    def __init__(
        self,
        editions: EditionService,
        render: Render,
        *,
        now: Callable[[], datetime],
        before_editions: Job | None = None,
        every_minute: Job | None = None,
        reload: Job | None = None,
        reload_every: timedelta = timedelta(),
        daily: Job | None = None,
    ) -> None:
        """Prepares the schedule.

        Args:
            editions: Knows what is due, and makes it.
            render: Makes the messages of an edition.
            now: The present moment, aware UTC; may jump.
            before_editions: Awaited before due editions are made: a reload under way, whose articles have arrived
                but can't be read yet, has to end first.
            every_minute: Further work of the safety tick.
            reload: Looks for changes in the corpus folders.
            reload_every: How often; zero means never.
            daily: Once a day, and a few minutes after the start.
        """
        self._editions = editions
        self._render = render
        self._now = now
        self._before_editions = before_editions
        self._every_minute = every_minute
        self._reload = reload
        self._reload_every = reload_every
        self._daily = daily
        self._scheduler = AsyncIOScheduler(
            timezone=UTC, job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None}
        )
        self._lock = asyncio.Lock()
        self._tick_count = 0
        self._rearming: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Makes up what is due, then wakes at every due time until `stop`."""
        self._scheduler.start()
        self._scheduler.add_job(self._each_minute, IntervalTrigger(seconds=int(TICK.total_seconds())), id="tick")
        if self._reload is not None and self._reload_every:
            trigger = IntervalTrigger(seconds=int(self._reload_every.total_seconds()))
            self._scheduler.add_job(_guarded(self._reload, "The reload"), trigger, id="reload")
        await self.tick()

    async def stop(self) -> None:
        """Starts nothing more and waits for editions that are being written."""
        if self._scheduler.running:
            self._scheduler.shutdown(wait=False)
        if self._rearming is not None:
            self._rearming.cancel()
        async with self._lock:
            pass

    def rearm(self) -> None:
        """Has the next waking reckoned anew: a subscription or the clock has changed."""
        if self._rearming is None or self._rearming.done():
            self._rearming = asyncio.get_running_loop().create_task(self._rearm(), name="rearm the schedule")

    async def tick(self) -> None:
        """Makes what is due now and sets the next waking."""
        await _guarded(self._make_editions, "Making editions")()
        if self._every_minute is not None:
            await _guarded(self._every_minute, "The minute's work")()
        await _guarded(self._rearm, "Setting the schedule")()

    async def _each_minute(self) -> None:
        await self.tick()
        self._tick_count += 1
        if self._daily is not None and self._tick_count % DAILY_TICKS == FIRST_DAILY_TICK:
            await _guarded(self._daily, "The daily work")()

    async def _make_editions(self) -> None:
        async with self._lock:
            due_at = await self._editions.find_next_due_at()
            if due_at is not None and due_at <= self._now() - SETTLE and self._before_editions is not None:
                await self._before_editions()
            await self._editions.prepare(self._now() - SETTLE, self._render)

    async def _rearm(self) -> None:
        due_at = await self._editions.find_next_due_at()
        if not self._scheduler.running:
            return
        # `now` may be a clock of its own, so only the distance counts. What is further away than the next tick is
        # left to it; a step of the clock in between is caught by it too.
        wait = max(due_at - self._now(), timedelta()) + SETTLE if due_at is not None else TICK
        if wait < TICK:
            trigger = IntervalTrigger(seconds=wait.total_seconds())
            self._scheduler.add_job(self.tick, trigger, id=_DUE, replace_existing=True)
        elif self._scheduler.get_job(_DUE) is not None:
            self._scheduler.remove_job(_DUE)


def _guarded(job: Job, name: str) -> Callable[[], Awaitable[None]]:
    """Keeps an error of one run from ending the schedule: logged here, tried again next time."""

    async def run() -> None:
        try:
            await job()
        except BroadsheetError as error:
            _log.warning("%s failed: %s", name, error)
        except Exception:  # noqa: BLE001 - a border: a job
            _log.exception("%s failed", name)

    return run
