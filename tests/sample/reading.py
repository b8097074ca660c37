"""Reads the sample corpus with python-frontmatter, not with our own loader."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import frontmatter

SAMPLE = Path(__file__).parents[2] / "sample"
ARTICLES = SAMPLE / "articles"
BROKEN = "2026-03-09-broken.md"
DAYS = [date(2026, 3, 2) + timedelta(days=number) for number in range(14)]

Fields = dict[str, Any]


def read(path: Path) -> Fields:
    """Return the front matter of one file; a file without any gives an empty one."""
    text = path.read_bytes().decode("utf-8").replace("\r\n", "\n")
    if text.startswith("+++\n"):
        return tomllib.loads(text.split("+++\n")[1])
    fields: Fields = frontmatter.loads(text).metadata
    return fields


@cache
def corpus() -> dict[str, Fields]:
    """Return the front matter of every file but the broken one, by file name."""
    return {path.name: read(path) for path in sorted(ARTICLES.iterdir()) if path.name != BROKEN}


def named(start: str) -> Fields:
    """Return the one article whose file name starts so."""
    (found,) = (fields for name, fields in corpus().items() if name.startswith(start))
    return found


def related(fields: Fields) -> list[Fields]:
    return list(fields.get("related") or [])


def addresses(fields: Fields) -> set[str]:
    return {fields[key] for key in ("webUrl", "originalUrl", "ampWebUrl", "cdnAmpWebUrl") if key in fields}


def lists(one: Fields, other: Fields) -> bool:
    """Tell whether `one` has `other` among its related links."""
    return any(addresses(link) & addresses(other) for link in related(one))


def walk(value: Any) -> Iterator[tuple[str, Any]]:
    """Yield every key with its value, however deep."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield key, inner
            yield from walk(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from walk(inner)


def moment(fields: Fields) -> datetime:
    """Return the publication time; JSON holds it as text, and PyYAML may give it without a zone."""
    value = fields["publishedDateTime"]
    if isinstance(value, str):
        value = datetime.fromisoformat(value)
    assert isinstance(value, datetime)
    return value if value.tzinfo else value.replace(tzinfo=UTC)
