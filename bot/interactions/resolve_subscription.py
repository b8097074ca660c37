"""Finds the subscription that a person means, among the guild's or in the member's own direct messages."""

from __future__ import annotations

from datetime import datetime
from typing import TypedDict

from bot.interactions.host import BotInteraction
from bot.interactions.permissions import is_manager
from bot.render.markdown import clip
from bot.render.wording import about_in_words, cadence_in_words
from bot.services import Services
from digests.errors import InvalidInput, NotFound
from digests.i18n import _
from digests.models import ChannelKind, Subscription, SubscriptionState, Suggestion


class Scope(TypedDict):
    """Whose subscriptions: a guild's, or a member's own."""

    guild_id: int | None
    user_id: int | None


def scope(interaction: BotInteraction) -> Scope:
    """Return whose subscriptions are visible where the command is used."""
    if interaction.guild_id is not None:
        return {"guild_id": interaction.guild_id, "user_id": None}
    return {"guild_id": None, "user_id": interaction.user.id}


async def resolve_subscription(interaction: BotInteraction, typed: str | None) -> Subscription:
    """Return the subscription that was typed, or the only one here.

    Raises:
        NotFound: There is none, or none like this.
        InvalidInput: Several could be meant.
    """
    found = await interaction.client.services.subscriptions.list_for(**scope(interaction))
    if not found:
        raise NotFound(_("There is no subscription here yet. /digest subscribe makes one."))
    if typed is not None:
        name = typed.strip().removeprefix("#").casefold()
        # The option's choices send the number, and a channel's name may be the number of another subscription.
        matching = [subscription for subscription in found if str(subscription.id) == name] or [
            subscription for subscription in found if _name(interaction, subscription).casefold() == name
        ]
        if not matching:
            raise NotFound(_("There is no such subscription (any more). Pick one from the option's list."))
    else:
        here = [subscription for subscription in found if subscription.channel_id == interaction.channel_id]
        matching = here if len(here) == 1 else list(found)
    if len(matching) > 1:
        raise InvalidInput(_("There are several subscriptions. Pick one with the subscription option."))
    return matching[0]


async def suggest_subscriptions(interaction: BotInteraction, current: str) -> list[Suggestion]:
    """Return the subscriptions whose name or number contains what was typed, if the user may change them."""
    if interaction.guild_id is not None and not is_manager(interaction.permissions):
        return []
    found = await interaction.client.services.subscriptions.list_for(**scope(interaction))
    labels = [(subscription, _label(interaction, subscription)) for subscription in found]
    typed = current.strip().casefold()
    return [
        Suggestion(clip(label, 100), str(subscription.id))
        for subscription, label in labels
        if typed in label.casefold() or typed == str(subscription.id)
    ]


def next_due(services: Services, subscription: Subscription, now: datetime) -> datetime | None:
    """Return when a subscription's next edition is due; None while it is paused."""
    if subscription.state is SubscriptionState.PAUSED:
        return None
    return next(iter(services.subscriptions.next_due(subscription, now, 1)), None)


def _name(interaction: BotInteraction, subscription: Subscription) -> str:
    """Return the channel's current name, or the one it had when it was subscribed."""
    if subscription.channel_kind is ChannelKind.DM:
        return _("your direct messages")
    channel = interaction.guild.get_channel_or_thread(subscription.channel_id) if interaction.guild else None
    return channel.name if channel is not None else subscription.channel_name or str(subscription.channel_id)


def _label(interaction: BotInteraction, subscription: Subscription) -> str:
    name = _name(interaction, subscription)
    if subscription.channel_kind is not ChannelKind.DM:
        name = f"#{name}"
    about = about_in_words(subscription)
    paused = _("paused") if subscription.state is SubscriptionState.PAUSED else ""
    return " · ".join(part for part in (name, paused, cadence_in_words(subscription.cadence), about) if part)
