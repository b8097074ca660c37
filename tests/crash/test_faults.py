"""What goes wrong around a running bot: Discord's answers, the gateway, the network, the file and the disk."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from pathlib import Path

import pytest

from tests.crash import small_disk, troubles
from tests.crash.bureau import Bureau
from tests.crash.killing import LONG, SEED, prepared, side_by_side
from tests.crash.test_kills_in_trouble import TROUBLES
from tests.crash.troubles import NONE, Trouble
from tests.patience import PATIENCE_S, until

CHANNELS = 40 if LONG else 20

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]


@asynccontextmanager
async def midway(folder: Path, trouble: Trouble, **options: object) -> AsyncIterator[Bureau]:
    """Open a bureau whose bot is in the midst of a fan-out."""
    async with prepared(folder, trouble, CHANNELS, per_second=40, seed=SEED, **options) as bureau:
        await bureau.start()
        await bureau.wait_arrived(CHANNELS // 2)
        yield bureau


async def finished(bureau: Bureau) -> None:
    """Wait for the end of the fan-out and count."""
    await bureau.wait_done()
    assert bureau.check_exactly_once() >= 2 * CHANNELS


async def test_a_storm_in_the_midst_of_a_fan_out(tmp_path: Path) -> None:
    async def storm(name: str) -> None:
        async with midway(tmp_path / name.replace(" ", "-"), TROUBLES[name]) as bureau:
            async with TROUBLES[name].begins(bureau):
                await asyncio.sleep(3)
                await bureau.sandbox.wait_until(lambda: bureau.sandbox.faults.count)
            assert bureau.trouble_count > 0
            await finished(bureau)

    faults = ("server errors", "errors after acceptance", "lost answers", "resets")
    await side_by_side([storm(name) for name in (*faults, "route limits", "global limits")])


async def test_a_gateway_that_drops_stops_no_delivery(tmp_path: Path) -> None:
    async def dropping(name: str) -> None:
        async with midway(tmp_path / name.replace(" ", "-"), TROUBLES[name]) as bureau:
            for _drop in range(3):
                async with TROUBLES[name].begins(bureau):
                    await asyncio.sleep(0.5)
            await finished(bureau)

    await side_by_side([dropping("dropped gateway"), dropping("lost sessions")])


async def test_discord_gone_and_the_database_locked_for_a_while(tmp_path: Path) -> None:
    async def lasting(name: str, seconds: float) -> None:
        async with midway(tmp_path / name.replace(" ", "-"), TROUBLES[name]) as bureau:
            async with TROUBLES[name].begins(bureau):
                await asyncio.sleep(seconds)
                bureau.check_alive()
            await finished(bureau)

    await side_by_side([lasting("Discord gone", 60 if LONG else 4), lasting("locked database", 40 if LONG else 7)])


async def test_discords_own_limits_are_kept_without_a_storm_of_refusals(tmp_path: Path) -> None:
    async with midway(tmp_path, NONE, limits=True) as bureau:
        await finished(bureau)
        assert bureau.sandbox.limited_count <= 10  # of forty parts and more; as many as are in flight


@pytest.mark.parametrize(
    "trouble",
    [
        pytest.param(
            Trouble(troubles.full, prepare=troubles.on_small_disk),
            id="small file system",
            marks=pytest.mark.skipif(
                small_disk.why_not_mounted() is not None, reason=small_disk.why_not_mounted() or ""
            ),
        ),
        pytest.param(TROUBLES["full quota"], id="quota"),
    ],
)
async def test_the_disk_full(tmp_path: Path, trouble: Trouble) -> None:
    async with midway(tmp_path, trouble) as bureau:
        async with trouble.begins(bureau):
            await until(lambda: "outbox is stopped" in bureau.log)
            bureau.check_alive()
            await asyncio.sleep(3)
            arrived = bureau.arrived_count
            ((claimed,),) = bureau.rows("SELECT COUNT(*) FROM deliveries WHERE state IN ('claimed', 'sent')")
            assert arrived <= claimed  # nothing is sent that can't be claimed first
        await finished(bureau)


async def test_killed_while_the_database_was_locked_after_a_send(tmp_path: Path) -> None:
    async with midway(tmp_path, NONE) as bureau:
        with closing(sqlite3.connect(bureau.state_path, isolation_level=None, timeout=PATIENCE_S)) as other:
            other.execute("BEGIN IMMEDIATE")
            while other.execute("SELECT 1 FROM deliveries WHERE state = 'claimed'").fetchone() is None:
                other.rollback()
                await asyncio.sleep(0.01)
                other.execute("BEGIN IMMEDIATE")
            await asyncio.sleep(1)  # what is claimed is sent, and can't be recorded
            await bureau.kill()
            other.rollback()
        assert bureau.rows("SELECT COUNT(*) FROM deliveries WHERE state = 'claimed'") != [(0,)]
        await bureau.start()
        await finished(bureau)
