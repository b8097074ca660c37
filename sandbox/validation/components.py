"""Message components, the old rows and Components V2: limits, and the form in which Discord gives them back.

Source of the limits: docs, components/reference, and Discord's published OpenAPI document.
"""

import zlib
from collections.abc import Callable
from typing import Any, Final

from sandbox.errors import Path, Problems
from sandbox.validation import fields

ACTION_ROW: Final = 1
BUTTON: Final = 2
STRING_SELECT: Final = 3
TEXT_INPUT: Final = 4
SECTION: Final = 9
TEXT_DISPLAY: Final = 10
THUMBNAIL: Final = 11
MEDIA_GALLERY: Final = 12
FILE: Final = 13
SEPARATOR: Final = 14
CONTAINER: Final = 17
SELECTS: Final = (3, 5, 6, 7, 8)

MAX_COMPONENTS: Final = 40
MAX_TEXT_CHARS: Final = 4000
MAX_ROWS: Final = 5

_TOP_OLD: Final = (ACTION_ROW,)
_TOP_V2: Final = (ACTION_ROW, SECTION, TEXT_DISPLAY, MEDIA_GALLERY, FILE, SEPARATOR, CONTAINER)
_IN_CONTAINER: Final = (ACTION_ROW, SECTION, TEXT_DISPLAY, MEDIA_GALLERY, FILE, SEPARATOR)
_IN_ROW: Final = (BUTTON, *SELECTS)
_DEFAULT_TYPES: Final = {5: ("user",), 6: ("role",), 7: ("user", "role"), 8: ("channel",)}

Component = dict[str, Any]


class Checker:
    """Checks the components of one message (or modal) and builds what Discord would answer.

    Args:
        problems: Collects the faults.
        files: Names of the files that come with the message, for `attachment://name`.
    """

    def __init__(self, problems: Problems, files: frozenset[str]) -> None:
        self.problems = problems
        self._files = files
        self._count = 0
        self._text_chars = 0
        self._custom_ids: set[str] = set()
        self._ids: set[int] = set()
        self._without_id: list[Component] = []
        self._checks: dict[int, Callable[[Path, Component, Component], None]] = {
            ACTION_ROW: self._row,
            BUTTON: self._button,
            SECTION: self._section,
            TEXT_DISPLAY: self._text_display,
            THUMBNAIL: self._thumbnail,
            MEDIA_GALLERY: self._gallery,
            FILE: self._file,
            SEPARATOR: self._separator,
            CONTAINER: self._container,
        }
        for kind in SELECTS:
            self._checks[kind] = self._select

    def message(self, path: Path, components: list[Any], *, v2: bool) -> list[Component]:
        """Check a message's components; the result is only of use if there was no problem."""
        if not v2 and len(components) > MAX_ROWS:
            self.problems.add(path, "BASE_TYPE_BAD_LENGTH", f"Must be between 1 and {MAX_ROWS} in length.")
            return []
        result = self.each(path, components, _TOP_V2 if v2 else _TOP_OLD)
        if self._count > MAX_COMPONENTS:
            self.problems.add(
                path,
                "COMPONENT_MAX_TOTAL_COMPONENTS_EXCEEDED",
                f"The maximum number of components in a message is {MAX_COMPONENTS}.",
            )
        if self._text_chars > MAX_TEXT_CHARS:
            self.problems.add(
                path,
                "COMPONENT_DISPLAYABLE_TEXT_SIZE_EXCEEDED",
                f"Components displayable text size exceeds maximum size of {MAX_TEXT_CHARS}",
            )
        self.number()
        return result

    def number(self) -> None:
        """Give every component without an id the next free one."""
        fresh = 1
        for component in self._without_id:
            while fresh in self._ids:
                fresh += 1
            component["id"] = fresh
            fresh += 1

    def each(self, path: Path, components: list[Any], allowed: tuple[int, ...]) -> list[Component]:
        """Check a list of components of which only some types are allowed here."""
        return [self.one((*path, index), component, allowed) for index, component in enumerate(components)]

    def one(self, path: Path, body: Any, allowed: tuple[int, ...]) -> Component:
        """Check one component."""
        if not isinstance(body, dict):
            fields.mapping(self.problems, path, body)
            return {}
        kind = body.get("type")
        if isinstance(kind, bool) or kind not in allowed or kind not in self._checks:
            listed = ", ".join(map(str, allowed))
            self.problems.add(
                (*path, "type"), "UNION_TYPE_CHOICES", f'Value of field "type" must be one of ({listed},).'
            )
            return {}
        self._count += 1
        result: Component = {"type": kind, "id": 0}
        self._identify(path, body, result)
        self._checks[kind](path, body, result)
        return result

    def _identify(self, path: Path, body: Component, result: Component) -> None:
        given = body.get("id")
        if given is None or (given == 0 and not isinstance(given, bool)):
            self._without_id.append(result)
            return
        number = fields.integer(self.problems, path, body, "id", 0, fields.INT32_MAX)
        if number is None:
            return
        if number in self._ids:
            self.problems.add((*path, "id"), "COMPONENT_ID_DUPLICATED", "Component id cannot be duplicated")
        self._ids.add(number)
        result["id"] = number

    def custom_id(self, path: Path, body: Component, result: Component, *, required: bool = True) -> None:
        """Check a custom id: 1 to 100 characters, unique in the message."""
        custom_id = fields.text(self.problems, path, body, "custom_id", 1, 100, required=required)
        if custom_id is None:
            return
        if custom_id in self._custom_ids:
            self.problems.add(
                (*path, "custom_id"), "COMPONENT_CUSTOM_ID_DUPLICATED", "Component custom id cannot be duplicated"
            )
        self._custom_ids.add(custom_id)
        result["custom_id"] = custom_id

    def _row(self, path: Path, body: Component, result: Component) -> None:
        inner = fields.items(self.problems, path, body, "components", 1, 5, required=True)
        if inner is None:
            return
        result["components"] = self.each((*path, "components"), inner, _IN_ROW)
        if len(inner) > 1 and any(part.get("type") in SELECTS for part in result["components"]):
            self.problems.add(
                (*path, "components"),
                "COMPONENT_LAYOUT_WIDTH_EXCEEDED",
                "The specified component exceeds the maximum width",
            )

    def _button(self, path: Path, body: Component, result: Component) -> None:
        problems = self.problems
        style = fields.choice(problems, path, body, "style", (1, 2, 3, 4, 5, 6), required=True)
        result["style"] = style
        disabled = fields.boolean(problems, path, body, "disabled")
        if disabled:
            result["disabled"] = True
        label = fields.text(problems, path, body, "label", 0, 80)
        if label:
            result["label"] = label
        self.emoji(path, body, result)
        custom_id, url = body.get("custom_id"), body.get("url")
        if style == 5:
            result["url"] = fields.url(problems, path, body, "url", 512, ("http", "https", "discord"), required=True)
            if custom_id is not None:
                problems.add(
                    path,
                    "BUTTON_COMPONENT_CUSTOM_ID_AND_URL",
                    "A custom id and url cannot both be specified",
                )
        elif style == 6:
            fields.snowflake(problems, (*path, "sku_id"), body.get("sku_id"))
            return
        else:
            self.custom_id(path, body, result)
            if url is not None:
                problems.add(
                    path,
                    "BUTTON_COMPONENT_CUSTOM_ID_AND_URL",
                    "A custom id and url cannot both be specified",
                )
        if not body.get("label") and not body.get("emoji"):
            problems.add(path, "BUTTON_COMPONENT_REQUIRES_LABEL_OR_EMOJI", "A button must have a label or an emoji")

    def emoji(self, path: Path, body: Component, result: Component) -> None:
        """Check an emoji: a custom one by id, else one that Unicode has."""
        emoji = body.get("emoji")
        if emoji is None:
            return
        checked = fields.mapping(self.problems, (*path, "emoji"), emoji)
        if checked is None:
            return
        if checked.get("id") is not None:
            fields.snowflake(self.problems, (*path, "emoji", "id"), checked["id"])
        else:
            name = fields.text(self.problems, (*path, "emoji"), checked, "name", 1, 32, required=True)
            if name is not None and name.isascii() and name[0] not in "#*0123456789":
                self.problems.add((*path, "emoji", "name"), "COMPONENT_INVALID_EMOJI", "Invalid emoji")
        result["emoji"] = {key: checked[key] for key in ("id", "name", "animated") if checked.get(key)}

    def _select(self, path: Path, body: Component, result: Component) -> None:
        self.select(path, body, result)

    def select(self, path: Path, body: Component, result: Component) -> None:
        """Check a select menu of any kind."""
        problems = self.problems
        self.custom_id(path, body, result)
        placeholder = fields.text(problems, path, body, "placeholder", 0, 150)
        if placeholder:
            result["placeholder"] = placeholder
        low = fields.integer(problems, path, body, "min_values", 0, 25)
        high = fields.integer(problems, path, body, "max_values", 1, 25)
        result["min_values"] = 1 if low is None else low
        result["max_values"] = 1 if high is None else high
        result["disabled"] = bool(fields.boolean(problems, path, body, "disabled"))
        if result["min_values"] > result["max_values"]:
            problems.add(
                (*path, "min_values"),
                "COMPONENT_SELECT_MIN_EXCEEDS_MAX",
                "min_values cannot be greater than max_values",
            )
        kind = body["type"]
        if kind == STRING_SELECT:
            self._options(path, body, result)
            return
        defaults = fields.items(problems, path, body, "default_values", 0, 25) or []
        for index, default in enumerate(defaults):
            place = (*path, "default_values", index)
            entry = fields.mapping(problems, place, default)
            if entry is None:
                continue
            fields.snowflake(problems, (*place, "id"), entry.get("id"))
            if entry.get("type") not in _DEFAULT_TYPES[kind]:
                problems.add((*place, "type"), "BASE_TYPE_CHOICES", f"Value must be one of {_DEFAULT_TYPES[kind]}.")
        if len(defaults) > result["max_values"]:
            problems.add((*path, "default_values"), "BASE_TYPE_BAD_LENGTH", "More default values than max_values.")
        if defaults:
            result["default_values"] = defaults
        if kind == 8:
            types = fields.items(problems, path, body, "channel_types", 0, 20)
            if types:
                result["channel_types"] = types

    def _options(self, path: Path, body: Component, result: Component) -> None:
        problems = self.problems
        options = fields.items(problems, path, body, "options", 1, 25, required=True)
        if options is None:
            return
        built: list[Component] = []
        values: set[str] = set()
        defaults = 0
        for index, option in enumerate(options):
            place = (*path, "options", index)
            entry = fields.mapping(problems, place, option)
            if entry is None:
                continue
            item: Component = {
                "label": fields.text(problems, place, entry, "label", 1, 100, required=True),
                "value": fields.text(problems, place, entry, "value", 1, 100, required=True),
            }
            description = fields.text(problems, place, entry, "description", 0, 100)
            if description:
                item["description"] = description
            self.emoji(place, entry, item)
            if fields.boolean(problems, place, entry, "default"):
                item["default"] = True
                defaults += 1
            if item["value"] in values:
                problems.add(
                    (*place, "value"),
                    "SELECT_COMPONENT_OPTION_VALUE_DUPLICATED",
                    "The specified option value is already used",
                )
            values.add(item["value"])
            built.append(item)
        result["options"] = built
        if result["max_values"] > len(options) and body.get("max_values") is not None:
            problems.add(
                (*path, "max_values"), "NUMBER_TYPE_MAX", f"int value should be less than or equal to {len(options)}."
            )
        if defaults > result["max_values"]:
            problems.add(
                (*path, "options"), "SELECT_COMPONENT_TOO_MANY_DEFAULT_VALUES", "More default options than max_values."
            )

    def _text_display(self, path: Path, body: Component, result: Component) -> None:
        content = fields.text(self.problems, path, body, "content", 1, MAX_TEXT_CHARS, required=True)
        if content is None:
            return
        if not content.strip():
            self.problems.add((*path, "content"), "BASE_TYPE_REQUIRED", "This field is required")
        self._text_chars += len(content)
        result["content"] = content

    def _section(self, path: Path, body: Component, result: Component) -> None:
        inner = fields.items(self.problems, path, body, "components", 1, 3, required=True)
        if inner is not None:
            result["components"] = self.each((*path, "components"), inner, (TEXT_DISPLAY,))
        accessory = body.get("accessory")
        if accessory is None:
            self.problems.add((*path, "accessory"), "BASE_TYPE_REQUIRED", "This field is required")
        else:
            result["accessory"] = self.one((*path, "accessory"), accessory, (BUTTON, THUMBNAIL))

    def _described(self, path: Path, body: Component, result: Component) -> None:
        result["description"] = fields.text(self.problems, path, body, "description", 1, 1024)
        result["spoiler"] = bool(fields.boolean(self.problems, path, body, "spoiler"))

    def _media(self, path: Path, body: Component, key: str, schemes: tuple[str, ...]) -> Component | None:
        media = body.get(key)
        if media is None:
            self.problems.add((*path, key), "BASE_TYPE_REQUIRED", "This field is required")
            return None
        entry = fields.mapping(self.problems, (*path, key), media)
        if entry is None:
            return None
        url = fields.url(self.problems, (*path, key), entry, "url", 2048, schemes, required=True)
        if url is None:
            return None
        if url.startswith("attachment://") and url.removeprefix("attachment://") not in self._files:
            self.problems.add(
                (*path, key, "url"),
                "UNFURLED_MEDIA_ITEM_REFERENCED_ATTACHMENT_NOT_FOUND",
                "The referenced attachment was not found",
            )
        # Discord gives each a snowflake; nothing ever asks for it, so a number made from the address will do.
        number = 1 << 60 | zlib.crc32(url.encode())
        return {"id": str(number), "url": url, "proxy_url": url, "width": 0, "height": 0, "content_type": None}

    def _thumbnail(self, path: Path, body: Component, result: Component) -> None:
        result["media"] = self._media(path, body, "media", ("http", "https", "attachment"))
        self._described(path, body, result)

    def _gallery(self, path: Path, body: Component, result: Component) -> None:
        items = fields.items(self.problems, path, body, "items", 1, 10, required=True)
        built: list[Component] = []
        for index, item in enumerate(items or ()):
            place = (*path, "items", index)
            entry = fields.mapping(self.problems, place, item)
            if entry is None:
                continue
            shown: Component = {"media": self._media(place, entry, "media", ("http", "https", "attachment"))}
            self._described(place, entry, shown)
            built.append(shown)
        result["items"] = built

    def _file(self, path: Path, body: Component, result: Component) -> None:
        result["file"] = media = self._media(path, body, "file", ("attachment",))
        result["name"] = "" if media is None else media["url"].removeprefix("attachment://")
        result["size"] = 0
        result["spoiler"] = bool(fields.boolean(self.problems, path, body, "spoiler"))

    def _separator(self, path: Path, body: Component, result: Component) -> None:
        spacing = fields.choice(self.problems, path, body, "spacing", (1, 2))
        divider = fields.boolean(self.problems, path, body, "divider")
        result["spacing"] = 1 if spacing is None else spacing
        result["divider"] = True if divider is None else divider

    def _container(self, path: Path, body: Component, result: Component) -> None:
        result["accent_color"] = fields.integer(self.problems, path, body, "accent_color", 0, 0xFFFFFF)
        result["spoiler"] = bool(fields.boolean(self.problems, path, body, "spoiler"))
        inner = fields.items(self.problems, path, body, "components", 1, MAX_COMPONENTS, required=True)
        if inner is not None:
            result["components"] = self.each((*path, "components"), inner, _IN_CONTAINER)
