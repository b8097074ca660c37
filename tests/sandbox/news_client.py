"""A real discord.py client with one command of every kind, a button, a select and a form."""

import re
from typing import Any, Self

import discord
from discord import app_commands, ui

from tests.sandbox.client import Client


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
