"""Which stories an edition tells, in which order, and the reason for whatever it does not tell."""

from dataclasses import replace
from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from digests.composing.compose import archive, compose
from digests.composing.ranking import Scale, wanted_topic
from digests.models import (
    Digest,
    DropReason,
    LeftOutReason,
    Policy,
    Story,
    Told,
    ToldStory,
    Weights,
    Window,
)
from tests.digests.making import NOON, article, hours, link, listing
from tests.examples import examples

UNTIL = NOON + hours(8)
WINDOW = Window(UNTIL - hours(24), UNTIL)
EVENT = "Velm court bans Tidewright cameras"


def edition(candidates, context=(), told=None, policy=None) -> Digest:
    return compose(
        candidates,
        context,
        told or Told(),
        policy or Policy(),
        WINDOW,
        local_date=UNTIL.date(),
        timezone="UTC",
    )


def remembered(*stories: Story) -> Told:
    """What a subscription remembers after these stories."""
    keys = frozenset(key for story in stories for key in story.covered_keys)
    return Told(
        keys,
        tuple(
            ToldStory(
                lead_key=story.lead.key,
                member_keys=frozenset(key for a in (story.lead, *story.folded) for key in a.keys),
                link_keys=frozenset(entry.key for entry in story.roundup),
                domains=frozenset(provider.domain for provider in story.providers),
                told_at=UNTIL - hours(24),
            )
            for story in stories
        ),
    )


def leads(digest):
    return [story.lead.key for story in digest.stories]


def test_sections_follow_the_best_story_and_other_news_comes_last():
    made = [
        article("low", topics=("Energy",), quality=20),
        article("best", topics=("Harbours", "Energy"), quality=140, provider="wire"),
        article("none", topics=(), quality=150, provider="herald"),
        article("high", topics=("Energy",), quality=90, provider="post"),
    ]
    digest = edition(made)
    assert [section.topic for section in digest.sections] == ["Harbours", "Energy", None]
    assert leads(digest)[1:3] == ["post.example/high", "ledger.example/low"]


def test_a_story_stands_under_the_first_topic_that_the_subscription_wants():
    policy = Policy(topics=("energy", "HARBOURS"))
    assert wanted_topic(("Harbours", "Energy"), policy) == "Energy"
    assert wanted_topic(("Cats", "Harbours"), policy) == "Harbours"
    assert wanted_topic(("Cats",), policy) is None
    assert wanted_topic(("Cats", "Harbours"), Policy()) == "Cats"
    made = [article("both", topics=("Harbours", "Energy")), article("cats", topics=("Cats",))]
    digest = edition(made, policy=policy)
    assert [(section.topic, len(section.stories)) for section in digest.sections] == [("Energy", 1)]


def test_the_caps_on_provider_topic_and_stories_leave_out_with_their_reason():
    made = [article(f"l{n}", f"Ledger item {n} about quay {n}", quality=100 - n) for n in range(4)]
    made += [article(f"w{n}", f"Wire item {n} on pier {n}", "wire", quality=50 - n) for n in range(4)]
    made += [article(f"e{n}", f"Energy {n} rises {n}", f"p{n}", topics=("Energy",), quality=20) for n in range(3)]
    digest = edition(made, policy=Policy(max_stories=7, per_topic=5, per_provider=3))
    reasons = {out.story.lead.key: out.reason for out in digest.left_out}
    assert reasons["ledger.example/l3"] is LeftOutReason.PER_PROVIDER
    assert reasons["wire.example/w2"] is LeftOutReason.PER_TOPIC
    assert LeftOutReason.MAX_STORIES in reasons.values()
    assert digest.story_count == 7
    assert digest.story_count + len(digest.left_out) == len(made)


def test_the_quality_floor_leaves_out_and_lets_unknown_quality_pass():
    made = [article("bad", quality=30), article("unknown", quality=None), article("good", quality=60)]
    digest = edition(made, policy=Policy(min_quality=50))
    assert sorted(leads(digest)) == ["ledger.example/good", "ledger.example/unknown"]
    assert [out.reason for out in digest.left_out] == [LeftOutReason.QUALITY]


def test_filters_make_no_candidates_of_what_they_exclude():
    made = [article("a", "Tide turns at Velm"), article("b", "Tidewright turns", "wire")]
    assert leads(edition(made, policy=Policy(keywords=("tide",)))) == ["ledger.example/a"]
    assert leads(edition(made, policy=Policy(providers=("wire.example",)))) == ["wire.example/b"]


def test_an_article_older_than_the_limit_is_dropped():
    digest = edition([article("old", published_at=UNTIL - hours(169), arrived_at=NOON)])
    assert [(item.key, item.reason) for item in digest.dropped] == [("ledger.example/old", DropReason.TOO_OLD)]


def test_unpublished_articles_never_lead_but_stand_in_round_ups():
    draft = article("draft", "Another word on it", "wire", published=False)
    lead = article("lead", EVENT, related=(listing(draft),))
    digest = edition([lead, draft])
    assert leads(digest) == [lead.key]
    assert [entry.key for entry in digest.stories[0].roundup] == [draft.key]
    assert edition([], [draft]).stories == ()


def test_an_address_already_told_is_dropped_as_lead_and_kept_out_of_round_ups():
    first = edition([article("a", related=(link("l1"), link("l2")))])
    told = remembered(*first.stories)
    republished = replace(article("a"), title="The same address under a new title", path="elsewhere.md")
    as_article = replace(article("l1", provider="wire"), title="A link comes as an article")
    other = article("other", "Nothing to do with it", related=(link("l2"), link("l3")))
    digest = edition([republished, as_article, other], told=told)
    assert {item.key: item.reason for item in digest.dropped} == {
        "ledger.example/a": DropReason.ALREADY_TOLD,
        "wire.example/l1": DropReason.ALREADY_TOLD,
    }
    assert [entry.key for entry in digest.stories[0].roundup] == ["wire.example/l3"]


def test_a_told_story_comes_back_with_a_new_provider_and_names_it():
    first = article("a", EVENT)
    told = remembered(*edition([first]).stories)
    follow = article("b", "Tidewright cameras banned by Velm court", "herald", related=(listing(first),))
    digest = edition([follow], [first], told)
    (story,) = digest.stories
    assert story.lead.key == follow.key
    assert story.update is not None
    assert story.update.new_providers == ("Herald",)
    assert story.roundup == ()


def test_a_told_story_that_has_not_grown_stays_away():
    first = article("a", EVENT, related=(link("l1"),))
    told = remembered(*edition([first]).stories)
    follow = article("b", "Tidewright cameras banned by Velm court", related=(listing(first), link("l2"), link("l3")))
    digest = edition([follow], [first], told)
    assert digest.stories == ()
    assert [(item.key, item.reason, item.lead_key) for item in digest.dropped] == [
        (follow.key, DropReason.NOT_GROWN, first.key)
    ]


def test_a_told_lead_that_arrives_once_more_comes_back_only_when_its_story_has_grown():
    first = article("a", EVENT, related=(link("l1"),))
    told = remembered(*edition([first]).stories)
    assert leads(edition([first], told=told)) == []
    grown = replace(first, related=(*first.related, link("l2"), link("l3"), link("l4")))
    digest = edition([grown], told=told)
    (story,) = digest.stories
    assert story.update is not None
    assert len(story.update.new_links) == 3
    assert digest.dropped == ()


def test_three_new_links_bring_a_told_story_back_even_without_a_new_article():
    first = article("a", EVENT, related=(link("l1"),))
    told = remembered(*edition([first]).stories)
    two = replace(first, related=(link("l1"), link("l2"), link("l3")))
    three = replace(first, related=(*two.related, link("l4")))
    assert edition([], [two], told).stories == ()
    (story,) = edition([], [three], told).stories
    assert story.lead.key == first.key
    assert story.update is not None
    assert [entry.key for entry in story.update.new_links] == ["wire.example/l2", "wire.example/l3", "wire.example/l4"]


def test_one_told_story_comes_back_as_one_update_even_if_two_articles_continue_it():
    first = article("a", EVENT, quality=10)
    told = remembered(*edition([first]).stories)
    one = article("b", "Tidewright cameras banned in Velm", "herald", related=(listing(first),), quality=50)
    two = article("c", "Velm court on Tidewright", "post", related=(listing(first),), quality=40)
    digest = edition([one, two], [first], told)
    assert len(digest.stories) == 1
    assert digest.stories[0].update is not None
    assert set(digest.stories[0].update.new_providers) == {"Herald", "Post"}


def test_a_lead_never_stands_in_another_storys_round_up_and_no_link_stands_twice():
    second = article("second", "Bank opens branch in Osk", "wire", quality=10)
    first = article("first", EVENT, related=(listing(second), link("shared")))
    second = replace(second, related=(link("shared"), link("own")))
    digest = edition([first, second])
    assert [entry.key for entry in digest.stories[0].roundup] == ["wire.example/shared"]
    assert [entry.key for entry in digest.stories[1].roundup] == ["wire.example/own"]


def test_an_article_that_is_the_lead_under_an_address_of_a_third_is_dropped_for_its_address():
    lead, two = article("one"), article("two", "Quite another headline here", quality=70)
    both = article("both", "A third headline altogether", aliases=(lead.key, two.key), quality=10)
    digest = edition([lead, two, both])
    assert digest.stories[0].roundup == ()
    assert [(item.key, item.reason) for item in digest.dropped] == [(two.key, DropReason.SAME_ADDRESS)]


def test_telling_a_link_settles_its_other_addresses_too():
    first = edition([article("a", related=(link("l1", aliases=("wire.example/l1-old",)),))])
    told = remembered(*first.stories)
    other = article("other", "Nothing to do with it", related=(link("l1-old"), link("l2")))
    digest = edition([other], told=told)
    assert [entry.key for entry in digest.stories[0].roundup] == ["wire.example/l2"]


def test_what_is_left_out_may_still_stand_in_a_round_up():
    second = article("second", "Bank opens branch in Osk", "wire", quality=10)
    first = article("first", EVENT, related=(listing(second),))
    digest = edition([first, second], policy=Policy(max_stories=1))
    assert [entry.key for entry in digest.stories[0].roundup] == [second.key]


def test_what_stands_in_a_round_up_is_not_left_out():
    made = [article(f"l{n}", f"Ledger item {n} about quay {n}", quality=100 - n) for n in range(5)]
    made.append(article("other", EVENT, "wire", related=(listing(made[3]),)))
    digest = edition(made)
    assert made[3].key in {entry.key for story in digest.stories for entry in story.roundup}
    assert [out.story.lead.key for out in digest.left_out] == [made[4].key]
    assert digest.dropped == ()


def test_the_rest_of_a_story_that_stands_in_a_round_up_is_dropped_with_its_reason():
    moved = article("moved", "Bank opens branch in Osk", "wire", quality=20, aliases=("wire.example/old",))
    folded = article("folded", "Bank opens branch in Osk", "herald", quality=10)
    titled = article("titled", "About l1 in wire", "post", quality=5)
    lead = article("lead", EVENT, related=(link("old", "A bank", quality=9), link("l1", quality=8), listing(titled)))
    digest = edition([lead, moved, folded, titled], policy=Policy(max_stories=1))
    assert [entry.key for entry in digest.stories[0].roundup] == ["wire.example/old", "wire.example/l1"]
    assert digest.left_out == ()
    assert {item.key: item.reason for item in digest.dropped} == {
        moved.key: DropReason.SAME_ADDRESS,
        folded.key: DropReason.STORY_SHOWN,
        titled.key: DropReason.SAME_HEADLINE,
    }
    assert {item.lead_key for item in digest.dropped} == {lead.key}


def test_the_formula_is_the_one_that_is_documented():
    lead = article("a", quality=75, heat=1000, published_at=UNTIL - hours(48))
    scale = Scale(Weights(), UNTIL)
    assert scale.weigh(lead, 2).total == 40 * 0.5 + 15 + 25 * 0.5 + 20 * 0.5
    unknown = article("b", quality=None, heat=None, published_at=UNTIL)
    assert scale.weigh(unknown, 1).total == round(40 / 3 + 25, 2)


def test_a_quiet_day_shows_up_to_three_stories_of_this_day_in_earlier_years():
    made = [
        article(f"y{n}", f"Year {n} story of quay {n}", published_at=NOON - timedelta(days=365 * n))
        for n in range(1, 6)
    ]
    told = Told(frozenset({made[0].key}))
    digest = archive(made, told, Policy(), window=WINDOW, day=UNTIL.date(), timezone="UTC")
    assert digest.from_archive
    assert digest.story_count == 3
    assert made[0].key not in leads(digest)


titles = st.sampled_from(
    [EVENT, "Tidewright cameras banned by Velm court", "Bank opens branch in Osk", "Osk bank branch opens late"]
)


@st.composite
def days(draw):
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


@given(days())
@settings(max_examples=examples(300))
def test_over_several_editions_everything_has_an_outcome_and_nothing_is_told_twice(case):
    made, policy = case
    history: list[Story] = []
    told_addresses: set[str] = set()
    for day in range(3):
        candidates = [a for arrived, a in made if arrived == day and a.published]
        context = [a for arrived, a in made if arrived <= day and a not in candidates]
        window = Window(WINDOW.since + hours(24 * day), WINDOW.until + hours(24 * day))
        digest = compose(
            candidates, context, remembered(*history), policy, window, local_date=window.until.date(), timezone="UTC"
        )
        linked = {entry.key for story in digest.stories for entry in story.roundup}
        covered = {key for story in digest.stories for key in story.covered_keys}
        left = {key for out in digest.left_out for a in (out.story.lead, *out.story.folded) for key in a.keys}
        dropped = {item.key for item in digest.dropped}
        assert not linked & {key for out in digest.left_out for key in out.story.lead.keys}
        for candidate in candidates:
            keys = set(candidate.keys)
            assert keys & covered or keys & left or keys & dropped or keys & linked, candidate
        now_told = [key for story in digest.stories for key in (story.lead.key, *(e.key for e in story.roundup))]
        assert len(now_told) == len(set(now_told))
        for story in digest.stories:
            assert story.lead.published
            again = told_addresses & {story.lead.key}
            assert story.update is not None or not again
            assert not told_addresses & {entry.key for entry in story.roundup}
            if story.update is not None:
                assert story.update.new_providers or len(story.update.new_links) >= 3
        assert digest.story_count <= policy.max_stories
        told_addresses.update(now_told)
        history.extend(digest.stories)
