"""`/digest list`, `next`, `pause`, `resume` and `unsubscribe`: looking after subscriptions."""

from __future__ import annotations

from discord import app_commands
from discord.app_commands import locale_str

from bot.commands.autocomplete import complete_subscription
from bot.commands.digest import option_names
from bot.commands.digest.destination import check_still_open
from bot.interactions import pages
from bot.interactions.host import BotInteraction
from bot.interactions.permissions import check_asker_is_manager
from bot.interactions.resolve_subscription import next_due, resolve_subscription, scope
from bot.interactions.responses import begin, reply
from bot.render.markdown import escape
from bot.render.notice import notice
from bot.render.subscriptions import render_next, render_subscription
from bot.render.wording import cadence_in_words
from digests.i18n import _
from digests.models import ChannelKind, Subscription

DUE_TIMES_SHOWN = 5


@app_commands.command(name="list", description=locale_str("The subscriptions here, and why one is paused"))
async def list_command(interaction: BotInteraction) -> None:
    """Lists the guild's subscriptions, or the member's own."""
    check_asker_is_manager(interaction)
    await begin(interaction)
    await reply(interaction, await pages.subscriptions_page(interaction.client.services, **scope(interaction), page=0))


@app_commands.command(name="next", description=locale_str("When the next five editions are due"))
@app_commands.describe(subscription=option_names.SUBSCRIPTION)
@app_commands.autocomplete(subscription=complete_subscription)
async def next_command(interaction: BotInteraction, subscription: str | None = None) -> None:
    """Shows due times."""
    check_asker_is_manager(interaction)
    await begin(interaction)
    services = interaction.client.services
    found = await resolve_subscription(interaction, subscription)
    times = services.subscriptions.next_due(found, services.now(), DUE_TIMES_SHOWN)
    await reply(interaction, render_next(found, times))


@app_commands.command(name="pause", description=locale_str("Hold a subscription back until it is resumed"))
@app_commands.describe(subscription=option_names.SUBSCRIPTION)
@app_commands.autocomplete(subscription=complete_subscription)
async def pause(interaction: BotInteraction, subscription: str | None = None) -> None:
    """Pauses a subscription."""
    check_asker_is_manager(interaction)
    await begin(interaction)
    services = interaction.client.services
    found = await resolve_subscription(interaction, subscription)
    reason = _("{name} paused it. /digest resume goes on with it.").format(name=f"<@{interaction.user.id}>")
    paused = await services.subscriptions.pause(found.id, reason, services.now())
    failed = await services.editions.failed(paused.id)
    await reply(interaction, render_subscription(paused, None, failed.get(paused.id)))


@app_commands.command(name="resume", description=locale_str("Go on with a paused subscription"))
@app_commands.describe(subscription=option_names.SUBSCRIPTION)
@app_commands.autocomplete(subscription=complete_subscription)
async def resume(interaction: BotInteraction, subscription: str | None = None) -> None:
    """Resumes a subscription, if the bot may post where it goes."""
    check_asker_is_manager(interaction)
    await begin(interaction)
    services = interaction.client.services
    found = await resolve_subscription(interaction, subscription)
    await check_still_open(interaction, found)
    now = services.now()
    resumed = await services.subscriptions.resume(found.id, now)
    failed = await services.editions.failed(resumed.id)
    await reply(interaction, render_subscription(resumed, next_due(services, resumed, now), failed.get(resumed.id)))


@app_commands.command(name="unsubscribe", description=locale_str("End a subscription"))
@app_commands.describe(subscription=option_names.SUBSCRIPTION)
@app_commands.autocomplete(subscription=complete_subscription)
async def unsubscribe(interaction: BotInteraction, subscription: str | None = None) -> None:
    """Removes a subscription and says what it was."""
    check_asker_is_manager(interaction)
    await begin(interaction)
    found = await resolve_subscription(interaction, subscription)
    await reply(interaction, notice(_farewell(await interaction.client.services.subscriptions.unsubscribe(found.id))))


def _farewell(gone: Subscription) -> str:
    cadence = escape(cadence_in_words(gone.cadence))
    if gone.channel_kind is ChannelKind.DM:
        return _("Unsubscribed: you get no more digests here (they came {cadence}).").format(cadence=cadence)
    return _("Unsubscribed: <#{channel}> gets no more digests (they came {cadence}).").format(
        channel=gone.channel_id, cadence=cadence
    )
