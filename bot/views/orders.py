"""The buttons under an answer about subscriptions."""

from __future__ import annotations

from dataclasses import replace

import discord

from bot.interactions import orders
from bot.interactions.destination import check_still_open
from bot.interactions.host import BotInteraction
from bot.interactions.panel import Panel, show_panel
from bot.interactions.resolve_subscription import next_due, scope
from bot.interactions.responses import begin_press, reply
from bot.render.subscriptions import render_own, render_subscription
from bot.views.item import Press
from digests.models import Purpose, Subscription
from digests.typed.timezones import parse_timezone


class OrderButton(Press, template=r"order:(?P<action>preview|now|edit|resume|unsubscribe):(?P<id>\d{1,18})"):
    """Shows, sends, changes, resumes or ends one subscription."""

    async def press(self, interaction: BotInteraction) -> None:
        """Do what the button says."""
        action = self.match["action"]
        await begin_press(interaction, separately=action in ("preview", "now", "edit"))
        services = interaction.client.services
        subscription = await _subscription(interaction, int(self.match["id"]))
        match action:
            case "preview":
                await reply(interaction, *await orders.preview_order(services, subscription))
            case "now":
                await check_still_open(interaction, subscription)
                await reply(interaction, await orders.send_order_now(services, subscription))
            case "edit":
                if subscription.purpose is Purpose.STORY:
                    await reply(interaction, render_own(subscription, next_due(services, subscription, services.now())))
                    return
                await reply(interaction, await show_panel(services, Panel(subscription, subscription)))
            case "resume":
                await check_still_open(interaction, subscription)
                await reply(interaction, await orders.resume_order(services, subscription))
            case _:
                await reply(interaction, await orders.end_order(services, subscription))


class OrderPause(Press, template=r"orderpause:(?P<id>\d{1,18})"):
    """Pauses one subscription for the chosen time."""

    async def press(self, interaction: BotInteraction) -> None:
        """Pause it."""
        await begin_press(interaction)
        subscription = await _subscription(interaction, int(self.match["id"]))
        assert isinstance(self.item, discord.ui.Select)
        days = int(self.item.values[0])
        paused = await orders.pause_order(interaction.client.services, subscription, interaction.user.id, days)
        await reply(interaction, paused)


class OrderUndo(Press, template=r"orderundo:(?P<token>\d{1,18})"):
    """Restores a subscription that was ended."""

    async def press(self, interaction: BotInteraction) -> None:
        """Restore it."""
        await begin_press(interaction)
        token, user_id = int(self.match["token"]), interaction.user.id
        back = await orders.undo_end(interaction.client.services, token, guild_id=interaction.guild_id, user_id=user_id)
        await reply(interaction, back)


class OrderZone(Press, template=r"orderzone:(?P<id>\d{1,18}):(?P<zone>[A-Za-z_+\-/0-9]{1,60})"):
    """Sets the time zone that was suggested."""

    async def press(self, interaction: BotInteraction) -> None:
        """Change the order's zone."""
        await begin_press(interaction)
        services = interaction.client.services
        subscription = await _subscription(interaction, int(self.match["id"]))
        zone = parse_timezone(self.match["zone"], services.now())
        await reply(
            interaction,
            await orders.edit_order(services, subscription, {"cadence": replace(subscription.cadence, timezone=zone)}),
        )


class OrderPick(Press, template=r"orderpick"):
    """Shows the subscription chosen from the list."""

    async def press(self, interaction: BotInteraction) -> None:
        """Show it with its buttons."""
        await begin_press(interaction, separately=True)
        services = interaction.client.services
        assert isinstance(self.item, discord.ui.Select)
        subscription = await _subscription(interaction, int(self.item.values[0]))
        failed = await services.editions.failed(subscription.id)
        due = next_due(services, subscription, services.now())
        latest = await services.past_editions.latest(subscription.id)
        await reply(
            interaction,
            render_subscription(subscription, due, failed.get(subscription.id), latest.get(subscription.id)),
        )


async def _subscription(interaction: BotInteraction, id: int) -> Subscription:
    return await interaction.client.services.subscriptions.get(id, **scope(interaction))
