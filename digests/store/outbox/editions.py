"""Editions in state.db: one subscription's digest for one due time, written together with the parts to be sent."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

import aiosqlite

from digests.models import Edition, EditionState, FailedEdition, Failure, Silence, SubscriptionState, Window
from digests.offload import offload
from digests.store.connection import Database, scalar
from digests.store.outbox.compositions import Composition, Packer, write_compositions
from digests.store.outbox.queue import grown
from digests.store.subscription_rows import Placement, ScheduledSubscription
from digests.store.timestamps import from_seconds, to_seconds, to_seconds_or_none

EARLY_BONUS_S = 86_400
"""An edition that somebody is waiting for is sent before a backlog of up to a day."""


@dataclass(frozen=True, slots=True)
class PartMark:
    """What identifies a part of an edition: its message's nonce and its container's numeric id."""

    marker: int
    nonce: str


@dataclass(frozen=True, slots=True)
class NewEdition:
    """An edition to be written, and its subscription's placement afterwards.

    Attributes:
        scheduled: The subscription when the edition was decided on; if it has changed since, nothing is written.
        composition_id: None for a skipped quiet day.
        marks: One per part.
        placement: The subscription's place in the calendar afterwards.
        passed_over: There is no edition for the due time; the subscription is only moved past it.
        maybe_sent_at: Set if the parts may have arrived already without this file knowing (after a restore).
        silence: Why there was no news; None if there was some.
    """

    scheduled: ScheduledSubscription
    due_at: datetime
    window: Window
    placement: Placement
    composition_id: int | None = None
    marks: tuple[PartMark, ...] = ()
    early: bool = False
    is_skipped: bool = False
    maybe_sent_at: datetime | None = None
    silence: Silence | None = None


class EditionStore:
    """Reads and writes editions."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def write(
        self, compositions: Iterable[Composition], new_editions: Sequence[NewEdition], now: datetime
    ) -> tuple[Edition, ...]:
        """Write editions, their parts and compositions, and advance the subscriptions: all or nothing.

        An edition is skipped if its subscription has changed or been deleted since (it comes up again), or if its due
        time already has one (the subscription is only advanced); so is a composition that no edition uses then.

        Returns:
            The editions that were made.
        """
        packed = await offload(_packed, tuple(compositions))
        async with self._database.transaction() as connection:
            new_editions = await _unchanged(connection, new_editions)
            made_before = await _made_before(connection, new_editions)
            fresh = [
                edition for edition in new_editions if not edition.is_skipped and _slot(edition) not in made_before
            ]
            passed = [edition for edition in new_editions if edition.is_skipped or _slot(edition) in made_before]
            delivered = {edition.composition_id for edition in fresh}
            await write_compositions(connection, [one for one in packed if one[0].id in delivered], to_seconds(now))
            await connection.executemany(
                "UPDATE subscriptions SET settled_until = :settled_until, next_due_at = :next_due_at,"
                " covered_until = COALESCE(covered_until, :since_at), version = version + 1 WHERE id = :id",
                [_passing(edition) | {"since_at": to_seconds(edition.window.since)} for edition in passed],
            )
            return await _write_editions(connection, fresh, to_seconds(now))

    async def bring_forward(self, now: datetime, *, stepped: bool) -> int:
        """Make parts due at `now` that wait for a future moment because the clock has gone back.

        A part that was never attempted has no other reason to wait.

        Args:
            now: The current moment.
            stepped: The clock certainly went back: also release parts waiting for a retry, or to be published.

        Returns:
            The number of parts.
        """
        values: dict[str, object] = {"now": to_seconds(now), "stepped": int(stepped)}
        ahead = "state = 'pending' AND ready_at > :now AND (:stepped OR (attempted_at IS NULL AND error IS NULL))"
        unpublished = "publish_state = 'due' AND publish_at > :now AND :stepped"
        found = f"SELECT EXISTS (SELECT 1 FROM deliveries WHERE {ahead})"  # noqa: S608
        async with self._database.read() as connection:
            if not stepped and not await scalar(connection, found, values):
                return 0  # almost always: nothing is written
        async with self._database.transaction() as connection:
            await connection.execute(f"UPDATE deliveries SET publish_at = :now WHERE {unpublished}", values)  # noqa: S608
            cursor = await connection.execute(f"UPDATE deliveries SET ready_at = :now WHERE {ahead}", values)  # noqa: S608
            return cursor.rowcount

    async def list_delivered_at(self, subscription_ids: Sequence[int], since: datetime) -> dict[int, list[datetime]]:
        """Return the due times from `since` on at which subscriptions received stories, by subscription id."""
        delivered_at: dict[int, list[datetime]] = {}
        async with (
            self._database.read() as connection,
            connection.execute(
                "SELECT subscription_id, due_at FROM json_each(:ids) AS id JOIN editions"
                " ON subscription_id = id.value AND due_at >= :since AND counted"
                " AND EXISTS (SELECT 1 FROM told_stories WHERE composition_id = editions.composition_id)",
                {"ids": json.dumps(subscription_ids), "since": to_seconds(since)},
            ) as cursor,
        ):
            for row in await cursor.fetchall():
                delivered_at.setdefault(int(row["subscription_id"]), []).append(from_seconds(row["due_at"]))
        return delivered_at

    async def list_failed(self, subscription_ids: Sequence[int]) -> dict[int, FailedEdition]:
        """Return the last editions that did not arrive completely, by subscription.

        A subscription has none if a later edition was delivered, or if the failure is so old that its parts were
        deleted.
        """
        async with (
            self._database.read() as connection,
            connection.execute(
                "SELECT e.subscription_id, e.due_at, e.part_count, e.failure, e.counted,"
                " SUM(d.state = 'sent') AS arrived_count FROM json_each(:ids) AS id"
                " JOIN editions AS e ON e.id = (SELECT MAX(id) FROM editions WHERE subscription_id = id.value"
                " AND (state = 'delivered' OR state = 'failed' AND failure IS NOT NULL))"
                " JOIN deliveries AS d ON d.edition_id = e.id WHERE e.state = 'failed' GROUP BY e.id",
                {"ids": json.dumps(subscription_ids)},
            ) as cursor,
        ):
            rows = await cursor.fetchall()
        return {
            int(row["subscription_id"]): FailedEdition(
                due_at=from_seconds(row["due_at"]),
                arrived_count=row["arrived_count"],
                part_count=row["part_count"],
                failure=Failure(row["failure"]),
                comes_again=not row["counted"],
            )
            for row in rows
        }

    async def list_recent(self, subscription_id: int, *, limit: int = 10) -> tuple[Edition, ...]:
        """Return a subscription's editions, newest first."""
        async with (
            self._database.read() as connection,
            connection.execute(
                "SELECT * FROM editions WHERE subscription_id = :subscription_id ORDER BY id DESC LIMIT :limit",
                {"subscription_id": subscription_id, "limit": limit},
            ) as cursor,
        ):
            rows = await cursor.fetchall()
        return tuple(
            Edition(
                id=row["id"],
                subscription_id=row["subscription_id"],
                due_at=from_seconds(row["due_at"]),
                window=Window(from_seconds(row["since_at"]), from_seconds(row["until_at"])),
                state=EditionState(row["state"]),
                early=bool(row["early"]),
            )
            for row in rows
        )


def _packed(compositions: Sequence[Composition]) -> list[tuple[Composition, bytes]]:
    packer = Packer()
    return [(composition, packer.pack(composition.digest)) for composition in compositions]


async def _unchanged(connection: aiosqlite.Connection, new_editions: Sequence[NewEdition]) -> list[NewEdition]:
    ids = [edition.scheduled.subscription.id for edition in new_editions]
    async with connection.execute(
        "SELECT id, version FROM subscriptions WHERE state = :active AND id IN (SELECT value FROM json_each(:ids))",
        {"active": SubscriptionState.ACTIVE.value, "ids": json.dumps(ids)},
    ) as cursor:
        versions = {int(row["id"]): int(row["version"]) for row in await cursor.fetchall()}
    return [
        edition
        for edition in new_editions
        if versions.get(edition.scheduled.subscription.id) == edition.scheduled.version
    ]


async def _made_before(
    connection: aiosqlite.Connection, new_editions: Sequence[NewEdition]
) -> frozenset[tuple[int, int, int]]:
    async with connection.execute(
        "SELECT subscription_id, due_at, early FROM json_each(:slots) AS slot JOIN editions"
        " ON subscription_id = json_extract(slot.value, '$[0]') AND due_at = json_extract(slot.value, '$[1]')"
        " AND early = json_extract(slot.value, '$[2]')",
        {"slots": json.dumps([_slot(edition) for edition in new_editions])},
    ) as cursor:
        return frozenset(
            (int(row["subscription_id"]), int(row["due_at"]), int(row["early"])) for row in await cursor.fetchall()
        )


def _slot(edition: NewEdition) -> tuple[int, int, int]:
    return (edition.scheduled.subscription.id, to_seconds(edition.due_at), int(edition.early))


def _passing(edition: NewEdition) -> dict[str, Any]:
    return {
        "id": edition.scheduled.subscription.id,
        "settled_until": to_seconds(edition.placement.settled_until),
        "next_due_at": to_seconds_or_none(edition.placement.next_due_at),
    }


async def _write_editions(
    connection: aiosqlite.Connection, new_editions: Sequence[NewEdition], now_s: int
) -> tuple[Edition, ...]:
    if not new_editions:
        return ()
    first_id = 1 + await scalar(connection, "SELECT seq FROM sqlite_sequence WHERE name = 'editions'")
    numbered = list(enumerate(new_editions, first_id))
    async with connection.execute(
        "SELECT DISTINCT subscription_id FROM editions WHERE state = 'pending'"
        " AND subscription_id IN (SELECT value FROM json_each(:ids))",
        {"ids": json.dumps([edition.scheduled.subscription.id for edition in new_editions])},
    ) as cursor:
        waiting = {int(row["subscription_id"]) for row in await cursor.fetchall()}
    await connection.executemany(
        "UPDATE subscriptions SET settled_until = :settled_until, next_due_at = :next_due_at,"
        " covered_until = :until_at, history = :history, version = version + 1 WHERE id = :id",
        [
            _passing(edition)
            | {
                "until_at": to_seconds(edition.window.until),
                "history": edition.scheduled.history
                if edition.composition_id is None
                else grown(edition.scheduled.history, ("told", edition.composition_id)),
            }
            for edition in new_editions
        ],
    )
    await connection.executemany(
        "INSERT INTO editions (id, subscription_id, channel_id, channel_kind, guild_id, due_at, since_at, until_at,"
        " early, state, composition_id, part_count, created_at, silence) VALUES (:id, :subscription_id, :channel_id,"
        " :channel_kind, :guild_id, :due_at, :since_at, :until_at, :early, :state, :composition_id, :part_count, :now,"
        " :silence)",
        [
            {
                "id": id,
                "subscription_id": edition.scheduled.subscription.id,
                "channel_id": edition.scheduled.subscription.channel_id,
                "channel_kind": edition.scheduled.subscription.channel_kind.value,
                "guild_id": edition.scheduled.subscription.guild_id,
                "due_at": to_seconds(edition.due_at),
                "since_at": to_seconds(edition.window.since),
                "until_at": to_seconds(edition.window.until),
                "early": int(edition.early),
                "state": _first_state(edition).value,
                "composition_id": edition.composition_id,
                "part_count": len(edition.marks),
                "now": now_s,
                "silence": json.dumps(asdict(edition.silence)) if edition.silence is not None else None,
            }
            for id, edition in numbered
        ],
    )
    await connection.executemany(
        "INSERT INTO deliveries (edition_id, number, marker, nonce, state, ready_at, attempted_at)"
        " VALUES (:edition_id, :number, :marker, :nonce, 'pending', :ready_at, :attempted_at)",
        [
            {
                "edition_id": id,
                "number": number,
                "marker": mark.marker,
                "nonce": mark.nonce,
                "ready_at": None
                if number > 1 or edition.scheduled.subscription.id in waiting
                else now_s - EARLY_BONUS_S * edition.early,
                "attempted_at": to_seconds_or_none(edition.maybe_sent_at),
            }
            for id, edition in numbered
            for number, mark in enumerate(edition.marks, 1)
        ],
    )
    return tuple(
        Edition(
            id, edition.scheduled.subscription.id, edition.due_at, edition.window, _first_state(edition), edition.early
        )
        for id, edition in numbered
    )


def _first_state(edition: NewEdition) -> EditionState:
    return EditionState.PENDING if edition.marks else EditionState.EMPTY
