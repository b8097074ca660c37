"""The least that a load of posts with bodies into SQLite can do: what `benchmarks.site_corpus` is compared with.

Reads, hashes, splits at the fences, parses with toml-rs or yaml-rs, and puts title, date, tags and the body as it
stands into one table and one full-text index with stems. Nothing is checked, cleaned, resolved or kept in step.
`python -m benchmarks.site_floor FOLDER DATABASE` prints the seconds it took.
"""

from __future__ import annotations

import gc
import hashlib
import os
import sqlite3
import sys
import time
from collections.abc import Callable
from contextlib import closing
from typing import Any

import toml_rs
import yaml_rs

HASH_BYTES = 64 * 1024 * 1024


def load(folder: str, database: str) -> float:
    """Load a folder of posts into a new database; return seconds."""
    gc.disable()
    started = time.perf_counter()
    rows = []
    with os.scandir(folder) as listing:
        names = sorted(entry.name for entry in listing)
    for name in names:
        descriptor = os.open(f"{folder}/{name}", os.O_RDONLY)
        status = os.fstat(descriptor)
        data = os.read(descriptor, status.st_size + 1)
        os.close(descriptor)
        text = data.decode()
        end = text.find(f"\n{text[:3]}\n", 4)
        parse: Callable[[str], Any] = toml_rs.loads if text.startswith("+") else yaml_rs.loads
        fields = parse(text[4 : end + 1])
        title, date, tags = fields["title"], str(fields.get("date") or name[:10]), "\n".join(fields["tags"])
        digest = hashlib.sha256(data).digest()[:16]
        rows.append((name, status.st_size, status.st_mtime_ns, digest, title, date, tags, text[end + 5 :]))
    with closing(sqlite3.connect(database, isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = NORMAL")
        connection.execute(
            "CREATE TABLE posts (name TEXT PRIMARY KEY, size INT, mtime_ns INT, digest BLOB, title TEXT, date TEXT,"
            " tags TEXT, body TEXT)"
        )
        connection.execute(
            "CREATE VIRTUAL TABLE found USING fts5 (title, tags, body, content = 'posts',"
            " tokenize = 'porter unicode61 remove_diacritics 2')"
        )
        connection.execute("BEGIN")
        connection.executemany("INSERT INTO posts VALUES (?, ?, ?, ?, ?, ?, ?, ?)", rows)
        connection.execute("INSERT INTO found (found, rank) VALUES ('hashsize', :size)", {"size": HASH_BYTES})
        connection.execute("INSERT INTO found (found) VALUES ('rebuild')")
        connection.execute("COMMIT")
    return time.perf_counter() - started


if __name__ == "__main__":
    print(load(*sys.argv[1:3]))
