"""Which stories an edition tells, in which order, and the reason for whatever it does not tell."""

from datetime import timedelta

from digests.composing.compose import archive
from digests.composing.ties import Ties
from digests.models import (
    Delivered,
    DropReason,
    LeftOutReason,
    Policy,
)
from tests.digests.composing.making import NAMES, UNTIL, WINDOW, edition, leads, remembered
from tests.digests.making import NOON, article, hours


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


def test_the_entries_of_a_live_blog_are_stories_of_their_own_though_all_name_its_page() -> None:
    blog = ("ledger.example/live-blog",)
    made = [article(f"e{n}", f"{name} closed by council", f"p{n}", aliases=blog) for n, name in enumerate(NAMES[:4])]
    digest = edition(made, policy=Policy(max_stories=20))
    assert sorted(leads(digest)) == sorted(entry.key for entry in made)
    delivered = remembered(*digest.stories)
    assert not delivered.keys & set(blog)


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


def test_news_leads_over_a_guide_of_better_quality() -> None:
    news = article("news", "Tidewright photo transfer tool comes to Velm", "wire", quality=40)
    guide = article("guide", "How to use the Tidewright photo transfer tool in Velm", quality=120)
    filler = [article(f"n{n}", f"{name} of the week") for n, name in enumerate(("Orchard", "Tunnel", "Anchor") * 3)]
    (story,) = (
        story for story in edition([news, guide, *filler], policy=Policy(max_stories=20)).stories if story.folded
    )
    assert story.lead is news
