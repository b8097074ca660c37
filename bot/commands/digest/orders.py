"""What a person types about a digest → the fields of a subscription or a policy. "none" empties a list."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import TypedDict

from bot.render.wording import listing
from digests.errors import InvalidInput
from digests.i18n import _
from digests.models import Cadence, Policy, QuietDay, Suggestion
from digests.options import parse_names, parse_times, parse_timezone, parse_weekdays
from digests.suggest import Suggestions

_NOTHING = frozenset({"none", "all", "any", "-"})
_DOMAIN = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}")


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


class Fields(TypedDict, total=False):
    """The fields of a subscription that were given."""

    cadence: Cadence
    topics: tuple[str, ...]
    providers: tuple[str, ...]
    keywords: tuple[str, ...]
    min_quality: int
    max_stories: int
    quiet_day: QuietDay


def understood(typed: Typed, cadence: Cadence, suggestions: Suggestions) -> Fields:
    """Returns the fields that were given, understood.

    Args:
        typed: The options.
        cadence: What the parts of a cadence that were not given stay at.
        suggestions: Know which providers and topics there are.

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
        changed = replace(changed, timezone=parse_timezone(typed.timezone))
    if changed != cadence:
        fields["cadence"] = changed
    if typed.topics is not None:
        fields["topics"] = _names(typed.topics, partial(_topic, suggestions))
    if typed.providers is not None:
        fields["providers"] = _names(typed.providers, partial(_provider, suggestions))
    if typed.keywords is not None:
        fields["keywords"] = _names(typed.keywords, str)
    if typed.min_quality is not None:
        fields["min_quality"] = typed.min_quality
    if typed.max_stories is not None:
        fields["max_stories"] = typed.max_stories
    if typed.quiet_day is not None:
        fields["quiet_day"] = QuietDay(typed.quiet_day)
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


def _names(text: str, known: Callable[[str], str]) -> tuple[str, ...]:
    if text.strip().casefold() in _NOTHING:
        return ()
    return tuple(dict.fromkeys(known(name) for name in parse_names(text)))


def _topic(suggestions: Suggestions, name: str) -> str:
    """Returns a topic as the corpus spells it."""
    choices = suggestions.topics(name)
    for choice in choices:
        if choice.value.casefold() == name.casefold():
            return choice.value
    raise InvalidInput(_('There is no topic called "{name}".').format(name=name) + _did_you_mean(choices))


def _provider(suggestions: Suggestions, name: str) -> str:
    """Returns a provider's domain; one that the corpus does not hold yet has to be typed as a domain."""
    typed = name.casefold().removeprefix("www.")
    choices = suggestions.providers(name)
    for choice in choices:
        if typed in {choice.value, choice.name.casefold().removesuffix(f" ({choice.value})")}:
            return choice.value
    if _DOMAIN.fullmatch(typed):
        return typed
    raise InvalidInput(
        _('There is no provider called "{name}".').format(name=name)
        + (_did_you_mean(choices) or " " + _("Type its domain, such as example.com."))
    )


def _did_you_mean(choices: Sequence[Suggestion]) -> str:
    if not choices:
        return ""
    return " " + _("Did you mean {names}?").format(names=listing([choice.name for choice in choices[:3]]))
