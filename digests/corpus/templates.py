"""Removes template languages from bodies and fields: Liquid, shortcodes of Hugo and Zola, Nunjucks.

Linear: marks are found by plain search.
"""

from __future__ import annotations

import re

# Blocks whose content is not prose.
_DROPPED = frozenset(
    [
        *("highlight", "code", "codeblock", "comment", "figure", "gallery", "image", "img", "video", "youtube"),
        *("mermaid", "math", "katex", "diagram", "note", "notice", "info", "tip", "warning", "danger", "alert"),
        *("callout", "admonition", "caution", "important", "hint", "details", "tabs", "tab", "tabbedcodeblock"),
        *("table", "include", "capture", "schema", "css", "script", "style", "toc", "quote", "pullquote"),
        *("blockquote", "cq", "centerquote", "aside", "cards", "card", "badge", "button", "columns", "pre", "gist"),
        *("tweet", "iframe", "embed", "audio", "chart", "plantuml", "asciinema", "svg", "if", "unless", "for"),
        *("case"),
    ]
)
_LIQUID = re.compile(r"\{%[-~]?\s*([\w-]+)?")
_SHORTCODE = re.compile(r"\{\{[<%]\s*(?:(/)\s*)?([\w./-]+)?")


def without_templates(text: str) -> str:
    """Remove Liquid, Hugo shortcodes, Nunjucks and the like, including the content of note and code blocks."""
    if "{{" in text or "{%" in text:
        # The order matters: `{{% note %}}` is a shortcode.
        text = _without_pairs(text, "{{", "}}", _SHORTCODE)
        text = _without_pairs(text, "{%", "%}", _LIQUID)
    return text


def _without_pairs(text: str, opening: str, closing: str, named: re.Pattern[str]) -> str:
    if opening not in text:
        return text
    marks: list[tuple[int, int, str, bool]] = []
    start = text.find(opening)
    while start >= 0:
        end = text.find(closing, start + 2)
        if end < 0:
            break
        name, is_end = "", False
        match = named.match(text, start)
        if match is not None and opening == "{%":
            name = (match[1] or "").lower()
            is_end = name.startswith("end")
            # Zola's shortcodes are calls, which all end in the same way.
            name = name[3:] if is_end else f"(){name}" if text.startswith("(", match.end()) else name
        elif match is not None:
            name, is_end = (match[2] or "").lower(), bool(match[1])
        marks.append((start, end + 2, name, is_end))
        start = text.find(opening, end + 2)
    if not marks:
        return text
    # The end of each block whose content is removed, searched backwards so that each mark is visited once.
    ends: dict[int, int] = {}
    open_ends: dict[str, list[int]] = {}
    for index in range(len(marks) - 1, -1, -1):
        name, is_end = marks[index][2], marks[index][3]
        if is_end:
            open_ends.setdefault(name, []).append(index)
        elif open_ends.get(kind := "" if name.startswith("()") else name):
            ends[index] = open_ends[kind].pop()
    parts: list[str] = []
    position = index = 0
    while index < len(marks):
        start, end, name, _is_end = marks[index]
        parts.append(text[position:start])
        closed_by = ends.get(index)
        if closed_by is not None and name.rpartition("/")[2].removeprefix("()") in _DROPPED:
            index, end = closed_by, marks[closed_by][1]
        position = end
        index += 1
    parts.append(text[position:])
    return "".join(parts)
