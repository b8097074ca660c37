"""The page's interface to the program that runs the bot: reading and moving its clock."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol


class Controls(Protocol):
    """Controls the bot's clock."""

    def now(self) -> datetime:
        """Return the bot's time, aware."""
        ...

    async def advance(self, hours: float) -> None:
        """Move the bot's clock (and the stand-in's) forward; return once everything that became due is being sent."""
        ...

    async def next_due(self) -> datetime | None:
        """Return when the bot will next deliver something; None if nothing is scheduled."""
        ...
