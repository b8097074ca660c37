"""A subscription's first window begins where the subscription did, whatever kept its first due times back."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from tests.digests.service.editions.making import DAY, EIGHT, HOUR, Newsroom, render


@pytest.fixture
async def newsroom(tmp_path: Path) -> AsyncIterator[Newsroom]:
    newsroom = await Newsroom.open(tmp_path)
    yield newsroom
    await newsroom.database.close()


async def test_a_first_due_time_in_a_pause_is_delivered_after_it(newsroom: Newsroom) -> None:
    subscription = await newsroom.subscribe()
    newsroom.wire.bring("first", EIGHT - HOUR, title="first")
    await newsroom.subscriptions.pause(subscription.id, "holidays", EIGHT - HOUR)
    await newsroom.prepare(EIGHT)
    await newsroom.subscriptions.resume(subscription.id, EIGHT + 2 * DAY + HOUR)
    assert await newsroom.texts(EIGHT + 3 * DAY) == ["first"]


async def test_a_first_due_time_that_was_missed_by_hours_is_delivered_next_time(newsroom: Newsroom) -> None:
    await newsroom.subscribe()
    newsroom.wire.bring("first", EIGHT - HOUR, title="first")
    await newsroom.prepare(EIGHT + timedelta(hours=20))  # too late to be made up
    assert await newsroom.texts(EIGHT + DAY) == ["first"]


async def test_an_early_edition_after_such_a_pause_contains_it_too(newsroom: Newsroom) -> None:
    subscription = await newsroom.subscribe()
    newsroom.wire.bring("first", EIGHT - HOUR, title="first")
    await newsroom.subscriptions.pause(subscription.id, "holidays", EIGHT - HOUR)
    await newsroom.subscriptions.resume(subscription.id, EIGHT + 2 * DAY)
    assert await newsroom.editions.send_now(subscription.id, EIGHT + 2 * DAY, render) is not None
