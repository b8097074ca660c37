"""What the menu of a message offers: find the story that it is about, or why a digest of ours holds what it holds."""

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
    """Show the story that a message links to, or what its words find."""
    await begin(interaction)
    await reply(interaction, await found_messages.find_story(interaction.client.services, _raw(interaction, message)))


@app_commands.context_menu(name=locale_str("Why is this here?"))
async def why_here(interaction: BotInteraction, message: discord.Message) -> None:
    """Show the numbers behind a digest of ours."""
    await begin(interaction)
    await reply(interaction, await found_messages.explain_message(interaction, _raw(interaction, message)))


def _raw(interaction: BotInteraction, message: discord.Message) -> Mapping[str, Any]:
    """Return the message as Discord sent it along: its components are plain values then, as we make them."""
    data: Mapping[str, Any] = interaction.data or {}
    found: Mapping[str, Any] = data["resolved"]["messages"][str(message.id)]
    return found
