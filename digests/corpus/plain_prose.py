"""Reads Markdown that is plain enough to need no parser, which would cost twenty times as much.

Each function returns what the parser of `excerpts` and `markup` would, or None if the parser is needed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

# Everything that `markup` removes or replaces contains one of these; searching for each is faster than one regex.
_MARKS = ("<", "{", "^", "[[", "==", ":::", "///", "%%", "!!!", "???", "::", "[/", " =", "\nimport", "\nexport")
_OPENINGS = ("import", "export", "[gallery", "[caption", "[embed", "[video", "[audio", "[youtube")
# Lines that start with a letter, a quotation mark, a link or a picture: not indented, and they start no other block.
_PARAGRAPH = re.compile(r"(?:[^\W\d_]|[\"'“‘(]|!?\[)[^\n]*+(?:\n(?:[^\W\d_]|[\"'“‘(]|!?\[)[^\n]*+)*+")
_HEADING = re.compile(r"#{1,6} [^\n]*+")
_WORDS = r"[^\x00*_`\[\]{}<>~\\$&]"
_TARGET = r"(?:https?://|/)[\w./?=#%+,;:@-]{1,500}"
_PIECE = re.compile(
    rf"(?P<words>{_WORDS}++)"
    rf"|(?<!!)\[(?P<link>[^\W_](?:[^\x00*_`\[\]{{}}<>~\\$&\n]{{0,200}}))\]\({_TARGET}\)"
    # A delimiter that can only open and one that can only close.
    rf"|(?<![\w*])(?P<mark>\*\*?)(?P<stressed>[^\W_](?:{_WORDS}{{0,300}}[^\W_]|))(?P=mark)(?![\w*])"
)
_PICTURE = re.compile(rf"!\[[^\x00*_`\[\]{{}}<>~\\$&\n]{{0,200}}\]\({_TARGET}(?: \"[\w ,.:-]{{0,100}}\")?\)")


def blocks(text: str, *, is_raw: bool = False) -> Iterator[str | None]:
    """Yield the text's paragraphs, "" for a heading, and finally None at the first block that needs a parser.

    Args:
        text: Markdown without templates and the like.
        is_raw: Nothing was removed from it yet: a block with something to remove needs the parser.
    """
    if "]:" in text or "\x00" in text or "\r" in text:
        yield None  # a link's target may be defined anywhere
        return
    start = 0
    while start < len(text):
        end = text.find("\n\n", start)
        if end < 0:
            end = len(text)
        block = text[start:end].lstrip("\n").removesuffix("\n")
        start = end + 2
        if not block:
            continue
        if is_raw and _is_marked_up(block):
            yield None
            return
        if _PARAGRAPH.fullmatch(block) is not None:
            yield block.strip()
        elif _HEADING.fullmatch(block) is not None:
            yield ""
        else:
            yield None
            return


def _is_marked_up(block: str) -> bool:
    """Check whether a block may contain something to remove or replace."""
    if block.startswith(_OPENINGS) or ("[" in block and "[toc" in block.lower()):
        return True
    return any(map(block.__contains__, _MARKS))


def words_of(content: str, *, has_own_words: bool) -> str | None:
    """Return the text of a paragraph with only simple links and emphasis, not cleaned.

    Args:
        content: The paragraph.
        has_own_words: It must begin with text that is not emphasised.
    """
    if has_own_words and not content[:1].isalpha():
        return None
    pieces: list[str] = []
    position = 0
    while (piece := _PIECE.match(content, position)) is not None:
        pieces.append(piece["words"] or piece["link"] or piece["stressed"])
        position = piece.end()
    return "".join(pieces) if position == len(content) else None


def is_picture(content: str) -> bool:
    """Check whether a paragraph is one picture and nothing else."""
    return content.startswith("![") and _PICTURE.fullmatch(content) is not None
