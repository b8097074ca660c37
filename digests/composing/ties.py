"""The ties between the articles of a window: computed once, used by all its digests. Pure."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import chain

from digests.composing.columns import are_instalments
from digests.composing.evidence import boilerplate_sentences, evidence_of
from digests.composing.headlines import headline, plain_words, say_the_same
from digests.composing.memo import Memo
from digests.composing.proposals import Index, proposed
from digests.composing.same_event import SameEvent, Weighed, is_comparable
from digests.composing.terms import terms as terms_of
from digests.composing.terms import written_words
from digests.composing.tolls import agree_in_numbers
from digests.composing.word_statistics import Statistics, holders_of
from digests.i18n import _
from digests.models import Article, Join, JoinReason
from digests.models.frozen import value
from digests.urls import domain_of

AGREEING_WORDS = 2
"""Under a column's heading this many distinctive words of the excerpts have to agree, under a short headline one."""
EXCERPT_WORDS = 4
"""Excerpts with fewer words beyond the headline's can't contradict it."""
MOST_COPIES = 64
"""If more articles share an address or a headline, only this many of them are compared with all others."""


@value
class Tie:
    """Two articles that report, or likely report, one event.

    Attributes:
        margin: How far above the threshold; below 0 they only likely report one event.
        reason: Why they are tied.
    """

    margin: float
    reason: JoinReason


class Ties:
    """The ties between articles.

    Args:
        articles: All articles of the window, without duplicates; identified by their index in this list.
        statistics: Of their corpus; None for those of the articles themselves.
        lead_count: Only this many articles, the first ones, may lead stories, so the others need not be compared with
            each other; None if all may.
    """

    def __init__(
        self, articles: Sequence[Article], statistics: Statistics | None = None, lead_count: int | None = None
    ) -> None:
        self.articles = articles
        self._lead_count = len(articles) if lead_count is None else lead_count
        self.number_of = {identity(article): number for number, article in enumerate(articles)}
        self._evidence = list(map(evidence_of, articles))
        self._standing = boilerplate_sentences(self._evidence)
        if self._standing:
            self._evidence = [
                evidence if self._standing.isdisjoint(evidence.sentences) else evidence_of(article, self._standing)
                for article, evidence in zip(articles, self._evidence, strict=True)
            ]
        self._held_by_leads = holders_of(self._evidence[: self._lead_count])
        self._held_by = holders_of(self._evidence[self._lead_count :])
        self._held_by.update(self._held_by_leads)
        if statistics is None:
            statistics = Statistics(len(articles), self._held_by)
        published_s = [
            evidence.at_s
            for article, evidence in zip(articles, self._evidence, strict=True)
            if article.published and evidence.at_s is not None
        ]
        self.judge = SameEvent(statistics, published_s)
        self._weighed: dict[int, Weighed] = {}
        self._by_key, self._holders = _holders_of(articles)
        self._page_counts = Counter(article.key for article in articles)
        self.contested = frozenset(key for key, holders in self._holders.items() if _differ(articles, holders))
        self._ties: dict[int, dict[int, Tie]] = defaultdict(dict)
        self.memo = Memo()
        self._tie()

    # ------------------------------------------------------------------ asking

    def of(self, number: int) -> Mapping[int, Tie]:
        """Return the articles that an article is tied to, by number, each with the tie."""
        return self._ties.get(number, {})

    def weighed(self, number: int) -> Weighed:
        """Return an article's weighted evidence."""
        found = self._weighed.get(number)
        if found is None:
            found = self._weighed[number] = self.judge.weigh(self._evidence[number])
        return found

    def contrast(self, one: int, other: int) -> bool:
        """Check whether something tells two articles apart, however many words they share."""
        return self.judge.contrast(self.weighed(one), self.weighed(other))

    def going_on_with(self, lead: Article) -> Mapping[int, float]:
        """Return the articles that report the event of a delivered lead, each with its margin in the test."""
        evidence = evidence_of(lead, self._standing)
        known = hash((lead.key, evidence.title, evidence.at_s, evidence.domain, frozenset(evidence.counts.items())))
        found = self.memo.going_on.get(known)
        if found is None:
            weighed = self.judge.weigh(evidence)
            listing = self._listing.get(lead.key, ())
            passing = {
                number: margin
                for number in {*self._index.near(evidence), *listing}
                if (margin := self.judge.margin(self.weighed(number), weighed, is_listed=number in listing)) >= 0
            }
            found = self.memo.going_on[known] = passing
        return found

    @cached_property
    def _listing(self) -> dict[str, list[int]]:
        """Address -> the articles that list it as related."""
        found: dict[str, list[int]] = {}
        for number, article in enumerate(self.articles):
            for link in article.related:
                for key in link.keys:
                    found.setdefault(key, []).append(number)
        return found

    @cached_property
    def _index(self) -> Index:
        return Index(self._evidence, self._held_by)

    def keys_of(self, article: Article) -> tuple[str, ...]:
        """Return the addresses that identify an article: its own, and those that no other headline claims."""
        if not article.aliases or self.contested.isdisjoint(article.aliases):
            return article.keys
        return (article.key, *(alias for alias in article.aliases if alias not in self.contested))

    @property
    def addresses(self) -> Collection[str]:
        """The addresses of all articles."""
        return self._by_key

    def join(self, member: int, lead: int) -> Join:
        """Return the join of an article into the story of another that it is tied to, with the evidence as text."""
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
        """Return terms in the article's spelling."""
        article = self.articles[number]
        return as_written(f"{article.title} {article.excerpt}", terms)

    @cached_property
    def topic_counts(self) -> Counter[str]:
        """Case-folded topic -> number of articles with it."""
        spelt = Counter(chain.from_iterable(set(a.topics) if len(a.topics) > 1 else a.topics for a in self.articles))
        counts: Counter[str] = Counter()
        for topic, count in spelt.items():
            counts[topic.casefold()] += count
        return counts

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
        if other in self._ties.get(one, ()):
            return
        if first.key == second.key:
            is_one = self._share_a_page(one, other)
        else:
            is_one = not set(self.keys_of(first)).isdisjoint(self.keys_of(second))
        if is_one:
            self._keep(one, other, Tie(math.inf, JoinReason.SAME_ADDRESS))
        else:
            self._compare(one, other)

    def _share_a_page(self, one: int, other: int) -> bool:
        """Check whether two articles at one address are one, and not two entries of a live blog.

        They are if their headlines say the same, if one is a new version of the other, or if their provider gave a page
        of its own a new headline and no excerpts show that it is about something else.
        """
        if not _differ(self.articles, (one, other)):
            return True
        first, second = self.weighed(one), self.weighed(other)
        if self.judge.are_versions(first, second):
            return True
        articles = self.articles[one], self.articles[other]
        return (
            not (first.evidence.excerpt and second.evidence.excerpt)
            and all(map(owns, articles))
            and self._page_counts[articles[0].key] == 2
            and not (first.is_guide or second.is_guide or are_instalments(first.evidence, second.evidence))
        )

    def _compare(self, one: int, other: int) -> None:
        pair = (one, other) if one < other else (other, one)
        margin = self.judge.margin(self.weighed(one), self.weighed(other), is_listed=pair in self._listed_pairs)
        if margin > -math.inf and self._names_event(one, other):
            self._keep(one, other, Tie(margin, JoinReason.SAME_EVENT))

    def _keep(self, one: int, other: int, tie: Tie) -> None:
        self._ties[one][other] = self._ties[other][one] = tie

    def _equal_headlines(self) -> Iterator[tuple[int, int]]:
        """Yield articles within 72 hours of each other whose headlines are equal."""
        titles = [
            plain_words(article.title) if evidence.at_s is not None else ""
            for article, evidence in zip(self.articles, self._evidence, strict=True)
        ]
        by_words: dict[str, list[int]] = {words: [] for words, count in Counter(titles).items() if words and count > 1}
        for number, words in enumerate(titles):
            if words in by_words:
                by_words[words].append(number)
        for numbers in by_words.values():
            for one, other in _pairs(numbers):
                first, second = self._evidence[one], self._evidence[other]
                if is_comparable(first, second) and agree_in_numbers(first, second) and self._telling(one, other):
                    yield one, other

    def _telling(self, one: int, other: int) -> bool:
        """Check whether two equal headlines name an event; a column's heading (`Morning briefing`) names none."""
        first, second = headline(self.articles[one].title), headline(self.articles[other].title)
        if say_the_same(first, second):
            return True
        if not first.whole:
            return False
        domains = self._evidence[one].domain, self._evidence[other].domain
        return (
            bool(all(domains))
            and domains[0] != domains[1]
            and not self._is_column(one)
            and not self._is_column(other)
            and not self._tell_apart(one, other)
        )

    def _tell_apart(self, one: int, other: int) -> bool:
        """Check whether the excerpts under two short equal headlines share hardly a word: then they are two events."""
        ours, theirs = (self._below(number) for number in (one, other))
        return min(len(ours), len(theirs)) >= EXCERPT_WORDS and len(ours & theirs) < AGREEING_WORDS

    def _below(self, number: int) -> set[str]:
        evidence = self._evidence[number]
        return evidence.counts.keys() - evidence.headline

    def _names_event(self, one: int, other: int) -> bool:
        """Check whether two headlines name events; those of columns do if the excerpts agree."""
        first, second = headline(self.articles[one].title), headline(self.articles[other].title)
        if first.whole and first.whole == second.whole and self._tell_apart(one, other):
            return False
        if first.marks and second.marks and not (self._is_column(one) or self._is_column(other)):
            return True
        ours, theirs = self._evidence[one], self._evidence[other]
        shared = (ours.counts.keys() & theirs.counts.keys()) - ours.headline - theirs.headline
        return sum(map(self.judge.statistics.is_distinctive, shared)) >= AGREEING_WORDS

    def _is_column(self, number: int) -> bool:
        """Check whether an article's short headline is used by its provider for several articles."""
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
        """Yield the pairs worth comparing: listed as related, or with rare words in common."""
        yield from self._listed_pairs
        yield from proposed(self._evidence, self.judge, self._held_by, self._lead_count, self._held_by_leads)

    @cached_property
    def _listed_pairs(self) -> frozenset[tuple[int, int]]:
        found: set[tuple[int, int]] = set()
        at_hand = self._by_key
        for number, article in enumerate(self.articles):
            for link in article.related:
                if link.key in at_hand or link.aliases:
                    for key in link.keys:
                        if key in at_hand:
                            for other in self._holders.get(key, (at_hand[key],)):
                                if other != number:
                                    found.add((min(number, other), max(number, other)))
        return frozenset(found)


def identity(article: Article) -> int | str:
    """Return what identifies an article: its row number, or its path if it has none yet."""
    return article.id or article.path


def as_written(text: str, terms: Iterable[str]) -> tuple[str, ...]:
    """Return terms in the text's spelling, in the order given; terms that it doesn't contain stay as they are.

    So do pairs of characters from scripts without spaces, which are parts of words.
    """
    wanted = dict.fromkeys(terms)
    found: dict[str, str] = {}
    for word in written_words(text):
        parts = terms_of(word)
        if len(parts) == 1 and parts[0] in wanted:
            found.setdefault(parts[0], word)
    return tuple(found.get(term, term) for term in wanted)


def _holders_of(articles: Sequence[Article]) -> tuple[dict[str, int], dict[str, list[int]]]:
    """Return all addresses with their first article, and for those of several articles all of them."""
    first: dict[str, int] = {}
    holders: dict[str, list[int]] = {}
    for number, article in enumerate(articles):
        for key in article.keys if article.aliases else (article.key,):
            known = first.setdefault(key, number)
            if known != number:
                holders.setdefault(key, [known]).append(number)
    return first, holders


def owns(article: Article) -> bool:
    """Check whether an article is at its own provider's address."""
    if article.provider is None or article.url is None:
        return False
    domain, owner = domain_of(article.url) or "", article.provider.domain
    return domain == owner or domain.endswith(f".{owner}")


def _differ(articles: Sequence[Article], holders: Sequence[int]) -> bool:
    """Check whether the articles that claim an address have different headlines."""
    titles = [articles[number].title for number in holders]
    if len(set(titles)) == 1:
        return False
    first = headline(titles[0])
    plain = plain_words(titles[0])
    return not all(plain_words(title) == plain or say_the_same(first, headline(title)) for title in titles[1:])


def _pairs(numbers: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Yield all pairs of a few numbers; of many, pair each with the first `MOST_COPIES` only."""
    for place, one in enumerate(numbers[:MOST_COPIES]):
        for other in numbers[place + 1 :]:
            yield one, other
