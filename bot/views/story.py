"""Paging through and sharing one story."""

from __future__ import annotations

from bot.interactions import pages
from bot.interactions.host import BotInteraction
from bot.interactions.responses import begin_press, begin_sharing, reply, share
from bot.views.item import Press


class StoryPage(
    Press,
    template=r"story:(?P<ref>[0-9a-f]{16}(?:-[0-9a-f]{8})?):(?P<page>\d{1,6})(?::(?P<back>\d{1,19}-\d{1,6}))?",
):
    """Shows a whole story, or another page of its round-up."""

    async def press(self, interaction: BotInteraction) -> None:
        """Show the page."""
        await begin_press(interaction)
        services, back = interaction.client.services, self.match["back"] or ""
        await reply(interaction, await pages.story_page(services, self.match["ref"], self.page, back=back))


class ShareStory(Press, template=r"sharestory:(?P<ref>[0-9a-f]{16}(?:-[0-9a-f]{8})?):(?P<page>\d{1,6})"):
    """Posts a story for everybody."""

    async def press(self, interaction: BotInteraction) -> None:
        """Post the page to the channel and leave the private message as it is."""
        await begin_sharing(interaction)
        shown = await pages.story_page(interaction.client.services, self.match["ref"], self.page, shared=True)
        await share(interaction, shown)
