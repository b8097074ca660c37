"""Components V2 as plain values: builders and counting.

Knows the shapes of Discord's components, but neither news nor discord.py. Callers have to keep to the limits; the
builders only clip what can simply be clipped (labels, options, alt texts).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

from bot.render import limits
from bot.render.markdown import clip, plain
from digests.i18n import _

Component: TypeAlias = dict[str, Any]
Components: TypeAlias = list[Component]

ACTION_ROW: Final = 1
BUTTON: Final = 2
STRING_SELECT: Final = 3
SECTION: Final = 9
TEXT_DISPLAY: Final = 10
THUMBNAIL: Final = 11
MEDIA_GALLERY: Final = 12
SEPARATOR: Final = 14
CONTAINER: Final = 17

PRIMARY: Final = 1
SECONDARY: Final = 2

INK: Final = 0x8C2F39
"""The paper's own colour, for everything with news in it."""
SEPIA: Final = 0xA68A64
"""For old news from the archive."""
GREEN: Final = 0x3F7D58
"""For an action that was done."""
AMBER: Final = 0xD08C34
"""For something that needs attention."""
RED: Final = 0xD83C3E
"""For an error."""
GREY: Final = 0x80848E
"""For everything else."""


# --------------------------------------------------------------------------- builders


@dataclass(frozen=True, slots=True)
class Option:
    """One option of a select; `value` is what Discord sends back."""

    label: str
    value: str
    description: str = ""


def text(content: str) -> Component:
    """Make a text display; `content` is markdown, not empty, with text from outside already escaped."""
    return {"type": TEXT_DISPLAY, "content": content}


def section(content: str, accessory: Component) -> Component:
    """Make a section of text with a thumbnail or a button to its right."""
    return {"type": SECTION, "components": [text(content)], "accessory": accessory}


def thumbnail(url: str, description: str) -> Component:
    """Make a small picture, to be a section's accessory."""
    return {"type": THUMBNAIL, **_medium(url, description)}


def gallery(url: str, description: str) -> Component:
    """Make a gallery of one large picture."""
    return {"type": MEDIA_GALLERY, "items": [_medium(url, description)]}


def separator(*, line: bool = True, wide: bool = False) -> Component:
    """Make a space between components, with or without a line."""
    return {"type": SEPARATOR, "divider": line, "spacing": 2 if wide else 1}


def container(components: Iterable[Component], accent: int = INK) -> Component:
    """Make the frame around a message's components."""
    return {"type": CONTAINER, "accent_color": accent, "components": list(components)}


def row(*components: Component) -> Component:
    """Make a row of buttons, or one select."""
    return {"type": ACTION_ROW, "components": list(components)}


def button(label: str, custom_id: str, *, style: int = SECONDARY, disabled: bool = False) -> Component:
    """Make a button that is answered by custom_id."""
    made: Component = {
        "type": BUTTON,
        "style": style,
        "label": clip(label, limits.LABEL_CHARS),
        "custom_id": custom_id,
    }
    return made | {"disabled": True} if disabled else made


def select(custom_id: str, placeholder: str, options: Iterable[Option]) -> Component:
    """Make a drop-down of at most 25 options; of two with the same value the first is kept."""
    distinct: dict[str, Component] = {}
    for option in options:
        if len(distinct) == limits.SELECT_OPTIONS:
            break
        made: Component = {"label": clip(option.label, limits.OPTION_CHARS) or option.value, "value": option.value}
        if description := clip(option.description, limits.OPTION_CHARS):
            made["description"] = description
        distinct.setdefault(option.value, made)
    return {
        "type": STRING_SELECT,
        "custom_id": custom_id,
        "placeholder": clip(placeholder, limits.PLACEHOLDER_CHARS),
        "options": list(distinct.values()),
    }


def pager(prefix: str, page: int, page_count: int, suffix: str = "") -> Components:
    """Make buttons to the previous and next page, with custom_ids `PREFIX:PAGE` plus suffix; none for a single page.

    A button that leads nowhere is disabled rather than missing, so that the other one doesn't move.
    """
    if page_count < 2:
        return []
    first, last = page <= 0, page >= page_count - 1
    return [
        button(_("◀ Back"), f"{prefix}:{max(page - 1, 0)}{suffix}", disabled=first),
        button(_("Next ▶"), f"{prefix}:{page + 1}{suffix}", disabled=last),
    ]


def _medium(url: str, description: str) -> Component:
    made: Component = {"media": {"url": url}}
    if words := clip(plain(description), limits.ALT_CHARS):
        made["description"] = words
    return made


# --------------------------------------------------------------------------- counting


def walk(components: Iterable[Component]) -> Iterator[Component]:
    """Yield every component, including nested ones and accessories."""
    for component in components:
        yield component
        yield from walk(component.get("components", ()))
        if accessory := component.get("accessory"):
            yield accessory


def count(components: Iterable[Component]) -> int:
    """Return the number of components in a message, as Discord counts them."""
    return sum(1 for _component in walk(components))


def text_chars(components: Iterable[Component]) -> int:
    """Return the total length of a message's texts, as counted by `limits.length`."""
    return sum(limits.length(found["content"]) for found in walk(components) if found["type"] == TEXT_DISPLAY)


def fits(components: Iterable[Component]) -> bool:
    """Check whether components are within a message's limits, with room left for a role mention."""
    components = list(components)
    return (
        count(components) <= limits.COMPONENTS - limits.MENTION_COMPONENTS
        and text_chars(components) <= limits.TEXT_CHARS - limits.MENTION_CHARS
    )


# --------------------------------------------------------------------------- sending


def without_pictures(components: Iterable[Mapping[str, Any]]) -> Components:
    """Return components without their pictures."""
    kept: Components = []
    for component in components:
        if component["type"] == SECTION and component["accessory"]["type"] == THUMBNAIL:
            kept.extend(component["components"])
        elif component["type"] == CONTAINER:
            kept.append({**component, "components": without_pictures(component["components"])})
        elif component["type"] != MEDIA_GALLERY:
            kept.append(dict(component))
    return kept


def stamped(components: Sequence[Mapping[str, Any]], marker: int, mention_role_id: int | None = None) -> Components:
    """Return a copy with the marker set on its container and, if given, a role mention before it.

    Args:
        components: A rendered part, which has a container.
        marker: The container's numeric id, 1 to 2**31 - 1, by which it is found in the channel's history after a
            crash.
        mention_role_id: None for no mention. Rendering has left room for it.

    Raises:
        ValueError: There is no container, or `marker` is out of range.
    """
    if not 0 < marker <= limits.COMPONENT_ID_MAX:
        raise ValueError(f"{marker} can't be a component's id")
    # Only the outermost components change, so only they are copied: ten thousand channels may get the same part.
    copied: Components = [dict(component) for component in components]
    outermost = next((component for component in copied if component["type"] == CONTAINER), None)
    if outermost is None:
        raise ValueError("a part without a container can't be marked")
    outermost["id"] = marker
    if mention_role_id is not None:
        copied.insert(0, text(f"<@&{mention_role_id}>"))
    return copied
