"""The kinds of database files and their migrations: numbered SQL files, each run once."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from functools import cache
from importlib.resources import files


@dataclass(frozen=True, slots=True)
class Schema:
    """A database file's kind.

    Attributes:
        name: The folder of its migrations.
        application_id: Marks its files.
        synchronous: SQLite's setting.
        writer_cache_kib: Pages that the writing connection keeps; reading ones keep SQLite's usual 2 MiB.
        page_bytes: Of files that are new.
        is_cache: Its content can be rebuilt.
    """

    name: str
    application_id: int
    synchronous: str
    writer_cache_kib: int = 2048
    page_bytes: int = 4096
    is_cache: bool = False


CORPUS = Schema("corpus", 0x42534331, "NORMAL", writer_cache_kib=16384, page_bytes=8192, is_cache=True)
"""The cache of the folders: losing the last second in a power cut costs a reload, so `NORMAL` is enough.

An article takes about 1.5 KB; pages of 8 KiB waste less space, and make a load a fifth faster.
"""
STATE = Schema("state", 0x42535331, "FULL")
"""Subscriptions, outbox and ledger: a commit has to survive a power cut."""


@cache
def migrations_of(schema: Schema) -> tuple[tuple[int, str], ...]:
    """Return the migrations of a schema as (version, SQL), ascending."""
    folder = files("digests.store") / "migrations" / schema.name
    named = sorted((entry.name, entry.read_text("utf-8")) for entry in folder.iterdir() if entry.name.endswith(".sql"))
    return tuple((int(name.split("_", 1)[0]), sql) for name, sql in named)


def statements(sql: str) -> list[str]:
    """Split a script into its statements (`executescript` would commit an open transaction)."""
    found: list[str] = []
    pending = ""
    for line in sql.splitlines(keepends=True):
        pending += line
        if sqlite3.complete_statement(pending):
            found.append(pending)
            pending = ""
    return found
