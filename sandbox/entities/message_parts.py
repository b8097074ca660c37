"""A message's flags, whom it notifies, and walking over its components."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from sandbox.entities.accounts import Payload

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
