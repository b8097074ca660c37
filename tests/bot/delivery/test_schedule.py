"""The schedule wakes when something is due, whatever the clock or a job does."""

from __future__ import annotations

import asyncio
import logging
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.delivery.schedule import DAILY_TICKS, FIRST_DAILY_TICK, Schedule
from digests.models import Cadence, Window
from tests.bot.delivery.making import Office
from tests.digests.service.editions.making import EIGHT, HOUR, MINUTE, Newsroom, render
from tests.patience import PATIENCE_S


@pytest.mark.slow
async def test_the_schedule_wakes_at_the_due_time_and_after_every_change(office: Office) -> None:
    office.clock.advance((EIGHT - timedelta(seconds=2) - office.clock()).total_seconds())
    channel = office.sandbox.add_channel(office.guild, "news")
    schedule = Schedule(office.newsroom.editions, render, now=office.clock)
    office.newsroom.subscriptions.on_change(schedule.rearm)
    office.newsroom.editions.on_prepared(office.publisher.wake)
    office.newsroom.wire.bring("first", EIGHT - HOUR, title="first")
    await schedule.start()
    await office.subscribe(channel)
    await office.until(lambda: office.texts(channel))
    assert office.clock() >= EIGHT + timedelta(seconds=1)
    await schedule.stop()


@pytest.mark.slow
async def test_editions_that_take_longer_than_a_minute_hold_up_no_others_and_warn_of_nothing(
    office: Office, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("bot.delivery.schedule.TICK", timedelta(seconds=1))
    caplog.set_level(logging.WARNING)
    office.clock.advance((EIGHT + MINUTE - timedelta(seconds=2) - office.clock()).total_seconds())
    slow, quick = (office.sandbox.add_channel(office.guild, name) for name in ("slow", "quick"))
    wire = office.newsroom.wire
    wire.bring("first", EIGHT - HOUR, title="first")
    await office.subscribe(slow)
    await office.subscribe(quick, cadence=Cadence((time(8, 1),)))
    compose, go_on = wire.compose, asyncio.Event()

    async def compose_slowly(policy: Any, window: Window, *args: Any, **fields: Any) -> Any:
        if window.until == EIGHT:
            await go_on.wait()
        return await compose(policy, window, *args, **fields)

    monkeypatch.setattr(wire, "compose", compose_slowly)
    office.newsroom.editions.on_prepared(office.publisher.wake)
    reloads: list[int] = []

    async def reload_slowly() -> None:
        reloads.append(1)
        await go_on.wait()

    schedule = Schedule(
        office.newsroom.editions, render, now=office.clock, reload=reload_slowly, reload_every=timedelta(seconds=1)
    )
    starting = asyncio.create_task(schedule.start())
    await office.until(lambda: office.texts(quick))
    assert office.texts(slow) == []
    await office.until(lambda: reloads)
    await asyncio.sleep(1.5)
    go_on.set()
    await office.until(lambda: office.texts(slow))
    await starting
    await schedule.stop()
    assert "maximum number of running instances" not in caplog.text
    assert "missed" not in caplog.text
    assert office.texts(slow) == office.texts(quick) == ["first"]


async def test_a_stop_while_editions_are_made_leaves_nothing_half_done(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    office.clock.advance((EIGHT - office.clock()).total_seconds())
    channel = office.sandbox.add_channel(office.guild, "news")
    wire = office.newsroom.wire
    wire.bring("first", EIGHT - HOUR, title="first")
    subscription = await office.subscribe(channel)
    compose, composing = wire.compose, asyncio.Event()

    async def compose_for_ever(*args: Any, **fields: Any) -> None:
        composing.set()
        await asyncio.Event().wait()

    monkeypatch.setattr(wire, "compose", compose_for_ever)
    schedule = Schedule(office.newsroom.editions, render, now=office.clock)
    await schedule.start()
    async with asyncio.timeout(PATIENCE_S):
        await composing.wait()
        await schedule.stop()
    assert await office.newsroom.editions.recent(subscription.id) == ()
    monkeypatch.setattr(wire, "compose", compose)
    await office.newsroom.prepare(office.clock())
    office.publisher.wake()
    await office.settled()
    assert office.texts(channel) == ["first"]


async def test_a_start_makes_up_what_was_missed_after_a_reload_under_way_has_ended(office: Office) -> None:
    channel = office.sandbox.add_channel(office.guild, "news")
    await office.subscribe(channel)
    order: list[str] = []

    async def reload_ends() -> None:
        order.append("reload ended")
        office.newsroom.wire.bring("first", EIGHT - HOUR, title="first")

    async def minute() -> None:
        order.append("minute")

    async def broken() -> None:
        raise RuntimeError("no")

    schedule = Schedule(
        office.newsroom.editions,
        render,
        now=office.clock,
        before_editions=reload_ends,
        every_minute=minute,
        reload=broken,
        reload_every=MINUTE,
        daily=broken,
    )
    await schedule.start()
    office.publisher.wake()
    await office.settled()
    await schedule.stop()
    assert office.texts(channel) == ["first"]
    assert order == ["reload ended", "minute"]


async def test_the_daily_work_is_done_minutes_after_the_start_and_then_once_a_day(office: Office) -> None:
    runs: list[int] = []

    async def daily() -> None:
        runs.append(minute)

    schedule = Schedule(office.newsroom.editions, render, now=office.clock, daily=daily)
    for minute in range(2 * DAILY_TICKS):
        await schedule._each_minute()
        if minute % DAILY_TICKS < 2 * FIRST_DAILY_TICK:
            await asyncio.sleep(0)  # what was started runs
    await schedule.stop()
    assert runs == [FIRST_DAILY_TICK - 1, DAILY_TICKS + FIRST_DAILY_TICK - 1]


async def test_one_failing_job_does_not_end_the_schedule(office: Office, caplog: pytest.LogCaptureFixture) -> None:
    office.newsroom.wire.broken = True
    await office.subscribe(office.sandbox.add_channel(office.guild, "news"))
    runs: list[int] = []

    async def minute() -> None:
        runs.append(1)
        raise ValueError("bug")

    schedule = Schedule(office.newsroom.editions, render, now=office.clock, every_minute=minute)
    await schedule.start()
    await schedule.tick()
    await schedule.stop()
    assert len(runs) == 2
    assert "bug" in caplog.text


@pytest.mark.slow
async def test_a_digest_that_cannot_be_composed_waits_for_the_minute_and_keeps_no_due_time_back(office: Office) -> None:
    office.clock.advance((EIGHT + timedelta(seconds=55) - office.clock()).total_seconds())
    wire = office.newsroom.wire
    wire.broken = True
    await office.subscribe(office.sandbox.add_channel(office.guild, "news"))
    await office.subscribe(office.sandbox.add_channel(office.guild, "late"), cadence=Cadence((time(8, 1),)))
    schedule = Schedule(office.newsroom.editions, render, now=office.clock)
    await schedule.start()
    assert wire.composed_count == 1
    await office.until(lambda: wire.composed_count == 3)
    await asyncio.sleep(2)
    await schedule.stop()
    assert wire.composed_count == 3


async def test_a_schedule_that_cannot_be_set_again_is_logged(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    newsroom = await Newsroom.open(tmp_path)
    schedule = Schedule(newsroom.editions, render, now=lambda: EIGHT)
    async with newsroom.database.transaction() as connection:
        await connection.execute("ALTER TABLE subscriptions RENAME TO forgotten")
    schedule.rearm()
    assert schedule._rearming is not None
    await asyncio.wait([schedule._rearming])
    await newsroom.database.close()
    assert "Setting the schedule failed" in caplog.text


@pytest.mark.parametrize("step", [HOUR, -HOUR])
async def test_a_clock_that_is_set_is_noticed_at_once_and_leaves_the_schedule_awake(
    office: Office, monkeypatch: pytest.MonkeyPatch, step: timedelta
) -> None:
    monkeypatch.setattr("bot.delivery.schedule.CLOCK_CHECK_S", 0.05)
    ahead = timedelta()
    minutes: list[datetime] = []

    async def minute() -> None:
        minutes.append(now())

    def now() -> datetime:
        return office.clock() + ahead

    schedule = Schedule(office.newsroom.editions, render, now=now, every_minute=minute)
    await schedule.start()
    await asyncio.sleep(0.2)
    assert len(minutes) == 1
    ahead = step
    await office.until(lambda: len(minutes) > 1)
    await asyncio.sleep(0.2)
    assert len(minutes) == 2
    assert abs(minutes[1] - minutes[0] - step) < MINUTE
    await schedule.stop()
