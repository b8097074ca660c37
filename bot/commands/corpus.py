"""`/corpus`: reload the folders and see what is in them; for the people who run the bot."""

from __future__ import annotations

import asyncio
import logging
from contextlib import suppress
from typing import Any

import discord
from discord import app_commands
from discord.app_commands import locale_str

from bot.errors import LOST
from bot.interactions import pages
from bot.interactions.host import BotInteraction
from bot.interactions.permissions import check_asker_is_operator
from bot.interactions.responses import begin, reply
from bot.render.corpus import render_report, render_status
from bot.render.notice import notice
from digests.i18n import _

_log = logging.getLogger(__name__)

PROGRESS_EVERY_S = 3.0


class Progress:
    """The latest progress of a reload."""

    def __init__(self) -> None:
        self.done = 0
        self.total = 0

    def __call__(self, done: int, total: int) -> None:
        """Record the progress."""
        self.done, self.total = done, total

    async def show_in(self, interaction: BotInteraction) -> None:
        """Show the progress in the answer from time to time, until cancelled."""
        shown = 0
        while True:
            await asyncio.sleep(PROGRESS_EVERY_S)
            if self.done == shown:
                continue
            shown = self.done
            sentence = _("Reloading: {done} of {total} files read.").format(done=self.done, total=self.total)
            try:
                await reply(interaction, notice(sentence))
            except LOST as lost:
                _log.info("Progress of the reload could not be shown: %r", lost)


@app_commands.command(
    name="reload", description=locale_str("Read the corpus folders again; only what changed is parsed")
)
@app_commands.describe(force=locale_str("Even if more than half of the articles would be removed"))
async def reload_command(interaction: BotInteraction, force: bool = False) -> None:
    """Reload the corpus and show the progress."""
    check_asker_is_operator(interaction)
    await begin(interaction)
    services = interaction.client.services
    progress = Progress()
    showing = asyncio.create_task(progress.show_in(interaction))
    try:
        report = await services.corpus.load(now=services.now(), force=force, progress=progress)
    finally:
        showing.cancel()
        with suppress(asyncio.CancelledError):
            await showing
    await reply(interaction, render_report(report))


@app_commands.command(
    name="status", description=locale_str("How many articles, providers and topics there are, and how recent")
)
async def status(interaction: BotInteraction) -> None:
    """Show the corpus at a glance."""
    check_asker_is_operator(interaction)
    await begin(interaction)
    services = interaction.client.services
    fresh_at = await services.installation.find_fresh_at(services.now())
    await reply(interaction, render_status(await services.corpus.status(), services.troubles.current, fresh_at))


@app_commands.command(name="problems", description=locale_str("Files that could not be read, with line and reason"))
async def problems(interaction: BotInteraction) -> None:
    """List the problems in the corpus."""
    check_asker_is_operator(interaction)
    await begin(interaction)
    await reply(interaction, await pages.problems_page(interaction.client.services, 0))


def corpus_group() -> app_commands.Group:
    """Return the command group."""
    group = app_commands.Group(
        name="corpus",
        description=locale_str("The folders of articles, for the people who run the bot"),
        default_permissions=discord.Permissions(manage_guild=True),
    )
    commands: tuple[app_commands.Command[Any, ..., None], ...] = (
        reload_command,
        status,
        problems,
    )
    for command in commands:
        group.add_command(command)
    return group
