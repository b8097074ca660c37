"""Repairs the most common unambiguous mistake in YAML front matter: a value that should be in quotes."""

from __future__ import annotations

import re

from digests.corpus import yaml
from digests.corpus.problems import Unreadable
from digests.i18n import _

MAX_REPAIRS = 8

_LINE = re.compile(r"([ \t]*(?:-[ \t]+)*[^\s:#\"'\[\]{},&*!|>%@`-][^:\n]{0,80}?:[ \t]+)(\S.*)\Z")
_NEEDS_QUOTES = re.compile(
    r"[@`%].|[*!&][^\s*&!]+[ \t]+\S.*|[|>][ \t]+[^\s#+\d-].*|[-?][ \t]+\S.*"
    r"|\"[^\"]*\"[ \t]*[^\s,#].*|'[^']*'[ \t]*[^\s,#'].*|\[[^\]\[]*\][ \t]*[^\s,#].*"
    r"|\{[^{}]*\}[ \t]*[^\s,#].*|\*[^*]+\*.*"
    r"|[^\"'\[{|>&*!].*(?::[ \t].*|:)\Z"
)

_TABS = re.compile(r"\A[ \t]+")

Remarks = list[tuple[int, str]]


def load(source: str, remarks: Remarks) -> object:
    """Parse YAML; quote values that have to be quoted, with a remark. Lines count within `source`.

    Raises:
        Unreadable: It has other faults.
    """
    duplicates: Remarks = []
    try:
        data = yaml.load(source, duplicates)
    except Unreadable as error:
        if error.provisional:
            raise  # repaired by the process whose result is final
        return _load_repaired(source, error, remarks)
    if duplicates:
        remarks += duplicates
    return data


def _load_repaired(source: str, first: Unreadable, remarks: Remarks) -> object:
    repairs: Remarks = []
    error = first
    for _time in range(MAX_REPAIRS):
        after = _repaired(source, error.line, repairs)
        if after is None:
            break
        source = after
        duplicates: Remarks = []
        try:
            data = yaml.load(source, duplicates)
        except Unreadable as another:
            error = another
        else:
            remarks += [*repairs, *duplicates]
            return data
    raise first


def _repaired(source: str, line: int | None, repairs: Remarks) -> str | None:
    if line is None:
        return None
    lines = source.split("\n")
    indented = _TABS.match(lines[line - 1]) if line <= len(lines) else None
    if indented is not None and indented[0].count("\t"):
        repairs.append((line, _("YAML allows no tabs before a field; they were read as spaces")))
        return "\n".join(_TABS.sub(lambda tabs: tabs[0].replace("\t", "  "), each) for each in lines)
    for number in (line, line - 1):
        if not 1 <= number <= len(lines) or any(number == each for each, _reason in repairs):
            continue
        match = _LINE.match(lines[number - 1].rstrip(" \t"))
        if match is None or len(match[2]) > 2000 or _NEEDS_QUOTES.match(match[2]) is None:
            continue
        value = match[2]
        if value[0] in "'\"" and value[-1] == value[0] and len(value) > 2 and value.count(value[0]) > 2:
            value = value[1:-1]  # it was in quotes, which it has itself
        quoted = value.replace("'", "''")
        lines[number - 1] = f"{match[1]}'{quoted}'"
        repairs.append((number, _("the value has to be in quotes; it was read as if it were")))
        return "\n".join(lines)
    return None
