"""Whether a file from outside is a state.db of ours, to the letter: nothing in it may run, and every value can be read.

A database can hold code: a trigger or a view runs with the first statement that touches it.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from functools import cache

from digests.errors import BroadsheetError
from digests.models import ChannelKind, EditionState, QuietDay, Style, SubscriptionState
from digests.store.database_kinds import STATE, migrations_of, statements
from digests.store.subscription_rows import PauseCause, subscription_of

_OUR_DAYS = (0, int(datetime(2200, 1, 1, tzinfo=UTC).timestamp()))
_CALENDAR = (int(datetime(1, 1, 2, tzinfo=UTC).timestamp()), int(datetime(9999, 12, 30, tzinfo=UTC).timestamp()))
_SQLITES_OWN = frozenset({"sqlite_sequence", "sqlite_stat1", "sqlite_stat4"})
_TYPES = {"INTEGER": ("integer",), "TEXT": ("text",), "BLOB": ("blob",)}


def harden(connection: sqlite3.Connection) -> None:
    """Have SQLite run nothing that a file brings along, and notice malformed pages."""
    connection.execute("PRAGMA trusted_schema = OFF")
    connection.execute("PRAGMA cell_size_check = ON")


def find_strange_schema(connection: sqlite3.Connection, version: int) -> str | None:
    """Return what of a file's schema is not as the migrations up to `version` make it; None when all is."""
    found = {
        (kind, name, _plain(sql))
        for kind, name, sql in connection.execute("SELECT type, name, sql FROM sqlite_schema")
        if not (kind == "table" and name in _SQLITES_OWN) and not (kind == "index" and sql is None)
    }
    ours = _schema_of(version)
    strange = sorted(found - ours) or sorted(ours - found)
    return f"{strange[0][0]} {strange[0][1]}"[:100] if strange else None


def find_strange_value(connection: sqlite3.Connection, check_zone: Callable[[str], object]) -> str | None:
    """Return where a value stands that the program could not read; None when there is none.

    Args:
        connection: A file with our schema of today.
        check_zone: Raises for what is no time zone.
    """
    for (table,) in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'").fetchall():
        if table in _SQLITES_OWN:
            continue
        for _cid, column, kind, required, _default, _key in connection.execute(f'PRAGMA table_info("{table}")'):
            if _is_strange(connection, table, column, kind, required=bool(required)):
                return f"{table}.{column}"
    connection.row_factory = sqlite3.Row
    for row in connection.execute("SELECT * FROM subscriptions"):
        if not _can_be_read(row, check_zone):
            return f"subscriptions {row['id']}"
    return None


def _can_be_read(row: sqlite3.Row, check_zone: Callable[[str], object]) -> bool:
    try:
        subscription = subscription_of(row)
        check_zone(subscription.cadence.timezone)
    except (BroadsheetError, ValueError, TypeError, LookupError, OverflowError, RecursionError, OSError):
        return False
    cadence = subscription.cadence
    names = (
        *subscription.topics,
        *subscription.providers,
        *subscription.keywords,
        *subscription.excluded_topics,
        *subscription.excluded_providers,
    )
    return bool(cadence.times and cadence.weekdays and set(cadence.weekdays) <= set(range(1, 8))) and all(
        isinstance(name, str) for name in names
    )


def _is_strange(connection: sqlite3.Connection, table: str, column: str, kind: str, *, required: bool) -> bool:
    types = ", ".join(f"'{name}'" for name in (*_TYPES.get(kind, ()), *(() if required else ("null",))))
    strange = f'TYPEOF("{column}") NOT IN ({types})' if kind in _TYPES else "0"
    least, most = _BOUNDS.get((table, column), (None, None))
    if column.endswith(("_at", "_until")):
        least, most = _CALENDAR if table == "arrivals" else _OUR_DAYS
    if least is not None:
        strange += f' OR "{column}" NOT BETWEEN {least} AND {most}'
    if (table, column) in _JSON:
        strange += f' OR NOT JSON_VALID("{column}")'
    if (table, column) in _WORDS:
        words = ", ".join(f"'{word}'" for word in _WORDS[table, column])
        strange += f' OR "{column}" NOT IN ({words})'
    query = f'SELECT EXISTS (SELECT 1 FROM "{table}" WHERE {strange})'  # noqa: S608 - names of our own schema
    return bool(connection.execute(query).fetchone()[0])


_WORDS: dict[tuple[str, str], list[str]] = {
    ("subscriptions", "channel_kind"): [kind.value for kind in ChannelKind],
    ("subscriptions", "state"): [state.value for state in SubscriptionState],
    ("subscriptions", "pause_cause"): [cause.value for cause in PauseCause],
    ("subscriptions", "quiet_day"): [quiet.value for quiet in QuietDay],
    ("subscriptions", "style"): [style.value for style in Style],
    ("editions", "state"): [state.value for state in EditionState],
    ("deliveries", "state"): ["pending", "claimed", "sent", "failed"],
}
"""Columns that hold one of our words."""
_BOUNDS: dict[tuple[str, str], tuple[int | None, int | None]] = {
    ("subscriptions", "min_quality"): (0, 1000),
    ("subscriptions", "max_stories"): (1, 50),
    ("subscriptions", "channel_id"): (0, 2**63 - 1),
    ("subscriptions", "creator_id"): (0, 2**63 - 1),
    ("editions", "part_count"): (0, 1000),
    ("deliveries", "number"): (1, 1000),
    ("parts", "number"): (1, 1000),
}
_JSON = frozenset({("compositions", "topics"), ("told_stories", "domains"), ("parts", "payload")})


@cache
def _schema_of(version: int) -> frozenset[tuple[str, str, str]]:
    with closing(sqlite3.connect(":memory:")) as fresh:
        for number, sql in migrations_of(STATE):
            if number <= version:
                for statement in statements(sql):
                    fresh.execute(statement)
        rows = fresh.execute("SELECT type, name, sql FROM sqlite_schema WHERE name NOT LIKE 'sqlite_%'").fetchall()
    return frozenset((kind, name, _plain(sql)) for kind, name, sql in rows)


def _plain(sql: str | None) -> str:
    return " ".join((sql or "").split())
