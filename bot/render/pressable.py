"""Turns names of commands in our sentences into clickable mentions."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any, Final

from bot.render import layout
from bot.render.layout import Component, Components

_NAMES: Final = (
    r"(?P<name>digest (?:subscribe|list|next|edit|pause|resume|unsubscribe|preview|now)"
    r"|corpus (?:reload|status|problems)|news|latest|papers|help)"
)
# Our command names are in code spans; backticks in text from outside are escaped.
_IN_CODE: Final = re.compile(rf"(?<!\\)`/{_NAMES}`")
_BARE: Final = re.compile(rf"(?<![\w`/<=?&.\\-])/{_NAMES}(?![\w/:-])")


def pressable(components: Iterable[Mapping[str, Any]], ids: Mapping[str, int], *, bare: bool = False) -> Components:
    """Return components in whose texts command names are clickable.

    Args:
        components: A message.
        ids: Ids of the top-level commands by name; a command without an id stays as it is.
        bare: Also replace names outside code spans, as in error sentences.
    """
    given = [dict(component) for component in components]
    if not ids:
        return given
    made = [_with_mentions(component, ids, _BARE if bare else _IN_CODE) for component in given]
    # A mention is longer than the name; a message at its limit keeps the names.
    return made if layout.fits(made) else given


def _with_mentions(component: Component, ids: Mapping[str, int], pattern: re.Pattern[str]) -> Component:
    if component["type"] == layout.TEXT_DISPLAY:
        return {**component, "content": pattern.sub(lambda found: _mention(found, ids), component["content"])}
    if "components" in component:
        return {**component, "components": [_with_mentions(part, ids, pattern) for part in component["components"]]}
    return component


def _mention(found: re.Match[str], ids: Mapping[str, int]) -> str:
    name = found["name"]
    command_id = ids.get(name.partition(" ")[0])
    return f"</{name}:{command_id}>" if command_id else found[0]
