"""Which stories an edition tells, in which order, and the reason for whatever it does not tell."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from digests.composing.compose import archive, compose
from digests.composing.ranking import Headings, Scale
from digests.composing.ties import Ties
from digests.models import (
    Article,
    Delivered,
    DeliveredStory,
    Digest,
    DropReason,
    LeftOutReason,
    Policy,
    Story,
    Weights,
    Window,
)
from tests.digests.making import NOON, article, hours, link, listing
from tests.examples import examples

UNTIL = NOON + hours(8)
WINDOW = Window(UNTIL - hours(24), UNTIL)
YESTERDAY = UNTIL - hours(24)
EVENT = "Velm court bans Tidewright cameras"


def edition(
    candidates: Sequence[Article],
    context: Sequence[Article] = (),
    delivered: Delivered | None = None,
    policy: Policy | None = None,
) -> Digest:
    return compose(
        candidates,
        context,
        delivered or Delivered(),
        policy or Policy(),
        WINDOW,
        local_date=UNTIL.date(),
        timezone="UTC",
    )


def remembered(*stories: Story, at: datetime = YESTERDAY) -> Delivered:
    """What a subscription remembers after these stories."""
    keys = frozenset(key for story in stories for key in story.covered_keys)
    return Delivered(
        keys,
        tuple(
            DeliveredStory(
                lead_key=story.lead.key,
                domains=frozenset(provider.domain for provider in story.providers),
                told_at=at,
                lead=story.lead,
                headlines=(story.lead.title, *(entry.title for entry in story.roundup)),
                root=story.update.root if story.update is not None else story.lead.key,
                is_update=story.update is not None,
            )
            for story in stories
        ),
        {a.path: a.published_at for story in stories for a in (story.lead, *story.folded)},
    )


def leads(digest: Digest) -> list[str]:
    return [story.lead.key for story in digest.stories]


def test_sections_follow_the_best_story_and_other_news_comes_last() -> None:
    made = [
        article("low", topics=("Energy",), quality=20),
        article("best", topics=("Harbours", "Energy"), quality=140, provider="wire"),
        article("none", topics=(), quality=150, provider="herald"),
        article("high", topics=("Energy",), quality=90, provider="post"),
    ]
    digest = edition(made)
    assert [section.topic for section in digest.sections] == ["Harbours", "Energy", None]
    assert leads(digest)[1:3] == ["post.example/high", "ledger.example/low"]


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


NAMES = "quay basin crane lighthouse ferry anchor tunnel orchard violin glacier castle meadow".split()  # noqa: SIM905


def test_the_caps_on_provider_and_topic_make_room_for_others() -> None:
    made = [article(f"l{n}", f"Ledger writes of a {NAMES[n]}", quality=100 - n) for n in range(4)]
    made += [article(f"w{n}", f"Wire finds one {NAMES[n + 4]}", "wire", quality=50 - n) for n in range(4)]
    made += [article(f"e{n}", f"{NAMES[n + 8]} sold", f"p{n}", topics=("Energy",), quality=20) for n in range(3)]
    digest = edition(made, policy=Policy(max_stories=7, per_topic=5, per_provider=3))
    reasons = {out.story.lead.key: out.reason for out in digest.left_out}
    assert reasons["ledger.example/l3"] is LeftOutReason.PER_PROVIDER
    assert reasons["wire.example/w2"] is LeftOutReason.PER_TOPIC
    assert LeftOutReason.MAX_STORIES in reasons.values()
    assert digest.story_count == 7
    assert digest.story_count + len(digest.left_out) == len(made)


def test_the_caps_give_way_rather_than_leave_a_digest_short() -> None:
    made = [article(f"l{n}", f"Ledger writes of a {NAMES[n]}", quality=100 - n) for n in range(8)]
    digest = edition(made, policy=Policy(max_stories=7, per_topic=2, per_provider=1))
    assert leads(digest) == [f"ledger.example/l{n}" for n in range(7)]
    assert [out.story.lead.key for out in digest.left_out] == ["ledger.example/l7"]


def test_the_quality_floor_leaves_out_and_lets_unknown_quality_pass() -> None:
    made = [article("bad", quality=30), article("unknown", quality=None), article("good", quality=60)]
    digest = edition(made, policy=Policy(min_quality=50))
    assert sorted(leads(digest)) == ["ledger.example/good", "ledger.example/unknown"]
    assert [out.reason for out in digest.left_out] == [LeftOutReason.QUALITY]


def test_filters_make_no_candidates_of_what_they_exclude() -> None:
    made = [article("a", "Tide turns at Velm"), article("b", "Tidewright turns", "wire")]
    assert leads(edition(made, policy=Policy(keywords=("tide",)))) == ["ledger.example/a"]
    assert leads(edition(made, policy=Policy(providers=("wire.example",)))) == ["wire.example/b"]


def test_an_article_too_old_when_it_arrived_is_counted() -> None:
    digest = edition([article("old", published_at=NOON - hours(169), arrived_at=NOON)])
    assert [(out.story.lead.key, out.reason) for out in digest.left_out] == [
        ("ledger.example/old", LeftOutReason.TOO_OLD)
    ]


def test_what_came_late_but_was_young_when_it_came_is_news() -> None:
    assert leads(edition([article("late", published_at=NOON - hours(167), arrived_at=NOON)])) == ["ledger.example/late"]


def test_unpublished_articles_never_lead_but_appear_in_round_ups() -> None:
    draft = article("draft", "Another word on it", "wire", published=False)
    lead = article("lead", EVENT, related=(listing(draft),))
    digest = edition([lead, draft])
    assert leads(digest) == [lead.key]
    assert [entry.key for entry in digest.stories[0].roundup] == [draft.key]
    assert edition([], [draft]).stories == ()


def test_a_delivered_address_is_dropped_as_lead_and_kept_out_of_round_ups() -> None:
    first = edition([article("a", related=(link("l1"), link("l2")))])
    delivered = remembered(*first.stories)
    republished = replace(article("a"), title="The same address under a new title", path="elsewhere.md")
    as_article = replace(article("l1", provider="wire"), title="A link comes as an article")
    other = article("other", "Nothing to do with it", related=(link("l2"), link("l3")))
    digest = edition([republished, as_article, other], delivered=delivered)
    assert {item.key: item.reason for item in digest.dropped} == {
        "ledger.example/a": DropReason.ALREADY_DELIVERED,
        "wire.example/l1": DropReason.ALREADY_DELIVERED,
    }
    assert [entry.key for entry in digest.stories[0].roundup] == ["wire.example/l3"]


FOLLOW = "Velm court fines Tidewright over banned cameras"
SAME_AGAIN = "Tidewright cameras banned by Velm court"


def test_a_delivered_story_comes_back_under_a_new_headline_that_says_something_new() -> None:
    delivered = remembered(*edition([article("a", EVENT)]).stories)
    follow = article("b", f"{FOLLOW}, mayor resigns amid uproar", "herald")
    digest = edition([follow, article("other", "Bank opens branch in Osk", "post", quality=1)], delivered=delivered)
    assert [section.is_updates for section in digest.sections] == [False, True]
    story = digest.stories[-1]
    assert story.lead.key == follow.key
    assert story.update is not None
    assert (story.update.told_title, story.update.told_at) == (EVENT, UNTIL - hours(24))
    assert {"mayor", "resigns"} <= set(story.update.news)
    assert story.update.new_providers == ("Herald",)


def test_a_number_that_was_not_shown_is_news() -> None:
    delivered = remembered(*edition([article("a", EVENT)]).stories)
    (story,) = edition([article("b", "Velm court bans 340 Tidewright cameras", "herald")], delivered=delivered).stories
    assert story.update is not None


def test_what_says_nothing_new_joins_the_delivered_story_silently() -> None:
    first = article("a", EVENT, related=(link("l1"),))
    delivered = remembered(*edition([first]).stories)
    links = tuple(link(f"l{n}") for n in range(2, 9))
    follow = article("b", SAME_AGAIN, "herald", related=(listing(first), *links))
    digest = edition([follow], [first], delivered)
    assert digest.stories == ()
    assert [(item.key, item.reason, item.lead_key) for item in digest.dropped] == [
        (follow.key, DropReason.JOINED, first.key)
    ]


def test_links_alone_bring_no_delivered_story_back() -> None:
    first = article("a", EVENT, related=(link("l1"),))
    delivered = remembered(*edition([first]).stories)
    grown = replace(first, related=(*first.related, link("l2"), link("l3"), link("l4")))
    assert edition([], [grown], delivered).stories == ()
    assert edition([grown], [], delivered).stories == ()


def test_a_tie_by_related_lists_alone_leaves_an_article_a_story_of_its_own() -> None:
    first = article("a", EVENT)
    delivered = remembered(*edition([first]).stories)
    other = article("b", "Bank opens branch in Osk", related=(listing(first),))
    assert leads(edition([other], [first], delivered)) == [other.key]


def test_a_headline_is_not_repeated_within_fourteen_days() -> None:
    first = article("a", EVENT)
    again = article("moved", EVENT, "herald", published_at=NOON - hours(1))
    for days, told_again in ((13, False), (15, True)):
        delivered = remembered(*edition([first]).stories, at=UNTIL - timedelta(days=days))
        assert bool(edition([again], delivered=delivered).stories) is told_again


def test_a_file_whose_address_was_rewritten_is_nothing_new() -> None:
    first = article("a", EVENT)
    delivered = remembered(*edition([first]).stories)
    moved = replace(first, key="ledger.example/new", url="https://ledger.example/new", title="Cameras and the court")
    digest = edition([moved], delivered=delivered)
    assert [item.reason for item in digest.dropped] == [DropReason.ALREADY_DELIVERED]


def test_a_story_has_one_update_a_day_and_the_newest_headline_leads_it() -> None:
    delivered = remembered(*edition([article("a", EVENT)]).stories)
    one = article("b", f"{FOLLOW}, mayor resigns", "herald", published_at=NOON - hours(2))
    two = article("c", f"{FOLLOW}, police raid offices", "post", published_at=NOON)
    digest = edition([one, two], delivered=delivered)
    assert leads(digest) == [two.key]
    delivered = Delivered(
        delivered.keys, (*delivered.stories, *remembered(*digest.stories, at=UNTIL - hours(2)).stories)
    )
    evening = article("d", f"{FOLLOW}, shares plunge", "globe", published_at=NOON + hours(1))
    assert edition([evening], delivered=delivered).stories == ()


def test_updates_take_a_third_of_the_places_at_most() -> None:
    events = [
        ("Velm court bans Tidewright cameras", "Velm court fines Tidewright cameras 300 crowns"),
        ("Osk glacier swallows mountain railway", "Osk glacier swallows mountain railway, 40 rescued"),
        ("Lighthouse orchestra elects violin conductor", "Lighthouse orchestra dismisses 12 violin conductor rivals"),
    ]
    first = [article(f"f{n}", title, f"p{n}") for n, (title, _new) in enumerate(events)]
    delivered = remembered(*edition(first).stories)
    news = [article(f"n{n}", new, f"q{n}") for n, (_title, new) in enumerate(events)]
    digest = edition(news, delivered=delivered, policy=Policy(max_stories=6))
    assert [story.update is not None for story in digest.stories] == [True, True]
    assert [out.reason for out in digest.left_out] == [LeftOutReason.UPDATES]


def test_what_is_likely_the_same_event_appears_beneath_its_story() -> None:
    made = [article("lead", "Tidewright cameras leave Velm harbour after court order", quality=90)]
    also = "Velm pupils paint Tidewright portraits for the yearly spring fair downtown"
    made.append(article("also", also, "wire", quality=50, published_at=NOON - hours(8)))
    made += [article(f"x{n}", f"{name} of the region", f"p{n}") for n, name in enumerate(NAMES)]
    ties = Ties(made)
    assert any(tie.margin < 0 for tie in ties.of(0).values())
    digest = edition(made, policy=Policy(max_stories=20, per_topic=20))
    story = next(story for story in digest.stories if story.lead.key == made[0].key)
    assert [a.key for a in story.also] == [made[1].key]
    assert made[1].key not in leads(digest)
    assert made[1].key in story.covered_keys


def test_a_lead_never_appears_in_another_storys_round_up_and_no_link_appears_twice() -> None:
    second = article("second", "Bank opens branch in Osk", "wire", quality=10)
    first = article("first", EVENT, related=(listing(second), link("shared")))
    second = replace(second, related=(link("shared"), link("own")))
    digest = edition([first, second])
    assert [entry.key for entry in digest.stories[0].roundup] == ["wire.example/shared"]
    assert [entry.key for entry in digest.stories[1].roundup] == ["wire.example/own"]


def test_the_entries_of_a_live_blog_are_stories_of_their_own_though_all_name_its_page() -> None:
    blog = ("ledger.example/live-blog",)
    made = [article(f"e{n}", f"{name} closed by council", f"p{n}", aliases=blog) for n, name in enumerate(NAMES[:4])]
    digest = edition(made, policy=Policy(max_stories=20))
    assert sorted(leads(digest)) == sorted(entry.key for entry in made)
    delivered = remembered(*digest.stories)
    assert not delivered.keys & set(blog)


def test_delivering_a_link_settles_its_other_addresses_too() -> None:
    first = edition([article("a", related=(link("l1", aliases=("wire.example/l1-old",)),))])
    delivered = remembered(*first.stories)
    other = article("other", "Nothing to do with it", related=(link("l1-old"), link("l2")))
    digest = edition([other], delivered=delivered)
    assert [entry.key for entry in digest.stories[0].roundup] == ["wire.example/l2"]


def test_what_is_left_out_may_still_appear_in_a_round_up() -> None:
    second = article("second", "Bank opens branch in Osk", "wire", quality=10)
    first = article("first", EVENT, related=(listing(second),))
    digest = edition([first, second], policy=Policy(max_stories=1))
    assert [entry.key for entry in digest.stories[0].roundup] == [second.key]


def test_what_appears_in_a_round_up_is_not_left_out() -> None:
    made = [article(f"l{n}", f"A {NAMES[n]} for sale", quality=100 - n) for n in range(5)]
    made.append(article("other", EVENT, "wire", related=(listing(made[3]),)))
    digest = edition(made, policy=Policy(max_stories=4))
    assert made[3].key in {entry.key for story in digest.stories for entry in story.roundup}
    assert [out.story.lead.key for out in digest.left_out] == [made[4].key]
    assert digest.dropped == ()


def test_the_rest_of_a_story_that_appears_in_a_round_up_is_dropped_with_its_reason() -> None:
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


def test_the_formula_is_the_one_that_is_documented() -> None:
    lead = article("a", quality=75, heat=1000, published_at=UNTIL - hours(48))
    scale = Scale(Weights(), UNTIL)
    assert scale.weigh(lead, 2).total == 40 * 0.5 + 15 + 25 * 0.5 + 20 * 0.5
    unknown = article("b", quality=None, heat=None, published_at=UNTIL)
    assert scale.weigh(unknown, 1).total == round(40 / 3 + 25, 2)


def test_a_quiet_day_shows_up_to_three_stories_of_this_day_in_earlier_years() -> None:
    made = [
        article(f"y{n}", f"Year {n} story of quay {n}", published_at=NOON - timedelta(days=365 * n))
        for n in range(1, 6)
    ]
    delivered = Delivered(frozenset({made[0].key}))
    digest = archive(made, delivered, Policy(), window=WINDOW, day=UNTIL.date(), timezone="UTC")
    assert digest.from_archive
    assert digest.story_count == 3
    assert made[0].key not in leads(digest)


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


def test_a_headline_that_a_provider_prints_again_and_again_leads_once() -> None:
    blotters = [article(f"b{n}", "Police blotter", excerpt=f"Shed {n} burnt in lane {n}.") for n in range(3)]
    digest = edition([*blotters, article("c", "Police blotter", "wire", excerpt="A dog was found in the park.")])
    assert sorted(key.partition("/")[0] for key in leads(digest)) == ["ledger.example", "wire.example"]
    assert {item.reason for item in digest.dropped} == {DropReason.SAME_HEADLINE}
    assert len(digest.dropped) == 2


def test_a_headline_below_the_quality_floor_hides_no_other() -> None:
    hot = article("hot", "Police blotter", quality=10, heat=1000, published_at=UNTIL - hours(1))
    fine = article("fine", "Police blotter", quality=60, published_at=UNTIL - hours(18))
    digest = edition([hot, fine], policy=Policy(min_quality=50))
    assert leads(digest) == [fine.key]
    assert [item.reason for item in digest.left_out] == [LeftOutReason.QUALITY]


def test_a_round_up_prints_no_headline_that_appears_elsewhere_in_the_digest() -> None:
    heads = ("Ferry museum opens with brass band", "Orchard festival draws record crowd")
    first = article("first", heads[0], quality=90, related=(link("x", heads[1]), link("y", "Brass band on tour")))
    second = article("second", heads[1], "wire", related=(link("z", "Brass band on tour"),))
    told = [[entry.title for entry in story.roundup] for story in edition([first, second]).stories]
    assert sorted(told) == [[], ["Brass band on tour"]]


def test_a_round_up_prints_no_headline_that_an_earlier_digest_printed() -> None:
    (old,) = edition([article("old", EVENT, related=(link("x", "Brass band on tour"),))]).stories
    new = article("new", "Orchard festival draws record crowd", related=(link("z", "Brass band on tour"),))
    (story,) = edition([new], delivered=remembered(old)).stories
    assert story.roundup == ()


def test_news_leads_over_a_guide_of_better_quality() -> None:
    news = article("news", "Tidewright photo transfer tool comes to Velm", "wire", quality=40)
    guide = article("guide", "How to use the Tidewright photo transfer tool in Velm", quality=120)
    filler = [article(f"n{n}", f"{name} of the week") for n, name in enumerate(("Orchard", "Tunnel", "Anchor") * 3)]
    (story,) = (
        story for story in edition([news, guide, *filler], policy=Policy(max_stories=20)).stories if story.folded
    )
    assert story.lead is news
