"""Matches become stories, with what else belongs to them."""

from __future__ import annotations

from dataclasses import replace

from digests.composing.stories import Cluster
from digests.service.search.cluster_story import story_of
from digests.service.search.fold_matches import widen
from tests.digests.composing.making import NAMES
from tests.digests.making import article


def test_an_opened_story_shows_what_is_likely_the_same_event_and_links_it_once() -> None:
    made = [
        article("lead", "Tidewright cameras leave Velm harbour after court order", quality=90),
        article("also", "Velm pupils paint Tidewright portraits for the yearly spring fair downtown", "wire"),
        *(article(f"x{number}", f"{name} of the region", f"p{number}") for number, name in enumerate(NAMES)),
    ]
    made = [replace(each, id=number) for number, each in enumerate(made, 1)]
    (whole,) = widen((Cluster(made[0]),), made)
    assert [each.key for each in whole.also] == [made[1].key]
    opened = story_of(whole, {}, (), None)
    assert [each.key for each in opened.also] == [made[1].key]
    assert made[1].key not in {link.key for link in opened.roundup}


def test_a_likely_double_that_is_a_result_itself_stands_beneath_no_other() -> None:
    made = [
        article("lead", "Tidewright cameras leave Velm harbour after court order", quality=90),
        article("also", "Velm pupils paint Tidewright portraits for the yearly spring fair downtown", "wire"),
        *(article(f"x{number}", f"{name} of the region", f"p{number}") for number, name in enumerate(NAMES)),
    ]
    made = [replace(each, id=number) for number, each in enumerate(made, 1)]
    assert [story.also for story in widen((Cluster(made[0]), Cluster(made[1])), made)] == [(), ()]
