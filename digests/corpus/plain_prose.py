"""Markdown so plain that its blocks and its text are known without a parser, which costs twenty times as much.

Each function gives what the parser of `excerpts` and `markup` would give, or None: then the parser is asked.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

# All that `markup` takes out, or makes words of, holds one of these; looking for each is faster than one pattern.
_MARKS = ("<", "{", "^", "[[", "==", ":::", "///", "%%", "!!!", "???", "\nimport", "\nexport")
# Of these no line is indented, and none opens or interrupts anything: a letter, a quotation mark, a link, a picture.
_PARAGRAPH = re.compile(r"(?:[^\W\d_]|[\"'“‘(]|!?\[)[^\n]*+(?:\n(?:[^\W\d_]|[\"'“‘(]|!?\[)[^\n]*+)*+")
_HEADING = re.compile(r"#{1,6} [^\n]*+")
_WORDS = r"[^\x00*_`\[\]{}<>~\\$&]"
_TARGET = r"(?:https?://|/)[\w./?=#%+,;:@-]{1,500}"
_PIECE = re.compile(
    rf"(?P<words>{_WORDS}++)"
    rf"|(?<!!)\[(?P<link>[^\W_](?:[^\x00*_`\[\]{{}}<>~\\$&\n]{{0,200}}))\]\({_TARGET}\)"
    # One delimiter that can only open and one that can only close.
    rf"|(?<![\w*])(?P<mark>\*\*?)(?P<stressed>[^\W_](?:{_WORDS}{{0,300}}[^\W_]|))(?P=mark)(?![\w*])"
)
_PICTURE = re.compile(rf"!\[[^\x00*_`\[\]{{}}<>~\\$&\n]{{0,200}}\]\({_TARGET}(?: \"[\w ,.:-]{{0,100}}\")?\)")


def blocks(text: str, *, is_raw: bool = False) -> Iterator[str | None]:
    """Yield a text's paragraphs, "" for a heading, None once for the first block that is not known without a parser.

    Args:
        text: Markdown without templates and the like.
        is_raw: Nothing was taken out of it yet: a block where something has to be is not known.
    """
    if "]:" in text or "\x00" in text or "\r" in text:
        yield None  # what a link leads to may be said anywhere
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
    """Check whether something may have to be taken out of a block, or to be made words."""
    if block.startswith(("import", "export")) or ("[" in block and "[toc" in block.lower()):
        return True
    return any(map(block.__contains__, _MARKS))


def words_of(content: str, *, has_own_words: bool) -> str | None:
    """Return the words of a paragraph that holds no more than simple links and emphasis, not cleaned.

    Args:
        content: The paragraph.
        has_own_words: It must begin with words that are not emphasised.
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
