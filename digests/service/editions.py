"""Use-cases of editions: preparing what is due, sending one early, pruning old ones.

Decides what is due and who can share a composition; rendering is passed in, sending is up to the publisher.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from digests.editions import (
    FIRST_WINDOW,
    SETTLE,
    Missed,
    edition_window,
    first_window,
    local_date,
    missed,
    next_due,
)
from digests.errors import InvalidInput, NotFound, Overtaken
from digests.i18n import _
from digests.models import (
    Cadence,
    DeliveredStory,
    Digest,
    Edition,
    EditionState,
    FailedEdition,
    Policy,
    QuietDay,
    Subscription,
    SubscriptionState,
    Window,
)
from digests.service.edition_composer import UPDATE_MEMORY, EditionComposer
from digests.service.edition_run import EditionRun, Render, marks_of
from digests.store.outbox.compositions import CompositionStore
from digests.store.outbox.editions import EditionStore, NewEdition
from digests.store.settings import LOOK_FIRST_UNTIL, SettingsStore
from digests.store.subscription_rows import Placement, ScheduledSubscription
from digests.store.subscriptions import SubscriptionStore

if TYPE_CHECKING:
    from digests.service.digests import AskDelivered, DigestService

_log = logging.getLogger(__name__)

PAGE = 250
"""Subscriptions per page: a page's editions are one transaction, so that the writer is never locked for long."""
DIGEST_MEMORY = timedelta(days=90)
"""How long the buttons of a delivered digest work."""
DELIVERY_MEMORY = timedelta(days=30)
MOST_RUNS = 4
"""How many runs may be active at once, each with the due times after those of the previous one."""
CLOCK_DRIFT = timedelta(minutes=2)
"""If the clock goes back by less, it was corrected rather than set."""
_LONGEST_DAY = timedelta(hours=25)
_TRIES = 3
_YIELD_EVERY = 25
"""How many subscriptions are handled before the event loop gets its turn."""


class EditionService:
    """Turns due times into editions and deliveries, each exactly once."""

    def __init__(
        self,
        subscriptions: SubscriptionStore,
        editions: EditionStore,
        compositions: CompositionStore,
        settings: SettingsStore,
        digests: DigestService,
        *,
        policy: Policy,
        catch_up: timedelta = timedelta(hours=12),
        keep: timedelta = timedelta(days=400),
    ) -> None:
        """Prepare the service.

        Args:
            subscriptions: Stores subscriptions.
            editions: Stores editions.
            compositions: Stores what was delivered.
            settings: Has this installation's id.
            digests: Composes digests.
            policy: The configured filters and limits; a subscription's own override them.
            catch_up: How late a missed edition may be made up for.
            keep: How long deliveries are remembered.
        """
        self._subscriptions = subscriptions
        self._editions = editions
        self._compositions = compositions
        self._settings = settings
        self._digests = digests
        self._composer = EditionComposer(digests, compositions, policy)
        self._catch_up = catch_up
        self._keep = keep
        self._runs: list[datetime] = []
        self._run_ended = asyncio.Event()
        self._listeners: list[Callable[[], None]] = []

    def on_prepared(self, callback: Callable[[], None]) -> None:
        """Call `callback` whenever there is something new to send."""
        self._listeners.append(callback)

    def policy_for(self, subscription: Subscription) -> Policy:
        """Return the policy that a subscription's digests are composed under."""
        return self._composer.policy_for(subscription)

    def window_of(self, subscription: Subscription, until: datetime) -> Window:
        """Return the window of an edition with the cutoff `until`; the first one begins with its subscription."""
        if subscription.covered_until is not None:
            return edition_window(subscription.covered_until, until)
        due = next_due(subscription.cadence, subscription.created_at, 1)
        # Measured at a due time of its calendar: `/digest now` may come earlier.
        first = first_window(subscription.cadence, due[0] if due else until)
        return edition_window(None, until, first_due_at=min((*due, until)), first=first)

    def ask_delivered(
        self, subscription_id: int, now: datetime, *, before_id: int | None = None, story: DeliveredStory | None = None
    ) -> AskDelivered:
        """Return a function that loads what was delivered to a subscription.

        See `EditionComposer.ask_delivered`.
        """
        return self._composer.ask_delivered(subscription_id, now, before_id=before_id, story=story)

    async def find_next_due_at(self, after: datetime | None = None) -> datetime | None:
        """Return when the next edition of any active subscription is due, of those later than `after` if given."""
        return await self._subscriptions.find_next_due_at(after)

    async def prepare(self, now: datetime, render: Render) -> int:
        """Prepare the editions that are due at `now`: compose, render and write them with their parts.

        For each subscription the latest due time is prepared if it is at most `catch_up` late; articles of earlier
        ones, or of one that is too late, go into the next edition.

        Returns:
            The number of editions with something to send.
        """
        now = now.astimezone(UTC).replace(microsecond=0)
        before = await self._begin_run(now)
        try:
            async with self._digests.sharing():
                run, made = await self._run(now, before, render)
        finally:
            self._runs.remove(now)
            self._run_ended.set()
        if run.missed_count:
            _log.warning("%d due times were missed, their articles go into the next editions", run.missed_count)
        if made:
            _log.info("Prepared %d editions from %d compositions", made, len(run.composed))
        return made

    async def _run(self, now: datetime, before: datetime | None, render: Render) -> tuple[EditionRun, int]:
        """Prepare the editions of one run; return the run and the number of editions with something to send."""
        await self._follow_clock_back(now)
        run = await self._new_run(now, render)
        made = 0
        after: ScheduledSubscription | None = None
        while due := await self._subscriptions.list_due(now, later_than=before, after=after, limit=PAGE):
            after = due[-1]
            new_editions = await self._decide_all(due, run)
            editions = await self._write(new_editions, run)
            ready = sum(edition.state is EditionState.PENDING for edition in editions)
            made += ready
            if ready:
                self._announce()
        return run, made

    async def _begin_run(self, now: datetime) -> datetime | None:
        """Wait until a run may begin; return the due time up to which other active runs take care of editions.

        Preparing thousands of editions can take minutes: what becomes due meanwhile doesn't wait for them.
        """
        while self._runs and (now <= max(self._runs) or len(self._runs) >= MOST_RUNS):
            self._run_ended.clear()
            await self._run_ended.wait()
        before = max(self._runs, default=None)
        self._runs.append(now)
        return before

    async def release_waiting(self, now: datetime) -> None:
        """Make everything in the outbox that waits for a future moment due now; called when the clock was set back."""
        if await self._editions.bring_forward(now, stepped=True):
            self._announce()

    async def send_now(self, subscription_id: int, now: datetime, render: Render) -> Edition | None:
        """Prepare the current edition early; the regular one doesn't repeat it.

        Returns:
            The edition, or None if there is nothing new.

        Raises:
            NotFound: There is no such subscription.
            InvalidInput: It is paused.
            Overtaken: The subscription changed each time while its edition was composed.
        """
        now = now.astimezone(UTC).replace(microsecond=0)
        for _try in range(_TRIES):
            scheduled = await self._subscriptions.find_scheduled(subscription_id)
            if scheduled is None:
                raise NotFound(_("There is no such subscription (any more). Pick one from the option's list."))
            if scheduled.subscription.state is SubscriptionState.PAUSED:
                raise InvalidInput(_("This subscription is paused. Start it again with /digest resume first."))
            window = self.window_of(scheduled.subscription, now)
            if window.since == window.until:
                return None
            run = await self._new_run(now, render)
            composed = await self._composer.compose(
                subscription_id, self._composer.key_of(scheduled, window, QuietDay.SKIP), run
            )
            if composed.id is None:
                return None
            new_edition = NewEdition(
                scheduled,
                now,
                window,
                Placement(scheduled.settled_until, scheduled.next_due_at),
                composed.id,
                marks_of(run, scheduled.subscription, now, composed.part_count, early=True),
                early=True,
            )
            # Nothing is written if the subscription got its regular edition meanwhile.
            editions = await self._editions.write(run.unwritten, [new_edition], now)
            if editions:
                self._announce()
                return editions[0]
        raise Overtaken(_("This subscription was changed while its edition was made. Try again in a moment."))

    async def get_digest(self, composition_id: int) -> Digest:
        """Return a digest as it was delivered, by the composition id in its buttons.

        Raises:
            NotFound: It is unknown or too old.
        """
        found = await self._compositions.find_digest(composition_id)
        if found is None:
            raise NotFound(_("This digest is too old: I no longer know what it left out."))
        return found

    async def recent(self, subscription_id: int, count: int = 10) -> tuple[Edition, ...]:
        """Return a subscription's editions, newest first."""
        return await self._editions.list_recent(subscription_id, limit=count)

    async def failed(self, *subscription_ids: int) -> dict[int, FailedEdition]:
        """Return subscriptions' last editions that did not arrive completely, unless a later one did."""
        return await self._editions.list_failed(subscription_ids)

    async def prune(self, now: datetime) -> int:
        """Remove what is too old to matter; return the number of removed compositions."""
        removed = await self._compositions.prune(
            delivered_before=now - max(self._keep, UPDATE_MEMORY),
            digests_before=now - min(DIGEST_MEMORY, self._keep),
            deliveries_before=now - min(DELIVERY_MEMORY, self._keep),
        )
        await self._compositions.drop_parts()
        await self._compositions.shrink()
        return removed

    async def _new_run(self, now: datetime, render: Render) -> EditionRun:
        look_first_until = await self._settings.find(LOOK_FIRST_UNTIL)
        return EditionRun(
            now,
            render,
            await self._settings.get_installation(),
            datetime.fromtimestamp(int(look_first_until or 0), UTC),
        )

    def _announce(self) -> None:
        for callback in self._listeners:
            callback()

    async def _follow_clock_back(self, now: datetime) -> None:
        """If the clock went back, treat new arrivals as new and send what waits in the outbox.

        Editions whose due times come again are recognised by them and not prepared twice; delivered articles are
        recognised by their addresses. After a real step, articles may have arrived before it was noticed, so the last
        day is covered again.
        """
        # What was served by the clock itself, as by `/digest now`, can be up to `SETTLE` ahead of a check of due times.
        ahead = await self._subscriptions.list_ahead_of(now + SETTLE)
        if await self._editions.bring_forward(now, stepped=any(_is_step(scheduled, now) for scheduled in ahead)):
            self._announce()
        if ahead:
            _log.warning(
                "The clock went back: %d subscriptions were already served beyond the current time", len(ahead)
            )
        for scheduled in ahead:
            subscription = scheduled.subscription
            covered = subscription.covered_until
            again = max(now - FIRST_WINDOW, subscription.created_at) if _is_step(scheduled, now) else now
            settled = min(scheduled.settled_until, again)
            due = next_due(subscription.cadence, settled, 1)
            placement = Placement(settled, due[0] if due else None)
            await self._subscriptions.move(subscription.id, placement, min(covered, again) if covered else None)

    async def _decide_all(self, due: Sequence[ScheduledSubscription], run: EditionRun) -> list[NewEdition]:
        new_editions: list[NewEdition] = []
        await self._recall_days(due, run)
        for number, scheduled in enumerate(due):
            if number % _YIELD_EVERY == 0:
                await asyncio.sleep(0)
            new_edition = await self._decide(scheduled, run)
            if new_edition is not None:
                new_editions.append(new_edition)
        return new_editions

    async def _write(self, new_editions: Sequence[NewEdition], run: EditionRun) -> tuple[Edition, ...]:
        """Write a page's editions; compositions that none of them uses are kept for the next pages."""
        named = {new_edition.composition_id for new_edition in new_editions}
        unwritten = [composition for composition in run.unwritten if composition.id in named]
        editions = await self._editions.write(unwritten, new_editions, run.now)
        made = {edition.subscription_id for edition in editions}
        delivered = {
            new_edition.composition_id for new_edition in new_editions if new_edition.scheduled.subscription.id in made
        }
        run.unwritten = [composition for composition in run.unwritten if composition.id not in delivered]
        return editions

    async def _recall_days(self, due: Sequence[ScheduledSubscription], run: EditionRun) -> None:
        """Load when subscriptions that get something on a quiet day last received stories."""
        ids = [one.subscription.id for one in due if one.subscription.quiet_day is not QuietDay.SKIP]
        if ids:
            since = min(one.next_due_at for one in due if one.next_due_at is not None) - _LONGEST_DAY
            run.delivered_at = await self._editions.list_delivered_at(ids, since)

    async def _decide(self, scheduled: ScheduledSubscription, run: EditionRun) -> NewEdition | None:
        """Decide what a due subscription gets; None if its digest can't be composed now."""
        cadence = scheduled.subscription.cadence
        plan, placement = self._plan(cadence, scheduled.settled_until, run)
        settled = placement.settled_until
        run.missed_count += len(plan.skipped)
        window = self.window_of(scheduled.subscription, settled)
        if plan.make_up is None:
            return NewEdition(scheduled, settled, window, placement, is_skipped=True)
        key = self._composer.key_of(scheduled, window, _quiet_day(scheduled.subscription, window, run))
        composed = run.composed.get(key)
        if composed is None and key not in run.composed:
            composed = run.composed[key] = await self._composer.try_to_compose(scheduled.subscription.id, key, run)
        if composed is None:
            return None
        return NewEdition(
            scheduled,
            plan.make_up,
            window,
            placement,
            composed.id,
            marks_of(run, scheduled.subscription, plan.make_up, composed.part_count, early=False),
            maybe_sent_at=plan.make_up if plan.make_up <= run.look_first_until else None,
            silence=composed.silence,
        )

    def _plan(self, cadence: Cadence, settled_until: datetime, run: EditionRun) -> tuple[Missed, Placement]:
        """Return what is due for a cadence, and the placement afterwards; cached, as thousands share a cadence."""
        asked = (cadence, settled_until)
        if asked not in run.plans:
            plan = missed(cadence, settled_until, run.now, self._catch_up)
            settled = max((*plan.skipped, plan.make_up or settled_until))
            following = next_due(cadence, settled, 1)
            run.plans[asked] = plan, Placement(settled, following[0] if following else None)
        return run.plans[asked]


def _is_step(scheduled: ScheduledSubscription, now: datetime) -> bool:
    """Check whether the clock was set back since a subscription was served, rather than corrected."""
    covered = scheduled.subscription.covered_until
    return max(scheduled.settled_until, covered or scheduled.settled_until) - now >= CLOCK_DRIFT


def _quiet_day(subscription: Subscription, window: Window, run: EditionRun) -> QuietDay:
    """Return what a subscription gets without news: nothing if it already had some on that day."""
    timezone = subscription.cadence.timezone
    days = {local_date(delivered_at, timezone) for delivered_at in run.delivered_at.get(subscription.id, ())}
    return QuietDay.SKIP if local_date(window.until, timezone) in days else subscription.quiet_day
