"""Decides which environment variables child processes get: what they need, and never a secret."""

from __future__ import annotations

import ctypes
import os
from collections.abc import Iterable, Mapping
from typing import Final

_ALWAYS: Final = frozenset(
    {
        *("PATH", "HOME", "USER", "LOGNAME", "SHELL", "TMPDIR", "TZ", "PYTHONTZPATH", "LANG", "LANGUAGE"),
        *("LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "PYTHONHOME"),
    }
)


def minimal(
    environment: Mapping[str, str], *, also: Iterable[str] = (), prefixes: tuple[str, ...] = ()
) -> dict[str, str]:
    """Return the variables for paths and language.

    Args:
        environment: The process's own.
        also: Further names to keep.
        prefixes: Names with these prefixes are kept too.
    """
    kept = _ALWAYS.union(also)
    openings = ("LC_", *prefixes)
    return {name: value for name, value in environment.items() if name in kept or name.startswith(openings)}


def take_out(name: str) -> str:
    """Remove a variable from this process's environment and return its value, or "".

    Its text is also wiped where the system keeps it readable for the same user (`/proc/PID/environ`).
    """
    value = os.environ.get(name, "")
    if value:
        _wipe(name.encode())
        del os.environ[name]
    return value


def _wipe(name: bytes) -> None:
    try:
        variables = ctypes.POINTER(ctypes.c_void_p).in_dll(ctypes.CDLL(None), "environ")
    except (OSError, ValueError):  # not available on this system: nothing to wipe
        return
    number = 0
    while address := variables[number]:
        text = ctypes.string_at(address)
        if text.startswith(name + b"="):
            ctypes.memset(address + len(name) + 1, ord("x"), len(text) - len(name) - 1)
        number += 1
