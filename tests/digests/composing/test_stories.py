"""Which articles become one story, and what stands in its round-up."""

from dataclasses import replace
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digests.composing.headlines import plain_words
from digests.composing.roundups import LINKED_PROVIDERS, carriers, gather, roundup
from digests.composing.stories import cluster, stars, with_also
from digests.composing.ties import Ties
from digests.models import Article, JoinReason, Provider
from tests.digests.making import NOON, article, hours, link, listing


def groups(*articles: Article) -> list[tuple[str, ...]]:
    return [tuple(a.key for a in story.articles) for story in cluster(articles)]


def test_articles_that_share_an_address_are_one_story() -> None:
    first = article("a", quality=90)
    again = article("b", first.title, aliases=("ledger.example/a",), published_at=NOON + hours(24 * 40))
    (story,) = cluster([again, first])
    assert story.lead is first
    assert story.folded == (again,)
    assert story.joins[0].reason is JoinReason.SAME_ADDRESS


def test_an_address_that_different_headlines_claim_is_no_identity() -> None:
    page = ("ledger.example/live",)
    one = article("one", "Ferry runs aground off Osk", aliases=page)
    two = article("two", "Parliament passes the wind bill", aliases=page)
    assert len(cluster([one, two])) == 2


def test_of_one_address_its_owner_speaks() -> None:
    owner = article("story", "Velm shuts north basin after spill", "ledger", quality=10)
    copy = replace(owner, path="copy.md", provider=Provider("Portal", "portal.example"), quality=90)
    (story,) = cluster([copy, owner])
    assert story.lead is owner


def test_a_wire_text_in_two_outlets_is_one_story() -> None:
    first = article("x", "Velm shuts north basin after oil spill", "ledger", quality=60)
    second = article("y", "Velm shuts north basin after oil spill", "wire", published_at=NOON + hours(70))
    (story,) = cluster([first, second])
    assert story.lead is second
    assert [join.reason for join in story.joins] == [JoinReason.SAME_TITLE]


def test_the_same_headline_after_more_than_three_days_is_another_story() -> None:
    first = article("x", "Velm shuts north basin after oil spill")
    later = article("y", "Velm shuts north basin after oil spill", published_at=NOON + hours(73))
    assert len(cluster([first, later])) == 2


@pytest.mark.parametrize(
    "title", ["日本の首相が辞任を表明", "Strike", "Power restored", "辞任", "2026年の予算案が成立"]
)
def test_one_short_title_in_two_outlets_is_one_story(title: str) -> None:
    first, second = article("x", title), article("y", f"{title}!", "wire", published_at=NOON + hours(70), quality=60)
    (story,) = cluster([first, second])
    assert [join.reason for join in story.joins] == [JoinReason.SAME_TITLE]
    assert len(cluster([first, article("y", title, "wire", published_at=NOON + hours(73))])) == 2


@pytest.mark.parametrize(
    "title", ["Morning briefing", "Newsletter", "Live", "Opinion", "News in brief", "2", "…", "Now"]
)
def test_a_heading_in_two_outlets_proves_nothing(title: str) -> None:
    assert len(cluster([article("x", title), article("y", title, "wire")])) == 2


def test_a_short_title_that_an_outlet_uses_again_is_a_heading_of_its_own() -> None:
    first, second = article("x", "Harbour notes"), article("y", "Harbour notes", published_at=NOON - hours(24 * 5))
    other, third = article("z", "Harbour notes", "wire"), article("z", "Harbour notes", "herald")
    assert len(cluster([first, second])) == 2
    assert len(cluster([first, second, other])) == 3
    assert groups(first, second, other, third) == [(second.key,), (third.key, other.key), (first.key,)]


def test_a_long_title_without_spaces_is_one_story_whoever_prints_it() -> None:
    title = "日本の首相が辞任を表明"
    assert len(cluster([article("x", title), article("y", title)])) == 1
    assert len(cluster([article("x", title), article("y", "大阪で新しい橋が開通した", "wire")])) == 2


def test_what_a_related_list_names_has_to_prove_itself_unpublished_or_not() -> None:
    for published in (True, False):
        other = article("other", "Bank opens a branch in Osk", "wire", published=published)
        lead = article("lead", "Velm shuts the basin after an oil spill", related=(listing(other),))
        assert len(cluster([other, lead])) == 2


def test_two_reports_of_one_event_in_different_words_are_one_story() -> None:
    other = article("other", "Cameras of Tidewright have to leave Velm", "wire", quality=50)
    lead = article("lead", "Velm court bans Tidewright cameras")
    rest = [article(f"x{n}", f"{word} for sale", f"p{n}") for n, word in enumerate(("Pier", "Crane", "Ferry", "Mill"))]
    story = next(story for story in cluster([other, lead, *rest]) if story.folded)
    assert (story.lead.key, story.folded[0].key) == (lead.key, other.key)
    assert story.joins[0].reason is JoinReason.SAME_EVENT
    assert "Tidewright" in story.joins[0].evidence


def test_headlines_whose_numbers_differ_are_two_events() -> None:
    one = article("one", "Velm reports 12 new cases of harbour fever")
    two = article("two", "Velm reports 19 new cases of harbour fever", "wire", published_at=NOON + hours(24))
    assert len(cluster([one, two])) == 2


def test_every_member_proves_itself_against_the_lead() -> None:
    c = article("c", "Osk parliament debates cameras on ferries", "c")
    b = article("b", "Velm court cameras ruling reaches Osk parliament debates", "b", related=(listing(c),), quality=70)
    a = article("a", "Velm court bans Tidewright cameras", "a", related=(listing(b),), quality=90)
    for story in cluster([a, b, c]):
        ties = Ties([a, b, c])
        lead = ties.number_of[story.lead.path]
        assert all(ties.of(lead)[ties.number_of[folded.path]].margin >= 0 for folded in story.folded)


def test_the_round_up_holds_no_address_and_no_headline_twice_and_never_the_lead() -> None:
    folded = article("folded", "Velm shuts the basin", "wire", published=False, quality=20)
    links = (
        link("one", "The first word on it", quality=50),
        link("two", "THE FIRST WORD, ON IT!", quality=40),
        link("one", "The first word on it, again", quality=90),
        listing(folded),
    )
    lead = article("lead", "Velm shuts its basin for good", related=links)
    self_listed = article("x", "Velm shuts its basin for good", "wire", related=(listing(lead),), published=False)
    gathered = gather((lead, folded, self_listed), lead)
    assert [entry.key for entry in gathered.links] == ["wire.example/one", folded.key]
    assert gathered.same_headline == {"wire.example/two", self_listed.key}


def test_the_lead_stands_in_no_round_up_under_another_of_its_addresses() -> None:
    lead = article("two", related=(link("three", provider="ledger"),), quality=90)
    other = article("three", lead.title, aliases=(lead.key,), related=(listing(lead),))
    (story,) = cluster([lead, other])
    assert story.lead is lead
    assert roundup(story) == ()


def test_an_article_with_two_addresses_stands_in_a_round_up_once() -> None:
    two = article("two", "The page under its old address", quality=70)
    three = article("three", "The page under its new address", aliases=(two.key,), quality=60)
    lead = article("lead", "Velm shuts the basin", related=(listing(two), listing(three)))
    assert [entry.key for entry in gather((lead, two, three), lead).links] == [two.key]
    assert gather((lead, two, three), lead, delivered={two.key}).links == ()
    assert gather((lead, two, three), lead, taken={three.key}).links == ()


def test_other_addresses_of_related_links_are_the_same_article() -> None:
    lead = article(
        "lead",
        related=(
            link("one", aliases=("wire.example/other",), quality=90),
            link("other", quality=20),
            link("amp", aliases=("ledger.example/lead",)),
        ),
    )
    gathered = gather((lead,), lead)
    assert [entry.key for entry in gathered.links] == ["wire.example/one"]
    assert gathered.aliases >= {"wire.example/other", "wire.example/amp"}
    assert gather((lead,), lead, delivered={"wire.example/other"}).links == ()


def test_no_link_says_the_same_as_the_lead_or_an_earlier_link() -> None:
    links = (
        link("one", "Harbour of Velm closed over spill of oil", quality=90),
        link("two", "Velm harbour closed over oil spill today", quality=80),
        link("three", "What sailors can do meanwhile", quality=70),
    )
    lead = article("lead", "Tidewright has a new chief", related=links)
    gathered = gather((lead,), lead, judge=Ties([lead]).judge)
    assert [entry.key for entry in gathered.links] == ["wire.example/one", "wire.example/three"]
    assert gathered.same_headline == {"wire.example/two"}


def test_what_a_guide_makes_of_the_news_is_a_line_of_its_own() -> None:
    links = (
        link("guide", "What the privacy bill means for small startups"),
        link("echo", "Data privacy bill passes"),
    )
    lead = article("lead", "Parliament passes data privacy bill", related=links)
    gathered = gather((lead,), lead, judge=Ties([lead]).judge)
    assert [entry.key for entry in gathered.links] == ["wire.example/guide"]


def test_a_short_headline_over_two_different_texts_is_two_stories() -> None:
    storm = article("a", "Power restored", excerpt="Electricity is back in the harbour after a storm.")
    junta = article("b", "Power restored", "wire", excerpt="The junta hands government back to a parliament.")
    again = article("c", "Power restored", "herald", excerpt="After the storm electricity came back to the harbour.")
    assert len(cluster([storm, junta])) == 2
    assert len(cluster([storm, again])) == 1


def test_market_reports_come_last() -> None:
    links = (
        link("spam", "Harbour Crane Market to Reach USD 12.4 Billion by 2034", quality=100),
        link("news", "A crane falls", quality=5),
    )
    (story,) = cluster([article("lead", "Velm buys a crane", related=links)])
    assert [entry.key for entry in roundup(story)] == ["wire.example/news", "wire.example/spam"]


def test_related_links_add_a_few_providers_and_no_more() -> None:
    links = tuple(link(f"l{n}", provider=f"p{n}") for n in range(40))
    lead = article("lead", related=links)
    assert len(carriers(lead, (lead,))) == 1 + LINKED_PROVIDERS
    assert len(carriers(lead, (lead,), but={link.key for link in lead.related})) == 1


def test_the_round_up_is_best_first_then_newest_without_what_was_delivered() -> None:
    links = (
        link("low", quality=10),
        link("old", quality=90, published_at=NOON - hours(9)),
        link("new", quality=90, published_at=NOON),
        link("unknown"),
        link("told", quality=100),
    )
    (story,) = cluster([article("lead", related=links)])
    keys = [entry.key for entry in roundup(story, delivered={"wire.example/told"})]
    assert keys == ["wire.example/new", "wire.example/old", "wire.example/low", "wire.example/unknown"]


names = st.sampled_from(list("abcdefgh"))
few = st.just(()) | st.lists(names, max_size=2)


@st.composite
def corpora(draw: st.DrawFn) -> list[Article]:
    chosen = draw(st.lists(names, unique=True, min_size=1))
    made = []
    for name in chosen:
        related = tuple(
            link(other, provider="ledger", aliases=tuple(f"ledger.example/{n}" for n in draw(few)))
            for other in draw(st.lists(names, max_size=4))
        )
        made.append(
            article(
                name,
                draw(st.sampled_from(["Velm bans Tidewright cameras", "Tidewright leaves", f"Only {name} knows"])),
                related=related,
                published=draw(st.booleans()),
                quality=draw(st.none() | st.integers(0, 150)),
                published_at=draw(st.none() | st.just(NOON) | st.just(NOON + hours(100))),
                aliases=tuple(
                    f"ledger.example/{other}" for other in draw(st.lists(names, max_size=1)) if other != name
                ),
                provider=draw(st.sampled_from(["ledger", "wire"])),
            )
        )
    return made


@given(corpora())
def test_every_article_stands_in_exactly_one_story_whatever_the_lists_say(articles: list[Article]) -> None:
    stories = cluster(articles)
    delivered = [a.path for story in stories for a in story.articles]
    assert sorted(delivered) == sorted(a.path for a in articles)
    for story in stories:
        assert story.lead.published or not any(a.published for a in story.folded)
        assert len(story.joins) == len(story.folded)
        links = roundup(story)
        assert len({entry.key for entry in links}) == len(links)
        assert len({plain_words(entry.title) for entry in links}) == len(links)
        assert story.lead.key not in {entry.key for entry in links}


def test_clustering_does_not_depend_on_the_order_of_its_input() -> None:
    made = [article(str(i), f"Velm bans Tidewright cameras {'again' * (i % 2)}", quality=i) for i in range(9)]
    assert cluster(made) == cluster(made[::-1])


def test_provider_names_are_kept_as_given() -> None:
    story = cluster([article("a")])[0]
    assert story.lead.provider == Provider("Ledger", "ledger.example")


def test_what_is_likely_one_event_with_an_article_of_a_story_stands_beneath_it() -> None:
    filler = [
        article(f"f{number}", f"{what} {where} opens in the {side} quarter", "other", published_at=NOON - hours(number))
        for number, (what, where, side) in enumerate(
            product(("Orchard", "Tunnel", "Anchor", "Violin"), ("castle", "meadow", "lantern"), ("north", "south"))
        )
    ]
    lead = article(
        "a",
        "Ember Isle shows ranger and blacksmith in its summer report",
        quality=90,
        excerpt="Fenwright's summer report has footage of two classes and of the new enemies.",
    )
    folded = article(
        "b",
        "Enemy designs and ranger footage in Fenwright's summer report",
        "wire",
        excerpt="Ember Isle gets gorgeous enemies, the ranger and the blacksmith.",
    )
    short = article(
        "c",
        "Those enemy designs look gorgeous",
        "herald",
        excerpt="We can't stop looking at what Fenwright has drawn.",
        published_at=NOON - hours(48),
    )
    ties = Ties([lead, folded, short, *filler])
    assert 2 not in ties.of(0)
    assert ties.of(1)[2].margin < 0 <= ties.of(0)[1].margin
    stories = with_also(ties, stars(ties, range(3)), {0, 2}, lambda story: story.lead.quality or 0)
    assert [(story.lead, story.folded, story.also) for story in stories] == [(lead, (folded,), (short,))]
