"""What members order for themselves: a paper, a saved search, a story that they follow."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from datetime import datetime, time, timedelta

import pytest
import pytest_asyncio

from bot.component_view import ComponentView
from digests.models import ChannelKind, Purpose, Subscription
from digests.service.outbox import OutboxService, Sent
from digests.service.privacy import PrivacyService
from digests.store.forgetting import ForgettingStore
from digests.store.outbox.deliveries import DeliveryStore
from sandbox.driver.reply import Reply
from sandbox.entities import Message
from tests.bot.commands.articles import BYTE, HARBOUR, NOW, TIMES, article, write
from tests.bot.commands.newsroom import Newsroom, render_edition

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(autouse=True, loop_scope="module")
async def back_to_the_beginning(newsroom: Newsroom) -> AsyncIterator[None]:
    yield
    newsroom.clock.moment = NOW
    newsroom.sandbox.open_dms(newsroom.reader)
    for subscription in await newsroom.services.subscriptions.list_for():
        await newsroom.services.subscriptions.unsubscribe(subscription.id)


async def own(newsroom: Newsroom) -> tuple[Subscription, ...]:
    return await newsroom.services.subscriptions.list_for(user_id=newsroom.reader.user.id)


async def ask(newsroom: Newsroom, command: str, **options: object) -> Reply:
    return await newsroom.sandbox.invoke(command, options, member=newsroom.reader, channel=newsroom.channel)


async def send_due(newsroom: Newsroom, moment: datetime) -> list[Message]:
    """Make what is due at a moment, and post it as the publisher does; return the messages."""
    newsroom.clock.moment = moment
    await newsroom.services.editions.prepare(moment, render_edition)
    outbox = OutboxService(DeliveryStore(newsroom.databases[1]))
    posted: list[Message] = []
    while claimed := await outbox.claim(moment, limit=50, busy=()):
        for delivery in claimed:
            target = newsroom.client.get_partial_messageable(delivery.channel_id, guild_id=delivery.guild_id)
            sent = await target.send(view=ComponentView(json.loads(delivery.payload)))
            await outbox.record([Sent(delivery, sent.id)], moment)
            dm = newsroom.sandbox.dm(newsroom.reader)
            posted += [one for one in (*dm.messages.values(), *newsroom.channel.messages.values()) if one.id == sent.id]
    return posted


async def post_digest(newsroom: Newsroom, topics: str = "AI") -> Message:
    """Post the channel's paper."""
    await newsroom.sandbox.invoke(
        "digest subscribe", {"time": "13:00", "topics": topics}, member=newsroom.manager, channel=newsroom.channel
    )
    return (await send_due(newsroom, NOW + timedelta(hours=1)))[-1]


async def press(newsroom: Newsroom, message: Message | Reply, label: str) -> Reply:
    return await newsroom.sandbox.click(message, label=label, member=newsroom.reader)


@pytest.mark.slow
async def test_a_member_gets_a_channels_paper_by_dm_and_stops_it_there(newsroom: Newsroom) -> None:
    digest = await post_digest(newsroom)
    reply = await press(newsroom, digest, "Get this by DM")
    assert reply.ephemeral
    (made,) = await own(newsroom)
    assert (made.channel_kind, made.topics, made.purpose) == (ChannelKind.DM, ("AI",), Purpose.PAPER)
    assert made.cadence.times == (time(13, 0),)
    first = newsroom.sandbox.messages(newsroom.sandbox.dm(newsroom.reader))[-1]
    assert "A paper about AI" in first.text
    again = await press(newsroom, digest, "Get this by DM")
    assert "A paper about AI" in again.text
    assert len(await own(newsroom)) == 1
    write(
        newsroom.folder / "dm", [article("Robots fold paper", provider=BYTE, topics=["AI"], age=timedelta(hours=-20))]
    )
    await newsroom.services.corpus.load(now=NOW + timedelta(hours=22))
    sent = await send_due(newsroom, NOW + timedelta(days=1, hours=1))
    by_dm = next(one for one in sent if one.find(label="Stop") is not None)
    stopped = await press(newsroom, by_dm, "Stop")
    assert "Unsubscribed" in stopped.text
    assert not await own(newsroom)
    await press(newsroom, stopped, "Undo")
    assert len(await own(newsroom)) == 1


async def test_a_saved_search_brings_what_is_new_and_nothing_else(newsroom: Newsroom) -> None:
    answer = await ask(newsroom, "news", query="mackerel")
    said = await press(newsroom, answer, "Tell me when there is more")
    assert "More on mackerel" in said.text
    (made,) = await own(newsroom)
    assert (made.query, made.purpose, len(made.cadence.times)) == ("mackerel", Purpose.SEARCH, 1)
    assert await send_due(newsroom, NOW + timedelta(days=1)) == []
    fresh = [
        article("Mackerel return to the outer bay", provider=HARBOUR, topics=["Harbour"], age=timedelta(hours=-23)),
        article("Buoys painted overnight", provider=HARBOUR, topics=["Harbour"], age=timedelta(hours=-23)),
    ]
    write(newsroom.folder / "saved", fresh)
    await newsroom.services.corpus.load(now=NOW + timedelta(hours=25))
    (message,) = await send_due(newsroom, NOW + timedelta(days=2))
    assert "More on mackerel" in message.text
    assert "Mackerel return" in message.text
    assert "Buoys" not in message.text
    assert "Mackerel quota" not in message.text


async def test_a_question_without_an_answer_can_wait_for_one(newsroom: Newsroom) -> None:
    answer = await ask(newsroom, "news", query="xylophonist")
    assert "Nothing was found" in answer.text
    await press(newsroom, answer, "Tell me when there is more")
    assert [one.query for one in await own(newsroom)] == ["xylophonist"]


async def test_a_saved_question_waits_for_what_it_asks_about(newsroom: Newsroom) -> None:
    answer = await ask(newsroom, "news", query="why was the zither not played?")
    await press(newsroom, answer, "Tell me when there is more")
    fresh = article("Zither still not played aboard", provider=BYTE, topics=["AI"], age=timedelta(hours=-23))
    write(newsroom.folder / "asked", [fresh])
    await newsroom.services.corpus.load(now=NOW + timedelta(hours=25))
    (message,) = await send_due(newsroom, NOW + timedelta(days=2))
    assert "Zither still" in message.text


async def test_a_saved_search_stays_a_search_and_daily(newsroom: Newsroom) -> None:
    await press(newsroom, await ask(newsroom, "news", query="mackerel"), "Tell me when there is more")
    (made,) = await own(newsroom)
    dm = newsroom.sandbox.dm(newsroom.reader)
    for options, said in (({"time": "8, 12"}, "at most once a day"), ({"keywords": "none"}, "something to look for")):
        refused = await newsroom.sandbox.invoke("digest edit", options, member=newsroom.reader.user, channel=dm)
        assert said in refused.text
    assert await own(newsroom) == (made,)


async def test_an_address_is_followed_and_an_unknown_one_refused(newsroom: Newsroom) -> None:
    known = "https://byte.example/robot-gardeners-water-the-botanical-collection"
    await press(newsroom, await ask(newsroom, "news", query=known), "Tell me when there is more")
    assert [one.purpose for one in await own(newsroom)] == [Purpose.STORY]
    unknown = await ask(newsroom, "news", query="https://byte.example/nothing")
    refused = await press(newsroom, unknown, "Tell me when there is more")
    assert "address of one article" in refused.text
    assert len(await own(newsroom)) == 1


async def test_a_question_about_the_past_can_not_be_saved(newsroom: Newsroom) -> None:
    answer = await ask(newsroom, "news", query="mackerel before:2021-03-01")
    refused = await press(newsroom, answer, "Tell me when there is more")
    assert "after: and before:" in refused.text
    assert not await own(newsroom)


async def test_a_followed_story_notifies_when_it_continues(newsroom: Newsroom) -> None:
    opened = article(
        "Fire destroys the old rope factory in Averil",
        provider=TIMES,
        topics=["Harbour"],
        age=timedelta(minutes=30),
        excerpt="Flames took the Averil rope factory on Wednesday; nobody was hurt.",
    )
    write(newsroom.folder / "fire", [opened])
    await newsroom.services.corpus.load(now=NOW)
    answer = await ask(newsroom, "news", query="averil rope factory")
    story = await newsroom.sandbox.select(
        answer, answer.selects[0]["custom_id"], [answer.selects[0]["options"][0]["value"]]
    )
    said = await press(newsroom, story, "Follow this story")
    assert "Fire destroys the old rope factory" in said.text
    (made,) = await own(newsroom)
    assert made.purpose is Purpose.STORY
    later = [
        article(
            "Averil rope factory fire: owner arrested for arson",
            provider=BYTE,
            topics=["Harbour"],
            age=timedelta(hours=-2),
            excerpt="Police arrested the owner of the Averil rope factory that fire destroyed on Wednesday.",
        ),
        article("Pilots vote on a pay rise", provider=HARBOUR, topics=["Harbour"], age=timedelta(hours=-2)),
    ]
    write(newsroom.folder / "fire2", later)
    await newsroom.services.corpus.load(now=NOW + timedelta(hours=3))
    (message,) = await send_due(newsroom, NOW + timedelta(days=1))
    assert "owner arrested" in message.text
    assert "Pilots vote" not in message.text
    assert await newsroom.services.subscriptions.end_stories(NOW + timedelta(days=7, hours=19)) == 0
    assert await newsroom.services.subscriptions.end_stories(NOW + timedelta(days=9)) == 1


async def test_the_digest_asks_which_of_its_stories(newsroom: Newsroom) -> None:
    digest = await post_digest(newsroom)
    menu = await press(newsroom, digest, "Follow a story")
    chosen = menu.selects[0]["options"][1]
    await newsroom.sandbox.select(menu, menu.selects[0]["custom_id"], [chosen["value"]])
    (made,) = await own(newsroom)
    assert made.story is not None
    assert made.story.lead.title == chosen["label"]


async def test_closed_dms_are_noticed_at_once_and_nothing_is_ordered(newsroom: Newsroom) -> None:
    digest = await post_digest(newsroom)
    newsroom.sandbox.close_dms(newsroom.reader)
    refused = await press(newsroom, digest, "Get this by DM")
    assert "I can't write to you, so nothing was ordered. Allow direct messages" in refused.text
    assert not await own(newsroom)


async def test_papers_list_them_each_with_its_end(newsroom: Newsroom) -> None:
    for query in ("mackerel", "ferry"):
        await press(newsroom, await ask(newsroom, "news", query=query), "Tell me when there is more")
    first, second = await own(newsroom)
    listed = await ask(newsroom, "papers")
    assert "More on mackerel" in listed.text
    stopped = await newsroom.sandbox.click(listed, custom_id=f"own:stop:{second.id}", member=newsroom.reader)
    assert "to you about ferry any more" in stopped.text
    assert [one.id for one in await own(newsroom)] == [first.id]
    await press(newsroom, stopped, "Undo")
    assert len(await own(newsroom)) == 2


async def test_it_comes_at_the_members_own_hour(newsroom: Newsroom) -> None:
    said = await press(newsroom, await ask(newsroom, "news", query="ferry"), "Tell me when there is more")
    (made,) = await own(newsroom)
    changed = await newsroom.sandbox.select(said, f"ownhour:{made.id}", ["19:00"], member=newsroom.reader)
    assert "19:00" in changed.text
    assert (await own(newsroom))[0].cadence.times == (time(19, 0),)
    await press(newsroom, await ask(newsroom, "news", query="mackerel"), "Tell me when there is more")
    assert (await own(newsroom))[1].cadence.times == (time(19, 0),)


@pytest.mark.slow
async def test_there_is_a_limit(newsroom: Newsroom) -> None:
    for number in range(10):
        await press(newsroom, await ask(newsroom, "news", query=f"ferry word{number}"), "Tell me when there is more")
    refused = await press(newsroom, await ask(newsroom, "news", query="gulls"), "Tell me when there is more")
    assert "You have 10 saved searches already" in refused.text


async def test_nobody_stops_what_is_not_theirs(newsroom: Newsroom) -> None:
    answer = await ask(newsroom, "news", query="ferry", share=True)
    await newsroom.sandbox.click(answer, label="Tell me when there is more", member=newsroom.manager)
    (theirs,) = await newsroom.services.subscriptions.list_for(user_id=newsroom.manager.user.id)
    await press(newsroom, answer, "Tell me when there is more")
    listed = await ask(newsroom, "papers")
    assert f"own:stop:{theirs.id}" not in json.dumps([button["custom_id"] for button in listed.buttons])


async def test_forgetting_a_member_erases_what_they_ordered_and_what_their_buttons_hold(newsroom: Newsroom) -> None:
    said = await press(newsroom, await ask(newsroom, "news", query="ferry"), "Tell me when there is more")
    (made,) = await own(newsroom)
    await newsroom.sandbox.click(said, custom_id=f"own:stop:{made.id}", member=newsroom.reader)
    await press(newsroom, await ask(newsroom, "news", query="ferry"), "Tell me when there is more")
    database = newsroom.databases[1]
    await PrivacyService(ForgettingStore(database)).forget_user(newsroom.reader.user.id)
    assert not await own(newsroom)
    async with database.read() as connection:
        rows = await connection.execute_fetchall(
            "SELECT value FROM remembered WHERE value LIKE :id", {"id": f"%{newsroom.reader.user.id}%"}
        )
    assert not list(rows)
