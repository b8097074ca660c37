"""Rows of `subscriptions` in state.db: the subscription, its placement in the calendar, its pause."""

from __future__ import annotations

import json
import sqlite3
from dataclasses import dataclass
from datetime import datetime, time
from enum import StrEnum
from functools import lru_cache
from typing import Any, Final

from pydantic import TypeAdapter

from digests.models import (
    Cadence,
    ChannelKind,
    DeliveredStory,
    Purpose,
    QuietDay,
    Style,
    Subscription,
    SubscriptionState,
)
from digests.store.timestamps import from_seconds, from_seconds_or_none, to_seconds, to_seconds_or_none

_STORY: Final = TypeAdapter(DeliveredStory)


class PauseCause(StrEnum):
    """Who or what paused a subscription.

    `ACCESS` (the channel can't be written to), `HISTORY` (its history can't be read), `TAG` (a forum requires a tag and
    has none for the bot) and `CLOSED` (a member accepts no direct messages) end automatically; `FINAL`, and `DOUBT` (a
    part may have arrived and can't be looked for), need a person.
    """

    PERSON = "person"
    ACCESS = "access"
    HISTORY = "history"
    TAG = "tag"
    CLOSED = "closed"
    FINAL = "final"
    DOUBT = "doubt"


@dataclass(frozen=True, slots=True)
class ScheduledSubscription:
    """A subscription with its place in the calendar.

    Attributes:
        settled_until: Due times up to this moment are handled.
        next_due_at: The first due time after that; None at the end of the calendar.
        history: Running hash of what was delivered to it.
        version: Changes with every change of the row.
    """

    subscription: Subscription
    settled_until: datetime
    next_due_at: datetime | None
    history: str
    version: int


@dataclass(frozen=True, slots=True)
class Placement:
    """A subscription's place in the calendar, as in `ScheduledSubscription`."""

    settled_until: datetime
    next_due_at: datetime | None


@dataclass(frozen=True, slots=True)
class Exported:
    """A subscription with fields that are only exported.

    Attributes:
        uid: Identifies it in exports and imports.
        pause_cause: None while it is active.
    """

    uid: str
    subscription: Subscription
    pause_cause: PauseCause | None


def placed(placement: Placement) -> dict[str, Any]:
    """Return the columns for a subscription's place in the calendar."""
    return {
        "settled_until": to_seconds(placement.settled_until),
        "next_due_at": to_seconds_or_none(placement.next_due_at),
    }


def values_of(subscription: Subscription) -> dict[str, Any]:
    """Return the columns of a subscription's order."""
    return {
        "guild_id": subscription.guild_id,
        "channel_id": subscription.channel_id,
        "channel_kind": subscription.channel_kind.value,
        "channel_name": subscription.channel_name,
        "creator_id": subscription.creator_id,
        "times": json.dumps([at.strftime("%H:%M") for at in subscription.cadence.times]),
        "weekdays": "".join(str(day) for day in subscription.cadence.weekdays),
        "timezone": subscription.cadence.timezone,
        "topics": json.dumps(subscription.topics, ensure_ascii=False),
        "providers": json.dumps(subscription.providers, ensure_ascii=False),
        "keywords": json.dumps(subscription.keywords, ensure_ascii=False),
        "excluded_topics": json.dumps(subscription.excluded_topics, ensure_ascii=False),
        "excluded_providers": json.dumps(subscription.excluded_providers, ensure_ascii=False),
        "query": subscription.query,
        "min_quality": subscription.min_quality,
        "max_stories": subscription.max_stories,
        "per_topic": subscription.per_topic,
        "per_provider": subscription.per_provider,
        "quiet_day": subscription.quiet_day.value,
        "style": subscription.style.value,
        "mention_role_id": subscription.mention_role_id,
        "language": subscription.language,
        "purpose": subscription.purpose.value,
        "story": None if subscription.story is None else _STORY.dump_json(subscription.story).decode(),
    }


def scheduled_of(row: sqlite3.Row) -> ScheduledSubscription:
    """Return a subscription with its place in the calendar."""
    return ScheduledSubscription(
        subscription_of(row),
        from_seconds(row["settled_until"]),
        from_seconds_or_none(row["next_due_at"]),
        row["history"],
        row["version"],
    )


def subscription_of(row: sqlite3.Row) -> Subscription:
    """Return the subscription of a row; a damaged row raises whatever its values cause."""
    return Subscription(
        id=row["id"],
        guild_id=row["guild_id"],
        channel_id=row["channel_id"],
        channel_kind=ChannelKind(row["channel_kind"]),
        channel_name=row["channel_name"],
        creator_id=row["creator_id"],
        cadence=_cadence(row["times"], row["weekdays"], row["timezone"]),
        topics=_listed(row["topics"]),
        providers=_listed(row["providers"]),
        keywords=_listed(row["keywords"]),
        excluded_topics=_listed(row["excluded_topics"]),
        excluded_providers=_listed(row["excluded_providers"]),
        query=row["query"],
        min_quality=row["min_quality"],
        max_stories=row["max_stories"],
        per_topic=row["per_topic"],
        per_provider=row["per_provider"],
        quiet_day=QuietDay(row["quiet_day"]),
        style=Style(row["style"]),
        mention_role_id=row["mention_role_id"],
        language=row["language"],
        state=SubscriptionState(row["state"]),
        paused_reason=row["paused_reason"] if row["state"] == SubscriptionState.PAUSED else None,
        creator_notified=bool(row["creator_told"]) and row["state"] == SubscriptionState.PAUSED,
        created_at=from_seconds(row["created_at"]),
        covered_until=from_seconds_or_none(row["covered_until"]),
        paused_by=row["paused_by"],
        paused_until=from_seconds_or_none(row["paused_until"]),
        purpose=Purpose(row["purpose"]),
        story=_STORY.validate_json(row["story"]) if row["story"] else None,
    )


# Cached, as thousands of subscriptions have the same cadence and filters.


@lru_cache(maxsize=1024)
def _cadence(times: str, weekdays: str, timezone: str) -> Cadence:
    return Cadence(
        tuple(time.fromisoformat(at) for at in json.loads(times)), tuple(int(day) for day in weekdays), timezone
    )


@lru_cache(maxsize=1024)
def _listed(names: str) -> tuple[str, ...]:
    return tuple(json.loads(names))
