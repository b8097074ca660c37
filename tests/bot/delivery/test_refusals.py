"""A refusal that nothing explains is tried again; what lasts pauses the subscription and loses nothing."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest

from digests.models import DeliveryState, SubscriptionState
from digests.service.outbox import Retry
from sandbox.faults import SEND
from tests.bot.delivery.making import Office, opened, state_of
from tests.digests.service.editions.making import DAY, HOUR

POST = "POST /channels/{channel_id}/threads"
MESSAGE = "GET /channels/{channel_id}/messages/{message_id}"


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["text", "forum"])
@pytest.mark.parametrize(
    "refusal",
    [
        {"status": 403, "code": 50013},
        {"status": 403, "code": 50001},
        {"status": 404, "code": 10003},
        {"status": 403, "code": 99999},
        {"status": 404, "code": 99999},
        {"status": 403, "page": True},
        {"status": 404, "page": True},
        {"status": 400, "page": True},
        {"status": 413, "page": True},
        {"status": 404},
    ],
    ids=str,
)
async def test_a_refusal_that_is_not_true_is_tried_again_and_pauses_nothing(
    tmp_path: Path, kind: str, refusal: dict[str, Any]
) -> None:
    async with opened(tmp_path) as office:
        channel = office.sandbox.add_channel(office.guild, "news", kind)
        subscription = await office.subscribe(channel, kind)
        office.sandbox.faults.fail(POST if kind == "forum" else SEND, times=3, **refusal)
        office.sandbox.faults.fail(SEND, times=1, skip=1, **refusal)
        await office.issue("first", "second", "third")
        await office.settled(hurry=True)
        (place,) = office.sandbox.posts(channel) if kind == "forum" else (channel,)
        assert office.texts(place) == ["first", "second", "third"]
        assert await state_of(office, subscription) is SubscriptionState.ACTIVE


async def test_a_lasting_refusal_pauses_is_reported_once_and_ends_on_its_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.delivery.classify_error.LASTING_ATTEMPTS", 3)
    monkeypatch.setattr("bot.delivery.pause_notices.AGAIN_S", 0.0)
    async with opened(tmp_path) as office:
        channel = office.sandbox.add_channel(office.guild, "news")
        owner = office.sandbox.world.users[office.guild.owner_id]
        subscription = await office.subscribe(channel)
        office.sandbox.faults.fail(SEND, times=1, skip=1, status=503)
        office.sandbox.faults.fail(SEND, times=1_000, skip=1, status=403, page=True)
        await office.issue("first", "second")
        await office.settled(hurry=True)
        paused = await office.newsroom.subscriptions.get(subscription.id)
        assert paused.state is SubscriptionState.PAUSED
        assert "403" in (paused.paused_reason or "")
        sent = len(office.outcomes)
        for _round in range(3):
            await office.pause_notices.notify_creators()
            assert await office.pause_notices.resume_accessible() == 1
            office.publisher.wake()
            await office.settled(hurry=True)
        assert len(office.outcomes) == sent + 3  # one try a round
        office.sandbox.faults.clear()
        await office.pause_notices.notify_creators()
        assert len(office.sandbox.messages(office.sandbox.dm(owner))) == 1
        assert await office.pause_notices.resume_accessible() == 1
        office.publisher.wake()
        await office.settled(hurry=True)
        assert office.texts(channel) == ["first", "second"]


async def test_a_server_error_that_outlasts_the_library_is_no_refusal(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    sleep = asyncio.sleep
    monkeypatch.setattr("discord.http.asyncio.sleep", lambda seconds: sleep(min(seconds, 0.01)))
    channel = office.sandbox.add_channel(office.guild, "news")
    subscription = await office.subscribe(channel)
    office.sandbox.faults.fail(SEND, status=500, times=5)
    await office.issue("first", "second")
    await office.until(lambda: office.outcomes)
    assert isinstance(office.outcomes[0], Retry)
    await office.settled(hurry=True)
    assert office.texts(channel) == ["first", "second"]
    assert await state_of(office, subscription) is SubscriptionState.ACTIVE


async def test_a_page_of_a_proxy_in_place_of_a_post_does_not_double_it(tmp_path: Path) -> None:
    async with opened(tmp_path) as office:
        forum = office.sandbox.add_channel(office.guild, "news", "forum")
        await office.subscribe(forum, "forum")
        office.sandbox.faults.lose_answer(POST)
        office.sandbox.faults.fail(MESSAGE, status=404, page=True)
        await office.issue("first")
        await office.settled(hurry=True)
        assert [office.texts(post) for post in office.sandbox.posts(forum)] == [["first"]]


async def test_a_forum_with_older_posts_of_ours_gets_todays_once(tmp_path: Path) -> None:
    async with opened(tmp_path) as office:
        forum = office.sandbox.add_channel(office.guild, "news", "forum")
        await office.subscribe(forum, "forum")
        await office.issue("first")
        await office.settled()
        office.sandbox.archive(office.sandbox.posts(forum)[0])
        for name in ("second", "third"):
            office.clock.advance(DAY.total_seconds())
            office.newsroom.wire.bring(name, office.clock() - HOUR, title=name)
            office.sandbox.faults.lose_answer(POST)
            await office.issue()
            await office.settled(hurry=True)
        assert sorted(office.texts(post)[0] for post in office.sandbox.posts(forum)) == ["first", "second", "third"]


@pytest.mark.parametrize("arrived", [True, False])
async def test_two_digests_of_one_forum_are_told_apart_when_both_are_in_doubt(tmp_path: Path, arrived: bool) -> None:
    async with opened(tmp_path) as office:
        forum = office.sandbox.add_channel(office.guild, "news", "forum")
        subscriptions = [await office.subscribe(forum, "forum"), await office.subscribe(forum, "forum")]
        office.sandbox.faults.lose_answer(POST)
        if arrived:
            office.sandbox.faults.lose_answer(POST)
        else:
            office.sandbox.faults.fail(POST, status=500)
        await office.issue("first")
        await office.settled(hurry=True)
        assert [office.texts(post) for post in office.sandbox.posts(forum)] == [["first"], ["first"]]
        assert [await office.states(subscription) for subscription in subscriptions] == [[[DeliveryState.SENT]]] * 2
