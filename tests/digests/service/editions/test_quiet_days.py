"""A quiet day brings what the subscription chose, and no day is called quiet that had its paper."""

from __future__ import annotations

from datetime import time

import pytest

from digests.models import Cadence, EditionState, QuietDay
from tests.digests.service.editions.making import DAY, EIGHT, HOUR, MINUTE, Newsroom, render


async def test_a_quiet_day_brings_what_the_subscription_chose(newsroom: Newsroom) -> None:
    skip = await newsroom.subscribe(1, quiet_day=QuietDay.SKIP)
    note = await newsroom.subscribe(2, quiet_day=QuietDay.NOTE)
    archive = await newsroom.subscribe(3, quiet_day=QuietDay.ARCHIVE)
    newsroom.wire.bring("anniversary", EIGHT.replace(year=2020))
    assert await newsroom.prepare(EIGHT) == 2
    assert dict(await newsroom.deliver(EIGHT)) == {2: "quiet", 3: "Anniversary stands alone in 0 respects"}
    assert (await newsroom.editions.recent(skip.id))[0].state is EditionState.EMPTY
    assert (await newsroom.editions.recent(note.id))[0].state is EditionState.DELIVERED
    assert await newsroom.prepare(EIGHT + DAY) == 1  # no anniversary tomorrow: the archive is silent
    assert archive.id != note.id


@pytest.mark.parametrize("quiet_day", [QuietDay.NOTE, QuietDay.ARCHIVE])
async def test_no_day_is_called_quiet_whose_paper_was_sent_early(newsroom: Newsroom, quiet_day: QuietDay) -> None:
    early = await newsroom.subscribe(1, quiet_day=quiet_day)
    other = await newsroom.subscribe(2, quiet_day=quiet_day, topics=("Energy",))
    newsroom.wire.bring("anniversary", EIGHT.replace(year=2020), topics=("Harbours", "Energy"))
    newsroom.wire.bring("one", EIGHT - HOUR, title="one")
    assert await newsroom.editions.send_now(early.id, EIGHT - 10 * MINUTE, render) is not None
    assert await newsroom.deliver(EIGHT - 10 * MINUTE) == [(1, "one")]
    await newsroom.prepare(EIGHT)
    assert [channel for channel, _text in await newsroom.deliver(EIGHT)] == [other.channel_id]
    assert (await newsroom.editions.recent(early.id))[0].state is EditionState.EMPTY


async def test_a_quiet_evening_after_a_full_morning_is_silent_and_the_next_quiet_morning_is_not(
    newsroom: Newsroom,
) -> None:
    cadence = Cadence((time(8, 0), time(20, 0)), timezone="Pacific/Auckland")  # whose evening is another day in UTC
    await newsroom.subscribe(cadence=cadence, quiet_day=QuietDay.NOTE, now=EIGHT)
    morning = EIGHT + 11 * HOUR
    newsroom.wire.bring("one", morning - HOUR, title="one")
    assert await newsroom.texts(morning) == ["one"]
    assert await newsroom.texts(morning + 12 * HOUR) == []
    assert await newsroom.texts(morning + 24 * HOUR) == ["quiet"]


async def test_a_day_whose_early_paper_never_arrived_is_called_quiet(newsroom: Newsroom) -> None:
    subscription = await newsroom.subscribe(quiet_day=QuietDay.NOTE)
    newsroom.wire.bring("one", EIGHT - 2 * DAY)
    newsroom.wire.bring("two", EIGHT - HOUR, title="two")
    assert await newsroom.editions.send_now(subscription.id, EIGHT - 10 * MINUTE, render) is not None
    await newsroom.subscriptions.pause(subscription.id, "stop", EIGHT - 9 * MINUTE)
    await newsroom.subscriptions.resume(subscription.id, EIGHT - 8 * MINUTE)
    newsroom.wire.articles.pop()
    assert await newsroom.texts(EIGHT) == ["quiet"]


async def test_what_arrives_on_a_quiet_day_after_its_edition_is_not_lost(newsroom: Newsroom) -> None:
    await newsroom.subscribe()
    assert await newsroom.texts(EIGHT) == []
    newsroom.wire.bring("after", EIGHT + MINUTE)
    assert len(await newsroom.texts(EIGHT + DAY)) == 1
