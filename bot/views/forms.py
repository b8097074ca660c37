"""Dispatches submitted forms by their custom_id, and handles their errors."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from bot.errors import answer_error
from bot.interactions.host import BotInteraction
from bot.interactions.responses import use_asker_language
from bot.views.digest import WHY_PREFIX, take_why
from bot.views.panel import take_panel
from digests.errors import NotFound
from digests.i18n import _


async def take_form(interaction: BotInteraction) -> None:
    """Answer a form, even after a restart: its custom_id says what it is for."""
    use_asker_language(interaction)
    data: Mapping[str, Any] = interaction.data or {}
    custom_id = str(data.get("custom_id", ""))
    kind, _colon, token = custom_id.partition(":")
    written = {str(part["custom_id"]): str(part.get("value", "")) for part in _fields(data.get("components", ()))}
    try:
        if not (token.isascii() and token.isdigit() and len(token) < 19):
            raise NotFound(_("This form is not one of mine. Use the command again."))
        if f"{kind}:" == WHY_PREFIX:
            await take_why(interaction, token, written.get("address", ""))
        else:
            await take_panel(interaction, token, written)
    except Exception as error:  # noqa: BLE001 - a border: mapped to a sentence and, where it is ours, a log line
        await answer_error(interaction, error, doing=custom_id)


def _fields(components: Any) -> Iterator[Mapping[str, Any]]:
    for row in components:
        for part in (*row.get("components", ()), *([row["component"]] if "component" in row else ())):
            if "custom_id" in part:
                yield part
