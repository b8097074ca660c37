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
"""An edition that a person is waiting for goes ahead of a backlog of up to a day."""


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
        self, compositions: Iterable[Composition], drafts: Sequence[NewEdition], now: datetime
    ) -> tuple[Edition, ...]:
        """Write editions, their parts and compositions, and advance the subscriptions: all or nothing.

        Skipped are editions of subscriptions that changed or were deleted meanwhile (they come up again), editions for
        due times that have one already (the subscription is only advanced), and compositions that only those would use.

        Returns:
            The editions that were made.
        """
        packed = await offload(_packed, tuple(compositions))
        async with self._database.transaction() as connection:
            drafts = await _unchanged(connection, drafts)
            made_before = await _made_before(connection, drafts)
            fresh = [draft for draft in drafts if not draft.is_skipped and _slot(draft) not in made_before]
            passed = [draft for draft in drafts if draft.is_skipped or _slot(draft) in made_before]
            delivered = {draft.composition_id for draft in fresh}
            await write_compositions(connection, [one for one in packed if one[0].id in delivered], to_seconds(now))
            await connection.executemany(
                "UPDATE subscriptions SET settled_until = :settled_until, next_due_at = :next_due_at,"
                " covered_until = COALESCE(covered_until, :since_at), version = version + 1 WHERE id = :id",
                [_passing(draft) | {"since_at": to_seconds(draft.window.since)} for draft in passed],
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

        A subscription has none if its next edition was delivered, or if the failure is so old that its parts
        were deleted.
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


async def _unchanged(connection: aiosqlite.Connection, drafts: Sequence[NewEdition]) -> list[NewEdition]:
    ids = [draft.scheduled.subscription.id for draft in drafts]
    async with connection.execute(
        "SELECT id, version FROM subscriptions WHERE state = :active AND id IN (SELECT value FROM json_each(:ids))",
        {"active": SubscriptionState.ACTIVE.value, "ids": json.dumps(ids)},
    ) as cursor:
        versions = {int(row["id"]): int(row["version"]) for row in await cursor.fetchall()}
    return [draft for draft in drafts if versions.get(draft.scheduled.subscription.id) == draft.scheduled.version]


async def _made_before(
    connection: aiosqlite.Connection, drafts: Sequence[NewEdition]
) -> frozenset[tuple[int, int, int]]:
    async with connection.execute(
        "SELECT subscription_id, due_at, early FROM json_each(:slots) AS slot JOIN editions"
        " ON subscription_id = json_extract(slot.value, '$[0]') AND due_at = json_extract(slot.value, '$[1]')"
        " AND early = json_extract(slot.value, '$[2]')",
        {"slots": json.dumps([_slot(draft) for draft in drafts])},
    ) as cursor:
        return frozenset(
            (int(row["subscription_id"]), int(row["due_at"]), int(row["early"])) for row in await cursor.fetchall()
        )


def _slot(draft: NewEdition) -> tuple[int, int, int]:
    return (draft.scheduled.subscription.id, to_seconds(draft.due_at), int(draft.early))


def _passing(draft: NewEdition) -> dict[str, Any]:
    return {
        "id": draft.scheduled.subscription.id,
        "settled_until": to_seconds(draft.placement.settled_until),
        "next_due_at": to_seconds_or_none(draft.placement.next_due_at),
    }


async def _write_editions(
    connection: aiosqlite.Connection, drafts: Sequence[NewEdition], now_s: int
) -> tuple[Edition, ...]:
    if not drafts:
        return ()
    first_id = 1 + await scalar(connection, "SELECT seq FROM sqlite_sequence WHERE name = 'editions'")
    numbered = list(enumerate(drafts, first_id))
    async with connection.execute(
        "SELECT DISTINCT subscription_id FROM editions WHERE state = 'pending'"
        " AND subscription_id IN (SELECT value FROM json_each(:ids))",
        {"ids": json.dumps([draft.scheduled.subscription.id for draft in drafts])},
    ) as cursor:
        waiting = {int(row["subscription_id"]) for row in await cursor.fetchall()}
    await connection.executemany(
        "UPDATE subscriptions SET settled_until = :settled_until, next_due_at = :next_due_at,"
        " covered_until = :until_at, history = :history, version = version + 1 WHERE id = :id",
        [
            _passing(draft)
            | {
                "until_at": to_seconds(draft.window.until),
                "history": draft.scheduled.history
                if draft.composition_id is None
                else grown(draft.scheduled.history, ("told", draft.composition_id)),
            }
            for draft in drafts
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
                "subscription_id": draft.scheduled.subscription.id,
                "channel_id": draft.scheduled.subscription.channel_id,
                "channel_kind": draft.scheduled.subscription.channel_kind.value,
                "guild_id": draft.scheduled.subscription.guild_id,
                "due_at": to_seconds(draft.due_at),
                "since_at": to_seconds(draft.window.since),
                "until_at": to_seconds(draft.window.until),
                "early": int(draft.early),
                "state": _first_state(draft).value,
                "composition_id": draft.composition_id,
                "part_count": len(draft.marks),
                "now": now_s,
                "silence": json.dumps(asdict(draft.silence)) if draft.silence is not None else None,
            }
            for id, draft in numbered
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
                if number > 1 or draft.scheduled.subscription.id in waiting
                else now_s - EARLY_BONUS_S * draft.early,
                "attempted_at": to_seconds_or_none(draft.maybe_sent_at),
            }
            for id, draft in numbered
            for number, mark in enumerate(draft.marks, 1)
        ],
    )
    return tuple(
        Edition(id, draft.scheduled.subscription.id, draft.due_at, draft.window, _first_state(draft), draft.early)
        for id, draft in numbered
    )


def _first_state(draft: NewEdition) -> EditionState:
    return EditionState.PENDING if draft.marks else EditionState.EMPTY
