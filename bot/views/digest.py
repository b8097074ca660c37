"""What a digest left out, and the numbers behind a preview."""

from __future__ import annotations

from typing import Any

import discord

from bot.interactions import orders, pages
from bot.interactions.host import BotInteraction
from bot.interactions.resolve_subscription import scope
from bot.interactions.responses import begin_press, reply
from bot.views.item import Press
from digests.errors import NotFound
from digests.i18n import _

WHY_PREFIX = "whyform:"
_FORM_S = 900.0


class LeftOutPage(Press, template=r"left:(?P<composition>\d{1,19}):(?P<page>\d{1,6})"):
    """The "+7 more" of a digest."""

    async def press(self, interaction: BotInteraction) -> None:
        """Show the stories that limits left out: below a digest in a new message, otherwise in place."""
        await begin_press(interaction, separately=self._is_in_digest())
        services = interaction.client.services
        await reply(interaction, await pages.left_out_page(services, self.match["composition"], self.page))

    def _is_in_digest(self) -> bool:
        """Check whether the button is a digest's own, and not one of the two between pages."""
        ids = [str(getattr(item, "custom_id", "")) for item in self.view.walk_children()] if self.view else []
        return sum(custom_id.startswith("left:") for custom_id in ids) == 1


class ExplainPage(Press, template=r"explain:(?P<token>\d{1,19}):(?P<page>\d{1,6})"):
    """The numbers behind a preview, page by page."""

    async def press(self, interaction: BotInteraction) -> None:
        """Show the page."""
        await begin_press(interaction)
        await reply(interaction, await pages.explain_page(interaction.client.services, self.match["token"], self.page))


class ExplainEdition(Press, template=r"explainedition:(?P<id>\d{1,18})"):
    """Selects another edition to explain."""

    async def press(self, interaction: BotInteraction) -> None:
        """Show the numbers behind it."""
        await begin_press(interaction)
        services = interaction.client.services
        assert isinstance(self.item, discord.ui.Select)
        value = self.item.values[0]
        subscription = await services.subscriptions.get(int(self.match["id"]), **scope(interaction))
        if value == "next":
            await reply(interaction, await orders.explain_next(services, subscription))
            return
        past = await services.past_editions.list_past(subscription.id)
        edition = next((one for one in past if str(one.id) == value), None)
        if edition is None:
            raise NotFound(_("This edition is too old to explain. Pick a later one."))
        await reply(interaction, await pages.explain_edition(services, subscription, edition))


class WhyAbsent(Press, template=r"why:(?P<token>\d{1,19})"):
    """Opens the form that asks for the address of a missing article."""

    async def press(self, interaction: BotInteraction) -> None:
        """Open it."""
        await interaction.response.send_modal(WhyForm(self.match["token"]))


class WhyForm(discord.ui.Modal):
    """Asks for an address. `take_why` handles it, even after a restart, so `on_submit` does nothing."""

    def __init__(self, token: str) -> None:
        super().__init__(title=_("Why was this not in it?"), custom_id=f"{WHY_PREFIX}{token}", timeout=_FORM_S)
        field: discord.ui.TextInput[WhyForm] = discord.ui.TextInput(
            custom_id="address", placeholder="https://example.com/story", max_length=2000
        )
        self.add_item(discord.ui.Label(text=_("The article's address"), component=field))

    async def on_submit(self, interaction: discord.Interaction[Any]) -> None:
        """Leave the answer to `take_why`."""


async def take_why(interaction: BotInteraction, token: str, address: str) -> None:
    """Explain in a new message why the article at an address is not in a digest."""
    await begin_press(interaction, separately=True)
    channel_id = interaction.channel_id
    await reply(interaction, await pages.why_absent(interaction.client.services, token, address, channel_id))
