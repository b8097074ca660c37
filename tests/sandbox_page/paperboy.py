"""A small real bot for the page to talk with: one command of each kind, a select, buttons, a form, and a clock."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import discord
import yarl
from discord import app_commands

from sandbox import Channel, Guild, Member, Sandbox, page
from tests.sandbox.patient import patient

HEADLINES = ["Clearview AI’s client list was stolen", "EU drops a ban on face recognition", "Moscow rolls out cameras"]
START = datetime(2020, 2, 22, 13, 4, tzinfo=UTC)


class Form(discord.ui.Modal, title="Edit the subscription"):
    """A form with a text, a choice and a check."""

    day: discord.ui.Label[Any] = discord.ui.Label(
        text="Quiet day",
        description="What a day without news shows",
        component=discord.ui.Select(
            custom_id="day", options=[discord.SelectOption(label="Skip"), discord.SelectOption(label="Note")]
        ),
    )
    topics: discord.ui.Label[Any] = discord.ui.Label(
        text="Topics", component=discord.ui.TextInput(custom_id="topics", max_length=40)
    )

    async def on_submit(self, interaction: discord.Interaction) -> None:
        day, topics = self.day.component, self.topics.component
        assert isinstance(day, discord.ui.Select)
        assert isinstance(topics, discord.ui.TextInput)
        await interaction.response.send_message(f"Saved: {day.values[0]}, {topics.value}", ephemeral=True)


class Wishes(discord.ui.Modal, title="Your paper"):
    """A form with the fields that only modals have."""

    style: discord.ui.Label[Any] = discord.ui.Label(
        text="Style",
        component=discord.ui.RadioGroup(
            custom_id="style",
            options=[
                discord.RadioGroupOption(label="Compact", value="compact", default=True),
                discord.RadioGroupOption(label="Full", value="full", description="All of it"),
            ],
        ),
    )
    days: discord.ui.Label[Any] = discord.ui.Label(
        text="Days",
        component=discord.ui.CheckboxGroup(
            custom_id="days", options=[discord.CheckboxGroupOption(label=day) for day in ("Monday", "Friday")]
        ),
    )
    where: discord.ui.Label[Any] = discord.ui.Label(
        text="Where", component=discord.ui.ChannelSelect(custom_id="where", channel_types=[discord.ChannelType.text])
    )

    async def on_submit(self, interaction: discord.Interaction) -> None:
        style, days, where = self.style.component, self.days.component, self.where.component
        assert isinstance(style, discord.ui.RadioGroup)
        assert isinstance(days, discord.ui.CheckboxGroup)
        assert isinstance(where, discord.ui.ChannelSelect)
        answer = f"{style.value}, {' and '.join(days.values)}, in {where.values[0].name}"
        await interaction.response.send_message(answer, ephemeral=True)


class Results(discord.ui.LayoutView):
    """Search results with a select, pages and a button that opens the form."""

    def __init__(self, query: str, number: int = 1) -> None:
        super().__init__(timeout=60)
        self.query, self.number = query, number
        box: discord.ui.Container[Any] = discord.ui.Container(accent_color=discord.Color(0xC0392B))
        lines = "\n".join(f"{n}. **[{title}](https://example.org/{n})**" for n, title in enumerate(HEADLINES, 1))
        box.add_item(discord.ui.TextDisplay(f"### Stories for “{query}”, page {number}\n{lines}"))
        pick = discord.ui.Select[Any](
            custom_id="pick",
            placeholder="Open a story",
            options=[discord.SelectOption(label=title, description="The Daily") for title in HEADLINES],
        )
        pick.callback = self.open_story  # type: ignore[method-assign]
        following = discord.ui.Button[Any](label="Next page", custom_id="next", style=discord.ButtonStyle.primary)
        following.callback = self.turn  # type: ignore[method-assign]
        edit = discord.ui.Button[Any](label="Edit", custom_id="edit")
        edit.callback = self.edit  # type: ignore[method-assign]
        self.pick = pick
        box.add_item(discord.ui.ActionRow(pick))
        box.add_item(discord.ui.ActionRow(following, edit))
        self.add_item(box)

    async def open_story(self, interaction: discord.Interaction) -> None:
        await interaction.response.send_message(f"**{self.pick.values[0]}**\nThe whole story.", ephemeral=True)

    async def turn(self, interaction: discord.Interaction) -> None:
        await interaction.response.edit_message(view=Results(self.query, self.number + 1))

    async def edit(self, interaction: discord.Interaction) -> None:
        await interaction.response.send_modal(Form())


async def find(interaction: discord.Interaction[Any], message: discord.Message) -> None:
    """Answer from the menu of a message."""
    (news,) = [one for one in await interaction.client.tree.fetch_commands() if one.name == "news"]
    words = f"Found: {message.content}. Search with {news.mention}."
    await interaction.response.send_message(words, ephemeral=True)


async def wish(interaction: discord.Interaction, user: discord.User) -> None:
    """Open a form from the menu of a person."""
    await interaction.response.send_modal(Wishes())


class Paperboy(discord.Client):
    """The bot."""

    def __init__(self) -> None:
        super().__init__(intents=discord.Intents(guilds=True), max_messages=None)
        self.tree = app_commands.CommandTree(self)
        self.tree.command(name="news", description="Find stories")(self._news())
        group = app_commands.Group(
            name="digest", description="Digests", default_permissions=discord.Permissions(manage_guild=True)
        )
        group.command(name="subscribe", description="Send a daily digest to a channel")(self._subscribe())
        self.tree.add_command(group)
        self.tree.add_command(app_commands.ContextMenu(name="Find this story", callback=find))
        self.tree.add_command(app_commands.ContextMenu(name="Make a paper", callback=wish))

    @staticmethod
    def _news() -> Any:
        async def suggest(_: discord.Interaction, current: str) -> list[app_commands.Choice[str]]:
            found = [title for title in HEADLINES if current.lower() in title.lower()]
            return [app_commands.Choice(name=title, value=title) for title in found]

        @app_commands.describe(query="What to look for", share="Show it to everybody")
        @app_commands.autocomplete(query=suggest)
        async def news(interaction: discord.Interaction, query: str, share: bool = False) -> None:
            await interaction.response.defer(thinking=True, ephemeral=not share)
            # Long enough for the page to show that it is being thought about.
            await asyncio.sleep(0.8 if query == "slow" else 0)
            await interaction.edit_original_response(view=Results(query))

        return news

    @staticmethod
    def _subscribe() -> Any:
        @app_commands.describe(channel="Where", time="When, as 08:00", quiet_day="Without news", mention="Whom to call")
        @app_commands.choices(quiet_day=[app_commands.Choice(name=n, value=n) for n in ("skip", "note", "archive")])
        async def subscribe(
            interaction: discord.Interaction,
            channel: discord.TextChannel,
            time: str = "08:00",
            quiet_day: str = "skip",
            mention: discord.Role | None = None,
        ) -> None:
            words = f"{channel.mention} gets a digest at {time}, {quiet_day}, {mention.mention if mention else '-'}"
            await interaction.response.send_message(words, ephemeral=True)

        return subscribe

    async def setup_hook(self) -> None:
        await self.tree.sync()


class Clock:
    """The hand on the clock; each day at eight a message is due."""

    def __init__(self, sandbox: Sandbox, channel: Channel) -> None:
        self.moment = START
        self.moves: list[float] = []
        self._sandbox = sandbox
        self._channel = channel
        self.planned = True

    def now(self) -> datetime:
        return self.moment

    async def next_due(self) -> datetime | None:
        return self.moment.replace(hour=8, minute=0) + timedelta(days=1) if self.planned else None

    async def advance(self, hours: float) -> None:
        self.moment += timedelta(hours=hours)
        self.moves.append(hours)
        self._sandbox.travel(self.moment)
        self._sandbox.say(self._channel, self._sandbox.bot_user, f"# Paper of {self.moment:%A}")


class Newsroom:
    """A world with every kind of channel, an admin, a member, the bot and the page."""

    def __init__(self, sandbox: Sandbox) -> None:
        self.sandbox = sandbox
        self.guild: Guild = sandbox.add_guild("Morning Press", owner=sandbox.add_user("Ada"))
        self.general = sandbox.add_channel(self.guild, "general", topic="Talk about anything")
        news = sandbox.add_channel(self.guild, "News", "category")
        self.daily = sandbox.add_channel(self.guild, "daily-news", parent=news, topic="The morning paper")
        sandbox.add_channel(self.guild, "announcements", "announcement", parent=news)
        self.forum = sandbox.add_channel(self.guild, "editions", "forum", parent=news, tags=("World", "Technology"))
        self.thread = sandbox.add_channel(self.guild, "Edition of 21 February", "thread", parent=self.forum)
        sandbox.add_channel(self.guild, "voice", "voice")
        self.staff = sandbox.add_channel(self.guild, "staff", "text")
        self.member: Member = sandbox.add_member(self.guild, "Mina")
        sandbox.set_permissions(self.staff, sandbox.everyone(self.guild), deny=("view_channel",))
        self.role = sandbox.add_role(self.guild, "Readers", mentionable=True)
        self.clock = Clock(sandbox, self.daily)
        page.mount(sandbox, self.clock)

    @property
    def owner(self) -> Member:
        return self.guild.members[self.guild.owner_id]


@contextlib.asynccontextmanager
async def newsroom(port: int = 0) -> AsyncIterator[Newsroom]:
    """Run stand-in, page and bot."""
    began = time.time()
    async with patient(port, clock=lambda: START.timestamp() + time.time() - began) as sandbox:
        room = Newsroom(sandbox)
        base, gateway = discord.http.Route.BASE, discord.gateway.DiscordWebSocket.DEFAULT_GATEWAY
        discord.http.Route.BASE = sandbox.api_base_url
        discord.gateway.DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(sandbox.gateway_url)
        bot = Paperboy()
        running = asyncio.create_task(bot.start(sandbox.token))
        try:
            await sandbox.wait_ready()
            await sandbox.wait_until(sandbox.registered_commands)
            yield room
        finally:
            await bot.close()
            await running
            discord.http.Route.BASE, discord.gateway.DiscordWebSocket.DEFAULT_GATEWAY = base, gateway
