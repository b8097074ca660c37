"""Failures that are final pause a subscription with their reason, and nothing is lost."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from digests.models import ChannelKind, SubscriptionState
from digests.service.outbox import Retry
from sandbox.faults import SEND
from tests.bot.delivery.making import THREE, Office, opened
from tests.digests.service.editions.making import DAY, EIGHT, HOUR
from tests.patience import until, until_found

POST = "POST /channels/{channel_id}/threads"


async def test_a_lost_permission_pauses_notifies_the_creator_once_and_loses_nothing(office: Office) -> None:
    channel = office.sandbox.add_channel(office.guild, "news")
    owner = office.sandbox.world.users[office.guild.owner_id]
    subscription = await office.subscribe(channel)
    await office.permit(channel, deny=["send_messages"])
    await office.issue(*THREE)
    await office.settled()
    paused = await office.newsroom.subscriptions.get(subscription.id)
    assert paused.state is SubscriptionState.PAUSED
    assert "Send Messages" in (paused.paused_reason or "")
    assert await office.pause_notices.notify_creators() == 1
    assert await office.pause_notices.notify_creators() == 0
    assert len(office.sandbox.messages(office.sandbox.dm(owner))) == 1
    assert (await office.newsroom.subscriptions.get(subscription.id)).creator_notified
    assert await office.pause_notices.resume_accessible() == 0
    await office.permit(channel)
    assert await office.pause_notices.resume_accessible() == 1
    office.clock.advance(DAY.total_seconds())
    await office.issue()
    await office.settled()
    assert office.texts(channel) == THREE
    assert len(office.sandbox.messages(office.sandbox.dm(owner))) == 1


async def test_a_pause_whose_notice_cannot_be_recorded_stops_nothing(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.delivery.pause_notices.ROUND_S", 0.05)
    monkeypatch.setattr("bot.delivery.pause_notices.GATHER_S", 0.0)
    channel = office.sandbox.add_channel(office.guild, "news")
    owner = office.sandbox.world.users[office.guild.owner_id]
    subscription = await office.subscribe(channel)
    await office.permit(channel, deny=["send_messages"])
    await office.issue("first")
    await office.settled()
    async with office.newsroom.database.transaction() as writer:
        pass
    await writer.execute("PRAGMA query_only = ON")
    caring = asyncio.create_task(office.pause_notices.run())
    await office.until(lambda: office.sandbox.messages(office.sandbox.dm(owner)))
    office.sandbox.world.nonce_memory_s = 0.0  # as after some minutes
    await asyncio.sleep(0.2)
    assert not caring.done()
    await writer.execute("PRAGMA query_only = OFF")

    async def recorded() -> bool:
        return (await office.newsroom.subscriptions.get(subscription.id)).creator_notified

    await until_found(recorded)
    caring.cancel()
    await asyncio.wait([caring])
    assert len(office.sandbox.messages(office.sandbox.dm(owner))) == 1


async def test_a_permission_lost_between_two_parts_is_gone_on_with_at_the_missing_part(office: Office) -> None:
    channel = office.sandbox.add_channel(office.guild, "news")
    subscription = await office.subscribe(channel)
    office.sandbox.faults.fail(SEND, status=503, skip=1, times=1)
    await office.issue(*THREE)
    await office.until(lambda: any(isinstance(outcome, Retry) for outcome in office.outcomes))
    office.sandbox.set_permissions(channel, deny=["send_messages"])
    await office.settled(hurry=True)
    assert office.texts(channel) == ["first"]
    assert (await office.newsroom.subscriptions.get(subscription.id)).state is SubscriptionState.PAUSED
    office.sandbox.set_permissions(channel)
    await office.newsroom.subscriptions.resume(subscription.id, office.clock())
    office.publisher.wake()
    await office.settled(hurry=True)
    assert office.texts(channel) == THREE


async def test_a_channel_that_is_gone_pauses_for_good(office: Office) -> None:
    channel = office.sandbox.add_channel(office.guild, "news")
    subscription = await office.subscribe(channel)
    office.sandbox.remove_channel(channel)
    await office.issue("first")
    await office.settled()
    paused = await office.newsroom.subscriptions.get(subscription.id)
    assert "gone" in (paused.paused_reason or "")
    assert await office.pause_notices.resume_accessible() == 0


async def test_a_guild_that_threw_the_bot_out_is_served_again_when_it_is_invited_back(office: Office) -> None:
    channels = [office.sandbox.add_channel(office.guild, f"news{number}") for number in range(3)]
    owner = office.sandbox.world.users[office.guild.owner_id]
    second = office.sandbox.add_guild("Elsewhere", owner=owner)
    for channel in channels:
        await office.subscribe(channel)
    office.sandbox.remove_guild(office.guild)
    await until(lambda: office.client.get_guild(office.guild.id) is None)
    await office.issue("first")
    await office.settled()
    assert all(item.state is SubscriptionState.PAUSED for item in await office.newsroom.subscriptions.list_for())
    assert await office.pause_notices.notify_creators() == 1  # one message for three subscriptions
    assert await office.pause_notices.resume_accessible() == 0
    office.sandbox.return_to_guild(office.guild)
    await until(lambda: all(office.client.get_channel(channel.id) for channel in channels))
    assert await office.pause_notices.resume_accessible() == 3
    office.clock.advance(DAY.total_seconds())
    await office.issue()
    await office.settled()
    assert [office.texts(channel) for channel in channels] == [["first"]] * 3
    assert second.present


async def test_closed_dms_pause_without_a_notice(office: Office) -> None:
    reader = office.sandbox.add_member(office.guild, "reader")
    channel = office.sandbox.dm(reader)
    subscription = await office.newsroom.subscribe(
        channel.id, guild_id=None, channel_kind=ChannelKind.DM, creator_id=reader.user.id, now=office.clock() - HOUR
    )
    office.sandbox.close_dms(reader)
    await office.issue("first")
    await office.settled()
    assert await office.pause_notices.notify_creators() == 0
    assert await office.newsroom.subscriptions.unannounced_pauses() == ()
    paused = await office.newsroom.subscriptions.get(subscription.id)
    assert not paused.creator_notified
    assert "privacy" in (paused.paused_reason or "")
    office.sandbox.open_dms(reader)
    await office.newsroom.subscriptions.resume(subscription.id, office.clock())
    office.clock.advance(DAY.total_seconds())
    await office.issue()
    await office.settled()
    assert office.texts(channel) == ["first"]


async def test_a_locked_thread_pauses(office: Office) -> None:
    home = office.sandbox.add_channel(office.guild, "home")
    thread = office.sandbox.add_channel(office.guild, "news", "thread", parent=home)
    subscription = await office.subscribe(thread, "thread")
    office.sandbox.archive(thread)
    await office.issue("first")
    await office.settled()
    assert office.texts(thread) == ["first"]  # sending opens an archived one
    office.sandbox.archive(thread, locked=True)
    office.newsroom.wire.bring("later", EIGHT + HOUR)
    office.clock.advance(DAY.total_seconds())
    await office.issue()
    await office.settled()
    assert "locked" in ((await office.newsroom.subscriptions.get(subscription.id)).paused_reason or "")


async def test_a_deleted_forum_post_does_not_stop_the_subscription(tmp_path: Path) -> None:
    async with opened(tmp_path) as office:
        forum = office.sandbox.add_channel(office.guild, "news", "forum")
        subscription = await office.subscribe(forum, "forum")
        office.sandbox.faults.fail(SEND, status=503, times=1)
        await office.issue("first", "second")
        await office.until(lambda: office.sandbox.posts(forum))
        await office.until(lambda: any(isinstance(outcome, Retry) for outcome in office.outcomes))
        office.sandbox.remove_channel(office.sandbox.posts(forum)[0])
        await office.settled(hurry=True)
        assert (await office.newsroom.subscriptions.get(subscription.id)).state is SubscriptionState.ACTIVE


async def test_without_the_history_a_late_doubt_pauses_instead_of_guessing(tmp_path: Path) -> None:
    async with opened(tmp_path) as office:
        channel = office.sandbox.add_channel(office.guild, "news")
        subscription = await office.subscribe(channel)
        await office.permit(channel, deny=["read_message_history"])
        office.sandbox.faults.lose_answer(SEND)
        await office.issue("first", "second")
        await office.until(lambda: any(isinstance(outcome, Retry) for outcome in office.outcomes))
        office.clock.advance(600)
        office.publisher.wake()
        await office.settled(hurry=True)
        assert "Read Message History" in (
            (await office.newsroom.subscriptions.get(subscription.id)).paused_reason or ""
        )
        await office.permit(channel)
        await office.newsroom.subscriptions.resume(subscription.id, office.clock())
        office.publisher.wake()
        await office.settled(hurry=True)
        assert office.texts(channel) == ["first", "second"]


async def test_without_the_history_a_fresh_doubt_is_settled_by_the_nonce(tmp_path: Path) -> None:
    async with opened(tmp_path) as office:
        channel = office.sandbox.add_channel(office.guild, "news")
        await office.subscribe(channel)
        await office.permit(channel, deny=["read_message_history"])
        office.sandbox.faults.lose_answer(SEND)
        await office.issue("first", "second")
        await office.settled(hurry=True)
        assert office.texts(channel) == ["first", "second"]


async def test_a_doubt_that_only_the_nonce_could_settle_stays_one_when_the_next_try_does_not_get_through(
    tmp_path: Path,
) -> None:
    async with opened(tmp_path) as office:
        channel = office.sandbox.add_channel(office.guild, "news")
        subscription = await office.subscribe(channel)
        await office.permit(channel, deny=["read_message_history"])
        office.sandbox.faults.lose_answer(SEND)
        office.sandbox.faults.limit(SEND, retry_after_s=400.0)
        await office.issue("first")
        await office.until(lambda: len(office.outcomes) == 1)
        office.clock.advance(10)
        office.publisher.wake()
        await office.until(lambda: len(office.outcomes) == 2)
        office.sandbox.advance(600)  # no nonce is remembered any more
        await office.settled(hurry=True)
        assert office.texts(channel) == ["first"]
        assert (await office.newsroom.subscriptions.get(subscription.id)).state is SubscriptionState.PAUSED


@pytest.mark.slow
@pytest.mark.parametrize("busy", [True, False])
async def test_a_forum_with_more_posts_put_away_than_are_looked_through_is_not_guessed_about(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, busy: bool
) -> None:
    monkeypatch.setattr("bot.delivery.reconcile.MAX_ARCHIVED", 3)
    async with opened(tmp_path) as office:
        forum = office.sandbox.add_channel(office.guild, "news", "forum")
        others = [office.sandbox.add_channel(office.guild, f"talk{n}", "thread", parent=forum) for n in range(4)]
        subscription = await office.subscribe(forum, "forum")
        if not busy:
            for thread in others:
                office.sandbox.archive(thread)
            office.clock.advance(3 * 3600)
        if busy:
            office.sandbox.faults.lose_answer(POST)
        else:
            office.sandbox.faults.fail(POST, status=503)
        await office.issue("first")
        await office.until(lambda: any(isinstance(outcome, Retry) for outcome in office.outcomes))
        if busy:
            (post,) = [thread for thread in office.sandbox.posts(forum) if thread not in others]
            for thread in (post, *others):
                office.sandbox.archive(thread)
                office.clock.advance(1)
        await office.settled(hurry=True)
        state = (await office.newsroom.subscriptions.get(subscription.id)).state
        posts = [thread for thread in office.sandbox.posts(forum) if thread not in others]
        assert [office.texts(post) for post in posts] == [["first"]]
        assert state is (SubscriptionState.PAUSED if busy else SubscriptionState.ACTIVE)
