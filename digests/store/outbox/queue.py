"""The order of the outbox: which part is sent next. Used by the stores of subscriptions, editions and deliveries.

A part is in the queue while its `ready_at` is set. Each subscription has at most one such part: the first unsettled
part of its oldest pending edition. That keeps editions and parts in order without a check at every claim.
"""

from __future__ import annotations

from collections.abc import Iterable
from hashlib import blake2b

import aiosqlite

from digests.models import Failure

READY_HEAD = """
    UPDATE deliveries SET ready_at = :ready_at
    WHERE state = 'pending' AND (edition_id, number) = (
        SELECT head.edition_id, head.number FROM deliveries AS head
        WHERE head.edition_id = (
            SELECT MIN(id) FROM editions WHERE subscription_id = :subscription_id AND state = 'pending'
        ) AND head.state IN ('pending', 'claimed')
        ORDER BY head.number LIMIT 1
    ) AND EXISTS (SELECT 1 FROM subscriptions WHERE id = :subscription_id AND state = 'active')
"""
"""Queues a subscription's next part, unless that part is claimed or the subscription is paused."""

_UNTOUCHED = """
    NOT EXISTS (
        SELECT 1 FROM deliveries WHERE edition_id = editions.id AND (state != 'pending' OR attempted_at IS NOT NULL)
    )
"""
"""Condition on an edition: nothing of it was sent, is being sent or is in doubt."""
_FOLLOW = """
    UPDATE editions SET channel_id = s.channel_id, channel_kind = s.channel_kind, guild_id = s.guild_id
    FROM subscriptions AS s WHERE s.id = editions.subscription_id AND editions.state = 'pending'
"""


async def free(connection: aiosqlite.Connection, subscription_id: int, ready_at: int) -> None:
    """Queue a subscription's next part for `ready_at`."""
    await connection.execute(READY_HEAD, {"subscription_id": subscription_id, "ready_at": ready_at})


async def hold(connection: aiosqlite.Connection, subscription_id: int) -> None:
    """Remove a subscription's parts from the queue and withdraw its editions of which nothing can have arrived.

    Partially delivered editions stay, and continue when the subscription is resumed.
    """
    await connection.execute(
        "UPDATE deliveries SET ready_at = NULL WHERE state = 'pending' AND edition_id IN"
        " (SELECT id FROM editions WHERE subscription_id = :subscription_id AND state = 'pending')",
        {"subscription_id": subscription_id},
    )
    async with connection.execute(
        f"SELECT id FROM editions WHERE subscription_id = :subscription_id AND state = 'pending' AND {_UNTOUCHED}"  # noqa: S608
        " ORDER BY id",
        {"subscription_id": subscription_id},
    ) as cursor:
        untouched = [int(row["id"]) for row in await cursor.fetchall()]
    for edition_id in untouched:
        await withdraw(connection, edition_id, "withdrawn unsent")


async def redirect(connection: aiosqlite.Connection, subscription_id: int) -> None:
    """Move a subscription's editions to its new channel, except those that were begun: they end in the old one."""
    await connection.execute(
        f"{_FOLLOW} AND s.id = :subscription_id AND (editions.channel_id = s.channel_id OR {_UNTOUCHED})",
        {"subscription_id": subscription_id},
    )


async def is_left_behind(connection: aiosqlite.Connection, edition_id: int) -> bool:
    """Check whether an edition goes to another channel than its subscription now does."""
    async with connection.execute(
        "SELECT 1 FROM editions AS e JOIN subscriptions AS s ON s.id = e.subscription_id"
        " WHERE e.id = :edition_id AND e.channel_id != s.channel_id",
        {"edition_id": edition_id},
    ) as cursor:
        return await cursor.fetchone() is not None


async def follow(connection: aiosqlite.Connection, edition_id: int) -> None:
    """Move the rest of an edition to its subscription's new channel."""
    await connection.execute(f"{_FOLLOW} AND editions.id = :edition_id", {"edition_id": edition_id})
    await connection.execute("UPDATE editions SET thread_id = NULL WHERE id = :edition_id", {"edition_id": edition_id})
    # With the old nonce Discord would return the deleted message and create no new one.
    async with connection.execute(
        "SELECT d.number, d.nonce, e.channel_id FROM deliveries AS d JOIN editions AS e ON e.id = d.edition_id"
        " WHERE d.edition_id = :edition_id AND d.state = 'pending'",
        {"edition_id": edition_id},
    ) as cursor:
        rest = await cursor.fetchall()
    await connection.executemany(
        "UPDATE deliveries SET nonce = :nonce WHERE edition_id = :edition_id AND number = :number",
        [
            {"edition_id": edition_id, "number": row["number"], "nonce": grown(row["nonce"], (row["channel_id"],))}
            for row in rest
        ],
    )


async def end_doubt(connection: aiosqlite.Connection, subscription_id: int, cause: str) -> None:
    """End the edition with a part in doubt, if the subscription was paused for `cause`."""
    async with connection.execute(
        "SELECT MIN(e.id) AS id FROM editions AS e JOIN subscriptions AS s ON s.id = e.subscription_id"
        " JOIN deliveries AS d ON d.edition_id = e.id AND d.state = 'pending' AND d.attempted_at IS NOT NULL"
        " WHERE s.id = :id AND s.state = 'paused' AND s.pause_cause = :cause AND e.state = 'pending'",
        {"id": subscription_id, "cause": cause},
    ) as cursor:
        row = await cursor.fetchone()
    if row is not None and row["id"] is not None:
        await connection.execute(
            "UPDATE editions SET failure = :failure WHERE id = :id",
            {"id": row["id"], "failure": Failure.DOUBTFUL.value},
        )
        await fail_rest(connection, row["id"], "nobody could see whether it arrived")


async def fail_rest(connection: aiosqlite.Connection, edition_id: int, error: str) -> None:
    """Fail an edition of which something may have arrived; its content counts as delivered."""
    values = {"edition_id": edition_id, "error": error}
    await connection.execute(
        "UPDATE deliveries SET state = 'failed', ready_at = NULL, error = :error"
        " WHERE edition_id = :edition_id AND state IN ('pending', 'claimed')",
        values,
    )
    await connection.execute("UPDATE editions SET state = 'failed' WHERE id = :edition_id", values)


async def withdraw(connection: aiosqlite.Connection, edition_id: int, error: str) -> None:
    """Fail an edition of which nothing arrived, so that its articles go into the subscription's next one."""
    async with connection.execute(
        "SELECT e.subscription_id, e.since_at, e.composition_id, s.history FROM editions AS e"
        " JOIN subscriptions AS s ON s.id = e.subscription_id WHERE e.id = :edition_id",
        {"edition_id": edition_id},
    ) as cursor:
        row = await cursor.fetchone()
    if row is None:
        return
    await connection.execute(
        "UPDATE editions SET state = 'failed', counted = 0 WHERE id = :edition_id", {"edition_id": edition_id}
    )
    await connection.execute(
        "UPDATE deliveries SET state = 'failed', ready_at = NULL, error = COALESCE(error, :error)"
        " WHERE edition_id = :edition_id AND state IN ('pending', 'claimed')",
        {"edition_id": edition_id, "error": error},
    )
    # Subscriptions with the same deliveries and the same losses still share their next composition.
    await connection.execute(
        "UPDATE subscriptions SET covered_until = MIN(COALESCE(covered_until, :since_at), :since_at),"
        " history = :history, version = version + 1 WHERE id = :subscription_id",
        {
            "subscription_id": row["subscription_id"],
            "since_at": row["since_at"],
            "history": grown(row["history"], ("withdrawn", row["composition_id"])),
        },
    )


def grown(history: str, event: Iterable[object]) -> str:
    """Return the running hash of a history after one more event."""
    words = "\0".join(str(word) for word in (history, *event))
    return blake2b(words.encode(), digest_size=12).hexdigest()
