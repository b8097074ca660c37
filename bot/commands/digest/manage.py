"""`/digest list`, `next`, `pause`, `resume` and `unsubscribe`."""

from __future__ import annotations

from discord import app_commands
from discord.app_commands import locale_str

from bot.commands.autocomplete import complete_subscription
from bot.commands.digest import option_descriptions
from bot.interactions import orders, pages
from bot.interactions.destination import check_still_open
from bot.interactions.host import BotInteraction
from bot.interactions.resolve_subscription import resolve_subscription, scope
from bot.interactions.responses import begin, reply
from bot.render.subscriptions import render_next

DUE_TIMES_SHOWN = 5


@app_commands.command(name="list", description=locale_str("The subscriptions here, and why one is paused"))
async def list_command(interaction: BotInteraction) -> None:
    """List the guild's subscriptions, or the member's own."""
    await begin(interaction)
    await reply(interaction, await pages.subscriptions_page(interaction.client.services, **scope(interaction), page=0))


@app_commands.command(name="next", description=locale_str("When the next five editions are due"))
@app_commands.describe(subscription=option_descriptions.SUBSCRIPTION)
@app_commands.autocomplete(subscription=complete_subscription)
async def next_command(interaction: BotInteraction, subscription: str | None = None) -> None:
    """Show due times."""
    await begin(interaction)
    services = interaction.client.services
    found = await resolve_subscription(interaction, subscription)
    times = services.subscriptions.next_due(found, services.now(), DUE_TIMES_SHOWN)
    await reply(interaction, render_next(found, times))


@app_commands.command(name="pause", description=locale_str("Pause a subscription until it is resumed"))
@app_commands.describe(subscription=option_descriptions.SUBSCRIPTION)
@app_commands.autocomplete(subscription=complete_subscription)
async def pause(interaction: BotInteraction, subscription: str | None = None) -> None:
    """Pause a subscription."""
    await begin(interaction)
    found = await resolve_subscription(interaction, subscription)
    await reply(interaction, await orders.pause_order(interaction.client.services, found, interaction.user.id, 0))


@app_commands.command(name="resume", description=locale_str("Resume a paused subscription"))
@app_commands.describe(subscription=option_descriptions.SUBSCRIPTION)
@app_commands.autocomplete(subscription=complete_subscription)
async def resume(interaction: BotInteraction, subscription: str | None = None) -> None:
    """Resume a subscription, if the bot may post in its channel."""
    await begin(interaction)
    found = await resolve_subscription(interaction, subscription)
    await check_still_open(interaction, found)
    await reply(interaction, await orders.resume_order(interaction.client.services, found))


@app_commands.command(name="unsubscribe", description=locale_str("End a subscription"))
@app_commands.describe(subscription=option_descriptions.SUBSCRIPTION)
@app_commands.autocomplete(subscription=complete_subscription)
async def unsubscribe(interaction: BotInteraction, subscription: str | None = None) -> None:
    """Remove a subscription and say what it was."""
    await begin(interaction)
    found = await resolve_subscription(interaction, subscription)
    await reply(interaction, await orders.end_order(interaction.client.services, found))
