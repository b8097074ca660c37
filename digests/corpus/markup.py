"""Removes markup from bodies and fields: template languages, JSX, comments, inline Markdown.

Every pass is linear: marks are found by plain search, and what is never closed extends to the end.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from digests import text as texts

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token

MAX_INLINE_CHARS = 4000
"""How much of a paragraph's inline Markdown is parsed: no excerpt is longer."""

# Template blocks whose content is not prose.
_DROPPED = frozenset(
    [
        "highlight",
        "code",
        "codeblock",
        "comment",
        "figure",
        "gallery",
        "image",
        "img",
        "video",
        "youtube",
        "mermaid",
        "math",
        "katex",
        "diagram",
        "note",
        "notice",
        "info",
        "tip",
        "warning",
        "danger",
        "alert",
        "callout",
        "admonition",
        "caution",
        "important",
        "hint",
        "details",
        "tabs",
        "tab",
        "tabbedcodeblock",
        "table",
        "include",
        "capture",
        "schema",
        "css",
        "script",
        "style",
        "toc",
        "quote",
        "pullquote",
        "blockquote",
        "aside",
        "cards",
        "card",
        "badge",
        "button",
        "columns",
        "pre",
        "gist",
        "tweet",
        "iframe",
        "embed",
        "audio",
        "chart",
        "plantuml",
        "asciinema",
        "svg",
        "if",
        "unless",
        "for",
        "case",
    ]
)
_HTML_DROPPED = [
    "figure",
    "table",
    "pre",
    "script",
    "style",
    "aside",
    "nav",
    "details",
    "iframe",
    "video",
    "audio",
    "svg",
    "form",
    "object",
    "canvas",
    "noscript",
    "header",
    "footer",
    "select",
    "button",
    "template",
    "math",
    "picture",
]
_LIQUID = re.compile(r"\{%[-~]?\s*([\w-]+)?")
_SHORTCODE = re.compile(r"\{\{[<%]\s*(?:(/)\s*)?([\w./-]+)?")
# A component's name has a lower-case letter: `<P>` is old-style HTML.
_JSX_BLOCK = re.compile(r"(?m)^[ \t]{0,3}<([A-Z](?:[A-Z0-9_.]{0,20}[a-z])[\w.]{0,60})(?=[\s/>])")
_JSX_INLINE = re.compile(r"</?[A-Z](?:[A-Z0-9_.]{0,20}[a-z])[\w.]{0,60}(?:\s[^<>]{0,500})?/?>")
_HTML_BLOCK = re.compile(r"(?i)<(" + "|".join(_HTML_DROPPED) + r")\b")
_IMPORTS = re.compile(
    r"(?m)^(?:import\s*(?:[\w*{][^\n]*\bfrom\s*[\"']|[\"'{])|export\s+(?:const|default|let|var|function|async|class|\{|\*))"
    r"[^\n]*(?:\n(?![ \t]*\n)[^\n]+)*"
)
_MDX_EXPRESSION = re.compile(r"\{[A-Za-z_][\w.]{0,80}(?:\([^(){}]{0,80}\))?\}")
_ATTRIBUTES = re.compile(r"(?m)^[ \t]*\{:[^{}\n]{0,300}\}[ \t]*$|\{:[^{}\n]{0,300}\}|[ \t]?\{[#.][^{}\n]{0,200}\}")
_CONTENTS = re.compile(r"(?mi)^[ \t]*(?:\[toc\]|\[\[_?toc_?\]\]|\$\{toc\}|@\[toc\](?:\([^()\n]{0,80}\))?)[ \t]*$")
_FOOTNOTE = re.compile(r"\[\^[^\]\s]{1,60}\](?!:)")
_FOOTNOTE_TEXT = re.compile(r"(?m)^ {0,3}\[\^[^\]\s]{1,60}\]:[^\n]*(?:\n[ \t]+[^\n]+)*")
_CONTAINER_MARK = re.compile(r"(?m)^[ \t]{0,3}(:{3,})[ \t]*(\S?)[^\n]*$")
_MKDOCS_BLOCK = re.compile(
    r"(?m)^[ \t]{0,3}(?:!!!|\?\?\?\+?|===)[ \t]+[^\n]*(?:\n(?:[ \t]{2,}[^\n]*|[ \t]*(?=\n[ \t]{4})))*"
)
_BLOCK_DIRECTIVE = re.compile(r"(?m)^///[ \t]")
_WIKI_LINK = re.compile(r"(!?)\[\[([^\[\]\n]{1,300})\]\]")
_MARKED = re.compile(r"==([^=\n]{1,300})==")
_BLOCK_ID = re.compile(r"(?m)[ \t]\^[A-Za-z0-9-]{1,60}[ \t]*$")
_OBSIDIAN_COMMENT = re.compile(r"%%[^%\n]{0,1000}%%")
_MAYBE_INLINE = re.compile(r"[*_`\[\]{}<>~=%\\$!]|https?://")


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
            is_end = name.startswith("end") and len(name) > 3
            name = name[3:] if is_end else name
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
        elif open_ends.get(name):
            ends[index] = open_ends[name].pop()
    parts: list[str] = []
    position = index = 0
    while index < len(marks):
        start, end, name, _is_end = marks[index]
        parts.append(text[position:start])
        closed_by = ends.get(index)
        if closed_by is not None and name.rpartition("/")[2] in _DROPPED:
            index, end = closed_by, marks[closed_by][1]
        position = end
        index += 1
    parts.append(text[position:])
    return "".join(parts)


def without_comments(text: str) -> str:
    """Remove comments of HTML and MDX."""
    return _without_between(_without_between(text, "<!--", "-->"), "{/*", "*/}")


def _without_between(text: str, opening: str, closing: str) -> str:
    start = text.find(opening)
    if start < 0:
        return text
    parts: list[str] = []
    position = 0
    while start >= 0:
        parts.append(text[position:start])
        end = text.find(closing, start + len(opening))
        if end < 0:
            return "".join(parts)
        position = end + len(closing)
        start = text.find(opening, position)
    parts.append(text[position:])
    return "".join(parts)


def without_elements(text: str) -> str:
    """Remove HTML elements without prose (figures, tables, code, scripts) and their content."""
    if "<" not in text:
        return text
    return _cut(text, _HTML_BLOCK, lower=True)


def without_components(text: str) -> str:
    """Remove imports, exports and components of MDX, which some generators allow in plain Markdown too.

    Prose inside a component is removed with it.
    """
    if "import" in text or "export" in text:
        text = _IMPORTS.sub("", text)
    if "<" in text:
        text = _cut(text, _JSX_BLOCK, lower=False)
        text = _JSX_INLINE.sub("", text)
    return text


def without_expressions(text: str) -> str:
    """Remove MDX `{expressions}`."""
    return _MDX_EXPRESSION.sub("", text) if "{" in text else text


def _cut(text: str, opening: re.Pattern[str], *, lower: bool) -> str:
    """Remove each element from its opening to its closing tag; of a self-closing or unclosed one, only the tag."""
    searched = text.lower() if lower else text
    if len(searched) != len(text):  # a letter whose lower-case form is longer
        searched = text
    parts: list[str] = []
    position = 0
    unclosed: set[str] = set()
    for match in opening.finditer(searched):
        if match.start() < position:
            continue
        name = match[1]
        tag_end = searched.find(">", match.end())
        if tag_end < 0:
            break
        parts.append(text[position : match.start()])
        end = tag_end + 1
        if searched[tag_end - 1] != "/" and name not in unclosed:
            closing = searched.find(f"</{name}", end)
            if closing < 0:
                unclosed.add(name)
            else:
                end = searched.find(">", closing) + 1 or len(text)
        position = end
    parts.append(text[position:])
    return "".join(parts)


def without_blocks(text: str) -> str:
    """Remove admonitions of all dialects, tables of contents, attribute lists and footnotes from a Markdown body."""
    if ":::" in text:
        text = _without_containers(text)
    if "!!!" in text or "???" in text or "\n=== " in text:
        text = _MKDOCS_BLOCK.sub("", text)
    if "///" in text and (marks := list(_BLOCK_DIRECTIVE.finditer(text))):
        closing = re.compile(r"(?m)^///[ \t]*$").search(text, marks[0].end())
        if closing is not None:
            text = text[: marks[0].start()] + text[closing.end() :]
    if ("[" in text or "{toc}" in text) and "toc" in text.lower():
        text = _CONTENTS.sub("", text)
    if "{:" in text or "{#" in text or "{." in text:
        text = _ATTRIBUTES.sub("", text)
    if "[^" in text:
        text = _FOOTNOTE.sub("", _FOOTNOTE_TEXT.sub("", text))
    return text


def _without_containers(text: str) -> str:
    """Remove `:::note … :::` blocks, including nested ones."""
    parts: list[str] = []
    position = depth = 0
    for mark in _CONTAINER_MARK.finditer(text):
        if mark[2]:
            if depth == 0:
                parts.append(text[position : mark.start()])
            depth += 1
        elif depth:
            depth -= 1
            position = mark.end()
    if depth == 0:
        parts.append(text[position:])
    return "".join(parts)


def _wiki_text(link: re.Match[str]) -> str:
    if link[1]:
        return ""
    target, _bar, shown = link[2].partition("|")
    return shown or target.partition("#")[0] or target.lstrip("#")


def without_wiki_links(text: str) -> str:
    """Replace Obsidian's `[[links|with words]]` by their words; remove embeds, comments and highlights."""
    if "[[" in text:
        text = _WIKI_LINK.sub(_wiki_text, text)
    if "==" in text:
        text = _MARKED.sub(r"\1", text)
    if "%%" in text:
        text = _OBSIDIAN_COMMENT.sub("", text)
    if " ^" in text:
        text = _BLOCK_ID.sub("", text)
    return text


@lru_cache(maxsize=1)
def inline_parser() -> MarkdownIt:
    """Return the parser for inline Markdown."""
    # Imported here: only a process that needs an excerpt pays for the import.
    from markdown_it import MarkdownIt
    from mdit_py_plugins.dollarmath import dollarmath_plugin

    parser = MarkdownIt("commonmark", {"html": True, "maxNesting": 20}).enable("strikethrough")
    parser.use(dollarmath_plugin, allow_space=False, allow_digits=False, allow_labels=False)
    # Link targets are not used here, and escaping them takes a third of the time.
    parser.normalizeLink = _as_it_is  # type: ignore[method-assign,assignment]
    return parser


def _as_it_is(address: str) -> str:
    return address


def inline_tokens(text: str, references: dict[str, object] | None = None) -> list[Token]:
    """Parse inline Markdown.

    Args:
        text: Cut at `MAX_INLINE_CHARS`.
        references: Targets of `[text][name]`, as the block parser found them.
    """
    environment: dict[str, object] = {"references": references} if references else {}
    (block,) = inline_parser().parseInline(text[:MAX_INLINE_CHARS], environment)
    return block.children or []


def inline_text(text: str) -> str:
    """Return a field or heading as one line without Markdown, templates and tags."""
    text = text[: MAX_INLINE_CHARS * 2]
    if _MAYBE_INLINE.search(text) is None:
        return texts.one_line(text)
    text = without_wiki_links(without_templates(without_comments(text)))
    if "[^" in text:
        text = _FOOTNOTE.sub("", text)
    if "{:" in text or "{#" in text or "{." in text:
        text = _ATTRIBUTES.sub("", text)
    return texts.one_line(text_of(inline_tokens(text)))


def text_of(tokens: list[Token]) -> str:
    """Return the text of inline tokens, without pictures and tags; code spans and formulas as written."""
    parts: list[str] = []
    for token in tokens:
        match token.type:
            case "text" | "text_special":
                parts.append(_kept(token.content))
            case "code_inline":
                parts.append(_kept(token.content))
            case "math_inline":
                parts.append(f"${token.content}$")
            case "softbreak" | "hardbreak":
                parts.append(" ")
            case "html_inline":
                parts.append(token.content)  # cleaning removes tags but keeps `Vec<T>`
            case _:
                pass
    return "".join(parts)


def _kept(text: str) -> str:
    """Escape angle brackets in a text, so that cleaning does not take it for a tag."""
    return text.replace("&", "&amp;").replace("<", "&lt;") if "<" in text else text
