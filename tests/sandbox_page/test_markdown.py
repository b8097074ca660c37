"""Discord's markdown as the sandbox draws it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox.html import ChannelName, RoleName, View, render_inline, render_markdown
from sandbox.html.timestamps import relative
from tests.sandbox_page.markup import Markup

NOW = datetime(2020, 2, 22, 13, 4, tzinfo=UTC)
VIEW = View(
    NOW,
    ZoneInfo("America/Toronto"),
    users={"42": "Mina"},
    roles={"7": RoleName("News", 0xE67E22), "8": RoleName("Plain")},
    channels={"9": ChannelName("daily-news")},
)
UNIX = int(datetime(2020, 2, 20, 21, 20, 30, tzinfo=UTC).timestamp())


def shown(source: str) -> str:
    return render_markdown(source, VIEW)


def inline(source: str) -> str:
    return render_inline(source, VIEW)


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("**bold**", "<strong>bold</strong>"),
        ("*it*", "<em>it</em>"),
        ("_it_", "<em>it</em>"),
        ("__under__", "<u>under</u>"),
        ("~~gone~~", "<s>gone</s>"),
        ("***both***", "<em><strong>both</strong></em>"),
        ("**bold *and it* too**", "<strong>bold <em>and it</em> too</strong>"),
        ("__**x**__", "<u><strong>x</strong></u>"),
        ("`a*b*`", '<code class="dc-code">a*b*</code>'),
        ("``a`b``", '<code class="dc-code">a`b</code>'),
        ("`not closed", "`not closed"),
        ("2 * 3 * 4", "2 * 3 * 4"),
        ("**open", "**open"),
        ("snake_case_name", "snake_case_name"),
        (r"\*plain\*", "*plain*"),
        (r"\\*it*", r"\<em>it</em>"),
        (r"C:\new", r"C:\new"),
        ("<b>&amp;</b>", "&lt;b&gt;&amp;amp;&lt;/b&gt;"),
    ],
)
def test_emphasis_and_code_read_as_in_discord(source: str, expected: str) -> None:
    assert inline(source) == expected


def test_headings_subtext_and_text_are_blocks_of_their_own() -> None:
    assert shown("# One\n## Two\n### Three\n-# small\ntext\nmore") == (
        '<h2 class="dc-h1">One</h2><h3 class="dc-h2">Two</h3><h4 class="dc-h3">Three</h4>'
        '<small class="dc-subtext">small</small><p>text\nmore</p>'
    )


@pytest.mark.parametrize("source", ["#tag", "#### four", "text # not", r"\# not", "-#no", "1.no", "-no", ">no"])
def test_what_only_resembles_a_block_stays_text(source: str) -> None:
    assert Markup(shown(source)).tags == ["p"]


def test_lists_nest_by_indent_and_keep_their_numbers() -> None:
    assert shown("- a\n  - b\n  - c\n- d") == "<ul><li>a<ul><li>b</li><li>c</li></ul></li><li>d</li></ul>"
    assert shown("3. x\n4. y") == '<ol start="3"><li>x</li><li>y</li></ol>'
    assert shown("- a\n1. b") == "<ul><li>a</li></ul><ol><li>b</li></ol>"
    assert shown("- a\n  still a") == "<ul><li>a\nstill a</li></ul>"


def test_quotes_take_their_lines_and_three_marks_take_the_rest() -> None:
    assert shown("> a\n> b\nc") == "<blockquote><p>a\nb</p></blockquote><p>c</p>"
    assert shown("a\n>>> b\n\nc") == "<p>a\n</p><blockquote><p>b\n\nc</p></blockquote>"


def test_a_code_block_shows_its_text_untouched() -> None:
    assert shown("see ```py\nprint('**<x>**')\n```\nend") == (
        '<p>see </p><pre class="dc-code-block" data-language="py"><code>print(&#x27;**&lt;x&gt;**&#x27;)</code></pre>'
        "<p>end</p>"
    )


def test_links_open_elsewhere_and_only_web_addresses_are_links() -> None:
    link = Markup(shown("[**Title**](https://example.org/a_(b)?c=1&d=2)"))
    assert link.links == ["https://example.org/a_(b)?c=1&d=2"]
    assert link.tags == ["p", "a", "strong"]
    assert 'rel="noopener noreferrer nofollow"' in shown("https://example.org")
    for source in (
        "[x](javascript:alert(1))",
        "[x](data:text/html,a)",
        "[x](//host)",
        "[x](https://)",
        "<javascript:x>",
    ):
        assert Markup(shown(source)).links == []
        assert Markup(shown(source)).text == source


def test_bare_links_leave_out_what_ends_the_sentence() -> None:
    found = Markup(shown("(see https://example.org/a_(b)), <https://example.org/x>. https://example.org/y."))
    assert found.links == ["https://example.org/a_(b)", "https://example.org/x", "https://example.org/y"]


def test_a_label_that_is_an_address_cannot_hide_another() -> None:
    found = Markup(shown("[https://bank.example](https://evil.example)"))
    assert found.text == "[https://bank.example](https://evil.example)"
    assert found.links == ["https://evil.example"]


def test_a_masked_link_may_hold_brackets_and_a_title() -> None:
    assert Markup(shown('[a [b] c](<https://example.org/x> "tip")')).text == "a [b] c"


@pytest.mark.parametrize(
    ("style", "expected"),
    [
        ("t", "4:20 PM"),
        ("T", "4:20:30 PM"),
        ("d", "2/20/2020"),
        ("D", "February 20, 2020"),
        ("f", "February 20, 2020 at 4:20 PM"),
        ("F", "Thursday, February 20, 2020 at 4:20 PM"),
        ("s", "2/20/2020, 4:20 PM"),
        ("S", "2/20/2020, 4:20:30 PM"),
        ("R", "2 days ago"),
    ],
)
def test_timestamps_are_written_in_the_readers_zone(style: str, expected: str) -> None:
    assert Markup(shown(f"<t:{UNIX}:{style}>")).text == expected
    assert Markup(shown(f"<t:{UNIX}>")).text == "February 20, 2020 at 4:20 PM"


def test_a_time_beyond_every_calendar_is_an_invalid_date() -> None:
    for unix in ("99999999999999999", "-99999999999999", "253402300799"):
        assert Markup(shown(f"<t:{unix}:F>")).text in ("Invalid Date", "Friday, December 31, 9999 at 6:59 PM")


@pytest.mark.parametrize(
    ("delta", "expected"),
    [
        (timedelta(0), "now"),
        (timedelta(seconds=-30), "30 seconds ago"),
        (timedelta(minutes=-1), "1 minute ago"),
        (timedelta(minutes=-59), "1 hour ago"),
        (timedelta(hours=18), "in 18 hours"),
        (timedelta(days=-28), "28 days ago"),
        (timedelta(days=-70), "2 months ago"),
        (timedelta(days=800), "in 2 years"),
    ],
)
def test_relative_times_use_the_largest_fitting_unit(delta: timedelta, expected: str) -> None:
    assert relative(NOW + delta, NOW) == expected


def test_mentions_show_names_and_unknown_ones_say_so() -> None:
    known = "<@42> <@!42> <@&7> <@&8> <#9> </digest list:5> @everyone"
    assert Markup(shown(known)).text == "@Mina @Mina @News @Plain #daily-news /digest list @everyone"
    assert Markup(shown("<@1> <@&1> <#1>")).text == "@unknown-user @unknown-role #unknown"
    assert Markup(shown("<a:wave:123456789012345678> <:x1:1>")).text == ":wave: :x1:"


def test_a_spoiler_can_be_reached_and_read_without_a_script() -> None:
    (tag, attributes) = Markup(shown("||the **end**||")).found[1]
    assert tag == "span"
    assert attributes["tabindex"] == "0"
    assert Markup(shown("||the **end**||")).text == "the end"


# --------------------------------------------------------------------------- whatever is written

MARKS = r"""
    * ** *** _ __ ~~ | || ` `` ``` \ [ ] ( ) < > @ # ## -# - 1. > >>> <t: :R> <@ <@& <# </a:1> https:// https://a.b/c
    [x](https://a.b) javascript: " ' & &lt; <script> </script> <img/onerror=x> --> <!-- ]]> a b word é 日本 <@42>
    <t:1582400000:R>
"""
PIECES = st.sampled_from([*MARKS.split(), " ", "  ", "\t", "\n", "\n\n", "\r\n", "\x00", "\u202e", "\ud800"])
ANYTHING = st.one_of(st.text(st.characters()), st.lists(PIECES, max_size=60).map("".join))


@given(ANYTHING)
def test_no_text_makes_a_tag_of_its_own(source: str) -> None:
    Markup(render_markdown(source, VIEW))
    Markup(render_inline(source, VIEW))
    render_markdown(source, VIEW).encode("utf-8")


PRINTABLE = st.characters(exclude_categories=("Cc", "Cs", "Cn"))


@given(st.text(PRINTABLE))
def test_escaped_text_comes_back_as_it_was(text: str) -> None:
    escaped = "".join(c if c.isalnum() or c.isspace() else f"\\{c}" for c in text)
    assert Markup(render_inline(escaped, VIEW)).text == text


@pytest.mark.parametrize(
    "piece",
    ["*", "_", "**a", "~~", "||", "`", "[", "[](", "<", "> ", "- ", "*a*", "**a*", "[x](https://a.b", " - a\n  "],
)
@pytest.mark.timeout(30)
def test_a_full_message_of_any_mark_renders(piece: str) -> None:
    source = piece * (4000 // len(piece))
    assert Markup(render_markdown(source, VIEW)).text.strip()
