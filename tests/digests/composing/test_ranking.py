"""The formula of the rank, and the heading that a story stands under."""

import pytest

from digests.composing.ranking import Headings, Scale, Sieve
from digests.models import (
    Policy,
    Weights,
)
from tests.digests.composing.making import UNTIL, edition
from tests.digests.making import article, hours


def test_a_story_appears_under_the_first_topic_that_the_subscription_wants() -> None:
    policy = Policy(topics=("energy", "HARBOURS"))
    headings = Headings({"cats": 1, "harbours": 2}, 2)
    assert headings.topic(("Harbours", "Energy"), policy) == "Energy"
    assert headings.topic(("Cats", "Harbours"), policy) == "Harbours"
    assert headings.topic(("Cats",), policy) is None
    assert headings.topic(("Cats", "Harbours"), Policy()) == "Cats"
    made = [article("both", topics=("Harbours", "Energy")), article("cats", topics=("Cats",))]
    digest = edition(made, policy=policy)
    assert [(section.topic, len(section.stories)) for section in digest.sections] == [("Energy", 1)]


def test_a_topic_that_a_single_article_of_a_larger_corpus_carries_makes_no_heading() -> None:
    headings = Headings({"tag": 1, "harbours": 40}, 50)
    assert headings.topic(("Tag", "Harbours"), Policy()) == "Harbours"
    assert headings.topic(("Tag",), Policy()) is None
    assert headings.topic(("Tag",), Policy(topics=("tag",))) == "Tag"


def test_the_formula_is_the_one_that_is_documented() -> None:
    lead = article("a", quality=75, heat=1000, published_at=UNTIL - hours(48))
    scale = Scale(Weights(), UNTIL)
    assert scale.weigh(lead, 2).total == 40 * 0.5 + 15 + 25 * 0.5 + 20 * 0.5
    unknown = article("b", quality=None, heat=None, published_at=UNTIL)
    assert scale.weigh(unknown, 1).total == round(40 / 3 + 25, 2)


@pytest.mark.parametrize(
    ("policy", "passing"),
    [
        (Policy(), "abcd"),
        (Policy(topics=("HARBOURS",)), "ab"),
        (Policy(excluded_topics=("Energy",)), "acd"),
        (Policy(topics=("Harbours",), excluded_topics=("Energy",)), "a"),
        (Policy(providers=("gull.example",)), "ac"),
        (Policy(topics=("Harbours", "Cats"), keywords=("ferry",)), "c"),
        (Policy(excluded_providers=("gull.example",), excluded_topics=("energy",)), "d"),
    ],
)
def test_a_filter_lets_the_same_articles_pass_one_by_one_and_all_at_once(policy: Policy, passing: str) -> None:
    articles = [
        article("a", topics=("Harbours",), provider="gull"),
        article("b", topics=("Energy", "harbours"), provider="tern"),
        article("c", "The ferry's cat", topics=("Cats",), provider="gull"),
        article("d", topics=(), provider="tern"),
    ]
    sieve = Sieve(policy)
    one_by_one = [each for each in articles if sieve.passes(each)]
    assert sieve.sift(articles) == one_by_one
    assert one_by_one == [each for each, name in zip(articles, "abcd", strict=True) if name in passing]
