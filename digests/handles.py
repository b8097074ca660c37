"""Short handles that identify articles in buttons and database rows.

Pure and total: nothing here raises on any input text.
"""

from __future__ import annotations

import re
from hashlib import blake2b


def reference(key: str) -> int:
    """Return a signed 64-bit hash of a key: the same in all runs and on all machines, fits an SQLite integer."""
    return int.from_bytes(blake2b(key.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "big", signed=True)


def of(key: str, path: str) -> str:
    """Return an article's handle: 16 hex digits for its key, a dash, and 8 for its path, as files may share a key."""
    return f"{reference(key) & 0xFFFFFFFFFFFFFFFF:016x}-{_path_hex(path)}"


def parse(text: str) -> int | None:
    """Return the key's reference from a handle (or an older one without a path); None for anything else."""
    if not re.fullmatch(r"[0-9a-f]{16}(?:-[0-9a-f]{8})?", text):
        return None
    return int.from_bytes(bytes.fromhex(text[:16]), "big", signed=True)


def names_path(handle: str, path: str) -> bool:
    """Check whether a handle is for this path."""
    return handle[17:] == _path_hex(path)


def _path_hex(path: str) -> str:
    return blake2b(path.encode("utf-8", "surrogatepass"), digest_size=4).hexdigest()
