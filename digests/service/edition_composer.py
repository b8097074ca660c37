"""Composes the digest of an edition, given its policy and earlier deliveries.

Knows nothing about due times; `digests.service.editions` decides what is composed when.
"""

from __future__ import annotations

import logging
import secrets
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from digests.composing.absence import silence_of, unfiltered
from digests.composing.memory import HEADLINE_MEMORY
from digests.editions import local_date
from digests.i18n import use_language
from digests.models import (
    ChannelKind,
    Delivered,
    DeliveredStory,
    Digest,
    Policy,
    Presentation,
    Purpose,
    QuietDay,
    Silence,
    Subscription,
    Window,
)
from digests.offload import offload
from digests.service.edition_run import Composed, CompositionKey, EditionRun, Render, Rendered
from digests.store.outbox.compositions import Composition, CompositionStore
from digests.store.subscription_rows import ScheduledSubscription

if TYPE_CHECKING:
    from digests.service.digests import AskDelivered, DigestService

_log = logging.getLogger(__name__)

UPDATE_MEMORY = HEADLINE_MEMORY
"""Of older deliveries only the addresses count."""
OWN_STORIES = 5
"""How many stories a message about a followed story may have."""
_ID_BITS = 59


class EditionComposer:
    """Composes digests, once for all subscriptions that can share one."""

    def __init__(self, digests: DigestService, compositions: CompositionStore, policy: Policy) -> None:
        self._digests = digests
        self._compositions = compositions
        self._policy = policy

    def policy_for(self, subscription: Subscription) -> Policy:
        """Return the policy that a subscription's digests are composed under."""
        if subscription.purpose is Purpose.STORY:
            return replace(self._policy, max_stories=OWN_STORIES, min_quality=0, updates_only=True)
        floor, most = subscription.min_quality, subscription.max_stories
        per_topic, per_provider = subscription.per_topic, subscription.per_provider
        return replace(
            self._policy,
            topics=subscription.topics,
            providers=subscription.providers,
            keywords=subscription.keywords,
            excluded_topics=subscription.excluded_topics,
            excluded_providers=subscription.excluded_providers,
            query=subscription.query,
            min_quality=self._policy.min_quality if floor is None else floor,
            max_stories=self._policy.max_stories if most is None else most,
            per_topic=self._policy.per_topic if per_topic is None else per_topic,
            per_provider=self._policy.per_provider if per_provider is None else per_provider,
        )

    def ask_delivered(
        self, subscription_id: int, now: datetime, *, before_id: int | None = None, story: DeliveredStory | None = None
    ) -> AskDelivered:
        """Return a function that loads what was delivered to a subscription, for one composition.

        Args:
            subscription_id: The subscription.
            now: The current moment.
            before_id: Count only deliveries before this edition; None for all.
            story: A story that counts as delivered as well.
        """
        lately: list[Delivered] = []

        async def delivered(keys: frozenset[str]) -> Delivered:
            since = None if lately else now - UPDATE_MEMORY
            found = await self._compositions.delivered(subscription_id, keys, stories_since=since, before_id=before_id)
            if not lately:
                first = () if story is None else (story,)
                lately.append(replace(found, stories=(*first, *found.stories)))
            return replace(lately[0], keys=found.keys)

        return delivered

    def key_of(self, scheduled: ScheduledSubscription, window: Window, quiet_day: QuietDay) -> CompositionKey:
        """Return the key that is equal for all subscriptions that can share a composition."""
        subscription = scheduled.subscription
        return CompositionKey(
            self.policy_for(subscription),
            window,
            scheduled.history,
            local_date(window.until, subscription.cadence.timezone),
            subscription.cadence.timezone,
            subscription.language,
            quiet_day,
            presentation_of(subscription),
            subscription.story,
        )

    async def try_to_compose(self, subscription_id: int, key: CompositionKey, run: EditionRun) -> Composed | None:
        """Compose a digest; log a failure and return None."""
        try:
            return await self.compose(subscription_id, key, run)
        except Exception:  # noqa: BLE001 - a border, see below
            # One digest that can't be composed must not block the others. It is tried again at the next tick, and
            # after `catch_up` its articles go into the next edition.
            _log.exception("Composing the digest of subscription %d (and those that share it) failed", subscription_id)
            return None

    async def compose(self, subscription_id: int, key: CompositionKey, run: EditionRun) -> Composed:
        """Compose and render the digest for a key; the run keeps it until it is written."""
        # Nothing need be looked up for a subscription that was never sent anything.
        is_new = not key.history and key.story is None
        delivered = _nothing if is_new else self.ask_delivered(subscription_id, run.now, story=key.story)
        day, timezone = key.local_date, key.timezone
        digest = await self._digests.compose(key.policy, key.window, delivered, local_date=day, timezone=timezone)
        silence = None if digest.story_count else await self._silence(key, digest, run)
        if not digest.story_count:
            if key.quiet_day is QuietDay.ARCHIVE:
                digest = await self._digests.quiet(key.policy, key.window, delivered, local_date=day, timezone=timezone)
            if key.quiet_day is QuietDay.SKIP or (key.quiet_day is QuietDay.ARCHIVE and not digest.story_count):
                return Composed(None, 0, silence)
        id = secrets.randbits(_ID_BITS)
        # In a context of its own, where the language may be another one.
        rendered = await offload(_render_in, key, run.render, digest, id)
        run.unwritten.append(Composition(id, digest, rendered.parts, rendered.title))
        return Composed(id, len(rendered.parts), silence)

    async def _silence(self, key: CompositionKey, digest: Digest, run: EditionRun) -> Silence:
        """Return why a digest has no story; arrivals are counted once for all with the same window."""
        if key.window not in run.arrived:
            run.arrived[key.window] = await self._digests.count_stories(
                unfiltered(key.policy), key.window, local_date=key.local_date, timezone=key.timezone
            )
        return silence_of(digest, run.arrived[key.window])


async def _nothing(_keys: frozenset[str]) -> Delivered:
    return Delivered()


def presentation_of(subscription: Subscription) -> Presentation:
    """Return how a subscription's digests are laid out, whether sent or only shown."""
    is_dm = subscription.channel_kind is ChannelKind.DM
    if subscription.story is not None:
        return Presentation(subscription.style, is_dm=is_dm, wanted=subscription.story.lead.title, is_story=True)
    if subscription.purpose is Purpose.SEARCH:
        wanted = [subscription.query, *subscription.topics, *subscription.providers]
        return Presentation(subscription.style, is_dm=is_dm, wanted=" · ".join(filter(None, wanted)))
    return Presentation(subscription.style, subscription.channel_kind.has_posts, is_dm)


def _render_in(key: CompositionKey, render: Render, digest: Digest, id: int) -> Rendered:
    use_language(key.language)
    return render(digest, id, key.presentation)
