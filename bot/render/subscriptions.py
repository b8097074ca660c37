"""Shows subscriptions: where, when, about what, and why one is paused."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from bot.render import layout, pieces, wording
from bot.render.latest import latest_lines
from bot.render.layout import Components
from bot.render.markdown import clip, escape, stamp
from bot.render.orders import changes, order_buttons, pick_order, trial_line
from digests.i18n import _, ngettext
from digests.models import ChannelKind, FailedEdition, Failure, LatestEditions, Purpose, Subscription, SubscriptionState
from digests.models.trials import Trial

SUBSCRIPTIONS_A_PAGE = 5
OWN_SHOWN = 10
"""How many of a member's own orders get a button in one message."""
OWN_CHARS = 250
_NAMES_SHOWN = 12


def render_subscribed(
    subscription: Subscription,
    next_due: datetime | None,
    others: Sequence[Subscription] = (),
    trial: Trial | None = None,
    likely_zone: str | None = None,
    *,
    is_zone_unknown: bool = False,
) -> Components:
    """Return the answer to a new subscription.

    Args:
        subscription: The new one.
        next_due: When its first edition is due.
        others: Subscriptions that the same channel has already.
        trial: What it would have delivered lately.
        likely_zone: The user's probable time zone, if none was given.
        is_zone_unknown: No time zone was given, and there is none to suggest.
    """
    cadence = escape(wording.cadence_in_words(subscription.cadence))
    if subscription.channel_kind is ChannelKind.DM:
        done = _("Subscribed: you get the paper here {cadence}.").format(cadence=cadence)
    else:
        done = _("Subscribed: {channel} gets the paper {cadence}.").format(
            channel=_channel(subscription), cadence=cadence
        )
    before = _others(subscription, others)
    tried = trial_line(trial) if trial is not None else ""
    asked = (
        _("These times are in {zone}. Do you mean {likely}?").format(
            zone=subscription.cadence.timezone, likely=escape(likely_zone)
        )
        if likely_zone
        else _("You gave no time zone, so these times are in UTC. *Edit* takes a city, such as Berlin.")
        if is_zone_unknown
        else ""
    )
    body = pieces.lines(done, _next_line(next_due), asked, tried, before, *_particulars(subscription))
    rows = order_buttons(subscription)
    if likely_zone:
        label = _("Use {zone}").format(zone=likely_zone.replace("_", " "))
        use = layout.button(label, f"orderzone:{subscription.id}:{likely_zone}", style=layout.PRIMARY)
        rows.insert(0, layout.row(use))
    return [layout.container([layout.text(body), *rows], layout.GREEN)]


def render_changed(
    before: Subscription, after: Subscription, next_due: datetime | None, trial: Trial | None = None
) -> Components:
    """Return the answer to an edit: what changed, and what the order would have delivered lately."""
    changed = changes(before, after) or [_("Nothing changed: it was already set up this way.")]
    tried = trial_line(trial) if trial is not None else ""
    head = f"**{_sentence_start(_channel(after))}** {pieces.small_id(after.id)}".rstrip()
    paused = after.state is SubscriptionState.PAUSED
    when = _paused_line(after) if paused else _next_line(next_due)
    body = pieces.lines(head, *(_sentence_start(line) for line in changed), tried, when, *_particulars(after))
    return [layout.container([layout.text(body), *order_buttons(after)], layout.AMBER if paused else layout.GREEN)]


def render_already_ordered(subscription: Subscription, next_due: datetime | None) -> Components:
    """Return the answer to an order that exists already."""
    message = _("{channel} already gets this paper, so nothing was added. You can change it here:").format(
        channel=_sentence_start(_channel(subscription))
    )
    body = pieces.lines(message, "", _whole(subscription, next_due, None))
    return [layout.container([layout.text(body), *order_buttons(subscription)], layout.AMBER)]


def render_unsubscribed(message: str, undo: str) -> Components:
    """Return the answer to an unsubscription; `undo` is the custom_id of the button that reverts it."""
    return [layout.container([layout.text(message), layout.row(layout.button(_("Undo"), undo))], layout.GREEN)]


def render_papers(
    papers: Sequence[tuple[Subscription, datetime | None]], own: Sequence[tuple[Subscription, datetime | None]]
) -> Components:
    """Return which channels get a paper, when and about what, and the user's own orders with Stop buttons."""
    lines = [f"## {_('Papers on this server')}"] if papers or not own else []
    if not papers and not own:
        lines.append(_("No channel that you can see gets a paper yet, and you have none by direct message."))
        lines.append(pieces.small(_("Send me `/digest subscribe` in a direct message to get one of your own.")))
    lines += [_paper_line(*one) for one in papers]
    if own:
        lines.append(f"## {_('Your own, by direct message')}")
    body: Components = [layout.text(clip_lines(lines, 3800 - OWN_CHARS * min(len(own), OWN_SHOWN)))]
    for subscription, due in own[:OWN_SHOWN]:
        stop = layout.button(_("Stop"), f"own:stop:{subscription.id}")
        body.append(layout.section(_own_line(subscription, due), stop))
    if len(own) > OWN_SHOWN:
        rest = [(one, clip(_own_name(one), 100)) for one, _due in own[OWN_SHOWN:]]
        options = [layout.Option(name, str(one.id)) for one, name in rest]
        body.append(layout.row(layout.select("ownpick", _("+{count} more …").format(count=len(rest)), options)))
    return [layout.container(body, layout.INK)]


def render_own(subscription: Subscription, next_due: datetime | None, trial: Trial | None = None) -> Components:
    """Return a member's own order, with a select for the hour and a Stop button.

    Args:
        subscription: Which.
        next_due: None while it is paused.
        trial: What it would have brought lately; None to leave that out.
    """
    tried = trial_line(trial) if trial is not None else ""
    done = {
        Purpose.PAPER: _("You get this paper by direct message:"),
        Purpose.SEARCH: _("I'll write to you when there is more, at most once a day:"),
        Purpose.STORY: _("I'll write to you when there is news about this story, at most once a day:"),
    }[subscription.purpose]
    all_of_them = pieces.small(_("All of yours: `/papers`"))
    body = pieces.lines(done, _own_line(subscription, next_due), tried, all_of_them)
    zone = subscription.cadence.timezone
    names = [f"{hour:02}:00" for hour in range(24)]
    placeholder = _("At another hour ({zone}) …").format(zone=zone)
    hours = layout.select(f"ownhour:{subscription.id}", placeholder, [layout.Option(name, name) for name in names])
    stop = layout.button(_("Stop"), f"own:stop:{subscription.id}")
    return [layout.container([layout.text(body), layout.row(hours), layout.row(stop)], layout.GREEN)]


def _own_name(subscription: Subscription) -> str:
    about = wording.about_in_words(subscription)
    match subscription.purpose:
        case Purpose.SEARCH:
            return _("More on {what}").format(what=about)
        case Purpose.STORY:
            return _("News in {what}").format(what=about)
        case Purpose.PAPER:
            return _("A paper about {what}").format(what=about) if about else _("A paper")


def _own_line(subscription: Subscription, next_due: datetime | None) -> str:
    when = escape(wording.cadence_in_words(subscription.cadence))
    paused = subscription.state is SubscriptionState.PAUSED
    coming = "" if next_due is None else _("next check {ago}").format(ago=stamp(next_due))
    return pieces.lines(
        f"**{escape(clip(_own_name(subscription), 120))}**",
        pieces.small(pieces.byline(when, coming)),
        clip(_paused_line(subscription), 300) if paused else "",
    )


def clip_lines(lines: Sequence[str], most_chars: int) -> str:
    """Return as many lines as fit, and the number of the others."""
    shown: list[str] = []
    for number, line in enumerate(lines):
        if sum(map(len, shown)) + len(shown) + len(line) > most_chars:
            shown.append(wording.more(len(lines) - number))
            break
        shown.append(line)
    return "\n".join(shown)


def _paper_line(subscription: Subscription, next_due: datetime | None) -> str:
    about = escape(clip(wording.about_in_words(subscription), 200))
    when = escape(wording.cadence_in_words(subscription.cadence))
    coming = _("next {ago}").format(ago=stamp(next_due)) if next_due is not None else _("paused")
    return pieces.lines(
        f"- **{_sentence_start(_channel(subscription))}** · {when} · {coming}",
        f"  {pieces.small(about)}" if about else "",
    )


def render_subscription(
    subscription: Subscription,
    next_due: datetime | None,
    failed: FailedEdition | None = None,
    latest: LatestEditions | None = None,
) -> Components:
    """Return one subscription with all details.

    Args:
        subscription: Which.
        next_due: None if nothing is due (it is paused).
        failed: Its last edition, if that did not arrive completely.
        latest: Its last digest.
    """
    paused = subscription.state is SubscriptionState.PAUSED
    return [
        layout.container(
            [layout.text(_whole(subscription, next_due, failed, latest)), *order_buttons(subscription)],
            layout.AMBER if paused else layout.GREY,
        )
    ]


def render_subscriptions(
    subscriptions: Sequence[tuple[Subscription, tuple[datetime, ...]]],
    page: int = 0,
    failed: Mapping[int, FailedEdition] | None = None,
    latest: Mapping[int, LatestEditions] | None = None,
) -> Components:
    """Return a page of subscriptions, each with its next due times; pages count from 0.

    `failed` has, by subscription, the last editions that did not arrive completely; `latest` the last digests.
    """
    heading = f"## {_('Subscriptions')}"
    if not subscriptions:
        nothing = _("None yet. `/digest subscribe` makes one.")
        return [layout.container([layout.text(pieces.lines(heading, nothing))], layout.GREY)]
    entries = [
        _whole(
            subscription,
            times[0] if times else None,
            (failed or {}).get(subscription.id),
            (latest or {}).get(subscription.id),
        )
        for subscription, times in subscriptions
    ]
    pages = pieces.paged(entries, chars=3600, most=SUBSCRIPTIONS_A_PAGE)
    page = pieces.at_page(page, len(pages))
    count = ngettext("{count} subscription", "{count} subscriptions", len(entries)).format(count=len(entries))
    of_pages = _("page {page} of {pages}").format(page=page + 1, pages=len(pages)) if len(pages) > 1 else ""
    body: Components = [layout.text(pieces.lines(heading, pieces.small(pieces.byline(count, of_pages))))]
    for entry in pages[page]:
        body += [layout.separator(), layout.text(entry)]
    labels = [(one, wording.order_label(one)) for one, _times in subscriptions]
    body.append(pick_order(labels, sum(map(len, pages[:page]))))
    if buttons := layout.pager("subscriptions", page, len(pages)):
        body.append(layout.row(*buttons))
    return [layout.container(body, layout.GREY)]


def render_next(subscription: Subscription, times: Sequence[datetime]) -> Components:
    """Return a subscription's next due times, soonest first."""
    heading = _("### Next editions for {channel}").format(channel=_channel(subscription))
    under = pieces.small(escape(wording.cadence_in_words(subscription.cadence)))
    if subscription.state is SubscriptionState.PAUSED:
        coming = [_paused_line(subscription)]
    elif times:
        coming = [f"- {stamp(moment, 'F')} ({stamp(moment)})" for moment in times]
    else:
        coming = [_("None: no day and time fits.")]
    return [layout.container([layout.text(pieces.lines(heading, under, *coming))], layout.GREY)]


def _whole(
    subscription: Subscription,
    next_due: datetime | None,
    failed: FailedEdition | None,
    latest: LatestEditions | None = None,
) -> str:
    paused = subscription.state is SubscriptionState.PAUSED
    return pieces.lines(
        f"**{_sentence_start(_channel(subscription))}** {pieces.small_id(subscription.id)}".rstrip(),
        escape(_sentence_start(wording.cadence_in_words(subscription.cadence))),
        _paused_line(subscription) if paused else _next_line(next_due),
        _failed_line(failed) if failed is not None else "",
        *latest_lines(latest),
        *_particulars(subscription),
    )


def _others(subscription: Subscription, others: Sequence[Subscription]) -> str:
    if not others:
        return ""
    numbers = wording.shortened([pieces.small_id(other.id) for other in others], 5)
    return ngettext(
        "This channel gets another digest as well: {numbers}.",
        "This channel gets {count} other digests as well: {numbers}.",
        len(others),
    ).format(count=len(others), numbers=numbers)


def _channel(subscription: Subscription) -> str:
    if subscription.channel_kind is ChannelKind.DM:
        return _("your direct messages")
    return f"<#{subscription.channel_id}>"


def _next_line(next_due: datetime | None) -> str:
    if next_due is None:
        return ""
    return _("Next edition: {when} ({ago})").format(when=stamp(next_due, "F"), ago=stamp(next_due))


def _paused_line(subscription: Subscription) -> str:
    if subscription.paused_by is not None and not subscription.paused_reason:
        who = f"<@{subscription.paused_by}>"
        if subscription.paused_until is not None:
            end = stamp(subscription.paused_until, "f")
            return _("**Paused** by {who} until {end}. `/digest resume` ends the pause sooner.").format(
                who=who, end=end
            )
        return _("**Paused** by {who}. `/digest resume` ends the pause.").format(who=who)
    reason = escape(clip(subscription.paused_reason or "", 300))
    if not reason:
        return _("**Paused.** `/digest resume` ends the pause.")
    # The reason says what to do; some pauses end on their own.
    return _("**Paused:** {reason}").format(reason=_as_sentence(reason))


def _failed_line(failed: FailedEdition) -> str:
    day = stamp(failed.due_at, "D")
    if failed.arrived_count:
        what = ngettext(
            "⚠ The digest of {day} did not arrive completely: {arrived} of {count} message.",
            "⚠ The digest of {day} did not arrive completely: {arrived} of {count} messages.",
            failed.part_count,
        ).format(day=day, arrived=failed.arrived_count, count=failed.part_count)
    elif failed.failure is Failure.DOUBTFUL:
        what = _("⚠ I could not find out whether the digest of {day} arrived.").format(day=day)
    else:
        what = _("⚠ The digest of {day} did not arrive.").format(day=day)
    again = _("Its stories come with the next one.") if failed.comes_again else ""
    return " ".join(sentence for sentence in (what, _failure(failed), again) if sentence)


def _failure(failed: FailedEdition) -> str:
    begun = failed.arrived_count > 0
    match failed.failure:
        case Failure.REFUSED:
            return _("Discord refused the rest.") if begun else _("Discord refused it.")
        case Failure.BLOCKED if begun:
            return _("The server's AutoMod blocked the rest; exempt me there.")
        case Failure.BLOCKED:
            return _("The server's AutoMod blocked it; exempt me there.")
        case Failure.GAVE_UP:
            return _("The rest could not be sent for hours.") if begun else _("It could not be sent for hours.")
        case Failure.DOUBTFUL:
            return _("Discord did not say whether the rest did.") if begun else ""


def _particulars(subscription: Subscription) -> list[str]:
    def names(words: Sequence[str]) -> str:
        return escape(clip(wording.shortened(words, _NAMES_SHOWN), 400))

    followed = clip(subscription.story.lead.title, 200) if subscription.story is not None else ""
    shown = [
        _("Follows: {title}").format(title=escape(followed)) if followed else "",
        _("Topics: {names}").format(names=names(subscription.topics)) if subscription.topics else "",
        _("Providers: {names}").format(names=names(subscription.providers)) if subscription.providers else "",
        _("Not these topics: {names}").format(names=names(subscription.excluded_topics))
        if subscription.excluded_topics
        else "",
        _("Not these providers: {names}").format(names=names(subscription.excluded_providers))
        if subscription.excluded_providers
        else "",
        _("Keywords: {names}").format(names=names(subscription.keywords)) if subscription.keywords else "",
        _("Keywords: {query}").format(query=escape(clip(subscription.query, 400))) if subscription.query else "",
    ]
    numbers = []
    if subscription.max_stories is not None:
        numbers.append(
            ngettext("at most {count} story", "at most {count} stories", subscription.max_stories).format(
                count=subscription.max_stories
            )
        )
    numbers += wording.caps_in_words(subscription)
    if subscription.min_quality:
        numbers.append(_("quality {quality} or better").format(quality=subscription.min_quality))
    if subscription.mention_role_id is not None:
        numbers.append(_("mentions <@&{role}>").format(role=subscription.mention_role_id))
    numbers.append(wording.style_in_words(subscription.style))
    numbers.append(_("on a quiet day {what}").format(what=wording.quiet_day_in_words(subscription.quiet_day)))
    return [pieces.small(line) for line in (*shown, _sentence_start(pieces.byline(*numbers))) if line]


def _sentence_start(words: str) -> str:
    return words[:1].upper() + words[1:]


def _as_sentence(sentence: str) -> str:
    return sentence if sentence.endswith((".", "!", "?", "…")) else f"{sentence}."
