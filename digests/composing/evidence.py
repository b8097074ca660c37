"""The features of an article that the same-event test compares: words, numbers, kind, provider, time. Pure."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence, Set
from functools import lru_cache
from itertools import chain
from typing import TypeAlias

from digests.bounded_cache import LONGEST
from digests.composing.languages import LANGUAGES
from digests.composing.terms import numbers, terms, topic_numbers
from digests.models import Article
from digests.models.frozen import value

EXCERPT_CHARS = 600
"""Characters of the excerpt that count: real ones are shorter, and a whole body would drown the headline."""
TITLE_WEIGHT = 3
"""A word in the headline counts like three occurrences in the excerpt."""
SHARED_SENTENCE = 3
"""A sentence in this many excerpts is boilerplate ("Sign up for our newsletter") and is ignored."""
COPIED_WITHIN_S = 72 * 3600
"""Publishers print an agency's report within this many seconds of each other."""

_SENTENCE_END = re.compile(r"(?<=[.!?…。！？])\s+")
_GUIDES = [re.compile(pattern) for language in LANGUAGES for pattern in language.guides]
_LIVE_BLOGS = [re.compile(pattern) for language in LANGUAGES for pattern in language.live_blogs]
_MARKET_REPORTS = [re.compile(pattern) for language in LANGUAGES for pattern in language.market_reports]
_QUOTES = str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"'})


KEPT = 40_000
"""How many articles' evidence is cached: those of a few busy days. It is computed once, when an article arrives."""

_Known: TypeAlias = tuple[str, str, tuple[str, ...], str, int | None]


@value
class Evidence:
    """An article's features for the same-event test.

    Attributes:
        title: The headline as written.
        headline: Its terms.
        counts: How often each term occurs, with three for each occurrence in the headline.
        numbers: Numbers in the headline, except those in its topics' names.
        topic_numbers: Numbers in its topics' names.
        domain: The provider's domain; empty if unknown.
        at_s: Publication in Unix seconds; None if unknown.
        excerpt: The excerpt as written.
        sentences: Hashes of the excerpt's sentences, valid in this process only.
    """

    title: str
    headline: frozenset[str]
    counts: dict[str, int]
    numbers: frozenset[str]
    topic_numbers: frozenset[str]
    domain: str
    at_s: int | None
    excerpt: str = ""
    sentences: frozenset[int] = frozenset()


_kept: dict[int, Evidence] = {}


def evidence_of(article: Article, boilerplate: Set[int] = frozenset()) -> Evidence:
    """Return an article's evidence; cached for recent articles.

    Args:
        article: Title, excerpt, topics, provider and date are read.
        boilerplate: Hashes of sentences to ignore (see `boilerplate_sentences`).
    """
    at = article.published_at
    known = (
        article.title,
        article.excerpt,
        article.topics,
        article.provider.domain if article.provider is not None else "",
        int(at.timestamp()) if at is not None else None,
    )
    key = hash(known)
    evidence = _kept.get(key)
    if evidence is None:
        evidence = _find(known)
        if len(article.title) <= LONGEST:
            if len(_kept) >= KEPT:
                _forget_oldest()
            _kept[key] = evidence
    if boilerplate and not boilerplate.isdisjoint(evidence.sentences):
        return _find(known, boilerplate)
    return evidence


def prepare_evidence(articles: Iterable[Article]) -> None:
    """Compute and cache the evidence of articles that compositions will soon ask for."""
    for article in articles:
        evidence_of(article)


def _find(known: _Known, boilerplate: Set[int] = frozenset()) -> Evidence:
    title, excerpt, topics, domain, at_s = known
    found = terms(title)
    headline = frozenset(found)
    sentences = _sentences(excerpt)
    if sentences:
        kept = [sentence for sentence in sentences if hash(sentence) not in boilerplate] if boilerplate else sentences
        counts: dict[str, int] = Counter(chain(found * TITLE_WEIGHT, terms(" ".join(kept))))
    else:
        counts = dict.fromkeys(found, TITLE_WEIGHT)
        if len(headline) < len(found):
            counts = Counter(found * TITLE_WEIGHT)
    of_topics = topic_numbers(topics)
    return Evidence(
        title,
        headline,
        counts,
        numbers(found) - of_topics,
        of_topics,
        domain,
        at_s,
        excerpt,
        frozenset(map(hash, sentences)),
    )


def _forget_oldest() -> None:
    """Drop the older half of the cache; several threads may compose, so it must not be iterated while it changes."""
    for key in list(_kept)[: KEPT // 2]:
        _kept.pop(key, None)


@lru_cache(maxsize=16384)
def headline_of(title: str) -> tuple[tuple[str, ...], frozenset[str]]:
    """Return a headline's terms in order, and its numbers."""
    found = tuple(terms(title))
    return found, numbers(found)


@lru_cache(maxsize=16384)
def is_guide(title: str) -> bool:
    """Check whether a headline is a how-to, a list, a review or a live blog rather than news."""
    return _matches(_GUIDES, title) or is_live_blog(title)


@lru_cache(maxsize=16384)
def is_live_blog(title: str) -> bool:
    """Check whether a headline is that of a live blog, which goes on to other news."""
    return _matches(_LIVE_BLOGS, title)


@lru_cache(maxsize=16384)
def is_market_report(title: str) -> bool:
    """Check whether a headline advertises a market report, as their sellers publish by the thousand."""
    return _matches(_MARKET_REPORTS, title)


def boilerplate_sentences(articles: Sequence[Evidence]) -> frozenset[int]:
    """Return the sentences that the excerpts of several headlines share, except those of one agency's report.

    Each publisher prints an agency's report once, under its own headline and within days; boilerplate comes back under
    headline after headline of one publisher.
    """
    first: dict[int, str] = {}
    further: set[tuple[int, str]] = set()
    for evidence in articles:
        for sentence in evidence.sentences:
            # Copies of one wire text under one headline are not boilerplate.
            if first.setdefault(sentence, evidence.title) != evidence.title:
                further.add((sentence, evidence.title))
    counted = Counter(sentence for sentence, _title in further)
    shared = {sentence for sentence, count in counted.items() if count + 1 >= SHARED_SENTENCE}
    if not shared:
        return frozenset()
    holders: dict[int, list[Evidence]] = {sentence: [] for sentence in shared}
    for evidence in articles:
        for sentence in evidence.sentences & shared:
            holders[sentence].append(evidence)
    return frozenset(sentence for sentence in shared if not _are_copies(holders[sentence], counted[sentence] + 1))


def _are_copies(holders: Sequence[Evidence], title_count: int) -> bool:
    """Check whether the articles with a sentence print one report: as many publishers as headlines, within days."""
    times = [evidence.at_s for evidence in holders if evidence.at_s is not None]
    return (
        len({evidence.domain for evidence in holders if evidence.domain}) >= title_count
        and len(times) == len(holders)
        and max(times) - min(times) <= COPIED_WITHIN_S
    )


def _matches(patterns: Sequence[re.Pattern[str]], title: str) -> bool:
    plain = title.lower().translate(_QUOTES)
    return any(pattern.search(plain) is not None for pattern in patterns)


def _sentences(excerpt: str) -> list[str]:
    return _SENTENCE_END.split(excerpt[:EXCERPT_CHARS]) if excerpt else []
