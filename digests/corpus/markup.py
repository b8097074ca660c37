"""Removes markup from bodies and fields: JSX, comments, marks of plugins, inline Markdown.

Every pass is linear: marks are found by plain search, and what is never closed extends to the end.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from digests import text as texts
from digests.corpus.templates import without_templates

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token

MAX_INLINE_CHARS = 4000
"""How much of a paragraph's inline Markdown is parsed: no excerpt is longer."""

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
# A component's name has a lower-case letter: `<P>` is old-style HTML.
_JSX_BLOCK = re.compile(r"(?m)^[ \t]{0,3}<([A-Z](?:[A-Z0-9_.]{0,20}[a-z])[\w.]{0,60})(?=[\s/>])")
_JSX_INLINE = re.compile(r"</?[A-Z](?:[A-Z0-9_.]{0,20}[a-z])[\w.]{0,60}(?:\s[^<>]{0,500})?/?>")
_HTML_BLOCK = re.compile(r"(?i)<(" + "|".join(_HTML_DROPPED) + r")\b")
_IMPORTS = re.compile(
    r"(?m)^(?:import\s*(?:[\w*{][^\n]*\bfrom\s*[\"']|[\"'{])|export\s+(?:const|default|let|var|function|async|class|\{|\*))"
    r"[^\n]*(?:\n(?![ \t]*\n)[^\n]+)*"
)
_MDX_EXPRESSION = re.compile(r"\{[A-Za-z_][\w.]{0,80}(?:\([^(){}]{0,80}\))?\}")
_ATTRIBUTES = re.compile(
    r"(?m)^[ \t]*\{:[^{}\n]{0,300}\}[ \t]*$|\{:[^{}\n]{0,300}\}|[ \t]?\{[#.][^{}\n]{0,200}\}"
    r"|(?<=[)\]`*])\{[ \w.#:=\"'%;,/-]{1,200}\}"
)
# A paragraph that kramdown makes a note of, by a list of attributes before or behind it.
_NOTE_LINE = re.compile(
    r"[ \t]{0,3}\{:[^{}\n]{0,100}?\.(?:notice|note|warning|important|tip|caution|alert|callout|info)\b"
    r"[^{}\n]{0,100}\}[ \t]*"
)
# Lines that are not prose in the dialect that has them: an abbreviation, a directive, code from a file, a field.
_LINES = re.compile(
    r"(?m)^(?:\*\[[^\]\n]{1,60}\]:[^\n]*|::[A-Za-z][\w-]{0,40}(?:\[[^\]\n]{0,200}\])?(?:\{[^{}\n]{0,300}\})?[ \t]*"
    r"|<<< ?[@./][^\n]*|[\w][\w -]{0,40}::[ \t][^\n]*)$"
)
# Links to the notes before and after this one.
_WIKI_NAVIGATION = re.compile(r"(?m)^[ \t|·•<>«»←→/,-]*+(?:\[\[[^\[\]\n]{1,300}\]\][ \t|·•<>«»←→/,-]*+){2,}$")
_PICTURE_SIZE = re.compile(r"(?<=\S)[ \t]+=\d{0,5}%?x\d{0,5}%?(?=[ \t]*\))")
_WORDPRESS = re.compile(
    r"\[(caption|gallery|embed|youtube|vimeo|video|audio|playlist|code|sourcecode|tweet|soundcloud|gist|wpvideo)"
    r"(?=[\s\]])[^\]\n]{0,500}\](?![(\[])"
)
_CONTENTS = re.compile(r"(?mi)^[ \t]*(?:\[toc\]|\[\[_?toc_?\]\]|\$\{toc\}|@\[toc\](?:\([^()\n]{0,80}\))?)[ \t]*$")
_FOOTNOTE = re.compile(r"\[\^[^\]\s]{1,60}\](?!:)")
_INLINE_NOTE = re.compile(r"\^\[[^\[\]]{1,500}\](?!\()")
_FOOTNOTE_TEXT = re.compile(r"(?m)^ {0,3}\[\^[^\]\s]{1,60}\]:[^\n]*(?:\n[ \t]+[^\n]+)*")
_CONTAINER_MARK = re.compile(r"(?m)^[ \t]{0,3}(:{3,})[ \t]*(\S?)[^\n]*$")
_MKDOCS_BLOCK = re.compile(
    r"(?m)^[ \t]{0,3}(?:!!!|\?\?\?\+?|===)[ \t]+[^\n]*(?:\n(?:[ \t]{2,}[^\n]*|[ \t]*(?=\n[ \t]{4})))*"
)
_BLOCK_DIRECTIVE = re.compile(r"(?m)^///[ \t]")
_WIKI_LINK = re.compile(r"(!?)\[\[([^\[\]\n]{1,300})\]\]")
_MARKED = re.compile(r"==([^=\n]{1,300})==")
_BLOCK_ID = re.compile(r"(?m)[ \t]\^[A-Za-z0-9-]{1,60}[ \t]*$")
_OBSIDIAN_COMMENT = re.compile(r"(?m)%%[^%\n]{0,1000}%%|^%%(?:[^%]|%(?!%))*+%%")
_MAYBE_INLINE = re.compile(r"[*_`\[\]{}<>~=%\\$!]|https?://")


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


def _cut(text: str, opening: re.Pattern[str], *, lower: bool, brackets: tuple[str, str] = ("<", ">")) -> str:
    """Remove each element from its opening to its closing tag; of a self-closing or unclosed one, only the tag."""
    first, last = brackets
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
        tag_end = searched.find(last, match.end() - 1 if last == "]" else match.end())
        if tag_end < 0:
            break
        parts.append(text[position : match.start()])
        end = tag_end + 1
        if searched[tag_end - 1] != "/" and name not in unclosed:
            closing = searched.find(f"{first}/{name}", end)
            if closing < 0:
                unclosed.add(name)
            else:
                end = searched.find(last, closing) + 1 or len(text)
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
    if "{:" in text and "." in text:
        text = _without_notes(text)
    if "{" in text:
        text = _ATTRIBUTES.sub("", text)
    if "[^" in text:
        text = _FOOTNOTE.sub("", _FOOTNOTE_TEXT.sub("", text))
    if "^[" in text:
        text = _INLINE_NOTE.sub("", text)
    if "::" in text or "*[" in text or "<<<" in text:
        text = _LINES.sub("", text)
    if " =" in text and "](" in text:
        text = _PICTURE_SIZE.sub("", text)
    if "[/" in text or "[gallery" in text or "[embed" in text or "[video" in text or "[audio" in text:
        text = _cut(text, _WORDPRESS, lower=False, brackets=("[", "]"))
    return text


def _without_notes(text: str) -> str:
    """Remove paragraphs that kramdown makes notes of, by a list of attributes before or behind them."""
    blocks = text.split("\n\n")
    return "\n\n".join(
        block
        for block in blocks
        if "{:" not in block or not any(_NOTE_LINE.fullmatch(line) for line in _ends_of(block) if "{:" in line)
    )


def _ends_of(block: str) -> tuple[str, str]:
    lines = block.strip("\n")
    return lines.partition("\n")[0], lines.rpartition("\n")[2]


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
        text = _WIKI_NAVIGATION.sub("", text)
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
    if "{" in text:
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
    """Escape angle brackets in text, so that cleaning does not take it for a tag."""
    return text.replace("&", "&amp;").replace("<", "&lt;") if "<" in text else text
