"""The bot is killed at random moments of a fan-out, again and again: every part arrives exactly once, in order."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from digests.errors import StoreError
from digests.store.backup import backup, restore
from tests.crash.bureau import opened
from tests.crash.killing import KILLS, LONG, PARTS_AT_LEAST, SEED, kill_often, side_by_side
from tests.digests.service.editions.making import EIGHT
from tests.patience import PATIENCE_S

CHANNELS = 200

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600 + 20 * KILLS)]


@pytest.mark.parametrize("kinds", [("text", "forum")], ids=", ".join)
async def test_killed_at_random_moments_of_a_fan_out_every_part_arrives_exactly_once(
    tmp_path: Path, record_property: Callable[[str, object], None], kinds: tuple[str, ...]
) -> None:
    async def run(kind: str) -> None:
        record_property("crash", await killed(tmp_path / kind, kind))

    await side_by_side([run(kind) for kind in kinds])


async def killed(folder: Path, kind: str) -> tuple[str, int, int, int, float]:
    """Kill bots on their way to channels of a kind; return a name, how many, channels, parts and seconds."""
    began = time.monotonic()
    folder.mkdir()
    async with opened(folder, seed=SEED) as bureau:
        count = CHANNELS if kind == "text" else CHANNELS // 4
        await bureau.furnish(count, kind=kind)
        await kill_often(bureau, KILLS, count * PARTS_AT_LEAST)
        await bureau.start()
        await bureau.wait_done()
        part_count = bureau.check_exactly_once()
        assert part_count >= count * PARTS_AT_LEAST
        assert bureau.kill_count == KILLS
        assert await bureau.terminate() == 0, bureau.log[-3000:]
        return f"nothing else, {kind}", KILLS, count, part_count, time.monotonic() - began


async def test_a_backup_of_the_running_bot_is_restored_after_its_death_and_nothing_is_sent_twice(
    tmp_path: Path,
) -> None:
    count = CHANNELS if LONG else 60
    async with opened(tmp_path, seed=SEED) as bureau:
        await bureau.furnish(count, per_second=60)
        await bureau.start()
        await bureau.wait_arrived(count * 2 // 3)
        saved = tmp_path / "backup.db"
        await asyncio.to_thread(backup, bureau.state_path, saved)
        with pytest.raises(StoreError, match="running"):
            await restore(saved, bureau.state_path, EIGHT)
        await bureau.wait_arrived(count * 3 // 2)
        await bureau.kill()
        await restore(saved, bureau.state_path, EIGHT)
        await kill_often(bureau, KILLS // 5, count * PARTS_AT_LEAST)
        await bureau.start()
        await bureau.wait_done()
        bureau.check_exactly_once()


async def test_an_operators_stop_ends_the_bot_midway_and_loses_nothing(tmp_path: Path) -> None:
    async with opened(tmp_path, seed=SEED) as bureau:
        await bureau.furnish(60, per_second=25)
        for _stop in range(3):
            await bureau.start()
            await bureau.wait_arrived(bureau.arrived_count + 10)
            assert await bureau.terminate() == 0, bureau.log[-3000:]
            assert bureau.rows("SELECT COUNT(*) FROM deliveries WHERE state = 'claimed'") == [(0,)]
        assert bureau.arrived_count < 60 * PARTS_AT_LEAST
        await bureau.start()
        await bureau.wait_done()
        bureau.check_exactly_once()


async def test_two_bots_never_run_in_one_folder(tmp_path: Path) -> None:
    async with opened(tmp_path, seed=SEED) as bureau:
        await bureau.furnish(2)
        await bureau.start()
        await bureau.wait_done()
        first = bureau.detach()
        await bureau.start()
        second = bureau.process
        assert second is not None
        assert await asyncio.wait_for(second.wait(), PATIENCE_S) == 3
        assert "running" in bureau.log
        bureau.process = first
        bureau.check_alive()
