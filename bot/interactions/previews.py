"""A digest that is only shown: of a past day, or of now. A `Preview` holds all that is needed to compose it again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from bot.services import Services
from digests.editions import edition_window, local_date
from digests.models import DeliveredStory, Digest, PastEdition, Policy, Subscription, Window
from digests.typed.options import parse_day


@dataclass(frozen=True, slots=True)
class Preview:
    """What to compose.

    Attributes:
        policy: Filters and limits.
        day: The local day of the digest.
        timezone: The zone of that day.
        window: Arrival times, for the current edition; None for a day, composed from publication times.
        subscription_id: Whose deliveries count, with a window; None for nobody's.
        story: The story that the subscription follows.
        before_id: Count only what was delivered before this edition; None for everything.
    """

    policy: Policy
    day: date
    timezone: str
    window: Window | None = None
    subscription_id: int | None = None
    before_id: int | None = None
    story: DeliveredStory | None = None


def preview_of_day(policy: Policy, typed: str, timezone: str, now: datetime) -> Preview:
    """Return the preview of a typed day.

    Raises:
        InvalidInput: It is not one day.
    """
    return Preview(policy, parse_day(typed, now, timezone), timezone)


def preview_of_now(
    services: Services, policy: Policy, timezone: str, now: datetime, subscription: Subscription | None
) -> Preview:
    """Return the preview of what would be sent now: to a subscription, or as the first digest of a new one."""
    now = now.replace(microsecond=0)
    return Preview(
        policy,
        local_date(now, timezone),
        timezone,
        edition_window(None, now) if subscription is None else services.editions.window_of(subscription, now),
        subscription.id if subscription is not None else None,
        story=subscription.story if subscription is not None else None,
    )


def preview_of_past(services: Services, subscription: Subscription, edition: PastEdition) -> Preview:
    """Return the preview that composes a quiet edition again."""
    timezone = subscription.cadence.timezone
    return Preview(
        services.editions.policy_for(subscription),
        local_date(edition.window.until, timezone),
        timezone,
        edition.window,
        subscription.id,
        edition.id,
        subscription.story,
    )


async def compose_preview(services: Services, preview: Preview) -> Digest:
    """Compose a preview."""
    if preview.window is None:
        return await services.digests.preview(preview.policy, day=preview.day, timezone=preview.timezone)
    window = preview.window
    if preview.subscription_id is None:
        return await services.digests.compose(preview.policy, window, local_date=preview.day, timezone=preview.timezone)
    delivered = services.editions.ask_delivered(
        preview.subscription_id, window.until, before_id=preview.before_id, story=preview.story
    )
    return await services.digests.compose(
        preview.policy, window, delivered, local_date=preview.day, timezone=preview.timezone
    )
