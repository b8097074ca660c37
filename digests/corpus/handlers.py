"""Handlers for python-frontmatter: detect a kind of front matter, find its end, parse it."""

from __future__ import annotations

import json
import re
import tomllib
from datetime import date, datetime, time
from itertools import islice

from frontmatter.default_handlers import BaseHandler

from digests.corpus import toml, yaml_repairs
from digests.corpus.problems import MAX_DOUBLED, Unreadable
from digests.corpus.vocabulary import DIALECT
from digests.i18n import _

MAX_TOML_CHARS = 128 * 1024
"""tomllib is pure Python; real front matter has a few thousand characters."""
MAX_TOML_TRIES = 8

# A comment or a language may follow, as in gray-matter.
_YAML_FENCE = re.compile(
    r"-{3,}[ \t]*(?:#[^\n]*|(yaml|yml|toml|json5?|js|javascript|coffee|ejs)[ \t]*)?(?:\n|\Z)", re.IGNORECASE
)
_YAML_END = re.compile(r"\n(?:-{3,}|\.\.\.)[ \t]*(?=\n|\Z)")
_PLAIN_FENCE = "---\n"
_PLAIN_FENCE_CHARS = len(_PLAIN_FENCE)
_UNBRACED_OPENING = re.compile(r"\"\w{1,40}\"\s*:")
_SEMICOLON_FENCE = re.compile(r";{3,}[ \t]*\n")
_SEMICOLONS = re.compile(r"\n;{3,}[ \t]*(?=\n|\Z)")
_TOML_FENCE = re.compile(r"\+{3,}[ \t]*(?:\n|\Z)")
_TOML_END = re.compile(r"\n\+{3,}[ \t]*(?=\n|\Z)")
_JSON_OPENING = re.compile(r"\{\s*[\"}]")
_RELAXED = re.compile(r"(\"(?:[^\"\\\n]|\\.)*+\")|//[^\n]*+|,(?=\s*+[}\]])")
_KEY_LINE = re.compile(r"\s*(?:-[ \t]+)?[\"']?[^\W\d][\w .-]{0,60}[\"']?\s*:(?:\s|\Z)")
_COMMENT_LINES = re.compile(r"(?:[ \t]*(?:#[^\n]*)?\n){0,200}")
_OPENS_BLOCK = re.compile(r"(?m)^[^\s#][^\n]{0,80}?:[ \t]+[|>][-+\d]{0,2}[ \t]*$")
_INDENTED = re.compile(r"\s*\n[ \t]+\S")
_COMMENTED_FENCE = re.compile(r"(?:#[^\n]*\n){1,20}(?=---[ \t]*\n[ \t]*[A-Za-z_][\w-]*[ \t]*:)")
_FIELD_LINE = re.compile(rf"(?m)^(?:{'|'.join(sorted(DIALECT))})[ \t]*:")
_TOML_LINE = re.compile(r"at line (\d+)")


class Missing(Exception):  # noqa: N818
    """There is no front matter after all: `rest` is the text after the rule that looked like its start."""

    def __init__(self, rest: str) -> None:
        super().__init__()
        self.rest = rest


class Handler(BaseHandler):
    """What the three kinds share: error lines count in the whole text, and `source` is kept.

    A handler is used for one text only.
    """

    fence_lines = 1
    kind = "yaml"
    # Required by the base class; the overridden `split` and `detect` never use them.
    FM_BOUNDARY = re.compile(r"^-{3,}\s*$", re.MULTILINE)
    START_DELIMITER = END_DELIMITER = "---"

    def __init__(self) -> None:
        super().__init__()
        self.source = ""
        self.remarks: list[tuple[int, str]] = []

    def load(self, fm: str) -> dict[str, object]:
        """Parse the source of the text's front matter."""
        self.source = fm
        self.remarks.clear()  # finding the end may already have parsed it
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


class _FastYAMLHandler(Handler):
    """Front matter between `---` lines, parsed by `digests.corpus.yaml`."""

    def split(self, text: str) -> tuple[str, str]:
        opening_end = _PLAIN_FENCE_CHARS if text.startswith(_PLAIN_FENCE) else _fence_end(text)
        # One character back: in an empty front matter the closing fence follows immediately.
        closing = _yaml_end(text, opening_end - 1)
        if closing is None:
            if _KEY_LINE.match(text, opening_end):
                raise Unreadable(1, _("the front matter is opened with --- and never closed"))
            raise Missing(text[opening_end:])
        content = text[closing.end() :]
        source = text[opening_end : max(closing.start(), opening_end)]
        if not _opens_fields(source):
            raise Missing(text[opening_end:])
        if _is_cut(source, content):
            line = text.count("\n", 0, closing.start() + 1) + 1
            raise Unreadable(
                line, _("a --- line ends the front matter here, but fields follow it: indent it or take it out")
            )
        return source, content

    def parse(self, source: str) -> object:
        return yaml_repairs.load(source, self.remarks)


def _fence_end(text: str) -> int:
    opening = _YAML_FENCE.match(text)
    return 0 if opening is None else opening.end()


def _opens_fields(source: str) -> bool:
    """Check whether the text between two rules can be fields at all: a file may begin with a rule."""
    if _KEY_LINE.match(source) is not None:
        return True
    comments = _COMMENT_LINES.match(source)
    start = comments.end() if comments is not None else 0
    if start >= len(source):
        return True
    return _KEY_LINE.match(source, start) is not None or source[start : start + 1] in '{?&!%"'


def _is_cut(source: str, content: str) -> bool:
    """Check whether a rule inside a block of text ended the fields too early.

    YAML ends a document at any `---` in the first column, even if it was meant as a line of text; the fields after it
    would end up in the body. In that case the block continues indented, and fields and another fence follow.
    """
    following = _yaml_end(content, 0)
    if following is None or _INDENTED.match(content) is None:
        return False
    opened = list(_OPENS_BLOCK.finditer(source))
    if not opened or re.search(r"\n\S", source[opened[-1].end() :]):
        return False
    return _FIELD_LINE.search(content, 0, following.start()) is not None


def _yaml_end(text: str, start: int) -> re.Match[str] | None:
    """Find the next closing fence; `str.find` is many times faster than a regex that tries every line."""
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


class _GuardedTOMLHandler(Handler):
    """Front matter between `+++` lines (or opened with `---toml`), parsed by tomllib."""

    kind = "toml"

    def __init__(self) -> None:
        super().__init__()
        self._parsed: tuple[str, object, tuple[tuple[int, str], ...]] | None = None
        """What was already parsed while finding the end: source, fields, remarks."""

    def split(self, text: str) -> tuple[str, str]:
        opening = _TOML_FENCE.match(text) or _YAML_FENCE.match(text)
        assert opening is not None
        end = _TOML_END if text.startswith("+") else _YAML_END
        first: re.Match[str] | None = None
        # A `+++` line may be part of a multi-line string: then the text before it is not valid TOML.
        for closing in islice(end.finditer(text, opening.end() - 1), MAX_TOML_TRIES):
            source = text[opening.end() : max(closing.start(), opening.end())]
            if self._is_valid(source):
                return source, text[closing.end() :]
            first = first or closing
        if first is None:
            raise Unreadable(1, _("the front matter is opened with {fence} and never closed").format(fence=text[:3]))
        return text[opening.end() : max(first.start(), opening.end())], text[first.end() :]

    def _is_valid(self, source: str) -> bool:
        try:
            self._parsed = source, self._loaded(source), tuple(self.remarks)
        except Unreadable:
            self.remarks.clear()
            return False
        return True

    def parse(self, source: str) -> object:
        if self._parsed is not None and self._parsed[0] == source:
            self.remarks[:] = self._parsed[2]
            return self._parsed[1]
        return self._loaded(source)

    def _loaded(self, source: str) -> object:
        if len(source) > MAX_TOML_CHARS:
            raise Unreadable(1, _("the front matter is too long"))
        try:
            return _with_dates_as_text(toml.loads(source))
        except tomllib.TOMLDecodeError as error:
            found = _TOML_LINE.search(str(error))
            line = int(found[1]) if found else source.count("\n") + 1
            once = _without_double(source, line) if "overwrite" in str(error) else None
            if once is not None and len(self.remarks) < MAX_TOML_TRIES:
                self.remarks.append((line, _("the field is in the front matter twice; the last one counts")))
                return self._loaded(once)
            detail = str(error).partition(" (at ")[0][:200]
            raise Unreadable(line, _("the front matter is not valid TOML: {detail}").format(detail=detail)) from error
        except (RecursionError, ValueError, OverflowError) as error:
            raise Unreadable(None, _("the front matter is nested too deeply or has an impossible number")) from error


def _with_dates_as_text(fields: dict[str, object]) -> dict[str, object]:
    """Return fields with dates as text, as in the other kinds of front matter."""
    for name, value in fields.items():
        if isinstance(value, (date, datetime, time)):
            fields[name] = value.isoformat()
        elif isinstance(value, dict):
            _with_dates_as_text(value)
    return fields


def _without_double(source: str, line: int) -> str | None:
    """Blank the earlier of two lines that set the same name; None if it isn't that simple."""
    lines = source.split("\n")
    name = lines[line - 1].partition("=")[0].strip() if line <= len(lines) else ""
    for number in range(line - 2, -1, -1):
        if lines[number].lstrip().startswith("["):
            return None
        if name and lines[number].partition("=")[0].strip() == name:
            lines[number] = ""
            return "\n".join(lines)
    return None


class _FencedJSONHandler(Handler):
    """Front matter in JSON between `---json` and `---`."""

    kind = "json"

    def split(self, text: str) -> tuple[str, str]:
        opening = _YAML_FENCE.match(text)
        assert opening is not None
        closing = _yaml_end(text, opening.end() - 1)
        if closing is None:
            raise Unreadable(1, _("the front matter is opened with {fence} and never closed").format(fence="---json"))
        return text[opening.end() : max(closing.start(), opening.end())], text[closing.end() :]

    def parse(self, source: str) -> object:
        text = source.strip()
        try:
            return _decode_json(text, self.remarks)[0]
        except Unreadable:
            relaxed = _relaxed(text)
            if relaxed == text:
                raise
            found = _decode_json(relaxed, self.remarks)[0]
            self.remarks.append((1, _("comments and trailing commas are not valid JSON; it was read without them")))
            return found


def _relaxed(text: str) -> str:
    """Blank JSON's comments and trailing commas, which editors accept, outside strings and without moving a line."""
    return _RELAXED.sub(lambda found: found[1] or re.sub(r"[^\n]", " ", found[0]), text)


class _UnbracedJSONHandler(Handler):
    """Hexo's front matter in JSON: fields with or without braces, followed by a line of semicolons."""

    fence_lines = 0
    kind = "json"

    def split(self, text: str) -> tuple[str, str]:
        opening = _SEMICOLON_FENCE.match(text)
        start = 0 if opening is None else opening.end()
        self.fence_lines = 0 if opening is None else 1
        closing = _SEMICOLONS.search(text, max(start - 1, 0))
        if closing is None:
            raise Unreadable(1, _("the front matter is opened with {fence} and never closed").format(fence=";;;"))
        return text[start : max(closing.start(), start)], text[closing.end() :]

    def parse(self, source: str) -> object:
        braced = source if source.lstrip().startswith("{") else f"{{{source}}}"
        return _decode_json(braced.strip(), self.remarks)[0]


class _JSONHandler(Handler):
    """Front matter that is one JSON object at the start of the text."""

    fence_lines = 0
    kind = "json"

    def split(self, text: str) -> tuple[str, str]:
        end = _decode_json(text, [])[1]
        return text[:end], text[end:]

    def parse(self, source: str) -> object:
        return _decode_json(source, self.remarks)[0]


def _decode_json(text: str, remarks: list[tuple[int, str]]) -> tuple[object, int]:
    def noting(pairs: list[tuple[str, object]]) -> dict[str, object]:
        made = dict(pairs)
        if len(made) != len(pairs):
            seen: set[str] = set()
            for name, _value in pairs:
                if name in seen and len(remarks) < MAX_DOUBLED:
                    line = text.count("\n", 0, text.rfind(f'"{name}"')) + 1
                    reason = _("the field {name} is in the front matter twice; the last one counts")
                    remarks.append((line, reason.format(name=repr(name[:40]))))
                seen.add(name)
        return made

    try:
        return json.JSONDecoder(object_pairs_hook=noting).raw_decode(text)
    except json.JSONDecodeError as error:
        raise Unreadable(
            error.lineno, _("the front matter is not valid JSON: {detail}").format(detail=error.msg)
        ) from error
    except (RecursionError, ValueError) as error:
        raise Unreadable(None, _("the front matter is nested too deeply or has an impossible number")) from error


def opening(text: str) -> tuple[int, Handler | None]:
    """Return where the text's front matter may begin, and its handler; None if there are no fences.

    Raises:
        Unreadable: It is a program (`---js`).
    """
    if text.startswith(_PLAIN_FENCE):
        return 0, _FastYAMLHandler()
    start = _start_of(text)
    return start, _handler_for(text, start)


def _start_of(text: str) -> int:
    """Return where the front matter may begin: after blank lines, and after a comment followed by a fence."""
    start = len(text) - len(text.lstrip())
    opening = text[start : start + 4]
    end = -1
    if opening == "<!--":
        end = text.find("-->", start, start + 5000) + 3
    elif opening.startswith("#") and (comments := _COMMENTED_FENCE.match(text, start)) is not None:
        end = comments.end() if _yaml_end(text, comments.end()) is not None else -1
    if end > 2:
        behind = len(text) - len(text[end:].lstrip())
        if text.startswith(("---", "+++"), behind) and _handler_for(text, behind) is not None:
            return behind
    return start


def _handler_for(text: str, start: int) -> Handler | None:
    if text.startswith("---", start) and (fence := _YAML_FENCE.match(text, start)):
        language = (fence[1] or "yaml").lower()
        if language == "toml":
            return _GuardedTOMLHandler()
        if language in {"json", "json5"}:
            return _FencedJSONHandler()
        if language not in {"yaml", "yml"}:
            line = text.count("\n", 0, start) + 1
            reason = _("the front matter is a program ({language}), which is never run; write it as YAML or JSON")
            raise Unreadable(line, reason.format(language=language))
        return _FastYAMLHandler()
    if text.startswith("+++", start) and _TOML_FENCE.match(text, start):
        return _GuardedTOMLHandler()
    if text.startswith(";;;", start) and _SEMICOLON_FENCE.match(text, start):
        return _UnbracedJSONHandler()
    if _UNBRACED_OPENING.match(text, start) and _SEMICOLONS.search(text, start, start + MAX_TOML_CHARS):
        return _UnbracedJSONHandler()
    if text.startswith("{", start) and _JSON_OPENING.match(text, start):
        return _JSONHandler()
    return None
