"""Converts moments to and from the databases' format: Unix seconds, UTC."""

from __future__ import annotations

from datetime import UTC, datetime


def to_seconds(moment: datetime) -> int:
    """Return an aware moment as whole Unix seconds."""
    return int(moment.timestamp())


def to_seconds_or_none(moment: datetime | None) -> int | None:
    """Return a moment as whole Unix seconds; None stays None."""
    return None if moment is None else int(moment.timestamp())


def from_seconds(seconds: int) -> datetime:
    """Return Unix seconds as aware UTC."""
    return datetime.fromtimestamp(seconds, UTC)


def from_seconds_or_none(seconds: int | None) -> datetime | None:
    """Return Unix seconds as aware UTC; NULL stays None."""
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC)
