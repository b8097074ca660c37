from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, date, datetime, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digests.errors import InvalidInput
from digests.typed import options
from digests.typed.timezones import parse_timezone


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("8", (time(8),)),
        ("08:00", (time(8),)),
        ("8am", (time(8),)),
        ("8 AM", (time(8),)),
        ("7:30 pm", (time(19, 30),)),
        ("7.30 p.m.", (time(19, 30),)),
        ("12am", (time(0),)),
        ("12 pm", (time(12),)),
        ("noon", (time(12),)),
        ("midnight, noon", (time(0), time(12))),
        ("24:00", (time(0),)),
        ("20h", (time(20),)),
        ("20h15", (time(20, 15),)),
        ("0830", (time(8, 30),)),
        ("8 o'clock", (time(8),)),
        ("08:00, 18:30", (time(8), time(18, 30))),
        ("18:30 08:00", (time(8), time(18, 30))),
        ("8am 6 pm", (time(8), time(18))),
        ("8 and 18", (time(8), time(18))),
        ("8; 8; 08:00", (time(8),)),
    ],
)
def test_times_are_parsed_as_people_type_them(typed: str, expected: object) -> None:
    assert options.parse_times(typed) == expected


@pytest.mark.parametrize(
    "typed", ["", "  ,", "25:00", "8:75", "13pm", "0am", "soon", "8:0", "08:00:00x", "-8", "٨:٠٠pm x"]
)
def test_a_wrong_time_gets_a_sentence_that_says_what_to_type(typed: str) -> None:
    with pytest.raises(InvalidInput, match="08:00"):
        options.parse_times(typed)


def test_more_than_twelve_times_a_day_are_refused() -> None:
    with pytest.raises(InvalidInput, match="12"):
        options.parse_times(",".join(str(hour) for hour in range(13)))


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("daily", (1, 2, 3, 4, 5, 6, 7)),
        ("Every day", (1, 2, 3, 4, 5, 6, 7)),
        ("weekdays", (1, 2, 3, 4, 5)),
        ("weekend", (6, 7)),
        ("mon-fri", (1, 2, 3, 4, 5)),
        ("Mon – Fri", (1, 2, 3, 4, 5)),
        ("monday to wednesday", (1, 2, 3)),
        ("fri-mon", (1, 5, 6, 7)),
        ("sat, sun", (6, 7)),
        ("Mon Wed Fri", (1, 3, 5)),
        ("mon-tue thu", (1, 2, 4)),
        ("mon. and thurs.", (1, 4)),
        ("Mondays", (1,)),
        ("tues, weds", (2, 3)),
        ("weekdays, sat", (1, 2, 3, 4, 5, 6)),
        ("mon-mon", (1,)),
    ],
)
def test_days_are_parsed_as_people_type_them(typed: str, expected: object) -> None:
    assert options.parse_weekdays(typed) == expected


@pytest.mark.parametrize("typed", ["", "t", "s", "noday", "mon-xyz", "8", "mon wed nope"])
def test_a_wrong_day_gets_a_sentence_that_says_what_to_type(typed: str) -> None:
    with pytest.raises(InvalidInput, match="mon, wed, fri"):
        options.parse_weekdays(typed)


def test_lists_keep_their_order_and_say_nothing_twice() -> None:
    assert options.parse_names(" AI ;privacy, ai,, Power  Apps ") == ("AI", "privacy", "Power Apps")
    assert options.parse_names("") == ()


@pytest.mark.parametrize("typed", ["x" * 101, ",".join(str(number) for number in range(26))])
def test_endless_lists_are_refused(typed: str) -> None:
    with pytest.raises(InvalidInput):
        options.parse_names(typed)


@given(st.text(max_size=60))
@pytest.mark.parametrize(
    "parse",
    [
        options.parse_times,
        options.parse_weekdays,
        options.parse_names,
        lambda text: options.parse_day(text, datetime(2021, 2, 11, tzinfo=UTC), "Asia/Tokyo"),
        lambda text: parse_timezone(text, datetime(2021, 2, 11, tzinfo=UTC)),
    ],
)
def test_no_text_breaks_any_option(parse: Callable[[str], object], text: str) -> None:
    with suppress(InvalidInput):
        assert parse(text) is not None


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("2021-02-04", date(2021, 2, 4)),
        ("20210204", date(2021, 2, 4)),
        ("4 feb 2021", date(2021, 2, 4)),
        ("yesterday", date(2021, 2, 11)),
        ("today", date(2021, 2, 12)),
        ("last monday", date(2021, 2, 8)),
    ],
)
def test_days_are_parsed_in_a_zone(typed: str, expected: object) -> None:
    # 2021-02-11 23:30 UTC is the 12th in Paris already.
    assert options.parse_day(typed, datetime(2021, 2, 11, 23, 30, tzinfo=UTC), "Europe/Paris") == expected


@pytest.mark.parametrize(("typed", "said"), [("soon", "not a day"), ("9999-12-31", "not a day"), ("last week", "more")])
def test_what_is_no_day_gets_a_sentence_that_says_what_to_type(typed: str, said: str) -> None:
    with pytest.raises(InvalidInput, match=said) as refused:
        options.parse_day(typed, datetime(2021, 2, 11, tzinfo=UTC), "UTC")
    assert "2021-02-04" in str(refused.value)


@pytest.mark.parametrize(
    ("typed", "query"),
    [
        ("tide -sport", "tide -sport"),
        ('tide, "harbour town", -sport', '(tide OR "harbour town") -sport'),
        ("tide -sport, robot", "(tide OR robot) -sport"),
        ("-sport tennis, -provider: byte", "tennis -sport -provider: byte"),
        ('tide, rope -topic:"British Columbia"', '(tide OR rope) -topic:"British Columbia"'),
        ("tide OR -sport, robot", "(tide OR -sport) OR robot"),
        ('"left -right" eel, robot', '("left -right" eel) OR robot'),
        ("rope makers, tide", "(rope makers) OR tide"),
        ("-topic:AI,Privacy", "-topic:AI,Privacy"),
        ("robot, topic:AI,Privacy", "robot OR topic:AI,Privacy"),
        ("-(sport, tennis)", "-(sport OR tennis)"),
        ("tide, -(sport, (golf, -tennis))", "tide -(sport OR ((golf -tennis)))"),
        ("tide (storm, flood", "(tide (storm) OR flood"),
        (":), tide", ":) OR tide"),
        ('"tide, storm"', '"tide, storm"'),
    ],
)
def test_commas_mean_or_and_nothing_left_out_comes_back(typed: str, query: str) -> None:
    assert options.join_alternatives(typed) == query


def test_two_hyphens_in_an_order_are_asked_about_in_keywords_and_leave_a_name_out() -> None:
    with pytest.raises(InvalidInput, match=r"leave something out.* -sport"):
        options.plain_minus("tide --sport")
    assert options.plain_minus('tide "--sport"') == 'tide "--sport"'
    assert options.split_exclusions("AI, --sports") == ("AI", "sports")
