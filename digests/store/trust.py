"""Checks that a file from outside is exactly a state.db of ours, without code and with valid values.

A database can contain code: a trigger or a view runs with the first statement that touches it.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable

from digests.errors import BroadsheetError
from digests.store.database_kinds import STATE
from digests.store.soundness import UNREADABLE, find_value_anomalies
from digests.store.subscription_rows import subscription_of


def harden(connection: sqlite3.Connection) -> None:
    """Configure SQLite to run no code from a file, and to notice malformed pages."""
    connection.execute("PRAGMA trusted_schema = OFF")
    connection.execute("PRAGMA cell_size_check = ON")


def find_strange_value(connection: sqlite3.Connection, check_zone: Callable[[str], object]) -> str | None:
    """Return the place of a value that the program could not read; None if there is none.

    Args:
        connection: A file with the current schema.
        check_zone: Raises for an unknown time zone.
    """
    place = next(find_value_anomalies(connection, STATE), None)
    if place is not None:
        return place
    connection.row_factory = sqlite3.Row
    for row in connection.execute("SELECT * FROM subscriptions"):
        if not _can_be_read(row, check_zone):
            return f"subscriptions {row['id']}"
    return None


def _can_be_read(row: sqlite3.Row, check_zone: Callable[[str], object]) -> bool:
    try:
        subscription = subscription_of(row)
        check_zone(subscription.cadence.timezone)
    except (BroadsheetError, OSError, *UNREADABLE):
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
