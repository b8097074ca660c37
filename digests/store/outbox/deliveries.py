"""The outbox in state.db: parts of editions, claimed before they are sent and settled afterwards."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any

import aiosqlite

from digests.models import ChannelKind, Delivery, DeliveryState, Failure
from digests.store.connection import Database
from digests.store.outbox import queue
from digests.store.outbox.outcomes import (
    Barred,
    GaveUp,
    OutboxStatus,
    Outcome,
    Publication,
    Refused,
    Released,
    Retry,
    Sent,
)
from digests.store.subscription_rows import PauseCause
from digests.store.subscriptions import forget_pauses, pause, pause_channel
from digests.store.timestamps import from_seconds, from_seconds_or_none, to_seconds, to_seconds_or_none

_CLAIMABLE = """
    SELECT d.edition_id, d.number, d.marker, d.nonce, d.attempt_count, d.attempted_at, e.subscription_id, e.part_count,
        e.thread_id, e.composition_id, e.channel_id, e.channel_kind, e.guild_id, s.creator_id,
        -- Nobody is called to read that there is nothing to read.
        CASE WHEN d.number = 1 AND EXISTS (SELECT 1 FROM told_stories WHERE composition_id = c.id)
            THEN s.mention_role_id END AS mention_role_id,
        c.title, c.topics, p.payload
    FROM deliveries AS d INDEXED BY deliveries_ready
    JOIN editions AS e ON e.id = d.edition_id
    JOIN subscriptions AS s ON s.id = e.subscription_id
    JOIN compositions AS c ON c.id = e.composition_id
    JOIN parts AS p ON p.composition_id = e.composition_id AND p.number = d.number
    WHERE d.state = 'pending' AND d.ready_at IS NOT NULL AND d.ready_at <= :now AND s.state = 'active'
        AND e.channel_id NOT IN (SELECT value FROM json_each(:busy))
    ORDER BY d.ready_at, d.edition_id LIMIT :limit
"""


class DeliveryStore:
    """Reads and writes the `deliveries` table of state.db."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def claim(self, now: datetime, *, limit: int, busy: Collection[int] = ()) -> tuple[Delivery, ...]:
        """Claim the next parts, at most one per channel; the claim is on disk when this returns.

        Args:
            now: The present moment.
            limit: How many at most.
            busy: Channels to leave alone.

        Returns:
            The parts, first in the queue first, with `attempted_at` and `attempt_count` as before this claim.
        """
        async with self._database.transaction() as connection:
            async with connection.execute(
                _CLAIMABLE, {"now": to_seconds(now), "busy": json.dumps(list(busy)), "limit": limit}
            ) as cursor:
                rows = await cursor.fetchall()
            claimed: dict[int, Delivery] = {}
            for row in rows:
                claimed.setdefault(row["channel_id"], _delivery(row))
            await connection.executemany(
                "UPDATE deliveries SET state = 'claimed', attempt_count = attempt_count + 1,"
                " attempted_at = COALESCE(attempted_at, :now) WHERE edition_id = :edition_id AND number = :number",
                [_key(delivery) | {"now": to_seconds(now)} for delivery in claimed.values()],
            )
        return tuple(claimed.values())

    async def record(self, outcomes: Sequence[Outcome], now: datetime) -> None:
        """Write the outcomes of claimed parts and queue the parts after them, in one transaction."""
        async with self._database.transaction() as connection:
            sent = [outcome for outcome in outcomes if isinstance(outcome, Sent)]
            if sent:
                await _record_sent(connection, sent, now)
            for outcome in outcomes:
                match outcome:
                    case Retry():
                        await _record_retry(connection, outcome)
                    case Refused():
                        await _record_refused(connection, outcome)
                    case GaveUp():
                        await _record_given_up(connection, outcome)
                    case Barred():
                        await _record_barred(connection, outcome, now)
                    case Released():
                        await _record_released(connection, outcome.delivery)
                    case Sent():
                        pass
            settled = [outcome.delivery for outcome in outcomes if isinstance(outcome, Sent | Refused)]
            ended = [outcome.delivery for outcome in outcomes if isinstance(outcome, GaveUp)]
            await _queue_next(connection, settled, ended, now)

    async def recover(self, now: datetime, *, settle: timedelta) -> int:
        """Release the claims of a process that died; call it once, before the first claim.

        The crash does not count as a failed attempt: forty crashes must not make a part be given up.

        Args:
            now: The current moment.
            settle: A forum post that may still be being created is looked for only this long after its attempt.

        Returns:
            The number of parts that may have arrived.
        """
        async with self._database.transaction() as connection:
            cursor = await connection.execute(
                "UPDATE deliveries SET state = 'pending', attempt_count = MAX(attempt_count - 1, 0), ready_at = CASE"
                " WHEN s.state != 'active' THEN NULL"
                " WHEN e.channel_kind IN ('forum', 'media') AND e.thread_id IS NULL"
                " THEN MAX(:now, MIN(attempted_at, :now) + :settle_s)"
                " ELSE MIN(COALESCE(ready_at, :now), :now) END"
                " FROM editions AS e JOIN subscriptions AS s ON s.id = e.subscription_id"
                " WHERE e.id = deliveries.edition_id AND deliveries.state = 'claimed'",
                {"now": to_seconds(now), "settle_s": int(settle.total_seconds())},
            )
            return cursor.rowcount

    async def find_next_ready_at(self) -> datetime | None:
        """Return when the first part in the queue may be sent; a moment in the past if one is waiting already."""
        async with (
            self._database.read() as connection,
            connection.execute(
                "SELECT ready_at FROM deliveries WHERE state = 'pending' AND ready_at IS NOT NULL"
                " ORDER BY ready_at LIMIT 1"
            ) as cursor,
        ):
            row = await cursor.fetchone()
        return None if row is None else from_seconds(row["ready_at"])

    async def list_to_publish(self, now: datetime, *, limit: int) -> tuple[Publication, ...]:
        """Return messages that are to be published now, the longest waiting first."""
        async with (
            self._database.read() as connection,
            connection.execute(
                "SELECT d.edition_id, d.number, d.message_id, e.channel_id, e.guild_id"
                " FROM deliveries AS d INDEXED BY deliveries_to_publish JOIN editions AS e ON e.id = d.edition_id"
                " WHERE d.publish_state = 'due' AND d.publish_at <= :now ORDER BY d.publish_at, d.edition_id, d.number"
                " LIMIT :limit",
                {"now": to_seconds(now), "limit": limit},
            ) as cursor,
        ):
            rows = await cursor.fetchall()
        return tuple(
            Publication(row["edition_id"], row["number"], row["channel_id"], row["guild_id"], row["message_id"])
            for row in rows
        )

    async def list_published(self, since: datetime) -> Sequence[tuple[int, datetime]]:
        """Return the channel and moment of what was published since then, oldest first."""
        async with (
            self._database.read() as connection,
            connection.execute(
                "SELECT e.channel_id, d.publish_at FROM deliveries AS d JOIN editions AS e ON e.id = d.edition_id"
                " WHERE d.publish_state = 'done' AND d.publish_at > :since ORDER BY d.publish_at",
                {"since": to_seconds(since)},
            ) as cursor,
        ):
            return [(int(row["channel_id"]), from_seconds(row["publish_at"])) for row in await cursor.fetchall()]

    async def set_published(
        self,
        publication: Publication,
        *,
        published: bool,
        at: datetime | None = None,
        retry_at: datetime | None = None,
    ) -> None:
        """Record that a message was published (`at`), can't be published, or is to be tried again at `retry_at`."""
        state = "due" if retry_at is not None else "done" if published else "failed"
        async with self._database.transaction() as connection:
            await connection.execute(
                "UPDATE deliveries SET publish_state = :state, publish_at = :at"
                " WHERE edition_id = :edition_id AND number = :number",
                {
                    "state": state,
                    "at": to_seconds_or_none(at if retry_at is None else retry_at),
                    "edition_id": publication.edition_id,
                    "number": publication.number,
                },
            )

    async def status(self) -> OutboxStatus:
        """Return how many parts are in each state."""
        async with self._database.read() as connection:
            async with connection.execute("SELECT state, COUNT(*) AS number FROM deliveries GROUP BY state") as cursor:
                counts = {str(row["state"]): int(row["number"]) for row in await cursor.fetchall()}
            async with connection.execute(
                "SELECT (SELECT MIN(ready_at) FROM deliveries WHERE state = 'pending' AND ready_at IS NOT NULL)"
                " AS oldest, (SELECT COUNT(*) FROM deliveries WHERE publish_state = 'due') AS to_publish"
            ) as cursor:
                row = await cursor.fetchone()
        assert row is not None
        return OutboxStatus(
            pending=counts.get(DeliveryState.PENDING, 0),
            claimed=counts.get(DeliveryState.CLAIMED, 0),
            sent=counts.get(DeliveryState.SENT, 0),
            failed=counts.get(DeliveryState.FAILED, 0),
            to_publish=row["to_publish"],
            oldest_at=from_seconds_or_none(row["oldest"]),
        )

    async def list_parts(self, edition_id: int) -> tuple[tuple[DeliveryState, str | None], ...]:
        """Return the state and last error of each part of an edition, in order."""
        async with (
            self._database.read() as connection,
            connection.execute(
                "SELECT state, error FROM deliveries WHERE edition_id = :id ORDER BY number", {"id": edition_id}
            ) as cursor,
        ):
            return tuple((DeliveryState(row["state"]), row["error"]) for row in await cursor.fetchall())


# --------------------------------------------------------------------------- recording


async def _record_sent(connection: aiosqlite.Connection, sent: Sequence[Sent], now: datetime) -> None:
    await connection.executemany(
        "UPDATE deliveries SET state = 'sent', message_id = :message_id, sent_at = :now, error = NULL,"
        " publish_state = :publish_state, publish_at = :publish_at"
        " WHERE edition_id = :edition_id AND number = :number AND state = 'claimed'",
        [_key(outcome.delivery) | _publishing(outcome, now) for outcome in sent],
    )
    await forget_pauses(connection, [outcome.delivery.subscription_id for outcome in sent])
    posts = [outcome for outcome in sent if outcome.thread_id is not None]
    if posts:
        await connection.executemany(
            "UPDATE editions SET thread_id = :thread_id WHERE id = :id",
            [{"id": outcome.delivery.edition_id, "thread_id": outcome.thread_id} for outcome in posts],
        )


def _publishing(outcome: Sent, now: datetime) -> dict[str, Any]:
    publish = outcome.delivery.channel_kind is ChannelKind.ANNOUNCEMENT and outcome.message_id is not None
    return {
        "message_id": outcome.message_id,
        "now": to_seconds(now),
        "publish_state": "due" if publish else None,
        "publish_at": to_seconds(now) if publish else None,
    }


async def _record_retry(connection: aiosqlite.Connection, outcome: Retry) -> None:
    await connection.execute(
        "UPDATE deliveries SET state = 'pending', error = :error,"
        " attempted_at = CASE WHEN :certain THEN NULL ELSE attempted_at END,"
        " ready_at = CASE WHEN EXISTS (SELECT 1 FROM subscriptions WHERE id = :subscription_id AND state = 'active')"
        " THEN :at END WHERE edition_id = :edition_id AND number = :number AND state = 'claimed'",
        _key(outcome.delivery)
        | {
            "error": outcome.error,
            "certain": int(outcome.certain),
            "subscription_id": outcome.delivery.subscription_id,
            "at": to_seconds(outcome.at),
        },
    )


async def _record_refused(connection: aiosqlite.Connection, outcome: Refused) -> None:
    await connection.execute(
        "UPDATE deliveries SET state = 'failed', error = :error,"
        " attempted_at = CASE WHEN :certain THEN NULL ELSE attempted_at END"
        " WHERE edition_id = :edition_id AND number = :number AND state = 'claimed'",
        _key(outcome.delivery) | {"error": outcome.error, "certain": int(outcome.certain)},
    )
    await _note_failure(connection, outcome.delivery.edition_id, outcome.failure)


async def _record_given_up(connection: aiosqlite.Connection, outcome: GaveUp) -> None:
    delivery = outcome.delivery
    failure = Failure.GAVE_UP if outcome.certain else Failure.DOUBTFUL
    await _note_failure(connection, delivery.edition_id, failure)
    async with connection.execute(
        "SELECT 1 FROM deliveries WHERE edition_id = :edition_id AND (state = 'sent'"
        " OR attempted_at IS NOT NULL AND NOT (:certain AND number = :number)) LIMIT 1",
        _key(delivery) | {"certain": int(outcome.certain)},
    ) as cursor:
        may_have_arrived = await cursor.fetchone() is not None
    if not may_have_arrived:
        await queue.withdraw(connection, delivery.edition_id, outcome.error)
        return
    await queue.fail_rest(connection, delivery.edition_id, outcome.error)


async def _note_failure(connection: aiosqlite.Connection, edition_id: int, failure: Failure) -> None:
    await connection.execute(
        "UPDATE editions SET failure = :failure WHERE id = :edition_id",
        {"edition_id": edition_id, "failure": failure.value},
    )


async def _record_barred(connection: aiosqlite.Connection, outcome: Barred, now: datetime) -> None:
    delivery = outcome.delivery
    await connection.execute(
        "UPDATE deliveries SET state = 'pending', ready_at = NULL, error = :error, attempt_count = :attempt_count,"
        " attempted_at = CASE WHEN :certain THEN NULL ELSE attempted_at END"
        " WHERE edition_id = :edition_id AND number = :number AND state = 'claimed'",
        _key(delivery)
        | {"error": outcome.error, "certain": int(outcome.certain), "attempt_count": outcome.attempt_count},
    )
    if not await queue.is_left_behind(connection, delivery.edition_id):
        if outcome.cause in (PauseCause.HISTORY, PauseCause.DOUBT):  # concerns this part, not the channel
            await pause(connection, delivery.subscription_id, outcome.reason, outcome.cause)
        else:
            await pause_channel(connection, delivery.channel_id, outcome.reason, outcome.cause)
        return
    if outcome.certain:
        await queue.follow(connection, delivery.edition_id)
    else:
        await _note_failure(connection, delivery.edition_id, Failure.DOUBTFUL)
        await queue.fail_rest(connection, delivery.edition_id, outcome.error)
    await queue.free(connection, delivery.subscription_id, to_seconds(now))


async def _record_released(connection: aiosqlite.Connection, delivery: Delivery) -> None:
    await connection.execute(
        "UPDATE deliveries SET state = 'pending', attempt_count = :attempt_count, attempted_at = :attempted_at,"
        " ready_at = CASE WHEN EXISTS (SELECT 1 FROM subscriptions WHERE id = :subscription_id AND state = 'active')"
        " THEN ready_at END WHERE edition_id = :edition_id AND number = :number AND state = 'claimed'",
        _key(delivery)
        | {
            "attempt_count": delivery.attempt_count,
            "attempted_at": to_seconds_or_none(delivery.attempted_at),
            "subscription_id": delivery.subscription_id,
        },
    )


async def _queue_next(
    connection: aiosqlite.Connection, settled: Sequence[Delivery], ended: Sequence[Delivery], now: datetime
) -> None:
    """Queue the part after each settled one; after the last, the next edition's first."""
    following = [delivery for delivery in settled if delivery.number < delivery.part_count]
    last = [*(delivery for delivery in settled if delivery.number == delivery.part_count), *ended]
    if following:
        await connection.executemany(
            "UPDATE deliveries SET ready_at ="
            " (SELECT MIN(ready_at, :now) FROM deliveries WHERE edition_id = :edition_id AND number = :number)"
            " WHERE edition_id = :edition_id AND number = :number + 1 AND state = 'pending'"
            " AND EXISTS (SELECT 1 FROM subscriptions WHERE id = :subscription_id AND state = 'active')",
            [
                _key(delivery) | {"subscription_id": delivery.subscription_id, "now": to_seconds(now)}
                for delivery in following
            ],
        )
    if last:
        await connection.executemany(
            "UPDATE editions SET state = CASE WHEN EXISTS (SELECT 1 FROM deliveries"
            " WHERE edition_id = :edition_id AND state = 'failed') THEN 'failed' ELSE 'delivered' END"
            " WHERE id = :edition_id AND state = 'pending'",
            [{"edition_id": delivery.edition_id} for delivery in last],
        )
        await connection.executemany(
            queue.READY_HEAD,
            [{"subscription_id": delivery.subscription_id, "ready_at": to_seconds(now)} for delivery in last],
        )


def _key(delivery: Delivery) -> dict[str, Any]:
    return {"edition_id": delivery.edition_id, "number": delivery.number}


def _delivery(row: sqlite3.Row) -> Delivery:
    return Delivery(
        edition_id=row["edition_id"],
        subscription_id=row["subscription_id"],
        number=row["number"],
        part_count=row["part_count"],
        channel_id=row["channel_id"],
        channel_kind=ChannelKind(row["channel_kind"]),
        marker=row["marker"],
        nonce=row["nonce"],
        payload=row["payload"],
        state=DeliveryState.CLAIMED,
        attempt_count=row["attempt_count"],
        attempted_at=from_seconds_or_none(row["attempted_at"]),
        thread_id=row["thread_id"],
        mention_role_id=row["mention_role_id"],
        title=row["title"],
        topics=tuple(json.loads(row["topics"])),
        guild_id=row["guild_id"],
        creator_id=row["creator_id"],
        composition_id=row["composition_id"],
    )
