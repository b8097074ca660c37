"""Which articles tell one story, and the round-up of links around it. Pure; knows nothing of stores or editions.

A story is a star, not a chain: everything in it joined its centre directly, by the same address, by near-identical
headlines within three days, or because one lists the other under `related` and there is proof beyond that list.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence, Set
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import chain, combinations, product
from math import ceil

from digests.headlines import (
    LEAST_WORDS,
    SAME_HEADLINE,
    headline,
    plain_words,
    say_the_same,
    vocabulary,
    written,
)
from digests.i18n import _, ngettext
from digests.models import Article, Join, JoinReason, Link, Provider

SAME_TITLE_SPAN = timedelta(days=3)
"""PRODUCT: "when titles say the same within three days"."""
SAME_EVENT_SPAN = timedelta(days=3)
"""Two published articles further apart are a story and its sequel, not one event."""
UNPUBLISHED_SPAN = timedelta(days=7)
"""An unpublished article listed as related folds into a story up to this far away; the lists reach back years."""
SHARED_WORDS = 2
SHARED_WORDS_SHARE = 0.25
"""Proof of one event: this many distinctive headline words in common, and this share of the shorter headline's."""
COMMON_LINKS = 2
"""Or: this many entries that both `related` lists hold, with one distinctive word in common."""

_DISTANT_PAST = datetime(1, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Cluster:
    """A lead and the articles folded into it (best first), with the reason for each join."""

    lead: Article
    folded: tuple[Article, ...] = ()
    joins: tuple[Join, ...] = ()

    @property
    def articles(self) -> tuple[Article, ...]:
        """The lead, then the folded articles."""
        return (self.lead, *self.folded)


def preference(article: Article) -> tuple[object, ...]:
    """Sorts the better lead first: published, then quality, heat, the earlier, the address."""
    return (
        not article.published,
        -(article.quality if article.quality is not None else 0),
        -(article.heat or 0),
        article.published_at or _DISTANT_PAST,
        article.key,
        article.path,
    )


def cluster(articles: Sequence[Article]) -> tuple[Cluster, ...]:
    """Groups articles into stories; every article stands in exactly one.

    Args:
        articles: In any order, without doubles. An unpublished article leads only where no published one is.

    Returns:
        Stories ordered by their leads' `preference`.
    """
    groups = _by_title(_by_address(sorted(articles, key=preference)))
    return tuple(_by_related(groups))


@dataclass(slots=True)
class _Group:
    """Articles that are one by address or title; the first is the representative."""

    members: list[Article]
    joins: list[Join]

    @property
    def lead(self) -> Article:
        return self.members[0]


def _by_address(ordered: Sequence[Article]) -> list[_Group]:
    """Collapses articles that share any address."""
    groups: list[_Group] = []
    group_of: dict[str, _Group] = {}
    for article in ordered:
        hits = {id(group): group for key in article.keys if (group := group_of.get(key)) is not None}
        if not hits:
            target = _Group([article], [])
            groups.append(target)
        else:
            target, *others = hits.values()
            target.joins.append(_join(article, target.lead, JoinReason.SAME_ADDRESS, article.url or article.path))
            target.members.append(article)
            for other in others:  # this article's addresses tie two groups together
                groups.remove(other)
                address = other.lead.url or other.lead.path
                target.joins.append(_join(other.lead, target.lead, JoinReason.SAME_ADDRESS, address))
                target.joins.extend(other.joins)
                target.members.extend(other.members)
                for key in [key for member in other.members for key in member.keys]:
                    group_of[key] = target
            if others:
                target.members.sort(key=preference)
        for key in article.keys:
            group_of[key] = target
    return groups


def _by_title(groups: list[_Group]) -> list[_Group]:
    """Collapses groups whose headlines say the same within `SAME_TITLE_SPAN` of the representative's."""
    alike = _alike(groups)
    taken: set[int] = set()
    merged: list[_Group] = []
    for number, group in enumerate(groups):
        if number in taken:
            continue
        for other_number in sorted(alike.get(number, ())):
            if other_number in taken:
                continue
            taken.add(other_number)
            other = groups[other_number]
            evidence = _('"{title}" within three days').format(title=other.lead.title)
            group.joins.append(_join(other.lead, group.lead, JoinReason.SAME_TITLE, evidence))
            group.joins.extend(other.joins)
            group.members.extend(other.members)
        merged.append(group)
    return merged


def _alike(groups: Sequence[_Group]) -> dict[int, set[int]]:
    """Returns, for each group, the later ones whose headline says the same, without comparing all with all.

    Two sets that share `SAME_HEADLINE` of their words share one of the rarest few of each (prefix filtering), so only
    articles with such a word and all numbers in common, published in the same or the next span, are compared.
    """
    headlines = [headline(group.lead.title) for group in groups]
    times = [_seconds(group.lead.published_at) for group in groups]
    counts = Counter(chain.from_iterable(taken_apart.words for taken_apart in headlines))
    rank = {word: place for place, (word, _count) in enumerate(sorted(counts.items(), key=lambda item: item[::-1]))}
    postings: defaultdict[tuple[str, frozenset[str], int], list[int]] = defaultdict(list)
    for number, (taken_apart, seconds) in enumerate(zip(headlines, times, strict=True)):
        size = len(taken_apart.words)
        if seconds and size >= LEAST_WORDS:
            rarest = sorted(taken_apart.words, key=rank.__getitem__)[: size - ceil(SAME_HEADLINE * size) + 1]
            for word in rarest:
                if counts[word] > 1:
                    postings[word, taken_apart.pivots, seconds // _SPAN_S].append(number)
    found: defaultdict[int, set[int]] = defaultdict(set)
    for (word, pivots, span), numbers in postings.items():
        pairs = chain(combinations(numbers, 2), product(numbers, postings.get((word, pivots, span + 1), ())))
        for first, second in pairs:
            if abs(times[first] - times[second]) <= _SPAN_S and say_the_same(headlines[first], headlines[second]):
                found[min(first, second)].add(max(first, second))
    return found


_SPAN_S = int(SAME_TITLE_SPAN.total_seconds())


def _seconds(moment: datetime | None) -> int:
    return int(moment.timestamp()) if moment is not None else 0


def _by_related(groups: list[_Group]) -> Iterator[Cluster]:
    """Folds groups into centres by `related` evidence; yields the finished stories."""
    group_of = {key: number for number, group in enumerate(groups) for member in group.members for key in member.keys}
    lists: list[set[int]] = []
    listed_by: defaultdict[int, set[int]] = defaultdict(set)
    for number, group in enumerate(groups):
        named = {group_of[link.key] for member in group.members for link in member.related if link.key in group_of}
        named.discard(number)
        lists.append(named)
        for other in named:
            listed_by[other].add(number)
    taken: set[int] = set()
    for number, centre in enumerate(groups):
        if number in taken:
            continue
        taken.add(number)
        folded: list[int] = []
        near = sorted((lists[number] | listed_by[number]) - taken)
        folded.extend(other for other in near if _fold(centre, groups[other], listed=other in lists[number]))
        # One step further, through what was just folded: a neighbour's neighbour has to prove itself against the
        # centre, so that a chain of related lists never grows into one giant story.
        around = {far for other in folded for far in lists[other] | listed_by[other]}
        taken.update(folded)
        folded.extend(other for other in sorted(around - taken) if _fold(centre, groups[other], listed=False))
        taken.update(folded)
        rest = [member for index in (number, *folded) for member in groups[index].members]
        rest.sort(key=preference)
        yield Cluster(rest[0], tuple(rest[1:]), tuple(centre.joins))


def _fold(centre: _Group, other: _Group, *, listed: bool) -> bool:
    """Folds a group into a centre that a `related` list ties it to, if it belongs there; tells whether it did."""
    if listed and not other.lead.published and _within(centre.lead, other.lead, UNPUBLISHED_SPAN):
        listing = _("listed by {title}").format(title=centre.lead.title)
        reason: tuple[JoinReason, str] | None = (JoinReason.RELATED_UNPUBLISHED, listing)
    else:
        reason = _same_event(centre, other)
    if reason is None:
        return False
    centre.joins.append(_join(other.lead, centre.lead, *reason))
    centre.joins.extend(other.joins)
    return True


def _same_event(centre: _Group, other: _Group) -> tuple[JoinReason, str] | None:
    """Returns proof that two groups report one event: distinctive words, or related entries in common."""
    first, second = centre.lead, other.lead
    if not _within(first, second, SAME_EVENT_SPAN):
        return None
    names = tuple(name.name for name in (first.provider, second.provider) if name is not None)
    common = vocabulary((*first.topics, *second.topics, *names))
    first_words = headline(first.title).words - common
    second_words = headline(second.title).words - common
    shared = first_words & second_words
    shorter = min(len(first_words), len(second_words))
    links = {link.key for link in first.related} & {link.key for link in second.related}
    told = _('both headlines say "{words}"').format(words='", "'.join(written(first.title, shared)))
    if len(shared) >= SHARED_WORDS and len(shared) >= SHARED_WORDS_SHARE * shorter:
        return JoinReason.RELATED_SAME_EVENT, told
    if shared and len(links) >= COMMON_LINKS:
        both = ngettext("{count} related link in common", "{count} related links in common", len(links))
        return JoinReason.RELATED_SAME_EVENT, f"{told}; {both.format(count=len(links))}"
    return None


def _within(first: Article, second: Article, span: timedelta) -> bool:
    if first.published_at is None or second.published_at is None:
        return False
    return abs(first.published_at - second.published_at) <= span


def _join(article: Article, lead: Article, reason: JoinReason, evidence: str) -> Join:
    return Join(article.key, lead.key, reason, evidence)


# --------------------------------------------------------------------------- round-ups


@dataclass(frozen=True, slots=True)
class Roundup:
    """A story's links, best first, and the addresses left away because their headline stood there already."""

    links: tuple[Link, ...]
    same_headline: frozenset[str]


def gather(articles: Sequence[Article], lead: Article, *, told: Set[str] = frozenset()) -> Roundup:
    """Collects the round-up of a story: its other articles and everybody's related links.

    Args:
        articles: The story's articles, lead included.
        told: Addresses that must not appear.

    Returns:
        Links in order of quality, then newest; no address and no headline twice, nor the lead's own.
    """
    own = frozenset(lead.keys)
    entries: dict[str, Link] = {}
    for article in articles:
        if article.url is not None and not own.intersection(article.keys) and not told & set(article.keys):
            entries.setdefault(article.key, link_to(article))
    aliases = {alias: article.key for article in articles for alias in article.aliases}
    for article in articles:
        for link in article.related:
            key = aliases.get(link.key, link.key)
            if key in own or key in told or link.key in told:
                continue
            known = entries.get(key)
            if known is None:
                entries[key] = Link(link.title, link.url, key, link.provider, link.published_at, link.quality)
            elif known.quality is None and link.quality is not None:
                entries[key] = Link(
                    known.title, known.url, key, known.provider, known.published_at or link.published_at, link.quality
                )
    seen = {plain_words(lead.title)}
    chosen: list[Link] = []
    doubles: set[str] = set()
    for entry in sorted(entries.values(), key=_best_first):
        plain = plain_words(entry.title)
        if plain in seen:
            doubles.add(entry.key)
        else:
            seen.add(plain)
            chosen.append(entry)
    return Roundup(tuple(chosen), frozenset(doubles))


def roundup(story: Cluster, *, told: Set[str] = frozenset()) -> tuple[Link, ...]:
    """Returns a story's related links and folded articles, best first, none that stands in `told`."""
    return gather(story.articles, story.lead, told=told).links


def link_to(article: Article) -> Link:
    """Returns an article with an address as a line of a round-up."""
    assert article.url is not None
    return Link(article.title, article.url, article.key, article.provider, article.published_at, article.quality)


def carriers(lead: Article, articles: Iterable[Article], told: Set[str] = frozenset()) -> tuple[Provider, ...]:
    """Returns the providers that carry a story, the lead's first, each domain once.

    Args:
        lead: The story's lead.
        articles: All of the story's articles.
        told: Addresses of related links that don't count.
    """
    found: dict[str, Provider] = {}
    if lead.provider is not None:
        found[lead.provider.domain] = lead.provider
    for article in articles:
        if article.provider is not None:
            found.setdefault(article.provider.domain, article.provider)
        for link in article.related:
            if link.provider is not None and link.key not in told:
                found.setdefault(link.provider.domain, link.provider)
    return tuple(found.values())


def _best_first(link: Link) -> tuple[float, float, str]:
    quality = link.quality if link.quality is not None else -1
    published_at = link.published_at or _DISTANT_PAST
    return (-quality, -published_at.timestamp(), link.key)
