"""Guesses a person's time zone from their Discord language, as a suggestion."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from babel import core
from babel.core import UnknownLocaleError


@cache
def likely_timezone(locale: str) -> str | None:
    """Return the IANA zone of most people who use a locale, or None if that can't be guessed.

    The country comes from the locale or from CLDR's likely subtags; the zone is the first that CLDR lists for the
    country. Plain English implies no country: half the world uses Discord in English.

    Args:
        locale: As Discord gives it: `de`, `en-GB`, `pt-BR`.
    """
    parts = locale.replace("_", "-").split("-")
    if parts[0] == "en" and (len(parts) < 2 or parts[1] == "US"):
        return None
    try:
        likely: Mapping[str, Any] = core.get_global("likely_subtags")
        zones: Mapping[str, Any] = core.get_global("territory_zones")
    except (UnknownLocaleError, KeyError):
        return None
    region = _MOST_SPEAK_IT.get(parts[-1], parts[-1].upper()) if len(parts) > 1 else ""
    territory = region if len(region) == 2 else likely.get(parts[0], "").split("_")[-1]
    found: list[str] = zones.get(territory, [])
    return _CAPITALS.get(territory) or (found[0] if found else None)


_CAPITALS = {
    "BR": "America/Sao_Paulo",
    "RU": "Europe/Moscow",
    "ES": "Europe/Madrid",
    "CN": "Asia/Shanghai",
    "ID": "Asia/Jakarta",
    "MX": "America/Mexico_City",
}
"""Countries whose first zone in CLDR is not where most of their people live."""
_MOST_SPEAK_IT = {"419": "MX"}
"""Region -> country with most people: Discord has one Spanish for all of Latin America."""
