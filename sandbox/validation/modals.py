"""Checks bodies that open a modal, and choices that answer an autocomplete."""

from typing import Any, Final

from sandbox.errors import Path, Problems
from sandbox.validation import fields
from sandbox.validation.components import ACTION_ROW, SELECTS, TEXT_DISPLAY, TEXT_INPUT, Checker, Component

LABEL: Final = 18
FILE_UPLOAD: Final = 19
RADIO_GROUP: Final = 21
CHECKBOX_GROUP: Final = 22
CHECKBOX: Final = 23
MAX_ROWS: Final = 5
MAX_CHOICES: Final = 25

_IN_LABEL: Final = (TEXT_INPUT, *SELECTS, FILE_UPLOAD, RADIO_GROUP, CHECKBOX_GROUP, CHECKBOX)


class _ModalChecker(Checker):
    """Adds the components that are only allowed in a modal."""

    def __init__(self, problems: Problems) -> None:
        super().__init__(problems, frozenset())
        self._checks |= {
            ACTION_ROW: self._input_row,
            TEXT_INPUT: self._text_input,
            LABEL: self._label,
            FILE_UPLOAD: self._upload,
            RADIO_GROUP: self._choices,
            CHECKBOX_GROUP: self._choices,
            CHECKBOX: self._checkbox,
        }

    def _input_row(self, path: Path, body: Component, result: Component) -> None:
        inner = fields.items(self.problems, path, body, "components", 1, 1, required=True)
        if inner is not None:
            result["components"] = self.each((*path, "components"), inner, (TEXT_INPUT,))
            if isinstance(inner[0], dict):
                fields.text(self.problems, (*path, "components", 0), inner[0], "label", 1, 45, required=True)

    def _text_input(self, path: Path, body: Component, result: Component) -> None:
        problems = self.problems
        self.custom_id(path, body, result)
        result["style"] = fields.choice(problems, path, body, "style", (1, 2), required=True)
        label = fields.text(problems, path, body, "label", 0, 45)
        if label:
            result["label"] = label
        low = fields.integer(problems, path, body, "min_length", 0, 4000)
        high = fields.integer(problems, path, body, "max_length", 1, 4000)
        value = fields.text(problems, path, body, "value", 0, 4000)
        placeholder = fields.text(problems, path, body, "placeholder", 0, 100)
        required = fields.boolean(problems, path, body, "required")
        if low is not None and high is not None and low > high:
            problems.add((*path, "min_length"), "TEXT_INPUT_MIN_EXCEEDS_MAX", "min_length exceeds max_length")
        if value and high is not None and len(value) > high:
            problems.add((*path, "value"), "BASE_TYPE_MAX_LENGTH", f"Must be {high} or fewer in length.")
        result |= {
            "min_length": low,
            "max_length": high,
            "value": value,
            "placeholder": placeholder,
            "required": required is not False,
        }

    def _label(self, path: Path, body: Component, result: Component) -> None:
        result["label"] = fields.text(self.problems, path, body, "label", 1, 45, required=True)
        result["description"] = fields.text(self.problems, path, body, "description", 1, 100)
        inner = body.get("component")
        if inner is None:
            self.problems.add((*path, "component"), "BASE_TYPE_REQUIRED", "This field is required")
        else:
            result["component"] = self.one((*path, "component"), inner, _IN_LABEL)

    def _select(self, path: Path, body: Component, result: Component) -> None:
        self.select(path, body, result)
        if result["disabled"]:
            self.problems.add(
                (*path, "disabled"), "MODAL_COMPONENT_DISABLED", "Components in a modal cannot be disabled"
            )
        self._required(path, body, result)

    def _upload(self, path: Path, body: Component, result: Component) -> None:
        self.custom_id(path, body, result)
        fields.integer(self.problems, path, body, "min_values", 0, 10)
        fields.integer(self.problems, path, body, "max_values", 1, 10)
        self._required(path, body, result)

    def _required(self, path: Path, body: Component, result: Component) -> None:
        """Check that a required component needs a value: the docs allow a minimum of 0 only with `required: false`."""
        result["required"] = fields.boolean(self.problems, path, body, "required") is not False
        if result["required"] and body.get("min_values") == 0:
            self.problems.add(
                (*path, "min_values"), "NUMBER_TYPE_MIN", "int value should be greater than or equal to 1."
            )

    def _choices(self, path: Path, body: Component, result: Component) -> None:
        problems = self.problems
        self.custom_id(path, body, result)
        low = 2 if body["type"] == RADIO_GROUP else 1
        options = fields.items(problems, path, body, "options", low, 10, required=True) or []
        values: set[Any] = set()
        for index, option in enumerate(options):
            place = (*path, "options", index)
            entry = fields.mapping(problems, place, option)
            if entry is not None:
                fields.text(problems, place, entry, "label", 1, 100, required=True)
                value = fields.text(problems, place, entry, "value", 1, 100, required=True)
                fields.text(problems, place, entry, "description", 0, 100)
                fields.boolean(problems, place, entry, "default")
                if value is not None and value in values:
                    problems.add(
                        (*place, "value"),
                        "SELECT_COMPONENT_OPTION_VALUE_DUPLICATED",
                        "The specified option value is already used",
                    )
                values.add(value)
        result["options"] = options
        most = 1
        if body["type"] == CHECKBOX_GROUP:
            least = fields.integer(problems, path, body, "min_values", 0, 10)
            given = fields.integer(problems, path, body, "max_values", 1, 10)
            most = len(options) if given is None else given
            result["min_values"], result["max_values"] = 1 if least is None else least, most
            if most > len(options):
                problems.add(
                    (*path, "max_values"),
                    "NUMBER_TYPE_MAX",
                    f"int value should be less than or equal to {len(options)}.",
                )
            if result["min_values"] > most:
                problems.add(
                    (*path, "min_values"),
                    "COMPONENT_SELECT_MIN_EXCEEDS_MAX",
                    "min_values cannot be greater than max_values",
                )
        if sum(isinstance(option, dict) and option.get("default") is True for option in options) > most:
            problems.add(
                (*path, "options"), "SELECT_COMPONENT_TOO_MANY_DEFAULT_VALUES", "More default options than max_values."
            )
        self._required(path, body, result)

    def _checkbox(self, path: Path, body: Component, result: Component) -> None:
        self.custom_id(path, body, result)
        result["default"] = bool(fields.boolean(self.problems, path, body, "default"))


def read_modal(data: Any) -> dict[str, Any]:
    """Check the data of a modal and return it with every component numbered."""
    problems = Problems()
    path: Path = ("data",)
    body = fields.mapping(problems, path, data) or {}
    result: dict[str, Any] = {
        "custom_id": fields.text(problems, path, body, "custom_id", 1, 100, required=True),
        "title": fields.text(problems, path, body, "title", 1, 45, required=True),
        "components": [],
    }
    rows = fields.items(problems, path, body, "components", 1, MAX_ROWS, required=True)
    if rows is not None:
        checker = _ModalChecker(problems)
        result["components"] = checker.each((*path, "components"), rows, (ACTION_ROW, LABEL, TEXT_DISPLAY))
        checker.number()
    problems.check()
    return result


def read_choices(data: Any, option_type: int) -> list[dict[str, Any]]:
    """Check the choices that answer an autocomplete of a text (3), whole number (4) or number (10) option."""
    problems = Problems()
    path: Path = ("data",)
    body = fields.mapping(problems, path, data) or {}
    choices = fields.items(problems, path, body, "choices", 0, MAX_CHOICES) or []
    check_choices(problems, (*path, "choices"), choices, option_type)
    problems.check()
    return choices


def check_choices(problems: Problems, path: Path, choices: list[Any], option_type: int) -> int:
    """Check name and value of each choice; return the characters they take together."""
    total = 0
    for index, choice in enumerate(choices):
        place = (*path, index)
        entry = fields.mapping(problems, place, choice)
        if entry is None:
            continue
        total += len(fields.text(problems, place, entry, "name", 1, 100, required=True) or "")
        value = entry.get("value")
        if option_type == 3:
            # The spec's limit of 6000 is not in the docs, which say 1-100.
            total += len(fields.text(problems, place, entry, "value", 1, 100, required=True) or "")
        elif isinstance(value, bool) or not isinstance(value, int if option_type == 4 else int | float):
            problems.add((*place, "value"), "NUMBER_TYPE_COERCE", f'Value "{value!r}" is not a number.')
        else:
            total += len(str(value))
    return total
