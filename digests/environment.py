"""What processes that we start get to see of our environment: what they need, and never a secret of ours."""

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
    """Return the part of an environment that says where things lie and which language is spoken.

    Args:
        environment: The process's own.
        also: More names to keep.
        prefixes: Names that begin so are kept, too.
    """
    kept = _ALWAYS.union(also)
    openings = ("LC_", *prefixes)
    return {name: value for name, value in environment.items() if name in kept or name.startswith(openings)}


def take_out(name: str) -> str:
    """Take a variable out of this process's environment, and return its value; empty where there is none.

    Its text is wiped as well, where the system keeps it for others of the same user to read (`/proc/PID/environ`).
    """
    value = os.environ.get(name, "")
    if value:
        _wipe(name.encode())
        del os.environ[name]
    return value


def _wipe(name: bytes) -> None:
    try:
        variables = ctypes.POINTER(ctypes.c_void_p).in_dll(ctypes.CDLL(None), "environ")
    except (OSError, ValueError):  # no such thing here, and nothing to wipe
        return
    number = 0
    while address := variables[number]:
        text = ctypes.string_at(address)
        if text.startswith(name + b"="):
            ctypes.memset(address + len(name) + 1, ord("x"), len(text) - len(name) - 1)
        number += 1
