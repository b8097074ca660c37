"""Why an article is not in a digest."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from digests.models.corpus import Article


class Whereabouts(StrEnum):
    """What became of an article in one digest."""

    LEADS = "it leads a story"
    FOLDED = "it is part of a story"
    LINKED = "it is linked in a round-up"
    LEFT_OUT = "a limit kept it out"
    DROPPED = "it was not delivered, for a reason other than a limit"
    FILTERED = "the filters keep it out"
    WITHDRAWN = "its publisher says that it is no headline"
    UNDATED = "it has no date"
    EARLIER = "it arrived before the window"
    LATER = "it arrived after the window"
    UNEXPLAINED = "it would pass today"


class FilterName(StrEnum):
    """The filters of an order."""

    TOPICS = "topics"
    PROVIDERS = "providers"
    KEYWORDS = "keywords"
    EXCLUDED_TOPICS = "excluded_topics"
    EXCLUDED_PROVIDERS = "excluded_providers"
    QUERY = "query"


@dataclass(frozen=True, slots=True)
class Absence:
    """What became of an article, and what would have to change.

    Attributes:
        article: The article.
        whereabouts: Where it is, or what kept it out.
        reason: The value of a `LeftOutReason` or `DropReason`.
        lead_title: Headline of the story that it is part of, or that replaced it.
        filters: The filters that it does not pass.
    """

    article: Article
    whereabouts: Whereabouts
    reason: str = ""
    lead_title: str = ""
    filters: tuple[FilterName, ...] = ()
