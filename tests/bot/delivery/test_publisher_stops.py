"""How the publisher ends: by a stop, or by a bug of its own; nothing it claimed is left in doubt."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest

from bot.delivery.publisher import Publisher
from digests.models import DeliveryState
from sandbox.faults import SEND
from tests.bot.delivery.making import THREE, Office, opened
from tests.patience import PATIENCE_S, until


@pytest.mark.slow
async def test_a_stop_lets_parts_in_flight_finish_and_gives_the_others_back(tmp_path: Path) -> None:
    async with opened(tmp_path, in_flight=2) as office:
        channels = [office.sandbox.add_channel(office.guild, f"news{number}") for number in range(8)]
        for channel in channels:
            await office.subscribe(channel)
        office.sandbox.faults.delay(600, SEND, times=2)
        await office.issue(*THREE)
        await until(lambda: office.sandbox.faults.count == 2)  # both are on their way
        closing = asyncio.create_task(office.close())
        await until(office.publisher._stopping.is_set)
        office.sandbox.faults.release()
        await closing
        status = await office.newsroom.outbox.status()
        assert (status.claimed, status.sent) == (0, 2)
        assert sum(len(office.texts(channel)) for channel in channels) == 2
        office.open()
        await office.settled()
        assert [office.texts(channel) for channel in channels] == [THREE] * 8
        assert office.sandbox.count_requests("GET /channels/{channel_id}/messages") == 0  # nothing was in doubt


async def test_a_stop_gives_back_what_a_claim_had_just_written(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    channel = office.sandbox.add_channel(office.guild, "news")
    subscription = await office.subscribe(channel)
    await office.close()
    written, claim = asyncio.Event(), office.newsroom.outbox.claim

    async def claim_and_linger(*args: Any, **kwargs: Any) -> Any:
        claimed = await claim(*args, **kwargs)
        if claimed:
            written.set()
            await asyncio.sleep(0.1)
        return claimed

    monkeypatch.setattr(office.newsroom.outbox, "claim", claim_and_linger)
    office.open()
    await office.issue("first")
    await written.wait()
    await office.close()
    assert (await office.newsroom.outbox.status()).claimed == 0
    monkeypatch.undo()
    office.open()
    await office.settled(hurry=True)
    assert office.texts(channel) == ["first"]
    assert await office.states(subscription) == [[DeliveryState.SENT]]


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
    done, _pending = await asyncio.wait([running], timeout=PATIENCE_S)
    assert done
    assert "whoever listens" in str(running.exception())
    async with asyncio.timeout(PATIENCE_S):
        await publisher.stop()
