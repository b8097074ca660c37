"""A file without front matter: the first non-empty line is the title, the next paragraph the excerpt."""

from __future__ import annotations

import re

from digests import text as texts

MAX_TITLE_CHARS = 500
"""A first line longer than this is no headline: it is shortened, and stands whole in the excerpt or body."""

_HTML_TITLE = re.compile(r"(?is)<title\b[^<>]*>(.{1,2000}?)</title\s*>")
_HTML_HEADING = re.compile(r"(?is)<h1\b[^<>]*>(.{1,2000}?)</h1\s*>")
_LOOKS_LIKE_HTML = re.compile(r"(?is)\s*(?:<!doctype\s+html|<html\b|<\?xml|<head\b|<body\b)")
_HEADING_MARKS = re.compile(r"\A#{1,6}[ \t]+|[ \t]+#+\Z")
_UNDERLINE = re.compile(r"[=-]{2,}[ \t]*\Z")


def split(text: str, *, is_html: bool) -> tuple[str, str, str]:
    """Returns title, excerpt and body, clean; all empty where the file says nothing."""
    title = _html_title(text) if is_html or _LOOKS_LIKE_HTML.match(text) else ""
    lines = texts.paragraphs(text).split("\n")
    if title:
        # The same words usually stand in the page again as its heading.
        if lines and lines[0].strip() == title:
            lines.pop(0)
        return title, *_excerpt_and_body(lines)
    while lines and not lines[0].strip():
        lines.pop(0)
    if not lines:
        return "", "", ""
    first = _HEADING_MARKS.sub("", lines[0]).strip() or lines[0].strip()
    if len(first) > MAX_TITLE_CHARS:
        return texts.shortened(first, MAX_TITLE_CHARS // 2), *_excerpt_and_body(lines)
    rest = lines[1:]
    if rest and _UNDERLINE.match(rest[0]):
        rest.pop(0)
    return first, *_excerpt_and_body(rest)


def _html_title(text: str) -> str:
    for pattern in (_HTML_TITLE, _HTML_HEADING):
        found = pattern.search(text)
        if found and (title := texts.one_line(found[1])):
            return title
    return ""


def _excerpt_and_body(lines: list[str]) -> tuple[str, str]:
    paragraph: list[str] = []
    position = 0
    for position, line in enumerate(lines):
        if line.strip():
            paragraph.append(line.strip())
        elif paragraph:
            return " ".join(paragraph), "\n".join(lines[position:]).strip()
    return " ".join(paragraph), ""
