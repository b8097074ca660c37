"""Paging through and sharing one story."""

from __future__ import annotations

from bot import pages
from bot.replies import Asked, begin_press, check_may_share, reply, reply_beside, speak_to_channel
from bot.views.press import Press


class StoryPage(Press, template=r"story:(?P<ref>[0-9a-f]{16}):(?P<page>\d{1,6})"):
    """Shows a story whole, or another page of its round-up."""

    async def press(self, interaction: Asked) -> None:
        """Shows the page."""
        await begin_press(interaction)
        await reply(interaction, await pages.story_page(interaction.client.services, self.match["ref"], self.page))


class ShareStory(Press, template=r"sharestory:(?P<ref>[0-9a-f]{16}):(?P<page>\d{1,6})"):
    """Posts a story for everybody."""

    async def press(self, interaction: Asked) -> None:
        """Posts the page into the channel and leaves the private one as it is."""
        check_may_share(interaction)
        await interaction.response.defer()
        speak_to_channel(interaction)
        shown = await pages.story_page(interaction.client.services, self.match["ref"], self.page, shared=True)
        await reply_beside(interaction, shown, public=True)
