"""Parses dates as people type them into spans of time. Pure; knows nothing about queries or stores."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from digests import editions
from digests.models import YEARS

LONGEST_CHARS = 60
"""No supported date is longer."""

_MONTHS = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
    "december",
)  # fmt: skip
_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_MONTH_NUMBERS = {name[:length]: number for number, name in enumerate(_MONTHS, 1) for length in (3, len(name))}
_MONTH_NUMBERS["sept"] = 9
_WEEKDAY_NUMBERS = {name[:length]: number for number, name in enumerate(_WEEKDAYS) for length in (3, len(name))}
_WEEKDAY_NUMBERS |= {"tues": 1, "wednes": 2, "thur": 3, "thurs": 3}
_SMALL_NUMBERS = {
    "a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8,
    "nine": 9, "ten": 10,
}  # fmt: skip
_UNITS = {
    "h": "hour", "hr": "hour", "hour": "hour", "d": "day", "day": "day", "w": "week", "wk": "week", "week": "week",
    "mo": "month", "month": "month", "y": "year", "yr": "year", "year": "year", "min": "minute", "minute": "minute",
}  # fmt: skip

_MONTH = f"(?P<month>{'|'.join(sorted(_MONTH_NUMBERS, key=len, reverse=True))})\\.?"
_DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?"
_YEAR = r"(?P<year>\d{4})"
_UNIT = f"(?P<unit>{'|'.join(sorted(_UNITS, key=len, reverse=True))})s?"
_COUNT = rf"(?P<count>\d{{1,5}}|{'|'.join(sorted(_SMALL_NUMBERS, key=len, reverse=True))})"


@dataclass(frozen=True, slots=True)
class Span:
    """The period that a typed date means: `[start, end)` in UTC; for a moment the two are equal."""

    start: datetime
    end: datetime


def parse_moment(text: str, now: datetime, zone: str = "UTC") -> Span | None:
    """Parse a date as people type it.

    `2021-02-04`, `2021-02`, `2021`, `feb 4 2021`, `4 February`, `04.02.2021`, `today`, `yesterday`, `monday`,
    `last week`, `this month`, `3 weeks ago` are whole days, weeks (from Monday), months or years in `zone`;
    `7d`, `24h`, `2 hours ago` and `2021-02-04T16:02Z` are moments; `last 7 days` ends now. A month, day or
    weekday without a year is the latest one that has begun. `02/04/2021` is accepted only if it is unambiguous.

    Args:
        text: What was typed, any case.
        now: The moment that words such as `today` are relative to.
        zone: IANA name of the zone that days begin in.

    Returns:
        The span, or None if the text can't be parsed or is not an existing date within `YEARS`.
    """
    words = " ".join(text.casefold().replace(",", " ").split())
    if not words or len(words) > LONGEST_CHARS:
        return None
    here = editions.zone(zone)
    try:
        for pattern, read in _FORMS:
            if found := pattern.fullmatch(words):
                span = read(found, now.astimezone(here))
                return span if span is not None and span.start.astimezone(here).year in YEARS else None
    except (ValueError, OverflowError):
        # A day that does not exist (`2021-02-30`) or is before the year 1.
        return None
    return None


# --------------------------------------------------------------------------- spans


def _midnight(day: date, now: datetime) -> datetime:
    return datetime.combine(day, time(), now.tzinfo).astimezone(UTC)


def _days(first: date, following: date, now: datetime) -> Span:
    return Span(_midnight(first, now), _midnight(following, now))


def _day(day: date, now: datetime) -> Span:
    return _days(day, day + timedelta(days=1), now)


def _month(year: int, month: int, now: datetime) -> Span:
    return _days(_months_after(date(year, month, 1), 0), _months_after(date(year, month, 1), 1), now)


def _year(year: int, now: datetime) -> Span:
    return _days(date(year, 1, 1), date(year + 1, 1, 1), now)


def _moment(moment: datetime) -> Span:
    moment = moment.astimezone(UTC).replace(microsecond=0)
    return Span(moment, moment)


def _months_after(day: date, count: int) -> date:
    """Return a date moved by whole months; the 31st becomes the last day of a shorter month."""
    year, month = divmod(day.year * 12 + day.month - 1 + count, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


# --------------------------------------------------------------------------- forms


def _named_day(found: re.Match[str], now: datetime) -> Span:
    back = {"today": 0, "yesterday": 1, "day before yesterday": 2, "the day before yesterday": 2}[found[0]]
    return _day(now.date() - timedelta(days=back), now)


def _now(_found: re.Match[str], now: datetime) -> Span:
    return _moment(now)


def _iso_moment(found: re.Match[str], now: datetime) -> Span:
    moment = datetime.fromisoformat(found[0].replace(" ", "T").replace("z", "+00:00").upper())
    return _moment(moment if moment.tzinfo is not None else moment.replace(tzinfo=now.tzinfo))


def _full_date(found: re.Match[str], now: datetime) -> Span:
    return _day(date(int(found["year"]), int(found["month"]), int(found["day"])), now)


def _slashed_date(found: re.Match[str], now: datetime) -> Span | None:
    first, second, year = int(found["first"]), int(found["second"]), int(found["year"])
    if first <= 12 and second <= 12 and first != second:
        return None
    return _day(date(year, second, first) if first > 12 else date(year, first, second), now)


def _iso_month(found: re.Match[str], now: datetime) -> Span:
    return _month(int(found["year"]), int(found["month"]), now)


def _iso_year(found: re.Match[str], now: datetime) -> Span:
    return _year(int(found["year"]), now)


def _written_date(found: re.Match[str], now: datetime) -> Span:
    month, day = _MONTH_NUMBERS[found["month"]], int(found["day"])
    if found["year"]:
        return _day(date(int(found["year"]), month, day), now)
    # Eight years back always hold a 29 February.
    for year in range(now.year, now.year - 9, -1):
        try:
            this = date(year, month, day)
        except ValueError:
            continue
        if this <= now.date():
            return _day(this, now)
    raise ValueError(found[0])


def _written_month(found: re.Match[str], now: datetime) -> Span:
    month = _MONTH_NUMBERS[found["month"]]
    year = int(found["year"]) if found["year"] else now.year - (month > now.month)
    return _month(year, month, now)


def _weekday(found: re.Match[str], now: datetime) -> Span:
    back = (now.weekday() - _WEEKDAY_NUMBERS[found["weekday"]]) % 7
    if found["last"] and back == 0:
        back = 7
    return _day(now.date() - timedelta(days=back), now)


def _calendar_unit(found: re.Match[str], now: datetime) -> Span:
    back = 0 if found["which"] == "this" else 1
    today = now.date()
    if found["unit"] == "week":
        monday = today - timedelta(days=today.weekday() + 7 * back)
        return _days(monday, monday + timedelta(days=7), now)
    if found["unit"] == "month":
        first = _months_after(today.replace(day=1), -back)
        return _month(first.year, first.month, now)
    return _year(today.year - back, now)


def _number(found: re.Match[str]) -> int:
    count = found["count"] or "one"
    return _SMALL_NUMBERS.get(count) or int(count)


def _before(now: datetime, count: int, unit: str) -> datetime:
    """Return the moment `count` units before `now`; days and longer units keep the local time, hours don't."""
    if unit in ("minute", "hour"):
        return now.astimezone(UTC) - timedelta(**{f"{unit}s": count})
    if unit in ("day", "week"):
        return now - timedelta(days=count * (7 if unit == "week" else 1))
    day = _months_after(now.date(), -count * (12 if unit == "year" else 1))
    return datetime.combine(day, now.timetz())


def _ago(found: re.Match[str], now: datetime) -> Span:
    unit = _UNITS[found["unit"]]
    moment = _before(now, _number(found), unit)
    return _moment(moment) if unit in ("minute", "hour") else _day(moment.date(), now)


def _short_ago(found: re.Match[str], now: datetime) -> Span:
    return _moment(_before(now, _number(found), _UNITS[found["unit"]]))


def _last_units(found: re.Match[str], now: datetime) -> Span:
    return Span(_short_ago(found, now).start, _moment(now).end)


_FORMS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str], datetime], Span | None]], ...] = tuple(
    (re.compile(pattern, re.ASCII), read)
    for pattern, read in (
        (r"today|yesterday|(?:the )?day before yesterday", _named_day),
        ("now", _now),
        (rf"{_YEAR}[-/.](?P<month>\d{{1,2}})[-/.](?P<day>\d{{1,2}})", _full_date),
        (r"\d{4}-\d{2}-\d{2}[t ]\d{2}:\d{2}(?::\d{2}(?:\.\d{1,6})?)?(?:z|[+-]\d{2}:\d{2})?", _iso_moment),
        (rf"(?P<day>\d{{1,2}})\. ?(?P<month>\d{{1,2}})\. ?{_YEAR}", _full_date),
        (rf"(?P<first>\d{{1,2}})/(?P<second>\d{{1,2}})/{_YEAR}", _slashed_date),
        (rf"{_YEAR}[-/](?P<month>\d{{1,2}})", _iso_month),
        (_YEAR, _iso_year),
        (rf"{_MONTH} {_DAY}(?: {_YEAR})?", _written_date),
        (rf"{_DAY}\.?(?: of)?[ -]{_MONTH}(?:[ -]{_YEAR})?", _written_date),
        (rf"{_YEAR} {_MONTH} {_DAY}", _written_date),
        (rf"{_MONTH}(?: {_YEAR})?", _written_month),
        (rf"(?:(?P<last>last) |on |this )?(?P<weekday>{'|'.join(sorted(_WEEKDAY_NUMBERS, key=len, reverse=True))})",
         _weekday),
        (r"(?P<which>this|last|previous) (?P<unit>week|month|year)", _calendar_unit),
        (rf"{_COUNT} ?{_UNIT} (?:ago|back)", _ago),
        (rf"(?:(?:the )?(?:last|past) )(?:{_COUNT} ?)?{_UNIT}", _last_units),
        (rf"(?P<count>\d{{1,5}}) ?{_UNIT}", _short_ago),
    )
)  # fmt: skip
