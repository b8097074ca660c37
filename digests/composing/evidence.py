"""What the test of "the same event" reads of an article: its words, numbers, kind, provider and time. Pure."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence, Set
from functools import lru_cache

from digests.composing.languages import LANGUAGES
from digests.composing.words import is_number, terms, topic_numbers
from digests.models import Article
from digests.models.frozen import value

EXCERPT_CHARS = 600
"""So much of an excerpt is read: real ones are shorter, and a whole body in its place would drown the headline."""
TITLE_WEIGHT = 3
"""A word of the headline counts as often as one that stands three times in the excerpt."""
SHARED_SENTENCE = 3
"""A sentence that so many excerpts hold is a standing phrase ("Sign up for our newsletter") and says nothing."""

_SENTENCE_END = re.compile(r"(?<=[.!?…。！？])\s+")
_GUIDES = [re.compile(pattern) for language in LANGUAGES for pattern in language.guides]
_MARKET_REPORTS = [re.compile(pattern) for language in LANGUAGES for pattern in language.market_reports]
_QUOTES = str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"'})


@value
class Evidence:
    """An article as the test sees it.

    Attributes:
        title: The headline as it is written.
        headline: Its terms.
        counts: How often each term stands in headline (three times each) and excerpt.
        numbers: Numbers in the headline, but those of its topics' names.
        topic_numbers: Those.
        domain: The provider's, empty when unknown.
        at_s: Publication in Unix seconds, None when unknown.
    """

    title: str
    headline: frozenset[str]
    counts: dict[str, int]
    numbers: frozenset[str]
    topic_numbers: frozenset[str]
    domain: str
    at_s: int | None


def evidence_of(article: Article, standing: Set[str] = frozenset()) -> Evidence:
    """Return an article's evidence.

    Args:
        article: Title, excerpt, topics, provider and date are read.
        standing: Sentences that don't count (see `standing_sentences`).
    """
    headline, numbers = headline_of(article.title)
    counts: dict[str, int] = {}
    for term in headline:
        counts[term] = counts.get(term, 0) + TITLE_WEIGHT
    for term in _excerpt_terms(article.excerpt, standing):
        counts[term] = counts.get(term, 0) + 1
    of_topics = topic_numbers(article.topics)
    return Evidence(
        article.title,
        frozenset(headline),
        counts,
        numbers - of_topics if of_topics else numbers,
        of_topics,
        article.provider.domain if article.provider is not None else "",
        int(article.published_at.timestamp()) if article.published_at is not None else None,
    )


@lru_cache(maxsize=16384)
def headline_of(title: str) -> tuple[tuple[str, ...], frozenset[str]]:
    """Return a headline's terms in order, and its numbers."""
    found = tuple(terms(title))
    return found, frozenset(filter(is_number, found))


@lru_cache(maxsize=16384)
def is_guide(title: str) -> bool:
    """Return whether a headline is a how-to, a list, a review or a live blog rather than news."""
    return _matches(_GUIDES, title)


@lru_cache(maxsize=16384)
def is_market_report(title: str) -> bool:
    """Return whether a headline is one of those that sellers of market reports publish by the thousand."""
    return _matches(_MARKET_REPORTS, title)


def standing_sentences(articles: Iterable[Article]) -> frozenset[str]:
    """Return the sentences that the excerpts of several headlines share."""
    first: dict[str, str] = {}
    further: Counter[tuple[str, str]] = Counter()
    for article in articles:
        for sentence in _sentences(article.excerpt):
            # Copies of one wire text under one headline are no standing phrase.
            if first.setdefault(sentence, article.title) != article.title:
                further[sentence, article.title] = 1
    counted = Counter(sentence for sentence, _title in further)
    return frozenset(sentence for sentence, count in counted.items() if count + 1 >= SHARED_SENTENCE)


def _matches(patterns: Sequence[re.Pattern[str]], title: str) -> bool:
    plain = title.lower().translate(_QUOTES)
    return any(pattern.search(plain) is not None for pattern in patterns)


def _sentences(excerpt: str) -> list[str]:
    return _SENTENCE_END.split(excerpt[:EXCERPT_CHARS]) if excerpt else []


def _excerpt_terms(excerpt: str, standing: Set[str]) -> Sequence[str]:
    if not excerpt:
        return ()
    if not standing:
        return _terms_of(excerpt[:EXCERPT_CHARS])
    kept = [sentence for sentence in _sentences(excerpt) if sentence not in standing]
    return _terms_of(" ".join(kept))


@lru_cache(maxsize=8192)
def _terms_of(text: str) -> tuple[str, ...]:
    return tuple(terms(text))
