"""What buttons refer to that doesn't fit into a custom_id, such as a search as it was typed."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from typing import Any, Final

from digests.errors import StoreError
from digests.store.button_state import ButtonStateStore

_log = logging.getLogger(__name__)

NOT_KEPT: Final = 0
KEPT: Final = timedelta(days=90)
"""How long the buttons of an answer work after its last use."""


class ButtonState:
    """Keeps small JSON values for buttons, each under a number that a custom_id can carry."""

    def __init__(self, store: ButtonStateStore) -> None:
        self._store = store

    async def remember(self, kind: str, value: Any, now: datetime) -> int:
        """Keep a JSON value and return its number, the same one for an equal value of the same kind.

        Where nothing can be written at present (a full disk), the answer is worth more than its buttons: the number
        is `NOT_KEPT`, under which nothing is ever found.
        """
        try:
            return await self._store.remember(kind, value, now)
        except StoreError as error:
            _log.warning("The buttons of an answer will not work: %s", error)
            return NOT_KEPT

    async def find(self, kind: str, id: int) -> Any | None:
        """Return a value, or None when it is unknown, of another kind or no longer kept."""
        return await self._store.find(kind, id)

    async def prune(self, now: datetime) -> int:
        """Remove what nobody used for `KEPT`; return how much."""
        return await self._store.forget_before(now - KEPT)
