"""Times as Discord's English client writes them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from sandbox.html.elements import Html, element, escape
from sandbox.html.view import View

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_UNITS = ((31557600, "year"), (2629800, "month"), (86400, "day"), (3600, "hour"), (60, "minute"))


def relative(moment: datetime, now: datetime) -> str:
    """Return how far `moment` is from `now` in words, e.g. "3 hours ago" or "in 2 days"."""
    seconds = (moment - now).total_seconds()
    distance = abs(seconds)
    # A unit serves from a little before it is full, so that 59 minutes read as an hour.
    length, unit = next((each for each in _UNITS if distance >= 0.95 * each[0]), (1, "second"))
    count = round(distance / length)
    if count == 0:
        return "now"
    if count != 1:
        unit += "s"
    return f"{count} {unit} ago" if seconds < 0 else f"in {count} {unit}"


def formatted(moment: datetime, style: str, view: View) -> str:
    """Return `moment` in one of Discord's styles `t T d D f F s S R` in the reader's zone."""
    if style == "R":
        return relative(moment, view.now)
    local = moment.astimezone(view.timezone)
    clock = f"{local.hour % 12 or 12}:{local:%M} {local:%p}"
    exact = f"{local.hour % 12 or 12}:{local:%M:%S} {local:%p}"
    short = f"{local.month}/{local.day}/{local.year}"
    long = f"{local:%B} {local.day}, {local.year}"
    return {
        "t": clock,
        "T": exact,
        "d": short,
        "D": long,
        "F": f"{local:%A}, {long} at {clock}",
        "s": f"{short}, {clock}",
        "S": f"{short}, {exact}",
    }.get(style, f"{long} at {clock}")


def mark(unix: str, style: str, view: View) -> Html:
    """Return a `<t:unix:style>` mark as an element whose tooltip is the full time."""
    try:
        moment = _EPOCH + timedelta(seconds=int(unix))
        shown, full = formatted(moment, style, view), formatted(moment, "F", view)
    except (OverflowError, ValueError):
        return element("span", escape("Invalid Date"), class_="dc-time")
    return element("time", escape(shown), class_="dc-time", datetime=moment.isoformat(), title=full)


def heading(moment: datetime, view: View) -> str:
    """Return the time beside an author's name: the clock for today, else with the day."""
    local, today = moment.astimezone(view.timezone), view.now.astimezone(view.timezone).date()
    clock = formatted(moment, "t", view)
    if local.date() == today:
        return clock
    if local.date() == today - timedelta(days=1):
        return f"Yesterday at {clock}"
    return f"{local.month}/{local.day}/{local:%y}, {clock}"


def parsed(text: object, view: View) -> datetime | None:
    """Return an ISO 8601 time with an offset, None for anything else and for times no calendar can show."""
    if not isinstance(text, str):
        return None
    try:
        moment = datetime.fromisoformat(text)
        moment.astimezone(view.timezone)
    except (OverflowError, ValueError):
        return None
    return moment if moment.tzinfo else None
