"""Earlier deliveries to one subscription: was this article delivered, does it continue a delivered story? Pure."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from digests.composing.headlines import plain_words
from digests.composing.terms import terms
from digests.composing.ties import Ties
from digests.models import Article, Delivered, DeliveredStory

HEADLINE_MEMORY = timedelta(days=14)
"""A headline or a file may be delivered again after this time."""
EVENT_MEMORY = timedelta(days=7)
"""Only stories delivered within this time are continued."""


@dataclass(slots=True)
class DeliveredEvent:
    """Everything delivered about one event: the first story and its updates.

    Attributes:
        stories: Oldest first.
    """

    stories: list[DeliveredStory] = field(default_factory=list)

    @property
    def last(self) -> DeliveredStory:
        """The latest story about it."""
        return self.stories[-1]

    @property
    def root(self) -> str:
        """The address of the first story's lead."""
        return self.last.root or self.last.lead_key

    @property
    def shown(self) -> set[str]:
        """All terms that were shown about it."""
        found: set[str] = set()
        for story in self.stories:
            for headline in story.headlines:
                found.update(terms(headline))
            found.update(terms(story.lead.excerpt))
        return found

    @property
    def domains(self) -> frozenset[str]:
        """Providers that have carried it."""
        return frozenset().union(*(story.domains for story in self.stories))


class Memory:
    """Answers questions about earlier deliveries.

    Args:
        delivered: As loaded from the store.
        ties: The ties between the window's articles.
        until: The edition's cutoff.

    Attributes:
        headlines: Those printed in the last 14 days, as `plain_words`.
    """

    def __init__(self, delivered: Delivered, ties: Ties, until: datetime) -> None:
        self._delivered = delivered
        self._ties = ties
        self._events: dict[str, DeliveredEvent] = {}
        self.headlines: set[str] = set()
        for story in delivered.stories:
            if story.told_at >= until - HEADLINE_MEMORY:
                self.headlines.update(map(plain_words, story.headlines))
            self._events.setdefault(story.root or story.lead_key, DeliveredEvent()).stories.append(story)
        self._going_on = self._find_going_on(until - EVENT_MEMORY)

    def _find_going_on(self, since: datetime) -> dict[int, DeliveredEvent]:
        """Return the delivered event that each of the window's articles continues: the one it is nearest to."""
        found: dict[int, tuple[float, DeliveredEvent]] = {}
        for event in self._events.values():
            for story in event.stories:
                if story.told_at >= since:
                    for number, margin in self._ties.going_on_with(story.lead).items():
                        if number not in found or margin >= found[number][0]:
                            found[number] = margin, event
        return {number: event for number, (_margin, event) in found.items()}

    def was_delivered(self, article: Article) -> bool:
        """Check whether an article was delivered, by one of its addresses, its file, or its headline."""
        delivered = self._delivered
        if not delivered.keys and not delivered.paths and not self.headlines:
            return False
        if article.key in delivered.keys or (
            article.aliases and not delivered.keys.isdisjoint(self._ties.keys_of(article))
        ):
            return True
        if article.path in delivered.paths and delivered.paths[article.path] == article.published_at:
            return True
        return bool(self.headlines) and plain_words(article.title) in self.headlines

    def continues(self, number: int) -> DeliveredEvent | None:
        """Return the delivered event that an article continues, tested against a delivered lead, or None."""
        return self._going_on.get(number)

    def news(self, number: int, event: DeliveredEvent) -> tuple[str, ...]:
        """Return the terms that an article's headline adds to what was shown of an event; none if too few."""
        return self._ties.judge.news(self._ties.weighed(number), event.shown)
