"""Discord's limits that rendering has to keep to, each with its source, and a few of our own that follow from them.

Sources: "reference" is components/reference and "channel" resources/channel in Discord's documentation, "spec" its
OpenAPI document. Lengths are counted in UTF-16 units, never fewer than the code points that Discord may count.
"""

from __future__ import annotations

from typing import Final

COMPONENTS: Final = 40
"""Components in one message, including nested ones and accessories (reference, "Legacy Message Component Behavior")."""
TEXT_CHARS: Final = 4000
"""Characters in all text displays of one message together (reference; spec: TextDisplay.content)."""
SECTION_TEXTS: Final = 3
"""Text displays in a section (spec: SectionComponentForMessageRequest)."""
GALLERY_ITEMS: Final = 10
"""Pictures in a media gallery (spec: MediaGalleryComponentForMessageRequest)."""
ROW_BUTTONS: Final = 5
"""Buttons in an action row; a select takes a whole row (spec: ActionRowComponentForMessageRequest)."""
CUSTOM_ID_CHARS: Final = 100
"""Length of a custom_id, unique within its message (spec: ButtonComponentForMessageRequest)."""
LABEL_CHARS: Final = 80
"""Length of a button's label (spec)."""
SELECT_OPTIONS: Final = 25
"""Options in a string select (spec: StringSelectComponentForMessageRequest)."""
OPTION_CHARS: Final = 100
"""Length of an option's label, value and description (spec: StringSelectOptionForRequest)."""
PLACEHOLDER_CHARS: Final = 150
"""Length of a select's placeholder (spec)."""
MEDIA_URL_CHARS: Final = 2048
"""Length of a picture's address (spec: UnfurledMediaRequest)."""
ALT_CHARS: Final = 1024
"""Length of a picture's description, at least 1 (spec: ThumbnailComponentForMessageRequest)."""
ACCENT_MAX: Final = 0xFFFFFF
"""Largest accent colour of a container (spec). discord.py 2.7.1 can't set 0, which is therefore not used."""
COMPONENT_ID_MAX: Final = 2**31 - 1
"""Largest numeric id of a component; 0 means none (spec: int32, minimum 0)."""
POST_TITLE_CHARS: Final = 100
"""Length of a thread's or forum post's name (channel, "Start Thread in Forum or Media Channel")."""

MENTION_COMPONENTS: Final = 1
"""Components kept free in every part for the text display with the role mention."""
MENTION_CHARS: Final = 32
"""Characters kept free in every part for the mention itself: `<@&` + 20 digits + `>`."""


def length(text: str) -> int:
    """Return the length of text in UTF-16 units, the most that Discord may count."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2
