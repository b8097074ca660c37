"""The vocabulary of the news domain: frozen values that every room shares, with no behaviour of their own.

All times are aware UTC datetimes without microseconds. Keys are canonical addresses (`digests.urls.canonical`)
or `file:PATH` for an article without an address.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, time
from enum import StrEnum

# --------------------------------------------------------------------------- corpus


@dataclass(frozen=True, slots=True)
class Provider:
    """Who published something: `domain` in lower case without `www.`, `name` as most of its articles write it."""

    name: str
    domain: str


@dataclass(frozen=True, slots=True)
class Image:
    """A picture of an article; sizes in pixels, None where unknown."""

    url: str
    width: int | None = None
    height: int | None = None
    title: str | None = None


@dataclass(frozen=True, slots=True)
class RelatedLink:
    """One entry of an article's `related` list that has a usable http(s) address."""

    title: str
    url: str
    key: str
    provider: Provider | None = None
    published_at: datetime | None = None
    quality: int | None = None
    excerpt: str = ""
    published: bool | None = None


@dataclass(frozen=True, slots=True)
class Article:
    """One file of the corpus, cleaned.

    Attributes:
        id: Row number in the store, 0 before it is stored. Ascending with `published_at` as far as possible.
        path: Relative to its corpus folder, with `/`.
        key: Canonical address, or `file:PATH`.
        aliases: Canonical forms of the article's other addresses, `key` not among them.
        url: As published, or None for a file without an address.
        published: False means "not a headline": never a lead.
        quality: None when unknown. heat: None when unknown (`-1` in a file).
        published_at: None for an undated article, which is searchable but never in a digest.
        arrived_at: When it first became eligible to lead; None as long as it never was.
        body: Empty where a query left it out.
    """

    path: str
    title: str
    key: str
    id: int = 0
    excerpt: str = ""
    body: str = ""
    url: str | None = None
    aliases: tuple[str, ...] = ()
    provider: Provider | None = None
    topics: tuple[str, ...] = ()
    kind: str = "article"
    category: str = ""
    quality: int | None = None
    heat: int | None = None
    published: bool = True
    published_at: datetime | None = None
    arrived_at: datetime | None = None
    images: tuple[Image, ...] = ()
    related: tuple[RelatedLink, ...] = ()

    @property
    def keys(self) -> tuple[str, ...]:
        """Every canonical address that this article answers to, its own first."""
        return (self.key, *self.aliases)


@dataclass(frozen=True, slots=True)
class Problem:
    """Something in the corpus that was not taken as it stands. `line` counts from 1; None where no line is to blame.

    `rejected` tells a file that could not be read (its last good version stays) from a remark on one that was
    (a link dropped).
    """

    path: str
    line: int | None
    reason: str
    rejected: bool = True


@dataclass(frozen=True, slots=True)
class LoadReport:
    """What a load did, counted in files. `seconds` is wall-clock time."""

    new: int
    changed: int
    unchanged: int
    removed: int
    rejected: int
    problems: tuple[Problem, ...]
    seconds: float


@dataclass(frozen=True, slots=True)
class CorpusStatus:
    """A corpus at a glance. `generation` grows by one with every reload that changed something."""

    article_count: int
    published_count: int
    provider_count: int
    topic_count: int
    problem_count: int
    generation: int
    oldest_at: datetime | None
    newest_at: datetime | None
    loaded_at: datetime | None


# --------------------------------------------------------------------------- stories


class JoinReason(StrEnum):
    """Why an article was folded into a story."""

    SAME_ADDRESS = "same address"
    RELATED_UNPUBLISHED = "listed as related, not a headline itself"
    RELATED_SAME_EVENT = "listed as related, evidently the same event"
    SAME_TITLE = "the titles say the same"


@dataclass(frozen=True, slots=True)
class Join:
    """One article folded into a story: which, into which lead, why, and the evidence in words."""

    article_key: str
    lead_key: str
    reason: JoinReason
    evidence: str


@dataclass(frozen=True, slots=True)
class Link:
    """One line of a round-up."""

    title: str
    url: str
    key: str
    provider: Provider | None
    published_at: datetime | None
    quality: int | None


@dataclass(frozen=True, slots=True)
class Score:
    """A story's rank and the numbers it is made of, each already weighted; `total` is their sum."""

    total: float
    quality: float
    heat: float
    recency: float
    corroboration: float


@dataclass(frozen=True, slots=True)
class Update:
    """What is new in a story that was told before."""

    new_providers: tuple[str, ...]
    new_links: tuple[Link, ...]


@dataclass(frozen=True, slots=True)
class Story:
    """One event: its lead, the articles folded into it, its round-up (best first, complete) and its rank.

    `topic` is the heading it stands under; None means "Other news". `covered_keys` are all addresses that telling
    the story settles: its articles', the round-up's, and those left away because their headline stands there already.
    """

    lead: Article
    folded: tuple[Article, ...]
    joins: tuple[Join, ...]
    roundup: tuple[Link, ...]
    providers: tuple[Provider, ...]
    topic: str | None
    score: Score
    update: Update | None = None
    covered_keys: tuple[str, ...] = ()


# --------------------------------------------------------------------------- editions


class LeftOutReason(StrEnum):
    """Which limit kept a story out of an edition."""

    MAX_STORIES = "the digest is full"
    PER_TOPIC = "the topic is full"
    PER_PROVIDER = "the provider has enough"
    QUALITY = "below the quality floor"


class DropReason(StrEnum):
    """Why a candidate was not told, other than by a limit."""

    TOO_OLD = "older than the digest looks back"
    ALREADY_TOLD = "already told"
    NOT_GROWN = "its story was told and has not grown"
    SAME_HEADLINE = "the same headline stands in the story"
    NO_ADDRESS = "folded into a story, but has no address to link to"
    BEFORE_FIRST = "arrived before the first edition"
    WITHDRAWN = "removed, or no headline any more, before its edition was made"


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A story that a limit kept out, with the limit; its round-up was not drawn up."""

    story: Story
    reason: LeftOutReason


@dataclass(frozen=True, slots=True)
class Dropped:
    """A candidate that was not told, with the reason and, where there is one, the lead it gave way to."""

    key: str
    title: str
    reason: DropReason
    lead_key: str | None = None


@dataclass(frozen=True, slots=True)
class Section:
    """The stories under one topic, best first; `topic` None means "Other news"."""

    topic: str | None
    stories: tuple[Story, ...]


@dataclass(frozen=True, slots=True)
class Window:
    """A span of arrival times. `(since, until]`, or `[since, until)` when `closed_left` (a whole local day)."""

    since: datetime
    until: datetime
    closed_left: bool = False

    def holds(self, moment: datetime) -> bool:
        """Tells whether `moment` lies in the window."""
        if self.closed_left:
            return self.since <= moment < self.until
        return self.since < moment <= self.until


@dataclass(frozen=True, slots=True)
class Digest:
    """What one edition says: sections in order, what was left out by limits, what was dropped."""

    local_date: date
    timezone: str
    window: Window
    sections: tuple[Section, ...]
    left_out: tuple[LeftOut, ...] = ()
    dropped: tuple[Dropped, ...] = ()
    from_archive: bool = False

    @property
    def stories(self) -> tuple[Story, ...]:
        """All stories in reading order."""
        return tuple(story for section in self.sections for story in section.stories)

    @property
    def story_count(self) -> int:
        """Number of stories told."""
        return sum(len(section.stories) for section in self.sections)


class QuietDay(StrEnum):
    """What a subscription gets on a day without news."""

    SKIP = "skip"
    NOTE = "note"
    ARCHIVE = "archive"


@dataclass(frozen=True, slots=True)
class Weights:
    """Weights of the rank formula, each the most that the part can add (see `digests.ranking`)."""

    quality: float = 40.0
    heat: float = 15.0
    recency: float = 25.0
    corroboration: float = 20.0


@dataclass(frozen=True, slots=True)
class Policy:
    """The filters and limits that one digest is composed under.

    Attributes:
        topics: Wanted topics in the subscriber's order; empty means all.
        providers: Wanted provider domains; empty means all.
        keywords: A story must hold one of them (whole words, any case); empty means all.
        min_quality: Quality floor; 0 means none. Unknown quality passes.
        per_provider, per_topic, max_stories: Limits on stories.
        max_age_hours: How old by publication a candidate may be.
    """

    topics: tuple[str, ...] = ()
    providers: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()
    min_quality: int = 0
    max_stories: int = 10
    per_topic: int = 5
    per_provider: int = 3
    max_age_hours: int = 168
    weights: Weights = field(default_factory=Weights)


# --------------------------------------------------------------------------- subscriptions and delivery


class ChannelKind(StrEnum):
    """Where a digest can go."""

    TEXT = "text"
    ANNOUNCEMENT = "announcement"
    FORUM = "forum"
    MEDIA = "media"
    THREAD = "thread"
    VOICE = "voice"
    DM = "dm"


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


@dataclass(frozen=True, slots=True)
class Subscription:
    """One channel's order for a daily paper.

    Attributes:
        id: 0 before it is stored.
        guild_id: None for a member's DM.
        channel_id: For a DM the DM channel's id.
        creator_id: Who made it, and who is told when it has to be paused.
        topics, providers, keywords: As in `Policy`.
        min_quality, max_stories: None means the configured default.
        mention_role_id: The one role that a digest may mention.
        paused_reason: A sentence for people; set only while paused.
        covered_until: Cutoff of the last edition, None before the first.
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
    min_quality: int | None = None
    max_stories: int | None = None
    quiet_day: QuietDay = QuietDay.SKIP
    mention_role_id: int | None = None
    language: str = "en"
    state: SubscriptionState = SubscriptionState.ACTIVE
    paused_reason: str | None = None
    creator_told: bool = False
    covered_until: datetime | None = None


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
        guild_id, creator_id: The subscription's.
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


# --------------------------------------------------------------------------- memory of what was told


@dataclass(frozen=True, slots=True)
class ToldStory:
    """A story as one history remembers it: every key that was told in it, and who had carried it.

    `member_keys` are the lead's and the folded articles' addresses (aliases too), `link_keys` the round-up's.
    `domains` are the providers that had carried the event itself.
    """

    lead_key: str
    member_keys: frozenset[str]
    link_keys: frozenset[str]
    domains: frozenset[str]
    told_at: datetime


@dataclass(frozen=True, slots=True)
class Told:
    """What one subscription was told before, as far as a composition can need it.

    `keys` holds those of the keys asked about that were told as a lead, folded or in a round-up (at any time);
    `stories` the stories told recently enough to come back as an update, oldest first.
    """

    keys: frozenset[str] = frozenset()
    stories: tuple[ToldStory, ...] = ()


# --------------------------------------------------------------------------- search


class SearchSort(StrEnum):
    """Order of search results."""

    RELEVANCE = "relevance"
    NEWEST = "newest"
    QUALITY = "quality"


@dataclass(frozen=True, slots=True)
class SearchRequest:
    """A question as a person put it; `provider`, `topic`, `since` and `until` are still as typed."""

    query: str = ""
    provider: str | None = None
    topic: str | None = None
    since: str | None = None
    until: str | None = None
    sort: SearchSort = SearchSort.RELEVANCE


@dataclass(frozen=True, slots=True)
class SearchAnswer:
    """One page of stories that answer a question.

    Attributes:
        total: Number of stories found; a lower bound when `partial`.
        corrected_query: The query that was really run, when a misspelt word was put right.
        partial: The search was cut short by its time limit.
        nearest_terms: When nothing was found: words of the corpus close to those typed.
        advice: When nothing was found: sentences on what to loosen.
        at_least: `total` is a lower bound, as counting stopped there.
    """

    request: SearchRequest
    total: int
    offset: int
    stories: tuple[Story, ...]
    corrected_query: str | None = None
    partial: bool = False
    nearest_terms: tuple[str, ...] = ()
    advice: tuple[str, ...] = ()
    at_least: bool = False


@dataclass(frozen=True, slots=True)
class Suggestion:
    """One autocomplete choice: what is shown and what is sent back, 1 to 100 characters each."""

    name: str
    value: str
