"""Who gets what when: subscriptions, editions and their parts on the way."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time
from enum import StrEnum

from digests.models.editions import QuietDay, Style, Window
from digests.models.memory import DeliveredStory


class ChannelKind(StrEnum):
    """Where a digest can go."""

    TEXT = "text"
    ANNOUNCEMENT = "announcement"
    FORUM = "forum"
    MEDIA = "media"
    THREAD = "thread"
    VOICE = "voice"
    DM = "dm"

    @property
    def has_posts(self) -> bool:
        """Whether an edition becomes a post of its own there."""
        return self in (ChannelKind.FORUM, ChannelKind.MEDIA)


class SubscriptionState(StrEnum):
    """Whether a subscription gets its editions."""

    ACTIVE = "active"
    PAUSED = "paused"


@dataclass(frozen=True, slots=True)
class Cadence:
    """When editions are due: local times (ascending, distinct), ISO weekdays 1 (Monday) to 7, an IANA zone."""

    times: tuple[time, ...] = (time(8, 0),)
    weekdays: tuple[int, ...] = (1, 2, 3, 4, 5, 6, 7)
    timezone: str = "UTC"


class Purpose(StrEnum):
    """What a subscription is for."""

    PAPER = "paper"
    SEARCH = "search"
    """A member's saved search: a message when there is more."""
    STORY = "story"
    """A story that a member follows: a message when it goes on."""


@dataclass(frozen=True, slots=True)
class Subscription:
    """One channel's order for a daily paper, or what a member wants to hear of.

    Attributes:
        id: 0 before it is stored.
        guild_id: None for a member's DM.
        channel_id: For a DM the DM channel's id.
        creator_id: Who made it, and who is told when it has to be paused.
        topics, providers, keywords, excluded_topics, excluded_providers, query: As in `Policy`.
        min_quality, max_stories, per_topic, per_provider: None means the configured default.
        mention_role_id: The one role that a digest may mention.
        paused_reason: A sentence for people; set only while paused.
        paused_by: The member who paused it; None where nobody did.
        paused_until: When a pause that a person set ends by itself; None for never.
        covered_until: Cutoff of the last edition, None before the first.
        purpose: A member's saved searches and followed stories go to their direct messages only.
        story: The followed story as it was then; None for another purpose.
    """

    guild_id: int | None
    channel_id: int
    channel_kind: ChannelKind
    creator_id: int
    cadence: Cadence
    created_at: datetime
    id: int = 0
    channel_name: str = ""
    topics: tuple[str, ...] = ()
    providers: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()
    excluded_topics: tuple[str, ...] = ()
    excluded_providers: tuple[str, ...] = ()
    query: str = ""
    min_quality: int | None = None
    max_stories: int | None = None
    per_topic: int | None = None
    per_provider: int | None = None
    quiet_day: QuietDay = QuietDay.SKIP
    style: Style = Style.COMPACT
    mention_role_id: int | None = None
    language: str = "en"
    state: SubscriptionState = SubscriptionState.ACTIVE
    paused_reason: str | None = None
    creator_notified: bool = False
    covered_until: datetime | None = None
    paused_by: int | None = None
    paused_until: datetime | None = None
    purpose: Purpose = Purpose.PAPER
    story: DeliveredStory | None = None


class EditionState(StrEnum):
    """How far an edition is. `EMPTY` had nothing to say (a quiet day skipped)."""

    PENDING = "pending"
    DELIVERED = "delivered"
    EMPTY = "empty"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Edition:
    """One subscription's digest for one due time (`due_at`, aware UTC); `early` for `/digest now`."""

    id: int
    subscription_id: int
    due_at: datetime
    window: Window
    state: EditionState
    early: bool = False


@dataclass(frozen=True, slots=True)
class Silence:
    """Why an edition had no news to tell.

    Attributes:
        arrived_count: Stories that arrived in its window, whatever they are about.
        told_count: Articles that passed the filters and were delivered before.
        low_count: Stories below the quality floor.
        old_count: Articles that were too old when they arrived.
    """

    arrived_count: int = 0
    told_count: int = 0
    low_count: int = 0
    old_count: int = 0


@dataclass(frozen=True, slots=True)
class PastEdition:
    """An edition that is over, as a list shows it.

    Attributes:
        subscription_id: Whose.
        due_at: When it was due.
        window: What it covered.
        arrived_at: When its last message was sent; None for a quiet day.
        story_count: Stories that it told.
        composition_id: Of the digest; None for a quiet day that was skipped.
        silence: Why it told no news; None where it did.
        id: Of the edition.
    """

    subscription_id: int
    due_at: datetime
    window: Window
    arrived_at: datetime | None = None
    story_count: int = 0
    composition_id: int | None = None
    silence: Silence | None = None
    id: int = 0


@dataclass(frozen=True, slots=True)
class LatestEditions:
    """A subscription's last editions: the one that last arrived with stories, and the last quiet day."""

    arrived: PastEdition | None = None
    quiet: PastEdition | None = None


class Failure(StrEnum):
    """Why an edition did not arrive whole."""

    REFUSED = "refused"
    """Discord refused a part for good."""
    BLOCKED = "blocked"
    """The server's own filter, AutoMod, refused a part."""
    GAVE_UP = "gave up"
    """Tried for hours, and certainly not arrived."""
    DOUBTFUL = "doubtful"
    """Tried for hours, and nobody could find out whether it arrived."""


@dataclass(frozen=True, slots=True)
class FailedEdition:
    """An edition that did not arrive whole.

    Attributes:
        arrived_count: How many of its `part_count` parts are known to have arrived.
        failure: Of its last part that failed.
        comes_again: Its articles stand in the next edition.
    """

    due_at: datetime
    arrived_count: int
    part_count: int
    failure: Failure
    comes_again: bool = False


class DeliveryState(StrEnum):
    """How far one part of an edition is."""

    PENDING = "pending"
    CLAIMED = "claimed"
    SENT = "sent"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Delivery:
    """One part of one edition on its way to one channel.

    Attributes:
        number: Parts of an edition count from 1 and are sent in this order.
        marker: 31-bit number, the `id` of the part's outermost component.
        nonce: At most 25 characters.
        payload: The rendered part as JSON text (a list of message components).
        attempted_at: Start of the first attempt whose outcome is unknown; None when it has certainly not arrived.
        message_id: Set once it arrived.
        thread_id: The forum post that the edition's further parts go into, once there is one.
        mention_role_id: The one role that this part may mention.
        title, topics: What a forum post is called and tagged by.
        channel_id, channel_kind, guild_id: Where the edition goes: where the subscription went when it was written.
        creator_id: The subscription's.
        composition_id: Parts with the same one and number have the same payload.
    """

    edition_id: int
    subscription_id: int
    number: int
    part_count: int
    channel_id: int
    channel_kind: ChannelKind
    marker: int
    nonce: str
    payload: str
    state: DeliveryState
    attempt_count: int = 0
    attempted_at: datetime | None = None
    message_id: int | None = None
    thread_id: int | None = None
    mention_role_id: int | None = None
    title: str = ""
    topics: tuple[str, ...] = ()
    guild_id: int | None = None
    creator_id: int = 0
    composition_id: int = 0
