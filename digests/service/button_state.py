"""State of buttons that doesn't fit into a custom_id, such as a search as typed."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from typing import Any, Final

from digests.errors import StoreError
from digests.store.button_state import ButtonStateStore

_log = logging.getLogger(__name__)

NOT_STORED: Final = 0
KEEP: Final = timedelta(days=90)
"""How long an answer's buttons work after their last use."""


class ButtonState:
    """Stores small JSON values for buttons, each under a number that fits into a custom_id."""

    def __init__(self, store: ButtonStateStore) -> None:
        self._store = store

    async def save(self, kind: str, value: Any, now: datetime) -> int:
        """Store a JSON value and return its number, the same one for an equal value of the same kind.

        If it can't be stored (a full disk), an answer without working buttons is better than none: the number is
        `NOT_STORED`, under which nothing is ever found.
        """
        try:
            return await self._store.save(kind, value, now)
        except StoreError as error:
            _log.warning("State of an answer's buttons not stored, they will not work: %s", error)
            return NOT_STORED

    async def find(self, kind: str, id: int) -> Any | None:
        """Return a value, or None if it is unknown, of another kind or no longer stored."""
        return await self._store.find(kind, id)

    async def prune(self, now: datetime) -> int:
        """Remove values that were not used for `KEEP`; return how many."""
        return await self._store.forget_before(now - KEEP)
