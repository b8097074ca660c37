"""What goes wrong inside one file, before it is known whether it costs the file or only a field."""

from __future__ import annotations


class Unreadable(Exception):  # noqa: N818 - reads as a sentence where it is raised
    """The file can't be read; `line` counts from 1 in the text at hand, None where no line is to blame.

    `provisional` means that the main thread of a process might still read it.
    """

    def __init__(self, line: int | None, reason: str, *, provisional: bool = False) -> None:
        super().__init__(reason)
        self.line = line
        self.reason = reason
        self.provisional = provisional

    def moved(self, lines: int) -> Unreadable:
        """Returns the same with its line counted in a text that begins so many lines earlier."""
        line = None if self.line is None else self.line + lines
        return Unreadable(line, self.reason, provisional=self.provisional)
