"""Wakes up at due times, starts reloads and the daily work. What is due is read from the store each time.

The scheduler keeps no state: a restart or a change of the clock or of a subscription only moves the next wake-up.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.interval import IntervalTrigger

from digests.editions import SETTLE
from digests.errors import BroadsheetError
from digests.service.edition_run import Render
from digests.service.editions import EditionService

_log = logging.getLogger(__name__)

TICK: Final = timedelta(minutes=1)
"""A safety net: a change of the calendar that was missed is noticed after this long at most."""
CLOCK_CHECK_S: Final = 5.0
"""How often the clock is compared with the monotonic clock, which can't be set."""
STEP_S: Final = 30.0
"""A smaller change is ignored as a correction: it only makes the next wake-up that much early or late."""
DAILY_TICKS: Final = 24 * 60
FIRST_DAILY_TICK: Final = 5
"""The daily work runs this many minutes after the start and every 24 hours from then."""
MAX_RUNNING: Final = 6
"""With this many tasks still running, the next minute starts no new one."""
_DUE: Final = "due"

Job = Callable[[], Awaitable[object]]


class Schedule:
    """Runs recurring work on the event loop, one task of each kind at a time."""

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
        """Prepare the schedule.

        Args:
            editions: Knows what is due, and prepares it.
            render: Renders an edition to messages.
            now: The present moment, aware UTC; may jump.
            before_editions: Awaited before due editions are prepared: a running reload, whose articles have arrived but
                are not visible yet, has to end first.
            every_minute: Additional work for each tick.
            reload: Reloads the corpus folders.
            reload_every: How often to reload; zero means never.
            daily: Work to do once a day, and a few minutes after the start.
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
        self._running: set[asyncio.Task[None]] = set()
        self._minute = asyncio.Lock()
        self._looked_until = datetime.min.replace(tzinfo=UTC)
        self._tick_count = 0
        self._rearming: asyncio.Task[None] | None = None
        self._watching: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Prepare what is due, then wake at every due time until `stop`."""
        self._scheduler.start()
        self._add_jobs()
        self._watching = asyncio.create_task(self._watch_clock(), name="watch the clock")
        await self.tick()

    async def stop(self) -> None:
        """Stop starting work, cancel what is running and wait until it has ended.

        A page of editions is written in one transaction: those not yet written are prepared at the next start.
        """
        if self._scheduler.running:
            self._scheduler.shutdown(wait=False)
        ending = [task for task in (self._rearming, self._watching, *self._running) if task is not None]
        for task in ending:
            task.cancel()
        if ending:
            await asyncio.wait(ending)

    def rearm(self) -> None:
        """Recompute the next wake-up: a subscription or the clock has changed."""
        if self._rearming is None or self._rearming.done():
            rearm = _guarded(self._rearm, "Setting the schedule")
            self._rearming = asyncio.get_running_loop().create_task(rearm(), name="rearm the schedule")

    async def tick(self) -> None:
        """Prepare what is due now and set the next wake-up.

        May be called while an earlier call is running: what has become due since doesn't wait for it.
        """
        await _guarded(self._make_editions, "Making editions")()
        if self._every_minute is not None and not self._minute.locked():
            async with self._minute:
                await _guarded(self._every_minute, "The work of each minute")()
        await _guarded(self._rearm, "Setting the schedule")()

    def _start(self, work: Coroutine[Any, Any, None]) -> None:
        """Start work in a task of its own: APScheduler would skip the runs of a job that takes long, with a warning."""
        task = asyncio.get_running_loop().create_task(work, name="schedule")
        self._running.add(task)
        task.add_done_callback(self._running.discard)

    async def _start_tick(self) -> None:
        self._start(self.tick())

    def _add_jobs(self) -> None:
        trigger = IntervalTrigger(seconds=int(TICK.total_seconds()))
        self._scheduler.add_job(self._each_minute, trigger, id="tick", replace_existing=True)
        if self._reload is not None and self._reload_every:
            trigger = IntervalTrigger(seconds=int(self._reload_every.total_seconds()))
            self._scheduler.add_job(self._start_reload, trigger, id="reload", replace_existing=True)

    async def _start_reload(self) -> None:
        assert self._reload is not None
        self._start(_guarded(self._reload, "The reload")())

    async def _watch_clock(self) -> None:
        """Check what is due and recompute all wake-ups as soon as the clock has been set.

        APScheduler's wake-ups are wall-clock times: with the clock set back by an hour, it would sleep for an
        hour.
        """
        clock_s = asyncio.get_running_loop().time
        ahead_s = self._now().timestamp() - clock_s()
        while True:
            await asyncio.sleep(CLOCK_CHECK_S)
            before_s, ahead_s = ahead_s, self._now().timestamp() - clock_s()
            if abs(ahead_s - before_s) >= STEP_S:
                _log.warning("The clock was set: it moved by %+.0f s", ahead_s - before_s)
                self._add_jobs()
                if ahead_s < before_s:
                    await _guarded(self._bring_forward, "Bringing forward waiting parts")()
                self._start(self.tick())

    async def _bring_forward(self) -> None:
        await self._editions.release_waiting(self._now() - SETTLE)

    async def _each_minute(self) -> None:
        self._tick_count += 1
        if len(self._running) < MAX_RUNNING:
            self._start(self.tick())
        if self._daily is not None and self._tick_count % DAILY_TICKS == FIRST_DAILY_TICK:
            self._start(_guarded(self._daily, "The daily work")())

    async def _make_editions(self) -> None:
        due_at = await self._editions.find_next_due_at()
        if due_at is not None and due_at <= self._now() - SETTLE and self._before_editions is not None:
            await self._before_editions()
        self._looked_until = self._now() - SETTLE
        await self._editions.prepare(self._looked_until, self._render)

    async def _rearm(self) -> None:
        # What is still due can't be composed or written right now: the next tick tries again.
        due_at = await self._editions.find_next_due_at(min(self._looked_until, self._now() - SETTLE))
        if not self._scheduler.running:
            return
        # `now` may be another clock, so only the distance counts. Anything later than the next tick is left to that
        # tick.
        wait = max(due_at - self._now(), timedelta()) + SETTLE if due_at is not None else TICK
        if wait < TICK:
            trigger = IntervalTrigger(seconds=wait.total_seconds())
            self._scheduler.add_job(self._start_tick, trigger, id=_DUE, replace_existing=True)
        elif self._scheduler.get_job(_DUE) is not None:
            self._scheduler.remove_job(_DUE)


def _guarded(job: Job, name: str) -> Callable[[], Coroutine[Any, Any, None]]:
    """Wrap a job so that its error is logged and doesn't end the schedule; the job runs again next time."""

    async def run() -> None:
        try:
            await job()
        except BroadsheetError as error:
            _log.warning("%s failed: %s", name, error)
        except Exception:  # noqa: BLE001 - a border: a job
            _log.exception("%s failed", name)

    return run
