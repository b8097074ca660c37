"""How a paper looks: its name, and the colour and emoji of each topic.

A topic always has the same colour: it is derived from the topic's name alone.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import Final

from bot.render.markdown import clip, escape
from digests.bounded_cache import cached
from digests.i18n import _

MASTHEAD_CHARS: Final = 60
TOPIC_CHARS: Final = 80
EMOJI_CHARS: Final = 60

# Twenty hues of equal chroma, at a lightness with a contrast of 3 or more against both white and Discord's dark
# background (a test computes it): a topic must be recognisable in either theme.
ACCENTS: Final = (
    0xCF5975,
    0xD15C54,
    0xCC622E,
    0xBD6D02,
    0xA87805,
    0x948000,
    0x7B8800,
    0x558F24,
    0x0E944C,
    0x009271,
    0x029088,
    0x068E9A,
    0x088BAE,
    0x0887CB,
    0x497FDA,
    0x7077DB,
    0x8E6ED3,
    0xA667C4,
    0xB960AE,
    0xC75B93,
)
NO_TOPIC: Final = 0x7C808A
"""Colour of stories without a topic."""

_CUSTOM_EMOJI = re.compile(r"<a?:\w{2,32}:\d{1,20}>")


@dataclass(frozen=True, slots=True)
class Look:
    """The paper's name, and the emoji of its topics by their names."""

    masthead: str = "The Daily Broadsheet"
    emoji: Mapping[str, str] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """The paper's name, escaped and never empty."""
        return escape(clip(self.masthead, MASTHEAD_CHARS)) or _("The Daily Broadsheet")

    def topic_line(self, topic: str | None, name: str) -> str:
        """Return a topic's heading: its emoji, if any, and its name."""
        words = escape(clip(name, TOPIC_CHARS))
        emoji = self.mark(topic)
        return f"{emoji} **{words}**" if emoji else f"**{words}**"

    def mark(self, topic: str | None) -> str:
        """Return a topic's emoji, or "" if it has none."""
        if topic is None or not self.emoji:
            return ""
        found = self.emoji.get(topic)
        if found is None:
            wanted = topic.casefold()
            found = next((emoji for name, emoji in self.emoji.items() if name.casefold() == wanted), "")
        return found if is_emoji(found) else ""


@cached(4096)
def accent(topic: str | None) -> int:
    """Return a topic's colour, always the same for the same name in any case."""
    if topic is None or not topic.strip():
        return NO_TOPIC
    hashed = blake2b(topic.strip().casefold().encode("utf-8", "surrogatepass"), digest_size=4).digest()
    return ACCENTS[int.from_bytes(hashed) % len(ACCENTS)]


def is_emoji(text: str) -> bool:
    """Check whether text is exactly one emoji: a Unicode one (with its modifiers) or a server's custom one."""
    if _CUSTOM_EMOJI.fullmatch(text):
        return True
    if not text or len(text) > 16 or text.isascii():
        return False
    return all(unicodedata.category(char) in _EMOJI_PARTS or char in "#*0123456789" for char in text)


# Symbols, their modifiers and tags, and the joiner and variation selectors.
_EMOJI_PARTS = frozenset({"So", "Sk", "Cf", "Mn", "Me", "Sm", "Po"})
