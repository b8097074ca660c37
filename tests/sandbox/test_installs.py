"""Menus of messages and people, and apps that people add to their own account, with the real discord.py client."""

from typing import Any

import discord
import pytest
from discord import app_commands, ui

from sandbox import Channel, Guild, Impossible, Sandbox
from tests.sandbox.client import Client, connected
from tests.sandbox.conftest import Rest

EVERYWHERE = app_commands.AppCommandContext(guild=True, dm_channel=True, private_channel=True)
EITHER = app_commands.AppInstallationType(guild=True, user=True)


class Everything(ui.Modal, title="Everything a form can hold"):
    """A form with every kind of field that discord.py 2.7 sends."""

    words: ui.Label[Any] = ui.Label(
        text="Words", description="Some", component=ui.TextInput(custom_id="words", required=False)
    )
    where: ui.Label[Any] = ui.Label(
        text="Where", component=ui.ChannelSelect(custom_id="where", channel_types=[discord.ChannelType.text])
    )
    style: ui.Label[Any] = ui.Label(
        text="Style",
        component=ui.RadioGroup(
            custom_id="style",
            options=[
                discord.RadioGroupOption(label="Compact", value="compact", default=True),
                discord.RadioGroupOption(label="Full", value="full", description="All of it"),
            ],
        ),
    )
    days: ui.Label[Any] = ui.Label(
        text="Days",
        component=ui.CheckboxGroup(
            custom_id="days",
            min_values=1,
            max_values=2,
            options=[discord.CheckboxGroupOption(label=day, value=day.lower()) for day in ("Mon", "Tue", "Wed")],
        ),
    )
    agreed: ui.Label[Any] = ui.Label(text="Agreed", component=ui.Checkbox(custom_id="agreed"))

    async def on_submit(self, interaction: discord.Interaction) -> None:
        parts = [label.component for label in (self.words, self.where, self.style, self.days, self.agreed)]
        words, where, style, days, agreed = parts
        assert isinstance(where, ui.ChannelSelect)
        answer = f"{words.value} {where.values[0].name} {style.value} {days.values} {agreed.value}"  # type: ignore[attr-defined]
        await interaction.response.send_message(answer, ephemeral=True)


def client_with_menus() -> Client:
    client = Client()

    @client.tree.context_menu(name="Find this story")
    async def find(interaction: discord.Interaction, message: discord.Message) -> None:
        owners = (interaction.is_guild_integration(), interaction.is_user_integration())
        await interaction.response.send_message(f"{message.content} {owners}", ephemeral=True)

    @client.tree.context_menu(name="Who is this")
    async def who(interaction: discord.Interaction, user: discord.User) -> None:
        await interaction.response.send_message(user.name, ephemeral=True)

    @client.tree.command(description="Search")
    async def news(interaction: discord.Interaction) -> None:
        where = interaction.context
        await interaction.response.send_message(f"{where.guild} {where.dm_channel} {where.private_channel}")
        for _ in range(6):
            await interaction.followup.send("more")

    @client.tree.command(description="Fill in")
    async def form(interaction: discord.Interaction) -> None:
        await interaction.response.send_modal(Everything())

    for command in client.tree.walk_commands():
        command.allowed_contexts, command.allowed_installs = EVERYWHERE, EITHER
    for kind in (discord.AppCommandType.message, discord.AppCommandType.user):
        for menu in client.tree.get_commands(type=kind):
            menu.allowed_contexts, menu.allowed_installs = EVERYWHERE, EITHER
    return client


async def test_a_command_is_picked_from_the_menu_of_a_message_and_of_a_person(
    sandbox: Sandbox, guild: Guild, channel: Channel
) -> None:
    reader = sandbox.add_member(guild, "Mina")
    said = sandbox.say(channel, reader, "have you seen https://example.org/harbour?")
    async with connected(sandbox, client_with_menus()):
        reply = await sandbox.invoke_on(said, "Find this story", member=reader)
        # The text comes along although the bot has no intent for the content of messages.
        assert reply.text == "have you seen https://example.org/harbour? (True, False)"
        assert reply.message is not None
        about = reply.message.payload()["interaction_metadata"]
        assert about["target_message_id"] == str(said.id)
        assert (await sandbox.invoke_on(reader, "Who is this", channel=channel)).text == "Mina"
        with pytest.raises(Impossible, match="no message command"):
            await sandbox.invoke_on(said, "Who is this")
        with pytest.raises(Impossible, match="everybody sees"):
            await sandbox.invoke_on(reply.message, "Find this story")


async def test_an_app_of_ones_own_goes_where_the_bot_is_not(sandbox: Sandbox, guild: Guild, channel: Channel) -> None:
    elsewhere = sandbox.add_guild("Choir", with_bot=False)
    board = sandbox.add_channel(elsewhere, "board")
    mina, owner = sandbox.add_member(elsewhere, "Mina"), elsewhere.members[elsewhere.owner_id]
    private = sandbox.open_private_channel(mina, owner)
    async with connected(sandbox, client_with_menus()) as client:
        assert [one.name for one in client.guilds] == ["Newsroom"]
        for place in (board, private):
            assert sandbox.available_commands(mina, place) == []
            with pytest.raises(Impossible, match="neither the server nor Mina has added the app"):
                await sandbox.invoke("news", member=mina, channel=place)
        sandbox.install_for(mina)
        said = sandbox.say(private, owner, "look")
        assert (await sandbox.invoke_on(said, "Find this story", member=mina)).text == "look (False, True)"
        for place, where in ((board, "True False False"), (private, "False False True")):
            reply = await sandbox.invoke("news", member=mina, channel=place)
            await sandbox.wait_until(lambda reply=reply: len(reply.interaction.followups) == 5)  # type: ignore[misc]
            assert reply.text.startswith(where)
            assert not reply.ephemeral
        await sandbox.wait_until(lambda: [one for one in sandbox.requests if one.code == 40094])
        with pytest.raises(Impossible, match="neither"):
            await sandbox.invoke("news", member=owner, channel=board)
        sandbox.uninstall_for(mina)
        assert sandbox.available_commands(mina, board) == []


async def test_where_apps_from_outside_are_not_wanted_their_answers_stay_private(
    sandbox: Sandbox, guild: Guild
) -> None:
    elsewhere = sandbox.add_guild("Choir", with_bot=False)
    board = sandbox.add_channel(elsewhere, "board")
    mina = sandbox.add_member(elsewhere, "Mina")
    sandbox.set_permissions(board, sandbox.everyone(elsewhere), deny=("use_external_apps",))
    sandbox.install_for(mina)
    async with connected(sandbox, client_with_menus()):
        reply = await sandbox.invoke("news", member=mina, channel=board)
        assert reply.ephemeral


async def test_a_server_and_its_member_may_both_have_added_the_app(
    sandbox: Sandbox, guild: Guild, channel: Channel
) -> None:
    mina = sandbox.add_member(guild, "Mina")
    sandbox.install_for(mina)
    said = sandbox.say(channel, mina, "hello")
    async with connected(sandbox, client_with_menus()):
        assert (await sandbox.invoke_on(said, "Find this story", member=mina)).text == "hello (True, True)"


async def test_the_bot_hears_nothing_of_places_that_it_is_not_in(sandbox: Sandbox, guild: Guild, rest: Rest) -> None:
    elsewhere = sandbox.add_guild("Choir", with_bot=False)
    intents = discord.Intents(guilds=True, guild_messages=True, dm_messages=True)
    async with connected(sandbox, Client(intents=intents)) as client:
        board = sandbox.add_channel(elsewhere, "board")
        mina = sandbox.add_member(elsewhere, "Mina")
        private = sandbox.open_private_channel(mina, sandbox.add_user("Noor"))
        sandbox.say(board, mina, "here")
        sandbox.say(private, mina, "there")
        sandbox.say(sandbox.dm(mina), mina, "to the bot")
        await sandbox.wait_until(lambda: client.received)
        assert [message.channel.id for message in client.received] == [sandbox.dm(mina).id]
        for place in (board, private):
            status, answer = await rest.send(place, {"content": "x"})
            assert (status, answer["code"]) == (403, 50001)


async def test_a_form_takes_every_kind_of_field(sandbox: Sandbox, guild: Guild, channel: Channel) -> None:
    async with connected(sandbox, client_with_menus()):
        opened = await sandbox.invoke("form", channel=channel)
        filled = {"words": "tide", "Where": [channel], "Days": ["Mon", "wed"], "agreed": True}
        sent = await sandbox.submit(opened, filled)
        assert sent.text == "tide general compact ['mon', 'wed'] True"
        with pytest.raises(Impossible, match="'days' takes 1 to 2 values, not 3"):
            await sandbox.submit(opened, filled | {"days": ["mon", "tue", "wed"]})
        with pytest.raises(Impossible, match="'days' takes 1 to 2 values, not 0"):
            await sandbox.submit(opened, filled | {"days": []})
        with pytest.raises(Impossible, match="no option 'weekly'"):
            await sandbox.submit(opened, filled | {"style": "weekly"})


def label(component: dict[str, object]) -> dict[str, object]:
    shown = {"type": 18, "label": "x", "component": {"custom_id": "a", **component}}
    return {"custom_id": "m", "title": "x", "components": [shown]}


CHOICES = [{"label": "One", "value": "1"}, {"label": "Two", "value": "2"}]
BAD_FIELDS = {
    "disabled": {"type": 8, "disabled": True},
    "nothing asked of what is required": {"type": 8, "min_values": 0},
    "no minimum in a required group": {"type": 22, "options": CHOICES, "min_values": 0},
    "more at most than there are": {"type": 22, "options": CHOICES, "max_values": 3},
    "more at least than at most": {"type": 22, "options": CHOICES, "min_values": 2, "max_values": 1},
    "one option in a radio group": {"type": 21, "options": CHOICES[:1]},
    "a value twice": {"type": 21, "options": [CHOICES[0], {**CHOICES[1], "value": "1"}]},
    "two chosen in a radio group": {"type": 21, "options": [{**one, "default": True} for one in CHOICES]},
}


@pytest.mark.parametrize("component", BAD_FIELDS.values(), ids=BAD_FIELDS)
async def test_a_form_that_discord_would_refuse_is_refused(
    sandbox: Sandbox, channel: Channel, rest: Rest, component: dict[str, object]
) -> None:
    await rest("PUT", f"/applications/{sandbox.application_id}/commands", [{"name": "form", "description": "x"}])
    interaction = (await sandbox.invoke("form", wait=False)).interaction
    path = f"/interactions/{interaction.id}/{interaction.token}/callback"
    status, answer = await rest("POST", path, {"type": 9, "data": label(component)})
    assert (status, answer["code"]) == (400, 50035)
    good = {"type": 22, "options": CHOICES, "min_values": 0, "required": False}
    assert (await rest("POST", path, {"type": 9, "data": label(good)}))[0] == 204


async def test_an_app_says_where_it_can_be_added(sandbox: Sandbox, guild: Guild, rest: Rest) -> None:
    _, app = await rest("GET", "/applications/@me")
    assert app["integration_types_config"].keys() == {"0", "1"}
    _, (command,) = await rest(
        "PUT", f"/applications/{sandbox.application_id}/commands", [{"name": "x", "description": "x"}]
    )
    assert command["integration_types"] == [0, 1]
