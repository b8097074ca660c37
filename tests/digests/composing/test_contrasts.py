"""What tells two events apart that are reported in like words, and what joins two reports with other numbers."""

from __future__ import annotations

import math
from dataclasses import replace
from itertools import product

import pytest

from digests.composing.columns import are_two_pieces
from digests.composing.evidence import evidence_of
from digests.composing.names import differ_in_names_alone, names_of
from digests.composing.same_event import BUSY, SameEvent
from digests.composing.stories import cluster
from digests.composing.ties import Ties
from digests.composing.tolls import are_counts_of_one_event, is_toll
from digests.composing.versions import are_other_models, are_rumour_and_fact
from digests.composing.word_statistics import Statistics
from digests.models import Article, DropReason, JoinReason
from tests.digests.composing.making import edition
from tests.digests.making import NOON, article, hours

WORDS = ("Orchard", "Tunnel", "Anchor", "Violin", "Castle", "Meadow", "Piano", "Bridge", "Window", "Garden", "Kettle")
FILLER = [
    article(f"n{number}", f"{word} of the {time}")
    for number, (word, time) in enumerate(product(WORDS, ("month", "season") * 15))
]


def margin(first: Article, second: Article) -> float:
    """What the test says of two articles in a corpus that is neither young nor busy."""
    ties = Ties([first, second], Statistics.of_articles([*map(evidence_of, (first, second, *FILLER))]))
    tie = ties.of(0).get(1)
    return -math.inf if tie is None else tie.margin


def two(first: tuple[str, str], second: tuple[str, str], *, houses: tuple[str, str] = ("a", "b")) -> float:
    """The same of two headlines with their excerpts, an hour apart."""
    one = article("one", first[0], houses[0], excerpt=first[1])
    other = article("other", second[0], houses[1], excerpt=second[1], published_at=NOON + hours(1))
    assert margin(one, other) == margin(other, one)
    return margin(one, other)


# --------------------------------------------------------------------------- names


def test_each_headline_naming_what_the_other_article_lacks_makes_two_events() -> None:
    ferry = ("Ferry service to Tarn ends after collision", "The line ends its service, says the harbour of Tarn.")
    other = ("Ferry service to Brenn ends after storm collision", "The line ends its service, says the port of Brenn.")
    same = ("Ferry service ends after collision off Tarn", "The line ends its service, says the harbour of Tarn.")
    assert two(ferry, same) >= 0
    assert two(ferry, other) < two(ferry, same) - 1


def test_names_are_words_with_capitals_where_others_have_none() -> None:
    assert names_of("Havel signs for Lund after talks with Ostrava", "") == {"lund", "ostrava"}
    assert names_of("Talks End As Striker Signs For Lund", "The striker signs for Lund after talks end.") == {"lund"}
    assert names_of("Police on Monday seek a NATO officer", "") == {"nato"}


def test_nouns_of_a_language_that_gives_them_capitals_are_no_names() -> None:
    title = "Der Kran ist umgefallen und liegt auf dem Dach"
    assert names_of(title, "Die Feuerwehr hat das Haus nach dem Unfall gesperrt.") == frozenset()


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        ("Brightkeel tops estimates in first quarter", "Osk Bank tops estimates in first quarter", True),
        ("Velm inflation rises to 2.1% in spring", "Osk inflation rises to 4.4% in spring", True),
        ("Six workers at Tarn mill test positive", "Seven workers at Tarn mill test positive", False),
        ("Velm inflation rises to 2.1% in spring", "Velm inflation falls to 2.1% in spring", False),
    ],
)
def test_headlines_that_are_equal_but_for_names_and_numbers_are_two_events(
    first: str, second: str, expected: bool
) -> None:
    one, other = evidence_of(article("a", first)), evidence_of(article("b", second))
    assert differ_in_names_alone(one, other) is expected


def test_two_words_for_one_thing_are_no_two_names_if_an_article_has_both() -> None:
    one = evidence_of(
        article("a", "Tarnpox spreads in the schools of the valley", excerpt="Tarnpox, or Corvid-9, spreads.")
    )
    other = evidence_of(article("b", "Corvid-9 spreads in the schools of the valley"))
    assert not differ_in_names_alone(one, other)


# --------------------------------------------------------------------------- one provider


@pytest.mark.parametrize(
    ("second", "provider", "expected"),
    [
        ("Cluster backups of Nimbral now for smaller workloads", "ledger", True),
        ("Nimbral: key viewer is now in the console", "ledger", False),
        ("Cluster backups of Nimbral now for smaller workloads", "wire", False),
    ],
)
def test_a_provider_reports_an_event_twice_only_by_rewriting_its_headline(
    second: str, provider: str, expected: bool
) -> None:
    one = evidence_of(article("a", "Key viewer now in the console of Nimbral"))
    assert are_two_pieces(one, evidence_of(article("b", second, provider))) is expected


# --------------------------------------------------------------------------- tolls


@pytest.mark.parametrize("title", ["Quake in Dorvia kills 12", "Dorvia: 40 Tote nach Beben", "Séisme : 40 blessés"])
def test_victims_are_counted_in_any_language(title: str) -> None:
    assert is_toll(title)


@pytest.mark.parametrize("title", ["Dorvia reports 3 more deaths", "Dorvia sells 12 ferries"])
def test_a_days_bulletin_is_no_growing_toll(title: str) -> None:
    assert not is_toll(title)


def test_a_growing_toll_is_one_event() -> None:
    first = ("At least 12 killed as quake strikes Dorvia", "The tremor struck the town of Tarn before dawn.")
    later = ("At least 40 killed as quake strikes Dorvia", "Rescuers dig in the town of Tarn after the tremor.")
    assert two(first, later) >= 0
    sold = ("At least 12 ferries sold as quake strikes Dorvia", first[1])
    assert two(sold, later) < 0


def test_tolls_of_two_places_are_two_events() -> None:
    first = ("At least 12 killed as quake strikes Dorvia", "The tremor struck the town of Tarn before dawn.")
    other = ("At least 40 killed as quake strikes Kesh", "The tremor struck the town of Ulm before dawn.")
    assert two(first, other) == -math.inf


@pytest.mark.parametrize(("later_hours", "expected"), [(2, True), (20, False)])
def test_a_provider_brings_the_numbers_of_its_report_up_to_date_within_hours(
    later_hours: float, expected: bool
) -> None:
    one = evidence_of(article("a", "Index up 200 points as markets reopen"))
    other = evidence_of(article("b", "Index up 400 points as markets reopen", published_at=NOON + hours(later_hours)))
    assert are_counts_of_one_event(one, other) is expected


@pytest.mark.parametrize(
    "live",
    ["Live updates: quake in Dorvia kills 12", "Quake in Dorvia: 12 dead – live blog", "Liveticker: Dorvia, 12 Tote"],
)
def test_a_live_blog_stands_beneath_the_news_and_never_vanishes_in_it(live: str) -> None:
    excerpt = "The tremor struck the town of Tarn before dawn. 12 people were killed in Dorvia, the mayor of Tarn says."
    report = "Quake in Dorvia kills 12"
    assert -1 < two((report, excerpt), (live, excerpt)) < 0
    assert two((report, excerpt), ("Quake in Dorvia kills 12 people", excerpt)) >= 0


# --------------------------------------------------------------------------- products


@pytest.mark.parametrize(
    ("first", "second", "excerpt", "expected"),
    [
        ("Kite unveils Phone 17", "Kite unveils Phone 17 Pro", "", True),
        ("Kite unveils Phone 17", "Kite unveils Phone 17 Pro", "The Phone 17 Pro and the Phone 17 ship in May.", False),
        ("Vortex launches RX 9070 and RX 9070 XT", "Vortex launches RX 9070 XT", "", False),
        ("Kite unveils Phone 17", "Kite unveils Phone 17 in Velm", "", False),
        ("Kite unveils Phone 17", "Kite's new phone is a pro", "", False),
    ],
)
def test_two_models_of_a_product_are_two_events(first: str, second: str, excerpt: str, expected: bool) -> None:
    one = evidence_of(article("a", first, excerpt=excerpt))
    other = evidence_of(article("b", second))
    assert are_other_models(one, other) is expected
    assert are_other_models(other, one) is expected


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        ("Hollow Tide 2 leaks on rating board", "Hollow Tide 2 announced with trailer", True),
        ("Hollow Tide 2 leaks on rating board", "Hollow Tide 2 found on rating board", False),
        ("Fenwright confirms that Hollow Tide 2 leaked", "Fenwright announces Hollow Tide 2", False),
    ],
)
def test_a_rumour_and_the_announcement_are_two_events(first: str, second: str, expected: bool) -> None:
    one, other = evidence_of(article("a", first)), evidence_of(article("b", second))
    assert are_rumour_and_fact(one, other) is expected
    assert are_rumour_and_fact(other, one) is expected


# --------------------------------------------------------------------------- a young corpus


def test_in_its_first_hours_a_busy_corpus_counts_as_busy() -> None:
    begin_s = int(NOON.timestamp())
    judge = SameEvent(Statistics(1000, {}), [begin_s + minute * 600 for minute in range(73)])
    assert judge.published_within(begin_s + 12 * 3600) > 200
    quiet = SameEvent(Statistics(1000, {}), [begin_s + minute * 2400 for minute in range(19)])
    assert quiet.published_within(begin_s + 12 * 3600) == 19 <= BUSY


# --------------------------------------------------------------------------- reports in between


@pytest.mark.parametrize("kind", ["", "Podcast: "])
def test_two_leads_are_likely_one_event_if_a_third_report_but_no_guide_tells_the_event_of_either(kind: str) -> None:
    sinking = article("a", "Ferry sinks in gale off northern coast", "ledger", quality=95)
    arrest = article("b", "Captain arrested over negligence after accident", "wire", quality=90)
    text = "The captain was arrested over negligence after the ferry sank in a gale off the northern coast."
    between = article(
        "c", f"{kind}Ferry sinks in gale, captain arrested over negligence", "herald", excerpt=text, quality=10
    )
    digest = edition([sinking, arrest, between, *FILLER])
    story = next(story for story in digest.stories if story.lead is sinking)
    assert story.folded
    assert (arrest in story.also) is (not kind)


# --------------------------------------------------------------------------- addresses


def at_a_page(name: str, title: str, provider: str, page: str) -> Article:
    made = article(name, title, provider)
    return replace(made, url=f"https://{page}", key=page)


@pytest.mark.parametrize("second_house", ["herald", "live", "post"])
def test_an_address_that_two_headlines_claim_is_no_identity(second_house: str) -> None:
    page = "live.example/today"
    one = at_a_page("one", "Ferry runs aground off Osk", "herald", page)
    other = at_a_page("two", "Parliament passes the wind bill", second_house, page)
    assert len(cluster([one, other])) == 2
    version = at_a_page("three", "Ferry aground off Osk, crew safe", second_house, page)
    (story,) = cluster([one, version])
    assert [join.reason for join in story.joins] == [JoinReason.SAME_ADDRESS]


def test_a_digest_prints_an_address_once() -> None:
    page = "live.example/today"
    one = at_a_page("one", "Ferry runs aground off Osk", "herald", page)
    other = replace(at_a_page("two", "Parliament passes the wind bill", "post", page), quality=10)
    digest = edition([one, other])
    assert [story.lead.title for story in digest.stories] == [one.title]
    assert not digest.stories[0].folded
    assert digest.left_out == ()
    assert DropReason.SAME_ADDRESS not in {item.reason for item in digest.dropped if item.key != page}
