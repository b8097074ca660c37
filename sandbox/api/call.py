"""A request as its route sees it, and the lookup of routes."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from sandbox.errors import invalid
from sandbox.world import World

Answer = tuple[int, Any]

NO_CONTENT: Final[Answer] = (204, None)


@dataclass(slots=True)
class Call:
    """A request: `params` are the parts of the path in order, `body` the JSON, `files` the names of uploads."""

    world: World
    params: list[str]
    query: Mapping[str, str]
    body: Any = None
    files: frozenset[str] = frozenset()
    ack_window_s: float = 3.0

    def id(self, index: int) -> int:
        """Return a part of the path as a snowflake."""
        value = self.params[index]
        if not value.isdecimal() or len(value) > 20:
            raise invalid(("path",), "NUMBER_TYPE_COERCE", f'Value "{value}" is not snowflake.')
        return int(value)

    def fields(self) -> dict[str, Any]:
        """Return the body, which must be an object."""
        if not isinstance(self.body, dict):
            raise invalid((), "DICT_TYPE_CONVERT", "Only dictionaries may be used in a DictType.")
        return self.body


Handler = Callable[[Call], Answer]


@dataclass(slots=True)
class Route:
    """A method and path, whether it needs the bot's token, and whether the global limit counts it."""

    method: str
    template: str
    handler: Handler
    needs_token: bool = True
    exempt: bool = False
    name: str = ""

    def __post_init__(self) -> None:
        self.name = f"{self.method} {self.template}"


@dataclass(slots=True)
class _Node:
    literal: "dict[str, _Node]" = field(default_factory=dict)
    param: "_Node | None" = None
    routes: dict[str, Route] = field(default_factory=dict)


class Routes:
    """Finds a route by walking the parts of a path; a literal part wins over a variable one."""

    def __init__(self, routes: list[Route]) -> None:
        self._root = _Node()
        self.names = [route.name for route in routes]
        for route in routes:
            node = self._root
            for part in route.template.strip("/").split("/"):
                if part.startswith("{"):
                    node.param = node.param or _Node()
                    node = node.param
                else:
                    node = node.literal.setdefault(part, _Node())
            node.routes[route.method] = route

    def find(self, method: str, path: str) -> tuple[Route | None, list[str], bool]:
        """Return the route, the variable parts, and whether the path exists at all."""
        node = self._root
        params: list[str] = []
        for part in path.strip("/").split("/"):
            following = node.literal.get(part)
            if following is None:
                following = node.param
                if following is None:
                    return None, params, False
                params.append(part)
            node = following
        return node.routes.get(method), params, bool(node.routes)
