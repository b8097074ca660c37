"""Composes editions for tests, and what a subscription remembers of them."""

from collections.abc import Sequence
from datetime import datetime

from digests.composing.compose import compose
from digests.models import (
    Article,
    Delivered,
    DeliveredStory,
    Digest,
    Policy,
    Story,
    Window,
)
from tests.digests.making import NOON, hours

UNTIL = NOON + hours(8)
WINDOW = Window(UNTIL - hours(24), UNTIL)
YESTERDAY = UNTIL - hours(24)
EVENT = "Velm court bans Tidewright cameras"
NAMES = "quay basin crane lighthouse ferry anchor tunnel orchard violin glacier castle meadow".split()  # noqa: SIM905


def edition(
    candidates: Sequence[Article],
    context: Sequence[Article] = (),
    delivered: Delivered | None = None,
    policy: Policy | None = None,
) -> Digest:
    return compose(
        candidates,
        context,
        delivered or Delivered(),
        policy or Policy(),
        WINDOW,
        local_date=UNTIL.date(),
        timezone="UTC",
    )


def remembered(*stories: Story, at: datetime = YESTERDAY) -> Delivered:
    """What a subscription remembers after these stories."""
    keys = frozenset(key for story in stories for key in story.covered_keys)
    return Delivered(
        keys,
        tuple(
            DeliveredStory(
                lead_key=story.lead.key,
                domains=frozenset(provider.domain for provider in story.providers),
                told_at=at,
                lead=story.lead,
                headlines=(story.lead.title, *(entry.title for entry in story.roundup)),
                root=story.update.root if story.update is not None else story.lead.key,
                is_update=story.update is not None,
            )
            for story in stories
        ),
        {a.path: a.published_at for story in stories for a in (story.lead, *story.folded)},
    )


def leads(digest: Digest) -> list[str]:
    return [story.lead.key for story in digest.stories]
