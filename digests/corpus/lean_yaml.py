"""Parses YAML with libyaml's events: scalars as they are written, and the line of each value.

Most files never need it: `yaml` reads with yaml-rs and uses this only for what that rejects.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass

from yaml.cyaml import CParser  # type: ignore[attr-defined]
from yaml.error import MarkedYAMLError, YAMLError
from yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)

from digests.corpus.problems import MAX_DOUBLED, Unreadable
from digests.i18n import _

Path = tuple[str | int, ...]

MAX_DEPTH = 64

_NULLS = frozenset({"", "~", "null", "Null", "NULL"})


@dataclass(frozen=True, slots=True)
class Lean:
    """The result of the guarded parser: every scalar as written (None for null), and the line of each value.

    `duplicates` has the duplicate names as (line of the later one, sentence); the last one counts.
    """

    data: object
    lines: dict[Path, int]
    duplicates: tuple[tuple[int, str], ...] = ()


def load(text: str) -> Lean:
    """Parse with libyaml's event parser and keep each scalar as written.

    No tags, aliases or merge keys; call it only for text that `is_within_guard`.

    Raises:
        Unreadable: With the line in `text`.
    """
    try:
        return _construct(CParser(text), _Lines(text))
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = _Lines(text).at(mark.index) if mark is not None else None
        detail = error.problem or error.context or ""
        raise Unreadable(line, _("the front matter is not valid YAML: {detail}").format(detail=detail)) from error
    except YAMLError as error:  # ReaderError: a character that YAML forbids
        position = getattr(error, "position", None)
        line = text.count("\n", 0, position) + 1 if isinstance(position, int) else None
        raise Unreadable(line, _("there is a character in the front matter that YAML forbids")) from error
    except UnicodeError as error:
        raise Unreadable(None, _("there is a character in the front matter that YAML forbids")) from error


class _Lines:
    """Counts lines by newlines only; libyaml also counts separators that editors don't show as line breaks."""

    def __init__(self, text: str) -> None:
        self._ends = [match.start() for match in re.finditer("\n", text)]

    def at(self, index: int) -> int:
        """Return the line of a character, counted from 1."""
        return bisect_left(self._ends, index) + 1


def _construct(parser: CParser, counted: _Lines) -> Lean:
    """Build plain data from events with an explicit stack, so that nesting uses no C or Python stack."""
    root: object = None
    lines: dict[Path, int] = {}
    containers: list[dict[str, object] | list[object]] = []
    keys: list[str | None] = []
    path: list[str | int] = []
    documents = 0
    duplicates: list[tuple[int, str]] = []

    def place(value: object, line: int) -> None:
        nonlocal root
        if not containers:
            root = value
            return
        parent = containers[-1]
        if isinstance(parent, list):
            path[-1] = len(parent)
            parent.append(value)
            lines[tuple(path)] = line
            return
        key = keys[-1]
        if key is not None:
            parent[key] = value
            lines.setdefault(tuple(path), line)
            keys[-1] = None
            return
        if not isinstance(value, str):
            raise Unreadable(line, _("a field name in the front matter is not a word"))
        if value in parent and len(duplicates) < MAX_DOUBLED:
            reason = _("the field {name} is in the front matter twice; the last one counts")
            duplicates.append((line, reason.format(name=_shown(value))))
        if value == "<<":
            raise Unreadable(line, _("the front matter uses a merge key; write the fields out"))
        keys[-1] = value
        path[-1] = value
        lines[tuple(path)] = line

    while parser.check_event():
        event = parser.get_event()
        assert event is not None
        line = counted.at(event.start_mark.index)  # type: ignore[union-attr]
        match event:
            case ScalarEvent():
                expects_key = bool(containers) and isinstance(containers[-1], dict) and keys[-1] is None
                is_null = event.implicit[0] and event.value in _NULLS
                place(event.value if expects_key or not is_null else None, line)
            case MappingStartEvent() | SequenceStartEvent():
                if len(containers) >= MAX_DEPTH:
                    raise Unreadable(line, _("the front matter is nested too deeply"))
                if containers and isinstance(containers[-1], dict) and keys[-1] is None:
                    raise Unreadable(line, _("a field name in the front matter is not a word"))
                container: dict[str, object] | list[object] = {} if isinstance(event, MappingStartEvent) else []
                place(container, line)
                containers.append(container)
                keys.append(None)
                path.append("")
            case MappingEndEvent() | SequenceEndEvent():
                containers.pop()
                keys.pop()
                path.pop()
            case AliasEvent():
                raise Unreadable(line, _("the front matter uses an alias; write the value out"))
            case DocumentStartEvent():
                documents += 1
                if documents > 1:
                    raise Unreadable(line, _("there is more than one YAML document in the front matter"))
            case _:
                pass
    return Lean(root, lines, tuple(duplicates))


def _shown(name: str) -> str:
    return repr(name[:40])
