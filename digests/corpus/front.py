"""Front matter: which kind a text opens with, where it ends, what it says. python-frontmatter drives the handlers."""

from __future__ import annotations

import json
import re
import tomllib
from dataclasses import dataclass

import frontmatter
from frontmatter.default_handlers import BaseHandler

from digests.corpus import yaml
from digests.corpus.problems import Unreadable
from digests.i18n import _

MAX_TOML_CHARS = 128 * 1024
"""tomllib is pure Python; real front matter has a few thousand characters."""
MAX_TOML_TRIES = 8

FIELD_NAMES = (
    "title|excerpt|publishedDateTime|webUrl|originalUrl|ampWebUrl|cdnAmpWebUrl|type|category|quality|heat|published"
    "|provider|topics|images|related|secured"
)
_YAML_FENCE = re.compile(r"-{3,}[ \t]*(?:\n|\Z)")
_YAML_END = re.compile(r"\n(?:-{3,}|\.\.\.)[ \t]*(?=\n|\Z)")
_TOML_FENCE = re.compile(r"\+{3,}[ \t]*(?:\n|\Z)")
_TOML_END = re.compile(r"\n\+{3,}[ \t]*(?=\n|\Z)")
_JSON_OPENING = re.compile(r"\{\s*[\"}]")
_KEY_LINE = re.compile(r"\s*[\"']?[A-Za-z_][\w .-]{0,60}[\"']?\s*:(?:\s|\Z)")
_FIELD_LINE = re.compile(rf"(?m)^(?:{FIELD_NAMES})[ \t]*:")
_TOML_LINE = re.compile(r"at line (\d+)")


@dataclass(frozen=True, slots=True)
class Front:
    """A text split in two.

    Attributes:
        fields: None where the text has no front matter (an empty one counts as none).
        source: The front matter as written.
        first_line: Line of the file that `source` begins on.
        is_yaml: `source` is YAML, so scalars may have lost their spelling (`014`).
    """

    fields: dict[str, object] | None
    body: str
    source: str = ""
    first_line: int = 1
    is_yaml: bool = False

    def lean(self) -> yaml.Lean | None:
        """Reads `source` again with scalars as written and the line of each value; None where that can't be had."""
        if not self.is_yaml or not yaml.is_within_guard(self.source):
            return None
        try:
            return yaml.load_lean(self.source)
        except Unreadable:
            return None


class _Missing(Exception):  # noqa: N818
    """There is no front matter after all: `rest` is the text behind the rule that looked like its opening."""

    def __init__(self, rest: str) -> None:
        super().__init__()
        self.rest = rest


class _Handler(BaseHandler):
    """What the three kinds share: lines of errors count in the text that is split, and `source` is remembered.

    One handler serves one text.
    """

    fence_lines = 1
    # The base class asks for one of each; `split` and `detect` are overridden and never look at them.
    FM_BOUNDARY = re.compile(r"^-{3,}\s*$", re.MULTILINE)
    START_DELIMITER = END_DELIMITER = "---"

    def __init__(self) -> None:
        super().__init__()
        self.source = ""

    def load(self, fm: str) -> dict[str, object]:
        self.source = fm
        try:
            fields = self.parse(fm)
        except Unreadable as error:
            raise error.moved(self.fence_lines) from error
        if fields is None:
            return {}
        if not isinstance(fields, dict):
            raise Unreadable(self.fence_lines + 1, _("the front matter is not a set of fields"))
        return fields

    def parse(self, source: str) -> object:
        raise NotImplementedError


class _FastYAMLHandler(_Handler):
    """Front matter between `---` lines, parsed by `digests.corpus.yaml`."""

    def split(self, text: str) -> tuple[str, str]:
        opening = _YAML_FENCE.match(text)
        assert opening is not None
        # One character back: the closing fence of an empty front matter follows the opening one at once.
        closing = _yaml_end(text, opening.end() - 1)
        if closing is None:
            if _KEY_LINE.match(text, opening.end()):
                raise Unreadable(1, _("the front matter is opened with --- and never closed"))
            raise _Missing(text[opening.end() :])
        content = text[closing.end() :]
        following = _yaml_end(content, 0)
        if following is not None:
            # YAML ends a document at any `---` in the first column, even where a person meant a line of text; what
            # then follows are fields, and they would end up in the body.
            field = _FIELD_LINE.search(content, 0, following.start())
            if field is not None:
                line = text.count("\n", 0, closing.start() + 1) + 1
                raise Unreadable(
                    line, _("a --- line ends the front matter here, but fields follow it: indent it or take it out")
                )
        return text[opening.end() : max(closing.start(), opening.end())], content

    def parse(self, source: str) -> object:
        return yaml.load(source)


def _yaml_end(text: str, start: int) -> re.Match[str] | None:
    """Finds the next closing fence; plain `find` is many times faster than a regex that tries every line."""
    dots = text.find("\n...", start)
    end = text.find("\n---", start)
    while end >= 0 or dots >= 0:
        nearest = end if dots < 0 or 0 <= end < dots else dots
        match = _YAML_END.match(text, nearest)
        if match is not None:
            return match
        if nearest == end:
            end = text.find("\n---", end + 1)
        else:
            dots = text.find("\n...", dots + 1)
    return None


class _GuardedTOMLHandler(_Handler):
    """Front matter between `+++` lines, parsed by tomllib."""

    def split(self, text: str) -> tuple[str, str]:
        opening = _TOML_FENCE.match(text)
        assert opening is not None
        closings = list(_TOML_END.finditer(text, opening.end() - 1))[:MAX_TOML_TRIES]
        if not closings:
            raise Unreadable(1, _("the front matter is opened with +++ and never closed"))
        # A `+++` line may stand in a multi-line string: then what is before it is no valid TOML.
        parts = [(text[opening.end() : max(end.start(), opening.end())], text[end.end() :]) for end in closings]
        return next((part for part in parts if self._is_valid(part[0])), parts[0])

    def _is_valid(self, source: str) -> bool:
        try:
            self.parse(source)
        except Unreadable:
            return False
        return True

    def parse(self, source: str) -> object:
        if len(source) > MAX_TOML_CHARS:
            raise Unreadable(1, _("the front matter is too long"))
        try:
            return tomllib.loads(source)
        except tomllib.TOMLDecodeError as error:
            found = _TOML_LINE.search(str(error))
            line = int(found[1]) if found else source.count("\n") + 1
            detail = str(error).partition(" (at ")[0][:200]
            raise Unreadable(line, _("the front matter is not valid TOML: {detail}").format(detail=detail)) from error
        except (RecursionError, ValueError, OverflowError) as error:
            raise Unreadable(None, _("the front matter is nested too deeply or holds an impossible number")) from error


class _JSONHandler(_Handler):
    """Front matter that is one JSON object at the start of the text."""

    fence_lines = 0

    def split(self, text: str) -> tuple[str, str]:
        end = self._decode(text)[1]
        return text[:end], text[end:]

    def parse(self, source: str) -> object:
        return self._decode(source)[0]

    def _decode(self, text: str) -> tuple[object, int]:
        try:
            return _JSON.raw_decode(text)
        except json.JSONDecodeError as error:
            raise Unreadable(
                error.lineno, _("the front matter is not valid JSON: {detail}").format(detail=error.msg)
            ) from error
        except (RecursionError, ValueError) as error:
            raise Unreadable(None, _("the front matter is nested too deeply or holds an impossible number")) from error


def _distinct(pairs: list[tuple[str, object]]) -> dict[str, object]:
    made = dict(pairs)
    if len(made) != len(pairs):
        seen: set[str] = set()
        for name, _value in pairs:
            if name in seen:
                shown = repr(name[:40])
                raise Unreadable(None, _("the field {name} stands twice in the front matter").format(name=shown))
            seen.add(name)
    return made


_JSON = json.JSONDecoder(object_pairs_hook=_distinct)


def split(text: str) -> Front:
    """Takes front matter (YAML, TOML or JSON, whatever the file's ending) off a text with `\\n` line ends.

    Raises:
        Unreadable: With a line of `text`.
    """
    start = len(text) - len(text.lstrip())
    handler = _handler_for(text, start)
    if handler is None:
        return Front(None, text)
    # python-frontmatter takes leading blank lines off before it hands the text on.
    lead_lines = text.count("\n", 0, start)
    try:
        fields, body = frontmatter.parse(text, handler=handler)
    except Unreadable as error:
        raise error.moved(lead_lines) from error
    except _Missing as missing:
        return Front(None, missing.rest)
    if not fields:
        return Front(None, body)
    is_yaml = isinstance(handler, _FastYAMLHandler)
    return Front(fields, body, handler.source, lead_lines + handler.fence_lines + 1, is_yaml)


def _handler_for(text: str, start: int) -> _Handler | None:
    if text.startswith("---", start) and _YAML_FENCE.match(text, start):
        return _FastYAMLHandler()
    if text.startswith("+++", start) and _TOML_FENCE.match(text, start):
        return _GuardedTOMLHandler()
    if text.startswith("{", start) and _JSON_OPENING.match(text, start):
        return _JSONHandler()
    return None
