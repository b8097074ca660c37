"""Commands in a message's menu: find the story it is about, or explain one of our digests."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import discord
from discord import app_commands
from discord.app_commands import locale_str

from bot.interactions import found_messages
from bot.interactions.host import BotInteraction
from bot.interactions.responses import begin, reply


@app_commands.context_menu(name=locale_str("Find this story"))
async def find_story(interaction: BotInteraction, message: discord.Message) -> None:
    """Show the story that a message links to, or the results for its words."""
    await begin(interaction)
    await reply(interaction, await found_messages.find_story(interaction.client.services, _raw(interaction, message)))


@app_commands.context_menu(name=locale_str("Why is this here?"))
async def why_here(interaction: BotInteraction, message: discord.Message) -> None:
    """Show the numbers behind one of our digests."""
    await begin(interaction)
    await reply(interaction, await found_messages.explain_message(interaction, _raw(interaction, message)))


def _raw(interaction: BotInteraction, message: discord.Message) -> Mapping[str, Any]:
    """Return the message as Discord sent it: its components are plain JSON values, as the renderer builds them."""
    data: Mapping[str, Any] = interaction.data or {}
    found: Mapping[str, Any] = data["resolved"]["messages"][str(message.id)]
    return found
