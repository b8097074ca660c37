"""Use-cases of subscriptions: creating, changing, pausing and listing them. Knows due times, but not Discord."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from digests.composing.memory import EVENT_MEMORY
from digests.editions import next_due, zone
from digests.errors import InvalidInput, NotFound
from digests.i18n import _, ngettext
from digests.models import (
    Article,
    Cadence,
    DeliveredStory,
    Purpose,
    Subscription,
    SubscriptionLimits,
    SubscriptionState,
)
from digests.store.subscription_rows import PauseCause, Placement
from digests.store.subscriptions import SubscriptionStore

_log = logging.getLogger(__name__)

CHANGEABLE = frozenset(
    {
        "cadence",
        "channel_id",
        "channel_kind",
        "channel_name",
        "topics",
        "providers",
        "keywords",
        "excluded_topics",
        "excluded_providers",
        "query",
        "min_quality",
        "max_stories",
        "per_topic",
        "per_provider",
        "quiet_day",
        "style",
        "mention_role_id",
        "language",
    }
)
"""The fields of a subscription that `edit` accepts."""


_NOT_COMPARED = frozenset(
    {
        *("channel_name", "language", "style", "mention_role_id", "quiet_day"),
        *("max_stories", "per_topic", "per_provider"),
    }
)
"""Fields that may differ between two orders that would send a channel the same news twice."""
STORY_MEMORY = EVENT_MEMORY
"""How long a story is followed after its last update; later articles are not compared with it."""
_NEVER = datetime.min.replace(tzinfo=UTC)


class SubscriptionService:
    """Access to subscriptions for commands, the command line and the publisher."""

    def __init__(self, store: SubscriptionStore, limits: SubscriptionLimits | None = None) -> None:
        self._store = store
        self._limits = limits or SubscriptionLimits()
        self._listeners: list[Callable[[], None]] = []

    def on_change(self, callback: Callable[[], None]) -> None:
        """Call `callback` after every change that can move the next due time or free a delivery."""
        self._listeners.append(callback)

    def _changed(self) -> None:
        for callback in self._listeners:
            callback()

    async def subscribe(self, draft: Subscription, *, now: datetime, since: datetime | None = None) -> Subscription:
        """Store a new subscription; its first edition is the next due time.

        Args:
            draft: The order.
            now: The current moment.
            since: The first edition covers arrivals from this moment on; None for the default.

        Raises:
            InvalidInput: The cadence has no due time, or the guild or member has too many subscriptions.
        """
        _check(draft)
        limit = self._limits.of(draft)
        count = await self._store.count_for(guild_id=draft.guild_id, creator_id=draft.creator_id, purpose=draft.purpose)
        if count >= limit:
            raise InvalidInput(_too_many(limit, draft))
        fresh = replace(
            draft, id=0, state=SubscriptionState.ACTIVE, paused_reason=None, creator_notified=False, covered_until=since
        )
        made = await self._store.add(fresh, _placement(fresh.cadence, now))
        _log.info("Subscription %d created for channel %d by member %d", made.id, made.channel_id, made.creator_id)
        self._changed()
        return made

    async def list_for(self, *, guild_id: int | None = None, user_id: int | None = None) -> tuple[Subscription, ...]:
        """Return a guild's subscriptions, or those of a member's own DMs, oldest first."""
        if guild_id is not None:
            return await self._store.list_for_guild(guild_id)
        if user_id is not None:
            return await self._store.list_for_user(user_id)
        return tuple(exported.subscription for exported in await self._store.list_all())

    async def get(self, id: int, *, guild_id: int | None = None, user_id: int | None = None) -> Subscription:
        """Return a subscription.

        Args:
            id: The subscription's id.
            guild_id: Only one of this guild.
            user_id: Without a guild: only one in this member's DMs.

        Raises:
            NotFound: There is none, or it is somebody else's.
        """
        found = await self._store.find(id)
        if found is None or not _belongs(found, guild_id, user_id):
            raise NotFound(_("There is no such subscription (any more). Pick one from the option's list."))
        return found

    async def edit(self, id: int, now: datetime, **changes: Any) -> Subscription:
        """Change a subscription's order; a new cadence counts from now on.

        One that was paused because its channel could not be written to is resumed if the channel changes.

        Args:
            id: The subscription's id.
            now: The current moment.
            changes: Fields of `Subscription`, of those in `CHANGEABLE`.

        Raises:
            NotFound: There is none.
            InvalidInput: The new cadence has no due time.
        """
        unknown = changes.keys() - CHANGEABLE
        if unknown:
            raise TypeError(f"a subscription's {', '.join(sorted(unknown))} can't be changed")
        before = await self.get(id)
        after = replace(before, **changes)
        _check(after)
        moved = after.cadence != before.cadence
        await self._store.change(after, _placement(after.cadence, now) if moved else None)
        if (after.channel_id, after.channel_kind) != (before.channel_id, before.channel_kind):
            await self._store.resume(id, _placement(after.cadence, now), now, by_person=False)
        self._changed()
        return await self.get(id)

    async def find_equal(self, draft: Subscription) -> Subscription | None:
        """Return a subscription of the same channel with the same order at the same times, or None."""
        ordered = _order_alone(draft)
        for other in await self.list_for(guild_id=draft.guild_id, user_id=draft.creator_id):
            if _order_alone(other) == ordered:
                return other
        return None

    async def restore(self, gone: Subscription, now: datetime) -> Subscription:
        """Restore a subscription that was just removed; earlier deliveries are not repeated.

        Raises:
            InvalidInput: There are too many by now.
        """
        made = await self.subscribe(gone, now=now)
        placement = _placement(made.cadence, now)
        await self._store.move(made.id, placement, gone.covered_until)
        self._changed()
        return await self.get(made.id)

    async def resume_over(self, now: datetime) -> int:
        """Resume subscriptions that were paused for a time that is over; return how many."""
        over = await self._store.list_pauses_over(now)
        for subscription in over:
            await self.resume(subscription.id, now)
        return len(over)

    async def end_stories(self, now: datetime) -> int:
        """Remove followed stories without an update for `STORY_MEMORY`; return how many."""
        ended = await self._store.list_ended_stories(now - STORY_MEMORY)
        for subscription in ended:
            await self.unsubscribe(subscription.id)
        return len(ended)

    async def pause(
        self, id: int, reason: str, now: datetime, *, by: int | None = None, until: datetime | None = None
    ) -> Subscription:
        """Pause a subscription on a person's request; articles wait for the edition after it is resumed.

        Args:
            id: The subscription's id.
            reason: A sentence for people.
            now: The present moment.
            by: The member who paused it.
            until: When it is resumed automatically; None for never.

        Raises:
            NotFound: There is none.
        """
        await self.get(id)
        await self._store.pause(id, reason, PauseCause.PERSON)
        await self._store.note_pause(id, by, until)
        _log.info("Subscription %d paused: %s", id, reason)
        self._changed()
        return await self.get(id)

    async def guild_gone(self, guild_id: int, reason: str) -> int:
        """Pause a guild's subscriptions because the bot was removed from it; return how many.

        They are resumed automatically when the bot is invited again.
        """
        paused = 0
        for subscription in await self._store.list_for_guild(guild_id):
            paused += await self._store.pause(subscription.id, reason, PauseCause.ACCESS)
        if paused:
            _log.info("Bot removed from guild %d: %d subscriptions paused", guild_id, paused)
            self._changed()
        return paused

    async def channel_gone(self, guild_id: int, channel_id: int, reason: str) -> int:
        """Pause the subscriptions of a deleted channel, without waiting for a failed delivery; return how many."""
        paused = 0
        for subscription in await self._store.list_for_guild(guild_id):
            if subscription.channel_id == channel_id:
                paused += await self._store.pause(subscription.id, reason, PauseCause.FINAL)
        if paused:
            _log.info("Channel %d deleted: %d subscriptions paused", channel_id, paused)
            self._changed()
        return paused

    async def resume(self, id: int, now: datetime, *, by_person: bool = True) -> Subscription:
        """Make a paused subscription active again.

        Missed editions are not made up for; their articles go into the next one, unless they are too old by then. A
        partially delivered edition continues with the missing part.

        Raises:
            NotFound: There is none.
        """
        paused = await self.get(id)
        if await self._store.resume(id, _placement(paused.cadence, now), now, by_person=by_person):
            _log.info("Subscription %d resumed", id)
            self._changed()
        return await self.get(id)

    async def unsubscribe(self, id: int) -> Subscription:
        """Delete a subscription and everything of it that was not sent; return it.

        Raises:
            NotFound: There is none.
        """
        gone = await self.get(id)
        await self._store.remove(id)
        _log.info("Subscription %d deleted", id)
        self._changed()
        return gone

    def next_due(self, subscription: Subscription, now: datetime, count: int = 5) -> tuple[datetime, ...]:
        """Return a subscription's next due times, ascending, as if it were active."""
        return next_due(subscription.cadence, now, count)

    async def set_creator_notified(self, id: int, *, notified: bool = True) -> None:
        """Record that a paused subscription's creator was notified, or (`notified` false) can't be reached."""
        await self._store.set_notice(id, notified=notified)

    async def unannounced_pauses(self) -> tuple[Subscription, ...]:
        """Return the paused subscriptions whose creators have not been notified yet, by creator."""
        return await self._store.list_unannounced_pauses()

    async def without_access(self) -> tuple[tuple[Subscription, PauseCause], ...]:
        """Return the subscriptions that are paused until the bot has access again, and why."""
        return await self._store.list_without_access()

    async def count(self) -> dict[SubscriptionState, int]:
        """Return how many subscriptions there are in each state."""
        return await self._store.count()


def _order_alone(subscription: Subscription) -> Subscription:
    """Return a subscription reduced to its order, so that orders can be compared."""
    blank = Subscription(
        guild_id=subscription.guild_id,
        channel_id=subscription.channel_id,
        channel_kind=subscription.channel_kind,
        creator_id=0,
        cadence=Cadence(),
        created_at=_NEVER,
    )
    # An order that comes at most once a day is the same at another hour.
    compared = CHANGEABLE - _NOT_COMPARED - (set() if subscription.purpose is Purpose.PAPER else {"cadence"})
    ordered: dict[str, Any] = {name: getattr(subscription, name) for name in compared}
    story = subscription.story
    return replace(
        blank,
        purpose=subscription.purpose,
        story=None if story is None else DeliveredStory(story.root, frozenset(), _NEVER, Article("", "", story.root)),
        **{name: _in_any_order(value) for name, value in ordered.items()},
    )


def _in_any_order(value: Any) -> Any:
    return tuple(sorted(value)) if isinstance(value, tuple) else value


def _belongs(subscription: Subscription, guild_id: int | None, user_id: int | None) -> bool:
    if guild_id is not None:
        return subscription.guild_id == guild_id
    if user_id is not None:
        return subscription.guild_id is None and subscription.creator_id == user_id
    return True


def _placement(cadence: Cadence, now: datetime) -> Placement:
    due = next_due(cadence, now, 1)
    return Placement(now, due[0] if due else None)


def _check(subscription: Subscription) -> None:
    cadence = subscription.cadence
    zone(cadence.timezone)
    if not cadence.times:
        raise InvalidInput(_("A digest needs a time. Type one such as 08:00, or several such as 08:00, 18:30."))
    if not cadence.weekdays:
        raise InvalidInput(_("A digest needs a day. Type daily, weekdays, or days such as mon, wed, fri."))
    if subscription.purpose is not Purpose.PAPER and len(cadence.times) > 1:
        raise InvalidInput(_("This writes to you at most once a day. Type one time, such as 08:00."))
    wanted = (subscription.query, *subscription.keywords, *subscription.topics, *subscription.providers)
    left_out = (*subscription.excluded_topics, *subscription.excluded_providers)
    if subscription.purpose is Purpose.SEARCH and not any((*wanted, *left_out)):
        raise InvalidInput(_("A saved search needs something to look for. Type words, a topic or a provider."))


def _too_many(limit: int, draft: Subscription) -> str:
    if limit == 0:
        return _("The bot's operator does not allow this.")
    if draft.guild_id is not None:
        text = ngettext(
            "This server has {count} subscription already, which is the limit."
            " Remove it with /digest unsubscribe first.",
            "This server has {count} subscriptions already, which is the limit."
            " Remove one with /digest unsubscribe first.",
            limit,
        )
    elif draft.purpose is Purpose.SEARCH:
        text = ngettext(
            "You have {count} saved search already, which is the limit. Stop it with /papers first.",
            "You have {count} saved searches already, which is the limit. Stop one with /papers first.",
            limit,
        )
    elif draft.purpose is Purpose.STORY:
        text = ngettext(
            "You follow {count} story already, which is the limit. Stop it with /papers first.",
            "You follow {count} stories already, which is the limit. Stop one with /papers first.",
            limit,
        )
    else:
        text = ngettext(
            "You have {count} subscription of your own already, which is the limit. Stop it with /papers first.",
            "You have {count} subscriptions of your own already, which is the limit. Stop one with /papers first.",
            limit,
        )
    return text.format(count=limit)
