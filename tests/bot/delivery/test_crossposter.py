"""Announcements are published after they were delivered, ten an hour, and delay no delivery."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from bot.delivery.discord_buckets import request_once
from digests.service.outbox import Publication
from sandbox import Channel
from sandbox.limits import CROSSPOST
from tests.bot.delivery.making import Office, opened
from tests.digests.service.editions.making import DAY, EIGHT, HOUR


async def announced(office: Office, *names: str) -> Channel:
    """Return an announcement channel to which a part for each article was delivered."""
    channel = office.sandbox.add_channel(office.guild, "news", "announcement")
    await office.subscribe(channel, "announcement")
    await office.issue(*names)
    await office.settled()
    return channel


async def test_announcements_are_published_after_they_were_delivered(office: Office) -> None:
    await announced(office, "first", "second")
    assert await office.crossposter.work_off() == 2
    assert await office.crossposter.work_off() == 0
    assert office.sandbox.count_requests(CROSSPOST) == 2


@pytest.mark.slow
async def test_the_eleventh_announcement_of_an_hour_waits_and_delays_no_delivery(tmp_path: Path) -> None:
    async with opened(tmp_path, limits=True) as office:
        channel = office.sandbox.add_channel(office.guild, "news", "announcement")
        await office.subscribe(channel, "announcement", max_stories=25)
        names = [f"story {number}" for number in range(10)]
        await office.issue(*names[:5], topics=("Harbours",))
        await office.settled()
        office.clock.advance(DAY.total_seconds())
        for name in names[5:]:
            office.newsroom.wire.bring(name, EIGHT + HOUR, title=name, provider=name.replace(" ", ""))
        for name in ("late a", "late b"):
            office.newsroom.wire.bring(
                name, EIGHT + HOUR, title=name, provider=name.replace(" ", ""), topics=("Energy",)
            )
        await office.issue()
        await office.settled()
        sent_count = len(office.texts(channel))
        assert sent_count > 10
        while await office.crossposter.work_off():
            pass
        assert (await office.newsroom.outbox.status()).to_publish == sent_count - 10
        office.clock.advance(3601)
        while await office.crossposter.work_off():
            pass
        assert (await office.newsroom.outbox.status()).to_publish == 0


@pytest.mark.slow
async def test_ten_announcements_are_published_in_an_hour_also_after_a_restart(tmp_path: Path) -> None:
    async with opened(tmp_path, limits=True) as office:
        channel = office.sandbox.add_channel(office.guild, "news", "announcement")
        await office.subscribe(channel, "announcement", max_stories=25)
        names = [f"story {number}" for number in range(5)]
        await office.issue(*names, topics=("Harbours",))
        await office.settled()
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


@pytest.mark.parametrize(
    "fault",
    [
        {"status": 200, "page": True},
        {"status": 403, "page": True},
        {"status": 429, "page": True},
        {"status": 503, "accepted": True},
    ],
    ids=str,
)
async def test_a_publication_that_discord_did_not_confirm_is_tried_again(office: Office, fault: dict[str, Any]) -> None:
    await announced(office, "first")
    office.sandbox.faults.fail(CROSSPOST, **fault)
    await office.crossposter.work_off()
    assert (await office.newsroom.outbox.status()).to_publish == 1
    office.clock.advance(301)
    await office.crossposter.work_off()
    assert (await office.newsroom.outbox.status()).to_publish == 0
    assert office.sandbox.count_requests(CROSSPOST) == 2


@pytest.mark.parametrize("asked_s", [1e300, -5.0])
async def test_a_wait_that_nobody_means_is_an_hour_and_ends_when_the_clock_goes_back(
    office: Office, asked_s: float
) -> None:
    channel = await announced(office, "first")
    (publication,) = await office.newsroom.outbox.list_to_publish(office.clock())
    await office.crossposter._wait(publication, asked_s)
    office.clock.advance(3500)
    assert await office.crossposter._find_full_until(channel.id) is not None
    office.clock.advance(-3 * 3600)
    assert await office.crossposter._find_full_until(channel.id) is None


async def test_a_message_that_is_gone_is_not_published_for_ever(office: Office) -> None:
    channel = await announced(office, "first")
    office.sandbox.remove_message(office.sandbox.messages(channel)[0])
    await office.crossposter.work_off()
    assert (await office.newsroom.outbox.status()).to_publish == 0


async def test_a_response_that_nobody_foresaw_holds_back_no_other_message(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    await announced(office, "first", "second")
    first, _second = await office.newsroom.outbox.list_to_publish(office.clock())

    async def request(*args: Any, **words: Any) -> Any:
        if words["message_id"] == first.message_id:
            raise KeyError("retry_after")
        return await request_once(*args, **words)

    monkeypatch.setattr("bot.delivery.crossposter.request_once", request)
    await office.crossposter.work_off()
    assert office.sandbox.count_requests(CROSSPOST) == 1
    assert await office.newsroom.outbox.list_to_publish(office.clock()) == ()
    monkeypatch.undo()
    office.clock.advance(301)
    await office.crossposter.work_off()
    assert office.sandbox.count_requests(CROSSPOST) == 2
    assert (await office.newsroom.outbox.status()).to_publish == 0
