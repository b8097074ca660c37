"""What was delivered stays delivered: by address, file and headline, and comes back only with something new."""

from dataclasses import replace
from datetime import timedelta

from digests.models import (
    Delivered,
    DropReason,
    LeftOutReason,
    Policy,
)
from tests.digests.composing.making import EVENT, UNTIL, edition, leads, remembered
from tests.digests.making import NOON, article, hours, link, listing

FOLLOW = "Velm court fines Tidewright over banned cameras"
SAME_AGAIN = "Tidewright cameras banned by Velm court"


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


def test_delivering_a_link_settles_its_other_addresses_too() -> None:
    first = edition([article("a", related=(link("l1", aliases=("wire.example/l1-old",)),))])
    delivered = remembered(*first.stories)
    other = article("other", "Nothing to do with it", related=(link("l1-old"), link("l2")))
    digest = edition([other], delivered=delivered)
    assert [entry.key for entry in digest.stories[0].roundup] == ["wire.example/l2"]


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


def test_what_reports_the_event_of_a_new_story_too_is_no_update_beside_it() -> None:
    delivered = remembered(*edition([article("a", EVENT)]).stories)
    follow = article("b", f"{FOLLOW}, mayor resigns amid uproar", "herald", quality=90)
    twin = article(
        "c", "Mayor resigns amid uproar", "wire", quality=50, excerpt="An uproar over a fine: the mayor quits."
    )
    digest = edition([follow, twin], delivered=delivered)
    assert [(story.lead.key, story.update) for story in digest.stories] == [(twin.key, None)]
    assert [article.key for article in digest.stories[0].folded] == [follow.key]
    only_updates = edition([follow, twin], delivered=delivered, policy=Policy(updates_only=True))
    assert [story.lead.key for story in only_updates.stories] == [follow.key]


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
