"""What a digest left out, and the numbers behind a preview."""

from __future__ import annotations

from bot.interactions import pages
from bot.interactions.host import BotInteraction
from bot.interactions.responses import begin_press, reply
from bot.views.item import Press


class LeftOutPage(Press, template=r"left:(?P<composition>\d{1,19}):(?P<page>\d{1,6})"):
    """The "+7 more" of a digest."""

    async def press(self, interaction: BotInteraction) -> None:
        """Show the stories that the limits kept out; a preview stays as it is, a page of them is turned in place."""
        await begin_press(interaction, beside=self._stands_in_digest())
        services = interaction.client.services
        await reply(interaction, await pages.left_out_page(services, self.match["composition"], self.page))

    def _stands_in_digest(self) -> bool:
        """Tell a digest's own button from those between pages, which are always two."""
        ids = [str(getattr(item, "custom_id", "")) for item in self.view.walk_children()] if self.view else []
        return sum(custom_id.startswith("left:") for custom_id in ids) == 1


class ExplainPage(Press, template=r"explain:(?P<token>\d{1,19}):(?P<page>\d{1,6})"):
    """The numbers behind a preview, page by page."""

    async def press(self, interaction: BotInteraction) -> None:
        """Show the page."""
        await begin_press(interaction)
        await reply(interaction, await pages.explain_page(interaction.client.services, self.match["token"], self.page))
