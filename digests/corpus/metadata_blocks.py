"""Parses fields without fences: Pelican's and MultiMarkdown's `Title: …`, Nikola's `.. title: …`, even in a comment.

Pandoc's `% title`, too.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from digests.corpus import vocabulary
from digests.corpus.vocabulary import folded
from digests.i18n import _

MAX_BLOCK_CHARS = 20_000

_NIKOLA_LINE = re.compile(r"\.\.[ \t]+([A-Za-z][\w-]{0,40}):(?:[ \t]+(.*))?\Z")
_PELICAN_LINE = re.compile(r"([A-Za-z][\w -]{0,40}?)[ \t]*:(?:[ \t]+(.*))?\Z")
# Logseq's properties of a page.
_PROPERTY_LINE = re.compile(r"([A-Za-z][\w-]{0,40})::(?:[ \t]+(.*))?\Z")
_PROPERTY_OPENING = re.compile(r"[A-Za-z][\w-]{0,40}::[ \t]")
# `% title`, `% authors`, `% date`, each on its line.
_PANDOC = re.compile(r"%[ \t]+(\S[^\n]{0,300})\n(?:%[ \t]*([^\n]{0,300})\n)?(?:%[ \t]*([^\n]{0,100})\n)?(?=[ \t]*\n)")
_HEADING = re.compile(r"\s{0,100}#[ \t]([^\n]{1,300})\n(?:[ \t]{0,100}\n){0,3}")
_BELOW_LINE = re.compile(
    r"(?:[-*+][ \t]+)?(?:\*\*|__|[*_])?([A-Za-z][\w -]{0,30}?)(?:\*\*|__|[*_])?:(?:\*\*|__|[*_])?[ \t]+(\S.*)\Z"
)
MAX_BELOW_CHARS = 3000
_END = re.compile(r"(?:-{3,}|_{3,}|\.{3})[ \t]*\Z")
_KNOWN = frozenset(
    [
        *vocabulary.TITLES,
        *vocabulary.DATES,
        *vocabulary.EXCERPTS,
        *vocabulary.TOPICS,
        *vocabulary.AUTHORS,
        *vocabulary.PICTURES,
        *vocabulary.STATES,
        *vocabulary.OWN_ADDRESSES,
        *vocabulary.CANONICALS,
        *vocabulary.LINKS,
        *("modified", "lang", "layout", "template", "copyright", "language", "type", "series", "updated", "saveas"),
    ]
)


class Block(NamedTuple):
    """A metadata block: its fields, where the text continues, and remarks as (line of the block, reason)."""

    fields: dict[str, object]
    start: int
    end: int
    remarks: tuple[tuple[int, str], ...]


def find(text: str, start: int) -> Block | None:
    """Find a metadata block at the beginning of text."""
    if text.startswith("..", start):
        return _read(text, start, _NIKOLA_LINE)
    if text.startswith("<!--", start):
        end = text.find("-->", start, start + MAX_BLOCK_CHARS)
        inside = re.compile(r"\s*").match(text, start + 4)
        if end < 0 or inside is None:
            return None
        has_dots = text.startswith("..", inside.end())
        block = _read(text[:end], inside.end(), _NIKOLA_LINE if has_dots else _PELICAN_LINE)
        # Without dots it may be any comment, unless all of it is fields.
        if block is None or (not has_dots and text[block.end : end].strip()):
            return None
        return block._replace(end=end + 3)
    if text.startswith("% ", start) and (title := _PANDOC.match(text, start)) is not None:
        return _of_pandoc(title)
    if text[start : start + 1].isalpha():
        if _PROPERTY_OPENING.match(text, start) is not None:
            return _read(text, start, _PROPERTY_LINE)
        return _read(text, start, _PELICAN_LINE)
    return None


def _of_pandoc(found: re.Match[str]) -> Block:
    fields: dict[str, object] = {"title": found[1].strip()}
    for name, value in (("authors", found[2]), ("date", found[3])):
        if value and value.strip():
            fields[name] = value.strip()
    return Block(fields, found.start(), found.end(), ())


def find_below_heading(text: str, start: int) -> tuple[Block, str] | None:
    """Find fields in the lines below the text's first heading, as notes and exports of Notion have them.

    Returns:
        The block and the heading. Without a date there have to be two fields: a single `Note: …` is prose.
    """
    heading = _HEADING.match(text, start)
    if heading is None:
        return None
    fields: dict[str, object] = {}
    position = heading.end()
    limit = min(len(text), position + MAX_BELOW_CHARS)
    while position < limit:
        end = text.find("\n", position)
        end = len(text) if end < 0 else end
        line = text[position:end].strip().rstrip("\\")
        if not line:
            break
        match = _BELOW_LINE.match(line)
        if match is None or folded(match[1]) not in _KNOWN:
            return None
        fields[match[1]] = match[2].strip(" *_`")
        position = end + 1
    names = {folded(name) for name in fields}
    if not names or not (names & set(vocabulary.DATES) or len(names) > 1):
        return None
    return Block(fields, heading.end(), min(position, len(text)), ()), heading[1].strip(" \t#")


def _read(text: str, start: int, pattern: re.Pattern[str]) -> Block | None:
    is_pelican = pattern is _PELICAN_LINE
    fields: dict[str, object] = {}
    remarks: list[tuple[int, str]] = []
    name = ""
    position = start
    limit = start + MAX_BLOCK_CHARS
    number = 0
    while position < len(text):
        end = text.find("\n", position, limit)
        end = min(len(text), limit) if end < 0 else end
        line = text[position:end]
        number += 1
        if not line.strip() or (is_pelican and _END.match(line)):
            position = end + bool(line.strip())
            break
        match = pattern.match(line)
        if match is not None:
            if number == 1 and is_pelican and folded(match[1]) not in _KNOWN:
                return None
            name = match[1]
            if name in fields:
                remarks.append((number, _("the field {name} is there twice; the last one counts").format(name=name)))
            fields[name] = (match[2] or "").strip()
        elif name and line[0] in " \t":
            fields[name] = f"{fields[name]}\n{line.strip()}".strip()
        elif is_pelican:
            return None
        else:
            break
        position = end + 1
        if position >= limit:
            return None
    names = {folded(each) for each in fields}
    known = len(names & _KNOWN)
    if not known or (is_pelican and "title" not in names and not ("date" in names and known > 1)):
        return None
    return Block(fields, start, min(position, len(text)), tuple(remarks))
