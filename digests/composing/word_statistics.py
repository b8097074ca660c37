"""How rare words are in a corpus: their weights, and which are distinctive. Pure."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from itertools import chain

from digests.composing.evidence import Evidence
from digests.composing.terms import COMMON_TERMS, terms

DISTINCTIVE = 0.35
"""A word with at least this share of the largest possible weight is distinctive."""
_UNSEEN = 20
"""Added to the number of articles when words are weighted: among three articles no word can be known to be common."""
_FEWEST_HOLDERS = 2
_FEW_HOLDERS = 5
_FEW_SHARE = 4
_DISTINCTIVE_SHARE = 6
_KEPT_WORDS = 100_000


def holders_of(articles: Iterable[Evidence]) -> Counter[str]:
    """Count the articles that contain each term."""
    return Counter(chain.from_iterable(evidence.counts for evidence in articles))


_terms_of_words: dict[str, tuple[str, ...]] = {}
"""Word of the corpus -> its terms, cached as the words hardly change from one load to the next."""


class Statistics:
    """Word statistics of a corpus: how many articles contain each term.

    Args:
        article_count: Articles in the corpus.
        counts: Term -> number of articles with it.
        words: The words that these terms come from, if known: as written -> number of articles with it.
    """

    def __init__(self, article_count: int, counts: Mapping[str, int], words: Mapping[str, int] | None = None) -> None:
        self.article_count = article_count
        self._counts = counts
        self._words = words or {}
        self._idf: dict[str, float] = {}
        self._weight_of: dict[int, float] = {}
        # In a small corpus one event may make up a good part of it.
        few = max(_FEWEST_HOLDERS, min(_FEW_HOLDERS, article_count / _FEW_SHARE))
        most_holders = max(few, article_count / _DISTINCTIVE_SHARE)
        self.distinctive_from = max(
            DISTINCTIVE * math.log(article_count + _UNSEEN), math.log((article_count + _UNSEEN) / (most_holders + 0.5))
        )
        """The weight from which on a term is distinctive: few articles contain it, and no large share of them."""

    @classmethod
    def of_words(cls, article_count: int, words: Mapping[str, int]) -> Statistics:
        """Return the statistics of a corpus, given its words as written and how many articles contain each."""
        return cls(0, {}).updated(article_count, words)

    def updated(self, article_count: int, words: Mapping[str, int]) -> Statistics:
        """Return the statistics with other counts of some words; a word in no article is forgotten."""
        counts, known_words = dict(self._counts), dict(self._words)
        for word, count in words.items():
            change = count - known_words.get(word, 0)
            if not change:
                continue
            if count:
                known_words[word] = count
            else:
                known_words.pop(word, None)
            known = _terms_of_words.get(word)
            if known is None:
                known = tuple(set(terms(word)))
                if len(_terms_of_words) < _KEPT_WORDS:
                    _terms_of_words[word] = known
            for term in known:
                if held := counts.get(term, 0) + change:
                    counts[term] = held
                else:
                    del counts[term]
        return Statistics(article_count, counts, known_words)

    @classmethod
    def of_articles(cls, articles: Collection[Evidence]) -> Statistics:
        """Return the statistics of some articles, if nothing is known of their corpus."""
        return cls(len(articles), holders_of(articles))

    def idf(self, term: str) -> float:
        """Return the weight of a term: the rarer, the larger; 0 for one that is in every article."""
        weight = self._idf.get(term)
        if weight is None:
            held = self._counts.get(term)
            if held is None or held > self.article_count:
                held = self._held_by(term)
            weight = self._weight_of.get(held)
            if weight is None:
                weight = max(math.log((self.article_count + _UNSEEN) / (held + 0.5)), 0.0)
                self._weight_of[held] = weight
            self._idf[term] = weight
        return weight

    def weights(self, terms: Iterable[str]) -> dict[str, float]:
        """Return the weights of many terms."""
        known, idf = self._idf, self.idf
        return {term: known[term] if term in known else idf(term) for term in terms}

    def is_distinctive(self, term: str) -> bool:
        """Check whether a term is distinctive."""
        return self.idf(term) >= self.distinctive_from and term not in COMMON_TERMS

    def _held_by(self, term: str) -> int:
        held = self._counts.get(term)
        if held is None and "-" in term:
            # The word index knows `covid` and `19`; at most as many articles contain both as contain the rarer one.
            held = min(self._counts.get(part, 0) for part in term.split("-"))
        # One article may contain several forms of a word.
        return min(held or 0, self.article_count)
