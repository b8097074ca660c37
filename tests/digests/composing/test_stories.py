"""Which articles become one story, and what stands in its round-up."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digests.composing.headlines import plain_words
from digests.composing.roundups import gather, roundup
from digests.composing.stories import Cluster, cluster, preference, tied
from digests.models import JoinReason, Provider
from tests.digests.making import NOON, article, hours, link, listing


def groups(*articles):
    return [tuple(a.key for a in story.articles) for story in cluster(articles)]


def test_articles_that_share_an_address_are_one_story():
    first = article("a", quality=90)
    again = article("b", "A new title for it", aliases=("ledger.example/a",), published_at=NOON + hours(24 * 40))
    (story,) = cluster([again, first])
    assert story.lead is first
    assert story.folded == (again,)
    assert story.joins[0].reason is JoinReason.SAME_ADDRESS


def test_an_article_with_two_known_addresses_ties_their_stories_together():
    one, two = article("one"), article("two", "Quite another headline here", quality=70)
    both = article("both", "A third headline altogether", aliases=(one.key, two.key), quality=10)
    assert groups(one, two, both) == [(one.key, two.key, both.key)]


def test_a_wire_text_in_two_outlets_is_one_story():
    first = article("x", "Velm shuts north basin after oil spill", "ledger", quality=60)
    second = article("y", "Velm shuts north basin after oil spill", "wire", published_at=NOON + hours(70))
    (story,) = cluster([first, second])
    assert story.lead is second
    assert [join.reason for join in story.joins] == [JoinReason.SAME_TITLE]


def test_the_same_headline_after_more_than_three_days_is_another_story():
    first = article("x", "Velm shuts north basin after oil spill")
    later = article("y", "Velm shuts north basin after oil spill", published_at=NOON + hours(73))
    assert len(cluster([first, later])) == 2


@pytest.mark.parametrize(
    "title", ["日本の首相が辞任を表明", "Strike", "Power restored", "辞任", "2026年の予算案が成立"]
)
def test_one_short_title_in_two_outlets_is_one_story(title):
    first, second = article("x", title), article("y", f"{title}!", "wire", published_at=NOON + hours(70), quality=60)
    (story,) = cluster([first, second])
    assert [join.reason for join in story.joins] == [JoinReason.SAME_TITLE]
    assert len(cluster([first, article("y", title, "wire", published_at=NOON + hours(73))])) == 2


@pytest.mark.parametrize(
    "title", ["Morning briefing", "Newsletter", "Live", "Opinion", "News in brief", "2", "…", "Now"]
)
def test_a_heading_in_two_outlets_proves_nothing(title):
    assert len(cluster([article("x", title), article("y", title, "wire")])) == 2


def test_a_short_title_that_an_outlet_uses_again_is_a_heading_of_its_own():
    first, second = article("x", "Harbour notes"), article("y", "Harbour notes", published_at=NOON - hours(24 * 5))
    other, third = article("z", "Harbour notes", "wire"), article("z", "Harbour notes", "herald")
    assert len(cluster([first, second])) == 2
    assert len(cluster([first, second, other])) == 3
    assert groups(first, second, other, third) == [(second.key,), (third.key, other.key), (first.key,)]


def test_a_long_title_without_spaces_is_one_story_whoever_prints_it():
    title = "日本の首相が辞任を表明"
    assert len(cluster([article("x", title), article("y", title)])) == 1
    assert len(cluster([article("x", title), article("y", "韓国の首相が辞任を表明", "wire")])) == 2


def test_an_unpublished_article_that_is_listed_as_related_is_folded():
    draft = article("draft", "Quite different words here", "wire", published=False)
    lead = article("lead", "Velm shuts the basin", related=(listing(draft),), quality=10)
    (story,) = cluster([draft, lead])
    assert story.lead is lead
    assert story.joins[0].reason is JoinReason.RELATED_UNPUBLISHED


def test_an_unpublished_article_of_long_ago_is_not_folded_though_listed():
    old = article("old", published=False, published_at=NOON - timedelta(days=200))
    lead = article("lead", "Velm shuts the basin", related=(listing(old),))
    assert len(cluster([old, lead])) == 2


def test_related_alone_is_no_proof_of_one_event():
    other = article("other", "Bank opens a branch in Osk", "wire")
    lead = article("lead", "Velm shuts the basin after an oil spill", related=(listing(other),))
    assert len(cluster([other, lead])) == 2


def test_a_published_article_that_is_listed_and_evidently_the_same_event_is_folded():
    other = article("other", "Tidewright asked to leave Velm at once", "wire", quality=50)
    lead = article("lead", "Velm court bans Tidewright cameras", related=(listing(other),))
    (story,) = cluster([other, lead])
    assert story.joins[0].reason is JoinReason.RELATED_SAME_EVENT
    assert "Tidewright" in story.joins[0].evidence


def test_words_of_the_topic_and_the_provider_prove_nothing():
    other = article("other", "Harbours of Osk in Ledger poll on wind", topics=("Harbours",))
    lead = article("lead", "Ledger counts harbours of Velm", topics=("Harbours",), related=(listing(other),))
    assert len(cluster([other, lead])) == 2


def test_a_chain_of_related_lists_does_not_grow_into_one_story():
    c = article("c", "Osk parliament debates cameras on ferries", "c")
    b = article("b", "Velm court cameras ruling reaches Osk parliament", "b", related=(listing(c),), quality=70)
    a = article("a", "Velm court bans Tidewright", "a", related=(listing(b),), quality=90)
    keys = groups(a, b, c)
    assert (a.key, b.key) in keys
    assert (c.key,) in keys


def test_a_neighbours_neighbour_joins_if_it_proves_itself_against_the_lead():
    lead = article("lead", "Tidewright banned from Velm harbour", "a", quality=90)
    other = article("other", "Velm harbour removes last Tidewright camera", "b", quality=60)
    hub = article("hub", "Velm and Tidewright part ways", "c", quality=50, related=(listing(lead), listing(other)))
    assert groups(lead, other, hub) == [(lead.key, other.key, hub.key)]


def test_the_round_up_holds_no_address_and_no_headline_twice_and_never_the_lead():
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


def test_the_lead_stands_in_no_round_up_under_another_of_its_addresses():
    lead = article("two", related=(link("three", provider="ledger"),), quality=90)
    other = article("three", "The same under its own address", aliases=(lead.key,), related=(listing(lead),))
    (story,) = cluster([lead, other])
    assert story.lead is lead
    assert roundup(story) == ()


def test_an_article_with_two_addresses_stands_in_a_round_up_once():
    two = article("two", "The page under its old address", quality=70)
    three = article("three", "The page under its new address", aliases=(two.key,), quality=60)
    lead = article("lead", "Velm shuts the basin", related=(listing(two), listing(three)))
    assert [entry.key for entry in gather((lead, two, three), lead).links] == [two.key]
    assert gather((lead, two, three), lead, told={two.key}).links == ()
    assert gather((lead, two, three), lead, taken={three.key}).links == ()


def test_other_addresses_of_related_links_are_the_same_article():
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
    assert gather((lead,), lead, told={"wire.example/other"}).links == ()


def test_a_related_link_ties_by_any_of_its_addresses():
    other = article("other", "Tidewright asked to leave Velm at once", "wire", quality=50)
    listed = link("moved", aliases=(other.key,))
    lead = article("lead", "Velm court bans Tidewright cameras", related=(listed,))
    assert tied([lead, other]) == {0, 1}
    assert groups(lead, other) == [(lead.key, other.key)]
    assert [entry.key for entry in roundup(cluster([lead, other])[0])] == [other.key]


def test_the_round_up_is_best_first_then_newest_and_leaves_out_what_was_told():
    links = (
        link("low", quality=10),
        link("old", quality=90, published_at=NOON - hours(9)),
        link("new", quality=90, published_at=NOON),
        link("unknown"),
        link("told", quality=100),
    )
    (story,) = cluster([article("lead", related=links)])
    keys = [entry.key for entry in roundup(story, told={"wire.example/told"})]
    assert keys == ["wire.example/new", "wire.example/old", "wire.example/low", "wire.example/unknown"]


names = st.sampled_from(list("abcdefgh"))
few = st.just(()) | st.lists(names, max_size=2)


@st.composite
def corpora(draw):
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
def test_every_article_stands_in_exactly_one_story_whatever_the_lists_say(articles):
    stories = cluster(articles)
    told = [a.path for story in stories for a in story.articles]
    assert sorted(told) == sorted(a.path for a in articles)
    for story in stories:
        assert story.lead.published or not any(a.published for a in story.folded)
        assert len(story.joins) >= len(story.folded)
        links = roundup(story)
        assert len({entry.key for entry in links}) == len(links)
        assert len({plain_words(entry.title) for entry in links}) == len(links)
        of_the_lead = [a.keys for a in story.articles if not set(a.keys).isdisjoint(story.lead.keys)]
        assert not {entry.key for entry in links} & {key for keys in of_the_lead for key in keys}


@given(corpora(), st.frozensets(names))
def test_what_is_not_tied_to_anything_is_a_story_of_its_own(articles, told):
    addresses = {f"ledger.example/{name}" for name in told}
    numbers = tied(articles, addresses)
    alone = [article for number, article in enumerate(articles) if number not in numbers]
    assert not any(addresses.intersection(article.keys) for article in alone)
    apart = (*cluster([articles[number] for number in numbers]), *map(Cluster, alone))
    assert sorted(cluster(articles), key=_lead) == sorted(apart, key=_lead)


def _lead(story):
    return preference(story.lead)


def test_clustering_does_not_depend_on_the_order_of_its_input():
    made = [article(str(i), f"Velm bans Tidewright cameras {'again' * (i % 2)}", quality=i) for i in range(9)]
    assert cluster(made) == cluster(made[::-1])


def test_provider_names_are_kept_as_given():
    story = cluster([article("a")])[0]
    assert story.lead.provider == Provider("Ledger", "ledger.example")
