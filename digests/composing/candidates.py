"""The stories that an edition could tell: what is new, what a told story has gathered, each with its rank. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass
from datetime import timedelta

from digests.composing.ranking import Scale, above, ranked, wanted_topic
from digests.composing.roundups import carriers, gather
from digests.composing.stories import Cluster, cluster, preference, tied
from digests.models import Article, Join, Policy, Story, Told, ToldStory, Window


@dataclass(slots=True)
class Draft:
    """A story on its way.

    Attributes:
        outline: The story without its round-up: all that is shown of one that was left out.
        articles: All of its articles, best first.
        fresh: Those that the edition could lead with.
        earlier: The told stories that it belongs to, oldest first.
    """

    outline: Story
    articles: tuple[Article, ...]
    fresh: tuple[Article, ...]
    earlier: tuple[ToldStory, ...] = ()

    @property
    def keys(self) -> set[str]:
        """Every address of its articles."""
        return {key for article in self.articles for key in article.keys}


@dataclass(slots=True)
class _Event:
    """What becomes a draft once all that belongs to one told story has come together."""

    articles: tuple[Article, ...]
    joins: tuple[Join, ...]
    lead: Article
    topics: tuple[str, ...]
    fresh: tuple[Article, ...]
    earlier: tuple[ToldStory, ...]


class Drafts:
    """The drafts of one edition.

    Attributes:
        outlines: Best first, each a story without its round-up: all that is shown of one that is left out.
        grown: The leads of those that belong to stories told before.
    """

    def __init__(self, outlines: Sequence[Story], drafts: Iterable[Draft]) -> None:
        """Keeps drafts; those of an outline that is all there is to a story are made when asked for."""
        self.outlines = outlines
        self._drafts = {identity(draft.outline.lead): draft for draft in drafts}
        self.grown = {lead for lead, draft in self._drafts.items() if draft.earlier}

    def of(self, outline: Story) -> Draft:
        """Returns the draft of an outline."""
        found = self._drafts.get(identity(outline.lead))
        return found if found is not None else Draft(outline, (outline.lead,), (outline.lead,))


class Drafting:
    """Draws up the drafts of one edition."""

    def __init__(self, told: Told, policy: Policy, window: Window) -> None:
        self._told = told
        self._policy = policy
        self._oldest = window.until - timedelta(hours=policy.max_age_hours)
        self._scale = Scale(policy.weights, window.until)
        self._topics: dict[tuple[str, ...], str | None] = {}

    def draw_up(self, fresh: Sequence[Article], others: Sequence[Article]) -> Drafts:
        """Returns what could be told.

        Args:
            fresh: The candidates, any of which may lead.
            others: What may belong to their stories, or to told ones; none of `fresh`.
        """
        articles = [*fresh, *others]
        # What nothing ties to anything is a story of its own if it is new, and none if it isn't.
        numbers = tied(articles, frozenset().union(*(story.member_keys for story in self._told.stories)))
        outlines = [self._alone(article) for number, article in enumerate(fresh) if number not in numbers]
        new = {identity(fresh[number]) for number in numbers if number < len(fresh)}
        groups = cluster([articles[number] for number in sorted(numbers)])
        events = [event for group in groups if (event := self._event(group, new)) is not None]
        drafts = [self._draft(event) for event in _merged(events)]
        outlines.extend(draft.outline for draft in drafts)
        return Drafts(ranked(outlines), drafts)

    def _alone(self, article: Article) -> Story:
        if article.related:
            providers = carriers(article, (article,), self._told.keys)
        else:
            providers = (article.provider,) if article.provider is not None else ()
        rank = self._scale.weigh(article, len(providers))
        return Story(article, (), (), (), providers, self._topic(article.topics), rank)

    def _event(self, group: Cluster, new: Set[int | str]) -> _Event | None:
        """Returns what can be told of a cluster, None where there is nothing new about it."""
        articles = group.articles
        fresh = tuple(article for article in articles if identity(article) in new)
        keys = {key for article in articles for key in article.keys}
        earlier = tuple(story for story in self._told.stories if not keys.isdisjoint(story.member_keys))
        if fresh:
            lead = next((article for article in fresh if above(article, self._policy)), fresh[0])
        elif any(story.told_at >= self._oldest for story in earlier):
            # Nothing new to lead with, but the told story may have gathered links: its old lead comes back.
            leads = {story.lead_key for story in earlier}
            known = [article for article in articles if article.published and leads.intersection(article.keys)]
            if not known:
                return None
            lead = known[0]
        else:
            return None
        topics = topics_of(lead, [article for article in articles if article is not lead])
        return _Event(articles, group.joins, lead, topics, fresh, earlier)

    def _draft(self, event: _Event) -> Draft:
        folded = tuple(article for article in event.articles if article is not event.lead)
        providers = carriers(event.lead, event.articles, self._told.keys)
        newest_at = None
        if event.earlier:
            links = gather(event.articles, event.lead, told=self._told.keys).links
            newest_at = max((link.published_at for link in links if link.published_at is not None), default=None)
        rank = self._scale.weigh(event.lead, len(providers), newest_at)
        outline = Story(event.lead, folded, event.joins, (), providers, self._topic(event.topics), rank)
        return Draft(outline, event.articles, event.fresh, event.earlier)

    def _topic(self, topics: tuple[str, ...]) -> str | None:
        """Returns the topic of a story with these topics; few lists of them differ."""
        if topics not in self._topics:
            self._topics[topics] = wanted_topic(topics, self._policy)
        return self._topics[topics]


def identity(article: Article) -> int | str:
    """Returns what tells an article from all others: its row number, its path as long as it has none."""
    return article.id or article.path


def topics_of(lead: Article, folded: Iterable[Article]) -> tuple[str, ...]:
    """Returns the topics of a story: its lead's, else those of the first folded article that has any."""
    if lead.topics:
        return lead.topics
    return next((article.topics for article in folded if article.topics), ())


def _merged(events: Iterable[_Event]) -> list[_Event]:
    """Makes events that grew out of the same told story one, so that an edition holds one update of it."""
    merged: list[_Event] = []
    by_story: dict[str, _Event] = {}
    for event in events:
        home = next((by_story[story.lead_key] for story in event.earlier if story.lead_key in by_story), None)
        if home is None:
            merged.append(event)
            home = event
        else:
            home.articles = tuple(sorted((*home.articles, *event.articles), key=preference))
            home.joins = (*home.joins, *event.joins)
            if event.fresh and not home.fresh:
                home.lead, home.topics = event.lead, event.topics
            home.fresh = (*home.fresh, *event.fresh)
            known = {story.lead_key for story in home.earlier}
            home.earlier = (*home.earlier, *(story for story in event.earlier if story.lead_key not in known))
        for story in home.earlier:
            by_story[story.lead_key] = home
    return merged
