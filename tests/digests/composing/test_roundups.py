"""What a round-up holds: no lead, no address and no headline twice, and what becomes of the rest."""

from dataclasses import replace

from digests.models import (
    DropReason,
    Policy,
)
from tests.digests.composing.making import EVENT, NAMES, edition, leads, remembered
from tests.digests.making import article, link, listing


def test_unpublished_articles_never_lead_but_appear_in_round_ups() -> None:
    draft = article("draft", "Another word on it", "wire", published=False)
    lead = article("lead", EVENT, related=(listing(draft),))
    digest = edition([lead, draft])
    assert leads(digest) == [lead.key]
    assert [entry.key for entry in digest.stories[0].roundup] == [draft.key]
    assert edition([], [draft]).stories == ()


def test_a_lead_never_appears_in_another_storys_round_up_and_no_link_appears_twice() -> None:
    second = article("second", "Bank opens branch in Osk", "wire", quality=10)
    first = article("first", EVENT, related=(listing(second), link("shared")))
    second = replace(second, related=(link("shared"), link("own")))
    digest = edition([first, second])
    assert [entry.key for entry in digest.stories[0].roundup] == ["wire.example/shared"]
    assert [entry.key for entry in digest.stories[1].roundup] == ["wire.example/own"]


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
