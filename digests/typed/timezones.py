"""Parses time zones as people name them: IANA names, cities, a few abbreviations. Pure except for the zone database."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache

from rapidfuzz import fuzz, process

from digests.editions import no_such_zone, zone, zone_names
from digests.errors import InvalidInput
from digests.i18n import _
from digests.models import Suggestion
from digests.typed import places
from digests.typed.name_index import MOST_FOUND, Names, typed_line

COMMON = (
    "UTC", "America/New_York", "America/Chicago", "America/Denver", "America/Los_Angeles", "America/Toronto",
    "America/Vancouver", "America/Mexico_City", "America/Sao_Paulo", "America/Argentina/Buenos_Aires",
    "Europe/London", "Europe/Dublin", "Europe/Lisbon", "Europe/Paris", "Europe/Berlin", "Europe/Madrid", "Europe/Rome",
    "Europe/Amsterdam", "Europe/Stockholm", "Europe/Warsaw", "Europe/Athens", "Europe/Kyiv", "Europe/Istanbul",
    "Africa/Lagos", "Africa/Cairo", "Africa/Johannesburg", "Africa/Nairobi", "Asia/Dubai", "Asia/Karachi",
    "Asia/Kolkata", "Asia/Bangkok", "Asia/Jakarta", "Asia/Shanghai", "Asia/Hong_Kong", "Asia/Singapore", "Asia/Manila",
    "Asia/Seoul", "Asia/Tokyo", "Australia/Perth", "Australia/Sydney", "Pacific/Auckland",
)  # fmt: skip
"""The zones with most people, from west to east; suggested first for an empty text."""
_SHORT = 2
"""A shorter text is similar to too many names."""
_SHOWN = 4
_OFFERED = 3
_OFFSET = re.compile(r"(?i)(?:(?:utc|gmt)\s*)?(?P<sign>[+−–-])\s*(?P<hours>\d{1,2})(?::?(?P<minutes>\d{2}))?")


@cache
def _zones() -> tuple[str, ...]:
    """Return all zones worth suggesting, common ones first, without machine aliases."""
    known = zone_names()
    places = [name for name in known if "/" in name and not name.startswith(("US/", "Etc/"))]
    return tuple(dict.fromkeys([*(name for name in COMMON if name in known), *places]))


@dataclass(frozen=True, slots=True)
class _Named:
    """One name of a zone; `order` sorts equally good matches."""

    line: str
    zone: str
    order: tuple[int, int, int]


@cache
def _named() -> tuple[_Named, ...]:
    """All names of all zones: their own, places, and countries for each of their zones."""
    zones = _zones()
    number_of = {name: number for number, name in enumerate(zones)}
    named = [(name, zone_name, 0) for zone_name in zones for name in _names_of(zone_name)]
    named += [(name, zone_name, 0) for name, zone_name in places.places()]
    for name, code in places.countries().items():
        named += [(name, zone_name, place) for place, zone_name in enumerate(places.zones_of(code))]
    found: list[_Named] = []
    for name, zone_name, place in named:
        if zone_name in number_of and (line := typed_line(name)):
            is_common = not place and zone_name in COMMON
            order = number_of[zone_name] if is_common else len(COMMON) + places.rank(zone_name)
            found.append(_Named(line, zone_name, (place, order, number_of[zone_name])))
    return tuple(found)


@cache
def _exactly() -> dict[str, tuple[str, ...]]:
    """Names of places and countries -> the zones they mean, most likely first."""
    found: dict[str, list[str]] = {}
    known = set(_zones())
    for name, zone_name in places.places():
        found.setdefault(typed_line(name), []).append(zone_name)
    for name, code in places.countries().items():
        found.setdefault(typed_line(name), []).extend(places.zones_of(code))
    return {line: tuple(dict.fromkeys(name for name in names if name in known)) for line, names in found.items()}


@cache
def _similar() -> Names:
    named = _named()
    return Names((one.line, number) for number, one in enumerate(named))


def _names_of(zone_name: str) -> tuple[str, ...]:
    city = zone_name.rpartition("/")[2].replace("_", " ")
    return (city, zone_name, zone_name.replace("_", " ").replace("/", " "))


def _complete(text: str) -> list[str]:
    """Return zones whose names the text matches exactly, as a prefix, or almost."""
    typed = typed_line(text)
    if not typed:
        return list(_zones())[:MOST_FOUND]
    named = _named()
    begins = [one for one in named if one.line.startswith(typed)]
    exact = [one for one in begins if one.line == typed]
    inside = [one for one in named if f" {typed}" in one.line or f"/{typed}" in one.line]
    found = dict.fromkeys(_exactly().get(typed, ()))
    for fitting in (exact, begins, inside):
        found |= dict.fromkeys(one.zone for one in sorted(fitting, key=lambda one: one.order))
    if not found and len(typed) > _SHORT:
        found |= dict.fromkeys(
            named[number].zone for number in _similar().find(typed) if named[number].line[0] == typed[0]
        )
    return list(found)[:MOST_FOUND]


def find_timezones(text: str, now: datetime) -> tuple[Suggestion, ...]:
    """Return zones that match what was typed so far, best first, with their offsets at `now`."""
    offset = _offset_typed(" ".join(text.split()))
    found = _complete(text.replace("_", " ")) if offset is None else _at_offset(offset, now)[:MOST_FOUND]
    return tuple(Suggestion(f"{name.replace('_', ' ')} ({_offset(name, now)})", name) for name in found)


def parse_timezone(text: str, now: datetime) -> str:
    """Return the IANA zone that `text` names: in any case, by its city alone, by an abbreviation, or UTC.

    Args:
        text: What was typed.
        now: The moment at which zones have to have a typed offset.

    Raises:
        InvalidInput: There is none, or several; the sentence says what to type.
    """
    typed = " ".join(text.split())
    if (known := find_timezone(typed)) is not None:
        return known
    offset = _offset_typed(typed)
    if offset is not None:
        raise InvalidInput(_no_offset(typed, offset, now))
    begun = _complete(typed.replace("_", " ")) if len(typed) > _SHORT else []
    near = _several(typed) or tuple(begun[:_OFFERED]) or _nearest(typed)
    if near:
        raise InvalidInput(
            _("There is no time zone called “{text}”. Did you mean {near}?").format(
                text=_shown(typed), near=_alternatives(near)
            )
        )
    raise InvalidInput(no_such_zone(typed))


def find_timezone(text: str) -> str | None:
    """Return the zone that the text names exactly (IANA name, city or abbreviation, any case), or None."""
    typed = " ".join(text.split())
    wanted = typed_line(typed.replace("_", " "))
    if not wanted:
        return None
    known = _by_name().get(typed.replace(" ", "_").casefold())
    if known is not None and ("/" in known or known == "UTC"):
        return known
    # Before IANA's own: its EST and the like are zones without summer time, which hardly anybody means.
    meant = _exactly().get(wanted, ())
    if meant and not _several(typed):
        return meant[0]
    if known is not None:
        return known
    return next((zone_name for zone_name in _zones() if typed_line(_names_of(zone_name)[0]) == wanted), None)


def _several(text: str) -> tuple[str, ...]:
    """Return the first zones of a country with several, if its name means none of them in particular; else nothing."""
    wanted = typed_line(text)
    meant = _exactly().get(wanted, ())
    codes = {code for name, code in places.countries().items() if typed_line(name) == wanted}
    if len(meant) < 2 or not codes or any(map(places.has_main_zone, codes)):
        return ()
    return () if wanted in _cities() else meant[:_SHOWN]


@cache
def _cities() -> frozenset[str]:
    listed = {typed_line(name) for name, _zone in places.places()}
    return frozenset(listed | {typed_line(_names_of(name)[0]) for name in _zones()})


@cache
def _by_name() -> dict[str, str]:
    return {name.casefold(): name for name in zone_names()}


def _nearest(text: str, count: int = 3) -> tuple[str, ...]:
    """Return zone names similar to `text`, most similar first."""
    wanted = text.casefold().replace(" ", "_")
    names = zone_names()
    cities = {name: name.casefold().rpartition("/")[2] for name in names}
    by_city = process.extract(wanted, cities, scorer=fuzz.ratio, score_cutoff=70, limit=count)
    by_name = process.extract(
        wanted, {name: name.casefold() for name in names}, scorer=fuzz.ratio, score_cutoff=70, limit=count
    )
    ranked = sorted([*by_city, *by_name], key=lambda match: -match[1])
    return tuple(dict.fromkeys(str(match[2]) for match in ranked))[:count]


def _offset_typed(text: str) -> timedelta | None:
    """Parse `UTC+2`, `GMT-03:30`, `+0530`; return None for anything else."""
    match = _OFFSET.fullmatch(text)
    if match is None:
        return None
    offset = timedelta(hours=int(match["hours"]), minutes=int(match["minutes"] or 0))
    return offset if match["sign"] == "+" else -offset


def _at_offset(offset: timedelta, now: datetime) -> list[str]:
    """Return the zones with this offset from UTC at `now`: common ones, else any."""
    for zones in (COMMON, _zones()):
        if found := [name for name in zones if now.astimezone(zone(name)).utcoffset() == offset]:
            return found
    return []


def _no_offset(typed: str, offset: timedelta, now: datetime) -> str:
    """Return the sentence that refuses an offset, as a digest at eight should also come at eight in summer."""
    places = _at_offset(offset, now)
    hours = int(offset.total_seconds() // 3600)
    fixed = f"Etc/GMT{-hours:+d}" if hours and offset == timedelta(hours=hours) and -12 <= hours <= 14 else ""
    if not places and not fixed:
        return no_such_zone(typed)
    if not places:
        return _("“{text}” is an offset, not a time zone. Type {fixed}, which has it.").format(
            text=_shown(typed), fixed=fixed
        )
    if not fixed:
        return _("“{text}” is an offset, not a time zone. Type a place, such as {places}.").format(
            text=_shown(typed), places=_alternatives(places[:3])
        )
    return _(
        "“{text}” is an offset, not a time zone. Type a place, such as {places},"
        " or {fixed} for this offset in summer and winter alike."
    ).format(text=_shown(typed), places=_alternatives(places[:3]), fixed=fixed)


def _alternatives(names: Sequence[str]) -> str:
    if len(names) == 1:
        return names[0]
    return _("{names} or {last}").format(names=", ".join(names[:-1]), last=names[-1])


def _shown(text: str) -> str:
    return text if len(text) <= 50 else f"{text[:49]}…"


def _offset(zone_name: str, now: datetime) -> str:
    delta = now.astimezone(zone(zone_name)).utcoffset()
    minutes = int(delta.total_seconds() // 60) if delta is not None else 0
    hours, rest = divmod(abs(minutes), 60)
    return f"UTC{'-' if minutes < 0 else '+'}{hours:02}:{rest:02}" if minutes else "UTC"
