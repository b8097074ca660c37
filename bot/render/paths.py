"""Keeps the server's folders out of sentences for Discord: they name files, never the folders they are in."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Final

_FOLDERS: Final = re.compile(
    r"""
    (?<![\w/.…<`~])(?<!https:)(?<!http:)(?:[A-Za-z]:)?[/\\]{1,3}  # a root, but no address's or command's
    (?:(?!\s)[^\s/\\:*?"<>|]{1,255}[/\\]{1,2})+  # folders, the last with its slash
    """,
    re.VERBOSE,
)
_HOME: Final = re.compile(r"(?<!\S)~[\w.-]*/(?:[^\s/]{1,255}/)*")


_spaced: list[str] = []
"""Known folders whose paths contain a space, longest first: in a sentence the end of such a path can't be detected."""


def know_folders(folders: Iterable[Path]) -> None:
    """Register the folders that sentences may name; called once at the start."""
    named = {f"{path}/" for folder in folders for path in (folder, *folder.parents) if re.search(r"\s", str(path))}
    _spaced[:] = sorted(named, key=len, reverse=True)


def without_folders(text: str) -> str:
    """Return text with every absolute path reduced to its last component."""
    for beginning in _spaced:
        text = text.replace(beginning, "")
    return _HOME.sub("", _FOLDERS.sub("", text))
