"""The content of an edition, and the policy under which it is composed."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from digests.models.frozen import value
from digests.models.stories import Story


class LeftOutReason(StrEnum):
    """Which limit kept a story out of an edition."""

    MAX_STORIES = "the digest is full"
    PER_TOPIC = "the topic is full"
    PER_PROVIDER = "the provider has enough"
    QUALITY = "below the quality floor"
    UPDATES = "there are enough updates"
    TOO_OLD = "too old when it arrived"


class DropReason(StrEnum):
    """Why a candidate was dropped, other than by a limit."""

    ALREADY_DELIVERED = "already told"
    JOINED = "nothing new in a told story"
    SAME_HEADLINE = "a headline that says the same stands in the story"
    SAME_ADDRESS = "the story shows it under another of its addresses"
    STORY_SHOWN = "its story stands in a round-up"
    NO_ADDRESS = "folded into a story, but has no address to link to"
    BEFORE_FIRST = "arrived before the first edition"
    WITHDRAWN = "removed, or no headline any more, before its edition was made"


@value
class LeftOut:
    """A story that a limit left out, with the limit; its round-up is not computed."""

    story: Story
    reason: LeftOutReason


@dataclass(frozen=True, slots=True)
class Dropped:
    """A candidate that was dropped, with the reason and the lead that replaced it, if there is one."""

    key: str
    title: str
    reason: DropReason
    lead_key: str | None = None


@dataclass(frozen=True, slots=True)
class Section:
    """The stories under one topic, best first; `topic` None means "Other news".

    `is_updates` marks the last section of a digest, with updates of stories that were delivered before.
    """

    topic: str | None
    stories: tuple[Story, ...]
    is_updates: bool = False


@dataclass(frozen=True, slots=True)
class Window:
    """A span of arrival times: `(since, until]`, or `[since, until)` if `closed_left` (a whole local day)."""

    since: datetime
    until: datetime
    closed_left: bool = False

    def holds(self, moment: datetime) -> bool:
        """Check whether `moment` is in the window."""
        if self.closed_left:
            return self.since <= moment < self.until
        return self.since < moment <= self.until


@dataclass(frozen=True, slots=True)
class Digest:
    """The content of an edition: sections in order, what limits left out, what was dropped."""

    local_date: date
    timezone: str
    window: Window
    sections: tuple[Section, ...]
    left_out: tuple[LeftOut, ...] = ()
    dropped: tuple[Dropped, ...] = ()
    from_archive: bool = False

    @property
    def stories(self) -> tuple[Story, ...]:
        """All stories, in reading order."""
        return tuple(story for section in self.sections for story in section.stories)

    @property
    def story_count(self) -> int:
        """The number of stories."""
        return sum(len(section.stories) for section in self.sections)


class QuietDay(StrEnum):
    """What a subscription gets on a day without news."""

    SKIP = "skip"
    NOTE = "note"
    ARCHIVE = "archive"


class Style(StrEnum):
    """How much of each story a digest prints; in any style the menu opens a whole story."""

    FULL = "full"
    """Excerpt and the first links of the round-up, one per line."""
    COMPACT = "compact"
    """One sentence, and who else reports it on one line."""
    HEADLINES = "headlines"
    """One line per story."""


@dataclass(frozen=True, slots=True)
class Presentation:
    """How the messages of a digest are laid out.

    Attributes:
        style: How much of each story is printed.
        is_post: They form a forum post, whose first message is the contents.
        is_dm: They go to a member's direct messages.
        wanted: What a saved search or a followed story is about: a single message with this heading. Empty for
            a paper.
        is_story: `wanted` is a followed story.
    """

    style: Style = Style.COMPACT
    is_post: bool = False
    is_dm: bool = False
    wanted: str = ""
    is_story: bool = False


@dataclass(frozen=True, slots=True)
class Weights:
    """Weights of the rank formula: the most that each part can contribute (see `digests.composing.ranking`)."""

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
        keywords: A story must contain one of them (whole words, any case); empty means all.
        excluded_topics, excluded_providers: An article with one of them does not pass.
        query: In the language of `/news`; a story must match it. Empty means all.
        min_quality: Quality floor; 0 means none. Unknown quality passes.
        per_provider, per_topic, max_stories: Limits on stories.
        max_age_hours: How long before its arrival a candidate may have been published.
        updates_only: Only updates of stories that were delivered before.
    """

    topics: tuple[str, ...] = ()
    providers: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()
    excluded_topics: tuple[str, ...] = ()
    excluded_providers: tuple[str, ...] = ()
    query: str = ""
    min_quality: int = 0
    max_stories: int = 10
    per_topic: int = 5
    per_provider: int = 3
    max_age_hours: int = 168
    weights: Weights = field(default_factory=Weights)
    updates_only: bool = False
