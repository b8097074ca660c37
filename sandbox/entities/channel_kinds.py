"""Kinds of channel, and the tags of those that have posts."""

from dataclasses import dataclass
from typing import Final

from sandbox.entities.accounts import Payload

TEXT: Final = 0
DM: Final = 1
VOICE: Final = 2
CATEGORY: Final = 4
ANNOUNCEMENT: Final = 5
ANNOUNCEMENT_THREAD: Final = 10
PUBLIC_THREAD: Final = 11
PRIVATE_THREAD: Final = 12
STAGE: Final = 13
FORUM: Final = 15
MEDIA: Final = 16

KINDS: Final[dict[str, int]] = {
    "text": TEXT,
    "dm": DM,
    "voice": VOICE,
    "category": CATEGORY,
    "announcement": ANNOUNCEMENT,
    "thread": PUBLIC_THREAD,
    "private_thread": PRIVATE_THREAD,
    "stage": STAGE,
    "forum": FORUM,
    "media": MEDIA,
}
THREADS: Final = frozenset((ANNOUNCEMENT_THREAD, PUBLIC_THREAD, PRIVATE_THREAD))
POSTS: Final = frozenset((FORUM, MEDIA))

REQUIRE_TAG: Final = 1 << 4


@dataclass(slots=True)
class Tag:
    """A tag of a forum or media channel."""

    id: int
    name: str
    moderated: bool = False
    emoji: str | None = None

    def payload(self) -> Payload:
        """Return the tag as Discord writes it."""
        return {
            "id": str(self.id),
            "name": self.name,
            "moderated": self.moderated,
            "emoji_id": None,
            "emoji_name": self.emoji,
        }
