"""Reads a site's configuration as data: YAML, TOML and JSON, and Python or JavaScript by pattern. Nothing is run.

Everything is bounded: a configuration that is too large, too deep or invalid is just ignored.
"""

from __future__ import annotations

import ast
import json
import os
import re
import stat
import tomllib
from collections.abc import Container, Iterator
from pathlib import Path
from typing import Any

from digests.corpus.problems import Unreadable
from digests.i18n import _

MAX_CONFIG_BYTES = 256 * 1024
"""Largest configuration; real ones have a few kilobytes, the longest known 60."""
MAX_TOML_CHARS = 128 * 1024
MAX_LISTED = 5000

_TAG = re.compile(r"(?m)(?<=[\s\[,:-])!{1,2}[\w:./-]+")
_LINE_COMMENT = re.compile(r"(?m)(^|[\s,;{}(\[])//[^\n]*")
_MAX_COMMENT_CHARS = 20_000
_ENVIRONMENT = r"(?:(?:process\.env|import\.meta\.env)\.\w{1,60}\s*(?:\|\||\?\?)\s*)?"
JS_STRING = r"""(?:"((?:[^"\\\n]|\\.){1,500})"|'((?:[^'\\\n]|\\.){1,500})'|`([^`$]{1,500})`)"""
"""A string in JavaScript, without interpolated values; three groups."""
_ESCAPED = re.compile(r"\\([^nrtux])")


class Unusable(Exception):  # noqa: N818 - reads as a sentence where it is raised
    """A configuration that can't be read; says why."""


PathStates = dict[str, tuple[int, ...] | None]
"""Path -> the state of what was there when it was recorded; None for nothing."""


def are_unchanged(states: PathStates) -> bool:
    """Check whether nothing has changed at any of the paths."""
    return all(_state_of(place) == was for place, was in states.items())


def _state_of(place: str) -> tuple[int, ...] | None:
    try:
        status = os.stat(place)  # noqa: PTH116 - Path objects would take ten times as long, at every reload
    except OSError:
        return None
    return status.st_ino, status.st_size, status.st_mtime_ns, status.st_ctime_ns


class Tree:
    """A site's folder, read within bounds. Links in it are not followed.

    Attributes:
        root: The folder.
        problems: What could not be read, as (path relative to the root, reason).
        last: The last path that was read.
    """

    def __init__(self, root: Path, states: PathStates | None = None) -> None:
        self.root = root
        # Plain os calls on strings: Path objects would take ten times as long, at every reload.
        self._beginning = f"{root}/"
        self._real = os.path.realpath(root)
        self._states: PathStates = {} if states is None else states
        self.problems: list[tuple[str, str]] = []
        self.last = "."

    def record(self, path: str) -> str:
        """Return a path's absolute form, and record what is there."""
        place = self._beginning + path
        if place not in self._states:
            self._states[place] = _state_of(place)
        return place

    def _is_behind_a_link(self, folder: str) -> bool:
        """Check whether a path goes through a linked folder, which may be anywhere."""
        place = os.path.join(self._real, folder)  # noqa: PTH118
        return os.path.realpath(place) != os.path.normpath(place)

    def text(self, path: str) -> str | None:
        """Return a file's text; None if it is missing or can't be read, the latter with a problem."""
        self.last = path
        if self._is_behind_a_link(path.rpartition("/")[0]):
            return None
        try:
            return _text(Path(self.record(path)))
        except Unusable as error:
            self.problems.append((path, str(error)))
        return None

    def document(self, path: str) -> dict[str, Any] | None:
        """Return the data in a YAML, TOML or JSON file; None if it can't be parsed."""
        text = self.text(path)
        if text is None:
            return None
        try:
            found = parsed(path, text)
        except Unusable as error:
            self.problems.append((path, str(error)))
            return None
        return found if isinstance(found, dict) else None

    def first(self, *paths: str) -> str | None:
        """Return the first path that is a file."""
        return next((path for path in paths if os.path.isfile(self.record(path))), None)  # noqa: PTH113

    def is_folder(self, path: str) -> bool:
        """Check whether a path is a folder."""
        return os.path.isdir(self.record(path))  # noqa: PTH112

    def folders(self, under: str = "") -> list[str]:
        """Return the names of the folders in a folder, without hidden ones."""
        return sorted(name for name, is_folder in self._entries(under) if is_folder)

    def files(self, under: str = "") -> list[str]:
        """Return the names of the files in a folder."""
        return sorted(name for name, is_folder in self._entries(under) if not is_folder)

    def nested(self, under: str, *, most: int, without: Container[str] = ()) -> Iterator[str]:
        """Yield a folder and those in it at any depth, outer ones first, each with `/` at its end.

        Args:
            under: The folder; "" for the root.
            most: Once this many folders are known, no more are yielded.
            without: Names of folders that are not entered.
        """
        places = [under]
        for place in places:
            if len(places) > most:
                return
            places.extend(f"{place}{name}/" for name in self.folders(place) if name not in without)
            yield place

    def _entries(self, under: str) -> Iterator[tuple[str, bool]]:
        if self._is_behind_a_link(under):
            return
        try:
            with os.scandir(self.record(under)) as listing:
                for count, entry in enumerate(listing):
                    if count >= MAX_LISTED:
                        return
                    if not entry.name.startswith("."):
                        yield entry.name, entry.is_dir(follow_symlinks=False)
        except OSError:
            return


def _text(path: Path) -> str | None:
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK | os.O_NOFOLLOW)
    except OSError:
        return None
    try:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode):
            return None
        if status.st_size > MAX_CONFIG_BYTES:
            raise Unusable(
                _("the configuration is too large to be read: {size} KiB, the limit is {limit} KiB").format(
                    size=status.st_size // 1024, limit=MAX_CONFIG_BYTES // 1024
                )
            )
        data = os.read(descriptor, MAX_CONFIG_BYTES)
    except OSError:
        return None
    finally:
        os.close(descriptor)
    return data.decode("utf-8-sig", "replace")


def parsed(path: str, text: str) -> object:
    """Parse text by its file's extension.

    Raises:
        Unusable: It is not valid or not safe to parse.
    """
    ending = path.rpartition(".")[2].lower()
    try:
        if ending == "toml":
            if len(text) > MAX_TOML_CHARS:
                raise Unusable(_("the configuration is too long"))
            return tomllib.loads(text)
        if ending in {"json", "json5"}:
            return json.loads(text)
        # Imported here: checking whether there is a site does not need it.
        from digests.ingest.sites import guarded_yaml

        return guarded_yaml.load(_TAG.sub("", text))
    except Unreadable as error:
        raise Unusable(error.reason) from error
    except (ValueError, OverflowError) as error:
        raise Unusable(
            _("the configuration is not valid: {detail}").format(detail=str(error).replace("\n", " ")[:200])
        ) from error
    except (RecursionError, MemoryError) as error:
        raise Unusable(_("the configuration is nested too deeply")) from error


def plain(value: object, budget: int = 400) -> object:
    """Return a JSON-compatible copy of data, truncated after a number of values."""
    left = [budget]

    def copied(each: object, depth: int) -> object:
        left[0] -= 1
        if left[0] < 0 or depth > 8:
            return None
        if isinstance(each, dict):
            return {str(key)[:100]: copied(inner, depth + 1) for key, inner in list(each.items())[:100]}
        if isinstance(each, (list, tuple)):
            return [copied(inner, depth + 1) for inner in each[:100]]
        if each is None or isinstance(each, (bool, int, float)):
            return each
        return str(each)[:1000]

    return copied(value, 0)


# ---------------------------------------------------------------------- Python, never run


def python_values(text: str) -> dict[str, Any]:
    """Return the constants that a Python file assigns at its top level.

    Raises:
        Unusable: It is not valid Python.
    """
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        raise Unusable(_("the configuration is not valid Python: {detail}").format(detail=str(error)[:200])) from error
    values: dict[str, Any] = {}
    for statement in tree.body:
        if isinstance(statement, ast.Assign):
            targets, value = statement.targets, statement.value
        elif isinstance(statement, ast.AnnAssign) and statement.value is not None:
            targets, value = [statement.target], statement.value
        else:
            continue
        try:
            made = _constant(value, values)
        except (ValueError, RecursionError):
            continue
        for target in targets:
            if isinstance(target, ast.Name):
                values[target.id] = made
    return values


def _constant(node: ast.expr, known: dict[str, Any]) -> Any:
    """Return the value of a constant expression, or the default of a lookup with one.

    Raises:
        ValueError: It is something else.
    """
    match node:
        case ast.Constant(value=value):
            return value
        case ast.Tuple(elts=items) | ast.List(elts=items) | ast.Set(elts=items):
            return tuple(_constant(item, known) for item in items)
        case ast.Dict(keys=keys, values=values):
            return {
                str(_constant(key, known)): _constant(value, known)
                for key, value in zip(keys, values, strict=True)
                if key is not None
            }
        case ast.Name(id=name) if name in known:
            return known[name]
        case ast.BinOp(left=left, op=ast.Add(), right=right):
            made = [_constant(left, known), _constant(right, known)]
            if all(isinstance(each, str) and len(each) < 1000 for each in made):
                return made[0] + made[1]
        case ast.Call(func=ast.Attribute(attr="get" | "getenv"), args=[_name, default]):
            return _constant(default, known)
        case ast.Call(func=ast.Name(id="getenv" | "_"), args=[*_names, default]):
            return _constant(default, known)
        case ast.BoolOp(op=ast.Or(), values=[*_firsts, last]):
            return _constant(last, known)
        case ast.JoinedStr(values=parts):
            texts = [
                _constant(part.value if isinstance(part, ast.FormattedValue) else part, known) for part in parts[:20]
            ]
            return "".join(str(text)[:500] for text in texts)
    raise ValueError(node)


# ---------------------------------------------------------------------- JavaScript, by pattern


def without_comments(text: str) -> str:
    """Return JavaScript without comments, as exactly as the patterns need."""
    return _LINE_COMMENT.sub(r"\1", _without_blocks(text))


def _without_blocks(text: str) -> str:
    parts: list[str] = []
    position = end = 0
    start = text.find("/*")
    while start >= 0:
        if end < start + 2:
            end = text.find("*/", start + 2)
            if end < 0:
                break
        if end - start - 2 <= _MAX_COMMENT_CHARS:
            parts.append(text[position:start])
            position = end + 2
            start = text.find("/*", position)
        else:
            # A longer one is not a comment but two marks inside strings, such as the paths of a glob.
            start = text.find("/*", start + 2)
    return "".join((*parts, text[position:]))


def js_text(text: str, *names: str) -> str:
    """Return the first string assigned to a property or variable with one of these names.

    A string behind an environment variable (`process.env.URL || "…"`) counts: it applies without the variable.
    """
    for name in names:
        found = re.search(
            rf"""(?<![\w.$])["']?{re.escape(name)}["']?\s*(?::\s*string\s*)?[:=]\s*{_ENVIRONMENT}{JS_STRING}""", text
        )
        if found is not None:
            return js_unquoted(found)
    return ""


def js_unquoted(found: re.Match[str]) -> str:
    """Return the text of a match that ends with `JS_STRING`."""
    quoted, other, template = found.groups()[-3:]
    written = quoted if quoted is not None else other if other is not None else template
    return " ".join(_ESCAPED.sub(r"\1", written or "").split())


def js_word(text: str, *names: str) -> str:
    """Return the first bare word (`true`, `SITE.website`) assigned to a property with one of these names."""
    for name in names:
        found = re.search(rf"""(?<![\w.$])["']?{re.escape(name)}["']?\s*[:=]\s*([\w.$]{{1,80}})""", text)
        if found is not None:
            return found[1]
    return ""


def js_block(text: str, start: int) -> str:
    """Return the text between the brace at `start` and its partner, ignoring braces in strings."""
    depth = 0
    place = start
    while place < len(text):
        char = text[place]
        if char in "\"'`":
            end = text.find(char, place + 1)
            while end > 0 and text[end - 1] == "\\":
                end = text.find(char, end + 1)
            if end < 0:
                break
            place = end
        elif char in "{[":
            depth += 1
        elif char in "}]":
            depth -= 1
            if depth == 0:
                return text[start : place + 1]
        place += 1
    return text[start:]
