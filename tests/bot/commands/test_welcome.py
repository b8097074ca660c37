"""A server that the bot joins gets one message, with a button that opens the panel."""

from __future__ import annotations

import pytest

from tests.bot.commands.newsroom import RIGHTS, Newsroom

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_the_system_channel_gets_one_message_with_a_button_for_managers(newsroom: Newsroom) -> None:
    sandbox = newsroom.sandbox
    guild = sandbox.add_guild("Just Joined", bot_permissions=RIGHTS, system_channel="welcome")
    (channel,) = guild.channels.values()
    (message,) = await sandbox.wait_messages(channel, 1)
    manager = sandbox.add_member(guild, "joiner", permissions=["manage_guild"])
    reader = sandbox.add_member(guild, "passer-by")
    refused = await sandbox.click(message, label="Set up a paper here", member=reader)
    assert "Manage Server" in refused.text
    panel = await sandbox.click(message, label="Set up a paper here", member=manager)
    assert panel.ephemeral
    await sandbox.click(panel, label="Save")
    (made,) = await newsroom.services.subscriptions.list_for(guild_id=guild.id)
    assert made.channel_id == channel.id
    assert len(channel.messages) == 1


async def test_a_server_where_it_may_not_write_gets_none(newsroom: Newsroom) -> None:
    guild = newsroom.sandbox.add_guild("Mute", everyone=0, system_channel="welcome")
    other = newsroom.sandbox.add_guild("Open", bot_permissions=RIGHTS, system_channel="welcome")
    await newsroom.sandbox.wait_messages(next(iter(other.channels.values())), 1)
    assert not next(iter(guild.channels.values())).messages
