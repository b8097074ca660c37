"""The menu of a message, the bot in servers that it is not in, and commands that can be pressed."""

from __future__ import annotations

import pytest

from sandbox import Impossible
from tests.bot.commands.newsroom import Newsroom
from tests.bot.commands.test_own_orders import post_digest

pytestmark = pytest.mark.asyncio(loop_scope="module")

ROBOTS = "https://byte.example/robot-gardeners-water-the-botanical-collection"
SPEECH = "https://byte.example/speech-models-trained-on-parliament-recordings"


@pytest.mark.parametrize(
    ("said", "found"),
    [
        (f"have you seen {ROBOTS}?", "Robot gardeners water the botanical collection"),
        (f"<{SPEECH}>", "Speech models trained"),
        ("**Robot gardeners** water the collection!", "Robot gardeners water the botanical collection"),
        ('!find -robot –gardeners from:today "', "Robot gardeners water the botanical collection"),
        (f"{ROBOTS} or {SPEECH}", "links to several stories"),
        ("xylophonist", "Nothing was found"),
        ("🎺", "no link and no words"),
    ],
)
async def test_a_message_leads_to_its_story(newsroom: Newsroom, said: str, found: str) -> None:
    message = newsroom.sandbox.say(newsroom.channel, newsroom.manager, said)
    reply = await newsroom.sandbox.invoke_on(message, "Find this story", member=newsroom.reader)
    assert found in reply.text
    assert reply.ephemeral


async def test_a_digest_says_why_it_is_as_it_is_whatever_part_is_pressed(newsroom: Newsroom) -> None:
    digest = await post_digest(newsroom)
    reply = await newsroom.sandbox.invoke_on(digest, "Why is this here?", member=newsroom.reader)
    assert "was composed" in reply.text
    assert "Robot gardeners" in reply.text
    digest.components = [{"type": 10, "content": "The buttons are gone."}]
    bare = await newsroom.sandbox.invoke_on(digest, "Why is this here?", member=newsroom.reader)
    assert bare.text == reply.text
    other = newsroom.sandbox.say(newsroom.channel, newsroom.manager, "hello")
    refused = await newsroom.sandbox.invoke_on(other, "Why is this here?", member=newsroom.reader)
    assert "on my own digests" in refused.text


async def test_members_use_it_where_only_they_have_added_it(newsroom: Newsroom) -> None:
    elsewhere = newsroom.sandbox.add_guild("Elsewhere", with_bot=False)
    square = newsroom.sandbox.add_channel(elsewhere, "square")
    wanderer = newsroom.sandbox.add_member(elsewhere, "wanda", permissions=["manage_guild"])
    newsroom.sandbox.install_for(wanderer)
    found = await newsroom.sandbox.invoke("news", {"query": "robot"}, member=wanderer, channel=square)
    assert "Robot gardeners" in found.text
    helped = await newsroom.sandbox.invoke("help", {}, member=wanderer, channel=square)
    assert "A digest for yourself" in helped.text
    with pytest.raises(Impossible):
        await newsroom.sandbox.invoke("digest list", {}, member=wanderer, channel=square)
    listed = await newsroom.sandbox.invoke("papers", {}, member=wanderer, channel=square)
    assert "you have none by direct message" in listed.text


async def test_commands_named_in_answers_can_be_pressed(newsroom: Newsroom) -> None:
    ids = newsroom.client.command_ids(newsroom.guild.id)
    for subscription in await newsroom.services.subscriptions.list_for(guild_id=newsroom.guild.id):
        await newsroom.services.subscriptions.unsubscribe(subscription.id)
    answer = await newsroom.sandbox.invoke("papers", {}, member=newsroom.reader, channel=newsroom.channel)
    assert f"</digest subscribe:{ids['digest']}>" in answer.text
    refused = await newsroom.sandbox.invoke("digest next", {}, member=newsroom.manager, channel=newsroom.channel)
    assert f"</digest subscribe:{ids['digest']}>" in refused.text
