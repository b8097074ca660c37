"""The selects and buttons of the panel, and the form that one of them opens."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import discord

from bot.interactions import panel as panels
from bot.interactions.destination import check_still_open, destination
from bot.interactions.host import BotInteraction
from bot.interactions.permissions import check_asker_is_manager
from bot.interactions.responses import begin_press, reply
from bot.render.layout import Components
from bot.views.item import Press
from digests.errors import BroadsheetError, Forbidden, NotFound
from digests.i18n import _
from digests.models import Subscription
from digests.typed.likely_zone import likely_timezone

FORM_PREFIX = "panelform:"
_FORM_S = 900.0
"""Discord keeps a form's interaction alive for fifteen minutes."""


class PanelChoice(Press, template=r"panel:(?P<token>\d{1,18}):(?P<what>topics|providers|days|style|quiet)"):
    """Applies a choice and shows the panel again."""

    async def press(self, interaction: BotInteraction) -> None:
        """Apply the choice."""
        await begin_press(interaction)
        services = interaction.client.services
        panel = await panels.get_panel(services, int(self.match["token"]))
        assert isinstance(self.item, discord.ui.Select)
        shown = {option.value for option in self.item.options}
        changed = await panels.choose(services, panel, self.match["what"], self.item.values, shown)
        await reply(interaction, await panels.show_panel(services, changed))


class PanelChannel(Press, template=r"panel:(?P<token>\d{1,18}):channel"):
    """Changes the channel, if the bot may post there."""

    async def press(self, interaction: BotInteraction) -> None:
        """Change the channel, or say which permissions are missing there."""
        await begin_press(interaction)
        services = interaction.client.services
        panel = await panels.get_panel(services, int(self.match["token"]))
        assert isinstance(self.item, discord.ui.ChannelSelect)
        try:
            place = await destination(interaction, self.item.values[0])
            panel = panels.with_channel(panel, place.channel_id, place.kind, place.name)
        except BroadsheetError as error:
            panel = replace(panel, fault=str(error))
        await reply(interaction, await panels.show_panel(services, panel))


class PanelButton(Press, template=r"panel:(?P<token>\d{1,18}):(?P<what>save|preview|cancel|form)"):
    """Saves, previews or closes a panel, or opens its form."""

    async def press(self, interaction: BotInteraction) -> None:
        """Do what the button says."""
        services, what = interaction.client.services, self.match["what"]
        token = int(self.match["token"])
        if what == "form":
            panel = await panels.get_panel(services, token)
            await interaction.response.send_modal(PanelForm(panel, token))
            return
        await begin_press(interaction, separately=what == "preview")
        panel = await panels.get_panel(services, token)
        if what == "preview":
            await reply(interaction, *await panels.preview_panel(services, panel))
        elif what == "cancel":
            await reply(interaction, panels.cancelled(panel))
        else:
            await reply(interaction, await self._save(interaction, panel))

    @staticmethod
    async def _save(interaction: BotInteraction, panel: panels.Panel) -> Components:
        """Save, unless the bot may not post in the new channel."""
        services = interaction.client.services
        if panel.seen is None or panel.draft.channel_id != panel.seen.channel_id:
            try:
                await check_still_open(interaction, panel.draft)
            except (Forbidden, NotFound) as error:
                return await panels.show_panel(services, replace(panel, fault=str(error)))
        return await panels.save(services, panel)


class SetUp(Press, template=r"setup"):
    """Opens the panel of a new order for the button's channel."""

    async def press(self, interaction: BotInteraction) -> None:
        """Open the panel for managers of the server; Discord lets anybody press a button, so it is checked here."""
        check_asker_is_manager(interaction)
        await begin_press(interaction)
        services = interaction.client.services
        place = await destination(interaction, None)
        likely = likely_timezone(str(interaction.locale)) if services.default_cadence.timezone == "UTC" else None
        draft = Subscription(
            guild_id=interaction.guild_id,
            channel_id=place.channel_id,
            channel_kind=place.kind,
            channel_name=place.name,
            creator_id=interaction.user.id,
            created_at=services.now(),
            cadence=replace(services.default_cadence, timezone=likely or services.default_cadence.timezone),
            quiet_day=services.default_quiet_day,
            style=services.default_style,
            language=str(interaction.guild_locale or interaction.locale),
        )
        await reply(interaction, await panels.show_panel(services, panels.Panel(draft, is_zone_guessed=True)))


class PanelForm(discord.ui.Modal):
    """What is typed rather than chosen. `take_panel` handles it, even after a restart, so `on_submit` does nothing."""

    def __init__(self, panel: panels.Panel, token: int) -> None:
        super().__init__(title=_("Time, zone and words"), custom_id=f"{FORM_PREFIX}{token}", timeout=_FORM_S)
        draft = panel.draft
        times = ", ".join(at.strftime("%H:%M") for at in draft.cadence.times)
        words = panels.words_as_typed(draft)
        fields = (
            ("time", _("Times"), _("08:00, or several: 08:00, 18:30"), times, True),
            ("timezone", _("Time zone"), _("A city, such as Berlin"), draft.cadence.timezone, True),
            ("keywords", _("Only stories with"), _('Words, "phrases", -not, OR; empty for all'), words, False),
            (
                *("max_stories", _("Stories at most")),
                _("One number, or three: total, per topic, per provider, as in 10, 5, 3; empty for the default"),
                *(panels.limits_as_typed(draft), False),
            ),
            ("min_quality", _("Lowest quality"), _("0 to 200; empty for the default"), _text(draft.min_quality), False),
        )
        for name, label, hint, value, required in fields:
            field: discord.ui.TextInput[PanelForm] = discord.ui.TextInput(
                custom_id=name, default=panel.refused.get(name, value) or None, required=required, max_length=500
            )
            # Not as a placeholder: a field with a value shows none.
            self.add_item(discord.ui.Label(text=label, description=hint, component=field))

    async def on_submit(self, interaction: discord.Interaction[Any]) -> None:
        """Leave the answer to `take_panel`."""


async def take_panel(interaction: BotInteraction, token: str, written: Mapping[str, str]) -> None:
    """Apply what was typed into a panel's form and show the panel again."""
    await begin_press(interaction)
    services = interaction.client.services
    panel = await panels.get_panel(services, int(token))
    await reply(interaction, await panels.show_panel(services, await panels.fill_in(services, panel, written)))


def _text(value: int | None) -> str:
    return "" if value is None else str(value)
