"""Paging through the subscriptions of a guild or a member."""

from __future__ import annotations

from bot.interactions import pages
from bot.interactions.host import BotInteraction
from bot.interactions.resolve_subscription import scope
from bot.interactions.responses import begin_press, reply
from bot.views.item import Press


class SubscriptionsPage(Press, template=r"subscriptions:(?P<page>\d{1,6})"):
    """Turns to another page of subscriptions."""

    async def press(self, interaction: BotInteraction) -> None:
        """Show the page."""
        await begin_press(interaction)
        services = interaction.client.services
        await reply(interaction, await pages.subscriptions_page(services, **scope(interaction), page=self.page))
