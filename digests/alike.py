"""Finding the headlines that say the same, without comparing all with all. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta

from digests.headlines import headline, say_the_same
from digests.models import Article

SAME_TITLE_SPAN = timedelta(days=3)
"""PRODUCT: "when titles say the same within three days"."""

_SPAN_S = int(SAME_TITLE_SPAN.total_seconds())


class Alike:
    """The articles of a list whose headlines say the same within `SAME_TITLE_SPAN`; undated ones never do."""

    def __init__(self, articles: Sequence[Article]) -> None:
        self._headlines = [headline(article.title) for article in articles]
        holder: dict[int, int] = {}
        self._holders: dict[int, list[int]] = {}
        for number, taken_apart in enumerate(self._headlines):
            for mark in taken_apart.marks:
                first = holder.setdefault(mark, number)
                if first != number:
                    self._holders.setdefault(mark, [first]).append(number)
        # Only these have a mark in common with any other.
        self._suspects = {number for numbers in self._holders.values() for number in numbers}
        self._seconds = {number: _seconds(articles[number]) for number in self._suspects}

    def of(self, number: int) -> Iterator[int]:
        """Yields the numbers (places in the list) of the articles that say the same as this one, in no order.

        The same one may come several times.
        """
        seconds = self._seconds.get(number)
        if not seconds:
            return
        own = self._headlines[number]
        for mark in own.marks:
            for other in self._holders.get(mark, ()):
                other_s = self._seconds[other]
                if (
                    other != number
                    and other_s
                    and abs(other_s - seconds) <= _SPAN_S
                    and say_the_same(own, self._headlines[other])
                ):
                    yield other

    def all(self) -> set[int]:
        """Returns the numbers of all articles that say the same as some other one."""
        return {number for number in self._suspects if any(True for _other in self.of(number))}


def _seconds(article: Article) -> int:
    return int(article.published_at.timestamp()) if article.published_at is not None else 0
