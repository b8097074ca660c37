"""Folds matches into stories and completes them. Pure."""

from __future__ import annotations

from collections.abc import Sequence, Set
from dataclasses import replace

from digests.composing.stories import MOST_ALSO, Cluster, stars
from digests.composing.ties import Ties, identity
from digests.models import Article, Join, SearchSort


def fold(articles: Sequence[Article], places: dict[int, int], sort: SearchSort) -> tuple[Cluster, ...]:
    """Fold matches into stories, ordered by their best matches (or by their leads, if the order is visible)."""
    stories = stars(Ties(articles), range(len(articles)))

    def place(story: Cluster) -> tuple[float, int]:
        best = min(places[article.id] for article in story.articles)
        lead = story.lead
        if sort is SearchSort.NEWEST:
            return (-lead.published_at.timestamp() if lead.published_at else 0.0, best)
        if sort is SearchSort.QUALITY:
            return (-float(lead.quality if lead.quality is not None else -1), best)
        return (0.0, best)

    return tuple(sorted(stories, key=place))


def widen(clusters: Sequence[Cluster], articles: Sequence[Article]) -> tuple[Cluster, ...]:
    """Fold stories again together with further articles; leads stay leads, and stories are not merged.

    Articles that likely report the same event as a lead, and belong to no story, go into its `also`.
    """
    leads = {story.lead.id for story in clusters}
    home = {article.id: story.lead.id for story in clusters for article in story.articles}
    ties = Ties(articles)
    stories = stars(ties, range(len(articles)))
    by_article = {article.id: story for story in stories for article in story.articles}
    widened: list[Cluster] = []
    for story in clusters:
        whole = by_article[story.lead.id]
        swallows = any(article.id in leads and article.id != story.lead.id for article in whole.articles)
        held = {article.id for article in whole.articles}
        if swallows or not all(article.id in held for article in story.folded):
            widened.append(story)
        else:
            theirs = {article.id for article in whole.articles if home.get(article.id, story.lead.id) != story.lead.id}
            widened.append(_without(_led_by(whole, story.lead), theirs))
    shown = home.keys() | {article.id for story in widened for article in story.articles}
    for place, story in enumerate(widened):
        also = _likely(ties, story.lead, shown)
        shown |= {article.id for article in also}
        widened[place] = replace(story, also=also)
    return tuple(widened)


def _likely(ties: Ties, lead: Article, but: Set[int]) -> tuple[Article, ...]:
    """Return the articles that likely report the lead's event, most likely first."""
    found = [
        (-tie.margin, number)
        for number, tie in ties.of(ties.number_of[identity(lead)]).items()
        if tie.margin < 0 and ties.articles[number].published and ties.articles[number].id not in but
    ]
    return tuple(ties.articles[number] for _margin, number in sorted(found)[:MOST_ALSO])


def _without(story: Cluster, ids: Set[int]) -> Cluster:
    """Return the same story without articles that are folded into other stories."""
    if not ids:
        return story
    kept = [number for number, article in enumerate(story.folded) if article.id not in ids]
    folded = tuple(story.folded[number] for number in kept)
    return replace(story, folded=folded, joins=tuple(story.joins[number] for number in kept))


def _led_by(story: Cluster, lead: Article) -> Cluster:
    """Return the same story with another of its articles as lead."""
    if story.lead.id == lead.id:
        return story
    folded = tuple(article for article in story.articles if article.id != lead.id)
    joins = tuple(
        Join(story.lead.key if join.article_key == lead.key else join.article_key, lead.key, join.reason, join.evidence)
        for join in story.joins
    )
    return Cluster(lead, folded, joins)
