"""Sentences about an order: what it would have delivered, what an edit changed; and the buttons below it."""

from __future__ import annotations

from collections.abc import Sequence

from bot.render import layout, limits, wording
from bot.render.layout import Component, Components, Option
from bot.render.markdown import clip, escape
from digests.i18n import _, ngettext
from digests.models import ChannelKind, Subscription, SubscriptionState
from digests.models.trials import Trial

_LONGEST = 200
PAUSES = ("1", "7", "0")
"""Lengths of a pause in days, as the select offers them; 0 means until resumed."""


def trial_line(trial: Trial) -> str:
    """Return what an order would have delivered lately: "In the last 14 days: 31 stories, 2.2 a day"."""
    days = trial.day_count
    if trial.story_count:
        stories = wording.story_count(trial.story_count)
        return _("In the last {days} days: {stories}, {rate:.1f} a day.").format(
            days=days, stories=stories, rate=trial.per_day
        )
    if not trial.unfiltered_count:
        return _("In the last {days} days: nothing. No news at all arrived.").format(days=days)
    if trial.without_query_count:
        return ngettext(
            "In the last {days} days: nothing. {count} story would have passed without the keywords.",
            "In the last {days} days: nothing. {count} stories would have passed without the keywords.",
            trial.without_query_count,
        ).format(days=days, count=trial.without_query_count)
    return ngettext(
        "In the last {days} days: nothing. {count} story arrived and did not pass the filters.",
        "In the last {days} days: nothing. {count} stories arrived, and none passed the filters.",
        trial.unfiltered_count,
    ).format(days=days, count=trial.unfiltered_count)


def changes(before: Subscription, after: Subscription) -> list[str]:
    """Return what an edit changed, one line each, escaped: "time 08:00 → 19:30"."""
    pairs = [
        (_("channel"), _channel(before), _channel(after)),
        (_("time"), *(wording.times_in_words(one.cadence.times) for one in (before, after))),
        (_("days"), *(wording.weekdays_in_words(one.cadence.weekdays) for one in (before, after))),
        (_("time zone"), before.cadence.timezone, after.cadence.timezone),
        (_("topics"), *(_filters(one.topics, one.excluded_topics) for one in (before, after))),
        (_("providers"), *(_filters(one.providers, one.excluded_providers) for one in (before, after))),
        (_("keywords"), *(_keywords(one) for one in (before, after))),
        (_("quality"), *(_number(one.min_quality) for one in (before, after))),
        (_("stories at most"), *(_number(one.max_stories) for one in (before, after))),
        (_("stories of one topic"), *(_number(one.per_topic) for one in (before, after))),
        (_("stories of one provider"), *(_number(one.per_provider) for one in (before, after))),
        (_("quiet day"), *(wording.quiet_day_in_words(one.quiet_day) for one in (before, after))),
        (_("style"), *(wording.style_in_words(one.style) for one in (before, after))),
        (_("mention"), *(_role(one.mention_role_id) for one in (before, after))),
    ]
    return [
        _("{what} {old} → {new}").format(what=what, old=old, new=new)
        if _is_mark(old) or _is_mark(new)
        else _("{what} {old} → {new}").format(what=what, old=escape(old), new=escape(new))
        for what, old, new in pairs
        if old != new
    ]


def order_buttons(subscription: Subscription) -> Components:
    """Return the buttons for a subscription: preview, send now, edit, pause or resume, unsubscribe."""
    number = subscription.id
    paused = subscription.state is SubscriptionState.PAUSED
    buttons = [
        layout.button(_("Preview"), f"order:preview:{number}"),
        layout.button(_("Send now"), f"order:now:{number}", disabled=paused),
        layout.button(_("Edit"), f"order:edit:{number}"),
        *([layout.button(_("Resume"), f"order:resume:{number}", style=layout.PRIMARY)] if paused else []),
        layout.button(_("Unsubscribe"), f"order:unsubscribe:{number}"),
    ]
    rows = [layout.row(*buttons)]
    return rows if paused else [*rows, layout.row(_pauses(number))]


def pick_order(subscriptions: Sequence[tuple[Subscription, str]], first_shown: int = 0) -> Component:
    """Return a select of labelled subscriptions: all of them, or a slice if there are too many."""
    if len(subscriptions) > limits.SELECT_OPTIONS:
        subscriptions = subscriptions[first_shown:]
    options = [Option(clip(label, 100), str(one.id)) for one, label in subscriptions]
    return layout.row(layout.select("orderpick", _("Preview, pause or end one …"), options))


def _pauses(number: int) -> Component:
    names = {"1": _("for a day"), "7": _("for a week"), "0": _("until it is resumed")}
    return layout.select(f"orderpause:{number}", _("Pause …"), [Option(names[days], days) for days in PAUSES])


def _channel(subscription: Subscription) -> str:
    if subscription.channel_kind is ChannelKind.DM:
        return _("your direct messages")
    return f"<#{subscription.channel_id}>"


def _filters(wanted: Sequence[str], excluded: Sequence[str]) -> str:
    named = [*wanted, *(f"−{name}" for name in excluded)]
    return clip(", ".join(named), _LONGEST) if named else _("all")


def _keywords(subscription: Subscription) -> str:
    return clip(subscription.query or ", ".join(subscription.keywords), _LONGEST) or _("none")


def _number(value: int | None) -> str:
    return _("the usual") if value is None else str(value)


def _role(role_id: int | None) -> str:
    return f"<@&{role_id}>" if role_id is not None else _("nobody")


def _is_mark(text: str) -> bool:
    return text.startswith("<")
