"""Use-cases of erasing: at once on request, and automatically for servers that removed the bot long ago."""

from __future__ import annotations

import logging
from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Final

from digests.store.forgetting import ForgettingStore, Forgotten

_log = logging.getLogger(__name__)

ABSENCE: Final = timedelta(days=30)
"""How long data about a server that removed the bot is kept, as it may be invited again."""


class PrivacyService:
    """Erases what is stored about servers and members."""

    def __init__(self, store: ForgettingStore) -> None:
        self._store = store

    async def forget_guild(self, guild_id: int) -> Forgotten:
        """Erase everything stored about a server."""
        forgotten = await self._store.forget_guild(guild_id)
        _log.info("Erased server %d: %d subscriptions", guild_id, forgotten.subscriptions)
        return forgotten

    async def forget_user(self, user_id: int) -> Forgotten:
        """Erase everything stored about a member; their subscriptions for servers stay, without their id."""
        forgotten = await self._store.forget_user(user_id)
        _log.info("Erased a member: %d subscriptions of their own", forgotten.subscriptions)
        return forgotten

    async def guild_left(self, guild_id: int, now: datetime) -> None:
        """Record that a server removed the bot, from which the days are counted."""
        await self._store.note_absence(guild_id, now)

    async def erase_absent(self, present: Collection[int], now: datetime) -> int:
        """Erase the servers that have been absent for `ABSENCE`; return how many.

        Args:
            present: The servers that the bot is in, including those in an outage.
            now: The present moment.
        """
        await self._store.follow_presence(present, now)
        absent = await self._store.list_absent(now - ABSENCE)
        for guild_id in absent:
            await self.forget_guild(guild_id)
        return len(absent)
