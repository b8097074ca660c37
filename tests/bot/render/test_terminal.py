"""The terminal's page says all that a digest says, in any width, and nothing in it can drive the terminal."""

from __future__ import annotations

import io
import re
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rich.console import Console

from bot.render.look import Look
from bot.render.terminal import PAGE_COLUMNS, print_digest, print_problems, print_report, print_search
from digests.models import Digest, LoadReport, Problem, SearchAnswer, SearchRequest, Style
from tests.bot.render import strategies
from tests.bot.render.making import NOW, a_digest, a_full_digest, a_story, an_article
from tests.examples import examples

HYPERLINK = re.compile(r"\x1b\]8;[^\x1b]*\x1b\\")
COLOUR = re.compile(r"\x1b\[[0-9;]*m")


def a_console(width: int = 80, *, terminal: bool = False) -> Console:
    return Console(
        file=io.StringIO(), width=width, force_terminal=terminal, color_system="standard" if terminal else None
    )


def printed(console: Console) -> str:
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


@pytest.mark.parametrize("width", [60, 80, 100, 120])
def test_a_digest_fills_the_width_and_no_more(width: int) -> None:
    console = a_console(width, terminal=True)
    print_digest(console, a_full_digest(), explain=True)
    shown = COLOUR.sub("", HYPERLINK.sub("", printed(console)))
    assert max(map(len, shown.splitlines())) == min(width, PAGE_COLUMNS)


def test_a_digest_says_everything() -> None:
    console = a_console(100)
    print_digest(console, a_full_digest(), style=Style.FULL, look=Look(emoji={"Computer Vision": "📷"}))
    shown = printed(console)
    for words in (
        "T H E   D A I L Y   B R O A D S H E E T",
        "Wednesday, 8 July 2020 · Europe/Berlin",
        "7 stories from 7 providers",
        "📷 COMPUTER VISION",
        "OTHER NEWS",
        "New York Times · 5 hours ago",
        "+7 more",
        "Update · new: Forbes, 3 more links",
        "+12 more stories left out",
    ):
        assert words in shown


def test_ages_are_counted_from_the_given_moment() -> None:
    console = a_console()
    print_digest(console, a_full_digest(), now=NOW + timedelta(days=3))
    assert "New York Times · 3 days ago" in printed(console)


def test_titles_are_hyperlinks_on_a_terminal() -> None:
    console = a_console(terminal=True)
    print_digest(console, a_digest(("AI", [a_story(an_article("News", url="https://a.example/x"))])))
    assert re.search(r"\x1b\]8;id=\d+;https://a\.example/x\x1b\\", printed(console))
    assert "\n  https://a.example/x" not in printed(console)


def test_addresses_are_written_out_whole_where_there_are_no_hyperlinks() -> None:
    url = "https://a.example/" + "x" * 200
    console = a_console()
    print_digest(console, a_digest(("AI", [a_story(an_article("News", url=url), links=1)])), style=Style.FULL)
    assert f"\n  {url}\n" in printed(console)
    assert "\n      https://www.forbes.com/sites/2020/07/06/related-story-number-1/\n" in printed(console)


def test_an_explanation_shows_the_numbers_and_the_reasons() -> None:
    console = a_console(100)
    print_digest(console, a_full_digest(), explain=True)
    shown = printed(console)
    assert re.search(r"Clearview AI Stops .* 78\.4 +32\.0 +5\.5 +20\.9 +20\.0", shown)
    assert "reuters.com/article/clearview-canada" in shown
    assert "below the quality floor" in shown
    assert "nothing new in a told story" in shown


def test_each_style_prints_what_it_promises() -> None:
    lead = an_article("News", excerpt="It happened on Monday at noon, in front of all. It was over by one.")

    def told(style: Style) -> str:
        console = a_console()
        print_digest(console, a_digest(("AI", [a_story(lead, links=7)])), style=style)
        return printed(console)

    assert "It was over by one." in told(Style.FULL)
    assert "Related story number 5 · " in told(Style.FULL)
    assert "It happened on Monday at noon, in front of all." in told(Style.COMPACT)
    assert "It was over" not in told(Style.COMPACT)
    assert "related: Forbes · Reuters · +5 more" in told(Style.COMPACT)
    assert "• News · New York Times · +7 more" in told(Style.HEADLINES)
    assert "Monday" not in told(Style.HEADLINES)


@pytest.mark.slow
@settings(max_examples=examples(20), suppress_health_check=list(HealthCheck))
@given(strategies.digests(most_stories=8), st.sampled_from(Style))
def test_nothing_in_any_digest_drives_the_terminal(digest: Digest, style: Style) -> None:
    console = a_console()
    print_digest(console, digest, explain=True, style=style)
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e\ud800-\udfff]", printed(console))
    on_terminal = a_console(terminal=True)
    print_digest(on_terminal, digest)
    rest = COLOUR.sub("", HYPERLINK.sub("", printed(on_terminal)))
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f]", rest)


def test_rich_reads_no_markup_in_a_title() -> None:
    console = a_console()
    print_digest(console, a_digest(("[red]AI[/red]", [a_story(an_article("[bold]News[/nonsense] :smile:"))])))
    assert "[bold]News[/nonsense] :smile:" in printed(console)
    assert "[RED]AI[/RED]" in printed(console)


def test_a_quiet_day_says_so() -> None:
    console = a_console()
    print_digest(console, a_digest())
    assert "A quiet day: nothing new." in printed(console)


def test_the_archive_says_so() -> None:
    console = a_console()
    print_digest(console, a_digest(("AI", [a_story()]), from_archive=True))
    assert "On this day" in printed(console)


def test_an_answer_numbers_its_stories() -> None:
    console = a_console()
    answer = SearchAnswer(SearchRequest("clearveiw"), 23, 5, a_full_digest().stories[:2], corrected_query="clearview")
    print_search(console, answer, now=NOW)
    shown = printed(console)
    assert "Showing results for clearview. Nothing was found for “clearveiw”." in shown
    assert "6–7 of 23 stories" in shown
    assert "6. Clearview AI Stops Offering" in shown


def test_nothing_found_says_what_to_try() -> None:
    console = a_console()
    print_search(console, SearchAnswer(SearchRequest("x"), 0, 0, (), nearest_terms=("y",), advice=("Try less.",)))
    assert printed(console) == "Nothing was found.\nWords that come close: y\nTry less.\n"


def test_a_report_lists_every_problem() -> None:
    console = a_console()
    problems = (Problem("a/b.md", 3, "no title"), Problem("c.md", None, "a link was dropped", False))
    print_report(console, LoadReport(3, 1, 900, 0, 2, problems, 0.43))
    shown = printed(console)
    assert "3 new · 1 changed · 900 unchanged · 0 removed · 2 rejected · 0.4 s" in shown
    assert re.search(r"a/b\.md +3 +no title", shown)
    assert "a link was dropped" in shown


def test_no_problem_prints_nothing() -> None:
    console = a_console()
    print_problems(console, ())
    assert printed(console) == ""
