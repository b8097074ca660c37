"""Ranks stories, and orders a digest's sections. Pure.

The rank of a story is the sum of four parts, each between 0 and its weight (`Weights`, configurable):

    quality        weight * min(quality, 150) / 150             unknown counts as 50
    heat           weight * log(1 + heat) / log(1 + 1000)       unknown counts as 0, more than 1000 as 1000
    recency        weight * 2 ** (-age / 48 h)                  age of the lead at the cutoff; an edition that covers
                                                                five days or more measures by what it covers
    corroboration  weight * (1 - 1 / providers)                 providers that carry the story: of the articles folded
                                                                into it, and of its related links up to five more
"""

from __future__ import annotations

import math
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from operator import attrgetter

from digests.bounded_cache import LONGEST
from digests.composing.stories import preference
from digests.models import Article, Policy, Score, Section, Story, Weights, Window
from digests.text import fold
from digests.typed.evaluate import matches
from digests.typed.helper_words import without_helpers
from digests.typed.query import parse_query

FULL_QUALITY = 150
UNKNOWN_QUALITY = 50
FULL_HEAT = 1000
RECENCY_HALF_LIFE = timedelta(hours=48)
HEADING_STEPS = (20, 200)
"""From each of these corpus sizes on, a topic needs one more article to make a heading."""
LONG_WINDOW = timedelta(days=5)
"""An edition that covers at least this much measures recency over all of it."""
LONGEST_HALF_LIFE = timedelta(days=7)

_total = attrgetter("score.total")


class Scale:
    """Ranks stories at one moment, by the formula in this module's docstring."""

    def __init__(self, weights: Weights, at: datetime, half_life: timedelta = RECENCY_HALF_LIFE) -> None:
        """Prepare the scale.

        Args:
            weights: The most that each part can contribute.
            at: The moment at which ages are measured.
            half_life: The time after which a lead's recency is worth half.
        """
        self._at = at
        self._half_life_s = half_life.total_seconds()
        self._recency = weights.recency
        # There are few different values: each is computed once.
        self._quality = _Parts(lambda quality: weights.quality * min(max(quality, 0), FULL_QUALITY) / FULL_QUALITY)
        self._heat = _Parts(
            lambda heat: weights.heat * math.log1p(min(max(heat, 0), FULL_HEAT)) / math.log1p(FULL_HEAT)
        )
        self._corroboration = _Parts(lambda providers: weights.corroboration * (1 - 1 / max(providers, 1)))

    @classmethod
    def of_window(cls, weights: Weights, window: Window) -> Scale:
        """Return the scale for an edition; one that covers a week measures recency over the week."""
        covered = window.until - window.since
        half_life = RECENCY_HALF_LIFE if covered < LONG_WINDOW else min(covered, LONGEST_HALF_LIFE)
        return cls(weights, window.until, half_life)

    def weigh(self, lead: Article, provider_count: int) -> Score:
        """Return a story's rank.

        Args:
            lead: The story's lead.
            provider_count: Distinct providers that carry the story.
        """
        recency = 0.0
        if lead.published_at is not None:
            age_s = (self._at - lead.published_at).total_seconds()
            recency = round(self._recency * (2.0 ** (-age_s / self._half_life_s) if age_s > 0 else 1.0), 2)
        quality = self._quality[UNKNOWN_QUALITY if lead.quality is None else lead.quality]
        heat = self._heat[lead.heat or 0]
        corroboration = self._corroboration[provider_count]
        return Score(round(quality + heat + recency + corroboration, 2), quality, heat, recency, corroboration)


class _Parts(dict[int, float]):
    """One part of the formula as a cached function of its number, rounded as it is shown."""

    def __init__(self, compute: Callable[[int], float]) -> None:
        super().__init__()
        self._compute = compute

    def __missing__(self, number: int) -> float:
        part = self[number] = round(self._compute(number), 2)
        return part


class Headings:
    """Decides which topics make a heading: those of several articles in the corpus.

    Args:
        counts: Case-folded topic -> number of articles with it.
        article_count: Articles in the corpus; in a small one fewer are enough for a heading.
    """

    def __init__(self, counts: Mapping[str, int], article_count: int) -> None:
        self._counts = counts
        self._needed = 1 + sum(article_count >= size for size in HEADING_STEPS)

    def topic(self, topics: Sequence[str], policy: Policy) -> str | None:
        """Return the topic that a story is filed under: the first one that the policy wants, in the policy's order.

        If it wants none in particular, the first listed one that makes a heading; None for "Other news".
        """
        listed = {fold(topic): topic for topic in reversed(topics)}
        for topic in policy.topics:
            if fold(topic) in listed:
                return listed[fold(topic)]
        if policy.topics:
            return None
        return next((topic for topic in topics if self._counts.get(topic.casefold(), 0) >= self._needed), None)


def sections(stories: Sequence[Story], policy: Policy) -> tuple[Section, ...]:
    """Group stories by topic; updates come last, in a section of their own."""
    updates = sorted((story for story in stories if story.update is not None), key=rank_order)
    stories = [story for story in stories if story.update is None]
    block = (Section(None, tuple(updates), is_updates=True),) if updates else ()
    return _by_topic(stories, policy) + block


def _by_topic(stories: Sequence[Story], policy: Policy) -> tuple[Section, ...]:
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
    """Return the headings in order: as the policy lists its topics, else by their best story; "Other news" last."""
    wanted = {fold(topic): place for place, topic in enumerate(policy.topics)}
    best: dict[str, float] = {}
    for topic, rank in entries:
        name = fold(topic or "")
        best[name] = max(best.get(name, 0.0), rank.total)
    return {name: (wanted.get(name, len(wanted)) if name else math.inf, -total, name) for name, total in best.items()}


def rank_order(story: Story) -> tuple[object, ...]:
    return (-story.score.total, preference(story.lead))


def ranked(stories: Iterable[Story]) -> list[Story]:
    """Return stories in `rank_order`, comparing leads only where the ranks are equal."""
    ordered = sorted(stories, key=_total, reverse=True)
    totals = [story.score.total for story in ordered]
    start = 0
    for end, (one, next_one) in enumerate(pairwise((*totals, None)), 1):
        if one != next_one:
            if end - start > 1:
                ordered[start:end] = sorted(ordered[start:end], key=_lead_preference)
            start = end
    return ordered


def _lead_preference(story: Story) -> tuple[object, ...]:
    return preference(story.lead)


def above(article: Article, policy: Policy) -> bool:
    """Check whether an article may lead under the quality floor; unknown quality passes."""
    return article.quality is None or article.quality >= policy.min_quality


_ANY_MOMENT = datetime(2000, 1, 1, tzinfo=UTC)


class _Folded(dict[tuple[str, ...], frozenset[str]]):
    """Lists of topics, case-folded; articles share few of them."""

    most = 4096

    def __missing__(self, topics: tuple[str, ...]) -> frozenset[str]:
        found = frozenset(map(fold, topics))
        if len(self) < self.most and sum(map(len, topics)) <= LONGEST:
            self[topics] = found
        return found


_folded = _Folded()


class Sieve:
    """Decides which articles pass a policy's topics, providers and keywords."""

    def __init__(self, policy: Policy) -> None:
        self._topics = frozenset(map(fold, policy.topics))
        self._excluded_topics = frozenset(map(fold, policy.excluded_topics))
        self._excluded_providers = frozenset(policy.excluded_providers)
        # Orders can't contain dates, so the moment doesn't matter.
        self._query = without_helpers(parse_query(policy.query, _ANY_MOMENT)) if policy.query else None
        self._providers = frozenset(policy.providers)
        words = "|".join(re.escape(fold(word.strip())) for word in policy.keywords)
        self._keywords = re.compile(rf"(?<!\w)(?:{words})(?!\w)") if policy.keywords else None
        # Nearly all filters are by topic alone, and need to be checked only once for each list of topics.
        self._asks_more = bool(policy.providers or policy.excluded_providers or policy.keywords or policy.query)
        self._asks_topics = bool(policy.topics or policy.excluded_topics)

    def sift(self, articles: Sequence[Article]) -> list[Article]:
        """Return the articles that pass, in order."""
        if self._asks_more:
            return [article for article in articles if self.passes(article)]
        if not self._asks_topics:
            return list(articles)
        passing: dict[tuple[str, ...], bool] = {}
        found: list[Article] = []
        for article in articles:
            passes = passing.get(article.topics)
            if passes is None:
                passes = passing[article.topics] = self.passes(article)
            if passes:
                found.append(article)
        return found

    def passes(self, article: Article) -> bool:
        """Check whether an article passes."""
        if self._topics and self._topics.isdisjoint(_folded[article.topics]):
            return False
        if self._providers and (article.provider is None or article.provider.domain not in self._providers):
            return False
        if self._excluded_topics and not self._excluded_topics.isdisjoint(_folded[article.topics]):
            return False
        if self._excluded_providers and article.provider and article.provider.domain in self._excluded_providers:
            return False
        if self._keywords is not None:
            text = fold(f"{article.title} {article.excerpt} {article.body}")
            if self._keywords.search(text) is None:
                return False
        return self._query is None or matches(self._query, article)
