"""Facts about an installation that are kept between starts."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Final

from digests.store.settings import LOGGED_IN_AT_URL, SettingsStore

_SYNCED: Final = "synced_commands"
_FRESH_AT: Final = "fresh_at"
_FRESH_MEMORY: Final = timedelta(days=30)


class Installation:
    """The facts about this installation that survive a restart."""

    def __init__(self, store: SettingsStore) -> None:
        self._store = store

    async def find_synced_commands(self) -> str | None:
        """Return the last value of `set_synced_commands`; None at the first start."""
        return await self._store.find(_SYNCED)

    async def set_synced_commands(self, value: str) -> None:
        """Store a description of the commands registered with Discord."""
        await self._store.set(_SYNCED, value)

    async def has_logged_in_at(self, url: str) -> bool:
        """Check whether the last successful login was at this REST address."""
        return await self._store.find(LOGGED_IN_AT_URL) == url

    async def set_logged_in_at(self, url: str) -> None:
        """Store the REST address of a successful login."""
        await self._store.set(LOGGED_IN_AT_URL, url)

    async def get_id(self) -> str:
        """Return this installation's id, created at first use."""
        return await self._store.get_installation()

    async def find_fresh_at(self, now: datetime) -> datetime | None:
        """Return when the bot was started with `--fresh`; None if never or too long ago to matter."""
        text = await self._store.find(_FRESH_AT)
        at = None if text is None else datetime.fromtimestamp(int(text), UTC)
        return at if at is not None and now - at < _FRESH_MEMORY else None

    async def set_fresh_at(self, at: datetime) -> None:
        """Store when the bot was started with `--fresh`."""
        await self._store.set(_FRESH_AT, str(int(at.timestamp())))
