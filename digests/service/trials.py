"""Computes what an order would have delivered in the last days, as a check of what was typed."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import datetime, timedelta

from digests.composing.absence import unfiltered, unlimited
from digests.editions import local_date
from digests.models import Policy, Window
from digests.models.trials import TRIAL_DAYS, Trial
from digests.service.digests import DigestService


async def try_order(digests: DigestService, policy: Policy, timezone: str, now: datetime) -> Trial:
    """Return what an order with this policy would have delivered in the `TRIAL_DAYS` days up to `now`.

    The limits for topics and providers yield if there is room, so only `max_stories` counts; a story counts for the
    local day on which its lead arrived.
    """
    found = await _per_day(digests, policy, timezone, now)
    count = sum(min(stories, policy.max_stories) for stories in found.values())
    if count:
        return Trial(count, count)
    whole = sum((await _per_day(digests, unfiltered(policy), timezone, now)).values())
    without = None
    if policy.query or policy.keywords:
        without = sum((await _per_day(digests, replace(policy, keywords=(), query=""), timezone, now)).values())
    return Trial(0, whole, without)


async def _per_day(digests: DigestService, policy: Policy, timezone: str, now: datetime) -> Counter[object]:
    window = Window(now - timedelta(days=TRIAL_DAYS), now)
    digest = await digests.compose(unlimited(policy), window, local_date=local_date(now, timezone), timezone=timezone)
    return Counter(
        local_date(story.lead.arrived_at, timezone) for story in digest.stories if story.lead.arrived_at is not None
    )
