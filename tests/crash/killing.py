"""How the bot is killed: at moments left to chance, before, while and after something else goes wrong.

`CRASH_KILLS` sets how often (5; `make crash` sets 50), `CRASH_SEED` when.
"""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import AsyncIterator, Coroutine, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

from tests.crash.bureau import Bureau, opened
from tests.crash.troubles import Trouble
from tests.patience import until

KILLS: Final = int(os.environ.get("CRASH_KILLS", "5"))
SEED: Final = int(os.environ.get("CRASH_SEED", "1"))
LONG: Final = KILLS >= 50
"""`make crash`: 200 channels and a minute where `make test` takes some channels and seconds."""
PARTS_AT_LEAST: Final = 2
LONGEST_PAUSE_S: Final = 2.0
"""From the start of a bot to its first part it takes a second."""
LASTS_S: Final = 60.0 if LONG else 0.0


@asynccontextmanager
async def prepared(
    folder: Path, trouble: Trouble, channel_count: int, *, per_second: float, **options: Any
) -> AsyncIterator[Bureau]:
    """Open a bureau with all that a trouble needs."""
    folder.mkdir(exist_ok=True)
    async with AsyncExitStack() as stack:
        bureau = await stack.enter_async_context(opened(folder, **options))
        if trouble.prepare is not None:
            await stack.enter_async_context(trouble.prepare(bureau))
        await bureau.furnish(channel_count, per_second=per_second)
        if trouble.later_s is not None:
            await bureau.add_channel(after=timedelta(seconds=trouble.later_s))
        stack.push_async_callback(bureau.close)  # before what was prepared is taken away
        yield bureau


async def kill_often(bureau: Bureau, kills: int, part_count: int, *, patience_s: float = 60.0) -> None:
    """Kill the bot `kills` times on its way to `part_count` messages, at moments left to chance."""
    for number in range(kills):
        if bureau.process is None:
            await bureau.start()
        left = max(part_count - bureau.arrived_count, 0)
        share = min(max(left // (kills - number + 1), 1), left)
        # Sometimes before anything is sent, mostly in the midst of it; then a moment later, to hit what lies
        # between a claim, a request, its answer and its record.
        await bureau.wait_more(bureau.arrived_count + bureau.chance.randint(0, share), patience_s)
        await asyncio.sleep(bureau.chance.choice((0.0, 0.002, 0.01, 0.05)) * bureau.chance.random())
        bureau.check_alive()
        await bureau.kill()


async def kill_while_it_comes_and_goes(bureau: Bureau, trouble: Trouble, kills: int, part_count: int) -> None:
    """Kill the bot again and again while the trouble begins and ends at random moments."""
    times = 0

    async def come_and_go() -> None:
        nonlocal times
        while True:
            async with trouble.begins(bureau):
                times += 1
                await asyncio.sleep(bureau.chance.uniform(0.2, 1.5))
            await asyncio.sleep(bureau.chance.uniform(0.1, 0.6))

    coming = asyncio.create_task(come_and_go())
    try:
        await kill_often(bureau, kills, part_count, patience_s=bureau.chance.uniform(1, 2) * LONGEST_PAUSE_S)
        await bureau.start()
        await bureau.wait_more(part_count, LONGEST_PAUSE_S)
        await until(lambda: times > kills // 5)  # it takes two seconds at most
    finally:
        coming.cancel()
        with suppress(asyncio.CancelledError):
            await coming


async def kill_before_during_and_after(bureau: Bureau, trouble: Trouble, kills: int, part_count: int) -> None:
    """Kill the bot before, during and after one long trouble that begins in the midst of the fan-out.

    No trouble makes it end by itself, also not when it is started in the midst of it.
    """
    around = max(kills // 5, 1)
    await kill_often(bureau, around, part_count // 3)
    await bureau.start()
    await bureau.wait_arrived(max(bureau.arrived_count + 5, part_count // 4))
    killed_before, began = bureau.kill_count, time.monotonic()
    async with trouble.begins(bureau):
        while bureau.kill_count - killed_before < kills - 2 * around or time.monotonic() - began < LASTS_S:
            await asyncio.sleep(bureau.chance.uniform(0, LONGEST_PAUSE_S))
            bureau.check_alive()
            await bureau.kill()
            await bureau.start()
        assert bureau.arrived_count < part_count
    await kill_often(bureau, around, part_count)
    await bureau.start()


async def side_by_side(cases: Sequence[Coroutine[Any, Any, None]]) -> None:
    """Run cases at once, for each mostly waits, all of them to their end."""
    errors = [error for error in await asyncio.gather(*cases, return_exceptions=True) if error is not None]
    if len(errors) == 1:
        raise errors[0]
    if errors:
        raise BaseExceptionGroup("several cases failed", errors)
