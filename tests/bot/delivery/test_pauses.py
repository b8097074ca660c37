"""A pause for a lost permission or guild ends by itself soon after its cause, wherever and however that was noticed."""

from __future__ import annotations

import asyncio
import logging
from datetime import time
from pathlib import Path

import pytest

from bot.delivery.pause_notices import PauseNotices
from digests.models import Cadence, ChannelKind, Failure, Subscription, SubscriptionState
from digests.service.outbox import Retry, Sent
from sandbox.entities.channel_kinds import Tag
from sandbox.faults import SEND
from tests.bot.delivery.making import Office, next_day, opened, state_of
from tests.digests.service.editions.making import DAY, EIGHT, HOUR, render
from tests.patience import until, until_found


async def until_active(office: Office, subscription: Subscription) -> None:
    async def active() -> bool:
        return await state_of(office, subscription) is SubscriptionState.ACTIVE

    await until_found(active)


# --------------------------------------------------------------------------- pauses end


@pytest.mark.parametrize("permission", ["view_channel", "send_messages"])
async def test_a_permission_given_back_before_anybody_looked_ends_the_pause(office: Office, permission: str) -> None:
    channel = office.sandbox.add_channel(office.guild, "news")
    subscription = await office.subscribe(channel)
    office.sandbox.set_permissions(channel, deny=[permission])
    await office.issue("first")
    await office.settled()
    assert await state_of(office, subscription) is SubscriptionState.PAUSED
    office.sandbox.set_permissions(channel)
    await office.until(lambda: office.client.get_channel(channel.id) is not None)
    assert await office.pause_notices.resume_accessible() == 1
    await next_day(office)
    assert office.texts(channel) == ["first"]


async def test_events_that_nobody_heard_change_nothing(office: Office) -> None:
    channel = office.sandbox.add_channel(office.guild, "news")
    subscription = await office.subscribe(channel)
    tell = office.sandbox.world.dispatch
    await office.permit(channel)
    office.sandbox.world.dispatch = lambda *args, **fields: None
    office.sandbox.set_permissions(channel, deny=["send_messages"])
    await office.issue("first")
    await office.settled()
    paused = await office.newsroom.subscriptions.get(subscription.id)
    assert "Send Messages" in (paused.paused_reason or "")
    assert await office.pause_notices.resume_accessible() == 0
    office.sandbox.set_permissions(channel)
    assert await office.pause_notices.resume_accessible() == 1
    office.sandbox.world.dispatch = tell
    await next_day(office)
    assert office.texts(channel) == ["first"]


@pytest.mark.slow
async def test_a_proxys_page_in_place_of_an_answer_does_not_end_the_looking(
    office: Office, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    monkeypatch.setattr("bot.delivery.pause_notices.ROUND_S", 0.05)
    channel = office.sandbox.add_channel(office.guild, "news")
    subscription = await office.subscribe(channel)
    await office.permit(channel, deny=["send_messages"])
    await office.issue("first")
    await office.settled()
    office.sandbox.faults.fail("GET /guilds/{guild_id}", status=200, page=True, times=2)
    looking = asyncio.create_task(office.pause_notices.run())
    await until(lambda: caplog.text.count("could not be checked: NotDiscord") == 2)
    await office.permit(channel)
    await until_active(office, subscription)
    assert not looking.done()
    looking.cancel()
    await asyncio.wait([looking])


async def test_a_restart_forgets_no_pause(tmp_path: Path) -> None:
    async with opened(tmp_path) as office:
        channel = office.sandbox.add_channel(office.guild, "news")
        subscription = await office.subscribe(channel)
        await office.permit(channel, deny=["send_messages"])
        await office.issue("first")
        await office.settled()
        await office.permit(channel)
        fresh = type(office.pause_notices)(
            office.client, office.newsroom.subscriptions, office.token_bucket, now=office.clock
        )
        assert await fresh.resume_accessible() == 1
        assert await state_of(office, subscription) is SubscriptionState.ACTIVE


async def test_a_guild_that_comes_back_at_once_is_not_paused(office: Office) -> None:
    channel = office.sandbox.add_channel(office.guild, "news")
    subscription = await office.subscribe(channel)
    await office.newsroom.subscriptions.guild_gone(office.guild.id, "gone")
    office.sandbox.remove_guild(office.guild)
    office.sandbox.return_to_guild(office.guild)
    assert await office.pause_notices.resume_accessible() == 1
    assert await state_of(office, subscription) is SubscriptionState.ACTIVE


async def test_the_history_that_can_be_read_again_ends_its_pause(tmp_path: Path) -> None:
    async with opened(tmp_path) as office:
        channel = office.sandbox.add_channel(office.guild, "news")
        await office.subscribe(channel)
        await office.permit(channel, deny=["read_message_history"])
        office.sandbox.faults.lose_answer(SEND)
        await office.issue("first", "second")
        await office.until(lambda: any(isinstance(outcome, Retry) for outcome in office.outcomes))
        office.clock.advance(600)
        office.publisher.wake()
        await office.settled(hurry=True)
        assert await office.pause_notices.resume_accessible() == 0
        await office.permit(channel)
        assert await office.pause_notices.resume_accessible() == 1
        office.publisher.wake()
        await office.settled(hurry=True)
        assert office.texts(channel) == ["first", "second"]


async def test_a_thread_that_is_unlocked_is_resumed(office: Office) -> None:
    home = office.sandbox.add_channel(office.guild, "home")
    thread = office.sandbox.add_channel(office.guild, "news", "thread", parent=home)
    subscription = await office.subscribe(thread, "thread")
    office.sandbox.archive(thread, locked=True)
    await office.issue("first")
    await office.settled()
    assert "locked" in ((await office.newsroom.subscriptions.get(subscription.id)).paused_reason or "")
    assert await office.pause_notices.resume_accessible() == 0
    thread.locked = False
    office.sandbox.world.dispatch_channel("THREAD_UPDATE", thread)
    assert await office.pause_notices.resume_accessible() == 1
    await next_day(office)
    assert office.texts(thread) == ["first"]


async def test_a_person_who_resumes_ends_a_doubt_that_nobody_can_settle(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.delivery.reconcile.MAX_MESSAGES", 3)
    async with opened(tmp_path) as office:
        channel = office.sandbox.add_channel(office.guild, "news")
        subscription = await office.subscribe(channel)
        office.sandbox.faults.fail(SEND, status=503)
        await office.issue("first")
        await office.until(lambda: any(isinstance(outcome, Retry) for outcome in office.outcomes))
        reader = office.sandbox.add_member(office.guild, "reader")
        for number in range(5):
            office.sandbox.say(channel, reader, f"chatter {number}")
        office.clock.advance(600)
        office.publisher.wake()
        await office.settled(hurry=True)
        assert await state_of(office, subscription) is SubscriptionState.PAUSED
        await office.newsroom.subscriptions.resume(subscription.id, office.clock())
        office.publisher.wake()
        await office.settled(hurry=True)
        assert await state_of(office, subscription) is SubscriptionState.ACTIVE
        failed = await office.newsroom.editions.failed(subscription.id)
        assert failed[subscription.id].failure is Failure.DOUBTFUL
        office.newsroom.wire.bring("second", EIGHT + HOUR, title="second")
        await next_day(office)
        own = [one for one in office.sandbox.messages(channel) if one.author is office.sandbox.bot_user]
        assert len(own) == 1


async def test_a_pause_after_a_delivery_is_news_again(office: Office) -> None:
    channel = office.sandbox.add_channel(office.guild, "news")
    owner = office.sandbox.world.users[office.guild.owner_id]
    await office.subscribe(channel)
    for number, name in enumerate(("first", "second"), 1):
        await office.permit(channel, deny=["send_messages"])
        office.newsroom.wire.bring(name, office.clock() - HOUR, title=name)
        await office.issue()
        await office.settled()
        assert await office.pause_notices.notify_creators() == 1
        assert len(office.sandbox.messages(office.sandbox.dm(owner))) == number
        await office.permit(channel)
        office.pause_notices._resumed_s.clear()
        assert await office.pause_notices.resume_accessible() == 1
        await next_day(office)
        office.clock.advance(DAY.total_seconds())
    assert office.texts(channel) == ["first", "second"]


# --------------------------------------------------------------------------- what is said


@pytest.mark.slow
async def test_two_digests_of_one_channel_that_pause_together_are_reported_in_one_message(office: Office) -> None:
    channel = office.sandbox.add_channel(office.guild, "news")
    owner = office.sandbox.world.users[office.guild.owner_id]
    await office.subscribe(channel, topics=("Harbours",))
    await office.subscribe(channel, topics=("Energy",), cadence=Cadence((time(20, 30),)))
    await office.permit(channel, deny=["send_messages"])
    await office.issue("first")
    await office.settled()
    caring = asyncio.create_task(office.pause_notices.run())

    async def announced() -> bool:
        return not await office.newsroom.subscriptions.unannounced_pauses()

    await until_found(announced)
    caring.cancel()
    await asyncio.wait([caring])
    (message,) = office.sandbox.messages(office.sandbox.dm(owner))
    for part in ("2 digests", "Harbours", "Energy", "20:30", "Send Messages"):
        assert part in message.text


async def test_an_early_edition_in_doubt_when_its_channel_is_shut_is_not_sent_again(office: Office) -> None:
    channel = office.sandbox.add_channel(office.guild, "news")
    subscription = await office.subscribe(channel)
    office.newsroom.wire.bring("first", EIGHT - HOUR, title="first")
    office.clock.advance(-1800)
    office.sandbox.faults.lose_answer(SEND)
    await office.newsroom.editions.send_now(subscription.id, office.clock(), render)
    office.publisher.wake()
    await office.until(lambda: any(isinstance(outcome, Retry) for outcome in office.outcomes))
    office.sandbox.set_permissions(channel, deny=["view_channel"])
    await office.settled(hurry=True)
    assert await state_of(office, subscription) is SubscriptionState.PAUSED
    await office.permit(channel)
    assert await office.pause_notices.resume_accessible() == 1
    office.publisher.wake()
    await office.settled(hurry=True)
    await next_day(office)
    assert office.texts(channel) == ["first"]
    assert isinstance(office.outcomes[-1], Sent)


@pytest.mark.slow
async def test_a_bot_that_hears_of_a_lost_guild_late_pauses_nothing_for_long(office: Office) -> None:
    channel = office.sandbox.add_channel(office.guild, "news")
    subscription = await office.subscribe(channel)
    office.sandbox.remove_guild(office.guild)
    await until(lambda: office.client.get_guild(office.guild.id) is None)
    await office.issue("first")
    await office.settled()
    paused = await office.newsroom.subscriptions.get(subscription.id)
    assert "Invite me again" in (paused.paused_reason or "")
    office.sandbox.return_to_guild(office.guild)
    caring = asyncio.create_task(office.pause_notices.run())
    await until_active(office, subscription)
    caring.cancel()
    await asyncio.wait([caring])


async def test_direct_messages_that_are_let_in_again_end_the_pause_and_closed_ones_are_rarely_tried(
    office: Office,
) -> None:
    reader = office.sandbox.add_member(office.guild, "reader")
    channel = office.sandbox.dm(reader)
    subscription = await office.newsroom.subscribe(
        channel.id, guild_id=None, channel_kind=ChannelKind.DM, creator_id=reader.user.id, now=office.clock() - HOUR
    )
    office.sandbox.close_dms(reader)
    await office.issue("first")
    await office.settled()
    assert await office.pause_notices.resume_accessible() == 1
    await next_day(office)
    assert await state_of(office, subscription) is SubscriptionState.PAUSED
    assert await office.pause_notices.resume_accessible() == 0
    office.sandbox.open_dms(reader)
    # A new instance does not wait for the hour between tries.
    notices = PauseNotices(office.client, office.newsroom.subscriptions, office.token_bucket, now=office.clock)
    assert await notices.resume_accessible() == 1
    await next_day(office)
    assert office.texts(channel) == ["first"]


async def test_a_tag_that_a_forum_gets_ends_the_pause_for_want_of_one(office: Office) -> None:
    forum = office.sandbox.add_channel(office.guild, "news", "forum", tag_required=True)
    subscription = await office.subscribe(forum, "forum")
    await office.issue("first")
    await office.settled()
    paused = await office.newsroom.subscriptions.get(subscription.id)
    assert "requires a tag" in (paused.paused_reason or "")
    assert await office.pause_notices.resume_accessible() == 0
    forum.tags = [Tag(office.sandbox.world.new_id(), "Harbours")]
    office.sandbox.world.dispatch_channel("CHANNEL_UPDATE", forum)
    assert await office.pause_notices.resume_accessible() == 1
    await next_day(office)
    assert office.texts(office.sandbox.posts(forum)[0]) == ["first"]
