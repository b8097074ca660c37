"""Moments as front matter and file names write them. A guess is never made: what is not clear is None."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from digests.models import YEARS

_FILE_DATE = re.compile(r"(\d{4})-(\d{2})-(\d{2})-")
# `2021-02-04 16:02:00 -0700` (Jekyll), `2021-2-4`, `2021/02/04 9:05`, `20210204` stays ambiguous and unread.
_LOOSE = re.compile(
    r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})"
    r"(?:(?:[Tt]|\s+)(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,]\d{1,9})?)?\s*([Zz]|UTC|GMT|[+-]\d{1,2}(?::?\d{2})?)?)?\Z"
)


def parse_moment(text: str) -> datetime | None:
    """Reads a date and time: ISO 8601 in its usual spellings, or an e-mail date; without a zone it is UTC.

    A date alone is midnight. Returns aware UTC in whole seconds, or None for what is no possible moment, which is also
    one outside of `YEARS`.
    """
    text = text.strip()
    if len(text) > 64 or not text.isascii() or text.isdecimal():
        return None
    try:
        return _utc(datetime.fromisoformat(text))
    except (ValueError, OverflowError):
        pass
    match = _LOOSE.match(text)
    try:
        if match is not None:
            year, month, day, hour, minute, second, zone = match.groups()
            return _utc(
                datetime.fromisoformat(
                    f"{year}-{int(month):02}-{int(day):02}T{int(hour or 0):02}:{minute or '00'}:{second or '00'}"
                    f"{_zone(zone)}"
                )
            )
        if "," in text or text[:1].isalpha():
            return _utc(parsedate_to_datetime(text))
    except (ValueError, OverflowError, IndexError, TypeError):
        return None
    return None


def date_of_file(name: str) -> datetime | None:
    """Reads the date that a file's name (`YYYY-MM-DD-…`) begins with, as midnight UTC."""
    match = _FILE_DATE.match(name)
    if match is None:
        return None
    try:
        return _utc(datetime(int(match[1]), int(match[2]), int(match[3]), tzinfo=UTC))
    except ValueError:
        return None


def _utc(moment: datetime) -> datetime:
    if moment.tzinfo is not UTC or moment.microsecond != 0:
        aware = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
        moment = aware.replace(microsecond=0)
    if moment.year not in YEARS:
        raise ValueError(moment)
    return moment


def _zone(zone: str | None) -> str:
    if zone is None or not zone.startswith(("+", "-")):
        return "+00:00"
    digits = zone[1:].replace(":", "")
    if len(digits) <= 2:
        return f"{zone[0]}{int(digits):02}:00"
    return f"{zone[0]}{digits[:-2]:0>2}:{digits[-2:]}"
