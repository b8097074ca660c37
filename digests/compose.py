"""Candidates + what was told + policy -> Digest: which stories, in which order, under which topics. Pure.

Knows nothing of stores, clocks or Discord.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from digests.headlines import fold
from digests.models import (
    Article,
    Digest,
    Dropped,
    DropReason,
    LeftOut,
    LeftOutReason,
    Policy,
    Provider,
    Score,
    Story,
    Told,
    ToldStory,
    Update,
    Window,
)
from digests.ranking import above, fits, rank_order, score, section_order, sections, wanted_topic
from digests.stories import Cluster, Roundup, carriers, cluster, gather, preference

GROWN_LINKS = 3
"""PRODUCT: a told story comes back with a new provider, or at least three links not told yet."""
ARCHIVE_STORIES = 3
"""PRODUCT: a quiet day's archive shows up to three stories."""


def compose(
    candidates: Sequence[Article],
    context: Sequence[Article],
    told: Told,
    policy: Policy,
    window: Window,
    *,
    local_date: date,
    timezone: str,
) -> Digest:
    """Composes one digest.

    Args:
        candidates: Published, dated articles that arrived in the window; filters and age are applied here.
        context: Other articles that may belong to the candidates' stories or to told ones (unpublished, earlier).
        told: What this history was told; `told.keys` has to cover every address among the articles and their links.
        policy: Filters and limits.
        window: What the digest covers; ages are measured at its end.
        local_date: The calendar day that the digest is for.
        timezone: The zone of `local_date`.

    Returns:
        The digest. Each candidate that passes the filters is a lead, in a round-up, left out or dropped.
    """
    return _Composition(told, policy, window).run(candidates, context, local_date, timezone)


def archive(
    articles: Sequence[Article], told: Told, policy: Policy, *, window: Window, day: date, timezone: str
) -> Digest:
    """Composes a quiet day's digest: up to three stories of this calendar day in earlier years, the best first.

    Args:
        articles: Published articles of that calendar day in earlier years.
        told: As in `compose`; what was told stays told.
        policy: Filters; of the limits only the quality floor counts.
        window: The quiet edition's window.
        day: The edition's local day.
        timezone: The zone of `day`.
    """
    fitting = [a for a in articles if fits(a, policy) and not told.keys.intersection(a.keys) and above(a, policy)]
    chosen: list[Story] = []
    used: set[str] = set()
    for group in cluster(fitting):
        links = gather(group.articles, group.lead, told=told.keys | used)
        providers = carriers(group.lead, group.articles, told.keys | used)
        rank = score(group.lead, len(providers), window.until, policy.weights)
        topic = wanted_topic(_topics(group.lead, group.folded), policy)
        covered = _covered(group.articles, links)
        used.update(covered)
        chosen.append(Story(group.lead, group.folded, group.joins, links.links, providers, topic, rank, None, covered))
    chosen.sort(key=rank_order)
    told_sections = sections(chosen[:ARCHIVE_STORIES], policy)
    return Digest(day, timezone, window, told_sections, from_archive=True)


# --------------------------------------------------------------------------- the composition of one digest


@dataclass(slots=True)
class _Draft:
    """A story on its way: its articles, who may lead, and what it grew out of."""

    group: Cluster
    lead: Article
    fresh: tuple[Article, ...]
    earlier: tuple[ToldStory, ...]
    topic: str | None
    score: Score = field(default_factory=lambda: Score(0, 0, 0, 0, 0))
    providers: tuple[Provider, ...] = ()

    @property
    def keys(self) -> set[str]:
        return {key for article in self.group.articles for key in article.keys}


class _Composition:
    def __init__(self, told: Told, policy: Policy, window: Window) -> None:
        self.told = told
        self.policy = policy
        self.window = window
        self.oldest = window.until - timedelta(hours=policy.max_age_hours)
        self.fresh: set[tuple[int, str]] = set()
        self.dropped: dict[str, Dropped] = {}

    def run(self, candidates: Sequence[Article], context: Sequence[Article], day: date, timezone: str) -> Digest:
        fresh = self._fresh(candidates)
        self.fresh = {_identity(article) for article in fresh}
        others = [article for article in context if _identity(article) not in self.fresh]
        drafts = [draft for group in cluster([*fresh, *others]) if (draft := self._draft(group))]
        drafts = _merged_updates(drafts)
        for draft in drafts:
            self._rank(draft)
        drafts.sort(key=lambda draft: (-draft.score.total, preference(draft.lead)))
        stories, left = self._tell(drafts)
        left_out = tuple(LeftOut(self._outline(draft), reason) for draft, reason in left)
        linked = {link.key for story in stories for link in story.roundup}
        for story in stories:
            self._account(story, linked)
        dropped = tuple(item for item in self.dropped.values() if item.key not in linked)
        return Digest(day, timezone, self.window, sections(stories, self.policy), left_out, dropped)

    def _fresh(self, candidates: Sequence[Article]) -> list[Article]:
        fresh: list[Article] = []
        for article in candidates:
            if not article.published or article.published_at is None or not fits(article, self.policy):
                continue
            if self.told.keys.intersection(article.keys):
                self._drop(article, DropReason.ALREADY_TOLD)
            elif article.published_at < self.oldest:
                self._drop(article, DropReason.TOO_OLD)
            else:
                fresh.append(article)
        return fresh

    def _draft(self, group: Cluster) -> _Draft | None:
        fresh = tuple(article for article in group.articles if _identity(article) in self.fresh)
        keys = {key for article in group.articles for key in article.keys}
        earlier = tuple(story for story in self.told.stories if not keys.isdisjoint(story.member_keys))
        if fresh:
            lead = next((article for article in fresh if above(article, self.policy)), fresh[0])
        elif any(story.told_at >= self.oldest for story in earlier):
            # Nothing new to lead with, but the told story may have gathered links: its old lead comes back.
            leads = {story.lead_key for story in earlier}
            known = [article for article in group.articles if article.published and leads.intersection(article.keys)]
            if not known:
                return None
            lead = known[0]
        else:
            return None
        topics = _topics(lead, [article for article in group.articles if article is not lead])
        return _Draft(group, lead, fresh, earlier, wanted_topic(topics, self.policy))

    def _links(self, draft: _Draft, taken: set[str]) -> Roundup:
        return gather(draft.group.articles, draft.lead, told=self.told.keys | taken)

    def _update(self, draft: _Draft, links: Roundup) -> Update | None:
        """Returns what is new in a story that was told before; None when it has not grown."""
        known = {domain for story in draft.earlier for domain in story.domains}
        carried = [article.provider for article in draft.fresh if article.provider is not None]
        new = {provider.domain: provider.name for provider in carried if provider.domain not in known}
        if new or len(links.links) >= GROWN_LINKS:
            return Update(tuple(new.values()), links.links)
        return None

    def _rank(self, draft: _Draft) -> None:
        draft.providers = carriers(draft.lead, draft.group.articles, self.told.keys)
        newest_at = None
        if draft.earlier:
            links = self._links(draft, set()).links
            newest_at = max((link.published_at for link in links if link.published_at is not None), default=None)
        draft.score = score(draft.lead, len(draft.providers), self.window.until, self.policy.weights, newest_at)

    def _tell(self, drafts: Sequence[_Draft]) -> tuple[list[Story], list[tuple[_Draft, LeftOutReason]]]:
        """Applies the limits, then fixes each round-up; starts over where a told story turns out not to have grown.

        A round-up depends on what else is told (a lead never stands in another story's round-up), and whether an
        update is one depends on its round-up. Every round drops at least one draft, so it ends.
        """
        remaining = list(drafts)
        while True:
            chosen, left = self._limit(remaining)
            stories: list[Story] = []
            leads = {key for draft in chosen for key in draft.keys}
            taken: set[str] = set()
            stale: list[_Draft] = []
            for draft in self._reading_order(chosen):
                story = self._story(draft, (leads - draft.keys) | taken)
                if draft.earlier and story.update is None:
                    stale.append(draft)
                    continue
                taken.update(story.covered_keys)
                stories.append(story)
            if not stale:
                kept_left: list[tuple[_Draft, LeftOutReason]] = []
                for draft, reason in left:
                    # A told story that did not grow is no loss; the rest is counted as left out.
                    if draft.earlier and self._update(draft, self._links(draft, taken | leads)) is None:
                        self._drop_stale(draft)
                    elif draft.fresh:
                        kept_left.append((draft, reason))
                return stories, kept_left
            for draft in stale:
                self._drop_stale(draft)
            remaining = [draft for draft in remaining if not any(draft is other for other in stale)]

    def _limit(self, drafts: Sequence[_Draft]) -> tuple[list[_Draft], list[tuple[_Draft, LeftOutReason]]]:
        by_provider: defaultdict[str, int] = defaultdict(int)
        by_topic: defaultdict[str, int] = defaultdict(int)
        chosen: list[_Draft] = []
        left: list[tuple[_Draft, LeftOutReason]] = []
        for draft in drafts:
            domain = draft.lead.provider.domain if draft.lead.provider is not None else ""
            topic = fold(draft.topic or "")
            if not above(draft.lead, self.policy):
                left.append((draft, LeftOutReason.QUALITY))
            elif len(chosen) >= self.policy.max_stories:
                left.append((draft, LeftOutReason.MAX_STORIES))
            elif by_topic[topic] >= self.policy.per_topic:
                left.append((draft, LeftOutReason.PER_TOPIC))
            elif domain and by_provider[domain] >= self.policy.per_provider:
                left.append((draft, LeftOutReason.PER_PROVIDER))
            else:
                by_provider[domain] += 1
                by_topic[topic] += 1
                chosen.append(draft)
        return chosen, left

    def _reading_order(self, chosen: Sequence[_Draft]) -> list[_Draft]:
        order = section_order([(draft.topic, draft.score) for draft in chosen], self.policy)
        return sorted(chosen, key=lambda draft: order[fold(draft.topic or "")])

    def _story(self, draft: _Draft, taken: set[str]) -> Story:
        links = self._links(draft, taken)
        update = self._update(draft, links) if draft.earlier else None
        return replace(
            self._outline(draft),
            roundup=links.links,
            update=update,
            covered_keys=_covered(draft.group.articles, links),
        )

    def _outline(self, draft: _Draft) -> Story:
        """Returns a draft as a story without its round-up: all that is shown of one that was left out."""
        folded = tuple(article for article in draft.group.articles if article is not draft.lead)
        return Story(draft.lead, folded, draft.group.joins, (), draft.providers, draft.topic, draft.score)

    def _account(self, story: Story, linked: set[str]) -> None:
        """Gives every candidate that was folded into a told story, but does not show in it, its reason."""
        for article in story.folded:
            if _identity(article) not in self.fresh or linked.intersection(article.keys):
                continue
            if set(story.lead.keys).intersection(article.keys):
                continue  # the same address as the lead: told as the lead
            reason = DropReason.NO_ADDRESS if article.url is None else DropReason.SAME_HEADLINE
            self._drop(article, reason, story.lead.key)

    def _drop_stale(self, draft: _Draft) -> None:
        for article in draft.fresh:
            self._drop(article, DropReason.NOT_GROWN, draft.earlier[-1].lead_key)

    def _drop(self, article: Article, reason: DropReason, lead_key: str | None = None) -> None:
        self.dropped.setdefault(article.key, Dropped(article.key, article.title, reason, lead_key))


def _merged_updates(drafts: Sequence[_Draft]) -> list[_Draft]:
    """Makes drafts that grew out of the same told story one, so that an edition holds one update of it."""
    merged: list[_Draft] = []
    by_story: dict[str, _Draft] = {}
    for draft in drafts:
        home = next((by_story[story.lead_key] for story in draft.earlier if story.lead_key in by_story), None)
        if home is None:
            merged.append(draft)
            home = draft
        else:
            articles = sorted((*home.group.articles, *draft.group.articles), key=preference)
            home.group = Cluster(articles[0], tuple(articles[1:]), (*home.group.joins, *draft.group.joins))
            if draft.fresh and not home.fresh:
                home.lead, home.topic = draft.lead, draft.topic
            home.fresh = (*home.fresh, *draft.fresh)
            known = {story.lead_key for story in home.earlier}
            home.earlier = (*home.earlier, *(story for story in draft.earlier if story.lead_key not in known))
        for story in home.earlier:
            by_story[story.lead_key] = home
    return merged


def _covered(articles: Iterable[Article], links: Roundup) -> tuple[str, ...]:
    keys = [key for article in articles for key in article.keys]
    keys.extend(link.key for link in links.links)
    keys.extend(sorted(links.same_headline))
    return tuple(dict.fromkeys(keys))


def _topics(lead: Article, folded: Iterable[Article]) -> tuple[str, ...]:
    if lead.topics:
        return lead.topics
    return next((article.topics for article in folded if article.topics), ())


def _identity(article: Article) -> tuple[int, str]:
    return (article.id, article.path)
