"""What SQLite's errors mean: a damaged file, one that can't be used at present, or a mistake of ours."""

from __future__ import annotations

import json
import sqlite3
import zlib

TROUBLE = frozenset(
    {
        sqlite3.SQLITE_BUSY,
        sqlite3.SQLITE_CANTOPEN,
        sqlite3.SQLITE_CORRUPT,
        sqlite3.SQLITE_FULL,
        sqlite3.SQLITE_IOERR,
        sqlite3.SQLITE_LOCKED,
        sqlite3.SQLITE_NOMEM,
        sqlite3.SQLITE_NOTADB,
        sqlite3.SQLITE_PERM,
        sqlite3.SQLITE_PROTOCOL,
        sqlite3.SQLITE_READONLY,
    }
)
"""What SQLite says of the file, its disk or another process; anything else is an error of ours (sqlite.org/rescode)."""
DAMAGE = frozenset({sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB})
UNREADABLE = (UnicodeDecodeError, json.JSONDecodeError, zlib.error)
"""What reading rows ends in where bits of their texts have changed, which SQLite does not notice."""
_SIGNS = ("Could not decode to UTF-8", "no such fts5 table", "vtable constructor failed", "malformed")
"""And what SQLite says of a schema with changed bits, under no code of its own."""


def is_damage(error: Exception) -> bool:
    """Check whether an error says that a file's content has changed by itself."""
    if not isinstance(error, sqlite3.Error):
        return isinstance(error, UNREADABLE)
    return code_of(error) in DAMAGE or str(error).startswith(_SIGNS)


def code_of(error: sqlite3.Error) -> int | None:
    """Return SQLite's primary result code, None for an error of Python's module."""
    extended: int | None = getattr(error, "sqlite_errorcode", None)
    return None if extended is None else extended & 0xFF
