"""The type of all interactions, and what the client offers to commands and buttons. Knows no command."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeAlias

import discord

from bot.interactions.cooldowns import Cooldowns
from bot.services import Services


class Host(discord.Client):
    """What commands and buttons need of the client.

    Attributes:
        services: What commands and buttons may call.
        cooldowns: Limits expensive commands.
    """

    services: Services
    cooldowns: Cooldowns

    def command_ids(self, guild_id: int | None) -> Mapping[str, int]:
        """Return the ids of the top-level commands by name; a mention with the id opens the command."""
        raise NotImplementedError


BotInteraction: TypeAlias = discord.Interaction[Host]
