"""One page and one headline stand once in a digest, and nothing vanishes with what is not printed."""

from __future__ import annotations

from dataclasses import replace

from digests.composing.compose import compose
from digests.models import Article, Delivered, Digest, DropReason, Policy, Window
from tests.digests.composing.making import UNTIL, WINDOW, edition, leads
from tests.digests.making import NOON, article, hours

QUAKE = "The tremor struck the town of Tarn before dawn. Rescuers dig for miners under the ruins of the station."
MAYOR = "The mayor gives up office after the council read her letters about the ferry to a shipyard owner aloud."


def entry(name: str, title: str, excerpt: str, quality: int) -> Article:
    """An entry of a live blog: all of them name the blog's page."""
    return replace(article(name, title, "live", excerpt=excerpt, quality=quality), key="live.example/blog")


def test_a_report_beneath_a_live_blogs_entry_is_told_if_the_blogs_page_is_taken() -> None:
    first = entry("1", "Live updates: quake buries station in Tarn", QUAKE, 90)
    second = entry("2", "Live updates: mayor of Velm resigns over ferry letters", MAYOR, 80)
    report = article("report", "Mayor of Velm resigns over ferry letters", "wire", excerpt=MAYOR, quality=40)
    together = edition([second, report])
    assert [[a.key for a in story.also] for story in together.stories] == [[report.key]]
    digest = edition([first, second, report])
    assert leads(digest) == [first.key, report.key]


def test_what_is_below_the_floor_is_left_out_if_the_blogs_page_is_taken() -> None:
    first = entry("1", "Live updates: quake buries station in Tarn", QUAKE, 90)
    second = entry("2", "Live updates: mayor of Velm resigns over ferry letters", MAYOR, 80)
    report = article("report", "Mayor of Velm resigns over ferry letters", "wire", excerpt=MAYOR, quality=10)
    digest = edition([first, second, report], policy=Policy(min_quality=30))
    assert leads(digest) == [first.key]
    assert [item.story.lead.key for item in digest.left_out] == [report.key]


def test_a_page_that_stands_as_a_headline_does_not_stand_beneath_another_story() -> None:
    first = entry("1", "Live updates: quake buries station in Tarn", QUAKE, 90)
    second = entry("2", "Live updates: mayor of Velm resigns over ferry letters", MAYOR, 40)
    report = article("report", "Mayor of Velm resigns over ferry letters", "wire", excerpt=MAYOR, quality=80)
    digest = edition([first, second, report])
    assert leads(digest) == [first.key, report.key]
    assert not [story for story in digest.stories if story.also]


def weekly(*articles: Article) -> Digest:
    window = Window(UNTIL - hours(7 * 24), UNTIL)
    return compose(articles, (), Delivered(), Policy(), window, local_date=WINDOW.until.date(), timezone="UTC")


def test_a_headline_that_came_back_after_days_stands_once() -> None:
    first = article("first", "Ferry captain arrested after night in the gale", published_at=NOON - hours(120))
    again = article("again", first.title, "wire", published_at=NOON, arrived_at=NOON)
    digest = weekly(first, again)
    assert leads(digest) == [again.key]
    assert [(item.key, item.reason) for item in digest.dropped] == [(first.key, DropReason.SAME_HEADLINE)]


def test_a_short_headline_heads_other_news_of_another_provider() -> None:
    first = article("first", "Police blotter", published_at=NOON - hours(120))
    again = article("again", first.title, "wire")
    assert sorted(leads(weekly(first, again))) == sorted([first.key, again.key])


def test_a_round_up_does_not_link_the_page_that_another_story_leads_with() -> None:
    first = entry("1", "Live updates: quake buries station in Tarn", QUAKE, 90)
    second = entry("2", "Shipyard letters read aloud: mayor gives up office", MAYOR, 40)
    report = article("report", "Mayor of Velm resigns over ferry letters", "wire", excerpt=MAYOR, quality=80)
    alone = edition([second, report])
    assert [[link.key for link in story.roundup] for story in alone.stories] == [[second.key]]
    digest = edition([first, second, report])
    assert leads(digest) == [report.key, first.key]
    assert not [link for story in digest.stories for link in story.roundup]
