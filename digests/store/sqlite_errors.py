"""Classifies SQLite's errors: a damaged file, a temporarily unusable one, or a bug of ours."""

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
"""Result codes about the file, its disk or another process; all others are bugs of ours (sqlite.org/rescode)."""
DAMAGE = frozenset({sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB})
UNREADABLE = (UnicodeDecodeError, json.JSONDecodeError, zlib.error)
"""Errors from reading rows in whose text bits have changed, which SQLite does not notice."""
_SIGNS = ("Could not decode to UTF-8", "no such fts5 table", "vtable constructor failed", "malformed")
"""SQLite's messages about a schema with changed bits, which has no error code of its own."""


def is_damage(error: Exception) -> bool:
    """Check whether an error means that a file is damaged."""
    if not isinstance(error, sqlite3.Error):
        return isinstance(error, UNREADABLE)
    return code_of(error) in DAMAGE or str(error).startswith(_SIGNS)


def code_of(error: sqlite3.Error) -> int | None:
    """Return SQLite's primary result code; None for an error of Python's sqlite3 module."""
    extended: int | None = getattr(error, "sqlite_errorcode", None)
    return None if extended is None else extended & 0xFF
