"""What was told before, as a composition asks it: is this article known, does it continue a told story? Pure."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from digests.composing.evidence import evidence_of
from digests.composing.headlines import plain_words
from digests.composing.same_event import SameEvent, Weighed
from digests.composing.ties import Ties
from digests.composing.words import terms
from digests.models import Article, Told, ToldStory

HEADLINE_MEMORY = timedelta(days=14)
"""A headline or a file told so long ago may be told once more."""
EVENT_MEMORY = timedelta(days=7)
"""Only stories told in this time are continued."""
_FEW_LEADS = 1
_MANY_LEADS = 100
"""Of more told stories than these, only those with two words of the headline in common are compared."""


@dataclass(slots=True)
class ToldEvent:
    """Everything told of one event: the story it was first told as, and its updates.

    Attributes:
        stories: Oldest first.
        leads: The leads of those told lately, ready to be compared.
        shown: All terms that were shown of it.
    """

    stories: list[ToldStory] = field(default_factory=list)
    leads: list[Weighed] = field(default_factory=list)
    shown: set[str] = field(default_factory=set)

    @property
    def last(self) -> ToldStory:
        """What was told of it last."""
        return self.stories[-1]

    @property
    def root(self) -> str:
        """The address of the lead that it was first told under."""
        return self.last.root or self.last.lead_key

    @property
    def domains(self) -> frozenset[str]:
        """Providers that had carried it."""
        return frozenset().union(*(story.domains for story in self.stories))


class Memory:
    """What one history was told, ready to be asked.

    Args:
        told: From the store.
        ties: Between the articles at hand.
        until: The edition's cutoff.
    """

    def __init__(self, told: Told, ties: Ties, until: datetime) -> None:
        self._told = told
        self._ties = ties
        self._judge: SameEvent = ties.judge
        self._events: dict[str, ToldEvent] = {}
        self._by_term: defaultdict[str, list[tuple[ToldEvent, Weighed]]] = defaultdict(list)
        self._headlines: set[str] = set()
        for story in told.stories:
            if story.told_at >= until - HEADLINE_MEMORY:
                self._headlines.update(map(plain_words, story.headlines))
            self._remember(story, lately=story.told_at >= until - EVENT_MEMORY)

    def _remember(self, story: ToldStory, *, lately: bool) -> None:
        event = self._events.setdefault(story.root or story.lead_key, ToldEvent())
        event.stories.append(story)
        for headline in story.headlines:
            event.shown.update(terms(headline))
        event.shown.update(terms(story.lead.excerpt))
        if lately:
            weighed = self._judge.weigh(evidence_of(story.lead))
            event.leads.append(weighed)
            for term in weighed.vector:
                self._by_term[term].append((event, weighed))

    def is_told(self, article: Article) -> bool:
        """Return whether an article was told: by one of its addresses, by its file, or by its headline."""
        if not self._told.keys.isdisjoint(self._ties.keys_of(article)):
            return True
        if article.path in self._told.paths and self._told.paths[article.path] == article.published_at:
            return True
        return bool(self._headlines) and plain_words(article.title) in self._headlines

    def continues(self, number: int) -> ToldEvent | None:
        """Return the told event that one of the articles at hand reports, proved against a told lead; else None."""
        if not self._by_term:
            return None
        article = self._ties.weighed(number)
        found: dict[int, tuple[ToldEvent, Weighed, int]] = {}
        for term in article.vector:
            for event, lead in self._by_term.get(term, ()):
                known = found.get(id(lead))
                found[id(lead)] = (event, lead, 1 if known is None else known[2] + 1)
        needed = _FEW_LEADS if len(self._events) <= _MANY_LEADS else _FEW_LEADS + 1
        best, best_margin = None, 0.0
        for event, lead, count in found.values():
            if count >= needed:
                margin = self._judge.margin(article, lead)
                if margin >= best_margin:
                    best, best_margin = event, margin
        return best

    def news(self, number: int, event: ToldEvent) -> tuple[str, ...]:
        """Return the terms that an article's headline adds to what was shown of a told event; none if too few."""
        return self._judge.news(self._ties.weighed(number), event.shown)
