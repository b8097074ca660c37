"""The reader's time zone, as their browser names it."""

from __future__ import annotations

from datetime import UTC, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError


def zone(name: object) -> tzinfo:
    """Return the zone of an IANA name, UTC for anything else."""
    if not isinstance(name, str) or len(name) > 64:
        return UTC
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return UTC
