"""One file of the corpus: bytes in, an `Article` or problems out. Pure; knows no folder, store or clock.

Everything hostile ends here: what leaves this room is clean text, http(s) links and numbers within bounds.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from digests.corpus.problems import Reading
    from digests.corpus.reader import read

__all__ = ["Reading", "read"]


def __getattr__(name: str) -> object:
    # The parsers take half a second to import, and the main process never reads a file itself.
    if name == "read":
        from digests.corpus.reader import read

        return read
    if name == "Reading":
        from digests.corpus.problems import Reading

        return Reading
    raise AttributeError(name)
