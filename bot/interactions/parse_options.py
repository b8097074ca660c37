"""Parses the options of a digest as typed into fields of a subscription or a policy. "none" empties a list."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TypedDict

from digests.errors import InvalidInput
from digests.i18n import _
from digests.models import Cadence, Policy, Provider, QuietDay, Style
from digests.service.search import SearchService
from digests.typed.options import (
    join_alternatives,
    parse_names,
    parse_times,
    parse_weekdays,
    plain_minus,
    split_exclusions,
)
from digests.typed.query import LONGEST_CHARS
from digests.typed.timezones import parse_timezone

_NOTHING = frozenset({"none", "all", "any", "-"})


@dataclass(frozen=True, slots=True)
class Typed:
    """The options of a digest as typed; None for those not given."""

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
    per_topic: int | None = None
    per_provider: int | None = None


class Fields(TypedDict, total=False):
    """The fields of a subscription that were given."""

    cadence: Cadence
    topics: tuple[str, ...]
    providers: tuple[str, ...]
    keywords: tuple[str, ...]
    excluded_topics: tuple[str, ...]
    excluded_providers: tuple[str, ...]
    query: str
    min_quality: int
    max_stories: int
    per_topic: int
    per_provider: int
    quiet_day: QuietDay
    style: Style


async def parse_options(typed: Typed, cadence: Cadence, search: SearchService, now: datetime) -> Fields:
    """Return the fields that were given, parsed.

    Args:
        typed: The options.
        cadence: Supplies the parts of the cadence that were not given.
        search: Knows which providers and topics there are.
        now: The present moment, aware UTC.

    Raises:
        InvalidInput: A value is invalid; the sentence says what to type.
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
        wanted, excluded = _wanted_and_excluded(typed.topics)
        fields["topics"] = await search.resolve_topics(wanted) if wanted else ()
        fields["excluded_topics"] = await search.resolve_topics(excluded) if excluded else ()
        _check_apart(fields["topics"], fields["excluded_topics"])
    if typed.providers is not None:
        wanted, excluded = _wanted_and_excluded(typed.providers)
        fields["providers"] = _domains(await search.resolve_providers(wanted)) if wanted else ()
        fields["excluded_providers"] = _domains(await search.resolve_providers(excluded)) if excluded else ()
        _check_apart(fields["providers"], fields["excluded_providers"])
    if typed.keywords is not None:
        # Keywords are a query now, which replaces any list from before.
        fields["keywords"] = ()
        fields["query"] = await _query(typed.keywords, search, now, changed.timezone)
    if typed.min_quality is not None:
        fields["min_quality"] = typed.min_quality
    if typed.max_stories is not None:
        fields["max_stories"] = typed.max_stories
    if typed.per_topic is not None:
        fields["per_topic"] = typed.per_topic
    if typed.per_provider is not None:
        fields["per_provider"] = typed.per_provider
    if typed.quiet_day is not None:
        fields["quiet_day"] = QuietDay(typed.quiet_day)
    if typed.style is not None:
        fields["style"] = Style(typed.style)
    return fields


def narrowed(policy: Policy, fields: Fields) -> Policy:
    """Return a policy with the filters and limits that were given."""
    return replace(
        policy,
        topics=fields.get("topics", policy.topics),
        providers=fields.get("providers", policy.providers),
        keywords=fields.get("keywords", policy.keywords),
        excluded_topics=fields.get("excluded_topics", policy.excluded_topics),
        excluded_providers=fields.get("excluded_providers", policy.excluded_providers),
        query=fields.get("query", policy.query),
        min_quality=fields.get("min_quality", policy.min_quality),
        max_stories=fields.get("max_stories", policy.max_stories),
        per_topic=fields.get("per_topic", policy.per_topic),
        per_provider=fields.get("per_provider", policy.per_provider),
    )


def _wanted_and_excluded(text: str) -> tuple[str, str]:
    """Return the wanted and the excluded names; both empty if the text says "none"."""
    if text.strip().casefold() in _NOTHING:
        return "", ""
    wanted, excluded = split_exclusions(text)
    if excluded and wanted.strip().casefold() in _NOTHING:
        wanted = ""
    parse_names(wanted)
    parse_names(excluded)
    return wanted, excluded


def _domains(providers: Iterable[Provider]) -> tuple[str, ...]:
    return tuple(provider.domain for provider in providers)


def _check_apart(wanted: Collection[str], excluded: Collection[str]) -> None:
    both = [name for name in wanted if name in excluded]
    if both:
        raise InvalidInput(
            _("“{name}” is both wanted and left out. Type it once, with a minus or without.").format(name=both[0])
        )


async def _query(text: str, search: SearchService, now: datetime, timezone: str) -> str:
    """Return keywords as a query that can match something.

    Raises:
        InvalidInput: It is empty or too long, or names something that does not exist.
    """
    if text.strip().casefold() in _NOTHING:
        return ""
    written = join_alternatives(plain_minus(text)) if len(text) <= LONGEST_CHARS else text
    if len(written) <= LONGEST_CHARS:
        written = await search.resolve_filter(written, now, timezone)
    if len(written) > LONGEST_CHARS:
        raise InvalidInput(_("The keywords are too long. Type at most {count} characters.").format(count=LONGEST_CHARS))
    return written
