"""Names of commands in our sentences, made into mentions that can be pressed."""

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
# Ours stand in code; a backtick of somebody else's text is escaped.
_IN_CODE: Final = re.compile(rf"(?<!\\)`/{_NAMES}`")
_BARE: Final = re.compile(rf"(?<![\w`/<=?&.\\-])/{_NAMES}(?![\w/:-])")


def pressable(components: Iterable[Mapping[str, Any]], ids: Mapping[str, int], *, bare: bool = False) -> Components:
    """Return components whose texts mention commands so that a press opens them.

    Args:
        components: A message.
        ids: Discord's ids of the top-level commands by name; what has none stays as it is.
        bare: Also names that stand in no code, as in the sentences of errors.
    """
    given = [dict(component) for component in components]
    if not ids:
        return given
    made = [_made(component, ids, _BARE if bare else _IN_CODE) for component in given]
    # A mention is longer than the name; a message at its limit keeps the names.
    return made if layout.fits(made) else given


def _made(component: Component, ids: Mapping[str, int], pattern: re.Pattern[str]) -> Component:
    if component["type"] == layout.TEXT_DISPLAY:
        return {**component, "content": pattern.sub(lambda found: _mention(found, ids), component["content"])}
    if "components" in component:
        return {**component, "components": [_made(part, ids, pattern) for part in component["components"]]}
    return component


def _mention(found: re.Match[str], ids: Mapping[str, int]) -> str:
    name = found["name"]
    command_id = ids.get(name.partition(" ")[0])
    return f"</{name}:{command_id}>" if command_id else found[0]
