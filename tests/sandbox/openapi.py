"""Checks what goes over the wire against Discord's own OpenAPI description, which lies beside the repository.

Import the fixture `spec_checked` into a conftest to have every body that a stand-in accepted checked after each test.
"""

import json
import re
from collections.abc import Iterator
from functools import cache, lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from jsonschema_rs import Draft202012Validator, Registry

from sandbox import Request, Sandbox

SPEC = Path(__file__).parents[2].parent / "shared" / "discord" / "openapi.json"
# So many bodies of one route are checked in one test; a fan-out sends thousands that are alike.
MOST_PER_ROUTE = 25

_VARIABLE = re.compile(r"\{[^}]*\}")
_JSON = ("content", "application/json", "schema")
_HERE = "urn:discord"
"""How schemas name the description."""


@cache
def spec() -> dict[str, Any]:
    """Read the description; ids may be numbers too, as Discord takes them."""
    document: dict[str, Any] = json.loads(SPEC.read_text("utf-8"))
    schemas = document["components"]["schemas"]
    schemas["SnowflakeType"] = {"type": ["string", "integer"]}
    _discriminate(document, {name: _kinds(schema) for name, schema in schemas.items()})
    return document


def _kinds(schema: dict[str, Any]) -> list[int] | None:
    """Return the values that tell a schema apart from its alternatives: those of a required `type`."""
    kinds = schema.get("properties", {}).get("type", {}).get("enum")
    return kinds if "type" in schema.get("required", ()) else None


def _discriminate(node: Any, kinds: dict[str, list[int] | None]) -> None:
    """Select alternatives by their `type`: the result is the same, but faster, and errors name the fault."""
    if isinstance(node, list):
        for part in node:
            _discriminate(part, kinds)
    if not isinstance(node, dict):
        return
    for part in node.values():
        _discriminate(part, kinds)
    names = [
        option.get("$ref", "").rpartition("/")[2] for option in node.get("oneOf") or () if isinstance(option, dict)
    ]
    chosen = [kinds.get(name) for name in names]
    if len(names) < 2 or None in chosen:
        return
    known = [kind for values in chosen for kind in values or ()]
    if len(set(known)) < len(known):
        return
    node["required"] = ["type"]
    node["properties"] = {"type": {"enum": known}}
    node["allOf"] = [
        {"if": {"properties": {"type": {"enum": values}}, "required": ["type"]}, "then": option}
        for values, option in zip(chosen, node.pop("oneOf"), strict=True)
    ]


@cache
def _registry() -> Registry:
    return Registry([(_HERE, spec())])


@cache
def _operations() -> dict[str, tuple[str, ...]]:
    """Return where in the description each route's operation is."""
    found: dict[str, tuple[str, ...]] = {}
    for path, methods in spec()["paths"].items():
        for method, operation in methods.items():
            if isinstance(operation, dict):
                found[f"{method.upper()} {_VARIABLE.sub('{}', path)}"] = ("paths", path, method)
    return found


def _at(place: tuple[str, ...]) -> Any:
    """Return what is at a place of the description, None if nothing is."""
    node: Any = spec()
    for name in place:
        node = node.get(name)
        if node is None:
            return None
    return node


def _validator(*place: str) -> Draft202012Validator | None:
    """Return what checks bodies against the schema at a place, None if there is none."""
    if _at(place) is None:
        return None
    pointer = "".join("/" + name.replace("~", "~0").replace("/", "~1") for name in place)
    return Draft202012Validator({"$ref": f"{_HERE}#{quote(pointer)}"}, registry=_registry())


@cache
def schema_validator(name: str) -> Draft202012Validator | None:
    """Return what checks values against a schema that the description names, None if it names none so."""
    return _validator("components", "schemas", name)


@cache
def request_validator(route: str) -> Draft202012Validator | None:
    """Return what checks the bodies of a route, None if the description has none."""
    operation = _operations().get(_VARIABLE.sub("{}", route))
    return None if operation is None else _validator(*operation, "requestBody", *_JSON)


@cache
def response_validator(route: str, status: int) -> Draft202012Validator | None:
    """Return what checks the answers of a route, None if the description has none."""
    operation = _operations().get(_VARIABLE.sub("{}", route))
    if operation is None:
        return None
    place = next(
        (place for code in (str(status), f"{status // 100}XX") if _at(place := (*operation, "responses", code))), None
    )
    if place is None:
        return None
    named = _at((*place, "$ref"))
    return _validator(*(place if named is None else named.split("/")[1:]), *_JSON)


def fault(validator: Draft202012Validator | None, value: Any) -> str | None:
    """Say what is wrong with a body, None if nothing is."""
    if validator is None or validator.is_valid(value):
        return None
    error = max(validator.iter_errors(value), key=lambda error: len(error.instance_path))
    where = ".".join(map(str, error.instance_path)) or "the body"
    return f"{where}: {error.message[:300]}"


class Bodies:
    """Notes the bodies a stand-in accepted; those it refused are wrong on purpose."""

    def __init__(self) -> None:
        self._seen: dict[str, list[Any]] = {}

    def __call__(self, request: Request) -> None:
        """Note a request."""
        if request.body is not None and 200 <= request.status < 300:
            kept = self._seen.setdefault(request.route, [])
            if len(kept) < MOST_PER_ROUTE:
                kept.append(request.body)

    def faults(self) -> list[str]:
        """Check what was noted and say what is wrong."""
        found = []
        for route, bodies in self._seen.items():
            for body in bodies:
                wrong = _fault_of(route, json.dumps(body))
                if wrong is not None:
                    found.append(f"{route}: {wrong}")
        return found


@lru_cache(4096)
def _fault_of(route: str, body: str) -> str | None:
    """Say what is wrong with a body; each bot registers the same commands, which are long."""
    return fault(request_validator(route), json.loads(body))


@pytest.fixture(autouse=True)
def spec_checked() -> Iterator[None]:
    """Check every body that any stand-in accepted during the test; does nothing where the description is absent."""
    if not SPEC.exists():
        yield
        return
    bodies = Bodies()
    Sandbox.everywhere.append(bodies)
    try:
        yield
    finally:
        Sandbox.everywhere.remove(bodies)
    faults = bodies.faults()
    assert not faults, "\n".join(map(str, faults))
