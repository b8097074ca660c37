"""Who looks at a message, when and from where: everything a rendering depends on besides the message itself."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, tzinfo


def _own_address(url: str) -> str | None:
    return url


@dataclass(frozen=True, slots=True)
class RoleName:
    """A role as mentions show it; `color` is 0xRRGGBB, 0 for none."""

    name: str
    color: int = 0


@dataclass(frozen=True, slots=True)
class ChannelName:
    """A channel as mentions show it; `kind` is Discord's channel type."""

    name: str
    kind: int = 0


@dataclass(frozen=True, slots=True)
class View:
    """The reader and their surroundings.

    Attributes:
        now: Aware; what `<t:…:R>` and "Today at" are relative to.
        timezone: The reader's zone, in which all other times are written.
        images: False draws neutral boxes in place of pictures, so that nothing is fetched.
        picture_source: Where a picture is fetched from instead of its own address, as Discord does through its proxy;
            None draws a neutral box.
        users, roles, channels: Names by id; an id that is missing shows as unknown, as in Discord.
        live: Whether a script makes commands and menus usable, as on the sandbox's page; a static page shows neither.
        reader_id, reader_roles: Whose messages stand out when they mention them; empty for nobody.
    """

    now: datetime
    timezone: tzinfo
    images: bool = True
    live: bool = False
    picture_source: Callable[[str], str | None] = _own_address
    users: Mapping[str, str] = field(default_factory=dict)
    roles: Mapping[str, RoleName] = field(default_factory=dict)
    channels: Mapping[str, ChannelName] = field(default_factory=dict)
    reader_id: str = ""
    reader_roles: frozenset[str] = frozenset()
