"""What goes wrong around a running bot: Discord's answers, the gateway, the network, the file and the disk."""

from __future__ import annotations

import asyncio
import os
import resource
import sqlite3
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from pathlib import Path

import pytest

from sandbox.faults import FaultKind
from tests.crash.bureau import Bureau, opened

LONG = int(os.environ.get("BROADSHEET_TEST_KILLS", "5")) >= 50
"""`make crash`: a minute where `make test` takes some seconds."""
SEED = int(os.environ.get("BROADSHEET_TEST_SEED", "1"))
CHANNELS = 40 if LONG else 20
SEND = "POST /channels/{channel_id}/messages"

pytestmark = [pytest.mark.slow, pytest.mark.timeout(400)]


@asynccontextmanager
async def midway(folder: Path, **options: object) -> AsyncIterator[Bureau]:
    """Opens a bureau whose bot is in the midst of a fan-out."""
    async with opened(folder, seed=SEED, **options) as bureau:
        await bureau.furnish(CHANNELS, per_second=40)
        await bureau.start()
        await bureau.wait_arrived(CHANNELS // 2)
        yield bureau


async def finished(bureau: Bureau) -> None:
    """Waits for the end of the fan-out and counts."""
    await bureau.wait_done(200)
    assert bureau.check_exactly_once() >= 3 * CHANNELS


@pytest.mark.parametrize("storm", ["500 and 502", "accepted all the same", "route limits", "global limits", "resets"])
async def test_a_storm_in_the_midst_of_a_fan_out(tmp_path, storm):
    async with midway(tmp_path) as bureau:
        faults = bureau.sandbox.faults
        if storm == "500 and 502":
            faults.at_random(0.3, [FaultKind.FAIL], seed=SEED)
        elif storm == "accepted all the same":
            faults.at_random(0.3, [FaultKind.FAIL_AFTER], seed=SEED)
        elif storm == "resets":
            faults.at_random(0.3, [FaultKind.REFUSE, FaultKind.LOSE_ANSWER], seed=SEED)
        else:
            faults.limit(SEND, retry_after_s=0.3, is_global=storm == "global limits", times=25)
        await asyncio.sleep(3)
        faults.clear()
        await finished(bureau)


@pytest.mark.parametrize("resumable", [True, False])
async def test_a_gateway_that_drops_stops_no_delivery(tmp_path, resumable):
    async with midway(tmp_path) as bureau:
        for _drop in range(3):
            bureau.sandbox.gateway.drop(resumable=resumable)
            await asyncio.sleep(0.5)
        await finished(bureau)


async def test_discord_gone_for_a_while(tmp_path):
    async with midway(tmp_path) as bureau:
        await bureau.sandbox.go_down()
        await asyncio.sleep(60 if LONG else 4)
        bureau.check_alive()
        await bureau.sandbox.come_back()
        await finished(bureau)


async def test_discords_own_limits_are_kept_without_a_storm_of_refusals(tmp_path):
    async with midway(tmp_path, limits=True) as bureau:
        await finished(bureau)
        assert bureau.sandbox.limited_count <= 2


async def test_the_database_locked_by_another_process(tmp_path):
    async with midway(tmp_path) as bureau:
        locker = await asyncio.create_subprocess_exec(
            sys.executable,
            "-c",
            "import sqlite3, sys, time\n"
            "connection = sqlite3.connect(sys.argv[1], isolation_level=None, timeout=10)\n"
            "connection.execute('BEGIN IMMEDIATE')\n"
            "time.sleep(float(sys.argv[2]))\n"
            "connection.rollback()\n",
            str(bureau.state_path),
            "40" if LONG else "7",
        )
        await locker.wait()
        await finished(bureau)


async def test_the_disk_full(tmp_path):
    async with midway(tmp_path) as bureau:
        assert bureau.process is not None
        # No file may grow any more: what a full disk or a quota does to the write-ahead log.
        size = max(path.stat().st_size for path in bureau.state_path.parent.glob("state.db*"))
        limits = resource.prlimit(bureau.process.pid, resource.RLIMIT_FSIZE)
        resource.prlimit(bureau.process.pid, resource.RLIMIT_FSIZE, (size, limits[1]))
        for _second in range(10):
            await asyncio.sleep(1)
            if "stands still" in bureau.log:
                break
        assert "stands still" in bureau.log
        bureau.check_alive()
        arrived = bureau.arrived_count
        await asyncio.sleep(2)
        assert bureau.arrived_count == arrived  # nothing is sent that can't be claimed first
        resource.prlimit(bureau.process.pid, resource.RLIMIT_FSIZE, limits)
        await finished(bureau)


async def test_killed_while_the_database_was_locked_after_a_send(tmp_path):
    async with midway(tmp_path) as bureau:
        with closing(sqlite3.connect(bureau.state_path, isolation_level=None, timeout=10)) as other:
            other.execute("BEGIN IMMEDIATE")
            await asyncio.sleep(1)  # what is claimed is sent, and can't be recorded
            await bureau.kill()
            other.rollback()
        assert bureau.rows("SELECT COUNT(*) FROM deliveries WHERE state = 'claimed'") != [(0,)]
        await bureau.start()
        await finished(bureau)
