"""The document of an export: its schema, and reading one with all values checked."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, time
from hashlib import blake2b
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    ValidationError,
)
from pydantic_core import ErrorDetails

from digests.editions import zone
from digests.errors import InvalidInput
from digests.i18n import _
from digests.models import ChannelKind, Purpose, QuietDay, Style
from digests.store.subscription_rows import PauseCause
from digests.typed.query import LONGEST_CHARS

MOST_CHARS = 64 * 1024 * 1024
"""Longest document: some 100,000 subscriptions."""
_EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)
_LATEST = datetime(2200, 1, 1, tzinfo=UTC)


def _as_id(value: object) -> object:
    return int(value) if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) <= 20 else value


def _as_text_only(value: object) -> object:
    # pydantic would take a number for Unix seconds, or a string of digits for a time of day.
    if not isinstance(value, str | time | datetime) or (isinstance(value, str) and value.isdigit()):
        raise ValueError
    return value


def _in_our_days(moment: datetime) -> datetime:
    # Compared field by field: the first and last hours of the calendar can't be converted to UTC.
    if not _EARLIEST.year <= moment.year < _LATEST.year:
        raise ValueError
    return moment


# Discord's ids are too large for JSON numbers in many programs: written as text, read as text or number.
_Id = Annotated[
    int, BeforeValidator(_as_id), Field(gt=0, lt=2**63), PlainSerializer(str, return_type=str, when_used="unless-none")
]
# 0 means a member who was forgotten.
_PersonId = Annotated[
    int, BeforeValidator(_as_id), Field(ge=0, lt=2**63), PlainSerializer(str, return_type=str, when_used="unless-none")
]
_Name = Annotated[str, Field(min_length=1, max_length=100)]
_Time = Annotated[time, BeforeValidator(_as_text_only)]
_Moment = Annotated[AwareDatetime, BeforeValidator(_as_text_only), AfterValidator(_in_our_days)]


class Entry(BaseModel):
    """One subscription of the document."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)

    uid: str = Field(default="", max_length=64)
    guild_id: _Id | None = None
    channel_id: _Id
    channel_kind: ChannelKind
    channel_name: str = Field(default="", max_length=200)
    creator_id: _PersonId
    times: tuple[_Time, ...] = Field(min_length=1, max_length=24)
    weekdays: tuple[Annotated[int, Field(ge=1, le=7)], ...] = Field(
        default=(1, 2, 3, 4, 5, 6, 7), min_length=1, max_length=7
    )
    timezone: str = Field(default="UTC", max_length=100)
    topics: tuple[_Name, ...] = Field(default=(), max_length=100)
    providers: tuple[_Name, ...] = Field(default=(), max_length=100)
    keywords: tuple[_Name, ...] = Field(default=(), max_length=100)
    excluded_topics: tuple[_Name, ...] = Field(default=(), max_length=100)
    excluded_providers: tuple[_Name, ...] = Field(default=(), max_length=100)
    query: str = Field(default="", max_length=LONGEST_CHARS)
    purpose: Purpose = Purpose.PAPER
    min_quality: int | None = Field(default=None, ge=0, le=1000)
    max_stories: int | None = Field(default=None, ge=1, le=50)
    per_topic: int | None = Field(default=None, ge=1, le=50)
    per_provider: int | None = Field(default=None, ge=1, le=50)
    quiet_day: QuietDay = QuietDay.SKIP
    # Exports from before there were styles are of digests that printed everything.
    style: Style = Style.FULL
    mention_role_id: _Id | None = None
    # The form in which gettext looks for catalogues.
    language: str = Field(default="en", pattern=r"\A[A-Za-z]{2,3}([-_][A-Za-z0-9]{2,8}){0,3}\z")
    paused: bool = False
    paused_reason: str | None = Field(default=None, max_length=1000)
    pause_cause: PauseCause | None = None
    created_at: _Moment
    covered_until: _Moment | None = None

    @property
    def identity(self) -> str:
        """What identifies a subscription: its uid, or its order if it has none."""
        if self.uid:
            return self.uid
        # Newer fields only count if they differ from the default, so that the identities of older documents don't
        # change.
        names = ("style", "excluded_topics", "excluded_providers", "query", "purpose")
        later = {name for name in names if self._is_default(name)}
        ordered = self.model_dump_json(exclude={"covered_until", "pause_cause"} | later)
        return blake2b(ordered.encode(), digest_size=8).hexdigest()

    def _is_default(self, name: str) -> bool:
        return bool(getattr(self, name) == type(self).model_fields[name].default)


class Document(BaseModel):
    """The whole document."""

    model_config = ConfigDict(extra="forbid")

    kind: Literal["broadsheet-subscriptions"]
    version: Literal[1]
    subscriptions: tuple[Entry, ...]


def parse(text: str, *, name: str) -> object:
    """Parse a document's text; `name` is its name in errors.

    Raises:
        InvalidInput: It is not JSON, nested too deeply or too long.
    """
    if len(text) > MOST_CHARS:
        raise InvalidInput(_("{file} is too long for an export of subscriptions.").format(file=name))
    try:
        return json.loads(text)
    except RecursionError as error:
        raise InvalidInput(
            _("{file} is nested too deeply for an export of subscriptions.").format(file=name)
        ) from error
    except ValueError as error:
        raise InvalidInput(_("{file} is not a JSON document: {error}").format(file=name, error=error)) from error


def read(document: object) -> tuple[Entry, ...]:
    """Check a document and return its subscriptions.

    Raises:
        InvalidInput: It is not an export, or a value is out of bounds; the sentence names the first place.
    """
    try:
        entries = Document.model_validate(document).subscriptions
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        raise _not_ours(".".join(str(part)[:100] for part in first["loc"]) or "document", _reason(first)) from error
    except RecursionError as error:
        raise _not_ours("document", _("it is nested too deeply")) from error
    seen: set[str] = set()
    for number, entry in enumerate(entries):
        place = f"subscriptions.{number}"
        zone(entry.timezone)
        if entry.guild_id is not None and entry.channel_kind is ChannelKind.DM:
            raise _not_ours(place, _("a direct message belongs to no server, yet it has a guild_id"))
        if entry.purpose is Purpose.STORY:
            raise _not_ours(place, _("a followed story can't be imported; it ends on its own within days"))
        if entry.guild_id is not None and entry.purpose is not Purpose.PAPER:
            raise _not_ours(place, _("a saved search belongs to a member, yet it has a guild_id"))
        if entry.identity in seen:
            raise _not_ours(place, _("it is there twice (the same uid)"))
        seen.add(entry.identity)
    return entries


def _not_ours(place: str, reason: str) -> InvalidInput:
    return InvalidInput(
        _("This is not an export of subscriptions that I can read: {place}: {reason}.").format(
            place=place, reason=reason
        )
    )


def _reason(fault: ErrorDetails) -> str:
    bounds: dict[str, Any] = fault.get("ctx", {})
    kind = fault["type"]
    say: Callable[[], str] | None = _REASONS.get(kind)
    if say is not None:
        return say().format(**bounds)
    if kind.startswith(("datetime", "timezone", "date_")):
        return _("it is not a time such as 2026-03-10T08:00:00Z")
    if kind.startswith("time"):
        return _("it is not a time of day such as 08:00")
    if kind.startswith(("int", "finite")):
        return _("it is not a whole number")
    if kind.startswith("string"):
        return _("it is not a valid text")
    return _("it is out of bounds, or of the wrong type")


_REASONS: dict[str, Callable[[], str]] = {
    "missing": lambda: _("it is missing"),
    "extra_forbidden": lambda: _("there is no such field"),
    "greater_than": lambda: _("it must be more than {gt}"),
    "greater_than_equal": lambda: _("it must be at least {ge}"),
    "less_than": lambda: _("it must be less than {lt}"),
    "less_than_equal": lambda: _("it must be at most {le}"),
    "too_long": lambda: _("it has more than {max_length} entries"),
    "too_short": lambda: _("it must not be empty"),
    "string_too_long": lambda: _("it is longer than {max_length} characters"),
    "string_too_short": lambda: _("it must not be empty"),
    "literal_error": lambda: _("it must be {expected}"),
    "enum": lambda: _("it must be one of {expected}"),
}
