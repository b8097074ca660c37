"""The least that a load into SQLite can do: what `benchmarks.corpus` compares ours with to see what our own work costs.

Two worker processes read, hash, split at the fences and parse with yaml-rs, and hand back one flat tuple a file; this
process puts those into one table and one full-text index. Nothing is checked, cleaned, resolved, guarded or kept in
step, and a damaged file ends it. `python -m benchmarks.floor FOLDER DATABASE` prints the seconds it took.
"""

from __future__ import annotations

import gc
import hashlib
import multiprocessing
import os
import sqlite3
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from contextlib import closing
from typing import Any

CHUNK_FILES = 256
WORKERS = 2
HASH_BYTES = 64 * 1024 * 1024
TABLES = (
    "CREATE TABLE files (name TEXT PRIMARY KEY, size INT, mtime_ns INT, digest BLOB, title TEXT, excerpt TEXT,"
    " published_at TEXT, url TEXT, provider TEXT, domain TEXT, topics TEXT, quality INT, published INT, related TEXT)",
    "CREATE VIRTUAL TABLE found USING fts5 (title, excerpt, topics, related, content = 'files')",
)

FlatFile = tuple[Any, ...]


def read_flat(folder: str, names: list[str]) -> list[FlatFile]:
    """Read some files of a folder as they come."""
    # Imported here: yaml-rs belongs into the main thread of a process that parses.
    import yaml_rs

    gc.disable()
    rows: list[FlatFile] = []
    for name in names:
        descriptor = os.open(f"{folder}/{name}", os.O_RDONLY)
        status = os.fstat(descriptor)
        data = os.read(descriptor, status.st_size + 1)
        os.close(descriptor)
        digest = hashlib.sha256(data).digest()[:16]
        fields = yaml_rs.loads(data[4 : data.find(b"\n---\n", 4) + 1].decode(), parse_datetime=False)
        provider = fields.get("provider") or {}
        rows.append(
            (
                *(name, status.st_size, status.st_mtime_ns, digest),
                *(fields.get("title"), fields.get("excerpt"), fields.get("publishedDateTime"), fields.get("webUrl")),
                *(provider.get("name"), provider.get("domain"), "\n".join(fields.get("topics") or ())),
                *(fields.get("quality"), fields.get("published")),
                "\n".join([link.get("title") or "" for link in fields.get("related") or ()]),
            )
        )
    return rows


def load(folder: str, database: str) -> float:
    """Load a folder into a new database; return seconds."""
    started = time.perf_counter()
    names: list[str] = []
    with os.scandir(folder) as listing:
        for entry in listing:
            entry.stat()
            names.append(entry.name)
    chunks = [names[start : start + CHUNK_FILES] for start in range(0, len(names), CHUNK_FILES)]
    rows: list[FlatFile] = []
    with ProcessPoolExecutor(WORKERS, mp_context=multiprocessing.get_context("forkserver")) as pool:
        for read in pool.map(read_flat, [folder] * len(chunks), chunks):
            rows += read
    rows.sort(key=lambda row: str(row[6]))
    with closing(sqlite3.connect(database, isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = NORMAL")
        for table in TABLES:
            connection.execute(table)
        connection.execute("BEGIN")
        connection.executemany(f"INSERT INTO files VALUES ({', '.join('?' * 14)})", rows)
        connection.execute("INSERT INTO found (found, rank) VALUES ('hashsize', :size)", {"size": HASH_BYTES})
        connection.execute("INSERT INTO found (found) VALUES ('rebuild')")
        connection.execute("COMMIT")
        seconds = time.perf_counter() - started
        (count,) = connection.execute("SELECT COUNT(*) FROM files").fetchone()
    assert count == len(names), (count, len(names))
    return seconds


if __name__ == "__main__":
    print(load(*sys.argv[1:3]))
