"""Errors that keep the bot from starting; free of discord.py, so that commands without Discord need not load it."""

from __future__ import annotations

from digests.errors import BroadsheetError


class TokenRefused(BroadsheetError):  # noqa: N818 - reads as a sentence where it is raised
    """Discord does not know the bot's token."""


class DiscordUnreachable(BroadsheetError):  # noqa: N818
    """Discord could not be reached, or answered with something that is not Discord's.

    `may_pass`: trying again later may help; it doesn't if something other than Discord answers.
    """

    def __init__(self, sentence: str, *, may_pass: bool = True) -> None:
        super().__init__(sentence)
        self.may_pass = may_pass
