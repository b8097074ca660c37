"""Finding the headlines that say the same, without comparing all with all. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import timedelta

from digests.composing.headlines import Headline, headline, say_the_same
from digests.models import Article

SAME_TITLE_SPAN = timedelta(days=3)
"""PRODUCT: "when titles say the same within three days"."""

_SPAN_S = int(SAME_TITLE_SPAN.total_seconds())


class SimilarHeadlines:
    """The articles of a list whose headlines say the same within `SAME_TITLE_SPAN`; undated ones never do.

    A headline with few words says the same as an equal one of another provider, if neither uses it for anything else
    in the list: one that comes again (`Harbour notes`) is the heading of a column.
    """

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
        short = [(number, own.whole) for number in self._suspects if (own := self._headlines[number]).whole]
        uses = Counter((_domain(articles[number]), whole) for number, whole in short)
        for number, whole in short:
            domain = _domain(articles[number])
            if not self._headlines[number].is_telling and (domain is None or uses[domain, whole] > 1):
                self._seconds[number] = 0

    def of(self, number: int) -> Iterator[int]:
        """Yields the numbers (places in the list) of the articles that say the same as this one, in no order.

        The same one may come several times.
        """
        seconds = self._seconds.get(number)
        if not seconds:
            return
        own = self._headlines[number]
        agree = _are_equal if own.whole else say_the_same
        for mark in own.marks:
            for other in self._holders.get(mark, ()):
                other_s = self._seconds[other]
                if (
                    other != number
                    and other_s
                    and abs(other_s - seconds) <= _SPAN_S
                    and agree(own, self._headlines[other])
                ):
                    yield other

    def all(self) -> set[int]:
        """Returns the numbers of all articles that say the same as some other one, or could in a shorter list."""
        return {
            number for number in self._suspects if self._headlines[number].whole or any(True for _ in self.of(number))
        }


def _are_equal(first: Headline, second: Headline) -> bool:
    return first.whole == second.whole


def _domain(article: Article) -> str | None:
    return article.provider.domain if article.provider is not None else None


def _seconds(article: Article) -> int:
    return int(article.published_at.timestamp()) if article.published_at is not None else 0
