"""How the publisher ends: by a stop, or by a bug of its own; nothing it claimed is left in doubt."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest

from bot.delivery.publisher import Publisher
from digests.models import Delivery
from sandbox.faults import SEND
from tests.bot.delivery.making import THREE, Office, opened
from tests.sandbox.client import until


async def test_a_stop_lets_parts_in_flight_finish_and_gives_the_others_back(tmp_path: Path) -> None:
    async with opened(tmp_path, in_flight=2) as office:
        channels = [office.sandbox.add_channel(office.guild, f"news{number}") for number in range(8)]
        for channel in channels:
            await office.subscribe(channel)
        office.sandbox.faults.delay(1.0, SEND, times=2)
        await office.issue(*THREE)
        await until(lambda: office.sandbox.faults.count == 2)  # both are on their way
        await office.close()
        status = await office.newsroom.outbox.status()
        assert (status.claimed, status.sent) == (0, 2)
        assert sum(len(office.texts(channel)) for channel in channels) == 2
        office.open()
        await office.settled()
        assert [office.texts(channel) for channel in channels] == [THREE] * 8
        assert office.sandbox.count_requests("GET /channels/{channel_id}/messages") == 0  # nothing was in doubt


async def test_a_stop_in_the_midst_of_a_claim_gives_back_what_was_claimed(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    channel = office.sandbox.add_channel(office.guild, "news")
    await office.subscribe(channel)
    claim = office.newsroom.outbox.claim
    stopped: list[asyncio.Task[None]] = []

    async def claim_as_it_stops(*arguments: Any, **options: Any) -> tuple[Delivery, ...]:
        claimed = await claim(*arguments, **options)
        if claimed:
            stopped.append(asyncio.create_task(office.close()))
            await asyncio.sleep(0.05)
        return claimed

    monkeypatch.setattr(office.newsroom.outbox, "claim", claim_as_it_stops)
    await office.issue(*THREE)
    await office.until(lambda: stopped)
    await stopped[0]
    status = await office.newsroom.outbox.status()
    assert (status.claimed, status.sent) == (0, 0)


async def test_a_recorder_that_dies_ends_the_publisher_with_its_error(office: Office) -> None:
    await office.close()
    channel = office.sandbox.add_channel(office.guild, "news")
    await office.subscribe(channel)

    def fails(_outcome: object) -> None:
        raise ValueError("a bug of whoever listens")

    publisher = Publisher(
        office.client, office.newsroom.outbox, office.token_bucket, now=office.clock, on_outcome=fails
    )
    running = asyncio.create_task(publisher.run())
    await office.issue("first", "second")
    publisher.wake()
    # Not `wait_for`: its cancelling would raise the same error.
    done, _pending = await asyncio.wait([running], timeout=10)
    assert done
    assert "whoever listens" in str(running.exception())
    async with asyncio.timeout(1):
        await publisher.stop()
