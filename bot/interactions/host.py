"""The type of every interaction, and what its client offers to commands and buttons. Knows no command."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeAlias

import discord

from bot.interactions.cooldowns import Cooldowns
from bot.services import Services


class Host(discord.Client):
    """A client that commands and buttons can work with.

    Attributes:
        services: What commands and buttons may call.
        cooldowns: Who has to wait before asking again.
    """

    services: Services
    cooldowns: Cooldowns

    def command_ids(self, guild_id: int | None) -> Mapping[str, int]:
        """Return Discord's ids of the top-level commands by name, which make a command's mention pressable."""
        raise NotImplementedError


BotInteraction: TypeAlias = discord.Interaction[Host]
