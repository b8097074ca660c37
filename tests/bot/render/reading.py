"""Reads Discord's markdown as its clients do, to tell what a reader would see; written apart from what it checks.

Generous on purpose: whatever could be taken for markup is. What is left as text in here is text everywhere.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.render import layout
from bot.render.layout import Components

_BLOCK = re.compile(r"[ \t]*(?:#{1,3}[ \t]|-#[ \t]|>[ \t]|>>>|[-*+][ \t]|\d+[.)][ \t])")
_INLINE = (
    ("code", re.compile(r"(`+)[\s\S]*?[^`]\1(?!`)")),
    ("link", re.compile(r"\[((?:\[[^\]]*\]|[^\[\]]|\](?=[^\[]*\]))*)\]\(\s*<?((?:\([^)]*\)|[^\s\\()])*)>?\s*\)")),
    (
        "angle",
        re.compile(r"<(?:@[!&]?\d+|#\d+|t:-?\d+(?::\w)?|/[^:>]+:\d+|a?:\w+:\d+|id:\w+|[a-z]+:[^>\s]+|\+?\d+|\S+@\S+)>"),
    ),
    ("url", re.compile(r"(?:[a-z][a-z0-9+.-]*)://[^\s<]+", re.IGNORECASE)),
    ("strong", re.compile(r"\*\*[\s\S]+?\*\*")),
    ("underline", re.compile(r"__[\s\S]+?__")),
    ("em", re.compile(r"[*_][\s\S]+?[*_]")),
    ("strike", re.compile(r"~~[\s\S]+?~~")),
    ("spoiler", re.compile(r"\|\|[\s\S]+?\|\|")),
    ("emoji", re.compile(r":[^\s:]+:")),
)
_ESCAPE = re.compile(r"\\([^0-9A-Za-z\s])")
_PING = re.compile(r"@everyone|@here|<@[!&]?\d+>")


@dataclass(frozen=True)
class Seen:
    """One piece of what a reader sees; `target` is a link's address."""

    kind: str
    words: str
    target: str = ""


def pings(source: str) -> list[str]:
    """Return what Discord's servers would take for mentions: they know nothing of backslashes."""
    return _PING.findall(source)


def seen(source: str) -> list[Seen]:
    """Return the pieces of one line, neighbouring text together."""
    pieces: list[Seen] = []
    if block := _BLOCK.match(source):
        pieces.append(Seen("block", block[0]))
        source = source[block.end() :]
    text: list[str] = []

    def flush() -> None:
        if text:
            pieces.append(Seen("text", "".join(text).replace("\u200b", "")))
            text.clear()

    position = 0
    while position < len(source):
        if escaped := _ESCAPE.match(source, position):
            text.append(escaped[1])
            position = escaped.end()
            continue
        for kind, pattern in _INLINE:
            # Words before "://" belong to an address; elsewhere a scheme is met at its first letter.
            if kind == "url" and position and source[position - 1].isalnum():
                continue
            if found := pattern.match(source, position):
                flush()
                if kind == "link":
                    pieces.append(Seen("link", "".join(inner.words for inner in seen_text(found[1])), found[2]))
                else:
                    pieces.append(Seen(kind, found[0]))
                position = found.end()
                break
        else:
            text.append(source[position])
            position += 1
    flush()
    return pieces


def seen_text(source: str) -> list[Seen]:
    """Return the pieces of a link's title, where no block can start."""
    first, *others = seen("\\." + source)
    words = first.words.removeprefix(".")
    return [*([Seen(first.kind, words)] if words else []), *others]


def texts(components: Components) -> list[str]:
    """Return every text of a message, in order, whatever keeps a line together."""
    found = (c["content"] for c in layout.walk(components) if c["type"] == layout.TEXT_DISPLAY)
    return [dotted(content) for content in found]


def dotted(text: str) -> str:
    """Return a text with an ordinary space before each dot that parts the words of a line, and after each mark."""
    return re.sub("(?<=[›↳.])\N{NO-BREAK SPACE}|\N{NO-BREAK SPACE}(?=·)", " ", text)


def told(components: Components) -> str:
    """Return all texts of a message."""
    return "\n".join(texts(components))


def custom_ids(components: Components) -> list[str]:
    """The custom_ids of what can be pressed."""
    return [c["custom_id"] for c in layout.walk(components) if "custom_id" in c and not c.get("disabled")]
