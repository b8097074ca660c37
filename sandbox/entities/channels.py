"""Channels of every kind, threads and direct messages included."""

from bisect import bisect_left
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from sandbox.clock import created_at, iso
from sandbox.entities.messages import EPHEMERAL, Message
from sandbox.entities.people import Overwrite, Payload, User

if TYPE_CHECKING:
    from sandbox.entities.guilds import Guild

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


@dataclass(slots=True, eq=False, repr=False)
class Channel:
    """A channel of any kind, threads and direct messages included.

    `recipient` is the person of the bot's own direct messages; `between` are the people of a private channel that the
    bot is not in.
    """

    id: int
    kind: int
    name: str
    guild: "Guild | None" = None
    parent_id: int | None = None
    position: int = 0
    topic: str | None = None
    overwrites: dict[int, Overwrite] = field(default_factory=dict)
    tags: list[Tag] = field(default_factory=list)
    flags: int = 0
    last_message_id: int | None = None
    recipient: User | None = None
    between: tuple[User, ...] = ()
    owner_id: int = 0
    archived: bool = False
    locked: bool = False
    archive_s: float = 0.0
    auto_archive_minutes: int = 1440
    total_sent: int = 0
    member_ids: set[int] = field(default_factory=set)
    applied_tags: list[int] = field(default_factory=list)
    deleted: bool = False
    messages: dict[int, Message] = field(default_factory=dict)
    order: list[int] = field(default_factory=list)
    private: dict[int, Message] = field(default_factory=dict)

    def __repr__(self) -> str:
        return f"<Channel {self.name} kind={self.kind} id={self.id}>"

    @property
    def is_thread(self) -> bool:
        """Whether it is a thread, a forum post included."""
        return self.kind in THREADS

    @property
    def guild_id(self) -> int | None:
        """The guild's id, None in a direct message."""
        return None if self.guild is None else self.guild.id

    def add(self, message: Message) -> None:
        """Keep a message; one only its asker sees is kept apart from the history."""
        if message.flags & EPHEMERAL:
            self.private[message.id] = message
            return
        self.messages[message.id] = message
        self.order.append(message.id)
        self.last_message_id = message.id
        self.total_sent += 1

    def remove(self, message: Message) -> None:
        """Forget a message."""
        message.deleted = True
        if self.private.pop(message.id, None) is None and self.messages.pop(message.id, None) is not None:
            del self.order[bisect_left(self.order, message.id)]

    def permission_payload(self) -> list[Payload]:
        """Return the overwrites as Discord writes them."""
        return [overwrite.payload() for overwrite in self.overwrites.values()]

    def payload(self) -> Payload:
        """Return the channel as Discord writes it."""
        body: Payload = {
            "id": str(self.id),
            "type": self.kind,
            "flags": self.flags,
            "last_message_id": None if self.last_message_id is None else str(self.last_message_id),
        }
        if self.kind == DM:
            people = self.between if self.recipient is None else (self.recipient,)
            body["recipients"] = [person.payload() for person in people]
            return body
        body["guild_id"] = str(self.guild_id)
        body["name"] = self.name
        body["parent_id"] = None if self.parent_id is None else str(self.parent_id)
        body["rate_limit_per_user"] = 0
        if self.is_thread:
            body |= {
                "owner_id": str(self.owner_id),
                "message_count": len(self.order),
                "total_message_sent": self.total_sent,
                "member_count": len(self.member_ids),
                "thread_metadata": {
                    "archived": self.archived,
                    "locked": self.locked,
                    "auto_archive_duration": self.auto_archive_minutes,
                    "archive_timestamp": iso(self.archive_s),
                    "create_timestamp": iso(created_at(self.id).timestamp()),
                },
                "applied_tags": [str(tag) for tag in self.applied_tags],
            }
            return body
        body |= {
            "position": self.position,
            "permission_overwrites": self.permission_payload(),
            "nsfw": False,
            "topic": self.topic,
        }
        if self.kind in (VOICE, STAGE):
            body |= {"bitrate": 64000, "user_limit": 0, "rtc_region": None}
        if self.kind in POSTS:
            body |= {
                "available_tags": [tag.payload() for tag in self.tags],
                "default_reaction_emoji": None,
                "default_sort_order": None,
                "default_forum_layout": 0,
            }
        return body
