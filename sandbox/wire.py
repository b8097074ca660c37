"""JSON as it goes over the wire; the components of a message, sent to many channels, are written once."""

import json
from functools import cached_property
from typing import Any, Final

_ENCODER: Final = json.JSONEncoder(separators=(",", ":"), ensure_ascii=False)


class Components(list[dict[str, Any]]):
    """Checked components of a message; shared between equal messages and never changed in place."""

    @cached_property
    def json(self) -> str:
        """Their JSON."""
        return _ENCODER.encode(self)


def dump(value: Any) -> str:
    """Write JSON compactly."""
    if isinstance(value, dict):
        components = value.get("components")
        if isinstance(components, Components):
            rest = _ENCODER.encode({key: part for key, part in value.items() if key != "components"})
            return f'{rest[:-1]},"components":{components.json}}}'
    return _ENCODER.encode(value)
