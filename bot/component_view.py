"""A discord.py view that sends ready-made components, as discord.py accepts components only in views."""

from __future__ import annotations

import logging
import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any, Final, TypeVar

import discord

from bot.render.layout import Components, count, text_chars, without_pictures

_log = logging.getLogger(__name__)
_Result = TypeVar("_Result")

_INVALID_FORM_BODY: Final = 50035
# discord.py flattens Discord's tree of errors into lines such as "In components.0.accessory.media.url: …".
_OF_A_PICTURE: Final = re.compile(r"\bcomponents\.\S*\bmedia\b")


class ComponentView(discord.ui.LayoutView):
    """Sends components as they are, through any `view=` parameter of discord.py.

    It has no items: presses are dispatched by custom_id to the dynamic items of `bot.views`, so discord.py has nothing
    to listen for and nothing to keep until a timeout.
    """

    def __init__(self, components: Sequence[Mapping[str, Any]]) -> None:
        super().__init__(timeout=None)
        self._ready: Components = [dict(component) for component in components]

    def to_components(self) -> Components:
        """Return the components."""
        return self._ready

    def has_components_v2(self) -> bool:
        """Make discord.py set the message flag."""
        return True

    def is_finished(self) -> bool:
        """Keep discord.py from storing the view: `InteractionResponse.send_message` asks this and nothing else."""
        return True

    @property
    def total_children_count(self) -> int:
        """The number of components, including nested ones."""
        return count(self._ready)

    def content_length(self) -> int:
        """Count the characters of all text displays."""
        return text_chars(self._ready)


async def readable(
    components: Sequence[Mapping[str, Any]], send: Callable[[ComponentView], Awaitable[_Result]]
) -> _Result:
    """Send components; if Discord refuses the address of a picture, send them again without pictures.

    Only Discord knows which addresses it accepts, and people came for the text.

    Args:
        components: What to send.
        send: Sends it. A refused request creates no message, so the second attempt can't create a duplicate.

    Raises:
        discord.HTTPException: Discord refuses it for another reason, or again.
    """
    try:
        return await send(ComponentView(components))
    except discord.HTTPException as error:
        if error.code != _INVALID_FORM_BODY or _OF_A_PICTURE.search(error.text) is None:
            raise
        _log.warning("Discord refused a picture; sending without pictures: %s", " ".join(error.text.split())[:300])
    return await send(ComponentView(without_pictures(components)))
