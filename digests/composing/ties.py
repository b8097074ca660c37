"""What ties the articles at hand together: worked out once for a window, used by every digest of it. Pure."""

from __future__ import annotations

import math
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property

from digests.composing.evidence import evidence_of, standing_sentences
from digests.composing.headlines import headline, plain_words, say_the_same
from digests.composing.same_event import LIKELY, SPAN_S, SameEvent, Statistics, Weighed, agree_in_numbers, is_comparable
from digests.composing.words import terms as terms_of
from digests.composing.words import written_words
from digests.i18n import _
from digests.models import Article, Join, JoinReason
from digests.models.frozen import value

FEW_ARTICLES = 60
"""Among so few in 72 hours one word in common is reason enough to compare two articles, among more it takes two."""
AGREEING_WORDS = 2
"""Below a column's heading so many distinctive words of the excerpts have to agree."""
MOST_COPIES = 64
"""Of more articles with one address or one headline, these many are compared with all others."""
LOOKED_UP = 100_000
"""Pairs looked up through words that they share, the rarest words first, and for each article"""
LOOKED_UP_EACH = 10
"""so many more: what only common words tie is not looked up where there is much."""


@value
class Tie:
    """Two articles that are, or likely are, one event.

    Attributes:
        margin: How far above the threshold; below 0 the two are likely one event, no more.
        reason: Why.
    """

    margin: float
    reason: JoinReason


class Ties:
    """The ties between articles.

    Args:
        articles: All at hand, without doubles; they are known by their place in this list.
        statistics: Of their corpus; None for those of the articles themselves.
    """

    def __init__(self, articles: Sequence[Article], statistics: Statistics | None = None) -> None:
        self.articles = articles
        self.number_of = {identity(article): number for number, article in enumerate(articles)}
        standing = standing_sentences(articles)
        self._evidence = [evidence_of(article, standing) for article in articles]
        if statistics is None:
            statistics = Statistics.of_articles(self._evidence)
        published_s = [
            evidence.at_s
            for article, evidence in zip(articles, self._evidence, strict=True)
            if article.published and evidence.at_s is not None
        ]
        self.judge = SameEvent(statistics, published_s)
        self._weighed: dict[int, Weighed] = {}
        self._holders = _holders_of(articles)
        self.contested = frozenset(key for key, holders in self._holders.items() if _differ(articles, holders))
        self._ties: dict[int, dict[int, Tie]] = defaultdict(dict)
        self._tie()

    # ------------------------------------------------------------------ asking

    def of(self, number: int) -> Mapping[int, Tie]:
        """Return what an article is tied to: other articles' numbers, each with the tie."""
        return self._ties.get(number, {})

    def weighed(self, number: int) -> Weighed:
        """Return an article ready to be compared."""
        found = self._weighed.get(number)
        if found is None:
            found = self._weighed[number] = self.judge.weigh(self._evidence[number])
        return found

    def keys_of(self, article: Article) -> tuple[str, ...]:
        """Return the addresses that stand for an article: its own, and those that no other headline claims."""
        if not article.aliases or self.contested.isdisjoint(article.aliases):
            return article.keys
        return (article.key, *(alias for alias in article.aliases if alias not in self.contested))

    def is_at_hand(self, key: str) -> bool:
        """Return whether an address is one of an article at hand."""
        return key in self._by_key

    def join(self, member: int, lead: int) -> Join:
        """Return the join of an article into the story of another that it is tied to, with the evidence in words."""
        article, centre = self.articles[member], self.articles[lead]
        reason = self._ties[lead][member].reason
        if reason is JoinReason.SAME_ADDRESS:
            shared = set(self.keys_of(article)).intersection(self.keys_of(centre))
            evidence = min(shared, default=article.key)
        elif reason is JoinReason.SAME_TITLE:
            evidence = _('"{title}" within three days').format(title=article.title)
        else:
            words = self.words_of(member, self.judge.shared(self.weighed(member), self.weighed(lead)))
            evidence = _('both say "{words}"').format(words='", "'.join(words))
        return Join(article.key, centre.key, reason, evidence)

    def words_of(self, number: int, terms: Iterable[str]) -> tuple[str, ...]:
        """Return terms as the article writes them."""
        article = self.articles[number]
        return as_written(f"{article.title} {article.excerpt}", terms)

    @cached_property
    def topic_counts(self) -> Counter[str]:
        """How many of the articles carry each topic, case-folded."""
        return Counter(topic.casefold() for article in self.articles for topic in set(article.topics))

    # ------------------------------------------------------------------ tying

    def _tie(self) -> None:
        for holders in self._holders.values():
            for one, other in _pairs(holders):
                self._compare_same_address(one, other)
        for one, other in self._equal_headlines():
            if other not in self._ties[one] or self._ties[one][other].margin < math.inf:
                self._keep(one, other, Tie(math.inf, JoinReason.SAME_TITLE))
        for one, other in self._proposed():
            if other not in self._ties.get(one, ()):
                self._compare(one, other)

    def _compare_same_address(self, one: int, other: int) -> None:
        first, second = self.articles[one], self.articles[other]
        if first.key == second.key or not set(self.keys_of(first)).isdisjoint(self.keys_of(second)):
            self._keep(one, other, Tie(math.inf, JoinReason.SAME_ADDRESS))
        elif other not in self._ties.get(one, ()):
            self._compare(one, other)

    def _compare(self, one: int, other: int) -> None:
        pair = (one, other) if one < other else (other, one)
        margin = self.judge.margin(self.weighed(one), self.weighed(other), is_listed=pair in self._listed_pairs)
        if margin >= -LIKELY and self._names_event(one, other):
            self._keep(one, other, Tie(margin, JoinReason.SAME_EVENT))

    def _keep(self, one: int, other: int, tie: Tie) -> None:
        self._ties[one][other] = self._ties[other][one] = tie

    def _equal_headlines(self) -> Iterator[tuple[int, int]]:
        """Yield articles within 72 hours of each other whose headlines are equal."""
        by_words: dict[str, list[int]] = defaultdict(list)
        for number, article in enumerate(self.articles):
            if self._evidence[number].at_s is not None:
                by_words[plain_words(article.title)].append(number)
        for numbers in by_words.values():
            if len(numbers) > 1:
                for one, other in _pairs(numbers):
                    first, second = self._evidence[one], self._evidence[other]
                    if is_comparable(first, second) and agree_in_numbers(first, second) and self._telling(one, other):
                        yield one, other

    def _telling(self, one: int, other: int) -> bool:
        """Return whether two equal headlines name an event: a column's heading (`Morning briefing`) names none."""
        first, second = headline(self.articles[one].title), headline(self.articles[other].title)
        if say_the_same(first, second):
            return True
        if not first.whole:
            return False
        domains = self._evidence[one].domain, self._evidence[other].domain
        return (
            bool(all(domains)) and domains[0] != domains[1] and not self._is_column(one) and not self._is_column(other)
        )

    def _names_event(self, one: int, other: int) -> bool:
        """Return whether two headlines name events: those of columns do where the excerpts agree."""
        first, second = headline(self.articles[one].title), headline(self.articles[other].title)
        if first.marks and second.marks and not (self._is_column(one) or self._is_column(other)):
            return True
        ours, theirs = self._evidence[one], self._evidence[other]
        shared = (ours.counts.keys() & theirs.counts.keys()) - ours.headline - theirs.headline
        return sum(map(self.judge.statistics.is_distinctive, shared)) >= AGREEING_WORDS

    def _is_column(self, number: int) -> bool:
        """Return whether an article's short headline is one that its provider uses for several articles."""
        whole = headline(self.articles[number].title).whole
        return bool(whole) and (self._evidence[number].domain, whole) in self._columns

    @cached_property
    def _columns(self) -> frozenset[tuple[str, str]]:
        uses = Counter(
            (evidence.domain, whole)
            for article, evidence in zip(self.articles, self._evidence, strict=True)
            if (whole := headline(article.title).whole)
        )
        return frozenset(use for use, count in uses.items() if count > 1)

    def _proposed(self) -> Iterator[tuple[int, int]]:
        """Yield the pairs worth comparing: with rare words in common, or listed as related."""
        size = len(self.articles)
        yield from self._listed_pairs
        dated = [number for number, evidence in enumerate(self._evidence) if evidence.at_s is not None]
        busiest = max((self.judge.published_within(self._evidence[number].at_s or 0) for number in dated), default=0)
        needed = 1 if busiest <= FEW_ARTICLES else 2
        dated.sort(key=lambda number: self._evidence[number].at_s or 0)
        holders: defaultdict[str, list[int]] = defaultdict(list)
        for number in dated:
            for term in self._evidence[number].counts:
                holders[term].append(number)
        times = {number: self._evidence[number].at_s or 0 for number in dated}
        pairs: list[int] = []
        left = LOOKED_UP + LOOKED_UP_EACH * size
        for numbers in sorted((numbers for numbers in holders.values() if len(numbers) > 1), key=len):
            left -= len(numbers) * (len(numbers) - 1) // 2
            if left < 0:
                break
            moments = [times[number] for number in numbers]
            in_time = moments[-1] - moments[0] <= SPAN_S
            for place, one in enumerate(numbers[:-1], 1):
                end = len(numbers) if in_time else bisect_right(moments, moments[place - 1] + SPAN_S)
                base = one * size
                pairs += [base + other for other in numbers[place:end]]
        shared = Counter(pairs)
        for pair, count in shared.items():
            if count >= needed:
                yield divmod(pair, size)

    @cached_property
    def _listed_pairs(self) -> frozenset[tuple[int, int]]:
        found: set[tuple[int, int]] = set()
        for number, article in enumerate(self.articles):
            for link in article.related:
                for key in link.keys:
                    for other in self._holders.get(key, self._by_key.get(key, ())):
                        if other != number:
                            found.add((min(number, other), max(number, other)))
        return frozenset(found)

    @cached_property
    def _by_key(self) -> dict[str, tuple[int, ...]]:
        return {key: (number,) for number, article in enumerate(self.articles) for key in article.keys}


def identity(article: Article) -> int | str:
    """Return what tells an article from all others: its row number, its path as long as it has none."""
    return article.id or article.path


def as_written(text: str, terms: Iterable[str]) -> tuple[str, ...]:
    """Return terms as a text writes them, in the order given; what it doesn't hold as it is."""
    wanted = dict.fromkeys(terms)
    found: dict[str, str] = {}
    for word in written_words(text):
        for term in terms_of(word):
            if term in wanted:
                found.setdefault(term, word)
    return tuple(found.get(term, term) for term in wanted)


def _holders_of(articles: Sequence[Article]) -> dict[str, list[int]]:
    """Return the addresses that several articles answer to, with their numbers."""
    first: dict[str, int] = {}
    holders: dict[str, list[int]] = {}
    for number, article in enumerate(articles):
        for key in article.keys:
            known = first.setdefault(key, number)
            if known != number:
                holders.setdefault(key, [known]).append(number)
    return holders


def _differ(articles: Sequence[Article], holders: Sequence[int]) -> bool:
    """Return whether the articles that claim an address have different headlines."""
    titles = [articles[number].title for number in holders]
    if len(set(titles)) == 1:
        return False
    first = headline(titles[0])
    plain = plain_words(titles[0])
    return not all(plain_words(title) == plain or say_the_same(first, headline(title)) for title in titles[1:])


def _pairs(numbers: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Yield all pairs of a few numbers; of many, each with the first `MOST_COPIES`."""
    for place, one in enumerate(numbers[:MOST_COPIES]):
        for other in numbers[place + 1 :]:
            yield one, other
