"""Groups articles into stories. Pure; knows nothing about stores or editions.

A story is a star, not a chain: each article in it passed the test against its lead (`digests.composing.ties`).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence, Set
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import combinations

from digests.composing.same_event import is_no_news
from digests.composing.ties import Ties, identity, owns
from digests.composing.word_statistics import Statistics
from digests.models import Article, Join, JoinReason

MOST_ALSO = 5
"""Beyond this number, likely duplicates become stories of their own."""

_DISTANT_PAST = datetime(1, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Cluster:
    """A lead and the articles folded into it (best first), with the reason for each join.

    Attributes:
        also: Articles that likely report the same event, most likely first.
        companions: Articles folded into those; they only add links to the round-up.
    """

    lead: Article
    folded: tuple[Article, ...] = ()
    joins: tuple[Join, ...] = ()
    also: tuple[Article, ...] = ()
    companions: tuple[Article, ...] = ()

    @property
    def articles(self) -> tuple[Article, ...]:
        """The lead, then the folded articles."""
        return (self.lead, *self.folded)


def preference(article: Article) -> tuple[object, ...]:
    """Return a sort key for leads, best first: published, then quality, heat, the earlier one, the address."""
    return (
        not article.published,
        -(article.quality or 0),
        -(article.heat or 0),
        article.published_at or _DISTANT_PAST,
        article.key,
        article.path,
    )


def _lead_order(article: Article) -> tuple[object, ...]:
    """Sort the better lead first as `preference` does, but news before guides, lists and live blogs."""
    return (not article.published, is_no_news(article.title), *preference(article))


def cluster(articles: Sequence[Article], statistics: Statistics | None = None) -> tuple[Cluster, ...]:
    """Group articles into stories; every article is in exactly one.

    Args:
        articles: In any order, without duplicates. An unpublished article leads only if there is no published one.
        statistics: Of their corpus; None for those of the articles themselves.

    Returns:
        Stories ordered by their leads' `preference`; none has an `also`.
    """
    return stars(Ties(articles, statistics), range(len(articles)))


def stars(ties: Ties, numbers: Sequence[int], leads: Set[int] | None = None) -> tuple[Cluster, ...]:
    """Group some of the tied articles into stories.

    Args:
        ties: The ties between all articles.
        numbers: The articles to group.
        leads: Those that may lead; None for all. An article that may not lead and belongs to no lead is left
            out.

    Returns:
        Stories ordered by their leads' `preference`.
    """
    articles = ties.articles
    at_hand = set(numbers)
    order = sorted(numbers, key=lambda number: _lead_order(articles[number]))
    if any(ties.of(number) for number in order):
        order = _owners_first(ties, order, at_hand)
    chosen: list[int] = []
    home: dict[int, int] = {}
    for number in order:
        if number in home or (leads is not None and number not in leads):
            continue
        chosen.append(number)
        home[number] = number
        for other, tie in ties.of(number).items():
            if tie.margin >= 0 and other in at_hand:
                home.setdefault(other, number)
    members: dict[int, list[int]] = {number: [] for number in chosen}
    rank = {number: place for place, number in enumerate(chosen)}
    for number in order:
        if number in home and number not in members:
            # It joins the lead that it is nearest to, even if another one comes first.
            near = [
                (tie.margin, -rank[lead], lead)
                for lead, tie in ties.of(number).items()
                if lead in members
                and tie.margin >= 0
                # A headline never disappears into the story of an unpublished article.
                and (articles[lead].published or not articles[number].published)
            ]
            members[max(near)[2]].append(number)
    return tuple(
        Cluster(
            articles[lead],
            tuple(articles[number] for number in own),
            tuple(ties.join(number, lead) for number in own),
        )
        for lead, own in members.items()
    )


def with_also(
    ties: Ties, clusters: Sequence[Cluster], may_be_beneath: Set[int], worth: Callable[[Cluster], float]
) -> tuple[Cluster, ...]:
    """Put stories that are likely one event together: the lesser one is shown beneath the better one.

    Args:
        ties: The ties between all articles.
        clusters: Ordered by their leads' preference.
        may_be_beneath: The leads that a reader may be shown.
        worth: The rank of a story.
    """
    if any(ties.of(ties.number_of[identity(story.lead)]) for story in clusters):
        clusters = sorted(clusters, key=worth, reverse=True)
    bridged = _bridged(ties, clusters)
    place_of = {ties.number_of[identity(story.lead)]: place for place, story in enumerate(clusters)}
    beneath: dict[int, list[int]] = {}
    taken: set[int] = set()
    for lead, place in place_of.items():
        if lead in taken:
            continue
        likely = [
            (-tie.margin, other)
            for other, tie in ties.of(lead).items()
            if place_of.get(other, -1) > place and other not in taken and other in may_be_beneath
        ]
        likely.extend(
            (math.inf, other)
            for other in bridged.get(lead, ())
            if place_of[other] > place and other not in taken and other in may_be_beneath
        )
        if likely:
            beneath[place] = [other for _margin, other in sorted(likely)[:MOST_ALSO]]
            taken.update(beneath[place])
    if not taken:
        return tuple(clusters)
    joined: list[Cluster] = []
    for lead, place in place_of.items():
        if lead in taken:
            continue
        story = clusters[place]
        others = [clusters[place_of[other]] for other in beneath.get(place, ())]
        joined.append(
            Cluster(
                story.lead,
                story.folded,
                story.joins,
                tuple(other.lead for other in others),
                tuple(article for other in others for article in other.folded),
            )
        )
    return tuple(joined)


def _bridged(ties: Ties, clusters: Sequence[Cluster]) -> dict[int, list[int]]:
    """Return the leads that likely report one event because an article folded into one story ties it to the other.

    Two short reports on one event may share too little; one in between shares enough with each. A live blog or a
    guide is about several.
    """
    leads = {ties.number_of[identity(story.lead)] for story in clusters}
    pairs: set[tuple[int, int]] = set()
    for story in clusters:
        for article in story.folded:
            if is_no_news(article.title):
                continue
            number = ties.number_of[identity(article)]
            near = {other: tie.margin for other, tie in ties.of(number).items() if other in leads}
            pairs.update(pair for pair in combinations(sorted(near), 2) if max(map(near.__getitem__, pair)) >= 0)
    found: dict[int, list[int]] = {}
    for one, other in sorted(pairs):
        if other not in ties.of(one) and not ties.contrast(one, other):
            found.setdefault(one, []).append(other)
            found.setdefault(other, []).append(one)
    return found


def _owners_first(ties: Ties, order: Sequence[int], at_hand: Set[int]) -> list[int]:
    """Move articles at another provider's address after that provider's own: of one address, the owner leads."""
    behind: dict[int, int] = {}
    for number in order:
        if not any(tie.reason is JoinReason.SAME_ADDRESS for tie in ties.of(number).values()):
            continue
        if owns(ties.articles[number]):
            continue
        owner = next(
            (
                other
                for other, tie in ties.of(number).items()
                if tie.reason is JoinReason.SAME_ADDRESS
                and other in at_hand
                and ties.articles[other].published
                and owns(ties.articles[other])
            ),
            None,
        )
        if owner is not None:
            behind[number] = owner
    if not behind:
        return list(order)
    moved: list[int] = [number for number in order if number not in behind]
    for number in (number for number in order if number in behind):
        moved.insert(moved.index(behind[number]) + 1, number)
    return moved
