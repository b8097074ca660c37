"""Application commands as an app registers them. Source of the limits: docs, interactions/application-commands."""

import unicodedata
from typing import Any, Final

from sandbox.errors import Path, Problems
from sandbox.validation import fields
from sandbox.validation.modals import check_choices

MAX_OPTIONS: Final = 25
MAX_CHOICES: Final = 25
MAX_COMMAND_CHARS: Final = 8000
MAX_COMMANDS: Final = 100
MAX_CONTEXT_MENUS: Final = 15

SUBCOMMAND: Final = 1
GROUP: Final = 2
STRING: Final = 3
INTEGER: Final = 4
NUMBER: Final = 10

_LOCALES: Final = (
    "id da de en-GB en-US es-ES es-419 fr hr it lt hu nl no pl pt-BR ro fi sv-SE vi tr cs el bg ru uk hi th zh-CN ja "
    "zh-TW ko ar he"
)
LOCALES: Final = frozenset(_LOCALES.split())


def is_name(name: str) -> bool:
    """Check whether text may name a command or option: letters and digits of any script, - _ ', 1-32, lower case."""
    if not 1 <= len(name) <= 32 or name != name.lower():
        return False
    return all(
        character in "-_'"
        or unicodedata.category(character)[0] in "LN"
        or "\u0900" <= character <= "\u097f"
        or "\u0e00" <= character <= "\u0e7f"
        for character in name
    )


def read_commands(body: Any) -> list[dict[str, Any]]:
    """Check the list of a bulk overwrite."""
    problems = Problems()
    if body is None:
        body = []
    if not isinstance(body, list):
        problems.add((), "LIST_TYPE_CONVERT", "Only iterables may be used in a ListType.")
        problems.check()
    seen: set[tuple[int, str]] = set()
    counts = {1: 0, 2: 0, 3: 0}
    for index, command in enumerate(body):
        _command(problems, (index,), command)
        if isinstance(command, dict):
            kind = command.get("type") or 1
            key = (kind, str(command.get("name")))
            if key in seen:
                problems.add(
                    (index,), "APPLICATION_COMMANDS_DUPLICATE_NAME", "Application command names must be unique"
                )
            seen.add(key)
            counts[kind] = counts.get(kind, 0) + 1
    if counts[1] > MAX_COMMANDS or counts[2] > MAX_CONTEXT_MENUS or counts[3] > MAX_CONTEXT_MENUS:
        problems.add((), "BASE_TYPE_MAX_LENGTH", f"Must be {MAX_COMMANDS} or fewer in length.")
    problems.check()
    return list(body)


def read_command(body: Any) -> dict[str, Any]:
    """Check a single command."""
    problems = Problems()
    _command(problems, (), body)
    problems.check()
    return dict(body)


def _command(problems: Problems, path: Path, body: Any) -> None:
    command = fields.mapping(problems, path, body)
    if command is None:
        return
    kind = fields.choice(problems, path, command, "type", (1, 2, 3, 4)) or 1
    fields.integer(problems, path, command, "default_member_permissions", 0, 2**54 - 1) if not isinstance(
        command.get("default_member_permissions"), str
    ) else fields.snowflake(problems, (*path, "default_member_permissions"), command["default_member_permissions"])
    for key, high in (("contexts", 2), ("integration_types", 1)):
        for index, value in enumerate(fields.items(problems, path, command, key, 1, 3) or ()):
            if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= high:
                problems.add((*path, key, index), "BASE_TYPE_CHOICES", f"Value must be from 0 to {high}.")
    for key in ("nsfw", "dm_permission"):
        fields.boolean(problems, path, command, key)
    if kind != 1:
        fields.text(problems, path, command, "name", 1, 32, required=True)
        if command.get("description") or command.get("options"):
            problems.add(
                (*path, "description"),
                "APPLICATION_COMMAND_CONTEXT_MENU_DESCRIPTION_INVALID",
                "Context menu commands cannot have description",
            )
        return
    chars = _named(problems, path, command)
    chars += _options(problems, path, command, depth=0)
    if chars > MAX_COMMAND_CHARS:
        problems.add(
            path, "APPLICATION_COMMAND_TOO_LARGE", f"Command exceeds maximum size ({MAX_COMMAND_CHARS} characters)"
        )


def _named(problems: Problems, path: Path, part: dict[str, Any]) -> int:
    """Check name and description with their translations; return the characters of the longest translation."""
    name = fields.text(problems, path, part, "name", 1, 32, required=True)
    if name is not None and not is_name(name):
        problems.add(
            (*path, "name"), "APPLICATION_COMMAND_INVALID_NAME", "Command name is invalid, or not in lower case"
        )
    description = fields.text(problems, path, part, "description", 1, 100, required=True)
    return max([len(name or ""), *_translations(problems, path, part, "name_localizations", 32)]) + max(
        [len(description or ""), *_translations(problems, path, part, "description_localizations", 100)]
    )


def _translations(problems: Problems, path: Path, part: dict[str, Any], key: str, high: int) -> list[int]:
    value = part.get(key)
    if value is None:
        return []
    table = fields.mapping(problems, (*path, key), value) or {}
    lengths: list[int] = []
    for locale in table:
        if locale not in LOCALES:
            problems.add((*path, key, locale), "BASE_TYPE_CHOICES", "Value must be one of Discord's locales.")
        translated = fields.text(problems, (*path, key), table, locale, 1, high)
        lengths.append(len(translated or ""))
        if translated is not None and key == "name_localizations" and not is_name(translated):
            problems.add((*path, key, locale), "APPLICATION_COMMAND_INVALID_NAME", "Command name is invalid")
    return lengths


def _options(problems: Problems, path: Path, part: dict[str, Any], depth: int) -> int:
    options = fields.items(problems, path, part, "options", 0, MAX_OPTIONS) or []
    chars = 0
    names: set[str] = set()
    optional_seen = False
    nested = plain = False
    for index, option in enumerate(options):
        place = (*path, "options", index)
        entry = fields.mapping(problems, place, option)
        if entry is None:
            continue
        kind = fields.choice(problems, place, entry, "type", tuple(range(1, 12)), required=True) or 0
        chars += _named(problems, place, entry)
        name = str(entry.get("name"))
        if name in names:
            problems.add(place, "APPLICATION_COMMAND_OPTIONS_NAME_ALREADY_EXISTS", f"Option name {name} already exists")
        names.add(name)
        if kind in (SUBCOMMAND, GROUP):
            nested = True
            if (kind == GROUP and depth > 0) or depth > 1:
                problems.add((*place, "type"), "APPLICATION_COMMAND_OPTIONS_TYPE_INVALID", "Sub-commands nest too deep")
                continue
            chars += _options(problems, place, entry, depth + 1 if kind == GROUP else 2)
            if kind == GROUP and not entry.get("options"):
                problems.add((*place, "options"), "BASE_TYPE_REQUIRED", "This field is required")
            continue
        plain = True
        required = bool(fields.boolean(problems, place, entry, "required"))
        if required and optional_seen:
            problems.add(
                place,
                "APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID",
                "Required options must be placed before non-required options",
            )
        optional_seen = optional_seen or not required
        chars += _values(problems, place, entry, kind)
    if nested and plain:
        problems.add(
            (*path, "options"),
            "APPLICATION_COMMAND_OPTIONS_TYPE_INVALID",
            "Sub-command and sub-command group option types are mutually exclusive to all other types",
        )
    return chars


def _values(problems: Problems, path: Path, option: dict[str, Any], kind: int) -> int:
    """Check choices, bounds and autocomplete of an option that takes a value."""
    choices = fields.items(problems, path, option, "choices", 0, MAX_CHOICES) or []
    autocomplete = fields.boolean(problems, path, option, "autocomplete")
    if (choices or autocomplete) and kind not in (STRING, INTEGER, NUMBER):
        problems.add(
            path, "APPLICATION_COMMAND_OPTIONS_TYPE_INVALID", "This type takes neither choices nor autocomplete"
        )
        return 0
    if choices and autocomplete:
        problems.add(
            (*path, "autocomplete"),
            "APPLICATION_COMMAND_AUTOCOMPLETE_WITH_CHOICES",
            "Autocomplete and choices are mutually exclusive",
        )
    if kind == STRING:
        fields.integer(problems, path, option, "min_length", 0, 6000)
        fields.integer(problems, path, option, "max_length", 1, 6000)
    chars = check_choices(problems, (*path, "choices"), choices, kind)
    values = [choice.get("value") for choice in choices if isinstance(choice, dict)]
    names = [choice.get("name") for choice in choices if isinstance(choice, dict)]
    if len(set(map(repr, values))) < len(values) or len(set(map(repr, names))) < len(names):
        problems.add(
            (*path, "choices"), "APPLICATION_COMMAND_OPTIONS_CHOICE_NAME_ALREADY_EXISTS", "Option choice already exists"
        )
    return chars
