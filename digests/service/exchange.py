"""Export and import of subscriptions as one JSON document, to move them or to keep them in version control."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time
from hashlib import blake2b
from typing import Annotated, Any, Literal

from pydantic import AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field, PlainSerializer, ValidationError

from digests.editions import next_due, zone
from digests.errors import InvalidInput
from digests.i18n import _
from digests.models import Cadence, ChannelKind, QuietDay, Style, Subscription, SubscriptionState
from digests.store.subscriptions import Exported, PauseCause, Placement, SubscriptionStore
from digests.typed.query import LONGEST_CHARS


def _as_id(value: object) -> object:
    return int(value) if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) <= 20 else value


# Discord's ids are larger than what JSON numbers carry safely in many programs: text out, text or number in.
_Id = Annotated[
    int, BeforeValidator(_as_id), Field(gt=0, lt=2**63), PlainSerializer(str, return_type=str, when_used="unless-none")
]
_Name = Annotated[str, Field(min_length=1, max_length=100)]


class _Entry(BaseModel):
    """One subscription of the document."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)

    uid: str = Field(default="", max_length=64)
    guild_id: _Id | None = None
    channel_id: _Id
    channel_kind: ChannelKind
    channel_name: str = Field(default="", max_length=200)
    creator_id: _Id
    times: tuple[time, ...] = Field(min_length=1, max_length=24)
    weekdays: tuple[Annotated[int, Field(ge=1, le=7)], ...] = Field(
        default=(1, 2, 3, 4, 5, 6, 7), min_length=1, max_length=7
    )
    timezone: str = "UTC"
    topics: tuple[_Name, ...] = Field(default=(), max_length=100)
    providers: tuple[_Name, ...] = Field(default=(), max_length=100)
    keywords: tuple[_Name, ...] = Field(default=(), max_length=100)
    excluded_topics: tuple[_Name, ...] = Field(default=(), max_length=100)
    excluded_providers: tuple[_Name, ...] = Field(default=(), max_length=100)
    query: str = Field(default="", max_length=LONGEST_CHARS)
    min_quality: int | None = Field(default=None, ge=0, le=1000)
    max_stories: int | None = Field(default=None, ge=1, le=50)
    quiet_day: QuietDay = QuietDay.SKIP
    # An export from before there were styles is of digests that printed everything.
    style: Style = Style.FULL
    mention_role_id: _Id | None = None
    language: str = Field(default="en", min_length=2, max_length=35)
    paused: bool = False
    paused_reason: str | None = Field(default=None, max_length=1000)
    pause_cause: PauseCause | None = None
    created_at: AwareDatetime
    covered_until: AwareDatetime | None = None


class _Document(BaseModel):
    """The whole document."""

    model_config = ConfigDict(extra="forbid")

    kind: Literal["broadsheet-subscriptions"]
    version: Literal[1]
    subscriptions: tuple[_Entry, ...]


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What an import did, counted in subscriptions."""

    new: int
    changed: int
    unchanged: int


class ExchangeService:
    """Writes every subscription into a document and reads such a document back."""

    def __init__(self, store: SubscriptionStore) -> None:
        self._store = store

    async def export(self) -> dict[str, Any]:
        """Returns every subscription as a JSON document, oldest first."""
        entries = [_entry(exported) for exported in await self._store.list_all()]
        document = _Document(kind="broadsheet-subscriptions", version=1, subscriptions=tuple(entries))
        return document.model_dump(mode="json")

    async def import_(self, document: object, *, now: datetime) -> ImportReport:
        """Takes over the subscriptions of a document; what is there already and equal stays as it is.

        A subscription is known again by its `uid` (one without is known by what it orders). Its next edition is the
        next due time after `now`, and covers what arrived since `covered_until`.

        Raises:
            InvalidInput: The document is not an export, or a value in it is wrong; nothing was changed.
            StoreError: state.db can't be written; nothing was changed.
        """
        entries = _read(document)
        async with self._store.together() as store:
            return await _take_over(entries, store, now)


async def _take_over(entries: Sequence[_Entry], store: SubscriptionStore, now: datetime) -> ImportReport:
    known = {exported.uid: exported.subscription for exported in await store.list_all()}
    new = changed = unchanged = 0
    for entry in entries:
        uid = entry.uid or _made_up_uid(entry)
        wanted = _subscription(entry)
        cause = entry.pause_cause or PauseCause.PERSON
        before = known.get(uid)
        due = next_due(wanted.cadence, now, 1)
        placement = Placement(now, due[0] if due else None)
        if before is None:
            known[uid] = await store.add(wanted, placement, uid, pause_cause=cause)
            new += 1
            continue
        merged = replace(
            wanted,
            id=before.id,
            created_at=before.created_at,
            covered_until=before.covered_until,
            creator_told=before.creator_told,
            state=before.state,
            paused_reason=before.paused_reason,
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


def _read(document: object) -> tuple[_Entry, ...]:
    try:
        read = _Document.model_validate(document)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"]) or "document"
        raise InvalidInput(
            _("This is not an export of subscriptions that I can read: {place}: {reason}.").format(
                place=place, reason=first["msg"].removeprefix("Value error, ")
            )
        ) from error
    for entry in read.subscriptions:
        zone(entry.timezone)
    return read.subscriptions


def _made_up_uid(entry: _Entry) -> str:
    # A style counts only where it is another than all had before there were any: their ids stay as they were.
    style = {"style"} if entry.style is Style.FULL else set()
    left_away = {"covered_until", "pause_cause"} | style
    return blake2b(entry.model_dump_json(exclude=left_away).encode(), digest_size=8).hexdigest()


def _entry(exported: Exported) -> _Entry:
    subscription = exported.subscription
    return _Entry(
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
        excluded_providers=subscription.excluded_providers,
        query=subscription.query,
        min_quality=subscription.min_quality,
        max_stories=subscription.max_stories,
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


def _subscription(entry: _Entry) -> Subscription:
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
        excluded_providers=entry.excluded_providers,
        query=entry.query,
        min_quality=entry.min_quality,
        max_stories=entry.max_stories,
        quiet_day=entry.quiet_day,
        style=entry.style,
        mention_role_id=entry.mention_role_id,
        language=entry.language,
        state=SubscriptionState.PAUSED if entry.paused else SubscriptionState.ACTIVE,
        paused_reason=entry.paused_reason if entry.paused else None,
        created_at=entry.created_at,
        covered_until=entry.covered_until,
    )
