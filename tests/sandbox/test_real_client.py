"""The real discord.py client lives with the stand-in as with Discord."""

from pathlib import Path

import discord
import pytest
from discord import ui

from sandbox import Channel, Guild, Sandbox
from tests.patience import until
from tests.sandbox.client import Client, connected


async def test_it_logs_in_and_learns_its_servers(sandbox: Sandbox, guild: Guild, channel: Channel) -> None:
    sandbox.add_channel(guild, "feed", "announcement")
    forum = sandbox.add_channel(guild, "daily", "forum", tags=("World", "!Staff"))
    sandbox.add_channel(guild, "a thread", "thread", parent=channel)
    async with connected(sandbox) as client:
        (known,) = client.guilds
        assert client.user is not None
        assert client.application is not None
        assert client.user.id == sandbox.bot_user.id
        assert client.application.owner.name == sandbox.operator.name
        assert [one.name for one in known.channels] == ["general", "feed", "daily"]
        assert [tag.name for tag in client.known(forum.id, discord.ForumChannel).available_tags] == ["World", "Staff"]
        assert [thread.name for thread in known.threads] == ["a thread"]
        assert known.me.guild_permissions.send_messages
        assert not known.me.guild_permissions.administrator
        assert sandbox.gateway.identify_count == 1


async def test_a_wrong_token_is_turned_away(sandbox: Sandbox, guild: Guild) -> None:
    client = Client()
    sandbox.token = "wrong"
    with pytest.raises(discord.LoginFailure):
        async with connected(sandbox, client):
            pass


async def test_privileged_intents_are_refused_unless_granted(sandbox: Sandbox, guild: Guild) -> None:
    intents = discord.Intents(guilds=True, message_content=True)
    with pytest.raises(discord.PrivilegedIntentsRequired):
        async with connected(sandbox, Client(intents=intents)):
            pass
    async with Sandbox.start(privileged_intents=1 << 15) as other:
        other.add_guild("Newsroom")
        async with connected(other, Client(intents=intents)) as client:
            assert client.guilds


async def test_a_forum_post_has_tags_and_one_id_with_its_message(sandbox: Sandbox, guild: Guild) -> None:
    forum = sandbox.add_channel(guild, "daily", "forum", tags=("World", "Tech"), tag_required=True)
    async with connected(sandbox) as client:
        known = client.known(forum.id, discord.ForumChannel)
        view = ui.LayoutView()
        view.add_item(ui.TextDisplay("the paper"))
        thread, message = await known.create_thread(name="Monday", view=view, applied_tags=[known.available_tags[1]])
        assert thread.id == message.id
        (post,) = sandbox.posts(forum)
        assert (post.name, post.applied_tags) == ("Monday", [forum.tags[1].id])
        assert [one.text for one in sandbox.messages(post)] == ["the paper"]
        await thread.send("more")
        assert len(sandbox.messages(post)) == 2
        with pytest.raises(discord.HTTPException) as refused:
            await known.create_thread(name="Tuesday", content="untagged")
        assert refused.value.code == 40067


async def test_an_announcement_is_published_once(sandbox: Sandbox, guild: Guild) -> None:
    feed = sandbox.add_channel(guild, "feed", "announcement")
    async with connected(sandbox) as client:
        message = await client.text_channel(feed.id).send("news")
        await message.publish()
        assert sandbox.messages(feed)[0].published
        with pytest.raises(discord.HTTPException) as refused:
            await message.publish()
        assert refused.value.code == 40033


async def test_direct_messages_until_they_are_closed(sandbox: Sandbox, guild: Guild) -> None:
    reader = sandbox.add_member(guild, "reader")
    async with connected(sandbox) as client:
        user = await client.fetch_user(reader.id)
        await user.send("hello")
        assert [message.text for message in sandbox.messages(sandbox.dm(reader))] == ["hello"]
        sandbox.close_dms(reader)
        with pytest.raises(discord.Forbidden) as refused:
            await user.send("anyone?")
        assert refused.value.code == 50007


async def test_messages_reach_those_who_asked_for_them(sandbox: Sandbox, guild: Guild, channel: Channel) -> None:
    reader = sandbox.add_member(guild, "reader")
    async with connected(sandbox, Client(intents=discord.Intents(guilds=True, guild_messages=True))) as client:
        assert client.user is not None
        sandbox.say(channel, reader, "a secret")
        sandbox.say(channel, reader, f"<@{client.user.id}> not a secret")
        await client.text_channel(channel.id).send("my own", nonce="n1")
        await until(lambda: len(client.received) == 3)
        assert [message.content for message in client.received] == ["", f"<@{client.user.id}> not a secret", "my own"]
        assert client.received[2].nonce == "n1"


async def test_changes_of_the_world_reach_the_client(sandbox: Sandbox, guild: Guild, channel: Channel) -> None:
    async with connected(sandbox) as client:
        known = client.known_guild(guild.id)
        extra = sandbox.add_channel(guild, "extra")
        await until(lambda: client.get_channel(extra.id) is not None)
        sandbox.set_permissions(extra, deny=("send_messages",))
        await until(lambda: not client.text_channel(extra.id).permissions_for(known.me).send_messages)
        role = sandbox.add_role(guild, "editors", permissions=("manage_messages",))
        sandbox.give_role(sandbox.bot_member(guild), role)
        await until(lambda: known.me.guild_permissions.manage_messages)
        thread = sandbox.add_channel(guild, "talk", "thread", parent=channel)
        await until(lambda: known.get_thread(thread.id) is not None)
        sandbox.rename_channel(extra, "more")
        await until(lambda: client.text_channel(extra.id).name == "more")
        sandbox.remove_channel(extra)
        await until(lambda: "channel gone: more" in client.seen)
        joined = sandbox.add_guild("Second")
        await until(lambda: client.get_guild(joined.id) is not None)
        sandbox.set_available(guild, available=False)
        await until(lambda: known.unavailable)
        sandbox.set_available(guild, available=True)
        await until(lambda: not known.unavailable)
        sandbox.remove_guild(guild)
        await until(lambda: "guild gone: Newsroom" in client.seen)


async def test_files_come_along(sandbox: Sandbox, guild: Guild, channel: Channel, tmp_path: Path) -> None:
    paper = tmp_path / "paper.txt"
    paper.write_text("news")
    async with connected(sandbox) as client:
        view = ui.LayoutView()
        view.add_item(ui.File("attachment://paper.txt"))
        await client.text_channel(channel.id).send(view=view, file=discord.File(paper))
        (message,) = sandbox.messages(channel)
        assert [entry["filename"] for entry in message.attachments] == ["paper.txt"]


async def test_members_can_be_asked_for(sandbox: Sandbox, guild: Guild) -> None:
    reader = sandbox.add_member(guild, "reader")
    async with connected(sandbox) as client:
        known = client.known_guild(guild.id)
        (member,) = await known.query_members(user_ids=[reader.id])
        assert member.name == "reader"
        assert (await known.fetch_member(reader.id)).name == "reader"
