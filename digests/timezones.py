"""Time zones as people name them: IANA names, cities, a few abbreviations. Pure but for the zone database."""

from __future__ import annotations

from datetime import datetime
from functools import cache

from digests import editions
from digests.models import Suggestion
from digests.names import Names, typed_line

COMMON = (
    "UTC", "America/New_York", "America/Chicago", "America/Denver", "America/Los_Angeles", "America/Toronto",
    "America/Vancouver", "America/Mexico_City", "America/Sao_Paulo", "America/Argentina/Buenos_Aires",
    "Europe/London", "Europe/Dublin", "Europe/Lisbon", "Europe/Paris", "Europe/Berlin", "Europe/Madrid", "Europe/Rome",
    "Europe/Amsterdam", "Europe/Stockholm", "Europe/Warsaw", "Europe/Athens", "Europe/Kyiv", "Europe/Istanbul",
    "Africa/Lagos", "Africa/Cairo", "Africa/Johannesburg", "Africa/Nairobi", "Asia/Dubai", "Asia/Karachi",
    "Asia/Kolkata", "Asia/Bangkok", "Asia/Jakarta", "Asia/Shanghai", "Asia/Hong_Kong", "Asia/Singapore", "Asia/Manila",
    "Asia/Seoul", "Asia/Tokyo", "Australia/Perth", "Australia/Sydney", "Pacific/Auckland",
)  # fmt: skip
"""Zones in which most people live, west to east; the first that an empty text is completed to."""
_ALSO = {
    "GMT": "Europe/London", "BST": "Europe/London", "EST": "America/New_York", "EDT": "America/New_York",
    "Eastern Time": "America/New_York", "CST": "America/Chicago", "CDT": "America/Chicago",
    "Central Time": "America/Chicago", "MST": "America/Denver", "MDT": "America/Denver",
    "Mountain Time": "America/Denver", "PST": "America/Los_Angeles", "PDT": "America/Los_Angeles",
    "Pacific Time": "America/Los_Angeles", "CET": "Europe/Paris", "CEST": "Europe/Paris", "EET": "Europe/Athens",
    "JST": "Asia/Tokyo", "KST": "Asia/Seoul", "IST": "Asia/Kolkata", "AEST": "Australia/Sydney",
    "San Francisco": "America/Los_Angeles", "Seattle": "America/Los_Angeles", "San Diego": "America/Los_Angeles",
    "Las Vegas": "America/Los_Angeles", "Washington": "America/New_York", "Boston": "America/New_York",
    "Miami": "America/New_York", "Atlanta": "America/New_York", "Philadelphia": "America/New_York",
    "Dallas": "America/Chicago", "Houston": "America/Chicago", "Austin": "America/Chicago",
    "Montreal": "America/Toronto", "Ottawa": "America/Toronto", "Calgary": "America/Edmonton",
    "Rio de Janeiro": "America/Sao_Paulo", "Brasilia": "America/Sao_Paulo", "Manchester": "Europe/London",
    "Edinburgh": "Europe/London", "Barcelona": "Europe/Madrid", "Milan": "Europe/Rome", "Munich": "Europe/Berlin",
    "Hamburg": "Europe/Berlin", "Frankfurt": "Europe/Berlin", "Cologne": "Europe/Berlin", "Geneva": "Europe/Zurich",
    "Basel": "Europe/Zurich", "Kiev": "Europe/Kyiv", "Saint Petersburg": "Europe/Moscow", "Cape Town":
    "Africa/Johannesburg", "Abu Dhabi": "Asia/Dubai", "Tel Aviv": "Asia/Jerusalem", "Mumbai": "Asia/Kolkata",
    "Delhi": "Asia/Kolkata", "Bangalore": "Asia/Kolkata", "Islamabad": "Asia/Karachi", "Hanoi": "Asia/Ho_Chi_Minh",
    "Saigon": "Asia/Ho_Chi_Minh", "Beijing": "Asia/Shanghai", "Osaka": "Asia/Tokyo", "Canberra": "Australia/Sydney",
    "Wellington": "Pacific/Auckland",
}  # fmt: skip


@cache
def _zones() -> tuple[str, ...]:
    """All zones worth offering, common ones first; the database's doubles for machines are left out."""
    known = editions.zone_names()
    places = [zone for zone in known if "/" in zone and not zone.startswith("US/")]
    return tuple(dict.fromkeys([*(zone for zone in COMMON if zone in known), *places]))


@cache
def _names() -> Names:
    zones = _zones()
    numbers = {zone: number for number, zone in enumerate(zones)}
    named = [(name, number) for number, zone in enumerate(zones) for name in _names_of(zone)]
    return Names([*named, *((name, numbers[zone]) for name, zone in _ALSO.items() if zone in numbers)])


def _names_of(zone: str) -> tuple[str, ...]:
    city = zone.rpartition("/")[2].replace("_", " ")
    return (city, zone, zone.replace("_", " ").replace("/", " "))


def find_timezones(text: str, now: datetime) -> tuple[Suggestion, ...]:
    """Returns zones that fit what was typed so far, best first, shown with their offset at `now`."""
    zones = _zones()
    return tuple(
        Suggestion(f"{zones[number].replace('_', ' ')} ({_offset(zones[number], now)})", zones[number])
        for number in _names().find(text.replace("_", " "))
    )


def find_timezone(text: str) -> str | None:
    """Returns the zone that a text names exactly (IANA name or city, any case), or None."""
    typed = text.strip()
    by_name = {zone.casefold(): zone for zone in editions.known_zones()}
    if zone := by_name.get(typed.replace(" ", "_").casefold()):
        return zone
    wanted = typed_line(typed.replace("_", " "))
    for number, zone in enumerate(_zones()):
        if wanted and wanted == typed_line(_names_of(zone)[0]):
            return _zones()[number]
    return next((zone for name, zone in _ALSO.items() if wanted and typed_line(name) == wanted), None)


def _offset(zone: str, now: datetime) -> str:
    delta = now.astimezone(editions.zone(zone)).utcoffset()
    minutes = int(delta.total_seconds() // 60) if delta is not None else 0
    hours, rest = divmod(abs(minutes), 60)
    return f"UTC{'-' if minutes < 0 else '+'}{hours:02}:{rest:02}" if minutes else "UTC"
