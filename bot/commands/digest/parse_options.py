"""What a person types about a digest → the fields of a subscription or a policy. "none" empties a list."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import TypedDict

from digests.models import Cadence, Policy, QuietDay, Style
from digests.service.search import SearchService
from digests.typed.options import parse_names, parse_times, parse_weekdays
from digests.typed.timezones import parse_timezone

_NOTHING = frozenset({"none", "all", "any", "-"})


@dataclass(frozen=True, slots=True)
class Typed:
    """The options of a digest as typed; None where one was not given."""

    time: str | None = None
    timezone: str | None = None
    days: str | None = None
    topics: str | None = None
    providers: str | None = None
    keywords: str | None = None
    min_quality: int | None = None
    max_stories: int | None = None
    quiet_day: str | None = None
    style: str | None = None


class Fields(TypedDict, total=False):
    """The fields of a subscription that were given."""

    cadence: Cadence
    topics: tuple[str, ...]
    providers: tuple[str, ...]
    keywords: tuple[str, ...]
    min_quality: int
    max_stories: int
    quiet_day: QuietDay
    style: Style


async def parse_options(typed: Typed, cadence: Cadence, search: SearchService, now: datetime) -> Fields:
    """Returns the fields that were given, understood.

    Args:
        typed: The options.
        cadence: What the parts of a cadence that were not given stay at.
        search: Knows which providers and topics there are.
        now: The present moment, aware UTC.

    Raises:
        InvalidInput: Something can't be used; the sentence says what to type.
    """
    fields: Fields = {}
    changed = cadence
    if typed.time is not None:
        changed = replace(changed, times=parse_times(typed.time))
    if typed.days is not None:
        changed = replace(changed, weekdays=parse_weekdays(typed.days))
    if typed.timezone is not None:
        changed = replace(changed, timezone=parse_timezone(typed.timezone, now))
    if changed != cadence:
        fields["cadence"] = changed
    if typed.topics is not None:
        fields["topics"] = await search.resolve_topics(typed.topics) if _names(typed.topics) else ()
    if typed.providers is not None:
        found = await search.resolve_providers(typed.providers) if _names(typed.providers) else ()
        fields["providers"] = tuple(provider.domain for provider in found)
    if typed.keywords is not None:
        fields["keywords"] = _names(typed.keywords)
    if typed.min_quality is not None:
        fields["min_quality"] = typed.min_quality
    if typed.max_stories is not None:
        fields["max_stories"] = typed.max_stories
    if typed.quiet_day is not None:
        fields["quiet_day"] = QuietDay(typed.quiet_day)
    if typed.style is not None:
        fields["style"] = Style(typed.style)
    return fields


def narrowed(policy: Policy, fields: Fields) -> Policy:
    """Returns a policy with the filters and limits that were given."""
    return replace(
        policy,
        topics=fields.get("topics", policy.topics),
        providers=fields.get("providers", policy.providers),
        keywords=fields.get("keywords", policy.keywords),
        min_quality=fields.get("min_quality", policy.min_quality),
        max_stories=fields.get("max_stories", policy.max_stories),
    )


def _names(text: str) -> tuple[str, ...]:
    """Returns the names in a list; none where the text says so."""
    return () if text.strip().casefold() in _NOTHING else parse_names(text)
