"""The real discord.py client lives with the stand-in as with Discord."""

import re
from pathlib import Path
from typing import Any, Self

import discord
import pytest
from discord import app_commands, ui

from sandbox import Channel, Guild, Impossible, NotAnswered, Sandbox
from tests.sandbox.client import Client, connected, until


class Press(ui.DynamicItem[ui.Button[ui.LayoutView]], template=r"press:(?P<count>\d+)"):
    """A button that counts in its custom id."""

    def __init__(self, count: int) -> None:
        super().__init__(ui.Button(label=f"pressed {count}", custom_id=f"press:{count}"))
        self.count = count

    @classmethod
    async def from_custom_id(
        cls, interaction: discord.Interaction, item: discord.ui.Item[Any], match: re.Match[str]
    ) -> Any:
        return cls(int(match["count"]))

    async def callback(self, interaction: discord.Interaction) -> None:
        view = ui.LayoutView()
        view.add_item(ui.TextDisplay(f"count {self.count + 1}"))
        view.add_item(ui.ActionRow(Press(self.count + 1)))
        await interaction.response.edit_message(view=view)


class Pick(ui.DynamicItem[ui.Select[ui.LayoutView]], template=r"pick"):
    """A select that answers privately with what was chosen."""

    def __init__(self) -> None:
        options = [discord.SelectOption(label=label, value=label.lower()) for label in ("One", "Two", "Three")]
        super().__init__(ui.Select(custom_id="pick", options=options, max_values=2))

    @classmethod
    async def from_custom_id(
        cls, interaction: discord.Interaction, item: discord.ui.Item[Any], match: re.Match[str]
    ) -> Any:
        return cls()

    async def callback(self, interaction: discord.Interaction) -> None:
        await interaction.response.send_message(",".join(self.item.values), ephemeral=True)


class Form(ui.Modal, title="Edit"):
    """A form with a text and a select in labels."""

    keywords: ui.Label[Self] = ui.Label(
        text="Keywords", component=ui.TextInput(custom_id="keywords", required=False, max_length=20)
    )
    day: ui.Label[Self] = ui.Label(
        text="Day",
        component=ui.Select(custom_id="day", options=[discord.SelectOption(label="Monday", value="mon")]),
    )

    async def on_submit(self, interaction: discord.Interaction) -> None:
        keywords, day = self.keywords.component, self.day.component
        assert isinstance(keywords, ui.TextInput)
        assert isinstance(day, ui.Select)
        text = f"{keywords.value} {day.values}"
        await interaction.response.send_message(text, ephemeral=True)


def newsy() -> Client:
    """Build a client with commands of every kind."""
    client = Client()
    client.add_dynamic_items(Press, Pick)
    digest = app_commands.Group(
        name="digest", description="Digests", default_permissions=discord.Permissions(manage_guild=True)
    )

    @client.tree.command(description="Search")
    @app_commands.describe(query="What", sort="How")
    @app_commands.choices(sort=[app_commands.Choice(name="Newest", value="newest")])
    async def news(interaction: discord.Interaction, query: str, sort: str = "relevance", share: bool = False) -> None:
        await interaction.response.defer(thinking=True, ephemeral=not share)
        view = ui.LayoutView()
        view.add_item(ui.Container(ui.TextDisplay(f"# {query} by {sort}"), id=4242))
        view.add_item(ui.ActionRow(Press(0)))
        view.add_item(ui.ActionRow(Pick()))
        await interaction.edit_original_response(view=view)
        await interaction.followup.send("more", ephemeral=True)

    @news.autocomplete("query")
    async def complete(interaction: discord.Interaction, current: str) -> list[app_commands.Choice[str]]:
        return [app_commands.Choice(name=f"{current}{end}", value=f"{current}{end}") for end in ("earview", "oud")]

    @digest.command(description="Subscribe")
    async def subscribe(
        interaction: discord.Interaction,
        channel: discord.TextChannel,
        mention: discord.Role | None = None,
        reader: discord.Member | None = None,
        stories: app_commands.Range[int, 1, 10] = 5,
    ) -> None:
        rights = interaction.app_permissions.send_messages
        await interaction.response.send_message(
            f"{channel.id} {mention and mention.name} {reader and reader.name} {stories} {rights}"
        )

    @digest.command(description="Edit")
    async def edit(interaction: discord.Interaction) -> None:
        await interaction.response.send_modal(Form())

    @client.tree.command(description="Never answers")
    async def silent(interaction: discord.Interaction) -> None:
        pass

    client.tree.add_command(digest)
    return client


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
