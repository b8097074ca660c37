"""The test of "the same event": a number for any two articles. Pure.

    z = -1.0 + 8.3 cos + 2.5 said - 1.0 days - 1.9 [same provider] - 1.2 guides - 0.6 numbers - 0.3 [both numbers]
        - 0.65 ln(max(n, 13) / 13)

`docs/editions.md` says what each part is and how well it works, measured on labelled pairs.
"""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterable
from datetime import timedelta

from digests.composing.columns import are_instalments
from digests.composing.contrasts import are_two_events
from digests.composing.evidence import Evidence, headline_of, is_guide, is_live_blog, is_market_report
from digests.composing.names import names_another
from digests.composing.terms import COMMON_TERMS, is_number
from digests.composing.tolls import are_counts_of_one_event, lacks_numbers
from digests.composing.word_statistics import Statistics
from digests.models.frozen import value

SPAN = timedelta(hours=72)
"""Articles further apart are compared only where one lists the other."""
SPAN_S = int(SPAN.total_seconds())
FOLDS = 0.5
"""From this `z` on an article is folded into the story. 0 would be right nine times in ten; readers mind the tenth."""
FOLDS_IN_GENERAL_NEWS = 0.2
"""The same where much is published: `n` has lowered `z` there, and what is left looks less alike than in news of one
topic."""
GENERAL_NEWS = 100
"""A corpus with at least this many articles published in 72 hours counts as large and general."""
BUSY = 30
"""From this many articles on, the first hours of a corpus show how much is published in 72 hours."""
LEAST_KNOWN_S = 12 * 3600
"""These first hours are taken to be at least this long."""
YOUNG_CORPUS = 300
"""In a corpus of fewer articles rare words can hardly be told from common ones, so the threshold is higher."""
FOLDS_LATER_IN_YOUNG = 0.8
"""How much higher it is in an empty corpus, less the more articles there are; half of it for a likely pair."""
TINY_CORPUS = 60
"""In a corpus of fewer articles rare words can't be told from common ones at all. A publisher's list of related
articles counts instead: a listed pair folds from 0 on, whatever words it shares."""
LIKELY = -0.5
"""From this `z` on a pair is likely the same event: shown beneath the story, not folded."""
BENEATH = -0.01
"""The margin of two articles that are alike enough to fold, but one is a live blog or mostly about something else."""
HARDLY_SAID = 0.15
"""A headline is about something else if the other article lacks a name in it and at most this share of its weight is
there."""
OTHER_NAMES = 0.8
"""How much surer a pair has to be if each headline names something that the other article doesn't mention."""
OTHER_TOLL = 0.5
"""The penalty if two headlines count the victims of one event at two times, instead of that for other numbers."""
SURE = 1.0
"""From this `z` on one shared distinctive word is enough to fold; below it takes two."""
PROBABLE = 0.0
"""From this `z` on one is enough for a likely pair."""
NEWS_SHARE = 0.35
"""A headline is news if at least this share of its weight is in words that were not shown."""

VERSIONS = 3.3
"""How much of `z` has to come from the words of two articles at one address for them to be versions of one text."""
ECHO = 3.0
"""From this `z` of the headlines alone on, one says nothing beyond the other."""

_DAY_S = 86400
_MOST_DAYS = 4.0
_FEW = 13
_EVIDENCE_WORDS = 5
_KEPT_PAIRS = 20_000


@value
class Weighed:
    """An article's evidence with weights, computed once for all comparisons."""

    evidence: Evidence
    vector: dict[str, float]
    norm: float
    headline: dict[str, float]
    headline_weight: float
    is_guide: bool
    distinctive: frozenset[str]


class SameEvent:
    """Compares articles of one corpus at one time.

    Args:
        statistics: Of the corpus.
        published_s: Publication times of its published articles in Unix seconds, at least for the 72 hours before any
            article that is compared.
    """

    def __init__(self, statistics: Statistics, published_s: Iterable[int] = ()) -> None:
        self.statistics = statistics
        self._published_s = sorted(published_s)
        self._youth = FOLDS_LATER_IN_YOUNG * max(1.0 - statistics.article_count / YOUNG_CORPUS, 0.0)
        self._counts: dict[int, int] = {}
        self._agree: dict[tuple[str, str], bool] = {}

    def weigh(self, evidence: Evidence) -> Weighed:
        """Return an article's weighted evidence."""
        least = self.statistics.distinctive_from
        weights = self.statistics.weights(evidence.counts)
        vector = {term: math.log1p(count) * weights[term] for term, count in evidence.counts.items()}
        headline = {term: weights[term] for term in evidence.headline}
        norm = math.sqrt(sum([weight * weight for weight in vector.values()]))
        distinctive = frozenset([term for term, weight in weights.items() if weight >= least]) - COMMON_TERMS
        guide = is_no_news(evidence.title)
        return Weighed(evidence, vector, norm, headline, sum(headline.values()), guide, distinctive)

    def published_within(self, until_s: int) -> int:
        """Count the articles published in the 72 hours up to a moment.

        In the first three days of a busy corpus return how many it would be at the rate so far.
        """
        found = self._counts.get(until_s)
        if found is None:
            moments = self._published_s
            found = bisect_right(moments, until_s) - bisect_left(moments, until_s - SPAN_S)
            if found > BUSY and (known_s := until_s - moments[0]) < SPAN_S:
                found = BUSY + round((found - BUSY) * SPAN_S / max(known_s, LEAST_KNOWN_S))
            self._counts[until_s] = found
        return found

    def is_ever_busy(self, count: int) -> bool:
        """Check whether more articles than `count` were published in any 72 hours."""
        moments = self._published_s
        return any(late - early <= SPAN_S for early, late in zip(moments, moments[count:], strict=False))

    def z(self, first: Weighed, second: Weighed) -> float:
        """Return how surely two articles report the same event; from `threshold` on they do."""
        likeness = self._likeness(first, second)
        return self._base(first, second) + likeness if likeness > 0.0 else -math.inf

    def are_versions(self, first: Weighed, second: Weighed) -> bool:
        """Check whether two articles at one address are versions of one text, whenever they were published."""
        if are_instalments(first.evidence, second.evidence):
            return False
        return self._likeness(first, second) >= VERSIONS

    def _likeness(self, first: Weighed, second: Weighed) -> float:
        """Return the part of `z` that depends on shared words; 0 if there is none."""
        small, large = (first, second) if len(first.vector) <= len(second.vector) else (second, first)
        against = large.vector
        dot = sum([weight * against[term] for term, weight in small.vector.items() if term in against])
        if dot == 0.0:
            return 0.0
        said = min(_said(first, second), _said(second, first))
        return 8.3 * dot / (first.norm * second.norm) + 2.5 * said

    def _base(self, first: Weighed, second: Weighed) -> float:
        """Return the part of `z` that doesn't depend on shared words: time, providers, guides, numbers, crowding."""
        one, other = first.evidence, second.evidence
        z = -1.0
        latest_s = _latest(one, other)
        days = _MOST_DAYS
        if one.at_s is not None and other.at_s is not None:
            days = min(abs(one.at_s - other.at_s) / _DAY_S, _MOST_DAYS)
        z -= days
        if one.domain and one.domain == other.domain:
            z -= 1.9
        z -= 1.2 * (first.is_guide + second.is_guide)
        if one.numbers or other.numbers:
            ours, theirs = one.numbers - other.topic_numbers, other.numbers - one.topic_numbers
            lacking = lacks_numbers(other, of=one) + lacks_numbers(one, of=other)
            if lacking > 1 and are_counts_of_one_event(one, other):
                z -= OTHER_TOLL
            else:
                z -= 0.6 * lacking
                if ours and theirs:
                    z -= 0.3
        if latest_s is not None:
            z -= 0.65 * math.log(max(self.published_within(latest_s), _FEW) / _FEW)
        return z

    def _is_far_below(self, first: Weighed, second: Weighed, least: float) -> bool:
        """Check whether `z` of two articles is certainly below `least`, in a fraction of the time that `z` takes."""
        missing = least - self._base(first, second)
        if missing > 8.3 + 2.5:
            return True
        ours, theirs = first.vector, second.vector
        dot = sum([ours[term] * theirs[term] for term in ours.keys() & theirs.keys()])
        norms = first.norm * second.norm
        # The order of addition can change the last digits, so leave a margin.
        if 8.3 * dot < (missing - 2.5) * norms - 1e-6:
            return True
        missing -= 2.5 * min(_said(first, second), _said(second, first))
        return 8.3 * dot < missing * norms - 1e-6

    def headlines_agree(self, title: str, other: str) -> bool:
        """Check whether a headline says nothing beyond another one, whoever published them and when."""
        pair = (title, other)
        agree = self._agree.get(pair)
        if agree is None:
            if len(self._agree) >= _KEPT_PAIRS:
                self._agree.clear()
            agree = self._agree[pair] = self._headline_z(title, other) >= ECHO
        return agree

    def _headline_z(self, title: str, other: str) -> float:
        idf = self.statistics.idf
        (ours, our_numbers), (theirs, their_numbers) = headline_of(title), headline_of(other)
        our_set, their_set = set(ours), set(theirs)
        if our_numbers != their_numbers and not (our_numbers <= their_set or their_numbers <= our_set):
            return -math.inf
        shared = sum(idf(term) ** 2 for term in our_set & their_set)
        weights = [sum(idf(term) ** 2 for term in terms_) for terms_ in (our_set, their_set)]
        if not shared or not all(weights):
            return -math.inf
        said = min(
            sum(idf(term) for term in our_set & their_set) / (sum(idf(term) for term in terms_) or 1.0)
            for terms_ in (our_set, their_set)
        )
        # A guide and a news headline differ; two guides may be the same.
        differ = is_no_news(title) is not is_no_news(other)
        return -1.0 + 8.3 * shared / math.sqrt(weights[0] * weights[1]) + 2.5 * said - 1.2 * differ

    def threshold(self, first: Weighed, second: Weighed) -> float:
        """Return the `z` from which on two articles report one event."""
        latest_s = _latest(first.evidence, second.evidence)
        is_general = latest_s is not None and self.published_within(latest_s) >= GENERAL_NEWS
        return (FOLDS_IN_GENERAL_NEWS if is_general else FOLDS) + self._youth

    def margin(self, first: Weighed, second: Weighed, *, is_listed: bool = False) -> float:
        """Return how far two articles are above the threshold; far below it if too few shared words are distinctive.

        Args:
            first: One article.
            second: The other one.
            is_listed: One of them lists the other as related.
        """
        if (
            is_listed
            and self.statistics.article_count < TINY_CORPUS
            and not _differ_in_numbers(first.evidence, second.evidence)
        ):
            z = self.z(first, second)
            return _beneath_if_live(first, second, z) if z >= LIKELY else -math.inf
        if first.distinctive.isdisjoint(second.distinctive):
            return -math.inf
        likely = LIKELY + self._youth / 2
        if self._is_far_below(first, second, likely):
            return -math.inf
        z = self.z(first, second)
        if z < likely:
            return -math.inf
        threshold = self.threshold(first, second)
        both = first.distinctive & second.distinctive
        if len(both) < (2 if z < PROBABLE else 1):
            return -math.inf
        if z < SURE and len(both) < 2:
            z = min(z, threshold + BENEATH)
        one, other = first.evidence, second.evidence
        # Two numbers for the same kind of event (yesterday's count and today's) mean two events.
        are_tolls = _differ_in_numbers(one, other)
        if (are_tolls and not are_counts_of_one_event(one, other)) or are_two_events(one, other):
            return -math.inf
        # The other names make no difference to a pair that is surer than their penalty.
        if (are_tolls or z < threshold + OTHER_NAMES) and self._are_about_others(first, second):
            if are_tolls:
                return -math.inf
            z -= OTHER_NAMES
            if z < likely:
                return -math.inf
        if z >= threshold and (self._is_aside(first, second) or self._is_aside(second, first)):
            return BENEATH
        return _beneath_if_live(first, second, z - threshold)

    def contrast(self, first: Weighed, second: Weighed) -> bool:
        """Check whether something tells two articles apart, however many words they share."""
        one, other = first.evidence, second.evidence
        return (
            (_differ_in_numbers(one, other) and not are_counts_of_one_event(one, other))
            or are_two_events(one, other)
            or self._are_about_others(first, second)
        )

    def _are_about_others(self, first: Weighed, second: Weighed) -> bool:
        """Check whether each of two headlines names what the other article doesn't mention.

        `Ostrava beats Lund` and `Aarhus beats Lund` are two matches. One headline alone may have more names than the
        other report.
        """
        one, other, is_distinctive = first.evidence, second.evidence, self.statistics.is_distinctive
        return names_another(one, other, is_distinctive) and names_another(other, one, is_distinctive)

    def _is_aside(self, article: Weighed, other: Weighed) -> bool:
        """Check whether a headline names something that another article lacks, and hardly any of it occurs there."""
        return _said(article, other) < HARDLY_SAID and names_another(
            article.evidence, other.evidence, self.statistics.is_distinctive
        )

    def shared(self, first: Weighed, second: Weighed) -> tuple[str, ...]:
        """Return the terms with the largest weight that both articles contain, largest first."""
        both = [(weight * second.vector[term], term) for term, weight in first.vector.items() if term in second.vector]
        both.sort(key=lambda item: (-item[0], item[1]))
        return tuple(term for weight, term in both[:_EVIDENCE_WORDS] if weight > 0.0)

    def news(self, article: Weighed, shown: Collection[str]) -> tuple[str, ...]:
        """Return the terms of a headline that have not been shown; none if it says nothing new.

        Args:
            article: The article.
            shown: All terms that were shown about its story.
        """
        new = [term for term in article.headline if term not in shown]
        has_number = any(is_number(term) for term in new if term not in article.evidence.topic_numbers)
        weight = sum(article.headline[term] for term in new)
        is_telling = weight > 0 and not COMMON_TERMS.issuperset(new)
        if not has_number and not (is_telling and weight >= NEWS_SHARE * article.headline_weight):
            return ()
        return tuple(sorted(new, key=lambda term: (-article.headline[term], term)))


def _beneath_if_live(first: Weighed, second: Weighed, margin: float) -> float:
    """Return a margin that doesn't fold if one article is a live blog, which goes on to other news."""
    if is_live_blog(first.evidence.title) or is_live_blog(second.evidence.title):
        return min(margin, BENEATH)
    return margin


def is_comparable(first: Evidence, second: Evidence) -> bool:
    """Check whether two articles are close enough in time to be compared without being listed."""
    return first.at_s is not None and second.at_s is not None and abs(first.at_s - second.at_s) <= SPAN_S


def _differ_in_numbers(first: Evidence, second: Evidence) -> bool:
    """Check whether each of two headlines has a number that the other article lacks."""
    return lacks_numbers(second, of=first) and lacks_numbers(first, of=second)


def is_no_news(title: str) -> bool:
    """Check whether a headline names no event: a guide, a review, a live blog, a market report."""
    return is_guide(title) or is_market_report(title)


def _said(article: Weighed, other: Weighed) -> float:
    """Return the share of a headline's weight that occurs anywhere in another article."""
    if not article.headline_weight:
        return 0.0
    held = other.vector
    return sum([weight for term, weight in article.headline.items() if term in held]) / article.headline_weight


def _latest(first: Evidence, second: Evidence) -> int | None:
    if first.at_s is None or second.at_s is None:
        return first.at_s if second.at_s is None else second.at_s
    return max(first.at_s, second.at_s)
