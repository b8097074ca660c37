"""Checks of single fields; each records a fault and returns the value only if it is valid."""

import re
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit

from sandbox.errors import Path, Problems

INT32_MAX = 2**31 - 1
_SNOWFLAKE = re.compile(r"[0-9]{1,20}\Z")
_SPACE = re.compile(r"\s")


def _given(problems: Problems, path: Path, body: dict[str, Any], key: str, *, required: bool) -> Any:
    """Return a field's value; None, with a fault if it is `required`, where it is missing."""
    value = body.get(key)
    if value is None and required:
        problems.add((*path, key), "BASE_TYPE_REQUIRED", "This field is required")
    return value


def text(
    problems: Problems,
    path: Path,
    body: dict[str, Any],
    key: str,
    low: int,
    high: int,
    *,
    required: bool = False,
) -> str | None:
    """Check text of `low` to `high` characters, both included."""
    value = _given(problems, path, body, key, required=required)
    if value is None:
        return None
    if not isinstance(value, str):
        problems.add((*path, key), "STRING_TYPE_CONVERT", f'Could not interpret "{value!r}" as string.')
        return None
    if low and not value:
        problems.add((*path, key), "BASE_TYPE_REQUIRED", "This field is required")
        return None
    if len(value) > high or len(value) < low:
        if low > 1:
            problems.add((*path, key), "BASE_TYPE_BAD_LENGTH", f"Must be between {low} and {high} in length.")
        else:
            problems.add((*path, key), "BASE_TYPE_MAX_LENGTH", f"Must be {high} or fewer in length.")
        return None
    return value


def integer(
    problems: Problems,
    path: Path,
    body: dict[str, Any],
    key: str,
    low: int,
    high: int,
    *,
    required: bool = False,
) -> int | None:
    """Check a whole number from `low` to `high`, both included."""
    value = _given(problems, path, body, key, required=required)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int):
        problems.add((*path, key), "NUMBER_TYPE_COERCE", f'Value "{value!r}" is not int.')
        return None
    if value < low:
        problems.add((*path, key), "NUMBER_TYPE_MIN", f"int value should be greater than or equal to {low}.")
        return None
    if value > high:
        problems.add((*path, key), "NUMBER_TYPE_MAX", f"int value should be less than or equal to {high}.")
        return None
    return value


def boolean(problems: Problems, path: Path, body: dict[str, Any], key: str) -> bool | None:
    """Check a boolean."""
    value = body.get(key)
    if value is None or isinstance(value, bool):
        return value
    problems.add((*path, key), "BOOLEAN_TYPE_CONVERT", "Must be either true or false.")
    return None


def choice(
    problems: Problems,
    path: Path,
    body: dict[str, Any],
    key: str,
    allowed: tuple[int, ...],
    *,
    required: bool = False,
) -> int | None:
    """Check a number that must be one of a few."""
    value = _given(problems, path, body, key, required=required)
    if value is None:
        return None
    if isinstance(value, bool) or value not in allowed:
        problems.add((*path, key), "BASE_TYPE_CHOICES", f"Value must be one of {{{', '.join(map(str, allowed))}}}.")
        return None
    return int(value)


def items(
    problems: Problems,
    path: Path,
    body: dict[str, Any],
    key: str,
    low: int,
    high: int,
    *,
    required: bool = False,
) -> list[Any] | None:
    """Check a list of `low` to `high` entries; the caller checks the entries."""
    value = _given(problems, path, body, key, required=required)
    if value is None:
        return None
    if not isinstance(value, list):
        problems.add((*path, key), "LIST_TYPE_CONVERT", "Only iterables may be used in a ListType.")
        return None
    if not low <= len(value) <= high:
        if low:
            problems.add((*path, key), "BASE_TYPE_BAD_LENGTH", f"Must be between {low} and {high} in length.")
        else:
            problems.add((*path, key), "BASE_TYPE_MAX_LENGTH", f"Must be {high} or fewer in length.")
        return None
    return value


def mapping(problems: Problems, path: Path, value: Any) -> dict[str, Any] | None:
    """Check that a value is a JSON object."""
    if isinstance(value, dict):
        return value
    problems.add(path, "DICT_TYPE_CONVERT", "Only dictionaries may be used in a DictType.")
    return None


def snowflake(problems: Problems, path: Path, value: Any) -> int | None:
    """Check an id, written as text or number."""
    if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 1 << 63:
        return value
    if isinstance(value, str) and _SNOWFLAKE.match(value) and int(value) < 1 << 63:
        return int(value)
    problems.add(path, "NUMBER_TYPE_COERCE", f'Value "{value!r}" is not snowflake.')
    return None


def url(
    problems: Problems,
    path: Path,
    body: dict[str, Any],
    key: str,
    high: int,
    schemes: tuple[str, ...],
    *,
    required: bool = False,
) -> str | None:
    """Check an address of at most `high` characters with one of the schemes."""
    value = text(problems, path, body, key, 1, high, required=required)
    if value is None:
        return None
    wrong = _url_fault(value, schemes)
    if wrong is not None:
        problems.add((*path, key), *wrong)
        return None
    return value


@lru_cache(maxsize=4096)
def _url_fault(value: str, schemes: tuple[str, ...]) -> tuple[str, str] | None:
    """Return what is wrong with an address; cached, as the same few come again and again."""
    badly_formed = ("URL_TYPE_INVALID_URL", "Not a well formed URL.")
    try:
        parts = urlsplit(value)
        host = parts.hostname
    except ValueError:
        return badly_formed
    scheme = parts.scheme.lower()
    if scheme and scheme not in schemes:
        listed = ", ".join(f"'{one}'" for one in schemes)
        return (
            "URL_TYPE_INVALID_SCHEME",
            f'Scheme "{parts.scheme}" is not supported. Scheme must be one of ({listed}).',
        )
    if not host or _SPACE.search(value):
        return badly_formed
    if scheme in ("http", "https") and "." not in host and host != "localhost":
        return badly_formed
    return None
