"""Words that several surfaces say."""

from __future__ import annotations

from datetime import date, time, timedelta

import pytest

from bot.render import wording
from digests.models import (
    Cadence,
    DropReason,
    JoinReason,
    LeftOutReason,
    Provider,
    QuietDay,
    SearchSort,
    Update,
)
from tests.bot.render.making import FORBES, NOW, NYT, a_link, a_story, an_article


def test_a_date_is_written_as_on_a_masthead() -> None:
    assert wording.date_in_words(date(2020, 7, 8)) == "Wednesday, 8 July 2020"
    assert {wording.month_name(month)[:3] for month in range(1, 13)} == {
        date(2020, month, 1).strftime("%b") for month in range(1, 13)
    }


@pytest.mark.parametrize(
    ("weekdays", "words"),
    [
        ((1, 2, 3, 4, 5, 6, 7), "every day"),
        ((1, 2, 3, 4, 5), "Monday to Friday"),
        ((7, 6), "on Saturdays and Sundays"),
        ((1, 5, 6, 7), "Friday to Monday"),
        ((1, 7), "on Mondays and Sundays"),
        ((1, 3, 5), "on Mondays, Wednesdays and Fridays"),
        ((2,), "on Tuesdays"),
    ],
)
def test_weekdays_are_said_as_people_say_them(weekdays: tuple[int, ...], words: str) -> None:
    assert wording.weekdays_in_words(weekdays) == words


def test_a_cadence_is_said_with_its_zone() -> None:
    cadence = Cadence((time(8), time(18, 30)), (6, 7), "Europe/Berlin")
    assert wording.cadence_in_words(cadence) == "on Saturdays and Sundays at 08:00 and 18:30 (Europe/Berlin)"


@pytest.mark.parametrize(
    ("before", "words"),
    [
        (timedelta(seconds=-5), "just now"),
        (timedelta(seconds=59), "just now"),
        (timedelta(minutes=1), "1 minute ago"),
        (timedelta(hours=23, minutes=59), "23 hours ago"),
        (timedelta(days=1), "1 day ago"),
        (timedelta(days=30), "30 days ago"),
        (timedelta(days=31), "7 June 2020"),
    ],
)
def test_an_age_has_one_unit(before: timedelta, words: str) -> None:
    assert wording.age(NOW - before, NOW) == words


def test_an_unknown_time_is_undated() -> None:
    assert wording.age(None, NOW) == "undated"


def test_a_source_is_its_providers_name_or_a_domain() -> None:
    assert wording.source_name(an_article(provider=FORBES)) == "Forbes"
    assert wording.source_name(an_article(provider=Provider("", "forbes.com"))) == "forbes.com"
    assert wording.source_name(an_article(provider=None)) == "nytimes.com"
    assert wording.source_name(an_article(provider=None, url=None)) == ""


def test_a_story_carried_by_few_does_not_say_so() -> None:
    assert wording.carried_by(a_story(providers=(NYT, FORBES, *(NYT,) * 5))) == ""
    five = tuple(Provider(name, f"{name}.example") for name in "abcde")
    assert wording.carried_by(a_story(providers=five[:4])) == ""
    assert wording.carried_by(a_story(providers=five)) == "carried by 5 providers"


def test_a_providers_long_name_leaves_room_for_what_an_update_counts() -> None:
    said = wording.update_in_words(Update(("Unbreakable" * 30,) * 6, (a_link(),)))
    assert said.endswith("…, 2 more providers, 1 more link")
    assert len(said) < 200


def test_an_update_names_four_providers_and_counts_the_others() -> None:
    update = Update(("A", "B", "C", "D", "E", "F"), (a_link(),))
    assert wording.update_in_words(update) == "new: A, B, C, D, 2 more providers, 1 more link"
    assert wording.update_in_words(Update((), ())) == ""


def test_long_lists_are_shortened() -> None:
    assert wording.shortened(["A", "B", "C"], 3) == "A, B and C"
    assert wording.shortened(["A", "B", "C", "D"], 2) == "A, B and 2 more"


def test_every_value_has_words() -> None:
    for quiet_day in QuietDay:
        assert wording.quiet_day_in_words(quiet_day)
    for sort in SearchSort:
        assert wording.sort_in_words(sort)
    for reason in LeftOutReason:
        assert wording.left_out_reason(reason)
    for drop in DropReason:
        assert wording.drop_reason(drop)
    for join in JoinReason:
        assert wording.join_reason(join)
