"""Fields that a page of MDX exports (`export const meta = { title: "…" }`): read as data, the rest passed over."""

from __future__ import annotations

import re
from typing import NamedTuple

SEARCHED_CHARS = 8000
MAX_OBJECT_CHARS = 20_000
MAX_FIELDS = 100
MAX_DEPTH = 4

_END = re.compile(r"[ \t]*+\)?[^\S\n]*+(?:as const|satisfies [\w.]{1,60})?[ \t]*+;?")
_EXPORT = re.compile(
    r"(?m)^export\s+(?:const|let|var)\s+(?:meta|metadata|front[mM]atter|attributes|post|info)\b"
    r"(?:\s*:\s*[\w.<>]{1,60})?\s*=\s*(?:[\w.]{1,60}\(\s*)?(?=\{)"
)
_KEY = re.compile(r"""\s*(?:([\w$]{1,60})|"([^"\n]{1,60})"|'([^'\n]{1,60})')\s*:\s*""")
_TEXT = re.compile(
    r"""\s*(?:"((?:[^"\\\n]|\\.){0,2000}+)"|'((?:[^'\\\n]|\\.){0,2000}+)'|`((?:[^`\\$]|\\.){0,2000}+)`)"""
)
_DATE = re.compile(r"\s*new Date\(\s*(?=[\"'`])")
_WORD = re.compile(r"\s*(-?\d[\d.]{0,20}|true|false|null)\b")
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)
_CLOSING = {"{": "}", "[": "]", "(": ")"}
_VALUES: dict[str, object] = {"true": True, "false": False, "null": None}


class Exported(NamedTuple):
    """The fields, and the position in the text of the statement that exports them."""

    fields: dict[str, object]
    start: int
    end: int


def find(text: str) -> Exported | None:
    """Find the fields that the text exports at its beginning; None if it exports none."""
    match = _EXPORT.search(text, 0, SEARCHED_CHARS)
    if match is None:
        return None
    reader = _Reader(text, match.end())
    fields = reader.fields(0)
    if not fields:
        return None
    end = _END.match(text, reader.position)
    return Exported(fields, match.start(), end.end() if end is not None else reader.position)


class _Reader:
    """Reads one object. Anything but a plain value (a name, a call, JSX) is skipped."""

    def __init__(self, text: str, position: int) -> None:
        self.text = text[: position + MAX_OBJECT_CHARS]
        self.position = position

    def fields(self, depth: int) -> dict[str, object]:
        """Read from a `{` past its `}`."""
        self.position += 1
        fields: dict[str, object] = {}
        while self._goes_on("}"):
            key = _KEY.match(self.text, self.position)
            if key is None:
                self._skip()
                continue
            self.position = key.end()
            value = self._value(depth)
            if value is not None and len(fields) < MAX_FIELDS:
                fields[key[1] or key[2] or key[3]] = value
            self._skip()
        return fields

    def _list(self, depth: int) -> list[object]:
        self.position += 1
        values: list[object] = []
        while self._goes_on("]"):
            value = self._value(depth)
            if value is not None and len(values) < MAX_FIELDS:
                values.append(value)
            self._skip()
        return values

    def _goes_on(self, closing: str) -> bool:
        """Skip space, commas and comments; return False at the end."""
        while self.position < len(self.text):
            char = self.text[self.position]
            if char.isspace() or char == ",":
                self.position += 1
            elif self.text.startswith("//", self.position):
                end = self.text.find("\n", self.position)
                self.position = len(self.text) if end < 0 else end
            elif char in "}])":
                self.position += char == closing
                return False
            else:
                return True
        return False

    def _value(self, depth: int) -> object:
        dated = _DATE.match(self.text, self.position)
        if dated is not None:
            self.position = dated.end()
        found = _TEXT.match(self.text, self.position)
        if found is not None:
            self.position = found.end()
            if dated is not None and self.text.startswith(")", self.position):
                self.position += 1
            written = next((each for each in found.groups() if each is not None), "")
            return _ESCAPED.sub(lambda mark: {"n": "\n", "t": "\t"}.get(mark[1], mark[1]), written)
        word = _WORD.match(self.text, self.position)
        if word is not None:
            self.position = word.end()
            return _VALUES.get(word[1], word[1])
        char = self.text[self.position : self.position + 1]
        if char == "{" and depth < MAX_DEPTH:
            return self.fields(depth + 1)
        if char == "[" and depth < MAX_DEPTH:
            return self._list(depth + 1)
        return None

    def _skip(self) -> None:
        """Skip to the comma or bracket that ends a value, past any brackets and strings in it."""
        opened: list[str] = []
        while self.position < len(self.text):
            char = self.text[self.position]
            text = _TEXT.match(self.text, self.position) if char in "\"'`" else None
            if text is not None:
                self.position = text.end()
                continue
            if char in _CLOSING:
                opened.append(_CLOSING[char])
            elif char in "}])":
                if not opened:
                    return
                if opened[-1] == char:
                    opened.pop()
            elif char == "," and not opened:
                return
            self.position += 1
