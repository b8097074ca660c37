"""What becomes of one file: an article, or what went wrong, before it is known whether it costs the file or a field."""

from __future__ import annotations

from dataclasses import dataclass

from digests.models import Article, Problem


@dataclass(frozen=True, slots=True)
class Reading:
    """What became of one file: an article, or the problem that cost it; remarks may stand beside an article.

    `provisional` means that only a process's main thread can tell whether it really costs the file: the fast YAML
    parser may not run in others.

    Attributes:
        left_out: Why there is no article on purpose ("a draft"); that is no problem, and the file is not rejected.
        sources: Where each of title, published_at, url, excerpt, topics, provider and image came from, as (field,
            short text); a field that is empty is not there. Only where it was asked for.
    """

    article: Article | None
    problems: tuple[Problem, ...] = ()
    provisional: bool = False
    left_out: str = ""
    sources: tuple[tuple[str, str], ...] = ()


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
        """Return the same with its line counted in a text that begins so many lines earlier."""
        line = None if self.line is None else self.line + lines
        return Unreadable(line, self.reason, provisional=self.provisional)
