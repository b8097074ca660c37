"""What a digest left out, and the numbers behind a preview."""

from __future__ import annotations

from bot import pages
from bot.replies import Asked, begin_press, reply
from bot.views.press import Press


class LeftOutPage(Press, template=r"left:(?P<composition>\d{1,19}):(?P<page>\d{1,6})"):
    """The "+7 more" of a digest."""

    async def press(self, interaction: Asked) -> None:
        """Shows the stories that the limits kept out."""
        await begin_press(interaction)
        services = interaction.client.services
        await reply(interaction, await pages.left_out_page(services, self.match["composition"], self.page))


class ExplainPage(Press, template=r"explain:(?P<token>\d{1,19}):(?P<page>\d{1,6})"):
    """The numbers behind a preview, page by page."""

    async def press(self, interaction: Asked) -> None:
        """Shows the page."""
        await begin_press(interaction)
        await reply(interaction, await pages.explain_page(interaction.client.services, self.match["token"], self.page))
