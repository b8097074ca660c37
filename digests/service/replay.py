"""Replays a recorded corpus history: runs the bot's own code on a past state of the folder, with a past clock.

Everything happens in a temporary folder; the operator's databases are not touched.
"""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from enum import IntEnum
from pathlib import Path
from typing import Any

from digests.editions import first_window
from digests.errors import BroadsheetError, InvalidInput
from digests.history import Revision, apply, read_history
from digests.i18n import _
from digests.models import (
    Article,
    Cadence,
    ChannelKind,
    Digest,
    DropReason,
    Policy,
    Story,
    Subscription,
    Window,
)
from digests.offload import without_threads
from digests.service.corpus import CorpusService
from digests.service.digests import DigestService
from digests.service.edition_run import Rendered
from digests.service.editions import EditionService
from digests.service.subscriptions import SubscriptionService
from digests.store.articles import ArticleStore
from digests.store.connection import Database
from digests.store.database_kinds import CORPUS, STATE
from digests.store.outbox.compositions import CompositionStore
from digests.store.outbox.editions import EditionStore
from digests.store.settings import SettingsStore
from digests.store.subscriptions import SubscriptionStore
from digests.store.temporary import TemporaryDatabase

_EVER_SINCE = datetime(1, 1, 1, tzinfo=UTC)
_NOTHING_TO_SEND = Rendered(("[]",), "")


class Outcome(IntEnum):
    """The outcome for an eligible address; if there were several over time, the highest counts."""

    NONE = 0
    DROPPED = 1
    LEFT_OUT = 2
    IN_ROUNDUP = 3
    """In a round-up, or printed beneath a story."""
    LEAD = 4


@dataclass(slots=True)
class Ledger:
    """The outcomes of all addresses that were ever eligible to lead.

    Attributes:
        outcomes: Address -> outcome so far, for all addresses that occurred in editions.
        reasons: Address -> why it was dropped.
        arrivals: Eligible address -> when it first became eligible. An article whose address changes before its
            edition is eligible under both.
        updates: Stories delivered again as updates.
        repeated: Addresses delivered again other than in an update; 0 unless there is a fault.
    """

    outcomes: dict[str, Outcome] = field(default_factory=dict)
    reasons: dict[str, DropReason] = field(default_factory=dict)
    arrivals: dict[str, datetime] = field(default_factory=dict)
    updates: int = 0
    repeated: int = 0
    _shown: set[str] = field(default_factory=set)

    def arrive(self, articles: Iterable[Article]) -> None:
        """Record articles that are eligible to lead."""
        for article in articles:
            if article.arrived_at is not None:
                self.arrivals.setdefault(article.key, article.arrived_at)

    def record(self, digest: Digest) -> None:
        """Record the outcome of each address in an edition."""
        for story in digest.stories:
            self._record_story(story)
        for left in digest.left_out:
            for article in (left.story.lead, *left.story.folded, *left.story.also):
                self._mark(article.keys, Outcome.LEFT_OUT)
        for dropped in digest.dropped:
            self._mark((dropped.key,), Outcome.DROPPED)
            self.reasons.setdefault(dropped.key, dropped.reason)

    def settle(self, key: str, reason: DropReason) -> None:
        """Record the reason for an address that occurred in no edition."""
        self._mark((key,), Outcome.DROPPED)
        self.reasons.setdefault(key, reason)

    def open_addresses(self) -> list[str]:
        """Return the eligible addresses without an outcome."""
        return [key for key in self.arrivals if not self.outcomes.get(key)]

    def count(self) -> Counter[Outcome]:
        """Count the eligible addresses by outcome."""
        return Counter(self.outcomes.get(key, Outcome.NONE) for key in self.arrivals)

    def drop_reasons(self) -> Counter[DropReason]:
        """Count the dropped addresses by reason."""
        return Counter(self.reasons[key] for key in self.arrivals if self.outcomes.get(key) is Outcome.DROPPED)

    def _record_story(self, story: Story) -> None:
        lead, linked = story.lead.key, {link.key for link in story.roundup}
        beneath = {article.key for article in story.also}
        shown = linked | beneath | {lead}
        self.arrive((story.lead,))  # an update's article may have another address by now
        for article in (story.lead, *story.folded, *story.also):
            if not shown.union(story.lead.keys).isdisjoint(article.keys):
                for key in set(article.keys) - shown:
                    self.settle(key, DropReason.SAME_ADDRESS)
        self._mark((lead,), Outcome.LEAD)
        self._mark(linked | beneath, Outcome.IN_ROUNDUP)
        if story.update is not None:
            self.updates += 1
        else:
            self.repeated += lead in self._shown
        self.repeated += len((linked | beneath) & self._shown)
        self._shown |= shown

    def _mark(self, keys: Iterable[str], outcome: Outcome) -> None:
        for key in keys:
            self.outcomes[key] = max(outcome, self.outcomes.get(key, Outcome.NONE))


class _Recording(DigestService):
    """Composes as usual, and keeps the last digest."""

    last: Digest | None = None

    async def compose(self, *arguments: Any, **options: Any) -> Digest:
        self.last = None
        self.last = await super().compose(*arguments, **options)
        return self.last

    async def count_stories(self, *arguments: Any, **options: Any) -> int:
        # Digests composed only to count what else arrived are not editions.
        last = self.last
        count = await super().count_stories(*arguments, **options)
        self.last = last
        return count


async def replay(
    history: Path,
    *,
    cadence: Cadence,
    policy: Policy,
    on_edition: Callable[[date, Digest], None],
    progress: Callable[[int], None] | None = None,
) -> Ledger:
    """Replay a history with one subscription that has no filters of its own.

    Args:
        history: A record of revisions (`digests.history`).
        cadence: When its editions are due.
        policy: Limits and weights.
        on_edition: Called with each edition's day and digest, including quiet days, in order.
        progress: Called with the number of revisions replayed.

    Returns:
        The outcomes of all addresses.

    Raises:
        InvalidInput: The history is empty, can't be read or can't be followed.
        BroadsheetError: An edition can't be made.
    """
    with tempfile.TemporaryDirectory(prefix="broadsheet-replay-") as folder:
        async with _ReplayRun.open(Path(folder), policy) as life:
            last: datetime | None = None
            for number, revision in enumerate(read_history(history), 1):
                if last is None:
                    await life.begin(cadence, revision.at)
                else:
                    await life.publish_until(revision.at, on_edition)
                await life.apply_revision(revision)
                last = revision.at
                if progress is not None:
                    progress(number)
            if last is None:
                raise InvalidInput(_("The history {file} has no revisions.").format(file=history))
            await life.publish_next(on_edition)
            life.settle()
            return life.ledger


class _ReplayRun:
    """A corpus, a subscription and a clock."""

    def __init__(self, folder: Path, corpus: Database, state: Database, policy: Policy) -> None:
        self.ledger = Ledger()
        self._folder = folder
        self._articles = ArticleStore(corpus)
        self.corpus = CorpusService(self._articles, (folder,), keep_worker_s=60.0)
        self._digests = _Recording(self._articles)
        subscriptions = SubscriptionStore(state)
        self._subscriptions = SubscriptionService(subscriptions)
        self._editions = EditionService(
            subscriptions,
            EditionStore(state),
            CompositionStore(state),
            SettingsStore(state),
            self._digests,
            policy=policy,
        )
        self._first_since = self._since = _EVER_SINCE
        self._candidates: set[str] = set()

    @classmethod
    @asynccontextmanager
    async def open(cls, folder: Path, policy: Policy) -> AsyncIterator[_ReplayRun]:
        (folder / "articles").mkdir()
        corpus = await TemporaryDatabase.create(CORPUS)
        try:
            state = await TemporaryDatabase.create(STATE)
            try:
                life = cls(folder / "articles", corpus, state, policy)
                try:
                    # Nothing else happens meanwhile.
                    with without_threads():
                        yield life
                finally:
                    await life.corpus.close()
            finally:
                await state.close()
        finally:
            await corpus.close()

    async def begin(self, cadence: Cadence, now: datetime) -> None:
        """Create the subscription."""
        await self._subscriptions.subscribe(
            Subscription(
                guild_id=1, channel_id=1, channel_kind=ChannelKind.TEXT, creator_id=1, cadence=cadence, created_at=now
            ),
            now=now,
        )
        first_due_at = await self._editions.find_next_due_at()
        if first_due_at is not None:
            self._first_since = first_due_at - first_window(cadence, first_due_at)

    async def apply_revision(self, revision: Revision) -> None:
        """Apply a revision to the folder, and load it."""
        apply(revision, self._folder)
        changed = {path for path, _text in revision.changes}
        await self.corpus.load(now=revision.at, force=True, changed=changed)
        # Everything that waits for its edition, not only what is new: addresses can change meanwhile.
        self.ledger.arrive(await self._articles.find_candidates(Window(self._since, revision.at)))
        self._since = max(self._since, self._first_since)

    async def publish_until(self, moment: datetime, on_edition: Callable[[date, Digest], None]) -> None:
        """Prepare all editions due before `moment` (an article that arrives exactly then is in the window)."""
        while (due_at := await self._editions.find_next_due_at()) is not None and due_at < moment:
            await self._publish(due_at, on_edition)

    async def publish_next(self, on_edition: Callable[[date, Digest], None]) -> None:
        """Prepare the edition after the last revision."""
        due_at = await self._editions.find_next_due_at()
        if due_at is not None:
            await self._publish(due_at, on_edition)

    def settle(self) -> None:
        """Record reasons for the addresses that were a candidate in no edition."""
        for key in self.ledger.open_addresses():
            if key not in self._candidates:
                early = self.ledger.arrivals[key] <= self._first_since
                self.ledger.settle(key, DropReason.BEFORE_FIRST if early else DropReason.WITHDRAWN)

    async def _publish(self, due_at: datetime, on_edition: Callable[[date, Digest], None]) -> None:
        await self._editions.prepare(due_at, lambda _digest, _id, _presentation: _NOTHING_TO_SEND)
        digest = self._digests.last
        if digest is None:
            # The bot would try again at its next tick; here the clock does not move until the edition is prepared.
            raise BroadsheetError(
                _("The edition due at {due_at} can't be made; the log says why.").format(due_at=due_at)
            )
        candidates = await self._articles.find_candidates(digest.window)
        self.ledger.arrive(candidates)  # articles with future dates may have arrived since the last revision
        self._candidates.update(article.key for article in candidates)
        self._since = digest.window.until
        self.ledger.record(digest)
        on_edition(digest.local_date, digest)
