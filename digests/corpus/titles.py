"""Finds an article's title: in a field, the body's first heading or first line, or the file's name."""

from __future__ import annotations

import re

from digests import text as texts
from digests.corpus import file_names, markup

MAX_FIELD_CHARS = 5000
"""Longest title; longer ones are cut anyway."""
MAX_FIRST_LINE_CHARS = 150
"""A longer first line is prose."""

_LONE_TAG = re.compile(r"<([a-zA-Z][a-zA-Z0-9]*) ?/?>")
_CODE_SPAN = re.compile(r"(?<!`)`{1,3}([^`\n]{1,200})`{1,3}")
_LAYOUT_TAGS = frozenset(["br", "hr", "p", "div", "span", "wbr", "font", "center"])
_HEADING = re.compile(r"(?m)^ {0,3}(#{1,6})[ \t]+(.*)$")
_TAGS = re.compile(r"(?:#[^\s#]+\s*)+\Z")
_SETEXT = re.compile(r"(?m)^ {0,3}(\S.{0,300})\n {0,3}(?:={2,}|-{3,})[ \t]*$")
_HTML_HEADING = re.compile(r"(?is)<h1\b[^<>]{0,500}>((?:(?!<h1\b).){1,2000}?)</h1\s*>")
_FENCE = re.compile(r"(?m)^ {0,3}(```+|~~~+)")
_HEADING_SEARCHED_CHARS = 20_000
_RULE = re.compile(r"\A {0,3}(?:[-*_][ \t]*){3,}\Z")


def of_field(written: str) -> str:
    """Return a title field cleaned; a tag that it is about ("How the <video> element works") stays."""
    if "<" not in written or len(written) > MAX_FIELD_CHARS:
        return texts.one_line(written)
    return texts.one_line(_CODE_SPAN.sub(_kept_code, _LONE_TAG.sub(lambda tag: _kept_tag(tag, written), written)))


def _kept_code(span: re.Match[str]) -> str:
    return span[0].replace("<", "&lt;").replace(">", "&gt;")


def _kept_tag(tag: re.Match[str], written: str) -> str:
    name = tag[1].lower()
    is_markup = name in _LAYOUT_TAGS or tag.start() == 0 or f"</{name}" in written.lower()
    return tag[0] if is_markup else f"&lt;{tag[0][1:-1]}&gt;"


def heading_in(body: str) -> tuple[str, int, int] | None:
    """Find the body's first level-one heading (`#`, underlined or `<h1>`): its text, start and end."""
    head = body[:_HEADING_SEARCHED_CHARS]
    found: list[tuple[int, int, str]] = []
    masked = without_code(head)
    for match in _HEADING.finditer(masked):
        if len(match[1]) == 1 and match[2].strip(" \t#"):
            found.append((match.start(), match.end(), _without_closing(head[match.start(2) : match.end(2)])))
            break
    if "\n==" in masked or "\n --" in masked or "\n--" in masked:
        for match in _SETEXT.finditer(masked):
            if match[0].rstrip().endswith("=") and "|" not in match[1]:
                found.append((match.start(), match.end(), head[match.start(1) : match.end(1)]))
                break
    if "<h1" in masked or "<H1" in masked:
        html = _HTML_HEADING.search(masked)
        if html is not None:
            found.append((html.start(), html.end(), head[html.start(1) : html.end(1)]))
    for start, end, written in sorted(found):
        title = markup.inline_text(written)
        if title:
            return title, start, end
    return None


def _without_closing(heading: str) -> str:
    """Return a heading's text without closing `#` characters."""
    heading = heading.rstrip(" \t")
    bare = heading.rstrip("#")
    return bare.rstrip(" \t") if bare.endswith((" ", "\t")) else heading


def without_code(text: str) -> str:
    """Replace fenced code by spaces, keeping the length."""
    if "```" not in text and "~~~" not in text:
        return text
    parts: list[str] = []
    position = 0
    opened: re.Match[str] | None = None
    for mark in _FENCE.finditer(text):
        if opened is None:
            parts.append(text[position : mark.start()])
            opened, position = mark, mark.start()
        elif mark[1].startswith(opened[1]):
            parts.append(re.sub(r"[^\n]", " ", text[position : mark.end()]))
            opened, position = None, mark.end()
    rest = text[position:]
    parts.append(rest if opened is None else re.sub(r"[^\n]", " ", rest))
    return "".join(parts)


def first_line(body: str) -> tuple[str, int, int] | None:
    """Find a first line that reads like a headline: short, not a sentence, no template markup."""
    match = re.search(r"\S.*", body)
    if match is None:
        return None
    line = match[0].strip()
    raw = _without_closing(re.sub(r"\A#{1,6}[ \t]+", "", line))
    if not 0 < len(raw) <= MAX_FIRST_LINE_CHARS or _RULE.match(line):
        return None
    is_heading = raw != line
    following = body[match.end() : match.end() + 200].lstrip("\n").partition("\n")[0]
    is_heading = is_heading or re.match(r" {0,3}(?:-{2,}|={2,})[ \t]*\Z", following) is not None
    if not is_heading and (
        raw[-1] in ".:;,…。" or raw[0] in "{<|!>*+:" or raw.startswith(("- ", "[[", "![", "import "))
    ):
        return None
    if "[[" in raw or "{%" in raw or "{{" in raw or _TAGS.match(raw):
        return None
    title = markup.inline_text(raw)
    if not title:
        return None
    end = match.end()
    underline = re.match(r"\n {0,3}(?:-{2,}|={2,})[ \t]*(?=\n|\Z)", body[end : end + 400])
    return title, match.start(), end + (underline.end() if underline else 0)


def of_file(path: str) -> str:
    """Return a title made from the file's name."""
    return texts.one_line(file_names.title_of_file(path))
