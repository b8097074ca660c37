"""Matches become stories: folding and completing them. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from digests.composing.stories import Cluster, cluster
from digests.models import Article, Join, SearchSort


def fold(articles: Sequence[Article], places: dict[int, int], sort: SearchSort) -> tuple[Cluster, ...]:
    """Fold matches into stories, in the order of their best matches (of their leads, where the order is visible)."""
    stories = cluster(articles)

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
    """Fold stories once more among further articles, keeping their leads; none swallows another."""
    leads = {story.lead.id for story in clusters}
    stories = cluster(articles)
    by_article = {article.id: story for story in stories for article in story.articles}
    widened: list[Cluster] = []
    for story in clusters:
        whole = by_article[story.lead.id]
        swallows = any(article.id in leads and article.id != story.lead.id for article in whole.articles)
        held = {article.id for article in whole.articles}
        if swallows or not all(article.id in held for article in story.folded):
            widened.append(story)
        else:
            widened.append(_led_by(whole, story.lead))
    return tuple(widened)


def _led_by(story: Cluster, lead: Article) -> Cluster:
    """Return the same story told around another of its articles."""
    if story.lead.id == lead.id:
        return story
    folded = tuple(article for article in story.articles if article.id != lead.id)
    joins = tuple(
        Join(story.lead.key if join.article_key == lead.key else join.article_key, lead.key, join.reason, join.evidence)
        for join in story.joins
    )
    return Cluster(lead, folded, joins)
