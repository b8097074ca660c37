"""Which pairs of articles are worth comparing: those that share rare words, two of them where much is published."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from digests.composing.evidence import evidence_of
from digests.composing.proposals import FEW_ARTICLES, proposed
from digests.composing.same_event import SameEvent
from digests.composing.word_statistics import Statistics, holders_of
from digests.models import Article
from tests.digests.making import NOON, article, hours


def pairs_of(articles: Sequence[Article], lead_count: int | None = None) -> set[frozenset[str]]:
    """Return the names of the articles of each proposed pair."""
    made = [evidence_of(each) for each in articles]
    published_s = [int(each.published_at.timestamp()) for each in articles if each.published_at is not None]
    judge = SameEvent(Statistics.of_articles(made), published_s)
    names = [each.path.rpartition("/")[2].removesuffix(".md") for each in articles]
    leads = made[:lead_count]
    proposals = proposed(made, judge, holders_of(made), len(leads), holders_of(leads))
    return {frozenset((names[one], names[other])) for one, other in proposals}


def filler(count: int) -> list[Article]:
    return [article(f"n{number}", f"word{number}a thing{number}b") for number in range(count)]


SHARING_TWO = [article("two-a", "Quillon basalt"), article("two-b", "Basalt of Quillon found")]
SHARING_ONE = [article("one-a", "Zephyr sails"), article("one-b", "Zephyr sinks")]


@pytest.mark.parametrize(
    ("count", "expected"),
    [
        (10, {frozenset(("two-a", "two-b")), frozenset(("one-a", "one-b"))}),
        (FEW_ARTICLES + 10, {frozenset(("two-a", "two-b"))}),
    ],
)
def test_where_much_is_published_one_shared_word_is_no_reason_to_compare(
    count: int, expected: set[frozenset[str]]
) -> None:
    assert pairs_of([*SHARING_TWO, *SHARING_ONE, *filler(count)]) == expected


def test_articles_more_than_three_days_apart_are_not_compared() -> None:
    early, late = SHARING_TWO[0], article("two-b", "Basalt of Quillon found", published_at=NOON + hours(73))
    assert pairs_of([early, late, *filler(3)]) == set()
    late = article("two-b", "Basalt of Quillon found", published_at=NOON + hours(71))
    assert pairs_of([early, late, *filler(3)]) == {frozenset(("two-a", "two-b"))}


def test_a_word_in_more_articles_than_there_are_words_is_looked_up_too() -> None:
    copies = [article(f"c{number}", "Quillon basalt") for number in range(3)]
    assert len(pairs_of(copies)) == 3


def test_pairs_of_two_articles_that_may_not_lead_are_not_proposed() -> None:
    copies = [article(f"c{number}", "Quillon basalt") for number in range(4)]
    assert pairs_of(copies, lead_count=2) == {
        frozenset(pair) for pair in (("c0", "c1"), ("c0", "c2"), ("c0", "c3"), ("c1", "c2"), ("c1", "c3"))
    }


def test_a_word_in_most_articles_leads_from_the_few_that_may_lead_to_all_others() -> None:
    """The bound counts the pairs with a lead: what happened to one town is news of a thousand articles at times."""
    leads = [article("lead", "Quillon basalt")]
    others = [article(f"o{number}", f"Quillon basalt word{number}a") for number in range(600)]
    assert len(pairs_of([*leads, *others], lead_count=1)) == len(others)
    assert not pairs_of([*leads, *others])
