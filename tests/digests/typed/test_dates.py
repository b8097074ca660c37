from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digests.typed.dates import parse_moment

NOW = datetime(2021, 2, 10, 15, 30, tzinfo=UTC)  # a Wednesday


def days(first: str, last: str) -> tuple[datetime, datetime]:
    return datetime.fromisoformat(first).replace(tzinfo=UTC), datetime.fromisoformat(last).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("typed", "start", "end"),
    [
        ("2021-02-04", "2021-02-04", "2021-02-05"),
        ("2021/2/4", "2021-02-04", "2021-02-05"),
        ("2021-02", "2021-02-01", "2021-03-01"),
        ("2021-12", "2021-12-01", "2022-01-01"),
        ("2021", "2021-01-01", "2022-01-01"),
        ("today", "2021-02-10", "2021-02-11"),
        (" Yesterday ", "2021-02-09", "2021-02-10"),
        ("the day before yesterday", "2021-02-08", "2021-02-09"),
        ("last week", "2021-02-01", "2021-02-08"),
        ("this week", "2021-02-08", "2021-02-15"),
        ("this month", "2021-02-01", "2021-03-01"),
        ("last month", "2021-01-01", "2021-02-01"),
        ("last year", "2020-01-01", "2021-01-01"),
        ("3 weeks ago", "2021-01-20", "2021-01-21"),
        ("a month ago", "2021-01-10", "2021-01-11"),
        ("Feb 4 2021", "2021-02-04", "2021-02-05"),
        ("February 4th, 2021", "2021-02-04", "2021-02-05"),
        ("4 feb 2021", "2021-02-04", "2021-02-05"),
        ("4. February 2021", "2021-02-04", "2021-02-05"),
        ("04.02.2021", "2021-02-04", "2021-02-05"),
        ("13/04/2020", "2020-04-13", "2020-04-14"),
        ("04/13/2020", "2020-04-13", "2020-04-14"),
        ("12/25/2020", "2020-12-25", "2020-12-26"),
        ("sept 3", "2020-09-03", "2020-09-04"),
        ("feb 29", "2020-02-29", "2020-03-01"),
        ("december", "2020-12-01", "2021-01-01"),
        ("monday", "2021-02-08", "2021-02-09"),
        ("wednesday", "2021-02-10", "2021-02-11"),
        ("last wednesday", "2021-02-03", "2021-02-04"),
        ("7d", "2021-02-03T15:30", "2021-02-03T15:30"),
        ("24h", "2021-02-09T15:30", "2021-02-09T15:30"),
        ("2 hours ago", "2021-02-10T13:30", "2021-02-10T13:30"),
        ("last 7 days", "2021-02-03T15:30", "2021-02-10T15:30"),
        ("2021-02-04T16:02:00Z", "2021-02-04T16:02", "2021-02-04T16:02"),
        ("2021-02-04 16:02", "2021-02-04T16:02", "2021-02-04T16:02"),
    ],
)
def test_a_date_is_read_as_people_type_it(typed: str, start: str, end: str) -> None:
    span = parse_moment(typed, NOW)
    assert span is not None
    assert (span.start, span.end) == days(start, end)


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "soon",
        "2021-02-30",
        "31 june",
        "02/04/2021",
        "99999y",
        "9999",
        "9999-12-31",
        "3000",
        "0999-12-31",
        "0001-01-01T00:00+14:00",
        "1100y",
        "7 feb mar",
        "-",
    ],
)
def test_what_names_no_day_or_two_days_is_rejected(typed: str) -> None:
    assert parse_moment(typed, NOW) is None


def test_days_begin_in_the_given_zone_across_a_clock_change() -> None:
    span = parse_moment("2021-03-14", NOW, "America/New_York")
    assert span is not None
    assert (span.start, span.end) == days("2021-03-14T05:00", "2021-03-15T04:00")


def test_a_day_as_words_is_the_local_one_not_the_utc_one() -> None:
    late = datetime(2021, 2, 10, 23, 30, tzinfo=UTC)
    span = parse_moment("today", late, "Asia/Tokyo")
    assert span is not None
    assert (span.start, span.end) == days("2021-02-10T15:00", "2021-02-11T15:00")


@given(st.text(max_size=70), st.datetimes(timezones=st.just(UTC)))
def test_no_text_and_no_moment_raises(typed: str, now: datetime) -> None:
    span = parse_moment(typed, now)
    assert span is None or span.start <= span.end


@given(
    st.sampled_from(["{n}d", "{n} weeks ago", "last {n} months", "{n}y", "last year", "feb", "yesterday", "monday"]),
    st.integers(0, 99_999),
    st.datetimes(timezones=st.just(UTC)),
    st.sampled_from(["UTC", "Pacific/Apia", "America/Sao_Paulo", "Asia/Tehran"]),
)
def test_a_date_before_the_first_year_is_rejected_without_an_error(
    form: str, count: int, now: datetime, zone: str
) -> None:
    span = parse_moment(form.format(n=count), now, zone)
    assert span is None or span.start <= span.end
