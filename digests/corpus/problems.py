"""What goes wrong inside one file, before it is known whether it costs the file or only a field."""

from __future__ import annotations


class Unreadable(Exception):  # noqa: N818 - reads as a sentence where it is raised
    """The file can't be read; `line` counts from 1 in the text at hand, None where no line is to blame."""

    def __init__(self, line: int | None, reason: str) -> None:
        super().__init__(reason)
        self.line = line
        self.reason = reason
