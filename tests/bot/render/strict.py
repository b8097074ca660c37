"""A strict reading of what Discord takes: from its documentation and, where there is a copy, its OpenAPI document."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from typing import Any

import pytest

from bot.render import limits
from tests.sandbox import openapi

_TOP = {1, 9, 10, 12, 13, 14, 17}
_IN_CONTAINER = _TOP - {17}
_URL = re.compile(r"https?://[!-~]+\Z")


def check_message(components: Sequence[dict[str, Any]], *, room_for_mention: bool = True) -> None:
    """Fail unless the components are within every limit, as Discord counts them."""
    assert json.loads(json.dumps(components)) == list(components), "not plain JSON"
    walker = _Walker()
    assert 1 <= len(components) <= limits.COMPONENTS
    for component in components:
        walker.check(component, _TOP)
    reserve = 1 if room_for_mention else 0
    assert walker.count + reserve <= limits.COMPONENTS
    assert walker.chars + reserve * 26 <= limits.TEXT_CHARS
    assert len(walker.custom_ids) == len(set(walker.custom_ids)), f"a custom_id twice: {walker.custom_ids}"


class _Walker:
    def __init__(self) -> None:
        self.count = 0
        self.chars = 0
        self.custom_ids: list[str] = []

    def check(self, component: dict[str, Any], allowed: set[int]) -> None:
        kind = component["type"]
        assert kind in allowed, f"type {kind} may not stand here"
        self.count += 1
        getattr(self, f"_type_{kind}")(**{key: value for key, value in component.items() if key != "type"})

    def _type_1(self, components: list[dict[str, Any]]) -> None:
        kinds = [component["type"] for component in components]
        assert kinds == [3] or (set(kinds) == {2} and 1 <= len(kinds) <= limits.ROW_BUTTONS)
        for component in components:
            self.check(component, {2, 3})

    def _type_2(self, style: int, label: str, custom_id: str, disabled: bool = False) -> None:
        assert style in {1, 2, 3, 4}
        self._within(label, 1, limits.LABEL_CHARS)
        self._custom_id(custom_id)

    def _type_3(self, custom_id: str, placeholder: str, options: list[dict[str, Any]]) -> None:
        self._custom_id(custom_id)
        self._within(placeholder, 1, limits.PLACEHOLDER_CHARS)
        assert 1 <= len(options) <= limits.SELECT_OPTIONS
        assert len({option["value"] for option in options}) == len(options)
        for option in options:
            assert set(option) <= {"label", "value", "description"}
            for words in option.values():
                self._within(words, 1, limits.OPTION_CHARS)

    def _type_9(self, components: list[dict[str, Any]], accessory: dict[str, Any]) -> None:
        assert 1 <= len(components) <= limits.SECTION_TEXTS
        for component in components:
            self.check(component, {10})
        self.check(accessory, {2, 11})

    def _type_10(self, content: str) -> None:
        self._within(content, 1, limits.TEXT_CHARS)
        assert content.strip()
        self.chars += len(content.encode("utf-16-le")) // 2

    def _type_11(self, media: dict[str, Any], description: str | None = None) -> None:
        assert set(media) == {"url"}
        assert len(media["url"]) <= limits.MEDIA_URL_CHARS
        assert _URL.match(media["url"])
        if description is not None:
            self._within(description, 1, limits.ALT_CHARS)

    def _type_12(self, items: list[dict[str, Any]]) -> None:
        assert 1 <= len(items) <= limits.GALLERY_ITEMS
        for item in items:
            self._type_11(**item)

    def _type_14(self, divider: bool, spacing: int) -> None:
        assert spacing in {1, 2}

    def _type_17(self, components: list[dict[str, Any]], accent_color: int, id: int = 0) -> None:
        assert 1 <= len(components) <= limits.COMPONENTS
        assert 0 < accent_color <= limits.ACCENT_MAX
        assert 0 <= id <= limits.COMPONENT_ID_MAX
        for component in components:
            self.check(component, _IN_CONTAINER)

    def _custom_id(self, custom_id: str) -> None:
        self._within(custom_id, 1, limits.CUSTOM_ID_CHARS)
        self.custom_ids.append(custom_id)

    @staticmethod
    def _within(words: str, least: int, most: int) -> None:
        assert least <= len(words.encode("utf-16-le")) // 2 <= most, words


def check_schema(components: Sequence[dict[str, Any]]) -> None:
    """Fail unless the components are valid under Discord's own schema; skips the test where that is absent."""
    if not openapi.SPEC.exists():
        pytest.skip("Discord's OpenAPI document is not here")
    validator = openapi.schema_validator("MessageCreateRequest")
    assert validator is not None
    assert openapi.fault(validator, {"components": list(components), "flags": 1 << 15}) is None
