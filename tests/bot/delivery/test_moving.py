"""A subscription that is moved to another channel while an edition is on its way: nothing is lost, doubled or torn."""

from __future__ import annotations

from pathlib import Path

import discord
import pytest

from digests.models import ChannelKind, DeliveryState, EditionState, Subscription, SubscriptionState
from digests.service.outbox import Retry
from digests.store.connection import scalar
from sandbox import Channel
from sandbox.faults import SEND
from tests.bot.delivery.making import THREE, Office, opened
from tests.patience import until


async def moved(office: Office, subscription: Subscription, channel: Channel, kind: str = ChannelKind.TEXT) -> None:
    """Move a subscription as `/digest edit channel:` does."""
    await office.newsroom.subscriptions.edit(
        subscription.id, office.clock(), channel_id=channel.id, channel_kind=kind, channel_name=channel.name
    )
    office.publisher.wake()


async def waiting(office: Office, skip: int = 0) -> None:
    """Wait until sending a part has failed and it waits for another try."""
    await office.until(lambda: sum(isinstance(outcome, Retry) for outcome in office.outcomes) > skip)


async def test_the_rest_of_an_edition_follows_when_its_forum_is_gone(tmp_path: Path) -> None:
    async with opened(tmp_path) as office:
        old = office.sandbox.add_channel(office.guild, "old", "forum")
        new = office.sandbox.add_channel(office.guild, "new")
        subscription = await office.subscribe(old, "forum")
        office.sandbox.faults.fail(SEND, status=503)
        await office.issue(*THREE)
        await waiting(office)
        office.sandbox.remove_channel(old)
        await until(lambda: office.client.get_channel(old.id) is None)
        await office.settled(hurry=True)
        assert (await office.newsroom.subscriptions.get(subscription.id)).state is SubscriptionState.PAUSED
        await moved(office, subscription, new)
        await office.settled(hurry=True)
        assert office.texts(new) == ["second", "third"]
        assert await office.states(subscription) == [[DeliveryState.SENT] * 3]


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["text", "forum"])
async def test_an_edition_that_was_begun_ends_where_it_began(tmp_path: Path, kind: str) -> None:
    async with opened(tmp_path) as office:
        old, new = (office.sandbox.add_channel(office.guild, name, kind) for name in ("old", "new"))
        subscription = await office.subscribe(old, kind)
        office.sandbox.faults.fail(SEND, status=503, skip=0 if kind == "forum" else 1)
        await office.issue(*THREE)
        await waiting(office)
        await moved(office, subscription, new, ChannelKind(kind))
        await office.settled(hurry=True)
        assert office.texts(office.sandbox.posts(old)[0] if kind == "forum" else old) == THREE
        assert office.texts(new) == []
        assert await office.states(subscription) == [[DeliveryState.SENT] * 3]


async def test_a_part_in_doubt_is_looked_for_where_it_was_sent_to(tmp_path: Path) -> None:
    async with opened(tmp_path) as office:
        old, new = (office.sandbox.add_channel(office.guild, name) for name in ("old", "new"))
        subscription = await office.subscribe(old)
        office.sandbox.faults.lose_answer(SEND)
        await office.issue(*THREE)
        await waiting(office)
        await moved(office, subscription, new)
        office.clock.advance(3 * 3600)  # no nonce is remembered any more
        await office.settled(hurry=True)
        assert office.texts(old) == THREE
        assert office.texts(new) == []


async def test_an_edition_that_certainly_nobody_has_seen_goes_to_the_new_channel(tmp_path: Path) -> None:
    async with opened(tmp_path) as office:
        old, new = (office.sandbox.add_channel(office.guild, name) for name in ("old", "new"))
        subscription = await office.subscribe(old)
        office.sandbox.faults.limit(SEND, retry_after_s=400.0)
        await office.issue(*THREE)
        await waiting(office)
        await moved(office, subscription, new)
        await office.settled(hurry=True)
        assert office.texts(old) == []
        assert office.texts(new) == THREE


async def test_the_rest_of_an_edition_follows_when_its_channel_is_gone(tmp_path: Path) -> None:
    async with opened(tmp_path) as office:
        old, new = (office.sandbox.add_channel(office.guild, name) for name in ("old", "new"))
        subscription = await office.subscribe(old)
        office.sandbox.faults.lose_answer(SEND, skip=1)
        await office.issue(*THREE)
        await waiting(office)
        office.sandbox.remove_channel(old)
        await office.settled(hurry=True)
        assert (await office.newsroom.subscriptions.get(subscription.id)).state is SubscriptionState.PAUSED
        await moved(office, subscription, new)
        await office.newsroom.subscriptions.resume(subscription.id, office.clock())
        office.publisher.wake()
        await office.settled(hurry=True)
        assert office.texts(new) == ["second", "third"]
        assert await office.states(subscription) == [[DeliveryState.SENT] * 3]


async def test_a_channel_that_is_shut_behind_an_edition_pauses_nothing_and_the_rest_follows(tmp_path: Path) -> None:
    async with opened(tmp_path) as office:
        old = office.sandbox.add_channel(office.guild, "old")
        new = office.sandbox.add_channel(office.guild, "new", "forum")
        subscription = await office.subscribe(old)
        office.sandbox.faults.fail(SEND, status=503, skip=1)
        await office.issue(*THREE)
        await waiting(office)
        await moved(office, subscription, new, ChannelKind.FORUM)
        await office.permit(old, deny=["send_messages"])
        await office.settled(hurry=True)
        assert (await office.newsroom.subscriptions.get(subscription.id)).state is SubscriptionState.ACTIVE
        assert office.texts(old) == ["first"]
        (post,) = office.sandbox.posts(new)
        assert office.texts(post) == ["second", "third"]


@pytest.mark.slow
async def test_a_doubt_that_the_shut_channel_keeps_fails_the_edition_and_holds_nothing_up(tmp_path: Path) -> None:
    async with opened(tmp_path) as office:
        old, new = (office.sandbox.add_channel(office.guild, name) for name in ("old", "new"))
        subscription = await office.subscribe(old)
        office.sandbox.faults.lose_answer(SEND)
        await office.issue("first")
        await waiting(office)
        await moved(office, subscription, new)
        office.sandbox.set_permissions(old, deny=["view_channel"])
        place = office.client.get_channel(old.id)
        assert isinstance(place, discord.TextChannel)
        await until(lambda: not place.permissions_for(place.guild.me).view_channel)
        office.clock.advance(3600)
        await office.settled(hurry=True)
        (edition,) = await office.newsroom.editions.recent(subscription.id)
        assert edition.state is EditionState.FAILED
        assert (await office.newsroom.subscriptions.get(subscription.id)).state is SubscriptionState.ACTIVE
        assert office.texts(old) == ["first"]
        assert office.texts(new) == []


async def test_what_was_sent_before_the_move_is_published_where_it_is(tmp_path: Path) -> None:
    async with opened(tmp_path) as office:
        old, new = (office.sandbox.add_channel(office.guild, name, "announcement") for name in ("old", "new"))
        subscription = await office.subscribe(old, "announcement")
        await office.issue("first")
        await office.settled()
        await moved(office, subscription, new, ChannelKind.ANNOUNCEMENT)
        assert await office.crossposter.work_off() == 1
        async with office.newsroom.database.read() as connection:
            assert await scalar(connection, "SELECT COUNT(*) FROM deliveries WHERE publish_state = 'done'") == 1
