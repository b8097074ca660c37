"""Exports and imports subscriptions as one JSON document, to move them or to keep them under version control."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from digests.editions import next_due
from digests.errors import InvalidInput
from digests.i18n import _
from digests.models import Cadence, Purpose, Subscription, SubscriptionLimits, SubscriptionState
from digests.service.exchange_document import Document, Entry, parse, read
from digests.store.subscription_rows import Exported, PauseCause, Placement
from digests.store.subscriptions import SubscriptionStore


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What an import did, counted in subscriptions."""

    new: int
    changed: int
    unchanged: int


class ExchangeService:
    """Writes every subscription into a document and reads such a document back."""

    def __init__(self, store: SubscriptionStore, limits: SubscriptionLimits | None = None) -> None:
        self._store = store
        self._limits = limits or SubscriptionLimits()

    async def export(self) -> dict[str, Any]:
        """Return every subscription as a JSON document, oldest first.

        Followed stories are left out: they end within days anyway.
        """
        exported = await self._store.list_all()
        entries = [_entry(one) for one in exported if one.subscription.purpose is not Purpose.STORY]
        document = Document(kind="broadsheet-subscriptions", version=1, subscriptions=tuple(entries))
        return document.model_dump(mode="json")

    async def import_text(self, text: str, *, name: str, now: datetime, force: bool = False) -> ImportReport:
        """Import the subscriptions in a document's text; see `import_`. `name` is the document's name in errors."""
        return await self.import_(parse(text, name=name), now=now, force=force)

    async def import_(self, document: object, *, now: datetime, force: bool = False) -> ImportReport:
        """Import the subscriptions of a document; existing equal ones stay as they are.

        A subscription is identified by its `uid`, or by its order if it has none. Its next edition is due at the next
        due time after `now`, and covers what arrived since `covered_until`. What was delivered to an existing one stays
        recorded, however old the document is.

        Args:
            document: Parsed JSON, of whatever shape.
            now: The present moment.
            force: Let subscriptions move to another guild or member.

        Raises:
            InvalidInput: The document is not an export, a value in it is out of bounds, a guild or member would have
                too many subscriptions, or one would move to another guild; nothing was changed.
            StoreError: state.db can't be written; nothing was changed.
        """
        entries = read(document)
        async with self._store.together() as store:
            report = await _take_over(entries, store, now, force=force)
            if report.new or force:
                self._check_limits([exported.subscription for exported in await store.list_all()], entries)
        return report

    def _check_limits(self, stored: Iterable[Subscription], entries: Sequence[Entry]) -> None:
        """Check that all guilds and members in the document stay within the limits."""
        counts = Counter((*_home(one.guild_id, one.creator_id), one.purpose) for one in stored)
        homes = ((*_home(entry.guild_id, entry.creator_id), entry.purpose) for entry in entries)
        for guild_id, member_id, purpose in dict.fromkeys(homes):
            count = counts[guild_id, member_id, purpose]
            most = self._limits.searches if purpose is Purpose.SEARCH else self._limits.per_user
            if guild_id is not None and count > self._limits.per_guild:
                raise InvalidInput(
                    _(
                        "Server {id} would have {count} subscriptions; {limit} is the limit. Nothing was changed."
                    ).format(id=guild_id, count=count, limit=self._limits.per_guild)
                )
            if guild_id is None and count > most:
                raise InvalidInput(
                    _(
                        "Member {id} would have {count} subscriptions; {limit} is the limit. Nothing was changed."
                    ).format(id=member_id, count=count, limit=most)
                )


def _home(guild_id: int | None, creator_id: int) -> tuple[int | None, int]:
    """Return the subscription's owner: a guild, or a member."""
    return (guild_id, 0) if guild_id is not None else (None, creator_id)


async def _take_over(entries: Sequence[Entry], store: SubscriptionStore, now: datetime, *, force: bool) -> ImportReport:
    known = {exported.uid: exported.subscription for exported in await store.list_all()}
    new = changed = unchanged = 0
    for entry in entries:
        uid = entry.identity
        wanted = _subscription(entry)
        cause = entry.pause_cause or PauseCause.PERSON
        before = known.get(uid)
        due = next_due(wanted.cadence, now, 1)
        placement = Placement(now, due[0] if due else None)
        if before is None:
            known[uid] = await store.add(wanted, placement, uid, pause_cause=cause)
            new += 1
            continue
        if not force and _home(before.guild_id, before.creator_id) != _home(wanted.guild_id, wanted.creator_id):
            raise InvalidInput(
                _(
                    "The document moves the subscription {uid} to another server or member. If it is meant to,"
                    " repeat it with --force. Nothing was changed."
                ).format(uid=uid)
            )
        merged = replace(
            wanted,
            id=before.id,
            created_at=before.created_at,
            covered_until=before.covered_until,
            creator_notified=before.creator_notified,
            state=before.state,
            paused_reason=before.paused_reason,
            paused_by=before.paused_by,
            paused_until=before.paused_until,
        )
        if merged == before and wanted.state is before.state:
            unchanged += 1
            continue
        await store.change(merged, placement if merged.cadence != before.cadence else None)
        if wanted.state is not before.state:
            if wanted.state is SubscriptionState.PAUSED:
                await store.pause(before.id, wanted.paused_reason or "", cause)
            else:
                await store.resume(before.id, placement, now)
        changed += 1
    return ImportReport(new, changed, unchanged)


def _entry(exported: Exported) -> Entry:
    subscription = exported.subscription
    return Entry(
        uid=exported.uid,
        guild_id=subscription.guild_id,
        channel_id=subscription.channel_id,
        channel_kind=subscription.channel_kind,
        channel_name=subscription.channel_name,
        creator_id=subscription.creator_id,
        times=subscription.cadence.times,
        weekdays=subscription.cadence.weekdays,
        timezone=subscription.cadence.timezone,
        topics=subscription.topics,
        providers=subscription.providers,
        keywords=subscription.keywords,
        excluded_topics=subscription.excluded_topics,
        purpose=subscription.purpose,
        excluded_providers=subscription.excluded_providers,
        query=subscription.query,
        min_quality=subscription.min_quality,
        max_stories=subscription.max_stories,
        per_topic=subscription.per_topic,
        per_provider=subscription.per_provider,
        quiet_day=subscription.quiet_day,
        style=subscription.style,
        mention_role_id=subscription.mention_role_id,
        language=subscription.language,
        paused=subscription.state is SubscriptionState.PAUSED,
        paused_reason=subscription.paused_reason,
        pause_cause=exported.pause_cause,
        created_at=subscription.created_at,
        covered_until=subscription.covered_until,
    )


def _subscription(entry: Entry) -> Subscription:
    return Subscription(
        guild_id=entry.guild_id,
        channel_id=entry.channel_id,
        channel_kind=entry.channel_kind,
        channel_name=entry.channel_name,
        creator_id=entry.creator_id,
        cadence=Cadence(
            tuple(sorted({at.replace(second=0, microsecond=0, tzinfo=None) for at in entry.times})),
            tuple(sorted(set(entry.weekdays))),
            entry.timezone,
        ),
        topics=entry.topics,
        providers=entry.providers,
        keywords=entry.keywords,
        excluded_topics=entry.excluded_topics,
        purpose=entry.purpose,
        excluded_providers=entry.excluded_providers,
        query=entry.query,
        min_quality=entry.min_quality,
        max_stories=entry.max_stories,
        per_topic=entry.per_topic,
        per_provider=entry.per_provider,
        quiet_day=entry.quiet_day,
        style=entry.style,
        mention_role_id=entry.mention_role_id,
        language=entry.language,
        state=SubscriptionState.PAUSED if entry.paused else SubscriptionState.ACTIVE,
        paused_reason=entry.paused_reason if entry.paused else None,
        created_at=entry.created_at,
        covered_until=entry.covered_until,
    )
