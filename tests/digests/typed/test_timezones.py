from __future__ import annotations

from datetime import UTC, datetime

import pytest

from digests.editions import zone, zone_names
from digests.errors import InvalidInput
from digests.typed.places import zones_of
from digests.typed.timezones import find_timezone, find_timezones, parse_timezone

WINTER = datetime(2021, 1, 15, tzinfo=UTC)
SUMMER = datetime(2021, 7, 15, tzinfo=UTC)


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("Europe/Berlin", "Europe/Berlin"),
        ("europe/berlin", "Europe/Berlin"),
        ("AMERICA/NEW YORK", "America/New_York"),
        ("tokyo", "Asia/Tokyo"),
        ("new york", "America/New_York"),
        ("san francisco", "America/Los_Angeles"),
        (" UTC ", "UTC"),
        ("gmt", "UTC"),
        ("z", "UTC"),
        ("EST", "America/New_York"),
        ("mst", "America/Denver"),
        ("CET", "Europe/Paris"),
        ("EET", "Europe/Athens"),
        ("etc/gmt-2", "Etc/GMT-2"),
        ("Etc/UTC", "Etc/UTC"),
        ("etc/gmt+0", "Etc/GMT+0"),
        ("Etc/Zulu", "Etc/Zulu"),
    ],
)
def test_zones_are_parsed_in_any_case_by_city_and_by_abbreviation(typed: str, expected: str) -> None:
    assert find_timezone(typed) == expected
    assert parse_timezone(typed, WINTER) == expected


@pytest.mark.parametrize("typed", ["nowhere", "", "localtime", "Factory", "posixrules"])
def test_what_names_no_zone_is_none(typed: str) -> None:
    assert find_timezone(typed) is None
    with pytest.raises(InvalidInput):
        parse_timezone(typed, WINTER)


@pytest.mark.parametrize(("typed", "near"), [("Berln", "Europe/Berlin"), ("Europe/Lodon", "Europe/London")])
def test_a_misspelt_zone_gets_the_nearest_suggested(typed: str, near: str) -> None:
    with pytest.raises(InvalidInput, match=near):
        parse_timezone(typed, WINTER)


def test_a_zone_like_nothing_gets_examples() -> None:
    with pytest.raises(InvalidInput, match="Europe/Berlin"):
        parse_timezone("xqzw", WINTER)


@pytest.mark.parametrize(
    ("typed", "now", "place", "fixed"),
    [
        ("UTC+2", WINTER, "Europe/Athens", "Etc/GMT-2"),
        ("gmt +02:00", SUMMER, "Europe/Paris", "Etc/GMT-2"),
        ("+1", WINTER, "Europe/Paris", "Etc/GMT-1"),
        ("UTC-5", WINTER, "America/New_York", r"Etc/GMT\+5"),
        ("-0500", SUMMER, "America/Chicago", r"Etc/GMT\+5"),
        ("UTC+5:30", SUMMER, "Asia/Kolkata", r"such as Asia/Kolkata\.$"),
        ("UTC+5:45", SUMMER, "Asia/Kathmandu", r"Kathmandu or Asia/Katmandu\.$"),
        ("UTC+14", SUMMER, "Pacific/Kiritimati", "Etc/GMT-14"),
        ("UTC-12", SUMMER, r"Etc/GMT\+12", "which has it"),
        ("UTC+99", SUMMER, "Europe/Berlin", "no time zone called"),
    ],
)
def test_an_offset_gets_the_places_that_have_it_at_the_time(typed: str, now: datetime, place: str, fixed: str) -> None:
    with pytest.raises(InvalidInput, match=place) as refused:
        parse_timezone(typed, now)
    refused.match(fixed)


def test_an_offset_is_completed_to_places_that_have_it_at_the_time() -> None:
    assert "Europe/Berlin" in [zone.value for zone in find_timezones("utc+2", SUMMER)]
    assert "Europe/Berlin" not in [zone.value for zone in find_timezones("+2", WINTER)]
    assert [zone.value for zone in find_timezones("+5:45", WINTER)] == ["Asia/Kathmandu", "Asia/Katmandu"]
    assert [zone.value for zone in find_timezones("+5:50", WINTER)] == []


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("nyc", "America/New_York"), ("sf", "America/Los_Angeles"), ("la", "America/Los_Angeles"),
        ("uk", "Europe/London"), ("usa", "America/New_York"), ("texas", "America/Chicago"),
        ("india", "Asia/Kolkata"), ("germany", "Europe/Berlin"), ("japan", "Asia/Tokyo"), ("köln", "Europe/Berlin"),
        ("Koln", "Europe/Berlin"), ("日本", "Asia/Tokyo"), ("australia", "Australia/Sydney"),
        ("bangladesh", "Asia/Dhaka"),
        ("europe", "Europe/London"), ("vietn", "Asia/Ho_Chi_Minh"), ("calif", "America/Los_Angeles"),
    ],
)  # fmt: skip
def test_countries_states_and_short_names_complete_to_their_zone(typed: str, expected: str) -> None:
    assert find_timezones(typed, WINTER)[0].value == expected


@pytest.mark.parametrize(
    ("typed", "absurd"), [("uk", "Timbuktu"), ("la", "Dallas"), ("us", "Damascus"), ("in", "Berlin")]
)
def test_nothing_is_found_inside_a_word(typed: str, absurd: str) -> None:
    assert all(absurd not in choice.value for choice in find_timezones(typed, WINTER))


def test_a_country_of_several_zones_is_asked_about_unless_one_is_meant() -> None:
    with pytest.raises(InvalidInput, match="America/New_York"):
        parse_timezone("usa", WINTER)
    assert parse_timezone("spain", WINTER) == "Europe/Madrid"
    assert parse_timezone("UK", WINTER) == "Europe/London"


def test_every_zone_is_itself_unless_it_is_an_abbreviation_that_means_a_place() -> None:
    for name in zone_names():
        found = parse_timezone(name, WINTER)
        assert found == name or "/" not in name or zone(found).utcoffset(None) == zone(name).utcoffset(None)


def test_the_zone_of_a_large_part_of_a_country_comes_first() -> None:
    assert zones_of("PS") == ("Asia/Hebron", "Asia/Gaza")
    assert zones_of("KI")[0] == "Pacific/Kiritimati"
