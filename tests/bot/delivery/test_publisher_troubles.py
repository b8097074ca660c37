"""Faults of the network's and troubles of the outbox's own double nothing and lose nothing."""

from __future__ import annotations

import asyncio
import json
import logging
import sqlite3
import time
from pathlib import Path
from typing import Any

import pytest

from digests.models import DeliveryState, Digest, EditionState, FailedEdition, Failure
from digests.service.edition_run import Rendered
from digests.service.outbox import Retry, Sent
from sandbox.faults import SEND, FaultKind
from tests.bot.delivery.making import THREE, Office, opened, text_of
from tests.digests.service.editions.making import DAY, EIGHT, HOUR, render
from tests.patience import until

POST = "POST /channels/{channel_id}/threads"
HISTORY = "GET /channels/{channel_id}/messages"


@pytest.mark.parametrize("kind", ["text", "forum"])
async def test_a_picture_that_discord_refuses_costs_no_words(
    office: Office, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def illustrated(digest: Digest, composition_id: int, presentation: Any) -> Rendered:
        made = render(digest, composition_id, presentation)
        words = {"type": 10, "content": "first"}
        picture = {"media": {"url": "https://intranet/p.jpg"}}
        section = {"type": 9, "components": [words], "accessory": {"type": 11, **picture}}
        shown = [{"type": 17, "components": [section, {"type": 12, "items": [picture]}]}]
        return Rendered((json.dumps(shown), *made.parts[1:]), made.title)

    monkeypatch.setattr("tests.digests.service.editions.making.render", illustrated)
    channel = office.sandbox.add_channel(office.guild, "news", kind)
    subscription = await office.subscribe(channel, kind)
    await office.issue(*THREE)
    await office.settled()
    place = office.sandbox.posts(channel)[0] if kind == "forum" else channel
    assert office.texts(place) == THREE
    assert await office.states(subscription) == [[DeliveryState.SENT] * 3]


# --------------------------------------------------------------------------- faults on the way


@pytest.mark.parametrize("kind", ["text", "forum"])
@pytest.mark.parametrize(
    "fault",
    ["lost", "refused", "failed", "failed after", "unavailable", "page", "page after", "limited", "global"],
)
async def test_no_fault_of_the_network_doubles_or_loses_a_part(
    tmp_path: Path, kind: str, fault: str, caplog: pytest.LogCaptureFixture
) -> None:
    async with opened(tmp_path) as office:
        channel = office.sandbox.add_channel(office.guild, "news", kind)
        await office.subscribe(channel, kind)
        for route in (SEND, POST):
            if fault == "lost":
                office.sandbox.faults.lose_answer(route)
            elif fault == "refused":
                office.sandbox.faults.refuse(route)
            elif fault == "failed":
                office.sandbox.faults.fail(route, status=502)
            elif fault == "failed after":
                office.sandbox.faults.fail(route, status=502, accepted=True)
            elif fault == "unavailable":
                office.sandbox.faults.fail(route, status=503, accepted=True)
            elif fault.startswith("page"):
                office.sandbox.faults.fail(route, status=200, page=True, accepted=fault == "page after")
            else:
                office.sandbox.faults.limit(route, retry_after_s=0.1, is_global=fault == "global")
        await office.issue(*THREE)
        await office.settled(hurry=True)
        if kind == "forum":
            (channel,) = office.sandbox.posts(channel)
        assert office.texts(channel) == THREE
    assert "could not be handled" not in caplog.text


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(3))
async def test_a_storm_of_faults_over_many_channels_leaves_each_part_exactly_once(tmp_path: Path, seed: int) -> None:
    async with opened(tmp_path) as office:
        channels = [office.sandbox.add_channel(office.guild, f"news{number}") for number in range(20)]
        for channel in channels:
            await office.subscribe(channel)
        kinds = [FaultKind.LOSE_ANSWER, FaultKind.REFUSE, FaultKind.LIMIT, FaultKind.DELAY]
        office.sandbox.faults.at_random(0.3, kinds, seed=seed, route=SEND)
        await office.issue(*THREE)
        await office.settled(hurry=True)
        assert [office.texts(channel) for channel in channels] == [THREE] * 20


async def test_a_part_that_arrived_long_ago_is_found_and_not_sent_again(tmp_path: Path) -> None:
    async with opened(tmp_path) as office:
        channel = office.sandbox.add_channel(office.guild, "news")
        await office.subscribe(channel)
        office.sandbox.faults.lose_answer(SEND)
        await office.issue(*THREE)
        await office.until(lambda: any(isinstance(outcome, Retry) for outcome in office.outcomes))
        reader = office.sandbox.add_member(office.guild, "reader")
        for number in range(130):
            office.sandbox.say(channel, reader, f"chatter {number}")
        office.clock.advance(3 * 3600)  # no nonce is remembered any more
        office.publisher.wake()
        await office.settled(hurry=True)
        own = [message for message in office.sandbox.messages(channel) if message.author is office.sandbox.bot_user]
        assert [text_of(message) for message in own] == THREE


async def test_a_long_limit_is_waited_for_in_the_outbox(office: Office) -> None:
    channel = office.sandbox.add_channel(office.guild, "news")
    other = office.sandbox.add_channel(office.guild, "other")
    await office.subscribe(channel)
    await office.subscribe(other)
    office.sandbox.faults.limit(SEND, retry_after_s=400.0)
    await office.issue("first")
    await office.until(lambda: office.texts(other) or office.texts(channel))
    await office.until(lambda: any(isinstance(outcome, Retry) for outcome in office.outcomes))
    assert sorted([*office.texts(channel), *office.texts(other)]) == ["first"]
    await office.settled(hurry=True)
    assert office.texts(channel) == office.texts(other) == ["first"]


async def test_a_slow_channel_slows_no_other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.delivery.publisher.SLOW_S", 0.05)
    monkeypatch.setattr("bot.delivery.publisher.GRACE_S", 0.05)
    async with opened(tmp_path, in_flight=2) as office:
        channels = [office.sandbox.add_channel(office.guild, f"news{number}") for number in range(12)]
        for channel in channels:
            await office.subscribe(channel)
        office.sandbox.faults.delay(600, SEND, times=4)
        await office.issue("first")
        await office.until(lambda: sum(bool(office.texts(channel)) for channel in channels) == 8)


async def test_a_part_that_discord_refuses_fails_visibly_and_the_rest_is_sent(
    office: Office, caplog: pytest.LogCaptureFixture
) -> None:
    channel = office.sandbox.add_channel(office.guild, "news")
    subscription = await office.subscribe(channel)
    await office.issue("first", "x" * 4001, "third")  # a message holds 4000 characters
    await office.settled()
    assert office.texts(channel) == ["first", "third"]
    assert await office.states(subscription) == [[DeliveryState.SENT, DeliveryState.FAILED, DeliveryState.SENT]]
    (edition,) = await office.newsroom.editions.recent(subscription.id)
    assert edition.state is EditionState.FAILED
    assert "50035" in caplog.text
    assert await office.newsroom.editions.failed(subscription.id) == {
        subscription.id: FailedEdition(EIGHT, 2, 3, Failure.REFUSED)
    }
    office.newsroom.wire.bring("fourth", EIGHT + HOUR)
    office.clock.advance(DAY.total_seconds())
    await office.issue()
    await office.settled()
    assert await office.newsroom.editions.failed(subscription.id) == {}


async def test_what_fails_for_ever_is_given_up_and_its_articles_come_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.delivery.classify_error.MAX_ATTEMPTS", 3)
    async with opened(tmp_path) as office:
        channel = office.sandbox.add_channel(office.guild, "news")
        subscription = await office.subscribe(channel)
        office.sandbox.faults.fail(SEND, status=503, times=3)
        await office.issue("first")
        await office.settled(hurry=True)
        assert office.texts(channel) == []
        assert await office.states(subscription) == [[DeliveryState.FAILED]]
        office.clock.advance(DAY.total_seconds())
        await office.issue()
        await office.settled()
        assert office.texts(channel) == ["first"]


async def test_a_doubt_that_is_never_settled_sends_nothing_twice(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.delivery.classify_error.MAX_ATTEMPTS", 3)
    async with opened(tmp_path) as office:
        channel = office.sandbox.add_channel(office.guild, "news")
        subscription = await office.subscribe(channel)
        office.sandbox.faults.lose_answer(SEND)
        office.sandbox.faults.fail(HISTORY, status=503, times=10)
        await office.issue("first")
        await office.settled(hurry=True)
        assert await office.states(subscription) == [[DeliveryState.FAILED]]
        office.clock.advance(DAY.total_seconds())
        await office.issue()
        await office.settled()
        assert office.texts(channel) == ["first"]


async def test_a_part_in_doubt_is_looked_for_once_more_before_it_is_given_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.delivery.classify_error.MAX_ATTEMPTS", 3)
    async with opened(tmp_path) as office:
        channel = office.sandbox.add_channel(office.guild, "news")
        subscription = await office.subscribe(channel)
        office.sandbox.faults.fail(SEND, status=503, times=2)
        office.sandbox.faults.lose_answer(SEND)
        await office.issue("first")
        await office.settled(hurry=True)
        assert office.texts(channel) == ["first"]
        assert await office.states(subscription) == [[DeliveryState.SENT]]


async def test_a_message_that_a_moderator_took_away_at_once_is_not_sent_again(tmp_path: Path) -> None:
    async with opened(tmp_path) as office:
        channel = office.sandbox.add_channel(office.guild, "news")
        subscription = await office.subscribe(channel)
        office.sandbox.faults.lose_answer(SEND)
        await office.issue("first", "second")
        await office.until(lambda: office.texts(channel))
        office.sandbox.remove_message(office.sandbox.messages(channel)[0])
        await office.settled(hurry=True)
        assert office.texts(channel) == ["second"]
        assert await office.states(subscription) == [[DeliveryState.SENT] * 2]


# --------------------------------------------------------------------------- the outbox's own troubles


@pytest.mark.slow
async def test_a_locked_database_delays_and_doubles_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("digests.store.connection.BUSY_TIMEOUT_S", 0.05)
    monkeypatch.setattr("digests.store.connection.LOCK_PATIENCE_S", 0.1)
    async with opened(tmp_path) as office:
        channel = office.sandbox.add_channel(office.guild, "news")
        subscription = await office.subscribe(channel)
        office.sandbox.faults.delay(600, SEND, times=1)
        await office.issue(*THREE)
        await until(lambda: office.sandbox.faults.count)  # it is on its way
        locker = await asyncio.to_thread(locked, office.newsroom.database.path)
        assert office.texts(channel) == []
        office.sandbox.faults.release()
        await office.until(lambda: office.texts(channel))
        await office.until(lambda: "outbox is stopped" in caplog.text)
        assert not office.publisher.is_well
        await asyncio.sleep(0.5)
        assert await office.states(subscription) == [[DeliveryState.CLAIMED, *[DeliveryState.PENDING] * 2]]
        assert office.texts(channel) == ["first"]
        locker.close()
        await office.settled()
        assert office.texts(channel) == THREE
        assert office.publisher.is_well


def locked(path: Path) -> sqlite3.Connection:
    """Lock a database as another process would, until the connection is closed."""
    connection = sqlite3.connect(path, timeout=10, isolation_level=None, check_same_thread=False)
    connection.execute("BEGIN IMMEDIATE")
    return connection


async def test_nothing_is_tried_while_the_token_is_refused(office: Office, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    channel = office.sandbox.add_channel(office.guild, "news")
    await office.subscribe(channel)
    office.sandbox.faults.fail(SEND, status=401, times=1)
    await office.issue("first")
    await office.until(lambda: any(isinstance(outcome, Retry) for outcome in office.outcomes))
    assert not office.publisher.is_well


@pytest.mark.slow
async def test_an_hour_of_outage_ends_with_everything_delivered_once(tmp_path: Path) -> None:
    async with opened(tmp_path) as office:
        channels = [office.sandbox.add_channel(office.guild, f"news{number}") for number in range(10)]
        for channel in channels:
            await office.subscribe(channel)
        await office.sandbox.go_down()
        await office.issue(*THREE)
        for _minute in range(6):
            await asyncio.sleep(0.1)
            office.clock.advance(600)
            office.publisher.wake()
        await until(lambda: not office.publisher.is_well)
        await office.sandbox.come_back()
        await office.settled(hurry=True)
        assert [office.texts(channel) for channel in channels] == [THREE] * 10
        assert office.publisher.is_well


async def test_outcomes_are_reported_once_they_are_on_disk(office: Office) -> None:
    channel = office.sandbox.add_channel(office.guild, "news")
    await office.subscribe(channel)
    await office.issue("first")
    await office.settled()
    (outcome,) = office.outcomes
    assert isinstance(outcome, Sent)
    assert outcome.message_id == office.sandbox.messages(channel)[0].id


@pytest.mark.slow
@pytest.mark.parametrize("step_s", [3600, -3600])
async def test_a_clock_stepped_an_hour_while_a_part_is_in_doubt_doubles_and_loses_nothing(
    tmp_path: Path, step_s: float
) -> None:
    async with opened(tmp_path) as office:
        channel = office.sandbox.add_channel(office.guild, "news")
        await office.subscribe(channel)
        world_s = office.clock().timestamp
        office.sandbox.world.clock._source = lambda: world_s() + time.monotonic() - began  # Discord's own does not step
        began = time.monotonic()
        office.sandbox.faults.lose_answer(SEND)
        await office.issue(*THREE)
        await office.until(lambda: any(isinstance(outcome, Retry) for outcome in office.outcomes))
        office.clock.advance(step_s)
        await office.newsroom.prepare(office.clock())
        office.sandbox.advance(600)  # and its nonces are forgotten
        await office.settled(hurry=True)
        office.clock.advance(-step_s)
        await office.newsroom.prepare(office.clock())
        await office.settled(hurry=True)
        assert office.texts(channel) == THREE


async def test_a_store_that_nothing_can_be_claimed_from_is_not_well_until_it_is_again(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.delivery.publisher.STORE_WAIT_S", 0.05)
    channel = office.sandbox.add_channel(office.guild, "news")
    await office.subscribe(channel)
    await office.issue("first")
    await office.settled()  # so that it is past its start, and claims
    async with office.newsroom.database.transaction() as writer:
        pass
    await writer.execute("PRAGMA query_only = ON")
    office.publisher.wake()
    await office.until(lambda: not office.publisher.is_well)
    await writer.execute("PRAGMA query_only = OFF")
    await office.until(lambda: office.publisher.is_well)
    office.clock.advance(DAY.total_seconds())
    office.newsroom.wire.bring("second", office.clock() - HOUR, title="second")
    await office.issue()
    await office.settled()
    assert office.texts(channel) == ["first", "second"]
