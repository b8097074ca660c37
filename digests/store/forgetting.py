"""Erases data about a server or a member from state.db, overwriting it."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import aiosqlite

from digests.store.connection import Database
from digests.store.timestamps import to_seconds


@dataclass(frozen=True, slots=True)
class Forgotten:
    """What was erased.

    Attributes:
        compositions: Stored digests that were sent to nobody else.
        unsigned: Subscriptions of servers that no longer say who created or paused them.
    """

    subscriptions: int = 0
    editions: int = 0
    compositions: int = 0
    unsigned: int = 0


class ForgettingStore:
    """Erases data, and records since when servers are absent."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def forget_guild(self, guild_id: int) -> Forgotten:
        """Erase everything about a server, in one transaction."""
        id_ = {"id": guild_id}
        async with self._database.transaction() as connection:
            editions = await _count(
                connection,
                "SELECT COUNT(*) FROM editions WHERE guild_id = :id"
                " OR subscription_id IN (SELECT id FROM subscriptions WHERE guild_id = :id)",
                id_,
            )
            subscriptions = await _change(connection, "DELETE FROM subscriptions WHERE guild_id = :id", id_)
            # Subscriptions that have moved to another server keep what was delivered, but not where.
            await _change(connection, "DELETE FROM editions WHERE guild_id = :id AND state = 'pending'", id_)
            await _change(
                connection,
                "UPDATE editions SET guild_id = NULL, channel_id = 0, thread_id = NULL WHERE guild_id = :id",
                id_,
            )
            await _change(connection, "DELETE FROM absent_guilds WHERE guild_id = :id", id_)
            await _forget_buttons(connection, "guild_id", guild_id)
            compositions = await _drop_orphans(connection)
        await self._overwrite()
        return Forgotten(subscriptions, editions, compositions)

    async def forget_user(self, user_id: int) -> Forgotten:
        """Erase a member's own subscriptions, and their id from those of servers, in one transaction."""
        id_ = {"id": user_id}
        async with self._database.transaction() as connection:
            editions = await _count(
                connection,
                "SELECT COUNT(*) FROM editions WHERE subscription_id IN"
                " (SELECT id FROM subscriptions WHERE creator_id = :id AND guild_id IS NULL)",
                id_,
            )
            subscriptions = await _change(
                connection, "DELETE FROM subscriptions WHERE creator_id = :id AND guild_id IS NULL", id_
            )
            unsigned = await _change(
                connection,
                "UPDATE subscriptions SET"
                " creator_told = CASE WHEN creator_id = :id THEN 0 ELSE creator_told END,"
                " notice_due = CASE WHEN creator_id = :id THEN 0 ELSE notice_due END,"
                " paused_by = NULLIF(paused_by, :id),"
                " creator_id = CASE WHEN creator_id = :id THEN 0 ELSE creator_id END,"
                " version = version + 1"
                " WHERE :id IN (creator_id, paused_by)",
                id_,
            )
            await _forget_buttons(connection, "creator_id", user_id)
            compositions = await _drop_orphans(connection)
        await self._overwrite()
        return Forgotten(subscriptions, editions, compositions, unsigned)

    async def note_absence(self, guild_id: int, now: datetime) -> None:
        """Record since when a server is absent, unless already recorded."""
        async with self._database.transaction() as connection:
            await _note_absence(connection, [guild_id], now)

    async def follow_presence(self, present: Collection[int], now: datetime) -> None:
        """Update the absences by comparing the servers with stored data to those that the bot is in."""
        listed = {"present": json.dumps(list(present))}
        async with self._database.transaction() as connection:
            rows = await connection.execute_fetchall(
                "SELECT DISTINCT guild_id FROM subscriptions WHERE guild_id IS NOT NULL"
                " AND guild_id NOT IN (SELECT value FROM json_each(:present))"
                " AND guild_id NOT IN (SELECT guild_id FROM absent_guilds)",
                listed,
            )
            await _note_absence(connection, [row[0] for row in rows], now)
            await connection.execute(
                "DELETE FROM absent_guilds WHERE guild_id IN (SELECT value FROM json_each(:present))", listed
            )

    async def list_absent(self, since: datetime) -> tuple[int, ...]:
        """Return the servers that have been absent since a moment or longer."""
        async with self._database.read() as connection:
            rows = await connection.execute_fetchall(
                "SELECT guild_id FROM absent_guilds WHERE since_at <= :since ORDER BY guild_id",
                {"since": to_seconds(since)},
            )
        return tuple(row[0] for row in rows)

    async def _overwrite(self) -> None:
        """Truncate the write-ahead log, which still has old pages."""
        await self._database.truncate_log()


async def _note_absence(connection: aiosqlite.Connection, guild_ids: Collection[int], now: datetime) -> None:
    await connection.executemany(
        "INSERT INTO absent_guilds (guild_id, since_at) VALUES (?, ?) ON CONFLICT DO NOTHING",
        [(guild_id, to_seconds(now)) for guild_id in guild_ids],
    )


async def _forget_buttons(connection: aiosqlite.Connection, field: str, id: int) -> None:
    """Delete button state: open panels, ended subscriptions, and previews of deleted subscriptions.

    Call it after deleting the subscriptions.
    """
    await connection.execute(
        "DELETE FROM remembered WHERE kind IN ('panel', 'unsubscribed') AND :id IN"
        " (json_extract(value, '$.' || :field), json_extract(value, '$.draft.' || :field),"
        " json_extract(value, '$.seen.' || :field))",
        {"id": id, "field": field},
    )
    # A preview names no person, but has the keywords of its subscription.
    await connection.execute(
        "DELETE FROM remembered WHERE kind = 'preview' AND json_extract(value, '$.subscription_id') IS NOT NULL"
        " AND json_extract(value, '$.subscription_id') NOT IN (SELECT id FROM subscriptions)"
    )


async def _drop_orphans(connection: aiosqlite.Connection) -> int:
    """Delete compositions without editions."""
    return await _change(
        connection,
        "DELETE FROM compositions WHERE NOT EXISTS"
        " (SELECT 1 FROM editions WHERE editions.composition_id = compositions.id)",
        {},
    )


async def _change(connection: aiosqlite.Connection, sql: str, parameters: Mapping[str, Any]) -> int:
    async with connection.execute(sql, parameters) as cursor:
        return cursor.rowcount


async def _count(connection: aiosqlite.Connection, sql: str, parameters: Mapping[str, Any]) -> int:
    async with connection.execute(sql, parameters) as cursor:
        row = await cursor.fetchone()
    return 0 if row is None else int(row[0])
