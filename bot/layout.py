"""The view that carries ready components through discord.py, which takes nothing else."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import discord

from bot.render.layout import Components, count, text_chars


class Layout(discord.ui.LayoutView):
    """Sends components as they are, with any of discord.py's `view=` parameters.

    It has no items: presses are dispatched by custom_id to the dynamic items of `bot.views`, so there is nothing to
    listen for and nothing that discord.py would have to keep until a timeout.
    """

    def __init__(self, components: Sequence[Mapping[str, Any]]) -> None:
        super().__init__(timeout=None)
        self._ready: Components = [dict(component) for component in components]

    def to_components(self) -> Components:
        """Returns the components."""
        return self._ready

    def has_components_v2(self) -> bool:
        """Makes discord.py set the message flag."""
        return True

    def is_finished(self) -> bool:
        """Keeps discord.py from storing the view: `InteractionResponse.send_message` asks this and nothing else."""
        return True

    @property
    def total_children_count(self) -> int:
        """Number of components, nested ones included."""
        return count(self._ready)

    def content_length(self) -> int:
        """Characters over all text displays."""
        return text_chars(self._ready)
