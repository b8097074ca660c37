"""The sample corpus holds the stories that its README promises: near-duplicates, chains, wire texts and the like."""

from __future__ import annotations

import re
from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest

from tests.sample.reading import corpus, lists, moment, named, related


@pytest.mark.parametrize(
    ("lead", "duplicate"),
    [
        ("2026-03-02-tidewright-docks", "2026-03-02-marguerite-dole"),
        ("2026-03-05-weather-model", "2026-03-06-neural-network"),
        ("2026-03-09-ice-closes", "2026-03-09-torvane-canal"),
        ("2026-03-10-mossgate-labs-fined-4", "2026-03-10-mossgate-fined"),
        ("2026-03-12-port-averil-tug-crews", "2026-03-12-tug-crews-at-port-averil"),
    ],
)
def test_a_lead_and_its_unpublished_near_duplicate(lead: str, duplicate: str) -> None:
    assert named(lead)["published"]
    assert not named(duplicate)["published"]
    assert named(lead)["provider"]["domain"] != named(duplicate)["provider"]["domain"]
    assert lists(named(duplicate), named(lead))
    if not lead.startswith("2026-03-09"):
        assert lists(named(lead), named(duplicate))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("2026-03-02-tidewright-docks", "2026-03-03-tidewright-software"),
        ("2026-03-06-quillfeather-gives", "2026-03-06-speech-model-wren"),
        ("2026-03-10-merrow-straits", "2026-03-11-anvil-bay-wind"),
    ],
)
def test_two_headlines_on_one_event_list_each_other(one: str, other: str) -> None:
    assert named(one)["published"]
    assert named(other)["published"]
    assert lists(named(one), named(other))
    assert lists(named(other), named(one))


def test_at_least_eight_events_are_carried_by_several_providers() -> None:
    leads = [f for f in corpus().values() if f.get("published") and len(related(f)) >= 1]
    carried = [
        lead
        for lead in leads
        if any(
            other["provider"]["domain"] != lead["provider"]["domain"] and lists(lead, other) and lists(other, lead)
            for other in corpus().values()
            if other
        )
    ]
    assert len({lead["title"] for lead in carried}) >= 8


def test_two_outlets_print_one_wire_text_within_three_days() -> None:
    first, second = named("2026-03-04-brightmoor"), named("2026-03-05-a-full-day")
    assert first["title"] == second["title"]
    assert first["provider"] != second["provider"]
    assert timedelta(0) < moment(second) - moment(first) < timedelta(days=3)


def test_one_story_grows_on_its_second_and_fourth_day() -> None:
    days = ("2026-03-02-tidewright-docks", "2026-03-03-tidewright-software", "2026-03-05-marguerite-dole-docking")
    story = [named(start) for start in days]
    assert len({fields["provider"]["domain"] for fields in story}) == 3
    assert lists(story[1], story[0])
    assert lists(story[2], story[0])
    later = [link for link in related(story[0]) if moment(link) >= datetime(2026, 3, 4, tzinfo=UTC)]
    assert len(later) == 4


def test_a_chain_of_related_links_leads_from_one_event_to_another() -> None:
    first, second = named("2026-03-07-fire"), named("2026-03-07-battery-room")
    third = named("2026-03-08-ardenmouth-yard")
    assert lists(first, second)
    assert lists(second, third)
    assert not lists(first, third)
    first_words, third_words = (set(re.findall(r"\w{4,}", fields["title"].lower())) for fields in (first, third))
    assert first_words & third_words == {"hybrid"}


def test_a_headline_on_another_event_is_listed_as_related() -> None:
    assert lists(named("2026-03-03-isle-of-hask"), named("2026-03-03-hask-elects"))
    assert named("2026-03-03-hask-elects")["published"]


def test_one_address_is_used_again_a_week_later_under_another_title() -> None:
    before, after = named("2026-03-04-what-a-home-battery"), named("2026-03-11-home-batteries")
    assert after["webUrl"].split("?")[0] == before["webUrl"]
    assert after["title"] != before["title"]
    assert (moment(after) - moment(before)).days == 7


def test_one_article_is_the_amp_address_of_another() -> None:
    assert named("2026-03-11-brackwater-well")["webUrl"] == named("2026-03-10-brackwater-well")["ampWebUrl"]


def test_the_longest_list_repeats_one_headline_under_several_addresses() -> None:
    links = related(named("2026-03-10-mossgate-labs-fined-4"))
    (title, count), *_ = Counter(link["title"] for link in links).most_common()
    assert count == 3
    assert len({link["webUrl"] for link in links if link["title"] == title}) == 3
