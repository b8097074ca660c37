"""Sentences for Discord say which file they mean, never where on the server it lies."""

from __future__ import annotations

import re
from typing import Final

_FOLDERS: Final = re.compile(
    r"""
    (?<![\w/.…<`~])(?<!https:)(?<!http:)(?:[A-Za-z]:)?[/\\]{1,3}  # a root, but no address's or command's
    (?:(?!\s)[^\s/\\:*?"<>|]{1,255}[/\\]{1,2})+  # folders, the last with its slash
    """,
    re.VERBOSE,
)
_HOME: Final = re.compile(r"(?<!\S)~[\w.-]*/(?:[^\s/]{1,255}/)*")


def without_folders(text: str) -> str:
    """Return a text in which every absolute path is only its last name."""
    return _HOME.sub("", _FOLDERS.sub("", text))
