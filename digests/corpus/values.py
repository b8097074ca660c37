"""Converts front-matter values to texts, switches and lists of names. The results are bounded for any input."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from datetime import date, datetime, time

from digests import text as texts

MAX_NAME_CHARS = 200
MAX_NAMES = 50
_MAX_NESTED = 200
_NAME_KEYS = ("name", "label", "title", "display_name", "displayName", "term", "tag", "value", "slug", "id")
_WIKI_LINK = re.compile(r"\[\[(?:[^\[\]|]{0,200}\|)?([^\[\]|]{1,200})\]\]")
_MAIL = re.compile(r"(?<!\s)\s*(?:<[^<>\s]{0,200}@[^<>\s]{0,200}>|\([^()]{0,200}@[^()]{0,200}\))")
_LANGUAGE = re.compile(r"[a-z]{2}(?:[-_][A-Za-z]{2,4})?")
_ON = frozenset({"true", "yes", "on", "1", "y"})
_OFF = frozenset({"false", "no", "off", "0", "n"})


def as_text(value: object) -> str | None:
    """Return a scalar as text; None for anything else."""
    match value:
        case str():
            return value
        case bool():
            return "true" if value else "false"
        case int() if abs(value) < 10**40:
            return str(value)
        case float() if math.isfinite(value):
            return repr(value)
        case datetime() | date() | time():
            return value.isoformat()
        case list() if len(value) == 1 and isinstance(value[0], str):
            return value[0]
        case dict() if value and all(isinstance(key, str) and _LANGUAGE.fullmatch(key) for key in value):
            # A text in several languages: the first one is the site's own.
            first = next(iter(value.values()))
            return first if isinstance(first, str) else None
        case _:
            return None


def as_switch(value: object) -> bool | None:
    """Return a switch's value; None if it is not a switch."""
    if isinstance(value, bool):
        return value
    text = as_text(value)
    low = text.strip().lower() if text is not None else ""
    return True if low in _ON else False if low in _OFF else None


def names_in(value: object, *, at_spaces: bool) -> Iterator[str]:
    """Yield the names in a field such as `tags`: nested lists flattened, objects by name, without `#` and `[[ ]]`.

    Args:
        value: As parsed.
        at_spaces: Split text without commas at spaces, as Jekyll does.
    """
    stack: list[object] = [value]
    is_outermost = True
    for _count in range(_MAX_NESTED):
        if not stack:
            return
        each = stack.pop()
        if isinstance(each, list):
            stack += reversed(each[:_MAX_NESTED])
        elif isinstance(each, dict):
            named = next((text for key in _NAME_KEYS if (text := as_text(each.get(key))) is not None), None)
            if named is not None:
                stack.append([named])
            elif each and all(switch is None or as_switch(switch) is not None for switch in each.values()):
                # A set: `{ports: true, weather: false}`, or names alone.
                names = (name for name, switch in each.items() if switch is None or as_switch(switch))
                stack.append([name for name in names if isinstance(name, str)])
        else:
            text = as_text(each)
            if text is not None:
                yield from map(_name, _parts(text, at_spaces=at_spaces) if is_outermost else [text])
        is_outermost = False


def _parts(text: str, *, at_spaces: bool) -> list[str]:
    text = text.strip()
    if text.startswith("[") and text.endswith("]") and not text.startswith("[["):
        text = text[1:-1]  # a list written as text in a metadata block
    for mark in (",", ";", "\n", " | "):
        if mark in text:
            return text.split(mark, MAX_NAMES)[:MAX_NAMES]
    if not at_spaces or "[[" in text:
        return [text]
    return text.split(None, MAX_NAMES)[:MAX_NAMES]


def _name(text: str) -> str:
    linked = _WIKI_LINK.search(text)
    name = texts.name(linked[1] if linked else text).strip(" \"'")
    return texts.shortened(name.lstrip("#") if len(name) > 1 else name, MAX_NAME_CHARS)


def distinct(names: Iterator[str] | list[str], limit: int = MAX_NAMES) -> tuple[str, ...]:
    """Return names in order without duplicates, ignoring case."""
    kept: dict[str, str] = {}
    for name in names:
        if name and len(kept) < limit:
            kept.setdefault(name.casefold(), name)
    return tuple(kept.values())


# What somebody is, behind their name.
_ROLE = re.compile(
    r"(?i)\b(?:director|president|founder|co-?founder|engineer|manager|editor|officer|chair|head of|c[etofm]o|vp"
    r"|advocate|developer|professor|ph\.?d|staff|team lead|analyst|correspondent|reporter|fellow|architect)\b"
)


def authors_in(value: object) -> Iterator[str]:
    """Yield the names of authors: text with several of them is split if each part is a full name."""
    if isinstance(value, str):
        text = _MAIL.sub("", value).strip()
        parts = [part for part in re.split(r"(?<!\s)\s*(?:,|;|&|\band\b)\s*", text[:1000]) if part]
        parts = parts[:1] + [part for part in parts[1:] if _ROLE.search(part) is None]
        if len(parts) > 1 and (all(" " in part for part in parts) or not any(" " in part for part in parts)):
            value = parts
        else:
            value = [text] if text else []
    elif isinstance(value, list):
        # The other fields of an author known by a key only change what is shown next to the name.
        value = [
            each["key"] if isinstance(each, dict) and "name" not in each and isinstance(each.get("key"), str) else each
            for each in value[:_MAX_NESTED]
        ]
    for name in names_in(value, at_spaces=False):
        yield _MAIL.sub("", name)
