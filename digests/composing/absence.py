"""Explains why a digest is empty, or why an article is not in it. Pure."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

from digests.composing.ranking import Sieve
from digests.models import Article, Digest, DropReason, LeftOutReason, Policy, Silence, Story
from digests.models.absence import Absence, FilterName, Whereabouts

_OPEN: Final = Policy()
_NO_LIMIT: Final = 1_000_000
_DELIVERED: Final = frozenset({DropReason.ALREADY_DELIVERED, DropReason.JOINED})


def unfiltered(policy: Policy) -> Policy:
    """Return a policy without its filters and its quality floor."""
    return replace(
        policy,
        topics=(),
        providers=(),
        keywords=(),
        excluded_topics=(),
        excluded_providers=(),
        query="",
        min_quality=0,
        updates_only=False,
    )


def unlimited(policy: Policy) -> Policy:
    """Return a policy without limits: every story that passes the filters and the quality floor gets in."""
    return replace(policy, max_stories=_NO_LIMIT, per_topic=_NO_LIMIT, per_provider=_NO_LIMIT)


def silence_of(digest: Digest, arrived_count: int) -> Silence:
    """Return why a digest has no story.

    Args:
        digest: A digest without stories.
        arrived_count: Stories that arrived in its window, whatever they are about.
    """
    reasons = [item.reason for item in digest.left_out]
    return Silence(
        arrived_count=arrived_count,
        delivered_count=sum(item.reason in _DELIVERED for item in digest.dropped),
        low_count=reasons.count(LeftOutReason.QUALITY),
        old_count=reasons.count(LeftOutReason.TOO_OLD),
    )


def failed_filters(article: Article, policy: Policy) -> tuple[FilterName, ...]:
    """Return the filters that an article does not pass; the article needs its body if the policy has keywords."""
    failed: list[FilterName] = []
    for name in FilterName:
        alone: dict[str, Any] = {name.value: getattr(policy, name.value)}
        if alone[name.value] and not Sieve(replace(_OPEN, **alone)).passes(article):
            failed.append(name)
    return tuple(failed)


def explain_absence(article: Article, digest: Digest, policy: Policy, *, by_publication: bool = False) -> Absence:
    """Return what became of an article in a digest.

    Args:
        article: With its body.
        digest: The digest, including what it left out and dropped.
        policy: The policy that it was composed under.
        by_publication: The digest's window covers publication times.
    """
    keys = {article.key, *article.keys}
    for story in digest.stories:
        if found := _place_in(story, keys):
            return Absence(article, found, lead_title=story.lead.title)
    for left in digest.left_out:
        shown = (left.story.lead, *left.story.folded, *left.story.also)
        if any(not keys.isdisjoint({one.key, *one.keys}) for one in shown):
            return Absence(article, Whereabouts.LEFT_OUT, left.reason.value, left.story.lead.title)
    for dropped in digest.dropped:
        if dropped.key in keys:
            titles = {story.lead.key: story.lead.title for story in digest.stories}
            lead = titles.get(dropped.lead_key or "", "")
            return Absence(article, Whereabouts.DROPPED, dropped.reason.value, lead)
    if failed := failed_filters(article, policy):
        return Absence(article, Whereabouts.FILTERED, filters=failed)
    return Absence(article, _beyond(article, digest, by_publication=by_publication))


def _place_in(story: Story, keys: set[str]) -> Whereabouts | None:
    if not keys.isdisjoint({story.lead.key, *story.lead.keys}):
        return Whereabouts.LEADS
    if any(not keys.isdisjoint({one.key, *one.keys}) for one in (*story.folded, *story.also)):
        return Whereabouts.FOLDED
    if any(link.key in keys for link in story.roundup):
        return Whereabouts.LINKED
    return None


def _beyond(article: Article, digest: Digest, *, by_publication: bool) -> Whereabouts:
    if not article.published:
        return Whereabouts.WITHDRAWN
    if article.published_at is None:
        return Whereabouts.UNDATED
    moment = article.published_at if by_publication else article.arrived_at or article.published_at
    if digest.window.holds(moment):
        return Whereabouts.UNEXPLAINED
    return Whereabouts.EARLIER if moment < digest.window.until else Whereabouts.LATER
