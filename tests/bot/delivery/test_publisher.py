"""A digest arrives whole and in order in every kind of channel, mentions whom it should, and is tagged."""

from __future__ import annotations

import pytest

from digests.models import ChannelKind, DeliveryState, EditionState, QuietDay
from sandbox.faults import SEND
from tests.bot.delivery.making import THREE, Office, markers, text_of
from tests.digests.service.editions.making import DAY, HOUR


async def test_a_digest_arrives_whole_and_in_order_with_markers_and_nonces(office: Office) -> None:
    channel = office.sandbox.add_channel(office.guild, "news")
    subscription = await office.subscribe(channel)
    await office.issue(*THREE)
    await office.settled()
    assert office.texts(channel) == THREE
    assert all(markers(message) for message in office.sandbox.messages(channel))
    assert await office.states(subscription) == [[DeliveryState.SENT] * 3]
    (edition,) = await office.newsroom.editions.recent(subscription.id)
    assert edition.state is EditionState.DELIVERED
    assert office.sandbox.count_requests(SEND) == 3  # and nothing else was asked for


@pytest.mark.parametrize("kind", ["announcement", "voice", "thread", "forum", "media"])
async def test_every_kind_of_channel_gets_its_digest(office: Office, kind: str) -> None:
    parent = office.sandbox.add_channel(office.guild, "home") if kind == "thread" else None
    channel = office.sandbox.add_channel(office.guild, "news", kind, parent=parent)
    await office.subscribe(channel, kind)
    await office.issue(*THREE)
    await office.settled()
    if kind in ("forum", "media"):
        (channel,) = office.sandbox.posts(channel)
        assert channel.name == "first"
    assert office.texts(channel) == THREE


async def test_a_members_dm_gets_its_digest(office: Office) -> None:
    reader = office.sandbox.add_member(office.guild, "reader")
    channel = office.sandbox.dm(reader)
    await office.newsroom.subscribe(
        channel.id, guild_id=None, channel_kind=ChannelKind.DM, creator_id=reader.user.id, now=office.clock() - HOUR
    )
    await office.issue(*THREE)
    await office.settled()
    assert office.texts(channel) == THREE


async def test_only_the_asked_for_role_is_mentioned_and_only_once(office: Office) -> None:
    channel = office.sandbox.add_channel(office.guild, "news")
    role = office.sandbox.add_role(office.guild, "readers", mentionable=True)
    await office.subscribe(channel, mention_role_id=role.id)
    await office.issue(f"first <@&{office.guild.id}> @everyone", f"second <@&{role.id}> @everyone")
    await office.settled()
    first, second = office.sandbox.messages(channel)
    assert first.payload()["mention_roles"] == [str(role.id)]
    assert not first.payload()["mention_everyone"]
    assert not second.payload()["mention_roles"]
    assert not second.payload()["mention_everyone"]


async def test_nobody_is_called_to_read_that_the_day_was_quiet(office: Office) -> None:
    channel = office.sandbox.add_channel(office.guild, "news")
    role = office.sandbox.add_role(office.guild, "readers", mentionable=True)
    await office.subscribe(channel, mention_role_id=role.id, quiet_day=QuietDay.NOTE)
    await office.issue("first")
    await office.settled()
    office.clock.advance(DAY.total_seconds())
    await office.issue()
    await office.settled()
    paper, note = office.sandbox.messages(channel)
    assert paper.payload()["mention_roles"] == [str(role.id)]
    assert text_of(note) == "quiet"
    assert note.payload()["mention_roles"] == []


async def test_a_role_that_is_gone_is_not_mentioned(office: Office) -> None:
    channel = office.sandbox.add_channel(office.guild, "news")
    role = office.sandbox.add_role(office.guild, "readers", mentionable=True)
    await office.subscribe(channel, mention_role_id=role.id)
    guild = office.client.get_guild(office.guild.id)
    assert guild is not None
    office.sandbox.remove_role(office.guild, role)
    await office.until(lambda: guild.get_role(role.id) is None)
    await office.issue("first")
    await office.settled()
    (message,) = office.sandbox.messages(channel)
    assert [component["type"] for component in message.components] == [17]


async def test_a_forum_post_is_tagged_by_the_topics_that_match(office: Office) -> None:
    forum = office.sandbox.add_channel(office.guild, "news", "forum", tags=["harbours", "Energy", "!Staff"])
    await office.subscribe(forum, "forum")
    await office.issue("first", topics=("Harbours", "Staff"))
    await office.settled()
    (post,) = office.sandbox.posts(forum)
    assert [tag.name for tag in forum.tags if tag.id in post.applied_tags] == ["harbours"]


async def test_a_forum_that_wants_a_tag_gets_one(office: Office) -> None:
    forum = office.sandbox.add_channel(office.guild, "news", "forum", tags=["!Staff", "Energy"], tag_required=True)
    await office.subscribe(forum, "forum")
    await office.issue("first", topics=("Harbours",))
    await office.settled()
    assert len(office.sandbox.posts(forum)) == 1
