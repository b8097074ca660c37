from __future__ import annotations

import asyncio
import logging
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.delivery.rate_limit import CircuitBreaker, TokenBucket
from bot.delivery.schedule import Schedule
from digests.models import Cadence, Window
from digests.service.outbox import Publication
from sandbox.limits import CROSSPOST
from tests.bot.delivery.making import Office, opened
from tests.digests.service.editions.making import DAY, EIGHT, HOUR, MINUTE, Newsroom, render

# --------------------------------------------------------------------------- announcements


async def test_announcements_are_published_after_they_were_delivered(office: Office) -> None:
    channel = office.sandbox.add_channel(office.guild, "news", "announcement")
    await office.subscribe(channel, "announcement")
    await office.issue("first", "second")
    await office.settled()
    assert await office.crossposter.work_off() == 2
    assert await office.crossposter.work_off() == 0
    assert office.sandbox.count_requests(CROSSPOST) == 2


async def test_the_eleventh_announcement_of_an_hour_waits_and_delays_no_delivery(tmp_path: Path) -> None:
    async with opened(tmp_path, limits=True) as office:
        channel = office.sandbox.add_channel(office.guild, "news", "announcement")
        await office.subscribe(channel, "announcement", max_stories=25)
        names = [f"story {number}" for number in range(10)]
        await office.issue(*names[:5], topics=("Harbours",))
        await office.settled(40)
        office.clock.advance(DAY.total_seconds())
        for name in names[5:]:
            office.newsroom.wire.bring(name, EIGHT + HOUR, title=name, provider=name.replace(" ", ""))
        for name in ("late a", "late b"):
            office.newsroom.wire.bring(
                name, EIGHT + HOUR, title=name, provider=name.replace(" ", ""), topics=("Energy",)
            )
        await office.issue()
        await office.settled(40)
        sent_count = len(office.texts(channel))
        assert sent_count > 10
        while await office.crossposter.work_off():
            pass
        assert (await office.newsroom.outbox.status()).to_publish == sent_count - 10
        office.clock.advance(3601)
        while await office.crossposter.work_off():
            pass
        assert (await office.newsroom.outbox.status()).to_publish == 0


async def test_ten_announcements_are_published_in_an_hour_also_after_a_restart(tmp_path: Path) -> None:
    async with opened(tmp_path, limits=True) as office:
        channel = office.sandbox.add_channel(office.guild, "news", "announcement")
        await office.subscribe(channel, "announcement", max_stories=25)
        names = [f"story {number}" for number in range(5)]
        await office.issue(*names, topics=("Harbours",))
        await office.settled(40)
        while await office.crossposter.work_off():
            pass
        status = await office.newsroom.outbox.status()
        assert (status.sent, status.to_publish) == (5, 0)
        fresh = type(office.crossposter)(office.client, office.newsroom.outbox, office.token_bucket, now=office.clock)
        office.clock.advance(1800)
        await office.newsroom.outbox.set_published(
            Publication(1, 1, channel.id, office.guild.id, office.sandbox.messages(channel)[0].id),
            published=False,
            retry_at=office.clock(),
        )
        office.sandbox.faults.limit(CROSSPOST, retry_after_s=900.0)
        await fresh.work_off()
        office.clock.advance(880)
        assert await fresh.work_off() == 0
        office.clock.advance(30)
        await fresh.work_off()
        assert (await office.newsroom.outbox.status()).to_publish == 0
        assert fresh._published is not None
    assert len(fresh._published[channel.id]) == 5


async def test_a_refused_publication_is_tried_again_where_a_proxy_refused_it(office: Office) -> None:
    channel = office.sandbox.add_channel(office.guild, "news", "announcement")
    await office.subscribe(channel, "announcement")
    await office.issue("first")
    await office.settled()
    office.sandbox.faults.fail(CROSSPOST, status=403, page=True)
    await office.crossposter.work_off()
    assert (await office.newsroom.outbox.status()).to_publish == 1
    office.clock.advance(301)
    await office.crossposter.work_off()
    assert (await office.newsroom.outbox.status()).to_publish == 0
    assert office.sandbox.count_requests(CROSSPOST) == 2


@pytest.mark.parametrize("status", [200, 429])
async def test_a_proxys_page_in_place_of_an_answer_publishes_nothing(office: Office, status: int) -> None:
    channel = office.sandbox.add_channel(office.guild, "news", "announcement")
    await office.subscribe(channel, "announcement")
    await office.issue("first")
    await office.settled()
    office.sandbox.faults.fail(CROSSPOST, status=status, page=True)
    await office.crossposter.work_off()
    assert (await office.newsroom.outbox.status()).to_publish == 1
    office.clock.advance(301)
    await office.crossposter.work_off()
    assert (await office.newsroom.outbox.status()).to_publish == 0


@pytest.mark.parametrize("asked_s", [1e300, -5.0])
async def test_a_wait_that_nobody_means_is_an_hour_and_ends_when_the_clock_goes_back(
    office: Office, asked_s: float
) -> None:
    channel = office.sandbox.add_channel(office.guild, "news", "announcement")
    await office.subscribe(channel, "announcement")
    await office.issue("first")
    await office.settled()
    (publication,) = await office.newsroom.outbox.list_to_publish(office.clock())
    await office.crossposter._wait(publication, asked_s)
    office.clock.advance(3500)
    assert await office.crossposter._find_full_until(channel.id) is not None
    office.clock.advance(-3 * 3600)
    assert await office.crossposter._find_full_until(channel.id) is None


async def test_a_message_that_is_gone_is_not_published_for_ever(office: Office) -> None:
    channel = office.sandbox.add_channel(office.guild, "news", "announcement")
    await office.subscribe(channel, "announcement")
    await office.issue("first")
    await office.settled()
    office.sandbox.remove_message(office.sandbox.messages(channel)[0])
    await office.crossposter.work_off()
    assert (await office.newsroom.outbox.status()).to_publish == 0


async def test_a_failing_publication_is_tried_again_and_an_accepted_one_is_known(office: Office) -> None:
    channel = office.sandbox.add_channel(office.guild, "news", "announcement")
    await office.subscribe(channel, "announcement")
    await office.issue("first")
    await office.settled()
    office.sandbox.faults.fail(CROSSPOST, status=503, accepted=True)
    await office.crossposter.work_off()
    assert (await office.newsroom.outbox.status()).to_publish == 1
    office.clock.advance(301)
    await office.crossposter.work_off()
    assert (await office.newsroom.outbox.status()).to_publish == 0


# --------------------------------------------------------------------------- schedule


async def test_the_schedule_wakes_at_the_due_time_and_after_every_change(office: Office) -> None:
    office.clock.advance((EIGHT - timedelta(seconds=2) - office.clock()).total_seconds())
    channel = office.sandbox.add_channel(office.guild, "news")
    schedule = Schedule(office.newsroom.editions, render, now=office.clock)
    office.newsroom.subscriptions.on_change(schedule.rearm)
    office.newsroom.editions.on_prepared(office.publisher.wake)
    office.newsroom.wire.bring("first", EIGHT - HOUR, title="first")
    await schedule.start()
    await office.subscribe(channel)
    assert office.texts(channel) == []
    await office.until(lambda: office.texts(channel), 6)
    assert office.clock() >= EIGHT + timedelta(seconds=1)
    await schedule.stop()


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
    await office.until(lambda: office.texts(quick), 15)
    assert office.texts(slow) == []
    await asyncio.sleep(2.5)
    go_on.set()
    await office.until(lambda: office.texts(slow), 15)
    await starting
    await schedule.stop()
    assert reloads
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
    async with asyncio.timeout(5):
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


async def test_a_digest_that_cannot_be_composed_waits_for_the_minute_and_keeps_no_due_time_back(office: Office) -> None:
    office.clock.advance((EIGHT + timedelta(seconds=59) - office.clock()).total_seconds())
    wire = office.newsroom.wire
    wire.broken = True
    await office.subscribe(office.sandbox.add_channel(office.guild, "news"))
    await office.subscribe(office.sandbox.add_channel(office.guild, "late"), cadence=Cadence((time(8, 1),)))
    schedule = Schedule(office.newsroom.editions, render, now=office.clock)
    await schedule.start()
    assert wire.composed_count == 1
    await asyncio.sleep(5)
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
    monkeypatch.setattr("bot.delivery.schedule.GLANCE_S", 0.05)
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
    await office.until(lambda: len(minutes) > 1, 6)
    await asyncio.sleep(0.2)
    assert len(minutes) == 2
    assert abs(minutes[1] - minutes[0] - step) < MINUTE
    await schedule.stop()


# --------------------------------------------------------------------------- pace


class FakeTime:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.mark.parametrize("stall_s", [0.0, 0.9])
async def test_the_pace_never_lets_more_than_the_limit_pass_in_any_second(
    monkeypatch: pytest.MonkeyPatch, stall_s: float
) -> None:
    clock = FakeTime()

    async def sleep(seconds: float) -> None:
        clock.now += seconds

    monkeypatch.setattr("bot.delivery.rate_limit.asyncio.sleep", sleep)
    token_bucket = TokenBucket(40, clock=clock)
    moments: list[float] = []
    for number in range(200):
        await token_bucket.turn()
        moments.append(clock.now)
        if number % 50 == 49:
            clock.now += stall_s  # the event loop is held up
    for start in moments:
        assert sum(start <= moment < start + 1 for moment in moments) <= 50
    assert moments[-1] - moments[0] <= 199 / 40 + 3 * stall_s + 0.1


async def test_a_pace_of_zero_holds_nothing_up() -> None:
    token_bucket = TokenBucket(0)
    async with asyncio.timeout(1):
        for _request in range(10_000):
            await token_bucket.turn()


def test_the_breaker_trips_on_failures_in_a_row_only_and_waits_longer_each_time() -> None:
    clock = FakeTime()
    breaker = CircuitBreaker(threshold=3, first_s=1, longest_s=8, clock=clock)
    for _failure in range(2):
        breaker.fail()
    breaker.succeed()
    for _failure in range(2):
        breaker.fail()
    was_tripped = breaker.is_tripped
    assert not was_tripped
    waits = []
    for _failure in range(6):
        breaker.fail()
        waits.append(breaker.wait_s)
        breaker.fail()  # what was under way at the same time makes it no worse
        assert breaker.wait_s == waits[-1]
        clock.now += breaker.wait_s
    was_tripped = breaker.is_tripped
    assert was_tripped
    assert waits[0] < 1.3
    assert 6 < waits[-1] < 10
    assert breaker.wait_s == 0
    breaker.succeed()
    was_tripped = breaker.is_tripped
    assert not was_tripped
    breaker.fail(at_least_s=60)
    assert breaker.wait_s > 59.999  # a sum of floats
