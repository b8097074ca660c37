"""Turns a cluster of found articles into a story with the matching headline. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from digests.composing.roundups import carriers, roundup
from digests.composing.stories import Cluster
from digests.models import Score, Story
from digests.typed.finder import Finder, match_in


def story_of(
    found: Cluster,
    relevance: Mapping[int, float],
    topics: Sequence[str],
    finder: Finder | None,
) -> Story:
    """Return the story of a cluster; articles that likely report the same event are not repeated in its round-up.

    Args:
        relevance: The relevance of the articles found, by their row ids.
        topics: The topics asked for; one of them becomes the heading.
        finder: Finds the searched words; None if there are none to point at.
    """
    wanted = {topic.casefold() for topic in topics}
    own = [topic for topic in found.lead.topics if topic.casefold() in wanted] or list(found.lead.topics)
    best = max(found.articles, key=lambda article: relevance.get(article.id, -1.0))
    total = max(relevance.get(best.id, 0.0), 0.0)
    return Story(
        lead=found.lead,
        folded=found.folded,
        joins=found.joins,
        roundup=roundup(found, delivered={key for article in found.also for key in article.keys}),
        also=found.also,
        providers=carriers(found.lead, found.articles),
        topic=own[0] if own else None,
        score=Score(total=float(f"{total:.4g}"), quality=0.0, heat=0.0, recency=0.0, corroboration=0.0),
        match=None if finder is None else match_in(found.lead, found.folded, best, finder),
    )
