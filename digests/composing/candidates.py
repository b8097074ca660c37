"""Finds the stories that an edition could deliver: new ones, and updates of delivered ones, with ranks. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from digests.composing.memory import DeliveredEvent, Memory
from digests.composing.ranking import Headings, Scale, above, ranked
from digests.composing.roundups import carriers
from digests.composing.stories import Cluster, stars, with_also
from digests.composing.ties import Ties, identity
from digests.models import Article, Policy, Provider, Story, Window


@dataclass(slots=True)
class Draft:
    """A story that may get into the digest.

    Attributes:
        outline: The story without its round-up, as it is shown if it is left out.
        articles: All of its articles, lead first.
        fresh: Those that may lead a story of the edition.
        companions: Articles that only add their links to the round-up.
        event: The delivered event that it is an update of; None for a new story.
        news: The words of an update's headline that no delivered one has.
    """

    outline: Story
    articles: tuple[Article, ...]
    fresh: tuple[Article, ...]
    companions: tuple[Article, ...] = ()
    event: DeliveredEvent | None = None
    news: tuple[str, ...] = ()


@dataclass(slots=True)
class Drafts:
    """The drafts of one edition.

    Attributes:
        outlines: New stories, best first, each without its round-up.
        updates: Updates of delivered stories, best first.
        joined: Fresh articles that belong to delivered stories and add nothing new, each with its story's lead.
    """

    outlines: Sequence[Story] = ()
    updates: Sequence[Story] = ()
    joined: list[tuple[Article, str]] = field(default_factory=list)
    drafts: dict[int | str, Draft] = field(default_factory=dict)

    def of(self, outline: Story) -> Draft:
        """Return the draft of an outline."""
        found = self.drafts.get(identity(outline.lead))
        return found if found is not None else Draft(outline, (outline.lead,), (outline.lead,))


class Drafting:
    """Builds the drafts of one edition."""

    def __init__(self, ties: Ties, memory: Memory, policy: Policy, window: Window, headings: Headings) -> None:
        self._ties = ties
        self._memory = memory
        self._policy = policy
        self._scale = Scale.of_window(policy.weights, window)
        self._headings = headings
        self._topics: dict[tuple[str, ...], str | None] = {}
        self._scores = ties.memo.scores.setdefault((policy.weights, window), {})
        self._stories = ties.memo.alone.setdefault((policy.weights, window), {})

    def draw_up(self, fresh: Sequence[Article], others: Sequence[Article]) -> Drafts:
        """Return the drafts.

        Args:
            fresh: The candidates, any of which may lead; none was delivered.
            others: Further articles that may belong to their stories; none was delivered.
        """
        ties, drafts = self._ties, Drafts()
        numbers = [ties.number_of[identity(article)] for article in fresh]
        going_on: defaultdict[str, list[int]] = defaultdict(list)
        events: dict[str, DeliveredEvent] = {}
        new: list[int] = []
        for number in numbers:
            event = self._memory.continues(number)
            if event is None:
                new.append(number)
            else:
                events[event.root] = event
                going_on[event.root].append(number)
        rest = [number for article in others if ties.of(number := ties.number_of[identity(article)])]
        continuing = (
            [] if self._policy.updates_only else [n for found in going_on.values() for n in found if ties.of(n)]
        )
        drafts.outlines = ranked(self._new(new, continuing, rest, drafts))
        if not going_on:
            return drafts
        # An article that also reports the event of a new story belongs to that: an update would print the event twice.
        held = {identity(a) for draft in drafts.drafts.values() for a in (*draft.articles, *draft.companions)}
        updates = [
            self._update(events[root], own, rest, drafts)
            for root, found in going_on.items()
            if (own := [number for number in found if identity(ties.articles[number]) not in held])
        ]
        drafts.updates = ranked(story for story in updates if story is not None)
        return drafts

    def _new(
        self, numbers: Sequence[int], continuing: Sequence[int], rest: Sequence[int], drafts: Drafts
    ) -> list[Story]:
        """Return the new stories: those that are not updates of delivered ones.

        Args:
            numbers: The articles that may lead.
            continuing: Fresh articles that continue a delivered story: they may belong to a new one, but not lead it.
            rest: Further articles that may belong to one.
            drafts: The drafts so far; those of these stories are added.
        """
        ties = self._ties
        alone = [number for number in numbers if not ties.of(number)]
        outlines = [self._alone(number) for number in alone]
        tied = [number for number in numbers if ties.of(number)]
        groups, low, fit = self._grouped(tied, [*continuing, *rest])
        new = set(map(identity, (ties.articles[number] for number in (*numbers, *continuing))))
        groups = (*with_also(ties, groups, fit, self._worth), *low)
        return [*outlines, *(self._keep(group, new, drafts) for group in groups)]

    def _grouped(
        self, fresh: Sequence[int], rest: Sequence[int]
    ) -> tuple[tuple[Cluster, ...], tuple[Cluster, ...], set[int]]:
        """Return the stories, those that only an article below the quality floor can lead, and the fit leads."""
        ties = self._ties
        # A lead below the quality floor drops its story only if no better article can lead it.
        fit = {number for number in fresh if above(ties.articles[number], self._policy)}
        groups = stars(ties, [*fresh, *rest], fit)
        settled = {identity(article) for group in groups for article in group.articles}
        low = [number for number in fresh if number not in fit and identity(ties.articles[number]) not in settled]
        return groups, stars(ties, low), fit

    def regroup(self, draft: Draft, drafts: Drafts) -> list[Story]:
        """Return the stories of a draft's other articles, for when its lead can't be printed."""
        outline, new = draft.outline, set(map(identity, draft.fresh))
        fresh: list[int] = []
        rest: list[int] = []
        events: dict[int, DeliveredEvent] = {}
        for article in (*draft.articles, *outline.also, *draft.companions):
            if article is outline.lead:
                continue
            number = self._ties.number_of[identity(article)]
            if identity(article) not in new:
                rest.append(number)
            elif (event := self._memory.continues(number)) is not None:
                rest.append(number)
                events[number] = event
            else:
                fresh.append(number)
        groups, low, _fit = self._grouped(fresh, rest)
        held = {identity(article) for group in groups for article in group.articles}
        for number, event in events.items():
            article = self._ties.articles[number]
            if identity(article) not in held:
                drafts.joined.append((article, event.last.lead_key))
        return [self._keep(group, new, drafts) for group in (*groups, *low)] if fresh else []

    def _keep(self, group: Cluster, new: set[int | str], drafts: Drafts) -> Story:
        providers = self._carriers(group.lead, group.articles)
        topics = topics_of(group.lead, group.folded)
        outline = Story(
            group.lead,
            group.folded,
            group.joins,
            (),
            providers,
            self._topic(topics),
            self._scale.weigh(group.lead, len(providers)),
            also=group.also,
        )
        fresh = tuple(a for a in (*group.articles, *group.also, *group.companions) if identity(a) in new)
        drafts.drafts[identity(group.lead)] = Draft(outline, group.articles, fresh, group.companions)
        return outline

    def _worth(self, group: Cluster) -> float:
        return self._scale.weigh(group.lead, len(self._carriers(group.lead, group.articles))).total

    def alone(self, article: Article) -> Story:
        """Return the story of a single article without ties."""
        return self._alone(self._ties.number_of[identity(article)])

    def _alone(self, number: int) -> Story:
        article = self._ties.articles[number]
        topics = article.topics
        topic = self._topics[topics] if topics in self._topics else self._topic(topics)
        known = number, topic
        story = self._stories.get(known)
        if story is None:
            scored = self._scores.get(number)
            if scored is None:
                if article.related:
                    providers = self._carriers(article, (article,))
                else:
                    providers = (article.provider,) if article.provider is not None else ()
                scored = self._scores[number] = providers, self._scale.weigh(article, len(providers))
            story = self._stories[known] = Story(article, (), (), (), scored[0], topic, scored[1])
        return story

    def _update(
        self, event: DeliveredEvent, numbers: Sequence[int], rest: Sequence[int], drafts: Drafts
    ) -> Story | None:
        """Return the update of a delivered event; None if its articles say nothing new, and are joined silently."""
        ties = self._ties
        newsworthy = [
            (number, news)
            for number in numbers
            if above(ties.articles[number], self._policy) and (news := self._memory.news(number, event))
        ]
        if not newsworthy:
            drafts.joined.extend((ties.articles[number], event.last.lead_key) for number in numbers)
            return None
        lead, news = max(newsworthy, key=lambda item: (self._published_s(item[0]), -item[0]))
        groups = stars(ties, [lead, *(number for number in (*numbers, *rest) if number != lead)], {lead})
        group = groups[0]
        members = {identity(article) for article in group.articles}
        drafts.joined.extend(
            (ties.articles[number], event.last.lead_key)
            for number in numbers
            if identity(ties.articles[number]) not in members
        )
        providers = self._carriers(group.lead, group.articles)
        added = [provider for provider in providers if provider.domain not in event.domains]
        rank = self._scale.weigh(group.lead, len(added))
        topic = self._topic(topics_of(group.lead, group.folded))
        outline = Story(group.lead, group.folded, group.joins, (), providers, topic, rank)
        new = {identity(ties.articles[number]) for number in numbers}
        fresh = tuple(article for article in group.articles if identity(article) in new)
        words = ties.words_of(lead, news)
        drafts.drafts[identity(group.lead)] = Draft(outline, group.articles, fresh, (), event, words)
        return outline

    def _published_s(self, number: int) -> float:
        published_at = self._ties.articles[number].published_at
        return published_at.timestamp() if published_at is not None else 0.0

    def _carriers(self, lead: Article, articles: Sequence[Article]) -> tuple[Provider, ...]:
        return carriers(lead, articles, but=self._ties.addresses)

    def _topic(self, topics: tuple[str, ...]) -> str | None:
        """Return the topic of a story with these topics; cached, since many stories have the same ones."""
        if topics not in self._topics:
            self._topics[topics] = self._headings.topic(topics, self._policy)
        return self._topics[topics]


def topics_of(lead: Article, folded: Iterable[Article]) -> tuple[str, ...]:
    """Return a story's topics: the lead's, else those of the first folded article that has any."""
    if lead.topics:
        return lead.topics
    return next((article.topics for article in folded if article.topics), ())
