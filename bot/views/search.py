"""Paging through, picking from and sharing an answer of `/news` or `/latest`."""

from __future__ import annotations

import discord

from bot.interactions import pages
from bot.interactions.host import BotInteraction
from bot.interactions.responses import begin_press, begin_sharing, reply, share
from bot.views.item import Press


class SearchPage(Press, template=r"search:(?P<token>\d{1,19}):(?P<page>\d{1,6})"):
    """Turns to another page."""

    async def press(self, interaction: BotInteraction) -> None:
        """Show the page."""
        await begin_press(interaction)
        await reply(interaction, await pages.search_page(interaction.client.services, self.match["token"], self.page))


class AsTyped(Press, template=r"astyped:(?P<token>\d{1,19})"):
    """Searches for exactly what was typed, after a misspelt word was corrected."""

    async def press(self, interaction: BotInteraction) -> None:
        """Replace the results with those of the uncorrected query."""
        await begin_press(interaction)
        await reply(interaction, await pages.search_as_typed(interaction.client.services, self.match["token"]))


class PickStory(Press, template=r"pick:(?P<token>\d{1,19})(?::(?P<page>\d{1,6}))?"):
    """Selects a story on a search page or under a digest."""

    async def press(self, interaction: BotInteraction) -> None:
        """Show the whole story: in place of private results, with a way back; next to a public message as a new one."""
        back = f"{self.match['token']}-{self.page}" if self.match["page"] is not None else ""
        await begin_press(interaction, separately=not back)
        assert isinstance(self.item, discord.ui.Select)
        services, ref = interaction.client.services, self.item.values[0]
        await reply(interaction, await pages.story_page(services, ref, 0, back=back))


class ShareSearch(Press, template=r"share:(?P<token>\d{1,19}):(?P<page>\d{1,6})"):
    """Posts a page of results for everybody."""

    async def press(self, interaction: BotInteraction) -> None:
        """Post the page to the channel and leave the private message as it is."""
        await begin_sharing(interaction)
        shown = await pages.search_page(interaction.client.services, self.match["token"], self.page, shared=True)
        await share(interaction, shown)
