"""Short handles of articles: what a button and a row of the database know one by.

Pure and total: nothing here raises on any input text.
"""

from __future__ import annotations

import re
from hashlib import blake2b


def reference(key: str) -> int:
    """Return a signed 64-bit handle of a key: stable over runs and machines, fit for an SQLite integer."""
    return int.from_bytes(blake2b(key.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "big", signed=True)


def of(key: str, path: str) -> str:
    """Name one article in a button: its key as 16 hex digits, a dash, and its path as 8, for files may share a key."""
    return f"{reference(key) & 0xFFFFFFFFFFFFFFFF:016x}-{_path_hex(path)}"


def parse(text: str) -> int | None:
    """Return the reference of the key in what `of` wrote (or once did, without a path); None for anything else."""
    if not re.fullmatch(r"[0-9a-f]{16}(?:-[0-9a-f]{8})?", text):
        return None
    return int.from_bytes(bytes.fromhex(text[:16]), "big", signed=True)


def names_path(handle: str, path: str) -> bool:
    """Return whether `path` is the one in a handle."""
    return handle[17:] == _path_hex(path)


def _path_hex(path: str) -> str:
    return blake2b(path.encode("utf-8", "surrogatepass"), digest_size=4).hexdigest()
