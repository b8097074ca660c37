"""Turns choices in select menus and input in modals into payloads, as strictly as Discord's client."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from sandbox.driver.options import Resolved
from sandbox.driver.reply import Impossible, Modal
from sandbox.entities import Payload

TEXT_INPUT: Final = 4
STRING_SELECT: Final = 3
RADIO_GROUP: Final = 21
CHECKBOX_GROUP: Final = 22
CHECKBOX: Final = 23


def chosen(menu: Payload, values: Sequence[Any], resolved: Resolved) -> list[str]:
    """Return the values of a select menu as Discord sends them."""
    low, high = menu.get("min_values", 1), menu.get("max_values", 1)
    if menu.get("required") is False and not values:
        low = 0
    if not low <= len(values) <= high:
        raise Impossible(f"{menu['custom_id']!r} takes {low} to {high} values, not {len(values)}")
    kind = menu["type"]
    if kind == STRING_SELECT:
        return [_option(menu, value) for value in values]
    if kind == 5:
        return [resolved.user(value) for value in values]
    if kind == 6:
        return [resolved.role(value) for value in values]
    if kind == 7:
        return [resolved.mentionable(value) for value in values]
    return [resolved.channel(value, menu.get("channel_types")) for value in values]


def _option(menu: Payload, value: Any) -> str:
    options = menu.get("options") or []
    for option in options:
        if value == option["value"]:
            return str(option["value"])
    for option in options:
        if value == option["label"]:
            return str(option["value"])
    raise Impossible(f"{menu['custom_id']!r} has no option {value!r}, only {[one['label'] for one in options]}")


def filled(modal: Modal, values: Mapping[str, Any], resolved: Resolved) -> list[Payload]:
    """Return the components of a sent form; values are named by custom id or label."""
    used: set[str] = set()
    rows: list[Payload] = []
    for row in modal.components:
        if row["type"] == 1:
            inner = [_input(part, values, part.get("label"), used, resolved) for part in row["components"]]
            rows.append({"type": 1, "id": row["id"], "components": inner})
        elif row["type"] == 18:
            part = _input(row["component"], values, row.get("label"), used, resolved)
            rows.append({"type": 18, "id": row["id"], "component": part})
        else:
            rows.append({"type": row["type"], "id": row["id"]})
    unknown = set(values) - used
    if unknown:
        raise Impossible(f"the form has no field {sorted(unknown)}")
    return rows


def _input(part: Payload, values: Mapping[str, Any], label: str | None, used: set[str], resolved: Resolved) -> Payload:
    kind, custom_id = part["type"], part["custom_id"]
    given: Any = None
    for key in (custom_id, label):
        if key is not None and key in values:
            given = values[key]
            used.add(key)
            break
    body: Payload = {"type": kind, "id": part["id"], "custom_id": custom_id}
    if kind == TEXT_INPUT:
        text = (part.get("value") or "") if given is None else given
        _check_text(part, text)
        return body | {"value": text}
    if kind == CHECKBOX:
        return body | {"value": part.get("default", False) if given is None else bool(given)}
    if kind == RADIO_GROUP:
        if given is None:
            given = next(iter(_by_default(part)), None)
        if not given and part.get("required", True):
            raise Impossible(f"{custom_id!r} is required")
        return body | {"value": _option(part, given) if given else None}
    if kind == CHECKBOX_GROUP:
        ticked = [_option(part, value) for value in (_by_default(part) if given is None else given)]
        low = part["min_values"] if part.get("required", True) or ticked else 0
        if not low <= len(ticked) <= part["max_values"]:
            raise Impossible(f"{custom_id!r} takes {low} to {part['max_values']} values, not {len(ticked)}")
        return body | {"values": ticked}
    if given is None:
        given = _by_default(part)
        if not given and not part.get("options"):
            given = [one["id"] for one in part.get("default_values") or ()]
    return body | {"values": chosen(part, given, resolved)}


def _by_default(part: Payload) -> list[str]:
    return [one["value"] for one in part.get("options") or () if one.get("default")]


def _check_text(part: Payload, text: Any) -> None:
    if not isinstance(text, str):
        raise Impossible(f"{part['custom_id']!r} takes text, not {text!r}")
    if not text:
        if part.get("required", True):
            raise Impossible(f"{part['custom_id']!r} is required")
        return
    low, high = part.get("min_length") or 0, part.get("max_length") or 4000
    if not low <= len(text) <= high:
        raise Impossible(f"{part['custom_id']!r} takes {low} to {high} characters, not {len(text)}")
