"""`/help`: what the bot can do for the person who asks."""

from __future__ import annotations

from discord import app_commands
from discord.app_commands import locale_str

from bot.permissions import asker_is_operator
from bot.render.help import render_help
from bot.replies import Asked, begin, reply


@app_commands.command(name="help", description=locale_str("What I can do, and how to ask"))
async def help_command(interaction: Asked) -> None:
    """Lists the commands."""
    await begin(interaction)
    ids = interaction.client.command_ids(interaction.guild_id)
    await reply(interaction, render_help(ids, operator=asker_is_operator(interaction)))
