"""Who gets what when: subscriptions, editions and their parts."""

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
        """Whether an edition becomes a post of its own in such a channel."""
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
    """The kind of a subscription."""

    PAPER = "paper"
    SEARCH = "search"
    """A member's saved search: a message when there are new results."""
    STORY = "story"
    """A story that a member follows: a message when there is an update."""


@dataclass(frozen=True, slots=True)
class Subscription:
    """One channel's order for a daily paper, or a member's saved search or followed story.

    Attributes:
        id: 0 before it is stored.
        guild_id: None for a member's DM.
        channel_id: For a DM, the DM channel's id.
        creator_id: Who created it, and who is notified if it has to be paused.
        topics, providers, keywords, excluded_topics, excluded_providers, query: As in `Policy`.
        min_quality, max_stories, per_topic, per_provider: None means the configured default.
        mention_role_id: The one role that a digest may mention.
        paused_reason: A sentence for people; only set while paused.
        paused_by: The member who paused it, if somebody did.
        paused_until: When a pause set by a person ends automatically; None for never.
        covered_until: Cutoff of the last edition; None before the first.
        purpose: A member's saved searches and followed stories go to their direct messages only.
        story: The followed story at the time it was followed; None for other purposes.
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


@dataclass(frozen=True, slots=True)
class SubscriptionLimits:
    """How many subscriptions a guild may have, and a member in their DMs: papers, searches, followed stories."""

    per_guild: int = 25
    per_user: int = 5
    searches: int = 10
    stories: int = 10

    def of(self, draft: Subscription) -> int:
        """Return the limit for a subscription's kind."""
        if draft.guild_id is not None:
            return self.per_guild
        return {Purpose.PAPER: self.per_user, Purpose.SEARCH: self.searches, Purpose.STORY: self.stories}[draft.purpose]


class EditionState(StrEnum):
    """The state of an edition. `EMPTY` had no content (a skipped quiet day)."""

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
    """Why an edition had no news.

    Attributes:
        arrived_count: Stories that arrived in its window, whatever they are about.
        delivered_count: Articles that passed the filters but had been delivered before.
        low_count: Stories below the quality floor.
        old_count: Articles that were too old when they arrived.
    """

    arrived_count: int = 0
    delivered_count: int = 0
    low_count: int = 0
    old_count: int = 0


@dataclass(frozen=True, slots=True)
class PastEdition:
    """A past edition, as shown in lists.

    Attributes:
        subscription_id: The subscription.
        due_at: When it was due.
        window: What it covered.
        arrived_at: When its last message was sent; None for a quiet day.
        story_count: The number of its stories.
        composition_id: The digest's composition; None for a skipped quiet day.
        silence: Why it had no news; None if it had some.
        id: The edition's id.
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
    """A subscription's last edition with stories, and its last quiet day."""

    arrived: PastEdition | None = None
    quiet: PastEdition | None = None


class Failure(StrEnum):
    """Why an edition did not arrive completely."""

    REFUSED = "refused"
    """Discord permanently refused a part."""
    BLOCKED = "blocked"
    """The server's own filter, AutoMod, refused a part."""
    GAVE_UP = "gave up"
    """It was tried for hours, and certainly did not arrive."""
    DOUBTFUL = "doubtful"
    """It was tried for hours, and it could not be found out whether it arrived."""


@dataclass(frozen=True, slots=True)
class FailedEdition:
    """An edition that did not arrive completely.

    Attributes:
        arrived_count: How many of its `part_count` parts are known to have arrived.
        failure: Why its last failed part failed.
        comes_again: Its articles will be in the next edition.
    """

    due_at: datetime
    arrived_count: int
    part_count: int
    failure: Failure
    comes_again: bool = False


class DeliveryState(StrEnum):
    """The state of one part of an edition."""

    PENDING = "pending"
    CLAIMED = "claimed"
    SENT = "sent"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Delivery:
    """The delivery of one part of an edition to its channel.

    Attributes:
        number: Parts of an edition are numbered from 1 and sent in this order.
        marker: 31-bit number, the `id` of the part's outermost component.
        nonce: At most 25 characters.
        payload: The rendered part as JSON text (a list of message components).
        attempted_at: Start of the first attempt with unknown outcome; None if it certainly has not arrived.
        message_id: Set once it has arrived.
        thread_id: The forum post for the edition's further parts, once there is one.
        mention_role_id: The one role that this part may mention.
        title, topics: Title and tags of a forum post.
        channel_id, channel_kind, guild_id: Where the edition goes: the subscription's channel when it was written.
        creator_id: The subscription's creator.
        composition_id: Parts with the same composition and number have the same payload.
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
