"""What all buttons and selects share: state in the custom_id alone, and error handling."""

from __future__ import annotations

import re
from typing import Any, Final, Self

import discord

from bot.errors import answer_error
from bot.interactions.host import BotInteraction
from bot.interactions.responses import use_asker_language
from digests.errors import NotFound
from digests.i18n import _

_MOST: Final = 2**63 - 1
"""SQLite's largest integer; a custom_id with a larger number is not ours."""


class Press(discord.ui.DynamicItem[discord.ui.Item[Any]], template=r"(?!)"):
    """A button or select that survives a restart: `from_custom_id` needs nothing but the id.

    Attributes:
        match: The parts of the custom_id.
    """

    def __init__(self, item: discord.ui.Item[Any], match: re.Match[str]) -> None:
        super().__init__(item)
        self.match = match

    @classmethod
    async def from_custom_id(
        cls, interaction: discord.Interaction[Any], item: discord.ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        """Create the item that discord.py dispatches to."""
        return cls(item, match)

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Answer the press, or tell the user what went wrong (discord.py would only log the error)."""
        use_asker_language(interaction)
        try:
            interaction.client.cooldowns.check_press(interaction.user.id)
            if any(part and part.isdecimal() and int(part) > _MOST for part in self.match.groups()):
                raise NotFound(_("This button is not one of mine. Use the command again."))
            await self.press(interaction)
        except Exception as error:  # noqa: BLE001 - a border: mapped to a sentence and, where it is ours, a log line
            await answer_error(interaction, error, doing=self.custom_id)

    async def press(self, interaction: BotInteraction) -> None:
        """Answer the press."""
        raise NotImplementedError

    @property
    def page(self) -> int:
        """The requested page, counted from 0."""
        return int(self.match["page"])
