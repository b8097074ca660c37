"""Parses YAML in front matter: first with the fast yaml-rs, then with a guarded libyaml.

yaml-rs was measured to be seven times as fast as libyaml through PyYAML. They differ in corner cases (a tab after a
colon), so an error of yaml-rs is not final: libyaml decides. Input that crashes or hangs one of them is kept from it.
yaml-rs only runs in the main thread of a worker process: its allocator crashes in short-lived threads.
"""

from __future__ import annotations

import re
import threading
from typing import TYPE_CHECKING

from digests.corpus.problems import Unreadable
from digests.i18n import _

if TYPE_CHECKING:
    from digests.corpus.lean_yaml import Lean

Path = tuple[str | int, ...]

MAX_LEAN_CHARS = 64 * 1024
MAX_LEAN_OPENERS = 8000
"""libyaml's composer crashes from some 20,000 levels on; real front matter has at most 942 characters of `[{-?`."""

# Both parsers recurse once per level, and each level of block nesting takes at least one column: deeper indentation
# (dashes and question marks open levels too) is refused before parsing. yaml-rs crashes at 100,000 levels.
_TOO_DEEP = re.compile(r"(?:\A|[\n\r\x85\u2028\u2029])[ \t?:-]{129}")
_MAYBE_DEEP = re.compile(r"[ \t?:-]{8}")
_OPENERS = re.compile(r"[\[{?]|-(?=[\s-])")


def load(text: str, duplicates: list[tuple[int, str]] | None = None) -> object:
    """Parse a YAML document; scalars may be typed by YAML's rules or text.

    Args:
        text: The document.
        doubled: Receives the duplicate names as (line, sentence). The last one counts.

    Raises:
        Unreadable: It is not valid YAML or not safe to parse; `line` counts within `text`. Outside the main thread this
            can be `provisional`: the fast parser might accept what the guarded one does not.
    """
    refuse_unsafe(text)
    if threading.current_thread() is not threading.main_thread():
        return _load_in_thread(text, duplicates)
    from digests.corpus import fast_yaml  # this is the main thread

    try:
        return fast_yaml.parse(text)
    except fast_yaml.Disputable:
        if not is_within_guard(text):
            raise
    return _noting(load_lean(text), duplicates)


def _noting(lean: Lean, duplicates: list[tuple[int, str]] | None) -> object:
    if duplicates is not None:
        duplicates[:] = lean.duplicates
    return lean.data


def _load_in_thread(text: str, duplicates: list[tuple[int, str]] | None) -> object:
    if not is_within_guard(text):
        raise Unreadable(None, _("the front matter is too long"), provisional=True)
    try:
        return _noting(load_lean(text), duplicates)
    except Unreadable as error:
        raise Unreadable(error.line, error.reason, provisional=True) from error


def refuse_unsafe(text: str) -> None:
    """Raise `Unreadable` for input that no parser may see: NUL (silently cuts a value) and extreme nesting."""
    nul = text.find("\0")
    if nul >= 0:
        raise Unreadable(text.count("\n", 0, nul) + 1, _("there is a NUL byte in the front matter"))
    # A run of 129 characters always contains eight consecutive ones of every sixteenth.
    if _MAYBE_DEEP.search(text[::16]) and (deep := _TOO_DEEP.search(text)) is not None:
        raise Unreadable(text.count("\n", 0, deep.end()) + 1, _("the front matter is nested too deeply"))


def is_within_guard(text: str) -> bool:
    """Check whether the text is safe for the libyaml parser."""
    if len(text) > MAX_LEAN_CHARS:
        return False
    return all(count < MAX_LEAN_OPENERS for count, _opener in enumerate(_OPENERS.finditer(text)))


def load_lean(text: str) -> Lean:
    """Parse with libyaml's event parser and keep each scalar as written.

    No tags, aliases or merge keys; call it only for text that `is_within_guard`.

    Raises:
        Unreadable: With the line in `text`.
    """
    from digests.corpus import lean_yaml

    return lean_yaml.load(text)
