"""State of buttons that doesn't fit into a custom_id, such as a search as typed."""

from __future__ import annotations

import json
import secrets
from datetime import datetime
from typing import Any

from digests.store.connection import Database
from digests.store.timestamps import to_seconds

ID_BITS = 59
"""18 decimal digits. Random, so that after a restore an old button can't get another meaning."""


class ButtonStateStore:
    """Reads and writes the `remembered` table of state.db."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def save(self, kind: str, value: Any, now: datetime) -> int:
        """Store a JSON value; return its id, the same one for an equal value of the same kind."""
        text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
        async with (
            self._database.transaction() as connection,
            connection.execute(
                "INSERT INTO remembered (id, kind, value, created_at) VALUES (:id, :kind, :value, :now)"
                " ON CONFLICT (kind, value) DO UPDATE SET created_at = excluded.created_at RETURNING id",
                {"id": secrets.randbits(ID_BITS), "kind": kind, "value": text, "now": to_seconds(now)},
            ) as cursor,
        ):
            row = await cursor.fetchone()
        assert row is not None
        return int(row["id"])

    async def find(self, kind: str, id: int) -> Any | None:
        """Return a stored value; None if it is unknown, of another kind or deleted."""
        async with (
            self._database.read() as connection,
            connection.execute(
                "SELECT value FROM remembered WHERE id = :id AND kind = :kind", {"id": id, "kind": kind}
            ) as cursor,
        ):
            row = await cursor.fetchone()
        return None if row is None else json.loads(row["value"])

    async def forget_before(self, moment: datetime) -> int:
        """Delete values last stored before `moment`; return how many."""
        async with (
            self._database.transaction() as connection,
            connection.execute(
                "DELETE FROM remembered WHERE created_at < :moment", {"moment": to_seconds(moment)}
            ) as cursor,
        ):
            return cursor.rowcount
