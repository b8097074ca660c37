"""Sentences for Discord say which file they mean, never where on the server it lies."""

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
"""Beginnings of paths that hold a space, longest first: where such a path ends can't be told from the sentence."""


def know_folders(folders: Iterable[Path]) -> None:
    """Remember the folders that sentences may name, once, at the start."""
    named = {f"{path}/" for folder in folders for path in (folder, *folder.parents) if re.search(r"\s", str(path))}
    _spaced[:] = sorted(named, key=len, reverse=True)


def without_folders(text: str) -> str:
    """Return a text in which every absolute path is only its last name."""
    for beginning in _spaced:
        text = text.replace(beginning, "")
    return _HOME.sub("", _FOLDERS.sub("", text))
