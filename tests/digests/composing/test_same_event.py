"""The test of "the same event" keeps its quality, on the shared labelled pairs and on a few of our own."""

import json
import lzma
import math
from itertools import product
from pathlib import Path
from typing import Any

import pytest

from benchmarks.editorial import average_precision, judge, precision_and_recall
from digests.composing.evidence import boilerplate_sentences, evidence_of, is_guide, is_market_report
from digests.composing.headlines import differ_in_names
from digests.composing.same_event import SameEvent
from digests.composing.terms import terms
from digests.composing.ties import Ties
from digests.composing.word_statistics import Statistics
from digests.models import Article
from tests.digests.making import NOON, article, hours

SHARED = Path(__file__).parents[4] / "shared" / "cases" / "same-event"
OWN = [
    ("Velm court bans Tidewright cameras", "Cameras of Tidewright have to leave Velm, court rules", True),
    ("Osk ferry runs aground in fog, 40 rescued", "Forty passengers rescued as Osk ferry grounds in fog", True),
    ("Wind park Nordsund finishes a month early", "Nordsund wind park completed ahead of schedule", True),
    ("Bank of Osk raises rates to 3.5 percent", "Osk's bank lifts interest rates to 3.5 percent", True),
    ("Velm court bans Tidewright cameras", "How to choose a camera for the harbour", False),
    ("Osk ferry runs aground in fog, 40 rescued", "Osk ferry museum opens its doors", False),
    ("Wind park Nordsund finishes a month early", "Nordsund school choir wins prize", False),
    ("Velm reports 12 new cases of harbour fever", "Velm reports 19 new cases of harbour fever", False),
    ("Velm reports one thousand new cases of harbour fever", "Velm reports 1,200 new cases of harbour fever", False),
    ("Harbour fever: 1,000 more cases in Velm", "Harbour fever: 1,000 more cases in Osk", False),
    (
        "Harbour Crane Market to Reach USD 92 Billion by 2034",
        "Ferry Paint Market to Reach USD 92 Billion by 2034",
        False,
    ),
]


def the_test(*others: str) -> SameEvent:
    """A test that knows a corpus of these headlines and of what else happens."""
    filler = [f"{word} of the week" for word in ("Orchard", "Tunnel", "Anchor", "Violin", "Castle", "Meadow") * 5]
    made = [evidence_of(article(f"n{n}", title)) for n, title in enumerate([*others, *filler])]
    return SameEvent(Statistics.of_articles(made))


def margin(first: str, second: str) -> float:
    judge_ = the_test(*{title for one, other, _same in OWN for title in (one, other)})
    one = evidence_of(article("one", first, published_at=NOON))
    other = evidence_of(article("other", second, "wire", published_at=NOON + hours(5)))
    return judge_.margin(judge_.weigh(one), judge_.weigh(other))


def test_numbers_that_differ_make_one_event_less_likely() -> None:
    judge_ = the_test()
    forty, seventy, some = (
        judge_.weigh(evidence_of(article("a", f"Ferry runs aground, {count} rescued", "wire")))
        for count in ("40", "70", "passengers")
    )
    assert judge_._base(forty, seventy) < judge_._base(forty, forty)
    assert judge_._base(forty, some) < judge_._base(forty, forty)


@pytest.mark.parametrize(("first", "second", "is_same"), OWN)
def test_pairs_of_our_own_are_judged_as_a_reader_would(first: str, second: str, is_same: bool) -> None:
    assert (margin(first, second) >= 0) is is_same
    assert margin(first, second) == margin(second, first)


def pairs_of_our_own() -> list[dict[str, Any]]:
    """Invented pairs of many kinds of news, in the form of the shared ones: `hours` lie between the two articles."""
    lines = (Path(__file__).parent / "same_event_pairs.jsonl").read_text("utf-8").splitlines()
    return [
        {
            "corpus": "own",
            "kind": pair["kind"],
            "label": pair["label"],
            "published_in_72_hours": 40,
            "a": {**pair["a"], "published_at": NOON.isoformat()},
            "b": {**pair["b"], "published_at": (NOON + hours(pair["hours"])).isoformat()},
        }
        for pair in map(json.loads, lines)
    ]


def test_average_precision_and_precision_hold_on_pairs_of_our_own() -> None:
    judged = judge(pairs_of_our_own())
    precision, recall = precision_and_recall(judged)
    assert average_precision(judged) >= 0.78
    assert precision >= 0.9
    assert recall >= 0.85


@pytest.mark.parametrize(
    "kind", ["agency", "german", "german region", "japanese", "japanese gadgets", "spanish", "spanish region"]
)
def test_one_event_is_found_in_any_language_and_under_an_agencys_many_headlines(kind: str) -> None:
    pairs = pairs_of_our_own()
    judged = [one for one, pair in zip(judge(pairs), pairs, strict=True) if pair["kind"] == kind]
    found = [one.margin >= 0 for one in judged if one.is_same]
    assert sum(found) >= 0.6 * len(found)


@pytest.mark.skipif(not SHARED.is_dir(), reason="the labelled pairs are not here")
def test_average_precision_and_precision_hold_on_the_shared_pairs() -> None:
    pairs = [json.loads(line) for line in (SHARED / "pairs.jsonl").read_text("utf-8").splitlines()]
    counted = json.loads(lzma.decompress((SHARED / "games-word-counts.json.xz").read_bytes()))
    judged = judge(pairs, {"games": Statistics.of_words(counted["articles"], counted["words"])})
    assert average_precision(judged) >= 0.9
    precision, recall = precision_and_recall(judged)
    assert precision >= 0.93
    assert recall >= 0.5


def test_numbers_and_names_with_numbers_are_one_word_each() -> None:
    assert terms("1,000 more in two days of COVID-19") == ["1000", "2", "day", "covid-19"]


def test_a_word_that_a_headline_repeats_counts_as_often() -> None:
    once, thrice = (evidence_of(article("a", title)).counts["rain"] for title in ("Rain in Velm", "Rain, rain, rain"))
    assert thrice == 3 * once


def test_scripts_without_spaces_are_compared_by_pairs_of_characters() -> None:
    assert terms("首相が辞任") == ["首相", "相が", "が辞", "辞任"]


def test_digits_of_a_topics_name_are_no_number() -> None:
    assert evidence_of(article("a", "Diablo 4 sells 10 million", topics=("Diablo 4",))).numbers == {"10"}


@pytest.mark.parametrize("title", ["How to fix a pier", "Live: storm over Osk", "10 best ferries", "Ferry review"])
def test_guides_lists_reviews_and_live_blogs_are_known(title: str) -> None:
    assert is_guide(title)
    assert not is_guide("Pier collapses in Osk")


def test_market_reports_are_known() -> None:
    assert is_market_report("Crane Market to Reach USD 12.4 Billion by 2034")
    assert not is_market_report("Fish market in Osk closes")


def test_articles_without_a_word_in_common_are_no_pair() -> None:
    assert margin("Orchard blooms", "Tunnel floods") == -math.inf


def test_an_event_that_takes_up_a_good_part_of_a_small_corpus_is_still_one() -> None:
    eruption = [
        evidence_of(article("a", "Volcano erupts on Isla Tarn, village evacuated")),
        evidence_of(article("b", "Village evacuated as volcano erupts on Isla Tarn", "wire")),
        evidence_of(article("c", "Isla Tarn volcano: airport closed as eruption goes on", "herald")),
        evidence_of(article("d", "Ash of Isla Tarn volcano reaches Brenn", "post")),
    ]
    names = (
        "Orchard",
        "Tunnel",
        "Anchor",
        "Violin",
        "Castle",
        "Meadow",
        "Piano",
        "Bridge",
        "Window",
        "Garden",
        "Kettle",
    )
    other = [evidence_of(article(f"n{n}", f"{name} of the week")) for n, name in enumerate((*names, "Lantern"))]
    judge_ = SameEvent(Statistics.of_articles([*eruption, *other]))
    assert judge_.margin(judge_.weigh(eruption[0]), judge_.weigh(eruption[1])) >= 0


def one_margin(first: Article, second: Article, *others: Article) -> float:
    """What the test says of two articles of a corpus that holds further ones."""
    names = ("Orchard", "Tunnel", "Anchor", "Violin", "Castle", "Meadow", "Piano", "Bridge", "Window", "Garden")
    times = ("week", "month", "season")
    filler = [article(f"n{n}", f"{name} of the {time}") for n, (name, time) in enumerate(product(names, times))]
    ties = Ties([first, second, *others, *filler])
    tie = ties.of(0).get(1)
    return -math.inf if tie is None else tie.margin


def test_a_report_of_an_agency_is_one_event_whatever_the_houses_print_above_it() -> None:
    text = "The engine of a cargo ship failed off the coast of Dorvia, leaving 23 sailors adrift in heavy seas."
    heads = ("Sailors adrift off Dorvia", "Freighter in trouble", "Tug on its way to help", "Rough night for seamen")
    copies = [article(f"c{n}", head, f"house{n}", excerpt=text) for n, head in enumerate(heads)]
    assert one_margin(*copies) >= 0


def test_a_sentence_that_one_house_prints_again_and_again_proves_nothing() -> None:
    text = "Sign up for our free newsletter with the best stories from the Tarn valley every morning."
    heads = ("Bakery burns down", "Wolf seen in Brenn", "Tram opens", "Choir wins prize")
    copies = [article(f"c{n}", head, "ledger", excerpt=text) for n, head in enumerate(heads)]
    assert one_margin(*copies) == -math.inf


@pytest.mark.parametrize(("houses", "is_boilerplate"), [(["ledger"] * 4, True), (["a", "b", "c", "d"], False)])
def test_a_sentence_under_several_headlines_is_boilerplate_unless_as_many_houses_print_it(
    houses: list[str], is_boilerplate: bool
) -> None:
    text = "Sign up for our free newsletter with the best stories from the Tarn valley every morning."
    heads = ("Bakery burns down", "Wolf seen in Brenn", "Tram opens", "Choir wins prize")
    made = [
        evidence_of(article(f"c{n}", head, house, excerpt=f"{text} {head} in the old town, says the mayor of Brenn."))
        for n, (head, house) in enumerate(zip(heads, houses, strict=True))
    ]
    shared = frozenset.intersection(*(frozenset(evidence.sentences) for evidence in made))
    assert shared
    assert boilerplate_sentences(made) == (shared if is_boilerplate else frozenset())


def test_instalments_of_a_column_are_events_of_their_own() -> None:
    first = article("a", "Today in Velm: choir, chess and a film under the stars", published_at=NOON)
    second = article("b", "Today in Velm: flea market, chess and a film under the stars", published_at=NOON + hours(24))
    assert one_margin(first, second) == -math.inf
    again = article("c", "Chess and a film under the stars: today in Velm", "wire", published_at=NOON + hours(2))
    assert one_margin(first, again) >= 0


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("Osk Open: Varga beats Hill 6-4, 6-3", "Osk Open: Petrov beats Larsen 6-4, 6-3"),
        ("Police seek witnesses after robbery in Osk", "Police seek witnesses after robbery in Velm"),
    ],
)
def test_headlines_that_differ_in_names_alone_report_two_events(first: str, second: str) -> None:
    assert differ_in_names(first, second)


def test_headlines_that_differ_in_a_common_word_may_report_one_event() -> None:
    assert not differ_in_names(
        "Some ordered gowns from Osk for its nurses", "They ordered gowns from Osk for its nurses"
    )


def test_amounts_are_equal_however_they_are_written() -> None:
    assert terms("$1.2bn deal") == terms("£1.2bn deal") == ["1.2", "billion", "deal"]
    assert terms("a deal of $1.2 billion") == ["deal", "1.2", "billion"]
    assert terms("145M") == terms("145 million") == terms("145 mln")
    assert terms("$50K prize") == terms("$50,000 prize")
    assert terms("84GB") == terms("84 GB") == ["84", "gb"]
    assert terms("9万9800円から")[0] == terms("価格は99,800円から")[2] == "99800"
    assert terms("2.5億") == terms("2億5000万") == ["250000000"]
    assert terms("500만대")[0] == "5000000"
    assert terms("H&M opens") == ["open"]
    assert terms("Diablo IV") == terms("Diablo 4")


@pytest.mark.parametrize(
    "title",
    ["Liveticker: Sturm über Osk", "So wird der Garten winterfest", "Cómo ahorrar agua", "En direct : la tempête"],
)
def test_guides_and_live_blogs_are_known_in_other_languages(title: str) -> None:
    assert is_guide(title)


def test_a_common_word_alone_is_nothing_new() -> None:
    judge_ = the_test("Splunk comes to Velm", "Velm gets Splunk", "Splunk doubles price")
    shown = set(terms("Velm gets Splunk"))
    comes, doubles = (judge_.weigh(evidence_of(article("a", f"Splunk {does}"))) for does in ("comes", "doubles price"))
    assert judge_.news(comes, shown) == ()
    assert judge_.news(doubles, shown)
