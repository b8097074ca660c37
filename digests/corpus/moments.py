"""Parses dates and times in front matter. Nothing is guessed: an unclear one is None, or gets a remark."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from functools import lru_cache
from typing import NamedTuple

from digests.errors import InvalidInput
from digests.i18n import _
from digests.models import YEARS

MAX_CHARS = 100

_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "jan january",
            "feb february",
            "mar march",
            "apr april",
            "may",
            "jun june",
            "jul july",
            "aug august",
            "sep sept september",
            "oct october",
            "nov november",
            "dec december",
        ),
        1,
    )
    for name in names.split()
}
# Abbreviations that mean one zone, in hours east of Greenwich. `IST` is the time of India, Ireland or Israel.
_ZONES = {
    **{"utc": 0, "gmt": 0, "z": 0, "wet": 0, "west": 1, "bst": 1, "cet": 1, "cest": 2, "mez": 1, "mesz": 2, "eet": 2},
    **{"eest": 3, "msk": 3, "est": -5, "edt": -4, "cst": -6, "cdt": -5, "mst": -7, "mdt": -6, "pst": -8, "pdt": -7},
    **{"akst": -9, "akdt": -8, "hst": -10, "jst": 9, "kst": 9, "hkt": 8, "sgt": 8, "awst": 8, "aest": 10, "aedt": 11},
    **{"nzst": 12, "nzdt": 13, "brt": -3, "sast": 2, "wib": 7, "ict": 7, "pkt": 5},
}
_GENERIC_ZONES = {
    "et": "America/New_York",
    "ct": "America/Chicago",
    "mt": "America/Denver",
    "pt": "America/Los_Angeles",
}

# `2021-02-04 16:02:00 -0700` (Jekyll), `2021-2-4`, `2021/02/04 9:05`: the most common formats outside ISO 8601.
_LOOSE = re.compile(
    r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})"
    r"(?:(?:[Tt]|\s+)(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,]\d{1,9})?)?\s*([Zz]|UTC|GMT|[+-]\d{1,2}(?::?\d{2})?)?)?\Z"
)
_COMPACT = re.compile(r"((?:19|20)\d{2})(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])(?:([01]\d|2[0-3])([0-5]\d)([0-5]\d)?)?\Z")
_EPOCH_SECONDS = re.compile(r"[1-9]\d{8,9}(?:\d{3})?\Z")
_BRACKETED = re.compile(
    r"\[([A-Za-z][\w+/-]{1,40})\]\Z|\(([A-Z][A-Za-z_]{1,20}/[\w+/-]{2,40})\)\Z|\((?:[^()]{0,60})\)\Z"
)
# `2024年3月5日 10:20`, as in Chinese, Japanese and Korean.
_CJK_DAY = re.compile(r"(\d{4})\s?[年년]\s?(\d{1,2})\s?[月월]\s?(\d{1,2})\s?[日号일]")
# Characters that stand for ASCII ones where a date was typed in a text editor or pasted.
_TYPED = str.maketrans({"‐": "-", "‑": "-", "‒": "-", "–": "-", "−": "-", "：": ":", "，": ",", "’": "'"})
_TIME = re.compile(
    r"(?i)(?:\A\s*|\bat\b\s*|[t,\s])(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,]\d{1,9})?)?(?:\s?([ap])\.?m\b\.?)?"
    r"|(?:\A|[,\s])(\d{1,2})\s?([ap])\.?m\b\.?"
)
_OFFSET = re.compile(r"(?i)(?:\b(?:utc|gmt)\s*)?(?<![\d])([+-])(\d{1,2})(?::?(\d{2}))?\Z")
_ZONE_NAME = re.compile(r"\b([A-Za-z]{1,4})\Z|\b([A-Z][A-Za-z_]+/[\w+/-]{2,40})\Z")
_NUMERIC = re.compile(r"(\d{1,4})\s*([-/.])\s*(\d{1,2})\s*\2\s*(\d{1,4})\Z")
# `12/25/23` and `05-Mar-24`: the year is the last part; only in these forms does a short year follow a name or a slash.
_SHORT_YEAR = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{2})\Z|(\d{1,2})-([A-Za-z]{3})-(\d{2})\Z")
_WORDS = re.compile(r"[^\W\d_]+|\d+")
_WEEKDAY = re.compile(r"(?i)\b(?:mon|tues?|wed(?:nes)?|thu(?:rs?)?|fri|sat(?:ur)?|sun)(?:day)?\b\.?,?")


class Moment(NamedTuple):
    """A moment in aware UTC, whole seconds.

    `remark` says how an ambiguous date was read; `is_day` is true if no time of day was given.
    """

    at: datetime
    remark: str = ""
    is_day: bool = False


def zone_named(name: str) -> tzinfo:
    """Return the IANA zone with that name, or UTC if there is none."""
    return _zone_named(name) or UTC


def read_moment(text: str, default_zone: tzinfo = UTC) -> Moment | None:
    """Parse a date and time in any usual format, with names of months in English and some other languages.

    Args:
        text: As written.
        default_zone: Used if the text names no zone.

    Returns:
        None if the text is not a possible moment within `YEARS`.
    """
    try:
        return _read(" ".join(text.split()), default_zone)
    except (ValueError, OverflowError):
        return None


def quick_moment(text: str) -> datetime | None:
    """Parse `2021-02-04T16:02:00Z`, by far the most common format; None for all others, valid or not."""
    if len(text) != 20 or text[19] != "Z" or text[10] != "T":
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.year in YEARS and moment.microsecond == 0 else None


def parse_moment(text: str) -> datetime | None:
    """Parse a moment, in UTC if the text names no zone; see `read_moment`."""
    found = read_moment(text)
    return None if found is None else found.at


def _read(text: str, default: tzinfo) -> Moment | None:
    if not text or len(text) > MAX_CHARS:
        return None
    if not text.isascii():
        text = _CJK_DAY.sub(r"\1-\2-\3 ", text.translate(_TYPED)).strip()
        if any(char.isdigit() and not char.isascii() for char in text):
            return None
    if text.startswith("[["):
        text = text[2:].removesuffix("]]")
    if text.isdecimal():
        return _read_number(text, default)
    if text[:4].isdecimal():
        try:
            return _moment(datetime.fromisoformat(text), default, is_day=len(text) == 10)
        except ValueError:
            pass
    match = _LOOSE.match(text)
    if match is not None:
        year, month, day, hour, minute, second, written_zone = match.groups()
        return _put(
            (int(year), int(month), int(day)),
            None if hour is None else (int(hour), int(minute), int(second or 0)),
            default if written_zone is None else _offset(written_zone),
        )
    return _read_freely(text, default)


def _read_number(text: str, default: tzinfo) -> Moment | None:
    """Parse `20240305`, `20240305102000`, or the seconds or milliseconds since 1970."""
    compact = _COMPACT.match(text)
    if compact is not None:
        year, month, day, hour, minute, second = compact.groups()
        clock = None if hour is None else (int(hour), int(minute), int(second or 0))
        return _put((int(year), int(month), int(day)), clock, default)
    if _EPOCH_SECONDS.match(text) is None:
        return None
    return _moment(datetime.fromtimestamp(int(text[:-3] if len(text) > 10 else text), UTC), UTC, is_day=False)


def _read_freely(text: str, default: tzinfo) -> Moment | None:
    """Split off zone and time of day, then parse the remaining date."""
    bracketed = _BRACKETED.search(text)
    named: tzinfo | None = None
    if bracketed is not None:
        text = text[: bracketed.start()].strip()
        if bracketed[1] or bracketed[2]:
            named = _zone_named(bracketed[1] or bracketed[2])
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        pass
    else:
        return _moment(moment, named or default, is_day=len(text) == 10)
    text = _WEEKDAY.sub(" ", text).strip()
    clock: tuple[int, int, int] | None = None
    found = _TIME.search(text)
    if found is not None:
        clock = _clock(found)
        before, after = text[: found.start()], text[found.end() :]
        written, rest = _zone_of(after.strip())
        if written is None and rest:
            # Output of Unix `date`: the zone is between the time and the year.
            first, _space, tail = rest.partition(" ")
            written, left = _zone_of(first)
            rest = tail if written is not None and not left else rest
        named = written or named
        text = f"{before} {rest}".strip(" ,")
    date_, remark = _date(text.strip(" ,"))
    if date_ is None:
        return None
    moment_ = _put(date_, clock, named or default)
    return moment_._replace(remark=remark)


def _clock(found: re.Match[str]) -> tuple[int, int, int]:
    hour = int(found[1] or found[5])
    half = (found[4] or found[6] or "").lower()
    if half:
        if not 1 <= hour <= 12:
            raise ValueError(hour)
        hour = hour % 12 + (12 if half == "p" else 0)
    return hour, int(found[2] or 0), int(found[3] or 0)


def _zone_of(text: str) -> tuple[tzinfo | None, str]:
    """Split a zone from the end of text; return both parts."""
    found = _OFFSET.search(text)
    if found is not None:
        return _offset(f"{found[1]}{found[2]}:{found[3] or '00'}"), text[: found.start()].strip()
    found = _ZONE_NAME.search(text)
    if found is None:
        return None, text
    name = found[0]
    rest = text[: found.start()].strip()
    low = name.lower()
    if low in _ZONES:
        return timezone(timedelta(hours=_ZONES[low])), rest
    if low in _GENERIC_ZONES or "/" in name:
        found_zone = _zone_named(_GENERIC_ZONES.get(low, name))
        return found_zone, rest if found_zone is not None else text
    return None, text


@lru_cache(maxsize=256)
def _zone_named(name: str) -> tzinfo | None:
    # Imported here: most dates name no zone, and each process that reads files would wait for it.
    from digests.editions import zone

    try:
        return zone(name)
    except InvalidInput:
        return None


def _date(text: str) -> tuple[tuple[int, int, int] | None, str]:
    """Return year, month and day, and a remark on how they were read."""
    short = _SHORT_YEAR.match(text)
    if short is not None:
        return _with_short_year(short)
    numeric = _NUMERIC.match(text)
    if numeric is not None:
        return _numeric_date(numeric)
    words = _WORDS.findall(text)
    if not 3 <= len(words) <= 5 or len(_WORDS.sub("", text).strip(" ,./-")) > 0:
        return None, ""
    month = year = day = None
    for word in words:
        low = word.lower()
        if month is None and (number := _MONTHS.get(low) or _foreign_months().get(low)) is not None:
            month = number
        elif word.isdecimal() and len(word) == 4 and year is None:
            year = int(word)
        elif word.isdecimal() and len(word) <= 2 and day is None:
            day = int(word)
        elif low not in {"st", "nd", "rd", "th", "of", "the", "on", "de", "del", "er", "di"}:
            return None, ""
    if year is None or month is None or day is None:
        return None, ""
    return (year, month, day), ""


@lru_cache(maxsize=1)
def _foreign_months() -> dict[str, int]:
    """Return the names of months in the other common languages; one with two meanings is left out."""
    # Imported here: nearly all dates are written in numbers or in English.
    from babel.dates import get_month_names

    found: dict[str, set[int]] = {}
    for language in ("de", "fr", "es", "it", "pt", "nl", "sv", "da", "nb", "fi", "pl", "cs", "tr", "ru", "uk"):
        for width in ("wide", "abbreviated"):
            for context in ("format", "stand-alone"):
                for number, name in get_month_names(width, context, language).items():
                    found.setdefault(name.lower().rstrip("."), set()).add(number)
    return {name: min(numbers) for name, numbers in found.items() if len(numbers) == 1}


def _with_short_year(found: re.Match[str]) -> tuple[tuple[int, int, int] | None, str]:
    if found[5]:
        month = _MONTHS.get(found[5].lower())
        return (None if month is None else (_full_year(found[6]), month, int(found[4]))), ""
    return _numeric_date_of(found[1], "/", int(found[2]), str(_full_year(found[3])))


def _full_year(written: str) -> int:
    """Return the year of two digits as POSIX does: 69 to 99 are in the last century."""
    year = int(written)
    return year + (1900 if year >= 69 else 2000)


def _numeric_date(found: re.Match[str]) -> tuple[tuple[int, int, int] | None, str]:
    return _numeric_date_of(found[1], found[2], int(found[3]), found[4])


def _numeric_date_of(first: str, mark: str, second: int, third: str) -> tuple[tuple[int, int, int] | None, str]:
    if len(first) == 4 and len(third) <= 2:
        return (int(first), second, int(third)), ""
    if len(third) != 4 or len(first) > 2:
        return None, ""
    one, year = int(first), int(third)
    if mark == "." or one > 12:
        return (year, second, one), ""
    if second > 12 or one == second:
        return (year, one, second), ""
    # The month comes first only in the USA, and only with slashes.
    month, day = (one, second) if mark == "/" else (second, one)
    try:
        taken = date(year, month, day)
    except ValueError:
        return None, ""
    return (year, month, day), _("is ambiguous and was read as {date}; write it so").format(date=taken.isoformat())


def _put(day: tuple[int, int, int], clock: tuple[int, int, int] | None, default: tzinfo) -> Moment:
    hour, minute, second = clock or (0, 0, 0)
    extra = timedelta(0)
    if (hour, minute, second) == (24, 0, 0):
        hour, extra = 0, timedelta(days=1)
    if second == 60:  # a leap second, which no calendar here knows
        second = 59
    moment = datetime(*day, hour, minute, second) + extra  # noqa: DTZ001 - the zone follows
    return _moment(moment, default, is_day=clock is None)


def _moment(moment: datetime, default: tzinfo, *, is_day: bool) -> Moment:
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=default)
    if moment.tzinfo is not UTC or moment.microsecond != 0:
        moment = moment.astimezone(UTC).replace(microsecond=0)
    if moment.year not in YEARS:
        raise ValueError(moment)
    return Moment(moment, "", is_day)


def _offset(zone: str) -> tzinfo:
    if not zone.startswith(("+", "-")):
        return UTC
    digits = zone[1:].replace(":", "")
    hours, minutes = (int(digits), 0) if len(digits) <= 2 else (int(digits[:-2]), int(digits[-2:]))
    span = timedelta(hours=hours, minutes=minutes)
    return timezone(-span if zone[0] == "-" else span)
