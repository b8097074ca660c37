"""Limits on a process that parses other people's files: memory, CPU time, priority on a busy machine."""

from __future__ import annotations

import contextlib
import os
import resource
from typing import Final

MEMORY_LIMIT_BYTES: Final = 1024**3
"""Address space; a file that needs more is rejected before it can harm the machine."""
NICENESS: Final = 3
"""The bot keeps answering people while files are parsed, but a busy machine doesn't starve the parsers."""


def confine(cpu_seconds: int | None = None) -> None:
    """Limit this process permanently, as far as the system allows.

    Args:
        cpu_seconds: CPU time in all, after which it is killed; None for no limit.
    """
    with contextlib.suppress(OSError):
        os.nice(NICENESS)
    limits = {resource.RLIMIT_AS: MEMORY_LIMIT_BYTES, resource.RLIMIT_CORE: 0}
    if cpu_seconds is not None:
        limits[resource.RLIMIT_CPU] = cpu_seconds
    for limit, value in limits.items():
        with contextlib.suppress(OSError, ValueError):
            resource.setrlimit(limit, (value, value))
