"""The panel of an order: selects for its choices, and below them what the order would deliver."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from bot.render import layout, pieces, wording
from bot.render.layout import Component, Components
from bot.render.markdown import clip, escape, stamp
from bot.render.orders import trial_line
from digests.i18n import _
from digests.models import ChannelKind, QuietDay, Style, Subscription
from digests.models.trials import Trial

CHANNEL_SELECT: Final = 8
MORE: Final = "\u2026"
"""The value of the option that turns a select's page; no topic or domain has that name."""
DAY_SETS: Final = ("1234567", "12345", "67")


@dataclass(frozen=True, slots=True)
class Choices:
    """The choices of a paged select, most articles first: (value, label, number of articles); pages count from 0."""

    entries: tuple[tuple[str, str, int], ...]
    page: int
    page_size: int


def render_panel(
    draft: Subscription,
    token: str,
    *,
    topics: Choices,
    providers: Choices,
    next_due: datetime | None,
    trial: Trial,
    fault: str,
    is_zone_guessed: bool,
) -> Components:
    """Return the panel.

    Args:
        draft: The order so far.
        token: The token of the stored state.
        topics, providers: The choices.
        next_due: When the next edition would be due.
        trial: What the order would have delivered lately.
        fault: What was wrong with the last value, empty for nothing.
        is_zone_guessed: Ask whether the time zone is right.
    """
    is_dm = draft.channel_kind is ChannelKind.DM
    place = _("your direct messages") if is_dm else f"<#{draft.channel_id}>"
    heading = _("### A paper for {channel}") if not draft.id else _("### The paper of {channel}")
    zone = escape(draft.cadence.timezone)
    guessed = _("Times are in {zone}: is that right? *Time, zone and words* changes it.").format(zone=zone)
    due = _("Next edition: {when} ({ago})").format(when=stamp(next_due, "F"), ago=stamp(next_due)) if next_due else ""
    body = pieces.lines(
        heading.format(channel=place),
        f"⚠ {escape(clip(fault, 400))}" if fault else "",
        escape(_start(wording.cadence_in_words(draft.cadence))),
        guessed if is_zone_guessed else "",
        _about(draft),
        due,
        trial_line(trial),
    )
    rows: Components = [layout.text(body)]
    if not is_dm:
        rows.append(layout.row(_channel_select(draft, token)))
    if topics.entries:
        rows.append(layout.row(_names(draft.topics, topics, f"panel:{token}:topics", _("Topics: all"))))
    if providers.entries:
        rows.append(layout.row(_names(draft.providers, providers, f"panel:{token}:providers", _("Providers: all"))))
    rows += [
        layout.row(_days(draft, token)),
        layout.row(_styles(draft, token)),
        layout.row(_quiet_days(draft, token)),
        layout.row(
            layout.button(_("Save"), f"panel:{token}:save", style=layout.PRIMARY),
            layout.button(_("Time, zone and words"), f"panel:{token}:form"),
            layout.button(_("Preview"), f"panel:{token}:preview"),
            layout.button(_("Cancel"), f"panel:{token}:cancel"),
        ),
    ]
    return [layout.container(rows, layout.AMBER if fault else layout.INK)]


def render_cancelled(*, is_new: bool) -> Components:
    """Return the answer to a panel that was closed."""
    message = _("Nothing was ordered.") if is_new else _("Nothing was changed.")
    return [layout.container([layout.text(message)], layout.GREY)]


def _about(draft: Subscription) -> str:
    about = wording.about_in_words(draft)
    parts = [about] if about else []
    if draft.max_stories is not None:
        parts.append(_("at most {count} stories").format(count=draft.max_stories))
    parts += wording.caps_in_words(draft)
    if draft.min_quality:
        parts.append(_("quality {quality} or better").format(quality=draft.min_quality))
    return escape(clip(_("About: {what}").format(what=" · ".join(parts)), 600)) if parts else ""


def _channel_select(draft: Subscription, token: str) -> Component:
    return {
        "type": CHANNEL_SELECT,
        "custom_id": f"panel:{token}:channel",
        "placeholder": _("Where it goes"),
        "default_values": [{"id": str(draft.channel_id), "type": "channel"}],
    }


def _names(chosen: tuple[str, ...], choices: Choices, custom_id: str, none: str) -> Component:
    size = choices.page_size
    page_count = max(1, -(-len(choices.entries) // size))
    page = min(choices.page, page_count - 1)
    options: list[dict[str, Any]] = []
    for value, label, count in choices.entries[page * size : (page + 1) * size]:
        if len(value) > 100:
            continue
        option: dict[str, Any] = {"label": clip(f"{label} ({count})", 100), "value": value}
        options.append(option | {"default": True} if value in chosen else option)
    if page_count > 1:
        label = _("More … (page {page} of {pages})").format(page=page + 1, pages=page_count)
        options.append({"label": label, "value": MORE})
    return _menu(custom_id, none, options, low=0, high=len(options))


def _days(draft: Subscription, token: str) -> Component:
    days = "".join(map(str, draft.cadence.weekdays))
    sets = {"1234567": _("Every day"), "12345": _("Monday to Friday"), "67": _("Saturday and Sunday")}
    options: list[dict[str, Any]] = [
        {"label": label, "value": value, **_default(is_it=value == days)} for value, label in sets.items()
    ]
    single = days not in DAY_SETS
    for day in range(1, 8):
        option: dict[str, Any] = {"label": wording.weekday_name(day), "value": str(day)}
        options.append(option | {"default": True} if single and str(day) in days else option)
    return _menu(f"panel:{token}:days", _("Days"), options, low=1, high=7)


def _styles(draft: Subscription, token: str) -> Component:
    options = [
        {
            "label": _("Style: {what}").format(what=wording.style_in_words(style)),
            "description": wording.style_explained(style),
            "value": style.value,
            **_default(is_it=style is draft.style),
        }
        for style in Style
    ]
    return _menu(f"panel:{token}:style", _("Style"), options)


def _quiet_days(draft: Subscription, token: str) -> Component:
    options = [
        {
            "label": clip(_("Quiet day: {what}").format(what=wording.quiet_day_in_words(quiet)), 100),
            "value": quiet.value,
            **_default(is_it=quiet is draft.quiet_day),
        }
        for quiet in QuietDay
    ]
    return _menu(f"panel:{token}:quiet", _("Quiet day"), options)


def _menu(custom_id: str, placeholder: str, options: list[dict[str, Any]], *, low: int = 1, high: int = 1) -> Component:
    return {
        "type": layout.STRING_SELECT,
        "custom_id": custom_id,
        "placeholder": placeholder,
        "options": options,
        "min_values": low,
        "max_values": max(1, min(high, len(options))),
    }


def _default(*, is_it: bool) -> dict[str, Any]:
    return {"default": True} if is_it else {}


def _start(words: str) -> str:
    return words[:1].upper() + words[1:]
