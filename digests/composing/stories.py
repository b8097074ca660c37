"""Which articles tell one story. Pure; knows nothing of stores or editions.

A story is a star, not a chain: everything in it joined its centre directly, by the same address, by near-identical
headlines within three days, or because one lists the other under `related` and there is proof beyond that list.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from operator import attrgetter

from digests.composing.headlines import headline, vocabulary, written
from digests.composing.similar_headlines import SimilarHeadlines
from digests.i18n import _, ngettext
from digests.models import Article, Join, JoinReason

SAME_EVENT_SPAN = timedelta(days=3)
"""Two published articles further apart are a story and its sequel, not one event."""
UNPUBLISHED_SPAN = timedelta(days=7)
"""An unpublished article listed as related folds into a story up to this far away; the lists reach back years."""
SHARED_WORDS = 2
SHARED_WORDS_SHARE = 0.25
"""Proof of one event: this many distinctive headline words in common, and this share of the shorter headline's."""
COMMON_LINKS = 2
"""Or: this many entries that both `related` lists hold, with one distinctive word in common."""

_KEY, _ALIASES = attrgetter("key"), attrgetter("aliases")
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
    ordered = sorted(articles, key=preference)
    return tuple(_by_related(ordered, _by_title(ordered, _by_address(ordered))))


def tied(articles: Sequence[Article], addresses: Set[str] = frozenset()) -> set[int]:
    """Returns the numbers (places in the list) of the articles that something may tie to others, or to `addresses`.

    `cluster` makes each of the rest a story of its own; it need not see them. Of a day's news that is most.
    """
    keys = [article.key for article in articles]
    aliased = [(number, article.aliases) for number, article in enumerate(articles) if article.aliases]
    aliases = [alias for _number, own in aliased for alias in own]
    known = {*keys, *aliases}
    asked = set(addresses)
    if len(known) < len(keys) + len(aliases):
        asked.update(key for key, count in Counter([*keys, *aliases]).items() if count > 1)
    found = SimilarHeadlines(articles).all()
    for number, article in enumerate(articles):
        if article.related:
            listed = _listed(article)
            if not known.isdisjoint(listed):
                found.add(number)
                asked.update(listed)
    found.update([number for number, key in enumerate(keys) if key in asked])
    found.update(number for number, own in aliased if not asked.isdisjoint(own))
    return found


@dataclass(slots=True)
class _Group:
    """Articles that are one by address or title, as places in the order of preference; the first speaks for all."""

    members: list[int]
    joins: list[Join]


def _by_address(ordered: Sequence[Article]) -> list[_Group]:
    """Collapses articles that share any address."""
    groups: list[_Group] = []
    group_of: dict[str, _Group] = {}
    for place, article in enumerate(ordered):
        hits = {id(group): group for key in article.keys if (group := group_of.get(key)) is not None}
        if not hits:
            target = _Group([place], [])
            groups.append(target)
        else:
            target, *others = hits.values()
            lead = ordered[target.members[0]]
            target.joins.append(_join(article, lead, JoinReason.SAME_ADDRESS, article.url or article.path))
            target.members.append(place)
            for other in others:  # this article's addresses tie two groups together
                tied_in = ordered[other.members[0]]
                target.joins.append(_join(tied_in, lead, JoinReason.SAME_ADDRESS, tied_in.url or tied_in.path))
                target.joins.extend(other.joins)
                target.members.extend(other.members)
                group_of.update((key, target) for member in other.members for key in ordered[member].keys)
                other.members.clear()
            target.members.sort()
        for key in article.keys:
            group_of[key] = target
    return [group for group in groups if group.members]


def _by_title(ordered: Sequence[Article], groups: Sequence[_Group]) -> list[_Group]:
    """Collapses groups whose first headlines say the same."""
    leads = [ordered[group.members[0]] for group in groups]
    alike = SimilarHeadlines(leads)
    taken: set[int] = set()
    merged: list[_Group] = []
    for number, group in enumerate(groups):
        if number in taken:
            continue
        for other_number in sorted({other for other in alike.of(number) if other > number} - taken):
            taken.add(other_number)
            other = groups[other_number]
            evidence = _('"{title}" within three days').format(title=leads[other_number].title)
            group.joins.append(_join(leads[other_number], leads[number], JoinReason.SAME_TITLE, evidence))
            group.joins.extend(other.joins)
            group.members.extend(other.members)
        merged.append(group)
    return merged


def _by_related(ordered: Sequence[Article], groups: Sequence[_Group]) -> Iterator[Cluster]:
    """Folds groups into centres by `related` evidence; yields the finished stories."""
    group_of = {
        key: number for number, group in enumerate(groups) for member in group.members for key in ordered[member].keys
    }
    leads = [ordered[group.members[0]] for group in groups]
    lists: list[set[int]] = []
    listed_by: defaultdict[int, set[int]] = defaultdict(set)
    for number, group in enumerate(groups):
        links = [key for member in group.members for key in _listed(ordered[member])]
        named = {group_of[key] for key in links if key in group_of}
        named.discard(number)
        lists.append(named)
        for other in named:
            listed_by[other].add(number)
    taken: set[int] = set()
    for number, centre in enumerate(groups):
        if number in taken:
            continue
        taken.add(number)
        near = lists[number] | listed_by.get(number, set())
        folded = _take_in(groups, leads, number, sorted(near - taken), lists[number])
        taken.update(folded)
        # One step further, through what was just folded: a neighbour's neighbour has to prove itself against the
        # centre, so that a chain of related lists never grows into one giant story.
        around = {far for other in folded for far in lists[other] | listed_by.get(other, set())}
        folded += _take_in(groups, leads, number, sorted(around - taken), set())
        taken.update(folded)
        best, *rest = sorted(member for index in (number, *folded) for member in groups[index].members)
        yield Cluster(ordered[best], tuple([ordered[place] for place in rest]), tuple(centre.joins))


def _listed(article: Article) -> list[str]:
    """Returns every address that an article's related links answer to."""
    listed = list(map(_KEY, article.related))
    if any(map(_ALIASES, article.related)):
        listed.extend([alias for link in article.related for alias in link.aliases])
    return listed


def _take_in(
    groups: Sequence[_Group], leads: Sequence[Article], centre: int, others: Sequence[int], listed: Set[int]
) -> list[int]:
    """Returns those of some groups that belong to a centre, and keeps the proofs; `listed` are those it lists."""
    folded: list[int] = []
    for other in others:
        proof = _proof(leads[centre], leads[other], listed=other in listed)
        if proof is not None:
            folded.append(other)
            groups[centre].joins.append(_join(leads[other], leads[centre], *proof))
            groups[centre].joins.extend(groups[other].joins)
    return folded


def _proof(centre: Article, other: Article, *, listed: bool) -> tuple[JoinReason, str] | None:
    """Returns why an article that a `related` list ties to a centre belongs there, with the evidence; else None."""
    if listed and not other.published and _within(centre, other, UNPUBLISHED_SPAN):
        return JoinReason.RELATED_UNPUBLISHED, _("listed by {title}").format(title=centre.title)
    if not _within(centre, other, SAME_EVENT_SPAN):
        return None
    return _same_event(centre, other)


def _same_event(first: Article, second: Article) -> tuple[JoinReason, str] | None:
    """Returns proof that two articles report one event: distinctive words, or related entries in common."""
    first_words, second_words = headline(first.title).words, headline(second.title).words
    if first_words.isdisjoint(second_words):
        return None
    names = tuple(name.name for name in (first.provider, second.provider) if name is not None)
    common = vocabulary((*first.topics, *second.topics, *names))
    first_words, second_words = first_words - common, second_words - common
    shared = first_words & second_words
    if not shared:
        return None
    shorter = min(len(first_words), len(second_words))
    enough = len(shared) >= SHARED_WORDS and len(shared) >= SHARED_WORDS_SHARE * shorter
    held = {key for link in second.related for key in link.keys}
    links = {link.key for link in first.related if not held.isdisjoint(link.keys)}
    if not enough and len(links) < COMMON_LINKS:
        return None
    told = _('both headlines say "{words}"').format(words='", "'.join(written(first.title, shared)))
    if enough:
        return JoinReason.RELATED_SAME_EVENT, told
    both = ngettext("{count} related link in common", "{count} related links in common", len(links))
    return JoinReason.RELATED_SAME_EVENT, f"{told}; {both.format(count=len(links))}"


def _within(first: Article, second: Article, span: timedelta) -> bool:
    if first.published_at is None or second.published_at is None:
        return False
    return abs(first.published_at - second.published_at) <= span


def _join(article: Article, lead: Article, reason: JoinReason, evidence: str) -> Join:
    return Join(article.key, lead.key, reason, evidence)
