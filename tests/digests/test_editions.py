"""Exactly one edition for each local due time, in every zone, on every day of the year."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from digests.editions import (
    FIRST_WINDOW,
    day_window,
    due_times,
    edition_window,
    first_window,
    local_date,
    missed,
    next_due,
    resolve,
    zone,
    zone_names,
)
from digests.errors import InvalidInput
from digests.models import Cadence
from tests.examples import examples

MINUTE = timedelta(minutes=1)
EVERY_DAY = (1, 2, 3, 4, 5, 6, 7)


def shown(moment: datetime, name: str) -> datetime:
    """What a clock in the zone shows."""
    return moment.astimezone(zone(name)).replace(tzinfo=None)


def check_due(moment: datetime, day: date, at: time, name: str) -> None:
    """A due moment is the first at which clocks show its time, or the minute that follows where they skip it."""
    wanted = datetime.combine(day, at)
    if shown(moment, name) != wanted:
        assert shown(moment, name) > wanted
        assert shown(moment - MINUTE, name) < wanted, "an earlier minute was already past the due time"
    before = [moment - timedelta(minutes=minutes) for minutes in (30, 60, 120, 1440)]
    assert all(shown(earlier, name) != wanted for earlier in before), "clocks had shown this time before"


def different_zones(first: date, last: date) -> dict[str, list[date]]:
    """Return one zone of those whose clocks show the same on every day, each with the days on which they change.

    Six hundred names stand for some eighty. Between two looks, four days apart, no clock changes twice.
    """
    midnight = datetime.combine(first, time(0), UTC)
    hours = [timedelta(hours=number) for number in range(97)]
    looks = [midnight + timedelta(days=number) for number in range(0, (last - first).days + 3, 4)]
    found: dict[tuple[object, ...], tuple[str, list[date]]] = {}
    for name in zone_names():
        changes: list[object] = []
        days: list[date] = []
        before = looks[0].astimezone(zone(name)).utcoffset()
        changes.append(before)
        for look in looks:
            offset = look.astimezone(zone(name)).utcoffset()
            if offset != before:
                since = look - hours[-1]
                offsets = [(since + hour).astimezone(zone(name)).utcoffset() for hour in hours]
                changes += (look, *offsets)
                days.append((since + hours[offsets.count(before)]).date())
            before = offset
        found.setdefault(tuple(changes), (name, days))
    return dict(found.values())


def check_one_a_day(name: str, at: time, first: date, last: date) -> None:
    """Check that each day has one due time: the first moment that shows it, or the next valid one."""
    start = resolve(first, time(0, 0), name) - MINUTE
    due = list(due_times(Cadence((at,), EVERY_DAY, name), start, resolve(last, time(23, 59), name) + timedelta(days=1)))
    while local_date(due[-1] - timedelta(hours=3), name) > last:
        due.pop()
    days = [first + timedelta(days=number) for number in range((last - first).days + 1)]
    assert len(due) in (len(days), len(days) - 1, len(days) + 1)
    for moment, day in zip(due, days, strict=False):
        wanted = datetime.combine(day, at)
        assert shown(moment, name) == wanted or shown(moment - MINUTE, name) < wanted < shown(moment, name)


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_each_day_has_one_edition_in_every_zone_all_through_a_year_and_around_each_change() -> None:
    first, last = date(2020, 1, 1), date(2030, 12, 31)
    times = (time(2, 30), time(0, 0), time(3, 0), time(23, 59), time(1, 15))
    zones = different_zones(first, last)
    assert len(zones) > 50
    assert sum(map(len, zones.values())) > 500
    for number, name in enumerate(zones):
        year = first.year + number % 11
        check_one_a_day(name, times[number % 5], date(year, 1, 1), date(year, 12, 31))
    for name, changes in zones.items():
        for day in changes:
            for at in times:
                check_one_a_day(name, at, day - timedelta(days=3), day + timedelta(days=3))


@given(
    name=st.sampled_from(zone_names()),
    day=st.dates(date(1995, 1, 1), date(2037, 12, 31)),
    at=st.times().map(lambda t: t.replace(second=0, microsecond=0)),
)
@settings(max_examples=examples(1000))
def test_a_due_time_is_the_first_minute_that_shows_it_or_the_next_valid_one(name: str, day: date, at: time) -> None:
    check_due(resolve(day, at, name), day, at, name)


cadences = st.builds(
    Cadence,
    times=st.lists(
        st.times().map(lambda t: t.replace(second=0, microsecond=0)), min_size=1, max_size=3, unique=True
    ).map(lambda times: tuple(sorted(times))),
    weekdays=st.sets(st.integers(1, 7), min_size=1).map(lambda days: tuple(sorted(days))),
    timezone=st.sampled_from(zone_names()),
)
moments = st.datetimes(datetime(2010, 1, 1), datetime(2035, 1, 1), timezones=st.just(UTC)).map(
    lambda moment: moment.replace(microsecond=0)
)


@given(cadence=cadences, start=moments, cuts=st.lists(st.integers(0, 60 * 24 * 20), max_size=5))
def test_however_often_one_looks_each_due_time_is_seen_once(cadence: Cadence, start: datetime, cuts: list[int]) -> None:
    stops = [start + timedelta(minutes=cut) for cut in sorted(cuts)]
    pieces: list[datetime] = []
    since = start
    for stop in stops:
        pieces.extend(due_times(cadence, since, stop))
        since = stop
    assert tuple(pieces) == due_times(cadence, start, since)
    assert len(set(pieces)) == len(pieces)


@given(cadence=cadences, after=moments)
def test_the_next_due_times_are_the_first_ones_after(cadence: Cadence, after: datetime) -> None:
    upcoming = next_due(cadence, after, 5)
    assert len(upcoming) == 5
    assert upcoming == due_times(cadence, after, upcoming[-1])


@pytest.mark.parametrize(
    ("day", "at", "name", "expected"),
    [
        (date(2021, 3, 14), time(2, 30), "America/New_York", "2021-03-14T07:00:00+00:00"),
        (date(2021, 11, 7), time(1, 30), "America/New_York", "2021-11-07T05:30:00+00:00"),
        (date(2021, 10, 3), time(2, 15), "Australia/Lord_Howe", "2021-10-02T15:30:00+00:00"),
        (date(2011, 12, 30), time(8, 0), "Pacific/Apia", "2011-12-30T10:00:00+00:00"),
        (date(2018, 11, 4), time(0, 0), "America/Sao_Paulo", "2018-11-04T03:00:00+00:00"),
    ],
)
def test_well_known_clock_changes(day: date, at: time, name: str, expected: str) -> None:
    assert resolve(day, at, name).isoformat() == expected


def test_two_due_times_in_one_gap_are_one_edition() -> None:
    cadence = Cadence((time(2, 10), time(2, 40)), EVERY_DAY, "Europe/Berlin")
    assert len(due_times(cadence, datetime(2026, 3, 28, 12, tzinfo=UTC), datetime(2026, 3, 29, 12, tzinfo=UTC))) == 1


def test_downtime_is_made_up_once_and_only_while_fresh() -> None:
    cadence = Cadence((time(8, 0),), EVERY_DAY, "UTC")
    after = datetime(2026, 3, 1, 8, tzinfo=UTC)
    late = datetime(2026, 3, 4, 19, tzinfo=UTC)
    plan = missed(cadence, after, late, timedelta(hours=12))
    assert plan.make_up == datetime(2026, 3, 4, 8, tzinfo=UTC)
    assert [moment.day for moment in plan.skipped] == [2, 3]
    too_late = missed(cadence, after, late, timedelta(hours=10))
    assert too_late.make_up is None
    assert [moment.day for moment in too_late.skipped] == [2, 3, 4]
    assert missed(cadence, late, late, timedelta(hours=12)).skipped == ()


def test_windows_meet_without_gap_or_overlap() -> None:
    due = datetime(2026, 3, 4, 8, tzinfo=UTC)
    first = edition_window(None, due)
    second = edition_window(first.until, due + timedelta(days=1))
    assert first.since == due - FIRST_WINDOW
    assert first.holds(due)
    assert not second.holds(due)
    assert edition_window(None, due, first_due_at=due - timedelta(days=2)).since == due - timedelta(days=3)
    assert edition_window(due + timedelta(days=2), due) == first  # the clock was set back
    day = day_window(date(2026, 3, 29), "Europe/Berlin")
    assert day.until - day.since == timedelta(hours=23)
    assert day.holds(day.since)
    assert not day.holds(day.until)


@pytest.mark.parametrize(
    ("cadence", "days"),
    [
        (Cadence((time(8),), (1,)), 7),
        (Cadence((time(8),), (1, 5)), 3),
        (Cadence((time(8),)), 1),
        (Cadence((time(8), time(20))), 1),
    ],
)
def test_a_first_edition_reaches_back_to_where_one_before_it_would_have_ended(cadence: Cadence, days: int) -> None:
    monday = datetime(2026, 3, 9, 8, tzinfo=UTC)
    assert first_window(cadence, monday) == timedelta(days=days)


def test_an_unknown_zone_is_refused_with_a_hint() -> None:
    with pytest.raises(InvalidInput, match="Europe/Berlin"):
        zone("Mars/Olympus")
    for hostile in ("../etc/passwd", "", "Europe/Berlin\0"):
        with pytest.raises(InvalidInput):
            zone(hostile)
