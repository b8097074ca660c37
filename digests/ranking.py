"""A story's rank, its topic, and the order of a digest's sections. Pure.

The rank of a story is the sum of four parts, each between 0 and its weight (`Weights`, configurable):

    quality        weight * min(quality, 150) / 150             unknown counts as 50
    heat           weight * log(1 + heat) / log(1 + 1000)       unknown counts as 0, more than 1000 as 1000
    recency        weight * 2 ** (-age / 48 h)                  age of the lead at the cutoff
    corroboration  weight * (1 - 1 / providers)                 providers that carry the story, its links included
"""

from __future__ import annotations

import math
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from digests.headlines import fold
from digests.models import Article, Policy, Score, Section, Story, Weights
from digests.stories import preference

FULL_QUALITY = 150
UNKNOWN_QUALITY = 50
FULL_HEAT = 1000
RECENCY_HALF_LIFE = timedelta(hours=48)


def score(
    lead: Article, provider_count: int, at: datetime, weights: Weights, newest_at: datetime | None = None
) -> Score:
    """Returns a story's rank by the formula in this module's docstring.

    Args:
        lead: The story's lead.
        provider_count: Distinct providers that carry the story.
        at: The moment at which the age is measured.
        weights: The most that each part can add.
        newest_at: When the newest part of an update was published, if later than its lead.
    """
    quality = weights.quality * min(max(_quality(lead), 0), FULL_QUALITY) / FULL_QUALITY
    heat = weights.heat * math.log1p(min(max(lead.heat or 0, 0), FULL_HEAT)) / math.log1p(FULL_HEAT)
    dates = [moment for moment in (lead.published_at, newest_at) if moment is not None]
    recency = 0.0
    if dates:
        age = max(at - max(dates), timedelta())
        recency = weights.recency * 2 ** (-age / RECENCY_HALF_LIFE)
    corroboration = weights.corroboration * (1 - 1 / max(provider_count, 1))
    parts = [round(part, 2) for part in (quality, heat, recency, corroboration)]
    return Score(round(sum(parts), 2), *parts)


def wanted_topic(topics: Iterable[str], policy: Policy) -> str | None:
    """Returns the topic that a story stands under: the first the policy wants, in its order, else the first listed."""
    listed = {fold(topic): topic for topic in reversed(list(topics))}
    for topic in policy.topics:
        if fold(topic) in listed:
            return listed[fold(topic)]
    return None if policy.topics else next(iter(reversed(listed.values())), None)


def sections(stories: Sequence[Story], policy: Policy) -> tuple[Section, ...]:
    order = section_order([(story.topic, story.score) for story in stories], policy)
    grouped: defaultdict[str, list[Story]] = defaultdict(list)
    for story in sorted(stories, key=rank_order):
        grouped[fold(story.topic or "")].append(story)
    return tuple(
        Section(grouped[name][0].topic, tuple(grouped[name])) for name in sorted(grouped, key=order.__getitem__)
    )


def section_order(
    entries: Sequence[tuple[str | None, Score]], policy: Policy
) -> Mapping[str, tuple[float, float, str]]:
    """Orders headings: as the policy lists its topics, else by their best story; "Other news" last."""
    wanted = {fold(topic): place for place, topic in enumerate(policy.topics)}
    best: dict[str, float] = {}
    for topic, rank in entries:
        name = fold(topic or "")
        best[name] = max(best.get(name, 0.0), rank.total)
    return {name: (wanted.get(name, len(wanted)) if name else math.inf, -total, name) for name, total in best.items()}


def rank_order(story: Story) -> tuple[object, ...]:
    return (-story.score.total, preference(story.lead))


def _quality(article: Article) -> int:
    return article.quality if article.quality is not None else UNKNOWN_QUALITY


def above(article: Article, policy: Policy) -> bool:
    """Tells whether an article may lead under the quality floor; unknown quality may."""
    return article.quality is None or article.quality >= policy.min_quality


def fits(article: Article, policy: Policy) -> bool:
    """Tells whether an article passes the policy's topics, providers and keywords."""
    if policy.topics:
        wanted = {fold(topic) for topic in policy.topics}
        if not any(fold(topic) in wanted for topic in article.topics):
            return False
    if policy.providers and (article.provider is None or article.provider.domain not in policy.providers):
        return False
    if policy.keywords:
        text = fold(f"{article.title} {article.excerpt} {article.body}")
        return any(re.search(rf"(?<!\w){re.escape(fold(word.strip()))}(?!\w)", text) for word in policy.keywords)
    return True
