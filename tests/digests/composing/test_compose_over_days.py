"""Over several editions of any articles everything has an outcome, and nothing appears twice."""

from dataclasses import replace
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from digests.composing.compose import compose
from digests.models import (
    Article,
    Policy,
    Story,
    Window,
)
from tests.digests.composing.making import EVENT, UNTIL, WINDOW, remembered
from tests.digests.making import article, hours, link
from tests.examples import examples

titles = st.sampled_from(
    [EVENT, "Tidewright cameras banned by Velm court", "Bank opens branch in Osk", "Osk bank branch opens late"]
)


@st.composite
def days(draw: st.DrawFn) -> tuple[list[tuple[int, Article]], Policy]:
    """Three days of articles that list each other at random, some with one address in common."""
    names = [f"n{number}" for number in range(draw(st.integers(1, 14)))]
    made = []
    for number, name in enumerate(names):
        related = [link(other, provider="ledger") for other in draw(st.lists(st.sampled_from(names), max_size=5))]
        related += [link(other) for other in draw(st.lists(st.sampled_from("abcdefgh"), max_size=4))]
        day = draw(st.integers(0, 2))
        made.append(
            (
                day,
                replace(
                    article(
                        name,
                        draw(titles | st.just(f"Number {number} comes in")),
                        topics=draw(st.sampled_from([(), ("Harbours",), ("Energy", "Harbours")])),
                        related=tuple(related),
                        published=draw(st.booleans()),
                        quality=draw(st.none() | st.integers(0, 150)),
                        published_at=UNTIL + hours(24 * day - draw(st.integers(0, 250))),
                        aliases=draw(st.sampled_from([(), ("ledger.example/n0",)])) if name != "n0" else (),
                    ),
                    id=number + 1,
                ),
            )
        )
    policy = Policy(
        max_stories=draw(st.integers(1, 4)),
        per_topic=draw(st.integers(1, 3)),
        per_provider=draw(st.integers(1, 4)),
        min_quality=draw(st.sampled_from([0, 60])),
    )
    return made, policy


def _articles(story: Story) -> tuple[Article, ...]:
    return (story.lead, *story.folded, *story.also)


@given(days())
@settings(max_examples=examples(100), deadline=None)
def test_over_several_editions_everything_has_an_outcome_and_nothing_appears_twice(case: Any) -> None:
    made, policy = case
    history: list[Story] = []
    delivered_addresses: set[str] = set()
    for day in range(3):
        candidates = [a for arrived, a in made if arrived == day and a.published]
        context = [a for arrived, a in made if arrived <= day and a not in candidates]
        window = Window(WINDOW.since + hours(24 * day), WINDOW.until + hours(24 * day))
        digest = compose(
            candidates, context, remembered(*history), policy, window, local_date=window.until.date(), timezone="UTC"
        )
        linked = {entry.key for story in digest.stories for entry in story.roundup}
        covered = {key for story in digest.stories for key in story.covered_keys}
        left = {key for out in digest.left_out for a in _articles(out.story) for key in a.keys}
        dropped = {item.key for item in digest.dropped}
        assert not linked & {out.story.lead.key for out in digest.left_out}
        for candidate in candidates:
            keys = set(candidate.keys)
            assert keys & covered or keys & left or keys & dropped or keys & linked, candidate
        now_delivered = [key for story in digest.stories for key in (story.lead.key, *(e.key for e in story.roundup))]
        assert len(now_delivered) == len(set(now_delivered))
        for story in digest.stories:
            assert story.lead.published
            again = delivered_addresses & {story.lead.key}
            assert story.update is not None or not again
            assert not delivered_addresses & {entry.key for entry in story.roundup}
            if story.update is not None:
                assert story.update.news
        assert digest.story_count <= policy.max_stories
        delivered_addresses.update(now_delivered)
        history.extend(digest.stories)
