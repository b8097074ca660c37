"""Candidates + what was told + policy -> Digest: which stories, in which order, under which topics. Pure.

Knows nothing of stores, clocks or Discord.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence, Set
from dataclasses import replace
from datetime import date, timedelta

from digests.composing.candidates import Draft, Drafting, Drafts, identity, topics_of
from digests.composing.headlines import plain_words
from digests.composing.ranking import Scale, Sieve, above, rank_order, section_order, sections, wanted_topic
from digests.composing.roundups import Roundup, carriers, gather
from digests.composing.stories import cluster
from digests.gc_pause import collector_paused
from digests.models import (
    Article,
    Digest,
    Dropped,
    DropReason,
    LeftOut,
    LeftOutReason,
    Policy,
    Story,
    Told,
    Update,
    Window,
)
from digests.text import fold

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
    with collector_paused:
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
    sieve, scale = Sieve(policy), Scale(policy.weights, window.until)
    fitting = [a for a in articles if sieve.passes(a) and told.keys.isdisjoint(a.keys) and above(a, policy)]
    chosen: list[Story] = []
    used: set[str] = set()
    for group in cluster(fitting):
        links = gather(group.articles, group.lead, told=told.keys, taken=used)
        providers = carriers(group.lead, group.articles, told.keys | used)
        rank = scale.weigh(group.lead, len(providers))
        topic = wanted_topic(topics_of(group.lead, group.folded), policy)
        covered = _covered(group.articles, links)
        used.update(covered)
        chosen.append(Story(group.lead, group.folded, group.joins, links.links, providers, topic, rank, None, covered))
    chosen.sort(key=rank_order)
    told_sections = sections(chosen[:ARCHIVE_STORIES], policy)
    return Digest(day, timezone, window, told_sections, from_archive=True)


# --------------------------------------------------------------------------- the composition of one digest


class _Composition:
    def __init__(self, told: Told, policy: Policy, window: Window) -> None:
        self.told = told
        self.policy = policy
        self.window = window
        self.dropped: dict[str, Dropped] = {}

    def run(self, candidates: Sequence[Article], context: Sequence[Article], day: date, timezone: str) -> Digest:
        fresh = self._fresh(candidates)
        new = set(map(identity, fresh))
        # What was told and arrives once more (switched off and on again) is still a part of its story, which may grow.
        told_before = [article for article in candidates if not self.told.keys.isdisjoint(article.keys)]
        others = [article for article in (*context, *told_before) if identity(article) not in new]
        drafts = Drafting(self.told, self.policy, self.window).draw_up(fresh, others)
        told, left_out = self._tell(drafts)
        linked = {link.key for _draft, story in told for link in story.roundup}
        for draft, story in told:
            self._account(draft, story, linked)
        shown = linked | {story.lead.key for _draft, story in told}
        dropped = tuple(item for item in self.dropped.values() if item.key not in shown)
        told_sections = sections([story for _draft, story in told], self.policy)
        return Digest(day, timezone, self.window, told_sections, left_out, dropped)

    def _fresh(self, candidates: Sequence[Article]) -> list[Article]:
        fresh: list[Article] = []
        oldest = self.window.until - timedelta(hours=self.policy.max_age_hours)
        sieve = Sieve(self.policy)
        for article in candidates:
            if not article.published or article.published_at is None or not sieve.passes(article):
                continue
            if not self.told.keys.isdisjoint(article.keys):
                self._drop(article, DropReason.ALREADY_TOLD)
            elif article.published_at < oldest:
                self._drop(article, DropReason.TOO_OLD)
            else:
                fresh.append(article)
        return fresh

    def _update(self, draft: Draft, links: Roundup) -> Update | None:
        """Returns what is new in a story that was told before; None when it has not grown."""
        known = {domain for story in draft.earlier for domain in story.domains}
        carried = [article.provider for article in draft.fresh if article.provider is not None]
        new = {provider.domain: provider.name for provider in carried if provider.domain not in known}
        if new or len(links.links) >= GROWN_LINKS:
            return Update(tuple(new.values()), links.links)
        return None

    def _tell(self, drafts: Drafts) -> tuple[list[tuple[Draft, Story]], tuple[LeftOut, ...]]:
        """Applies the limits, then fixes each round-up; starts over where a told story turns out not to have grown.

        A round-up depends on what else is told (a lead never stands in another story's round-up), and whether an
        update is one depends on its round-up. Every round drops at least one draft, so it ends.
        """
        outlines = drafts.outlines
        while True:
            chosen, left = self._limit(outlines)
            picked = [drafts.of(outline) for outline in self._reading_order(chosen)]
            told: list[tuple[Draft, Story]] = []
            leads = {key for draft in picked for key in draft.keys}
            taken: set[str] = set()
            stale: list[Draft] = []
            for draft in picked:
                story = self._story(draft, (leads - draft.keys) | taken)
                if draft.earlier and story.update is None:
                    stale.append(draft)
                    continue
                taken.update(story.covered_keys)
                told.append((draft, story))
            if not stale:
                left = self._unseen(left, drafts, [story for _draft, story in told])
                return told, tuple(self._worth_counting(left, drafts, taken | leads))
            for draft in stale:
                self._drop_stale(draft)
            gone = {identity(draft.outline.lead) for draft in stale}
            outlines = [outline for outline in outlines if identity(outline.lead) not in gone]

    def _unseen(self, left: Sequence[LeftOut], drafts: Drafts, told: Sequence[Story]) -> list[LeftOut]:
        """Returns what is left out but for what a told story shows all the same; that gets its reason."""
        teller = {key: story for story in told for key in story.covered_keys}
        titles = {story.lead.key: _titles(story) for story in told}
        unseen: list[LeftOut] = []
        for item in left:
            lead = item.story.lead
            story = teller.get(lead.key)
            if story is None and lead.aliases:
                story = next((teller[key] for key in lead.aliases if key in teller), None)
            if story is None:
                unseen.append(item)
                continue
            for article in drafts.of(item.story).fresh:
                if teller.keys().isdisjoint(article.keys):
                    self._drop(article, DropReason.STORY_SHOWN, story.lead.key)
                else:
                    self._drop_hidden(article, titles[story.lead.key], story)
        return unseen

    def _worth_counting(self, left: Sequence[LeftOut], drafts: Drafts, taken: Set[str]) -> Iterator[LeftOut]:
        """Yields what is left out of the digest to some loss: a told story that did not grow is none."""
        if not drafts.grown:
            yield from left
            return
        for item in left:
            if identity(item.story.lead) in drafts.grown:
                draft = drafts.of(item.story)
                if self._update(draft, self._links(draft, taken)) is None:
                    self._drop_stale(draft)
                    continue
                if not draft.fresh:
                    continue
            yield item

    def _limit(self, outlines: Sequence[Story]) -> tuple[list[Story], list[LeftOut]]:
        policy = self.policy
        by_provider: defaultdict[str, int] = defaultdict(int)
        by_topic: defaultdict[str, int] = defaultdict(int)
        chosen: list[Story] = []
        left: list[LeftOut] = []
        waiting = iter(outlines)
        for outline in waiting:
            if not above(outline.lead, policy):
                left.append(LeftOut(outline, LeftOutReason.QUALITY))
                continue
            if len(chosen) >= policy.max_stories:
                left.append(LeftOut(outline, LeftOutReason.MAX_STORIES))
                break
            domain = outline.lead.provider.domain if outline.lead.provider is not None else ""
            topic = fold(outline.topic or "")
            if by_topic[topic] >= policy.per_topic:
                left.append(LeftOut(outline, LeftOutReason.PER_TOPIC))
            elif domain and by_provider[domain] >= policy.per_provider:
                left.append(LeftOut(outline, LeftOutReason.PER_PROVIDER))
            else:
                by_provider[domain] += 1
                by_topic[topic] += 1
                chosen.append(outline)
        full, below = LeftOutReason.MAX_STORIES, LeftOutReason.QUALITY
        left.extend([LeftOut(outline, full if above(outline.lead, policy) else below) for outline in waiting])
        return chosen, left

    def _reading_order(self, chosen: Sequence[Story]) -> list[Story]:
        order = section_order([(outline.topic, outline.score) for outline in chosen], self.policy)
        return sorted(chosen, key=lambda outline: order[fold(outline.topic or "")])

    def _links(self, draft: Draft, taken: Set[str]) -> Roundup:
        return gather(draft.articles, draft.outline.lead, told=self.told.keys, taken=taken)

    def _story(self, draft: Draft, taken: Set[str]) -> Story:
        links = self._links(draft, taken)
        update = self._update(draft, links) if draft.earlier else None
        covered = _covered(draft.articles, links)
        return replace(draft.outline, roundup=links.links, update=update, covered_keys=covered)

    def _account(self, draft: Draft, story: Story, linked: Set[str]) -> None:
        """Gives every candidate that was folded into a told story, but does not show in it, its reason."""
        new = set(map(identity, draft.fresh))
        # What shares an address with the lead is told as the lead.
        shown = {*linked, *story.lead.keys}
        unseen = [a for a in story.folded if identity(a) in new and shown.isdisjoint(a.keys)]
        titles = _titles(story)
        for article in unseen:
            self._drop_hidden(article, titles, story)

    def _drop_hidden(self, article: Article, titles: Set[str], story: Story) -> None:
        """Drops what a told story with these titles holds, unless it turns out to stand in a round-up (see `run`)."""
        reason = DropReason.SAME_HEADLINE if plain_words(article.title) in titles else DropReason.SAME_ADDRESS
        self._drop(article, reason if article.url is not None else DropReason.NO_ADDRESS, story.lead.key)

    def _drop_stale(self, draft: Draft) -> None:
        for article in draft.fresh:
            self._drop(article, DropReason.NOT_GROWN, draft.earlier[-1].lead_key)

    def _drop(self, article: Article, reason: DropReason, lead_key: str | None = None) -> None:
        self.dropped.setdefault(article.key, Dropped(article.key, article.title, reason, lead_key))


def _titles(story: Story) -> set[str]:
    """Returns what a reader of a story has read, as `plain_words`."""
    return {plain_words(title) for title in (story.lead.title, *(link.title for link in story.roundup))}


def _covered(articles: Iterable[Article], links: Roundup) -> tuple[str, ...]:
    keys = [key for article in articles for key in article.keys]
    keys.extend(link.key for link in links.links)
    keys.extend(sorted(links.same_headline | links.aliases))
    return tuple(dict.fromkeys(keys))
