"""Messages, whom they notify, and walking over their components."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Final

from sandbox.clock import created_at, iso
from sandbox.entities.people import Payload, User

if TYPE_CHECKING:
    from sandbox.entities.channels import Channel

CROSSPOSTED: Final = 1 << 0
SUPPRESS_EMBEDS: Final = 1 << 2
HAS_THREAD: Final = 1 << 5
EPHEMERAL: Final = 1 << 6
LOADING: Final = 1 << 7
SUPPRESS_NOTIFICATIONS: Final = 1 << 12
IS_COMPONENTS_V2: Final = 1 << 15


@dataclass(frozen=True, slots=True)
class Pinged:
    """Whom a message really notified."""

    users: frozenset[int] = frozenset()
    roles: frozenset[int] = frozenset()
    everyone: bool = False

    def __bool__(self) -> bool:
        return bool(self.users or self.roles or self.everyone)


NOBODY: Final = Pinged()


@dataclass(slots=True, eq=False, repr=False)
class Message:
    """A message; `components` carry their numeric ids, `revisions` hold (content, components) before each edit."""

    id: int
    channel: "Channel"
    author: User
    content: str = ""
    components: list[Payload] = field(default_factory=list)
    embeds: list[Payload] = field(default_factory=list)
    attachments: list[Payload] = field(default_factory=list)
    flags: int = 0
    kind: int = 0
    nonce: str | int | None = None
    pinged: Pinged = NOBODY
    edited_s: float | None = None
    deleted: bool = False
    asker: User | None = None
    interaction: Payload | None = None
    reference: Payload | None = None
    revisions: list[tuple[str, list[Payload]]] = field(default_factory=list)

    def __repr__(self) -> str:
        return f"<Message {self.id} in {self.channel.name}: {self.text[:200]!r}>"

    @property
    def channel_id(self) -> int:
        """The channel's id."""
        return self.channel.id

    @property
    def created_at(self) -> datetime:
        """When it was sent."""
        return created_at(self.id)

    @property
    def ephemeral(self) -> bool:
        """Whether only its asker sees it."""
        return bool(self.flags & EPHEMERAL)

    @property
    def loading(self) -> bool:
        """Whether it still says that the app is thinking."""
        return bool(self.flags & LOADING)

    @property
    def published(self) -> bool:
        """Whether it went out to the followers of its announcement channel."""
        return bool(self.flags & CROSSPOSTED)

    @property
    def text(self) -> str:
        """All text a reader sees, a line for each text display, content, embed title, description and field."""
        lines = [self.content] if self.content else []
        for embed in self.embeds:
            lines += [embed[key] for key in ("title", "description") if embed.get(key)]
            for entry in embed.get("fields") or ():
                lines += [entry["name"], entry["value"]]
        lines += [component["content"] for component in self.walk() if component["type"] == 10]
        return "\n".join(lines)

    def walk(self) -> Iterator[Payload]:
        """Yield every component, each before what it holds."""
        return walk(self.components)

    def find(self, *, custom_id: str | None = None, label: str | None = None) -> Payload | None:
        """Return the first component with that custom id or label."""
        for component in self.walk():
            if custom_id is not None and component.get("custom_id") == custom_id:
                return component
            if label is not None and component.get("label") == label:
                return component
        return None

    @property
    def buttons(self) -> list[Payload]:
        """Its buttons in order."""
        return [component for component in self.walk() if component["type"] == 2]

    @property
    def selects(self) -> list[Payload]:
        """Its select menus in order."""
        return [component for component in self.walk() if component["type"] in (3, 5, 6, 7, 8)]

    def payload(self) -> Payload:
        """Return the message as Discord writes it in history: without its nonce."""
        pinged = self.pinged
        guild = self.channel.guild
        body: Payload = {
            "id": str(self.id),
            "channel_id": str(self.channel.id),
            "type": self.kind,
            "author": self.author.payload(),
            "content": self.content,
            "timestamp": iso(created_at(self.id).timestamp()),
            "edited_timestamp": None if self.edited_s is None else iso(self.edited_s),
            "tts": False,
            "mention_everyone": pinged.everyone,
            "mentions": [
                guild.members[user_id].user.payload() for user_id in sorted(pinged.users) if user_id in guild.members
            ]
            if guild is not None and pinged.users
            else [],
            "mention_roles": [str(role_id) for role_id in sorted(pinged.roles)],
            "attachments": self.attachments,
            "embeds": self.embeds,
            "components": self.components,
            "flags": self.flags,
            "pinned": False,
        }
        if self.interaction is not None:
            body["interaction_metadata"] = self.interaction
            body["webhook_id"] = body["application_id"] = str(self.author.id)
        if self.reference is not None:
            body["message_reference"] = self.reference
        return body


def walk(components: list[Payload]) -> Iterator[Payload]:
    """Yield components depth first: rows, containers, sections with their accessory, and a label's own part."""
    for component in components:
        yield component
        inner = component.get("components")
        if inner:
            yield from walk(inner)
        for key in ("accessory", "component"):
            part = component.get(key)
            if part:
                yield from walk([part])
