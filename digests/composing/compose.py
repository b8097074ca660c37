"""Composes a digest from candidates, earlier deliveries and a policy: stories, their order and topics. Pure.

Knows nothing about stores, clocks or Discord.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence, Set
from dataclasses import replace
from datetime import date, timedelta
from itertools import chain

from digests.composing.candidates import Draft, Drafting, Drafts, topics_of
from digests.composing.headlines import plain_words
from digests.composing.memo import Roundup
from digests.composing.memory import Memory
from digests.composing.once import printed_once
from digests.composing.ranking import Headings, Scale, Sieve, above, rank_order, section_order, sections
from digests.composing.roundups import carriers, gather, touched, without_headlines
from digests.composing.stories import stars
from digests.composing.ties import Ties, identity
from digests.composing.word_statistics import Statistics
from digests.editions import local_date
from digests.gc_pause import collector_paused
from digests.models import (
    Article,
    Delivered,
    Digest,
    Dropped,
    DropReason,
    LeftOut,
    LeftOutReason,
    Policy,
    Story,
    Update,
    Window,
)
from digests.text import fold

ARCHIVE_STORIES = 3
"""A quiet day's archive shows up to three stories."""
UPDATES_SHARE = 3
"""Updates take at most one in this many places of a digest."""


def compose(
    candidates: Sequence[Article],
    context: Sequence[Article],
    delivered: Delivered,
    policy: Policy,
    window: Window,
    *,
    local_date: date,
    timezone: str,
    ties: Ties | None = None,
    headings: Headings | None = None,
) -> Digest:
    """Compose one digest.

    Args:
        candidates: Published, dated articles that arrived in the window; filters and age are applied here.
        context: Other articles that may belong to the candidates' stories (unpublished, earlier).
        delivered: What was delivered before; its `keys` have to cover all addresses of the articles and their links.
        policy: Filters and limits.
        window: What the digest covers; ages are measured at its end.
        local_date: The calendar day that the digest is for.
        timezone: The zone of `local_date`.
        ties: The ties between the articles; None to find them here. They may cover more articles.
        headings: Which topics make a heading; None to decide by these articles.

    Returns:
        The digest. Each candidate that passes the filters is a lead, in a round-up, left out or dropped.
    """
    with collector_paused:
        if ties is None:
            ties = Ties([*candidates, *context], lead_count=len(candidates))
        if headings is None:
            headings = Headings(ties.topic_counts, len(ties.articles))
        return _Composition(delivered, policy, window, ties, headings, local_date, timezone).run(candidates, context)


def archive(
    articles: Sequence[Article],
    delivered: Delivered,
    policy: Policy,
    *,
    window: Window,
    day: date,
    timezone: str,
    statistics: Statistics | None = None,
    headings: Headings | None = None,
) -> Digest:
    """Compose a quiet day's digest: up to three stories of this calendar day in earlier years, best first.

    Args:
        articles: Published articles of that calendar day in earlier years.
        delivered: As in `compose`; nothing of it is shown again.
        policy: The filters and the quality floor; limits don't apply.
        window: The quiet edition's window.
        day: The edition's local day.
        timezone: The zone of `day`.
        statistics: Word statistics of the corpus; None for those of the articles themselves.
        headings: As in `compose`.
    """
    sieve, scale = Sieve(policy), Scale(policy.weights, window.until)
    fitting = [a for a in articles if sieve.passes(a) and delivered.keys.isdisjoint(a.keys) and above(a, policy)]
    ties = Ties(fitting, statistics)
    headings = headings or Headings(ties.topic_counts, len(fitting))
    chosen: list[Story] = []
    used: set[str] = set()
    for group in stars(ties, range(len(fitting))):
        links = gather(group.articles, group.lead, delivered=delivered.keys, taken=used, contested=ties.contested)
        providers = carriers(group.lead, group.articles)
        rank = scale.weigh(group.lead, len(providers))
        topic = headings.topic(topics_of(group.lead, group.folded), policy)
        covered = _covered(ties, group.articles, links)
        used.update(covered)
        chosen.append(Story(group.lead, group.folded, group.joins, links.links, providers, topic, rank, None, covered))
    chosen.sort(key=rank_order)
    chosen_sections = sections(chosen[:ARCHIVE_STORIES], policy)
    return Digest(day, timezone, window, chosen_sections, from_archive=True)


# --------------------------------------------------------------------------- the composition of one digest


class _Composition:
    def __init__(
        self,
        delivered: Delivered,
        policy: Policy,
        window: Window,
        ties: Ties,
        headings: Headings,
        day: date,
        timezone: str,
    ) -> None:
        self.delivered = delivered
        self.policy = policy
        self.window = window
        self.ties = ties
        self.headings = headings
        self.day = day
        self.timezone = timezone
        self.memory = Memory(delivered, ties, window.until)
        self.dropped: dict[str, Dropped] = {}
        self.too_old: list[Article] = []
        self.echoes: set[str] = set()

    def run(self, candidates: Sequence[Article], context: Sequence[Article]) -> Digest:
        fresh = self._fresh(candidates)
        others = [article for article in context if not self.memory.was_delivered(article)]
        drafting = Drafting(self.ties, self.memory, self.policy, self.window, self.headings)
        drafts = drafting.draw_up(fresh, others)
        delivered, left_out = self._select(drafts, drafting)
        linked = {link.key for _draft, story in delivered for link in story.roundup}
        beneath = {article.key for _draft, story in delivered for article in story.also}
        for draft, story in delivered:
            self._account(draft, story, linked | beneath)
        shown = linked | beneath | {story.lead.key for _draft, story in delivered}
        for article, lead_key in drafts.joined:
            self._drop(article, DropReason.JOINED, lead_key)
        too_old = () if self.policy.updates_only else self.too_old
        old = [LeftOut(drafting.alone(article), LeftOutReason.TOO_OLD) for article in too_old]
        dropped = tuple(item for item in self.dropped.values() if item.key not in shown)
        chosen_sections = sections([story for _draft, story in delivered], self.policy)
        return Digest(self.day, self.timezone, self.window, chosen_sections, (*left_out, *old), dropped)

    def _fresh(self, candidates: Sequence[Article]) -> list[Article]:
        fresh: list[Article] = []
        most = timedelta(hours=self.policy.max_age_hours)
        for article in Sieve(self.policy).sift(candidates):
            if not article.published or article.published_at is None:
                continue
            if self.memory.was_delivered(article):
                self._drop(article, DropReason.ALREADY_DELIVERED)
            elif article.published_at < (article.arrived_at or article.published_at) - most:
                self.too_old.append(article)
            else:
                fresh.append(article)
        return fresh

    def _select(self, drafts: Drafts, drafting: Drafting) -> tuple[list[tuple[Draft, Story]], tuple[LeftOut, ...]]:
        """Apply the limits, then build each round-up: a lead is never in another story's round-up."""
        outlines = () if self.policy.updates_only else printed_once(drafts, drafting, self.policy, self._drop)
        chosen, left = self._limit(outlines)
        updates, left_updates = self._limit_updates(drafts, self.policy.max_stories - len(chosen))
        chosen_drafts = [drafts.of(outline) for outline in (*self._reading_order(chosen), *updates)]
        keys = [self._keys(draft) for draft in chosen_drafts]
        leads: set[str] = set().union(*keys)
        heads = [{article.key for article in _printed(draft)} for draft in chosen_drafts]
        head_counts = Counter(chain.from_iterable(heads))
        taken: set[str] = set()
        printed = {plain_words(article.title) for draft in chosen_drafts for article in _printed(draft)}
        delivered: list[tuple[Draft, Story]] = []
        for draft, own, own_heads in zip(chosen_drafts, keys, heads, strict=True):
            # Its own articles may be at the page that another story leads with: entries of one live blog.
            elsewhere = {key for key in own if head_counts[key] > (key in own_heads)}
            story = self._story(draft, (leads - own) | elsewhere | taken, printed)
            taken.update(story.covered_keys)
            printed.update(plain_words(link.title) for link in story.roundup)
            delivered.append((draft, story))
        return delivered, tuple(self._unseen([*left, *left_updates], drafts, [story for _draft, story in delivered]))

    def _keys(self, draft: Draft) -> set[str]:
        """Return all addresses of a draft's articles and of those shown beneath it."""
        return {key for article in (*draft.articles, *draft.outline.also) for key in self.ties.keys_of(article)}

    def _unseen(self, left: Sequence[LeftOut], drafts: Drafts, delivered: Sequence[Story]) -> list[LeftOut]:
        """Return what is left out, except what a delivered story shows anyway; that is dropped with a reason."""
        shown_in = {key: story for story in delivered for key in story.covered_keys}
        with_companions = {lead for lead, draft in drafts.drafts.items() if draft.companions}
        unseen: list[LeftOut] = []
        for item in left:
            lead = item.story.lead
            story = shown_in.get(lead.key)
            if story is None and lead.aliases:
                story = next((shown_in[key] for key in self.ties.keys_of(lead) if key in shown_in), None)
            if story is None:
                if with_companions and identity(lead) in with_companions:
                    # They can't be in a round-up: there is none.
                    companions = drafts.of(item.story).companions
                    item = LeftOut(replace(item.story, also=(*item.story.also, *companions)), item.reason)
                unseen.append(item)
                continue
            for article in drafts.of(item.story).fresh:
                if shown_in.keys().isdisjoint(self.ties.keys_of(article)):
                    self._drop(article, DropReason.STORY_SHOWN, story.lead.key)
                else:
                    self._drop_hidden(article, _titles(story), story)
        return unseen

    def _limit(self, outlines: Iterable[Story]) -> tuple[list[Story], list[LeftOut]]:
        """Choose new stories: first within the caps, then the best of the rest until the digest is full."""
        policy = self.policy
        by_provider: defaultdict[str, int] = defaultdict(int)
        by_topic: defaultdict[str, int] = defaultdict(int)
        chosen: list[Story] = []
        capped: list[LeftOut] = []
        low: list[LeftOut] = []
        rest: list[Story] = []
        for outline in outlines:
            if not above(outline.lead, policy):
                low.append(LeftOut(outline, LeftOutReason.QUALITY))
                continue
            if len(chosen) >= policy.max_stories:
                rest.append(outline)
                continue
            domain = outline.lead.provider.domain if outline.lead.provider is not None else ""
            topic = fold(outline.topic or "")
            if by_topic[topic] >= policy.per_topic:
                capped.append(LeftOut(outline, LeftOutReason.PER_TOPIC))
            elif domain and by_provider[domain] >= policy.per_provider:
                capped.append(LeftOut(outline, LeftOutReason.PER_PROVIDER))
            else:
                by_provider[domain] += 1
                by_topic[topic] += 1
                chosen.append(outline)
        room = max(policy.max_stories - len(chosen), 0)
        chosen.extend(item.story for item in capped[:room])
        chosen.sort(key=rank_order)
        full = [LeftOut(outline, LeftOutReason.MAX_STORIES) for outline in rest]
        # Best first, like the outlines: the digest was full before the first of the rest.
        return chosen, [*capped[room:], *full, *low]

    def _limit_updates(self, drafts: Drafts, room: int) -> tuple[list[Story], list[LeftOut]]:
        """Choose updates: one per story and day, at most a third of the places, and none that a new story needs."""
        most = room if self.policy.updates_only else min(room, self.policy.max_stories // UPDATES_SHARE)
        chosen: list[Story] = []
        left: list[LeftOut] = []
        for outline in drafts.updates:
            event = drafts.of(outline).event
            assert event is not None
            days = {local_date(story.told_at, self.timezone) for story in event.stories if story.is_update}
            if self.day in days:
                drafts.joined.extend((article, event.last.lead_key) for article in drafts.of(outline).fresh)
            elif len(chosen) < most:
                chosen.append(outline)
            else:
                left.append(LeftOut(outline, LeftOutReason.UPDATES if room > most else LeftOutReason.MAX_STORIES))
        return chosen, left

    def _reading_order(self, chosen: Sequence[Story]) -> list[Story]:
        order = section_order([(outline.topic, outline.score) for outline in chosen], self.policy)
        return sorted(chosen, key=lambda outline: order[fold(outline.topic or "")])

    def _story(self, draft: Draft, taken: Set[str], printed: Set[str]) -> Story:
        links = self._roundup(draft, set(taken).union(*(article.keys for article in draft.outline.also)))
        links = without_headlines(links, printed, self.memory.headlines)
        self.echoes.update(links.same_headline)
        if draft.event is not None:
            return self._finished(draft, links, _update(draft, links))
        known = tuple(map(identity, (*draft.articles, *draft.companions)))
        if links is not self.ties.memo.roundups[known][1]:
            return self._finished(draft, links, None)
        # Most stories are the same in all digests: made once, they can be rendered and stored once as well.
        outline, memo = draft.outline, self.ties.memo.stories
        key = (known, tuple(map(identity, outline.also)), outline.topic, outline.score)
        if key not in memo:
            memo[key] = self._finished(draft, links, None)
        return memo[key]

    def _finished(self, draft: Draft, links: Roundup, update: Update | None) -> Story:
        covered = _covered(self.ties, (*draft.articles, *draft.companions, *draft.outline.also), links)
        return replace(draft.outline, roundup=links.links, update=update, covered_keys=covered)

    def _roundup(self, draft: Draft, taken: Set[str]) -> Roundup:
        """Return a story's round-up, which is mostly the same for all digests of a window."""
        articles, lead = (*draft.articles, *draft.companions), draft.outline.lead
        judge, contested = self.ties.judge, self.ties.contested
        known = tuple(map(identity, articles))
        memo = self.ties.memo.roundups
        if known not in memo:
            memo[known] = touched(articles), gather(articles, lead, contested=contested, judge=judge)
        addresses, links = memo[known]
        # The lead is never in its own round-up, delivered or not.
        if addresses.isdisjoint(self.delivered.keys) and addresses.isdisjoint(taken):
            return links
        return gather(articles, lead, delivered=self.delivered.keys, taken=taken, contested=contested, judge=judge)

    def _account(self, draft: Draft, story: Story, linked: Set[str]) -> None:
        """Drop every candidate that was folded into a chosen story but is not shown in it, with a reason."""
        # An article that shares the lead's address is delivered as the lead.
        shown = {*linked, *self.ties.keys_of(story.lead)}
        unseen = [a for a in draft.fresh if a is not story.lead and shown.isdisjoint(self.ties.keys_of(a))]
        if unseen:
            titles = _titles(story)
            for article in unseen:
                self._drop_hidden(article, titles, story)

    def _drop_hidden(self, article: Article, titles: Set[str], story: Story) -> None:
        """Drop what a chosen story with these titles covers, unless it turns out to be in a round-up (see `run`)."""
        is_echo = plain_words(article.title) in titles or article.key in self.echoes
        reason = DropReason.SAME_HEADLINE if is_echo else DropReason.SAME_ADDRESS
        self._drop(article, reason if article.url is not None else DropReason.NO_ADDRESS, story.lead.key)

    def _drop(self, article: Article, reason: DropReason, lead_key: str | None = None) -> None:
        self.dropped.setdefault(article.key, Dropped(article.key, article.title, reason, lead_key))


def _printed(draft: Draft) -> tuple[Article, ...]:
    """Return the articles whose headlines a reader of the digest sees."""
    return (draft.outline.lead, *draft.outline.also)


def _update(draft: Draft, links: Roundup) -> Update:
    assert draft.event is not None
    known, last = draft.event.domains, draft.event.last
    carried = [article.provider for article in draft.fresh if article.provider is not None]
    new = {provider.domain: provider.name for provider in carried if provider.domain not in known}
    return Update(tuple(new.values()), links.links, last.lead.title, last.told_at, draft.news, draft.event.root)


def _titles(story: Story) -> set[str]:
    """Return the headlines that a reader of a story has seen, as `plain_words`."""
    return {plain_words(title) for title in (story.lead.title, *(link.title for link in story.roundup))}


def _covered(ties: Ties, articles: Iterable[Article], links: Roundup) -> tuple[str, ...]:
    keys = [key for article in articles for key in ties.keys_of(article)]
    keys.extend(link.key for link in links.links)
    keys.extend(sorted(links.same_headline | links.aliases))
    return tuple(dict.fromkeys(keys))
