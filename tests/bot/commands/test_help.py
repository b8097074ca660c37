"""`/help`, and `/corpus` where no guild is named as home."""

from __future__ import annotations

import re

import pytest

from tests.bot.commands.newsroom import Newsroom

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_help_lists_the_commands_as_pressable_names(newsroom: Newsroom) -> None:
    reply = await newsroom.sandbox.invoke("help", {}, member=newsroom.reader, channel=newsroom.channel)
    ids = {command["name"]: command["id"] for command in newsroom.sandbox.registered_commands()}
    assert reply.ephemeral
    assert f"</news:{ids['news']}>" in reply.text
    assert f"</digest subscribe:{ids['digest']}>" in reply.text
    assert "corpus reload" not in reply.text
    assert f"</papers:{ids['papers']}>" in reply.text
    for press in ("Get this by DM", "Follow a story", "Tell me when there is more", "Find this story"):
        assert press in reply.text


@pytest.mark.slow
async def test_every_example_of_help_finds_something(newsroom: Newsroom) -> None:
    reply = await newsroom.sandbox.invoke("help", {}, member=newsroom.manager, channel=newsroom.channel)
    for example in re.findall(r"`/(news|latest) ([^`]+)`", reply.text):
        name, typed = example
        options = dict(re.findall(r"(\w+):(.+?)(?= \w+:|\Z)", typed))
        answer = await newsroom.sandbox.invoke(name, options, member=newsroom.manager, channel=newsroom.channel)
        assert answer.selects, (example, answer.text)
    for query in re.findall(r"- `(provider:[^`]+|topic:[^`]+)`", reply.text):
        answer = await newsroom.sandbox.invoke(
            "news", {"query": query}, member=newsroom.manager, channel=newsroom.channel
        )
        assert answer.selects, (query, answer.text)
    (day,) = re.findall(r"/digest preview date:(\S+)", reply.text)
    preview = await newsroom.sandbox.invoke(
        "digest preview", {"date": day}, member=newsroom.manager, channel=newsroom.channel
    )
    assert preview.selects, day


async def test_a_member_learns_how_to_get_a_digest_of_their_own(newsroom: Newsroom) -> None:
    reply = await newsroom.sandbox.invoke("help", {}, member=newsroom.reader, channel=newsroom.channel)
    assert "in a direct message to me" in reply.text
    assert "digest pause" not in reply.text


@pytest.mark.slow
async def test_help_knows_the_names_after_a_restart_that_registered_nothing(newsroom: Newsroom) -> None:
    await newsroom.restart()
    reply = await newsroom.sandbox.invoke("help", {}, member=newsroom.reader, channel=newsroom.channel)
    assert "</news:" in reply.text


async def test_without_a_home_corpus_is_everywhere_but_only_for_owners(newsroom: Newsroom) -> None:
    refused = await newsroom.sandbox.invoke("corpus status", {}, member=newsroom.manager, channel=newsroom.channel)
    assert "Only the bot's owners" in refused.text
    assert refused.ephemeral
    owner = newsroom.sandbox.operator
    reply = await newsroom.sandbox.invoke("corpus status", {}, member=owner, channel=newsroom.sandbox.dm(owner))
    assert "**16** articles" in reply.text
