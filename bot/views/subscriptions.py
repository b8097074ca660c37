"""Paging through the subscriptions of a guild or a member."""

from __future__ import annotations

from bot import pages
from bot.commands.digest.picking import scope
from bot.permissions import check_asker_is_manager
from bot.replies import Asked, begin_press, reply
from bot.views.press import Press


class SubscriptionsPage(Press, template=r"subscriptions:(?P<page>\d{1,6})"):
    """Turns to another page of subscriptions."""

    async def press(self, interaction: Asked) -> None:
        """Shows the page to those who may change them."""
        check_asker_is_manager(interaction)
        await begin_press(interaction)
        services = interaction.client.services
        await reply(interaction, await pages.subscriptions_page(services, **scope(interaction), page=self.page))
