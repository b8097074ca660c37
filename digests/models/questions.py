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
    """A question as a person put it; `provider`, `topic`, `since` and `until` are still as typed."""

    query: str = ""
    provider: str | None = None
    topic: str | None = None
    since: str | None = None
    until: str | None = None
    sort: SearchSort = SearchSort.RELEVANCE


@dataclass(frozen=True, slots=True)
class Quote:
    """A sentence of an article that answers a question, word for word."""

    sentence: str
    spans: Spans
    article: Article


@dataclass(frozen=True, slots=True)
class SearchAnswer:
    """One page of stories that answer a question.

    Attributes:
        total: Number of stories found, or of articles where `counts_articles`; the same whatever the order. A lower
            bound when `partial`.
        corrected_query: The query that was really run, when a misspelt word was put right.
        partial: The search was cut short by its time limit.
        nearest_terms: When nothing was found: words of the corpus close to those typed.
        advice: When nothing was found: sentences on what to loosen.
        at_least: `total` is a lower bound, as counting stopped there.
        lacks_words: No story has all of the words; these have most.
        remarks: Sentences on what of the query was read otherwise than it looks.
        uncorrected_query: Finds the misspelt words just as they were typed, where `corrected_query` put them right.
        quote: Says at once what was asked, where a sentence does.
        folded_count: So many of the articles that `total` counts are no stories of their own. None where `total`
            counts stories: where there are no more articles than are folded into stories.
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
        """As many stories do the pages lead through."""
        return max(self.total - (self.folded_count or 0), 0)


@dataclass(frozen=True, slots=True)
class Suggestion:
    """One autocomplete choice: what is shown and what is sent back, 1 to 100 characters each."""

    name: str
    value: str
