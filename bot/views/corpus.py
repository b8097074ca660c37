"""Paging through the corpus's problems."""

from __future__ import annotations

from bot import pages
from bot.permissions import check_asker_is_operator
from bot.replies import Asked, begin_press, reply
from bot.views.press import Press


class ProblemsPage(Press, template=r"problems:(?P<page>\d{1,6})"):
    """Turns to another page of problems."""

    async def press(self, interaction: Asked) -> None:
        """Shows the page to those who may run the corpus."""
        check_asker_is_operator(interaction)
        await begin_press(interaction)
        await reply(interaction, await pages.problems_page(interaction.client.services, self.page))
