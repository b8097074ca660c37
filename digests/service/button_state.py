"""What buttons refer to that doesn't fit into a custom_id, such as a search as it was typed."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Final

from digests.store.button_state import ButtonStateStore

KEPT: Final = timedelta(days=90)
"""How long the buttons of an answer work after its last use."""


class ButtonState:
    """Keeps small JSON values for buttons, each under a number that a custom_id can carry."""

    def __init__(self, store: ButtonStateStore) -> None:
        self._store = store

    async def remember(self, kind: str, value: Any, now: datetime) -> int:
        """Keep a JSON value and return its number, the same one for an equal value of the same kind."""
        return await self._store.remember(kind, value, now)

    async def find(self, kind: str, id: int) -> Any | None:
        """Return a value, or None when it is unknown, of another kind or no longer kept."""
        return await self._store.find(kind, id)

    async def prune(self, now: datetime) -> int:
        """Remove what nobody used for `KEPT`; return how much."""
        return await self._store.forget_before(now - KEPT)
