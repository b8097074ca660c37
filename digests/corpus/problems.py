"""The result of reading one file: an article, or what went wrong."""

from __future__ import annotations

from dataclasses import dataclass

from digests.models import Article, Problem

MAX_DOUBLED = 20
"""How many duplicate names in one front matter are reported."""


@dataclass(frozen=True, slots=True)
class Reading:
    """The result of reading one file: an article, perhaps with remarks, or the problem that prevented one.

    `provisional` means that only a process's main thread can tell whether the file really has to be rejected: the fast
    YAML parser may not run in other threads.

    Attributes:
        left_out: Why there is deliberately no article ("a draft"); the file is not rejected then.
        sources: Where title, published_at, url, excerpt, topics, provider and image came from, as (field, short text),
            without empty fields. Only if requested.
    """

    article: Article | None
    problems: tuple[Problem, ...] = ()
    provisional: bool = False
    left_out: str = ""
    sources: tuple[tuple[str, str], ...] = ()


class Unreadable(Exception):  # noqa: N818 - reads as a sentence where it is raised
    """The file can't be read; `line` counts from 1 in the parsed text, None if it is not about a line.

    `provisional` means that the main thread of a process might still be able to read it.
    """

    def __init__(self, line: int | None, reason: str, *, provisional: bool = False) -> None:
        super().__init__(reason)
        self.line = line
        self.reason = reason
        self.provisional = provisional

    def moved(self, lines: int) -> Unreadable:
        """Return the same error with its line counted in text that begins some lines earlier."""
        line = None if self.line is None else self.line + lines
        return Unreadable(line, self.reason, provisional=self.provisional)
