"""Checks that a database file is as the program writes it: its pages, its exact schema, the type of each value.

SQLite only notices changed bits on a disk if they break a page; a title that has become a number is damage as well.
"""

from __future__ import annotations

import json
import sqlite3
import traceback
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, closing
from datetime import UTC, datetime
from functools import cache, partial
from pathlib import Path

from digests.errors import BroadsheetError, StoreError
from digests.models import ChannelKind, EditionState, QuietDay, Style, SubscriptionState
from digests.store.connection import Database
from digests.store.database_kinds import STATE, Schema, migrations_of, statements
from digests.store.subscription_rows import PauseCause, subscription_of

_PLAUSIBLE_S = (0, int(datetime(2200, 1, 1, tzinfo=UTC).timestamp()))
_ANY_DATE_S = (int(datetime(1, 1, 2, tzinfo=UTC).timestamp()), int(datetime(9999, 12, 30, tzinfo=UTC).timestamp()))
_SQLITE_TABLES = frozenset({"sqlite_sequence", "sqlite_stat1", "sqlite_stat4"})
_TYPES = {"INTEGER": ("integer",), "TEXT": ("text",), "BLOB": ("blob",)}
_CORPUS_MODULES = ("articles/", "article_rows", "search/")
_STORE = Path(__file__).parent
_PYTHON = Path(json.__file__).parents[1]
UNREADABLE = (ValueError, TypeError, LookupError, ArithmeticError, AttributeError, AssertionError, RecursionError)
"""Errors caused by values that the program never writes."""


@asynccontextmanager
async def naming_damage(*databases: Database) -> AsyncIterator[None]:
    """Turn an unexpected error in the block into one that names the damaged file that caused it.

    Raises:
        StoreError: A file is damaged.
    """
    try:
        yield
    except (*UNREADABLE, sqlite3.Error) as error:
        damaged = await find_damaged(*databases) or unreadable_row(error, databases)
        if damaged is None:
            raise
        raise damaged from error


def unreadable_row(error: BaseException, databases: Sequence[Database]) -> StoreError | None:
    """Return an error that names the file whose row could not be read; None if the error is not about reading rows.

    This is the only check that finds a value of the right type with impossible content (a date with a letter in
    it).
    """
    if not isinstance(error, (ValueError, LookupError)):
        return None
    files = [Path(frame.filename) for frame in traceback.extract_tb(error.__traceback__)]
    while files and not _is_ours(files[-1]):
        files.pop()
    if not files or not files[-1].is_relative_to(_STORE) or files[-1] == Path(__file__):
        return None
    is_of_cache = files[-1].relative_to(_STORE).as_posix().startswith(_CORPUS_MODULES)
    found = [database for database in databases if database.schema.is_cache == is_of_cache]
    return found[0].damaged(error) if found else None


def _is_ours(file: Path) -> bool:
    """Check whether a source file belongs to this program, not to Python or a library that rows pass through."""
    return file.is_relative_to(_STORE.parent) or not (file.is_relative_to(_PYTHON) or "aiosqlite" in file.parts)


async def find_damaged(*databases: Database) -> StoreError | None:
    """Return an error that names the first damaged file; None if all are sound."""
    for database in databases:
        try:
            fault = await find_damage(database)
        except StoreError as error:
            return error
        if fault is not None:
            return database.damaged(fault)
    return None


async def find_damage(database: Database) -> str | None:
    """Check a whole file; return what is wrong with it, or None."""
    fault = await database.find_damage()
    if fault is not None:
        return fault
    async with database.read() as connection:
        return await connection.run(partial(_find_anomaly, schema=database.schema))


def _find_anomaly(connection: sqlite3.Connection, *, schema: Schema) -> str | None:
    anomaly = find_schema_anomaly(connection, schema, schema_version(schema))
    if anomaly is None:
        anomaly = next(find_value_anomalies(connection, schema), None)
    if anomaly is None and schema is STATE:
        anomaly = next(
            (
                f"subscriptions {row['id']}"
                for row in connection.execute("SELECT * FROM subscriptions")
                if not _is_readable(row)
            ),
            None,
        )
    return anomaly


def _is_readable(row: sqlite3.Row) -> bool:
    try:
        subscription_of(row)
    except (BroadsheetError, OSError, *UNREADABLE):
        return False
    return True


def schema_version(schema: Schema) -> int:
    """Return the number of a schema's last migration."""
    return migrations_of(schema)[-1][0]


def find_schema_anomaly(connection: sqlite3.Connection, schema: Schema, version: int) -> str | None:
    """Return the part of a file's schema that differs from the migrations up to `version`; None if there is none."""
    found = {
        (kind, name, _plain(sql))
        for kind, name, sql in connection.execute("SELECT type, name, sql FROM sqlite_schema")
        if not (kind == "table" and name in _SQLITE_TABLES) and not (kind == "index" and sql is None)
    }
    ours = _schema_of(schema, version)
    different = sorted(found - ours) or sorted(ours - found)
    return f"{different[0][0]} {different[0][1]}"[:100] if different else None


def find_value_anomalies(connection: sqlite3.Connection, schema: Schema) -> Iterator[str]:
    """Yield the tables and columns with values that the program never writes; check the schema first."""
    tables = connection.execute("SELECT name, sql FROM sqlite_schema WHERE type = 'table'").fetchall()
    for table, sql in tables:
        if table in _SQLITE_TABLES or sql.startswith("CREATE VIRTUAL"):
            continue
        conditions = {
            column: _anomaly_condition(schema, table, column, kind, required=bool(required))
            for _cid, column, kind, required, _default, _key in connection.execute(f'PRAGMA table_info("{table}")')
        }
        # One scan of a table if it is sound, which is nearly always the case.
        if _exists(connection, table, " OR ".join(conditions.values())):
            yield from (
                f"{table}.{column}" for column, anomaly in conditions.items() if _exists(connection, table, anomaly)
            )


def _exists(connection: sqlite3.Connection, table: str, condition: str) -> bool:
    query = f'SELECT EXISTS (SELECT 1 FROM "{table}" WHERE {condition})'  # noqa: S608 - names of our own schema
    return bool(connection.execute(query).fetchone()[0])


def _anomaly_condition(schema: Schema, table: str, column: str, kind: str, *, required: bool) -> str:
    types = ", ".join(f"'{name}'" for name in (*_TYPES.get(kind, ()), *(() if required else ("null",))))
    anomaly = f'TYPEOF("{column}") NOT IN ({types})' if kind in _TYPES else "0"
    if schema is not STATE:
        return anomaly
    least, most = _BOUNDS.get((table, column), (None, None))
    if column.endswith(("_at", "_until")):
        least, most = _ANY_DATE_S if table == "arrivals" else _PLAUSIBLE_S
    if least is not None:
        anomaly += f' OR "{column}" NOT BETWEEN {least} AND {most}'
    if (table, column) in _JSON:
        # Empty or NULL in rows from before these were stored.
        unless = f"\"{column}\" != '' AND " if column in {"seen", "silence"} else ""
        anomaly += f' OR ({unless}NOT JSON_VALID("{column}"))'
    if (table, column) in _WORDS:
        words = ", ".join(f"'{word}'" for word in _WORDS[table, column])
        anomaly += f' OR "{column}" NOT IN ({words})'
    return anomaly


_WORDS: dict[tuple[str, str], list[str]] = {
    ("subscriptions", "channel_kind"): [kind.value for kind in ChannelKind],
    ("subscriptions", "state"): [state.value for state in SubscriptionState],
    ("subscriptions", "pause_cause"): [cause.value for cause in PauseCause],
    ("subscriptions", "quiet_day"): [quiet.value for quiet in QuietDay],
    ("subscriptions", "style"): [style.value for style in Style],
    ("editions", "state"): [state.value for state in EditionState],
    ("deliveries", "state"): ["pending", "claimed", "sent", "failed"],
}
"""Columns with one of a fixed set of words."""
_BOUNDS: dict[tuple[str, str], tuple[int | None, int | None]] = {
    ("subscriptions", "min_quality"): (0, 1000),
    ("subscriptions", "max_stories"): (1, 50),
    ("subscriptions", "per_topic"): (1, 50),
    ("subscriptions", "per_provider"): (1, 50),
    ("subscriptions", "channel_id"): (0, 2**63 - 1),
    ("subscriptions", "creator_id"): (0, 2**63 - 1),
    ("editions", "part_count"): (0, 1000),
    ("deliveries", "number"): (1, 1000),
    ("parts", "number"): (1, 1000),
}
_JSON = frozenset(
    {
        ("compositions", "topics"),
        ("editions", "silence"),
        ("parts", "payload"),
        ("told_stories", "domains"),
        ("told_stories", "seen"),
    }
)


@cache
def _schema_of(schema: Schema, version: int) -> frozenset[tuple[str, str, str]]:
    with closing(sqlite3.connect(":memory:")) as fresh:
        for number, sql in migrations_of(schema):
            if number <= version:
                for statement in statements(sql):
                    fresh.execute(statement)
        rows = fresh.execute("SELECT type, name, sql FROM sqlite_schema WHERE name NOT LIKE 'sqlite_%'").fetchall()
    return frozenset((kind, name, _plain(sql)) for kind, name, sql in rows)


def _plain(sql: str | None) -> str:
    return " ".join((sql or "").split())
