"""Every regular expression of the modules that see text from outside, and hostile texts made out of each.

A new pattern is found by itself: those of modules by importing them, those inside functions by reading
the source.
"""

from __future__ import annotations

import ast
import importlib
import pkgutil
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from re import _constants as codes  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from types import ModuleType
from typing import Any

_METHODS = frozenset({"search", "match", "fullmatch", "findall", "finditer", "sub", "subn", "split"})
_LONG = 24
"""A repeat that ends before so many characters is no matter of growth."""
_INDENTED = re.compile(rf"^[ \t].*\bre\.(?:{'|'.join(sorted(_METHODS | {'compile'}))})\(", re.MULTILINE)
_SIGNS = "a1 \n-=.<>[]\"'`/&#:_*"


@dataclass(frozen=True, slots=True)
class Use:
    """One pattern and the ways in which the source calls it."""

    where: str
    pattern: re.Pattern[str]
    methods: frozenset[str]


def uses(packages: Iterable[ModuleType]) -> list[Use]:
    """Return every pattern over text in the packages' modules, each once."""
    modules = [
        importlib.import_module(found.name)
        for package in packages
        for found in pkgutil.walk_packages(getattr(package, "__path__", []), f"{package.__name__}.")
    ] + list(packages)
    sources = {module.__name__: Path(str(module.__file__)).read_text("utf-8") for module in modules}
    everywhere = _methods_called("\n".join(sources.values()))
    found: dict[str, Use] = {}
    for module in modules:
        here = _methods_called(sources[module.__name__])
        for name, value in vars(module).items():
            called = here if name.startswith("_") else everywhere
            for pattern in _patterns_in(value):
                methods = called.get(name) or _METHODS
                known = found.get(pattern.pattern)
                found[pattern.pattern] = Use(
                    f"{module.__name__}.{name}" if known is None else known.where,
                    pattern,
                    methods | (known.methods if known is not None else frozenset()),
                )
        for line, method, text in _inline(sources[module.__name__]):
            known = found.get(text)
            found[text] = Use(
                f"{module.__name__}:{line}" if known is None else known.where,
                re.compile(text),
                (_METHODS if method == "compile" else frozenset({method}))
                | (known.methods if known is not None else frozenset()),
            )
    return list(found.values())


def _patterns_in(value: object, depth: int = 0) -> Iterator[re.Pattern[str]]:
    if isinstance(value, re.Pattern):
        if isinstance(value.pattern, str):
            yield value
    elif isinstance(value, dict) and depth < 3:
        for inner in [*value.keys(), *value.values()]:
            yield from _patterns_in(inner, depth + 1)
    elif isinstance(value, (tuple, list, set, frozenset)) and depth < 3:
        for inner in value:
            yield from _patterns_in(inner, depth + 1)


def _methods_called(source: str) -> dict[str, frozenset[str]]:
    """Return for each name how it is called; a name that is also handed on elsewhere counts as called in each way."""
    called: dict[str, set[str]] = {}
    for name, method in re.findall(r"\b([A-Z0-9_]+)(?:\.(\w+)\(|\b(?!\s*(?::[^=\n]+)?= ?re\.compile))", source):
        if name.isupper():
            called.setdefault(name, set()).update({method} if method in _METHODS else _METHODS)
    return {name: frozenset(methods) for name, methods in called.items()}


def _inline(source: str) -> Iterator[tuple[int, str, str]]:
    """Find the patterns that are written where they are used; what an f-string puts in is taken for a word."""
    if not _INDENTED.search(source):
        return  # parsing takes most of the time, and every process of tests collects them all
    inside = [node for node in ast.parse(source).body if not isinstance(node, (ast.Assign, ast.AnnAssign))]
    for node in (inner for outer in inside for inner in ast.walk(outer)):
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and isinstance(node.func.value, ast.Name)
            and node.func.value.id == "re"
            and node.func.attr in _METHODS | {"compile"}
            and node.args
        ):
            written = node.args[0]
            parts = written.values if isinstance(written, ast.JoinedStr) else [written]
            texts = [str(part.value) if isinstance(part, ast.Constant) else "word" for part in parts]
            if any(isinstance(part, ast.Constant) and isinstance(part.value, str) for part in parts):
                flags = next((word.value for word in node.keywords if word.arg == "flags"), None) or (
                    node.args[-1] if len(node.args) > 1 and "re." in ast.unparse(node.args[-1]) else None
                )
                letters = "".join(
                    letter
                    for letter, flag in (("i", "IGNORECASE"), ("s", "DOTALL"), ("m", "MULTILINE"))
                    if flags is not None and flag in ast.unparse(flags)
                )
                text = "".join(texts)
                yield node.lineno, node.func.attr, f"(?{letters}){text}" if letters else text


def hostile(pattern: re.Pattern[str]) -> list[tuple[str, str, str]]:
    """Return (beginning, what to repeat, end) out of the pattern itself: almost what it looks for, again and again."""
    tree = parser.parse(pattern.pattern, pattern.flags & ~re.DEBUG)
    found: dict[tuple[str, str, str], None] = {}
    for before, pumps in _repeats(tree, ""):
        for pump in pumps:
            for text in (
                (before, pump, "\x00"),
                ("", before + pump, "\x00"),
                ("", f"{before}{pump}\n", "\x00"),
                (before, pump, ""),
            ):
                if text[1]:
                    found[text] = None
        if before:
            found["", before, "\x00"] = None
            found["", f"{before}\n", "\x00"] = None
    whole = _sample(tree)
    for size in range(1, min(len(whole), 12) + 1):
        found["", whole[:size], "\x00"] = None
    return list(found)


def _repeats(tree: Any, before: str) -> Iterator[tuple[str, list[str]]]:
    """Yield each open-ended repeat: a text that leads up to it, and what it may repeat."""
    items = list(tree)
    for place, (code, argument) in enumerate(items):
        if code in {codes.MAX_REPEAT, codes.MIN_REPEAT, codes.POSSESSIVE_REPEAT}:
            _least, most, inner = argument
            if most is codes.MAXREPEAT or most > _LONG:
                yield before, _pumps(inner, before, _sample(items[place + 1 :]))
            yield from _repeats(inner, before)
        else:
            for inner in _children(code, argument):
                yield from _repeats(inner, before)
        before += _sample([items[place]])


def _children(code: Any, argument: Any) -> list[Any]:
    if code is codes.SUBPATTERN:
        return [argument[3]]
    if code is codes.BRANCH:
        return list(argument[1])
    if code in {codes.ASSERT, codes.ASSERT_NOT}:
        return [argument[1]]
    if code is codes.ATOMIC_GROUP:
        return [argument]
    if code is codes.GROUPREF_EXISTS:
        return [inner for inner in argument[1:] if inner is not None]
    return []


def _pumps(inner: Any, before: str, after: str) -> list[str]:
    """Return what an open repeat may repeat: one text of each of its branches, and each sign near it that it takes."""
    pumps = {_sample(inner)}
    items = list(inner)
    if len(items) == 1:
        takes = [sign for sign in dict.fromkeys(before[-3:] + after[:3] + _SIGNS + "é") if _takes(items[0], sign)]
        pumps.update(takes[:7])
    for code, argument in items:
        for child in _children(code, argument):
            pumps.add(_sample(child))
            pumps.update(sign for sign in _SIGNS if len(list(child)) == 1 and _takes(next(iter(child)), sign))
    return sorted(pumps - {""})[:12]


def _takes(item: Any, sign: str) -> bool:
    if item[0] in {codes.LITERAL, codes.NOT_LITERAL, codes.ANY, codes.IN, codes.CATEGORY, codes.RANGE}:
        return _is_in(item, sign)
    return False


def _is_in(item: Any, sign: str) -> bool:
    code, argument = item
    if code is codes.LITERAL:
        return bool(ord(sign) == argument)
    if code is codes.NOT_LITERAL:
        return bool(ord(sign) != argument)
    if code is codes.ANY:
        return sign != "\n"
    if code is codes.RANGE:
        return bool(argument[0] <= ord(sign) <= argument[1])
    if code is codes.CATEGORY:
        name = str(argument)
        is_member = {"SPACE": sign.isspace(), "DIGIT": sign.isdecimal(), "WORD": sign.isalnum() or sign == "_"}[
            name.removeprefix("CATEGORY_").removeprefix("NOT_")
        ]
        return is_member != ("NOT_" in name)
    if code is codes.IN:
        is_negated = bool(argument) and argument[0][0] is codes.NEGATE
        return any(_is_in(inner, sign) for inner in argument[is_negated:]) != is_negated
    return False


def _sample(tree: Any) -> str:
    """Return a short text that a part of a pattern takes, near enough."""
    text = ""
    for code, argument in tree:
        if code is codes.LITERAL:
            text += chr(argument)
        elif code in {codes.NOT_LITERAL, codes.ANY, codes.IN}:
            members = [chr(inner[1]) for inner in argument if inner[0] is codes.LITERAL] if code is codes.IN else []
            near = [sign for sign in "a1 .-=\n" + "".join(members) + "éあ" if _is_in((code, argument), sign)]
            ranges = [chr(inner[1][0]) for inner in argument if inner[0] is codes.RANGE] if code is codes.IN else []
            text += (near + ranges + ["a"])[0]
        elif code in {codes.MAX_REPEAT, codes.MIN_REPEAT, codes.POSSESSIVE_REPEAT}:
            least, most, inner = argument
            text += _sample(inner) * max(least, 1 if most is codes.MAXREPEAT else 0)
        elif code is codes.GROUPREF:
            text += text[-1:]
        elif code in {codes.ASSERT_NOT, codes.ASSERT}:
            continue
        else:
            children = _children(code, argument)
            text += _sample(children[0]) if children else ""
    return text
