"""People, their roles and memberships."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sandbox.clock import iso

if TYPE_CHECKING:
    from sandbox.entities.guilds import Guild

Payload = dict[str, Any]


@dataclass(slots=True, eq=False)
class User:
    """An account; `takes_dms` is false once the person closed their direct messages."""

    id: int
    name: str
    bot: bool = False
    locale: str = "en-US"
    takes_dms: bool = True

    def payload(self) -> Payload:
        """Return the user as Discord writes it."""
        return {
            "id": str(self.id),
            "username": self.name,
            "discriminator": "0" if not self.bot else "0001",
            "global_name": None if self.bot else self.name,
            "avatar": None,
            "bot": self.bot,
            "system": False,
            "primary_guild": None,
            "public_flags": 0,
            "flags": 0,
        }


@dataclass(slots=True, eq=False)
class Role:
    """A role; the one whose id is the guild's is @everyone."""

    id: int
    name: str
    permissions: int = 0
    position: int = 1
    mentionable: bool = False
    managed: bool = False
    color: int = 0

    def payload(self) -> Payload:
        """Return the role as Discord writes it."""
        return {
            "id": str(self.id),
            "name": self.name,
            "description": None,
            "permissions": str(self.permissions),
            "position": self.position,
            "color": self.color,
            "colors": {"primary_color": self.color, "secondary_color": None, "tertiary_color": None},
            "hoist": False,
            "managed": self.managed,
            "mentionable": self.mentionable,
            "icon": None,
            "unicode_emoji": None,
            "flags": 0,
        }


@dataclass(slots=True, eq=False, repr=False)
class Member:
    """A user in a guild."""

    guild: "Guild"
    user: User
    joined_s: float
    role_ids: list[int] = field(default_factory=list)

    def __repr__(self) -> str:
        return f"<Member {self.user.name} of {self.guild.name}>"

    @property
    def id(self) -> int:
        """The user's id."""
        return self.user.id

    @property
    def name(self) -> str:
        """The user's name."""
        return self.user.name

    def payload(self) -> Payload:
        """Return the member as Discord writes it, the user included."""
        return {
            "user": self.user.payload(),
            "nick": None,
            "avatar": None,
            "banner": None,
            "roles": [str(role_id) for role_id in self.role_ids],
            "joined_at": iso(self.joined_s),
            "premium_since": None,
            "communication_disabled_until": None,
            "deaf": False,
            "mute": False,
            "pending": False,
            "flags": 0,
        }


@dataclass(slots=True)
class Overwrite:
    """What a channel allows or denies one role (kind 0) or one member (kind 1)."""

    id: int
    kind: int
    allow: int = 0
    deny: int = 0

    def payload(self) -> Payload:
        """Return the overwrite as Discord writes it."""
        return {"id": str(self.id), "type": self.kind, "allow": str(self.allow), "deny": str(self.deny)}
