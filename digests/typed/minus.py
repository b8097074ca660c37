"""The characters that people type before a word to exclude it. Pure."""

from __future__ import annotations

import re
from typing import Final

DASHES: Final = "-−–—"
"""Hyphen, minus sign, en dash, em dash: what a phone's keyboard makes of a minus."""
SIGNS: Final = f"{DASHES}!"
_BEFORE_A_WORD: Final = re.compile(rf'(?P<quoted>"[^"]*")|(?<![^\s(,;])(?P<signs>[{SIGNS}]+)(?=[\w(".“„«])')

_OPTION: Final = re.compile("--+")
"""What precedes an option of a command."""


def with_minus(text: str) -> str:
    """Return a query with each such character replaced by the query language's minus; positions don't change.

    It counts at the beginning of a word. Two hyphens (`--force`) belong to the word. A pair of dashes around words
    (`–said he–`) is punctuation, as is a dash followed by a space.
    """
    return _BEFORE_A_WORD.sub(_minus, text)


def _minus(found: re.Match[str]) -> str:
    signs = found["signs"]
    if signs is None or _is_pair(found.string, signs, found.end()):
        return found[0]
    return " " * len(signs) if _OPTION.fullmatch(signs) else "-".rjust(len(signs))


def _is_pair(text: str, signs: str, position: int) -> bool:
    """Check whether a dash before a word is closed by one right after a later word."""
    if signs not in ("–", "—"):
        return False
    closing = text.find(signs, position)
    if closing == -1 or text[closing - 1].isspace():
        return False
    following = text[closing + 1 : closing + 2]
    return not following or not (following.isalnum() or following in SIGNS)
