"""The real discord.py client registers commands and answers them, with buttons, selects and forms."""

from typing import Any

import discord
import pytest

from sandbox import Channel, Guild, Impossible, NotAnswered, Sandbox
from tests.sandbox.client import Client, connected
from tests.sandbox.news_client import newsy


async def test_commands_are_registered_once_and_keep_their_ids(sandbox: Sandbox, guild: Guild) -> None:
    async with connected(sandbox, newsy()) as client:
        assert sandbox.command_writes == 1
        before = {command["name"]: command["id"] for command in sandbox.registered_commands()}
        assert set(before) == {"news", "digest", "silent"}
        await client.tree.sync()
        assert {command["name"]: command["id"] for command in sandbox.registered_commands()} == before
        assert sandbox.world.command_creates == 3
        assert [command.name for command in await client.tree.fetch_commands()] == list(before)


async def test_commands_of_one_server_are_offered_only_there(sandbox: Sandbox, guild: Guild, channel: Channel) -> None:
    other = sandbox.add_guild("Elsewhere")
    elsewhere = sandbox.add_channel(other, "general")
    client = Client()

    @client.tree.command(description="Corpus", guild=discord.Object(guild.id))
    async def corpus(interaction: discord.Interaction) -> None:
        await interaction.response.send_message("here")

    async with connected(sandbox, client):
        await client.tree.sync(guild=discord.Object(guild.id))
        assert (await sandbox.invoke("corpus", channel=channel)).text == "here"
        with pytest.raises(Impossible, match="no command"):
            await sandbox.invoke("corpus", channel=elsewhere)
        assert [one["name"] for one in sandbox.registered_commands(guild)] == ["corpus"]
        assert sandbox.registered_commands() == []


async def test_a_deferred_answer_is_filled_in_and_followed_up(sandbox: Sandbox, guild: Guild, channel: Channel) -> None:
    async with connected(sandbox, newsy()):
        reply = await sandbox.invoke("news", {"query": "clearview", "sort": "Newest"}, channel=channel)
        assert reply.deferred
        assert reply.message is not None
        assert reply.message.text == "# clearview by newest"
        assert next(reply.message.walk())["id"] == 4242
        await sandbox.wait_until(lambda: len(reply.messages) == 2)
        assert reply.text.endswith("more")
        assert reply.ephemeral
        assert reply.edits == 0
        owner = reply.interaction.user
        assert sandbox.messages(channel) == []
        assert sandbox.messages(channel, viewer=owner) == reply.messages
        assert sandbox.messages(channel, viewer=sandbox.add_member(guild, "other")) == []


async def test_a_shared_answer_is_seen_by_all(sandbox: Sandbox, guild: Guild, channel: Channel) -> None:
    async with connected(sandbox, newsy()):
        reply = await sandbox.invoke("news", {"query": "x", "share": True}, channel=channel)
        assert reply.message is not None
        assert not reply.message.ephemeral
        assert sandbox.messages(channel) == [reply.message]


async def test_autocomplete_offers_choices(sandbox: Sandbox, guild: Guild, channel: Channel) -> None:
    async with connected(sandbox, newsy()):
        choices = await sandbox.autocomplete("news", {"query": "cl"}, channel=channel)
        assert [choice.value for choice in choices] == ["clearview", "cloud"]


async def test_options_are_resolved_and_checked(sandbox: Sandbox, guild: Guild, channel: Channel) -> None:
    role = sandbox.add_role(guild, "readers")
    reader = sandbox.add_member(guild, "Ann")
    voice = sandbox.add_channel(guild, "voice", "voice")
    async with connected(sandbox, newsy()):
        reply = await sandbox.invoke(
            "digest subscribe", {"channel": channel, "mention": role, "reader": reader, "stories": 3}
        )
        assert reply.text == f"{channel.id} readers Ann 3 True"
        refused: tuple[tuple[str, dict[str, Any], str], ...] = (
            ("digest subscribe", {}, "'channel' is required"),
            ("digest subscribe", {"channel": voice}, "kind 2"),
            ("digest subscribe", {"channel": channel, "stories": 11}, "1 to 10"),
            ("digest subscribe", {"channel": channel, "stories": "5"}, "number"),
            ("digest subscribe", {"channel": channel, "colour": 1}, "no option 'colour'"),
            ("digest", {}, "only with subscribe, edit"),
            ("digest unsubscribe", {}, "no sub-command"),
            ("news", {"query": "x", "sort": "oldest"}, "takes only"),
            ("weather", {}, "no command /weather"),
        )
        for name, options, reason in refused:
            with pytest.raises(Impossible, match=reason):
                await sandbox.invoke(name, options)


async def test_a_command_needs_its_default_permissions_unless_forced(
    sandbox: Sandbox, guild: Guild, channel: Channel
) -> None:
    reader = sandbox.add_member(guild, "reader")
    editor = sandbox.add_member(guild, "editor", permissions=("manage_guild",))
    async with connected(sandbox, newsy()):
        with pytest.raises(Impossible, match="needs the permissions"):
            await sandbox.invoke("digest subscribe", {"channel": channel}, member=reader)
        assert [one["name"] for one in sandbox.available_commands(reader)] == ["news", "silent"]
        await sandbox.invoke("digest subscribe", {"channel": channel}, member=editor)
        await sandbox.invoke("digest subscribe", {"channel": channel}, member=reader, force=True)


async def test_commands_work_in_direct_messages(sandbox: Sandbox, guild: Guild) -> None:
    reader = sandbox.add_member(guild, "reader")
    async with connected(sandbox, newsy()):
        reply = await sandbox.invoke("news", {"query": "x", "share": True}, member=reader.user)
        assert reply.message is not None
        assert reply.message.channel is sandbox.dm(reader)


async def test_buttons_page_through_a_message(sandbox: Sandbox, guild: Guild, channel: Channel) -> None:
    async with connected(sandbox, newsy()):
        reply = await sandbox.invoke("news", {"query": "x", "share": True}, channel=channel)
        pressed = await sandbox.click(reply, label="pressed 0")
        assert pressed.updated
        assert pressed.message is reply.message
        assert pressed.text == "count 1"
        assert reply.message is not None
        again = await sandbox.click(reply.message, custom_id="press:1", member=sandbox.add_member(guild, "other"))
        assert again.text == "count 2"
        with pytest.raises(Impossible, match="no component 'press:1'"):
            await sandbox.click(reply.message, custom_id="press:1")


async def test_selects_answer_with_what_was_chosen(sandbox: Sandbox, guild: Guild, channel: Channel) -> None:
    async with connected(sandbox, newsy()):
        reply = await sandbox.invoke("news", {"query": "x"}, channel=channel)
        chosen = await sandbox.select(reply, "pick", ["One", "three"])
        assert chosen.text == "one,three"
        assert chosen.ephemeral
        with pytest.raises(Impossible, match="1 to 2 values"):
            await sandbox.select(reply, "pick", ["One", "Two", "Three"])
        with pytest.raises(Impossible, match="no option 'Four'"):
            await sandbox.select(reply, "pick", ["Four"])
        with pytest.raises(Impossible, match="doesn't see the message"):
            await sandbox.select(reply, "pick", ["One"], member=sandbox.add_member(guild, "other"))


async def test_modals_open_and_are_sent(sandbox: Sandbox, guild: Guild, channel: Channel) -> None:
    async with connected(sandbox, newsy()):
        reply = await sandbox.invoke("digest edit", channel=channel)
        assert reply.modal is not None
        assert reply.modal.title == "Edit"
        assert reply.message is None
        sent = await sandbox.submit(reply, {"keywords": "clearview", "Day": ["Monday"]})
        assert sent.text == "clearview ['mon']"
        with pytest.raises(Impossible, match="0 to 20 characters"):
            await sandbox.submit(reply, {"keywords": "x" * 21, "day": ["mon"]})
        with pytest.raises(Impossible, match="no field"):
            await sandbox.submit(reply, {"colour": "red", "day": ["mon"]})


async def test_no_answer_is_noticed() -> None:
    async with Sandbox.start(ack_window_s=0.2) as sandbox:
        sandbox.add_channel(sandbox.add_guild("Newsroom"), "general")
        async with connected(sandbox, newsy()):
            with pytest.raises(NotAnswered):
                await sandbox.invoke("silent")
