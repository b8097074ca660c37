"""Checks what goes over the wire against Discord's own OpenAPI description, which lies beside the repository.

Import the fixture `spec_checked` into a conftest to have every body that a stand-in accepted checked after each test.
"""

import json
import re
from collections.abc import Iterator
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from jsonschema.exceptions import best_match

from sandbox import Request, Sandbox

SPEC = Path(__file__).parents[2].parent / "shared" / "discord" / "openapi.json"
# So many bodies of one route are checked in one test; a fan-out sends thousands that are alike.
MOST_PER_ROUTE = 25

_VARIABLE = re.compile(r"\{[^}]*\}")


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
def _operations() -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    for path, methods in spec()["paths"].items():
        for method, operation in methods.items():
            if isinstance(operation, dict):
                found[f"{method.upper()} {_VARIABLE.sub('{}', path)}"] = operation
    return found


def _operation(route: str) -> dict[str, Any] | None:
    return _operations().get(_VARIABLE.sub("{}", route))


def _validator(schema: dict[str, Any]) -> Draft202012Validator:
    return Draft202012Validator({**schema, "components": spec()["components"]})


@cache
def request_validator(route: str) -> Draft202012Validator | None:
    """Return what checks the bodies of a route, None if the description has none."""
    operation = _operation(route)
    content = (operation or {}).get("requestBody", {}).get("content", {}).get("application/json")
    return None if content is None else _validator(content["schema"])


@cache
def response_validator(route: str, status: int) -> Draft202012Validator | None:
    """Return what checks the answers of a route, None if the description has none."""
    operation = _operation(route) or {}
    responses = operation.get("responses", {})
    response = responses.get(str(status)) or responses.get(f"{status // 100}XX") or {}
    if "$ref" in response:
        response = spec()["components"]["responses"][response["$ref"].rsplit("/", 1)[1]]
    content = response.get("content", {}).get("application/json")
    return None if content is None else _validator(content["schema"])


def fault(validator: Draft202012Validator | None, value: Any) -> str | None:
    """Say what is wrong with a body, None if nothing is."""
    if validator is None or validator.is_valid(value):
        return None
    error = best_match(validator.iter_errors(value))
    where = ".".join(map(str, error.absolute_path)) or "the body"
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
