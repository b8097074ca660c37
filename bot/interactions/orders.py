"""The actions on one subscription, shared by commands and buttons."""

from __future__ import annotations

from datetime import timedelta

from pydantic import TypeAdapter

from bot.interactions import pages
from bot.interactions.loading import check_loaded
from bot.interactions.previews import preview_of_now
from bot.interactions.resolve_subscription import next_due
from bot.render.digest import render_digest
from bot.render.layout import Components
from bot.render.markdown import clip, escape
from bot.render.notice import notice
from bot.render.subscriptions import render_changed, render_subscription, render_unsubscribed
from bot.render.wording import about_in_words, cadence_in_words
from bot.services import Services
from digests.errors import NotFound
from digests.i18n import _
from digests.models import ChannelKind, Purpose, Subscription
from digests.models.trials import Trial
from digests.service.edition_composer import presentation_of
from digests.service.trials import try_order

_SUBSCRIPTION = TypeAdapter(Subscription)
_UNDO = "unsubscribed"


async def trial_of(services: Services, subscription: Subscription) -> Trial:
    """Return what a subscription would have delivered in the last days."""
    policy = services.editions.policy_for(subscription)
    return await try_order(services.digests, policy, subscription.cadence.timezone, services.now())


async def preview_order(services: Services, subscription: Subscription) -> list[Components]:
    """Return the messages that a subscription would get right now."""
    policy = services.editions.policy_for(subscription)
    asked = preview_of_now(services, policy, subscription.cadence.timezone, services.now(), subscription)
    token, digest = await pages.new_preview(services, asked)
    shape = presentation_of(subscription)
    parts = render_digest(digest, shape, composition_id=token, look=services.look, so_far=True, is_preview=True)
    return [part.components for part in parts]


async def explain_next(services: Services, subscription: Subscription) -> Components:
    """Return the numbers behind what a subscription would get right now."""
    policy = services.editions.policy_for(subscription)
    asked = preview_of_now(services, policy, subscription.cadence.timezone, services.now(), subscription)
    token, digest = await pages.new_preview(services, asked)
    return pages.explanation(digest, token, 0, await pages.explained_editions(services, subscription, None))


async def send_order_now(services: Services, subscription: Subscription) -> Components:
    """Send the current edition early; return the answer."""
    await check_loaded(services)
    edition = await services.editions.send_now(subscription.id, services.now(), services.render)
    where = place_of(subscription)
    if edition is None:
        return notice(_("There is nothing new for {channel} yet, so I didn't send anything.").format(channel=where))
    return notice(_("On its way: the edition appears in {channel} in a moment.").format(channel=where))


async def pause_order(services: Services, subscription: Subscription, who_id: int, days: int) -> Components:
    """Pause a subscription for `days` (0: until it is resumed); return it afterwards."""
    now = services.now()
    until = now + timedelta(days=days) if days else None
    paused = await services.subscriptions.pause(subscription.id, "", now, by=who_id, until=until)
    failed = await services.editions.failed(paused.id)
    return render_subscription(paused, None, failed.get(paused.id))


async def resume_order(services: Services, subscription: Subscription) -> Components:
    """Resume a subscription whose channel was checked; return it afterwards."""
    now = services.now()
    resumed = await services.subscriptions.resume(subscription.id, now)
    failed = await services.editions.failed(resumed.id)
    return render_subscription(resumed, next_due(services, resumed, now), failed.get(resumed.id))


async def end_order(services: Services, subscription: Subscription) -> Components:
    """Remove a subscription; return the answer, with an undo button."""
    gone = await services.subscriptions.unsubscribe(subscription.id)
    value = _SUBSCRIPTION.dump_python(gone, mode="json")
    token = await services.button_state.save(_UNDO, value, services.now())
    cadence = escape(cadence_in_words(gone.cadence))
    if gone.purpose is not Purpose.PAPER:
        message = _("Stopped: I won't write to you about {what} any more.").format(
            what=escape(clip(about_in_words(gone), 200))
        )
    elif gone.channel_kind is ChannelKind.DM:
        message = _("Unsubscribed: you get no more digests by direct message (they came {cadence}).").format(
            cadence=cadence
        )
    else:
        message = _("Unsubscribed: {channel} gets no more digests (they came {cadence}).").format(
            channel=place_of(gone), cadence=cadence
        )
    return render_unsubscribed(message, f"orderundo:{token}")


async def undo_end(services: Services, token: int, *, guild_id: int | None, user_id: int | None) -> Components:
    """Restore a removed subscription and return it.

    Raises:
        NotFound: It was removed too long ago, or belongs to another server or member.
        InvalidInput: It has been restored already, or there are too many by now.
    """
    value = await services.button_state.find(_UNDO, token)
    gone = _SUBSCRIPTION.validate_python(value) if value is not None else None
    # A subscription by DM belongs to the member, wherever they press the button.
    theirs = gone is not None and (gone.creator_id == user_id if gone.guild_id is None else gone.guild_id == guild_id)
    if gone is None or not theirs:
        raise NotFound(_("It is too late to undo this. /digest subscribe makes a new one."))
    equal = await services.subscriptions.find_equal(gone)
    back = equal if equal is not None else await services.subscriptions.restore(gone, services.now())
    return render_subscription(back, next_due(services, back, services.now()))


async def edit_order(services: Services, before: Subscription, changes: dict[str, object]) -> Components:
    """Change a subscription; return the differences."""
    now = services.now()
    after = await services.subscriptions.edit(before.id, now, **changes)
    return render_changed(before, after, next_due(services, after, now), await trial_of(services, after))


def place_of(subscription: Subscription) -> str:
    """Return a subscription's channel as a mention."""
    if subscription.channel_kind is ChannelKind.DM:
        return _("your direct messages")
    return f"<#{subscription.channel_id}>"
