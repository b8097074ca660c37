"""Orders do what was typed, and what one does next stands beneath the answer."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from digests.models import SubscriptionState, Window
from sandbox.driver.reply import Reply
from tests.bot.commands.newsroom import Newsroom
from tests.bot.commands.ordering import edit, only, subscribe

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.usefixtures("no_subscriptions_left")]


async def press(newsroom: Newsroom, reply: Reply, label: str) -> Reply:
    return await newsroom.sandbox.click(reply, label=label)


async def test_a_minus_leaves_out_and_never_subscribes_to_what_was_left_out(newsroom: Newsroom) -> None:
    reply = await subscribe(newsroom, topics="-AI", providers="-byte.example")
    made = await only(newsroom)
    assert (made.topics, made.excluded_topics) == ((), ("AI",))
    assert (made.providers, made.excluded_providers) == ((), ("byte.example",))
    assert "Not these topics: AI" in reply.text
    policy = newsroom.services.editions.policy_for(made)
    now = newsroom.clock.moment
    window = Window(now - timedelta(days=14), now)
    told = await newsroom.services.digests.compose(policy, window, local_date=now.date(), timezone="UTC")
    assert told.stories
    assert all("AI" not in story.lead.topics for story in told.stories)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"keywords": "topic:Pryvacyx"}, "There is no topic"),
        ({"topics": "-Pryvacyx"}, "There is no topic"),
        ({"keywords": "robot after:2021-01-01"}, "date"),
        ({"keywords": "!!!"}, "nothing to search for"),
        ({"topics": "AI, -AI"}, "wanted and left out"),
        ({"keywords": "robot -robot"}, "wanted and left out"),
        ({"keywords": "- robot"}, "as in -robot"),
        ({"keywords": "ferry not robot"}, "Type -robot to leave it out"),
    ],
)
async def test_an_order_that_can_match_nothing_is_refused(
    newsroom: Newsroom, options: dict[str, object], said: str
) -> None:
    reply = await subscribe(newsroom, **options)
    assert said in reply.text
    assert not await newsroom.services.subscriptions.list_for(guild_id=newsroom.guild.id)


async def test_the_answer_says_what_the_order_would_have_brought(newsroom: Newsroom) -> None:
    reply = await subscribe(newsroom)
    assert re.search(r"In the last 14 days: \d+ stories, \d+\.\d a day", reply.text)
    nothing = await edit(newsroom, keywords="unheardofword")
    assert "In the last 14 days: nothing." in nothing.text
    assert "without the keywords" in nothing.text


async def test_the_same_order_twice_is_refused_and_the_first_one_shown(newsroom: Newsroom) -> None:
    await subscribe(newsroom, topics="AI, Privacy", time="9:00")
    again = await subscribe(newsroom, topics="privacy, ai", time="9 am")
    assert "already gets this paper, so nothing was added" in again.text
    await only(newsroom)
    other = await subscribe(newsroom, topics="AI", time="9:00")
    assert "already gets this paper" not in other.text


async def test_edit_says_what_changed(newsroom: Newsroom) -> None:
    await subscribe(newsroom, time="8:00", topics="AI")
    reply = await edit(newsroom, time="19:30", topics="AI, -Privacy", days="weekly on friday")
    assert "Time 08:00 → 19:30" in reply.text
    assert "Topics AI → AI, −Privacy" in reply.text
    assert (await only(newsroom)).cadence.weekdays == (5,)


async def test_a_pause_for_a_week_ends_by_itself(newsroom: Newsroom) -> None:
    reply = await subscribe(newsroom)
    made = await only(newsroom)
    paused = await newsroom.sandbox.select(reply, f"orderpause:{made.id}", ["7"])
    assert f"**Paused** by <@{newsroom.manager.user.id}> until <t:" in paused.text
    service = newsroom.services.subscriptions
    assert (await only(newsroom)).state is SubscriptionState.PAUSED
    assert await service.resume_over(newsroom.clock.moment + timedelta(days=6)) == 0
    assert await service.resume_over(newsroom.clock.moment + timedelta(days=7)) == 1
    assert (await only(newsroom)).state is SubscriptionState.ACTIVE


async def test_an_end_can_be_taken_back(newsroom: Newsroom) -> None:
    reply = await subscribe(newsroom, topics="-AI", keywords="robot")
    made = await only(newsroom)
    ended = await press(newsroom, reply, "Unsubscribe")
    assert not await newsroom.services.subscriptions.list_for(guild_id=newsroom.guild.id)
    await press(newsroom, ended, "Undo")
    back = await only(newsroom)
    assert (back.excluded_topics, back.query, back.cadence) == (made.excluded_topics, made.query, made.cadence)


async def test_preview_and_send_now_stand_beneath_the_answer(newsroom: Newsroom) -> None:
    reply = await subscribe(newsroom)
    preview = await press(newsroom, reply, "Preview")
    assert "Robot gardeners" in preview.text
    sent = await press(newsroom, reply, "Send now")
    assert "On its way" in sent.text


async def test_edit_stands_beneath_the_answer_and_opens_the_panel_filled_in(newsroom: Newsroom) -> None:
    reply = await subscribe(newsroom, topics="AI")
    panel = await press(newsroom, reply, "Edit")
    assert "The paper of" in panel.text
    assert "About: AI" in panel.text


async def test_the_list_offers_each_order_with_its_buttons(newsroom: Newsroom) -> None:
    await subscribe(newsroom, topics="AI")
    made = await only(newsroom)
    listed = await newsroom.sandbox.invoke("digest list", {}, member=newsroom.manager, channel=newsroom.channel)
    picked = await newsroom.sandbox.select(listed, "orderpick", [str(made.id)])
    assert "Topics: AI" in picked.text
    await press(newsroom, picked, "Unsubscribe")
    assert not await newsroom.services.subscriptions.list_for(guild_id=newsroom.guild.id)


async def test_papers_show_members_what_they_can_see(newsroom: Newsroom) -> None:
    hidden = newsroom.sandbox.add_channel(newsroom.guild, "board")
    await subscribe(newsroom, topics="AI")
    await subscribe(newsroom, channel=hidden)
    newsroom.sandbox.set_permissions(hidden, newsroom.reader, deny=["view_channel"])
    reply = await newsroom.sandbox.invoke("papers", {}, member=newsroom.reader, channel=newsroom.channel)
    assert f"<#{newsroom.channel.id}>" in reply.text
    assert "AI" in reply.text
    assert f"<#{hidden.id}>" not in reply.text


@pytest.mark.parametrize(
    ("options", "left_out"),
    [
        ({"topics": "!AI"}, "AI"),
        ({"topics": "all, -AI"}, "AI"),
        ({"topics": "Harbour –AI"}, "AI"),
        ({"keywords": "–robot"}, "-robot"),
        ({"keywords": "ferry, −robot"}, "ferry -robot"),
        ({"keywords": "!robot"}, "-robot"),
        ({"keywords": "–topic:AI"}, "-topic:AI"),
    ],
)
async def test_every_sign_for_not_leaves_out(newsroom: Newsroom, options: dict[str, object], left_out: str) -> None:
    await subscribe(newsroom, **options)
    made = await only(newsroom)
    assert left_out in (made.query, *made.excluded_topics)
    assert "AI" not in made.topics


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("topic:pryvacy robot", "topic:Privacy robot"),
        ('-site:"Byte Wekly"', "-provider:byte.example"),
        ("-topic:ai,pryvacy", "-(topic:AI OR topic:Privacy)"),
        ("robot OR (ferry provider: byte)", "robot OR (ferry provider:byte.example)"),
    ],
)
async def test_names_in_keywords_are_kept_as_articles_have_them(newsroom: Newsroom, typed: str, kept: str) -> None:
    await subscribe(newsroom, keywords=typed)
    assert (await only(newsroom)).query == kept
