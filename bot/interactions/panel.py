"""The panel that creates or changes an order: what is filled in so far, and what each press changes.

Its state is a stored JSON value whose token is in the buttons: it survives a restart, and each press starts from the
state that its message shows.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

from pydantic import TypeAdapter

from bot.interactions.orders import preview_order, trial_of
from bot.interactions.parse_options import Typed, parse_options
from bot.interactions.resolve_subscription import next_due
from bot.render.layout import Components
from bot.render.orders import changes
from bot.render.panel import DAY_SETS, MORE, Choices, render_cancelled, render_panel
from bot.render.subscriptions import render_already_ordered, render_changed, render_subscribed
from bot.services import Services
from digests.errors import InvalidInput, NotFound
from digests.i18n import _
from digests.models import ChannelKind, QuietDay, Style, Subscription
from digests.service.subscriptions import CHANGEABLE

_KIND: Final = "panel"
PAGE: Final = 24
"""Topics or providers per page of their select; the 25th option turns the page."""


@dataclass(frozen=True, slots=True)
class Panel:
    """The state of a panel.

    Attributes:
        draft: The order so far; its id is 0 for a new one.
        seen: The stored order when the panel was opened; None for a new one.
        pages: Which page of topics and of providers is shown.
        fault: What was wrong with the last value, which was not accepted.
        is_zone_guessed: Nobody has named the time zone yet.
        refused: What was typed into the form when one of its values was invalid, by field, to be corrected there.
    """

    draft: Subscription
    seen: Subscription | None = None
    pages: tuple[int, int] = (0, 0)
    fault: str = ""
    is_zone_guessed: bool = False
    refused: Mapping[str, str] = field(default_factory=dict)


_PANEL = TypeAdapter(Panel)


async def show_panel(services: Services, panel: Panel) -> Components:
    """Store a panel's state and return its message."""
    now = services.now()
    token = await services.button_state.save(_KIND, _PANEL.dump_python(panel, mode="json"), now)
    topics = [(topic, topic, count) for topic, count in await services.search.topic_counts()]
    providers = [(one.domain, one.name, count) for one, count in await services.search.provider_counts()]
    return render_panel(
        panel.draft,
        str(token),
        topics=Choices(tuple(topics), panel.pages[0], PAGE),
        providers=Choices(tuple(providers), panel.pages[1], PAGE),
        next_due=next_due(services, panel.draft, now),
        trial=await trial_of(services, panel.draft),
        fault=panel.fault,
        is_zone_guessed=panel.is_zone_guessed,
    )


async def get_panel(services: Services, token: int) -> Panel:
    """Return the panel behind a button.

    Raises:
        NotFound: It is no longer stored.
    """
    value = await services.button_state.find(_KIND, token)
    if value is None:
        raise NotFound(_("This panel is too old. /digest subscribe opens a new one."))
    panel: Panel = _PANEL.validate_python(value)
    return panel


async def choose(services: Services, panel: Panel, what: str, values: Sequence[str], shown: Collection[str]) -> Panel:
    """Return the panel after a choice in one of its selects.

    Args:
        services: The use-cases.
        panel: The state before.
        what: The select: `topics`, `providers`, `days`, `style` or `quiet`.
        values: The values that are now selected.
        shown: The values that the select offered; the corpus may have changed since.
    """
    draft, panel = panel.draft, replace(panel, fault="")
    if what in ("topics", "providers"):
        return await _choose_names(services, panel, what, values, shown)
    if what == "days":
        days = _weekdays(draft.cadence.weekdays, values)
        return replace(panel, draft=replace(draft, cadence=replace(draft.cadence, weekdays=days)))
    if what == "style":
        return replace(panel, draft=replace(draft, style=Style(values[0])))
    return replace(panel, draft=replace(draft, quiet_day=QuietDay(values[0])))


def _weekdays(before: Sequence[int], values: Sequence[str]) -> tuple[int, ...]:
    """Return the days that are meant when days and sets of days are selected: those that were added last.

    A person who ticks Monday while "every day" is ticked means Monday.
    """
    ticked = "".join(map(str, before))
    before_values = {ticked} if ticked in DAY_SETS else set(ticked)
    added = [value for value in values if value not in before_values]
    is_mixed = any(value in DAY_SETS for value in values)
    return tuple(sorted({int(day) for value in (added if added and is_mixed else values) for day in value}))


async def _choose_names(
    services: Services, panel: Panel, what: str, values: Sequence[str], shown: Collection[str]
) -> Panel:
    place = ("topics", "providers").index(what)
    if what == "topics":
        known = [topic for topic, _count in await services.search.topic_counts()]
    else:
        known = [provider.domain for provider, _count in await services.search.provider_counts()]
    page_count = max(1, -(-len(known) // PAGE))
    page = min(panel.pages[place], page_count - 1)
    before: tuple[str, ...] = getattr(panel.draft, what)
    chosen = [name for name in before if name not in shown] + [value for value in values if value != MORE]
    excluded = f"excluded_{what}"
    left_out = tuple(name for name in getattr(panel.draft, excluded) if name not in chosen)
    changed: dict[str, Any] = {what: tuple(dict.fromkeys(chosen)), excluded: left_out}
    pages = list(panel.pages)
    if MORE in values:
        pages[place] = (page + 1) % page_count
    return replace(panel, draft=replace(panel.draft, **changed), pages=(pages[0], pages[1]))


async def fill_in(services: Services, panel: Panel, written: Mapping[str, str]) -> Panel:
    """Return the panel after its form was submitted; an invalid value changes nothing and is reported."""
    draft = panel.draft
    words = words_as_typed(draft)
    try:
        limits = _limits(written.get("max_stories", ""))
        typed = Typed(
            time=written.get("time") or None,
            timezone=written.get("timezone") or None,
            # An unchanged value is not parsed again: it may be a list from before keywords became a query.
            keywords=None if written.get("keywords", "").strip() == words else written.get("keywords") or "none",
            max_stories=limits[0],
            min_quality=_number(written.get("min_quality", ""), 0, 200),
            per_topic=limits[1],
            per_provider=limits[2],
        )
        changed: dict[str, Any] = dict(await parse_options(typed, draft.cadence, services.search, services.now()))
    except InvalidInput as error:
        return replace(panel, fault=str(error), refused=dict(written))
    for limit in ("max_stories", "per_topic", "per_provider"):
        changed.setdefault(limit, None)
    changed.setdefault("min_quality", None)
    guessed = panel.is_zone_guessed and not written.get("timezone")
    return replace(panel, draft=replace(draft, **changed), fault="", is_zone_guessed=guessed, refused={})


async def save(services: Services, panel: Panel) -> Components:
    """Create or change the order; return the answer, or the panel with what prevents it."""
    draft, now = panel.draft, services.now()
    if panel.seen is None:
        equal = await services.subscriptions.find_equal(draft)
        if equal is not None:
            return render_already_ordered(equal, next_due(services, equal, now))
        made = await services.subscriptions.subscribe(replace(draft, created_at=now), now=now)
        here = await services.subscriptions.list_for(guild_id=made.guild_id, user_id=made.creator_id)
        others = [other for other in here if other.channel_id == made.channel_id and other.id != made.id]
        return render_subscribed(made, next_due(services, made, now), others, await trial_of(services, made))
    stored = await services.subscriptions.get(draft.id)
    if _order(stored) != _order(panel.seen):
        theirs = ", ".join(changes(panel.seen, stored))
        message = _("Someone changed this subscription in the meantime ({what}). Save again to overwrite that.")
        message = message.format(what=theirs)
        return await show_panel(services, replace(panel, seen=stored, fault=message))
    changed = {name: value for name, value in _order(draft).items() if value != getattr(stored, name)}
    after = await services.subscriptions.edit(draft.id, now, **changed) if changed else stored
    return render_changed(stored, after, next_due(services, after, now), await trial_of(services, after))


async def preview_panel(services: Services, panel: Panel) -> list[Components]:
    """Return the messages that the order would get right now."""
    return await preview_order(services, panel.draft)


def cancelled(panel: Panel) -> Components:
    """Return the answer for a panel that is closed without saving."""
    return render_cancelled(is_new=panel.seen is None)


def with_channel(panel: Panel, channel_id: int, kind: ChannelKind, name: str) -> Panel:
    """Return the panel with another channel, where the bot's permissions were checked."""
    draft = replace(panel.draft, channel_id=channel_id, channel_kind=kind, channel_name=name)
    return replace(panel, draft=draft, fault="")


def _order(subscription: Subscription) -> dict[str, Any]:
    return {name: getattr(subscription, name) for name in CHANGEABLE}


def words_as_typed(draft: Subscription) -> str:
    """Return a draft's keywords as text for the form."""
    return draft.query or ", ".join(draft.keywords)


def limits_as_typed(draft: Subscription) -> str:
    """Return a draft's limits as text for the form: in all, per topic, per provider; empty for the defaults."""
    limits = [draft.max_stories, draft.per_topic, draft.per_provider]
    while limits and limits[-1] is None:
        limits.pop()
    return ", ".join(_("usual") if limit is None else str(limit) for limit in limits)


def _limits(text: str) -> tuple[int | None, int | None, int | None]:
    """Parse `10`, `10, 5, 3` or `usual, 5`; an empty position means the default as well."""
    places = ["" if place.strip().casefold() in ("usual", _("usual")) else place for place in re.split("[,;]", text)]
    if len(places) > 3:
        raise InvalidInput(
            _(
                "“{text}” has too many numbers. Type at most three: stories in all, of one topic, of one provider,"
                " such as 10, 5, 3."
            ).format(text=text[:40])
        )
    in_all, of_topic, of_provider = [_number(place, 1, 25) for place in (*places, "", "")[:3]]
    return in_all, of_topic, of_provider


def _number(text: str, low: int, high: int) -> int | None:
    text = text.strip()
    if not text:
        return None
    if not text.isascii() or not text.isdigit() or not low <= int(text[:9]) <= high:
        raise InvalidInput(
            _("“{text}” is not a number I can use here. Type one from {low} to {high}, or leave it empty.").format(
                text=text[:20], low=low, high=high
            )
        )
    return int(text)
