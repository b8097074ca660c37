"""Paging through the corpus's problems."""

from __future__ import annotations

from bot.interactions import pages
from bot.interactions.host import BotInteraction
from bot.interactions.permissions import check_asker_is_operator
from bot.interactions.responses import begin_press, reply
from bot.views.item import Press


class ProblemsPage(Press, template=r"problems:(?P<page>\d{1,6})"):
    """Turns to another page of problems."""

    async def press(self, interaction: BotInteraction) -> None:
        """Show the page to those who may run the corpus."""
        check_asker_is_operator(interaction)
        await begin_press(interaction)
        await reply(interaction, await pages.problems_page(interaction.client.services, self.page))
