"""Where an article of an edition is, or what kept it out; and why an edition is empty."""

from __future__ import annotations

from dataclasses import replace

import pytest

from digests.composing.absence import explain_absence, silence_of
from digests.models import Article, DropReason, LeftOutReason, Policy
from digests.models.absence import FilterName, Whereabouts
from tests.digests.composing.making import EVENT, UNTIL, edition, remembered
from tests.digests.making import NOON, article, hours, link

LEAD = article("a", EVENT, related=(link("l1"),))


def test_an_article_is_found_where_a_reader_sees_it() -> None:
    digest = edition([LEAD])
    assert explain_absence(LEAD, digest, Policy()).whereabouts is Whereabouts.LEADS
    linked = article("l1", "About l1 in wire", "wire")
    found = explain_absence(linked, digest, Policy())
    assert (found.whereabouts, found.lead_title) == (Whereabouts.LINKED, EVENT)
    (story,) = digest.stories
    beneath = article("b", "Another report", "herald")
    folded = replace(digest, sections=(replace(digest.sections[0], stories=(replace(story, also=(beneath,)),)),))
    assert explain_absence(beneath, folded, Policy()).whereabouts is Whereabouts.FOLDED


def test_an_article_is_found_by_any_of_its_addresses() -> None:
    moved = article("new", "A new title", aliases=(LEAD.key,))
    assert explain_absence(moved, edition([LEAD]), Policy()).whereabouts is Whereabouts.LEADS


def test_what_a_limit_or_a_delivery_kept_out_has_its_reason() -> None:
    poor = article("poor", "Bank opens branch in Osk", quality=1)
    policy = Policy(min_quality=20)
    found = explain_absence(poor, edition([LEAD, poor], policy=policy), policy)
    assert (found.whereabouts, found.reason) == (Whereabouts.LEFT_OUT, LeftOutReason.QUALITY.value)
    delivered = remembered(*edition([LEAD]).stories)
    found = explain_absence(LEAD, edition([LEAD], delivered=delivered), Policy())
    assert (found.whereabouts, found.reason) == (Whereabouts.DROPPED, DropReason.ALREADY_DELIVERED.value)


def test_the_filters_that_an_article_does_not_pass_are_named() -> None:
    policy = Policy(topics=("Energy",), providers=("herald.example",))
    found = explain_absence(LEAD, edition([LEAD], policy=policy), policy)
    assert found.whereabouts is Whereabouts.FILTERED
    assert set(found.filters) == {FilterName.TOPICS, FilterName.PROVIDERS}


@pytest.mark.parametrize(
    ("missing", "expected"),
    [
        (article("m", published=False), Whereabouts.WITHDRAWN),
        (article("m", published_at=None, arrived_at=NOON), Whereabouts.UNDATED),
        (article("m", published_at=NOON, arrived_at=UNTIL - hours(24)), Whereabouts.EARLIER),
        (article("m", published_at=NOON, arrived_at=UNTIL), Whereabouts.UNEXPLAINED),
        (article("m", published_at=NOON, arrived_at=UNTIL + hours(1)), Whereabouts.LATER),
        (article("m", published_at=NOON, arrived_at=None), Whereabouts.UNEXPLAINED),
    ],
)
def test_what_is_nowhere_in_an_edition_came_before_or_after_it(missing: Article, expected: Whereabouts) -> None:
    assert explain_absence(missing, edition([]), Policy()).whereabouts is expected


def test_a_preview_of_a_day_asks_for_the_time_of_publication() -> None:
    missing = article("m", published_at=NOON, arrived_at=UNTIL + hours(48))
    found = explain_absence(missing, edition([]), Policy(), by_publication=True)
    assert found.whereabouts is Whereabouts.UNEXPLAINED


def test_an_empty_edition_counts_what_kept_its_articles_out() -> None:
    delivered = remembered(*edition([LEAD]).stories)
    poor = article("poor", "Bank opens branch in Osk", quality=1)
    old = article("old", "Old glacier news", published_at=NOON - hours(500), arrived_at=NOON)
    digest = edition([LEAD, poor, old], delivered=delivered, policy=Policy(min_quality=20))
    silence = silence_of(digest, 9)
    assert (silence.arrived_count, silence.delivered_count, silence.low_count, silence.old_count) == (9, 1, 1, 1)
