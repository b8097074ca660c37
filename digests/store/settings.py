"""Small named values that survive a restart: what was synced, this installation's id, when a backup was restored."""

from __future__ import annotations

import secrets

from digests.store.connection import Database

INSTALLATION = "installation"
LOOK_FIRST_UNTIL = "look_first_until"
"""Unix seconds of the last restore: parts of editions due before it may have arrived without the backup knowing."""

LOGGED_IN_AT_URL = "logged_in_at_url"
"""The REST address of the last successful login."""


class SettingsStore:
    """Reads and writes the `settings` table of state.db."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def find(self, name: str) -> str | None:
        """Return a value; None if it was never set."""
        async with (
            self._database.read() as connection,
            connection.execute("SELECT value FROM settings WHERE name = :name", {"name": name}) as cursor,
        ):
            row = await cursor.fetchone()
        return None if row is None else str(row["value"])

    async def set(self, name: str, value: str | None) -> None:
        """Set a value; None removes it."""
        async with self._database.transaction() as connection:
            if value is None:
                await connection.execute("DELETE FROM settings WHERE name = :name", {"name": name})
            else:
                await connection.execute(
                    "INSERT INTO settings (name, value) VALUES (:name, :value)"
                    " ON CONFLICT (name) DO UPDATE SET value = excluded.value",
                    {"name": name, "value": value},
                )

    async def get_installation(self) -> str:
        """Return this installation's id, created at first use: it separates the markers and nonces of two bots."""
        known = await self.find(INSTALLATION)
        if known is not None:
            return known
        async with self._database.transaction() as connection:
            await connection.execute(
                "INSERT INTO settings (name, value) VALUES (:name, :value) ON CONFLICT (name) DO NOTHING",
                {"name": INSTALLATION, "value": secrets.token_hex(8)},
            )
        known = await self.find(INSTALLATION)
        assert known is not None
        return known
