"""Past editions in state.db: for lists, and to find the digest that a message belongs to."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

import aiosqlite

from digests.models import LatestEditions, PastEdition, Silence, Window
from digests.store.connection import Database
from digests.store.timestamps import from_seconds, from_seconds_or_none

_COLUMNS = (
    "e.id, e.subscription_id, e.due_at, e.since_at, e.until_at, e.composition_id, e.silence,"
    " (SELECT MAX(sent_at) FROM deliveries WHERE edition_id = e.id) AS sent_at, e.state,"
    " (SELECT COUNT(*) FROM told_stories WHERE composition_id = e.composition_id) AS story_count"
)


class PastEditionStore:
    """Reads editions that were delivered or skipped on a quiet day."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def list_latest(self, subscription_ids: Sequence[int]) -> dict[int, LatestEditions]:
        """Return the last edition of each subscription that arrived with stories, and the last quiet one."""
        ids = {"ids": json.dumps(list(subscription_ids))}
        arrived = await self._rows(
            f"SELECT {_COLUMNS} FROM json_each(:ids) AS id JOIN editions AS e ON e.id ="  # noqa: S608 - our own names
            " (SELECT MAX(id) FROM editions WHERE subscription_id = id.value AND state = 'delivered' AND EXISTS"
            " (SELECT 1 FROM told_stories WHERE composition_id = editions.composition_id))",
            ids,
        )
        quiet = await self._rows(
            f"SELECT {_COLUMNS} FROM json_each(:ids) AS id JOIN editions AS e ON e.id ="  # noqa: S608 - our own names
            " (SELECT MAX(id) FROM editions WHERE subscription_id = id.value AND silence IS NOT NULL)",
            ids,
        )
        found = {int(row["subscription_id"]): LatestEditions(arrived=_edition(row)) for row in arrived}
        for row in quiet:
            id = int(row["subscription_id"])
            found[id] = LatestEditions(found[id].arrived if id in found else None, _edition(row))
        return found

    async def list_past(self, subscription_id: int, *, limit: int) -> tuple[PastEdition, ...]:
        """Return a subscription's editions that were delivered or stayed quiet, newest first."""
        rows = await self._rows(
            f"SELECT {_COLUMNS} FROM editions AS e WHERE subscription_id = :id"  # noqa: S608 - our own names
            " AND (state IN ('delivered', 'empty') OR (state = 'failed' AND counted)) ORDER BY id DESC LIMIT :limit",
            {"id": subscription_id, "limit": limit},
        )
        return tuple(map(_edition, rows))

    async def find_by_composition(self, composition_id: int, channel_id: int | None) -> PastEdition | None:
        """Return an edition with a composition, preferably the one in a given channel or in a post of that forum."""
        rows = await self._rows(
            f"SELECT {_COLUMNS} FROM editions AS e WHERE composition_id = :composition_id"  # noqa: S608
            " ORDER BY (:channel_id IN (channel_id, thread_id)) DESC, id DESC LIMIT 1",
            {"composition_id": composition_id, "channel_id": channel_id},
        )
        return _edition(rows[0]) if rows else None

    async def find_by_message(self, message_id: int, subscription_ids: Sequence[int]) -> PastEdition | None:
        """Return the edition that one of these subscriptions was sent as a message; None after 30 days."""
        rows = await self._rows(
            f"SELECT {_COLUMNS} FROM json_each(:ids) AS id JOIN editions AS e"  # noqa: S608 - our own names
            " ON e.subscription_id = id.value JOIN deliveries AS d ON d.edition_id = e.id"
            " WHERE d.message_id = :message_id LIMIT 1",
            {"ids": json.dumps(list(subscription_ids)), "message_id": message_id},
        )
        return _edition(rows[0]) if rows else None

    async def _rows(self, sql: str, values: Mapping[str, Any]) -> list[aiosqlite.Row]:
        async with self._database.read() as connection, connection.execute(sql, values) as cursor:
            return list(await cursor.fetchall())


def _edition(row: aiosqlite.Row) -> PastEdition:
    due_at = from_seconds(row["due_at"])
    delivered = row["composition_id"] is not None
    return PastEdition(
        subscription_id=row["subscription_id"],
        due_at=due_at,
        window=Window(from_seconds(row["since_at"]), from_seconds(row["until_at"])),
        # The times of individual messages are deleted after 30 days.
        arrived_at=(from_seconds_or_none(row["sent_at"]) or due_at) if delivered else None,
        story_count=row["story_count"],
        composition_id=row["composition_id"],
        silence=Silence(**json.loads(row["silence"])) if row["silence"] else None,
        id=row["id"],
    )
