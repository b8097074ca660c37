"""Questions and answers."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from digests.models.corpus import Article
from digests.models.stories import Spans, Story


class SearchSort(StrEnum):
    """Order of search results."""

    RELEVANCE = "relevance"
    NEWEST = "newest"
    QUALITY = "quality"


@dataclass(frozen=True, slots=True)
class SearchRequest:
    """A question as asked; `provider`, `topic`, `since` and `until` are as typed."""

    query: str = ""
    provider: str | None = None
    topic: str | None = None
    since: str | None = None
    until: str | None = None
    sort: SearchSort = SearchSort.RELEVANCE


@dataclass(frozen=True, slots=True)
class Quote:
    """A sentence quoted from an article that answers a question."""

    sentence: str
    spans: Spans
    article: Article


@dataclass(frozen=True, slots=True)
class SearchAnswer:
    """One page of stories that answer a question.

    Attributes:
        total: The number of stories found, or of articles if `counts_articles`; the same in any order. A lower bound if
            `partial`.
        corrected_query: The query that was run, if a misspelt word was corrected.
        partial: The search was cut short by its time limit.
        nearest_terms: If nothing was found: words of the corpus close to those typed.
        advice: If nothing was found: sentences on what to relax.
        at_least: `total` is a lower bound, because counting stopped there.
        lacks_words: No story has all of the words; these have most of them.
        remarks: Sentences on parts of the query that were interpreted differently than they look.
        uncorrected_query: Finds the misspelt words exactly as typed, if `corrected_query` corrected them.
        quote: A sentence that answers the question directly, if there is one.
        folded_count: How many of the articles in `total` are not stories of their own. None if `total` counts stories,
            that is, if all articles were folded into stories.
    """

    request: SearchRequest
    total: int
    offset: int
    stories: tuple[Story, ...]
    corrected_query: str | None = None
    partial: bool = False
    nearest_terms: tuple[str, ...] = ()
    advice: tuple[str, ...] = ()
    at_least: bool = False
    lacks_words: bool = False
    remarks: tuple[str, ...] = ()
    uncorrected_query: str | None = None
    quote: Quote | None = None
    folded_count: int | None = None

    @property
    def counts_articles(self) -> bool:
        """Whether `total` is the number of articles."""
        return self.folded_count is not None

    @property
    def story_count(self) -> int:
        """The number of stories on all pages."""
        return max(self.total - (self.folded_count or 0), 0)


@dataclass(frozen=True, slots=True)
class Suggestion:
    """One autocomplete choice: name and value, 1 to 100 characters each."""

    name: str
    value: str
