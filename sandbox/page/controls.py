"""What the page may ask of whoever runs the bot: the time, and to let it pass."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol


class Controls(Protocol):
    """The hand on the bot's clock."""

    def now(self) -> datetime:
        """Return the bot's time, aware."""
        ...

    async def advance(self, hours: float) -> None:
        """Move the bot's clock (and the stand-in's with it) forward; return once what became due is on its way."""
        ...

    async def next_due(self) -> datetime | None:
        """Return when the bot will next deliver something by itself, None when nothing is planned."""
        ...
