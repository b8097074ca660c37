"""Subscriptions in state.db, and how far each is served."""

from __future__ import annotations

import json
import secrets
import sqlite3
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any, Self

import aiosqlite

from digests.models import Purpose, Subscription, SubscriptionState
from digests.store.connection import Connections, Joined, scalar
from digests.store.outbox import queue
from digests.store.subscription_rows import (
    Exported,
    PauseCause,
    Placement,
    ScheduledSubscription,
    placed,
    scheduled_of,
    subscription_of,
    values_of,
)
from digests.store.timestamps import from_seconds_or_none, to_seconds, to_seconds_or_none


class SubscriptionStore:
    """Reads and writes the `subscriptions` table of state.db."""

    def __init__(self, database: Connections) -> None:
        self._database = database

    @asynccontextmanager
    async def together(self) -> AsyncIterator[Self]:
        """Yield a store whose reads and writes are one transaction, rolled back on any exception."""
        async with self._database.transaction() as connection:
            yield type(self)(Joined(connection))

    async def add(
        self,
        subscription: Subscription,
        placement: Placement,
        uid: str | None = None,
        *,
        pause_cause: PauseCause = PauseCause.PERSON,
    ) -> Subscription:
        """Store a new subscription and return it with its id. A paused one needs its cause."""
        values = values_of(subscription) | {
            "uid": uid or secrets.token_hex(8),
            "state": subscription.state.value,
            "paused_reason": subscription.paused_reason,
            "pause_cause": None if subscription.state is SubscriptionState.ACTIVE else pause_cause.value,
            "creator_told": int(subscription.creator_notified),
            "created_at": to_seconds(subscription.created_at),
            "covered_until": to_seconds_or_none(subscription.covered_until),
            **placed(placement),
        }
        columns = ", ".join(values)
        places = ", ".join(f":{name}" for name in values)
        async with (
            self._database.transaction() as connection,
            connection.execute(
                f"INSERT INTO subscriptions ({columns}) VALUES ({places}) RETURNING *",  # noqa: S608 - our own names
                values,
            ) as cursor,
        ):
            row = await cursor.fetchone()
        assert row is not None
        return subscription_of(row)

    async def find(self, id: int) -> Subscription | None:
        """Return a subscription."""
        rows = await self._rows("SELECT * FROM subscriptions WHERE id = :id", {"id": id})
        return subscription_of(rows[0]) if rows else None

    async def find_scheduled(self, id: int) -> ScheduledSubscription | None:
        """Return a subscription with its place in the calendar."""
        rows = await self._rows("SELECT * FROM subscriptions WHERE id = :id", {"id": id})
        return scheduled_of(rows[0]) if rows else None

    async def list_for_guild(self, guild_id: int) -> tuple[Subscription, ...]:
        """Return a guild's subscriptions, oldest first."""
        rows = await self._rows("SELECT * FROM subscriptions WHERE guild_id = :id ORDER BY id", {"id": guild_id})
        return tuple(subscription_of(row) for row in rows)

    async def list_for_user(self, user_id: int) -> tuple[Subscription, ...]:
        """Return the subscriptions of a member's own DMs, oldest first."""
        rows = await self._rows(
            "SELECT * FROM subscriptions WHERE creator_id = :id AND guild_id IS NULL ORDER BY id", {"id": user_id}
        )
        return tuple(subscription_of(row) for row in rows)

    async def list_all(self) -> tuple[Exported, ...]:
        """Return all subscriptions with the exported fields, oldest first."""
        rows = await self._rows("SELECT * FROM subscriptions ORDER BY id", {})
        return tuple(
            Exported(row["uid"], subscription_of(row), PauseCause(row["pause_cause"]) if row["pause_cause"] else None)
            for row in rows
        )

    async def list_without_access(self) -> tuple[tuple[Subscription, PauseCause], ...]:
        """Return the subscriptions whose pauses end automatically, with the causes, oldest first."""
        rows = await self._rows(
            "SELECT * FROM subscriptions"
            " WHERE state = 'paused' AND pause_cause IN ('access', 'history', 'tag', 'closed') ORDER BY id",
            {},
        )
        return tuple((subscription_of(row), PauseCause(row["pause_cause"])) for row in rows)

    async def list_unannounced_pauses(self) -> tuple[Subscription, ...]:
        """Return the paused subscriptions whose creators have not been notified yet, by creator."""
        rows = await self._rows(
            "SELECT * FROM subscriptions WHERE state = 'paused' AND pause_cause IS NOT 'person'"
            " AND notice_due ORDER BY creator_id, id",
            {},
        )
        return tuple(subscription_of(row) for row in rows)

    async def list_due(
        self,
        now: datetime,
        *,
        later_than: datetime | None = None,
        after: ScheduledSubscription | None = None,
        limit: int,
    ) -> tuple[ScheduledSubscription, ...]:
        """Return active subscriptions that are due at `now`, longest due first.

        Args:
            now: The current moment.
            later_than: Only those that became due after this.
            after: The last one of the previous page, as it was then.
            limit: The size of a page.
        """
        return await self._all_scheduled(
            "SELECT * FROM subscriptions WHERE state = 'active' AND next_due_at <= :now AND next_due_at > :later_than"
            " AND (next_due_at, id) > (:due_at, :id) ORDER BY next_due_at, id LIMIT :limit",
            {
                "now": to_seconds(now),
                "later_than": -1 if later_than is None else to_seconds(later_than),
                "due_at": to_seconds_or_none(after.next_due_at) if after is not None else -1,
                "id": after.subscription.id if after is not None else -1,
                "limit": limit,
            },
        )

    async def list_ahead_of(self, now: datetime) -> tuple[ScheduledSubscription, ...]:
        """Return subscriptions served beyond `now`, because the clock has gone back since."""
        rows = await self._rows(
            "SELECT * FROM subscriptions WHERE covered_until > :now UNION"
            " SELECT * FROM subscriptions WHERE settled_until > :now",
            {"now": to_seconds(now)},
        )
        return tuple(scheduled_of(row) for row in rows)

    async def find_next_due_at(self, after: datetime | None = None) -> datetime | None:
        """Return when the next edition of any active subscription is due, of those later than `after` if given."""
        rows = await self._rows(
            "SELECT MIN(next_due_at) AS next_due_at FROM subscriptions WHERE state = 'active' AND next_due_at > :after",
            {"after": -1 if after is None else to_seconds(after)},
        )
        return from_seconds_or_none(rows[0]["next_due_at"])

    async def count(self) -> dict[SubscriptionState, int]:
        """Return how many subscriptions there are in each state."""
        rows = await self._rows("SELECT state, COUNT(*) AS number FROM subscriptions GROUP BY state", {})
        found = {str(row["state"]): int(row["number"]) for row in rows}
        return {state: found.get(state.value, 0) for state in SubscriptionState}

    async def change(self, subscription: Subscription, placement: Placement | None = None) -> None:
        """Replace a subscription's order (not its state), and optionally its place in the calendar.

        Waiting editions move to a new channel with it, unless something of them was sent or is in doubt.
        """
        values = values_of(subscription) | (placed(placement) if placement is not None else {})
        setting = ", ".join(f"{name} = :{name}" for name in values)
        async with self._database.transaction() as connection:
            await connection.execute(
                f"UPDATE subscriptions SET {setting}, version = version + 1 WHERE id = :id",  # noqa: S608
                values | {"id": subscription.id},
            )
            await queue.redirect(connection, subscription.id)

    async def move(self, id: int, placement: Placement, covered_until: datetime | None) -> None:
        """Move a subscription in the calendar, cutoff included."""
        async with self._database.transaction() as connection:
            await connection.execute(
                "UPDATE subscriptions SET settled_until = :settled_until, next_due_at = :next_due_at,"
                " covered_until = :covered_until, version = version + 1 WHERE id = :id",
                placed(placement) | {"covered_until": to_seconds_or_none(covered_until), "id": id},
            )

    async def pause(self, id: int, reason: str, cause: PauseCause) -> bool:
        """Pause a subscription; the articles of editions of which nothing was sent go into the next one.

        Returns:
            False if it is paused already or deleted.
        """
        async with self._database.transaction() as connection:
            return await pause(connection, id, reason, cause)

    async def note_pause(self, id: int, by: int | None, until: datetime | None) -> None:
        """Store who paused a subscription, and when the pause ends automatically (None: never)."""
        async with self._database.transaction() as connection:
            await connection.execute(
                "UPDATE subscriptions SET paused_by = :by, paused_until = :until WHERE id = :id",
                {"by": by, "until": to_seconds_or_none(until), "id": id},
            )

    async def list_pauses_over(self, now: datetime) -> tuple[Subscription, ...]:
        """Return the subscriptions whose pause, set by a person for a time, is over."""
        rows = await self._rows(
            "SELECT * FROM subscriptions WHERE state = 'paused' AND pause_cause = 'person' AND paused_until <= :now"
            " ORDER BY id",
            {"now": to_seconds(now)},
        )
        return tuple(subscription_of(row) for row in rows)

    async def resume(self, id: int, placement: Placement, now: datetime, *, by_person: bool = True) -> bool:
        """Resume a paused subscription; a partially delivered edition continues.

        If a pause ended automatically and returns for the same reason before anything was delivered, its creator is not
        notified again.

        Args:
            id: The subscription's id.
            placement: Its place in the calendar from now on.
            now: The current moment.
            by_person: Resume it whatever the cause; else only if no person paused it.

        Returns:
            False if it is active already or deleted.
        """
        values = placed(placement) | {"id": id, "by_person": int(by_person), "person": PauseCause.PERSON.value}
        async with self._database.transaction() as connection:
            if by_person:
                # It can't be found out whether the part in doubt arrived: end it here, or every resumption would fail
                # on it.
                await queue.end_doubt(connection, id, PauseCause.DOUBT.value)
            cursor = await connection.execute(
                "UPDATE subscriptions SET state = 'active', pause_cause = NULL,"
                " paused_reason = CASE WHEN :by_person OR notice_due THEN NULL ELSE paused_reason END,"
                " creator_told = CASE WHEN :by_person THEN 0 ELSE creator_told END, notice_due = 0,"
                " settled_until = :settled_until, next_due_at = :next_due_at, version = version + 1,"
                " paused_by = NULL, paused_until = NULL"
                " WHERE id = :id AND state = 'paused' AND (:by_person OR pause_cause IS NOT :person)",
                values,
            )
            if not cursor.rowcount:
                return False
            await queue.free(connection, id, to_seconds(now))
            return True

    async def set_notice(self, id: int, *, notified: bool) -> None:
        """Record that a paused subscription's creator was notified, or can't be."""
        async with self._database.transaction() as connection:
            await connection.execute(
                "UPDATE subscriptions SET notice_due = 0, creator_told = :told WHERE id = :id",
                {"told": int(notified), "id": id},
            )

    async def remove(self, id: int) -> bool:
        """Delete a subscription with its editions and unsent parts; return False if it does not exist."""
        async with self._database.transaction() as connection:
            # Digests that were sent to nobody else are deleted with it.
            await connection.execute(
                "DELETE FROM compositions WHERE id IN (SELECT composition_id FROM editions WHERE subscription_id = :id)"
                " AND NOT EXISTS (SELECT 1 FROM editions"
                " WHERE composition_id = compositions.id AND subscription_id != :id)",
                {"id": id},
            )
            cursor = await connection.execute("DELETE FROM subscriptions WHERE id = :id", {"id": id})
            return cursor.rowcount > 0

    async def count_for(self, *, guild_id: int | None, creator_id: int, purpose: Purpose = Purpose.PAPER) -> int:
        """Count a guild's subscriptions, or those of a purpose in a member's DMs if `guild_id` is None."""
        async with self._database.read() as connection:
            if guild_id is not None:
                return await scalar(
                    connection, "SELECT COUNT(*) FROM subscriptions WHERE guild_id = :id", {"id": guild_id}
                )
            return await scalar(
                connection,
                "SELECT COUNT(*) FROM subscriptions WHERE creator_id = :id AND guild_id IS NULL AND purpose = :purpose",
                {"id": creator_id, "purpose": purpose.value},
            )

    async def list_ended_stories(self, before: datetime) -> tuple[Subscription, ...]:
        """Return followed stories without an update since a moment, if they were followed before it."""
        rows = await self._rows(
            "SELECT * FROM subscriptions WHERE purpose = 'story' AND created_at < :before AND NOT EXISTS"
            " (SELECT 1 FROM editions WHERE subscription_id = subscriptions.id AND composition_id IS NOT NULL"
            " AND until_at >= :before) ORDER BY id",
            {"before": to_seconds(before)},
        )
        return tuple(subscription_of(row) for row in rows)

    async def _all_scheduled(self, sql: str, parameters: Mapping[str, Any]) -> tuple[ScheduledSubscription, ...]:
        """Return the subscriptions of a query; hundreds are made in the connection's thread, not in the loop's."""
        async with self._database.read() as connection:
            return await connection.run(lambda reader: tuple(map(scheduled_of, reader.execute(sql, parameters))))

    async def _rows(self, sql: str, parameters: Mapping[str, Any]) -> Sequence[sqlite3.Row]:
        async with self._database.read() as connection, connection.execute(sql, parameters) as cursor:
            return list(await cursor.fetchall())


async def pause(connection: aiosqlite.Connection, id: int, reason: str, cause: PauseCause) -> bool:
    """Pause a subscription inside a transaction; return False if it is paused already or deleted."""
    by_itself = cause is not PauseCause.PERSON
    cursor = await connection.execute(
        "UPDATE subscriptions SET state = 'paused', pause_cause = :cause,"
        # An active one keeps the reason of its last pause if its creator knows about it and nothing was delivered
        # since.
        " creator_told = CASE WHEN paused_reason = :reason THEN creator_told ELSE 0 END,"
        " notice_due = CASE WHEN paused_reason = :reason THEN 0 ELSE :notice_due END,"
        " paused_reason = :reason, version = version + 1 WHERE id = :id AND state = 'active'",
        {"reason": reason, "cause": cause.value, "notice_due": int(by_itself), "id": id},
    )
    if not cursor.rowcount:
        return False
    await queue.hold(connection, id)
    return True


async def pause_channel(
    connection: aiosqlite.Connection, channel_id: int, reason: str, cause: PauseCause
) -> Sequence[int]:
    """Pause all active subscriptions of a channel inside a transaction; return them.

    What prevents one digest prevents the others: the creator is notified once, and Discord is not asked for each.
    """
    async with connection.execute(
        "SELECT id FROM subscriptions WHERE channel_id = :channel_id AND state = 'active' ORDER BY id",
        {"channel_id": channel_id},
    ) as cursor:
        ids = [int(row["id"]) for row in await cursor.fetchall()]
    return [id for id in ids if await pause(connection, id, reason, cause)]


async def forget_pauses(connection: aiosqlite.Connection, ids: Sequence[int]) -> None:
    """Record a delivery inside a transaction: the next pause of these subscriptions will be notified again."""
    await connection.execute(
        "UPDATE subscriptions SET paused_reason = NULL, creator_told = 0 WHERE state = 'active'"
        " AND paused_reason IS NOT NULL AND id IN (SELECT value FROM json_each(:ids))",
        {"ids": json.dumps(ids)},
    )
