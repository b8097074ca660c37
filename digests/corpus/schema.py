"""Coerces front-matter fields by a schema rather than by YAML's guesses. A bad field never costs the article.

The fast path is one pass of pydantic's Rust validator. What it rejects is repaired or removed, with a remark, and
validated again. The validator is built without pydantic's models: in each worker process their import would take as
long as reading a thousand files.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from types import UnionType
from typing import cast, get_args, get_origin, get_type_hints

from pydantic_core import SchemaValidator, ValidationError
from pydantic_core.core_schema import (
    CoreSchema,
    bool_schema,
    int_schema,
    list_schema,
    nullable_schema,
    str_schema,
    typed_dict_field,
    typed_dict_schema,
)
from typing_extensions import TypedDict, is_typeddict  # the form that pydantic itself generates; a test compares them

from digests.corpus.values import as_text
from digests.corpus.yaml import Path
from digests.i18n import _

MAX_REMARKS = 20
"""Remarks kept per file."""
MAX_ROUNDS = 6
"""How often validation is repeated: a repaired value can reveal the next error, down to related[i].images[i].url."""


class ProviderFields(TypedDict, total=False):
    """`provider` as written."""

    name: str | None
    domain: str | None


class ImageFields(TypedDict, total=False):
    """One entry of `images` as written."""

    url: str | None
    width: int | None
    height: int | None
    title: str | None


class RelatedFields(TypedDict, total=False):
    """One entry of `related` as written; unused fields are not validated."""

    title: str | None
    publishedDateTime: str | None
    webUrl: str | None
    originalUrl: str | None
    ampWebUrl: str | None
    cdnAmpWebUrl: str | None
    quality: int | None
    provider: ProviderFields | None


class ArticleFields(TypedDict, total=False):
    """An article's front matter as written. `secured` is deliberately not here."""

    title: str | None
    excerpt: str | None
    publishedDateTime: str | None
    date: str | None
    webUrl: str | None
    originalUrl: str | None
    ampWebUrl: str | None
    cdnAmpWebUrl: str | None
    type: str | None
    category: str | None
    quality: int | None
    heat: int | None
    published: bool | None
    provider: ProviderFields | None
    topics: list[str | None] | None
    images: list[ImageFields | None] | None
    related: list[RelatedFields | None] | None


# Numbers are strict, as `quality: false` is not the number 0; numbers written as text are repaired below.
_SCALARS: dict[object, CoreSchema] = {str: str_schema(), int: int_schema(strict=True), bool: bool_schema()}


def schema_of(hint: object) -> CoreSchema:
    """Return the schema of a type; fields may be missing or None, unknown ones are dropped."""
    if is_typeddict(hint):
        hints = get_type_hints(hint)
        fields = {name: typed_dict_field(schema_of(each), required=False) for name, each in hints.items()}
        return typed_dict_schema(fields, extra_behavior="ignore")
    if get_origin(hint) is list:
        return list_schema(schema_of(*get_args(hint)))
    if get_origin(hint) is UnionType:
        return nullable_schema(schema_of(get_args(hint)[0]))
    return _SCALARS[hint]


_VALIDATE = SchemaValidator(schema_of(ArticleFields)).validate_python
_NUMBER = re.compile(r"[+-]?[\d_]+(?:\.\d*)?(?:[eE][+-]?\d{1,3})?\Z")
_LIMIT = 10**9


@dataclass(slots=True)
class Remarks:
    """Remarks on repaired or dropped values, as (place in the front matter, sentence)."""

    found: list[tuple[Path, str]] = field(default_factory=list)
    left_out_count: int = 0

    def add(self, path: Path, reason: str) -> None:
        if len(self.found) < MAX_REMARKS:
            self.found.append((path, reason))
        else:
            self.left_out_count += 1


def validate_quickly(fields: dict[str, object]) -> ArticleFields | None:
    """Return the known fields if each has the right type; None if something has to be repaired."""
    try:
        return cast(ArticleFields, _VALIDATE(fields))
    except ValidationError:
        return None


def validate(
    fields: dict[str, object], remarks: Remarks, as_written: Callable[[], dict[str, object] | None]
) -> ArticleFields:
    """Return the known fields with the right types; what can't be repaired is None, with a remark.

    Args:
        fields: Parsed front matter; repaired in place.
        remarks: New remarks are added to it.
        as_written: Gives the same fields with every scalar as text (YAML turns `014` into a number), or None.
    """
    try:
        return cast(ArticleFields, _VALIDATE(fields))
    except ValidationError as error:
        errors = error.errors(include_url=False, include_context=False)
    if any(_lost_its_spelling(each["type"], each["input"]) for each in errors):
        written = as_written()
        if written is not None:
            fields = written
    for _round in range(MAX_ROUNDS):
        try:
            return cast(ArticleFields, _VALIDATE(fields))
        except ValidationError as error:
            for each in error.errors(include_url=False, include_context=False):
                _repair(fields, each["loc"], each["type"], each["input"], remarks)
    # Only values that pydantic rejects again and again get here; none is known.
    remarks.add((), _("the fields could not be understood"))
    return cast(ArticleFields, {})


def _lost_its_spelling(kind: str, value: object) -> bool:
    return kind in {"string_type", "dict_type", "list_type"} and isinstance(value, (bool, int, float))


def _repair(fields: dict[str, object], path: Path, kind: str, value: object, remarks: Remarks) -> None:
    """Repair a value that the validator rejected, or remove it with a remark."""
    repaired: object = None
    if kind == "string_type":
        repaired = as_text(value)
    elif kind.startswith(("int_", "finite")):
        repaired = _as_number(value)
    elif kind.startswith("bool_"):
        repaired = _as_switch(value)
    elif kind == "dict_type":
        repaired = _as_fields(path, value)
    elif kind == "list_type":
        repaired = _as_list(path, value)
    if repaired is None and not _is_nothing(value):
        remarks.add(path, _("{field} can't be understood and is left out").format(field=name_of(path)))
    _put(fields, path, repaired)


def _as_switch(value: object) -> bool | None:
    """Return a switch that is given as a number in text; the number `0.0` would have passed already."""
    number = _number_in(value) if isinstance(value, str) else None
    return bool(number) if number in (0, 1) else None


def _number_in(text: str) -> float | None:
    text = text.strip().replace(",", "")
    if re.fullmatch(r"0[xX][0-9a-fA-F]{1,8}", text):
        return float(int(text, 16))
    return float(text.replace("_", "")) if len(text) <= 40 and _NUMBER.match(text) else None


def _as_number(value: object) -> int | None:
    if isinstance(value, str):
        value = _number_in(value)
    if isinstance(value, float) and math.isfinite(value) and abs(value) < _LIMIT:
        return round(value)
    return None


def _as_fields(path: Path, value: object) -> object:
    """Accept a provider given as a name, a picture given as an address, or a list with one entry."""
    if isinstance(value, list) and len(value) == 1 and isinstance(value[0], dict):
        return value[0]
    if isinstance(value, str) and value.strip():
        if path[-1] == "provider":
            return {"name": value}
        if len(path) >= 2 and path[-2] == "images":
            return {"url": value}
    return None


def _as_list(path: Path, value: object) -> object:
    if isinstance(value, dict):
        return [value]
    if isinstance(value, (str, int, float)):
        if path[-1] == "topics":
            return [part for part in str(value).split(",") if part.strip()]
        return [value]
    return None


def _is_nothing(value: object) -> bool:
    return value is None or value == "" or value == [] or value == {}


def name_of(path: Path) -> str:
    """Return a place in readable form: `related[2].quality`, with entries counted from 1."""
    shown = ""
    for part in path:
        shown += f"[{part + 1}]" if isinstance(part, int) else f".{part}" if shown else part
    return shown


def _put(fields: dict[str, object], path: Path, value: object) -> None:
    holder: object = fields
    for part in path[:-1]:
        holder = holder[part]  # type: ignore[index]
    holder[path[-1]] = value  # type: ignore[index]
