"""The calendar of editions: due times, windows, daylight saving. Pure; the only module that knows time zones.

All functions take and return aware UTC; local times exist only inside.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from digests.errors import InvalidInput
from digests.i18n import _
from digests.models import Cadence, Window

FIRST_WINDOW = timedelta(hours=24)
"""How far back a subscription's first edition reaches at least; see `first_window`."""
SETTLE = timedelta(seconds=1)
"""Due times are handled this much later, so that everything that arrived in the due second is visible."""
SEARCH_DAYS = 400
"""How far `next_due` looks ahead; a cadence has at least one due time a week."""


@lru_cache(maxsize=1024)
def zone(name: str) -> ZoneInfo:
    """Return the IANA zone called `name`.

    Raises:
        InvalidInput: There is no such zone.
    """
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise InvalidInput(no_such_zone(name)) from error


def no_such_zone(name: str) -> str:
    """Return the sentence for text that names no zone."""
    return _(
        "There is no time zone called “{name}”. Type a name such as Europe/Berlin, America/Toronto or UTC."
    ).format(name=name if len(name) <= 50 else f"{name[:49]}…")


@lru_cache(maxsize=1)
def zone_names() -> tuple[str, ...]:
    """Return all IANA zone names, sorted, without machine aliases and names that are not zones."""
    others = ("posix/", "right/", "SystemV/", "localtime", "Factory")
    return tuple(sorted(name for name in available_timezones() if not name.startswith(others)))


def local_date(moment: datetime, timezone: str) -> date:
    """Return the calendar day at `moment` in a zone."""
    return moment.astimezone(zone(timezone)).date()


def resolve(day: date, at: time, timezone: str) -> datetime:
    """Return the moment at which a zone's clocks show `at` on `day`.

    A time that is skipped (daylight saving, or a whole day at the date line) becomes the next minute that exists; of
    one that occurs twice the first is returned.
    """
    local_zone = zone(timezone)
    wanted = datetime.combine(day, at.replace(second=0, microsecond=0, tzinfo=None, fold=0))
    try:
        before = wanted.replace(tzinfo=local_zone).astimezone(UTC)
        if before.astimezone(local_zone).replace(tzinfo=None) == wanted:
            return before
        # In a gap: fold=0 uses the offset before it and lands after it, fold=1 lands before it.
        low = wanted.replace(tzinfo=local_zone, fold=1).astimezone(UTC)
    except OverflowError as error:
        raise InvalidInput(_("{day} is too far away for a calendar.").format(day=day)) from error
    high = before
    while high - low > timedelta(seconds=1):
        middle = (low + (high - low) / 2).replace(microsecond=0)
        if middle.astimezone(local_zone).replace(tzinfo=None) >= wanted:
            high = middle
        else:
            low = middle
    return high if high.second == 0 else high.replace(second=0) + timedelta(minutes=1)


def due_times(cadence: Cadence, after: datetime, until: datetime) -> tuple[datetime, ...]:
    """Return the due times in `(after, until]`, ascending; two at the same moment count once."""
    if until <= after:
        return ()
    # A local due time can be up to a day away from its calendar day in UTC, on either side of the date line.
    first = local_date(after, cadence.timezone) - timedelta(days=2)
    last = local_date(until, cadence.timezone) + timedelta(days=1)
    found: set[datetime] = set()
    day = first
    while day <= last:
        if day.isoweekday() in cadence.weekdays:
            for at in cadence.times:
                moment = _resolved(day, at, cadence.timezone)
                if after < moment <= until:
                    found.add(moment)
        day += timedelta(days=1)
    return tuple(sorted(found))


_resolved = lru_cache(maxsize=65536)(resolve)


def next_due(cadence: Cadence, after: datetime, count: int = 1) -> tuple[datetime, ...]:
    """Return the next `count` due times later than `after`, ascending (fewer only at the end of the calendar)."""
    found: tuple[datetime, ...] = ()
    # Most cadences are daily: their next due time is found among a few days.
    span = timedelta(days=1)
    while len(found) < count and span <= timedelta(days=SEARCH_DAYS):
        found = due_times(cadence, after, after + span)
        span *= 2
    return found[:count]


@dataclass(frozen=True, slots=True)
class Missed:
    """What to do about missed due times: make up for `make_up` now, leave those `skipped` to the next edition."""

    make_up: datetime | None
    skipped: tuple[datetime, ...]


def missed(cadence: Cadence, after: datetime, now: datetime, catch_up: timedelta) -> Missed:
    """Decide what is due at `now` for a cadence whose due times up to `after` are settled.

    The latest due time is made up for if it is at most `catch_up` late; earlier ones are skipped: their articles are in
    the window of the next edition.
    """
    due = due_times(cadence, after, now)
    if not due:
        return Missed(None, ())
    if now - due[-1] <= catch_up:
        return Missed(due[-1], due[:-1])
    return Missed(None, due)


@lru_cache(maxsize=4096)
def first_window(cadence: Cadence, due_at: datetime) -> timedelta:
    """Return how far back the first edition of a cadence reaches: one period, but at least a day."""
    before = due_times(cadence, due_at - timedelta(days=8), due_at - timedelta(seconds=1))
    return max(due_at - before[-1] if before else FIRST_WINDOW, FIRST_WINDOW)


def edition_window(
    covered_until: datetime | None,
    until: datetime,
    *,
    first_due_at: datetime | None = None,
    first: timedelta = FIRST_WINDOW,
) -> Window:
    """Return the window of an edition with a cutoff: `(previous cutoff, until]`.

    Args:
        covered_until: The cutoff of the previous edition; None if there is none, and the window begins one period
            before the first due time. A cutoff in the future means that the clock was set back.
        until: The cutoff.
        first_due_at: The subscription's first due time if it was missed, so that its articles are not lost. None means
            `until`.
        first: The length of the first window (see `first_window`).
    """
    if covered_until is None:
        return Window((first_due_at or until) - first, until)
    if until < covered_until <= until + SETTLE:
        return Window(until, until)  # `/digest now` was used between the due time and its edition
    return Window(covered_until if covered_until <= until else until - FIRST_WINDOW, until)


def day_window(day: date, timezone: str) -> Window:
    """Return a whole local day as `[midnight, next midnight)`."""
    return Window(
        resolve(day, time(0, 0), timezone), resolve(day + timedelta(days=1), time(0, 0), timezone), closed_left=True
    )
