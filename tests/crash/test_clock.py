"""The clock is set by an hour in the midst of a fan-out: nothing is late, and nothing is sent twice."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path

import pytest

from tests.crash.bureau import Bureau
from tests.crash.killing import LONG, SEED, prepared, side_by_side
from tests.crash.troubles import HOUR_S, clock_off, set_clock
from tests.patience import until

CHANNELS = 100 if LONG else 30

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]


async def test_a_step_of_an_hour_midway_delays_nothing_and_repeats_nothing(tmp_path: Path) -> None:
    async def case(name: str, offset_s: float, then: Callable[[Bureau], Awaitable[None]]) -> None:
        async with prepared(tmp_path / name, clock_off(offset_s), CHANNELS, per_second=40, seed=SEED) as bureau:
            await bureau.start()
            await bureau.wait_arrived(CHANNELS)
            set_clock(bureau, offset_s)
            await then(bureau)

    await side_by_side([case("forward", HOUR_S, forward), case("back", -HOUR_S, back)])


async def forward(bureau: Bureau) -> None:
    """Half an hour of due times was jumped over: they are made up at once; then the clock goes back over them."""
    await bureau.wait_done()
    assert bureau.sandbox.messages(bureau.channels[-1])
    await set_and_noticed(bureau, 0)
    check_one_edition_each(bureau)


async def back(bureau: Bureau) -> None:
    """The due time that is under way comes again; what is due in the hour that comes again is delivered."""
    await bureau.wait_done()
    if not LONG:  # it sees at its start what it would see within a minute
        await bureau.kill()
    await bureau.add_channel(after=timedelta(seconds=-HOUR_S))
    if not LONG:
        await bureau.start()
    await bureau.wait_done()
    await set_and_noticed(bureau, 0)
    check_one_edition_each(bureau)


async def set_and_noticed(bureau: Bureau, offset_s: float) -> None:
    """Set the clock and wait until the bot has looked for what is due by it."""
    noticed = bureau.log.count("The clock was set")
    set_clock(bureau, offset_s)
    await until(lambda: bureau.log.count("The clock was set") > noticed)
    bureau.check_alive()
    await asyncio.sleep(1)


def check_one_edition_each(bureau: Bureau) -> None:
    bureau.check_exactly_once()
    editions = bureau.rows("SELECT COUNT(*) FROM editions GROUP BY subscription_id")
    assert editions == [(1,)] * len(bureau.channels)
