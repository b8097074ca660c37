"""`/help` takes its examples from the news that is there; a sentence about an error is within every limit."""

from __future__ import annotations

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from bot.render.help import HelpContext, render_help
from bot.render.notice import error_notice, notice
from digests.typed.suggestions import Examples
from tests.bot.render import strategies
from tests.bot.render.reading import pings, told
from tests.bot.render.strict import check_message, check_schema


@given(strategies.long_words)
def test_any_sentence_about_an_error_is_within_every_limit(sentence: str) -> None:
    check_message(error_notice(sentence))
    assert not pings(told(error_notice(sentence)))


def test_sentences_about_several_errors_keep_a_line_each() -> None:
    assert told(error_notice("One *stopped*.", "Two stopped.")) == "One \\*stopped\\*.\nTwo stopped."
    check_message(error_notice(*["word " * 500] * 10))


def test_a_notice_is_one_sentence() -> None:
    assert told(notice("Done: <#1>.")) == "Done: <#1>."
    check_schema(notice("Done."))


def test_help_names_every_command() -> None:
    shown = render_help(context=HelpContext(operator=True))
    check_message(shown)
    check_schema(shown)
    for name in ("news", "latest", "digest subscribe", "digest preview", "digest now", "corpus reload", "help"):
        assert f"**/{name}**" in told(shown)
    assert "/corpus" not in told(render_help())


def test_help_takes_its_examples_from_the_news_that_is_there() -> None:
    examples = Examples(("Brackwater", "well"), "kiln.example", "Clean `Energy`")
    shown = render_help(context=HelpContext("The Kiln", examples=examples, day=date(2026, 3, 10)))
    check_message(shown)
    for words in (
        "# The Kiln",
        "`/news query:Brackwater since:2026-03-01 sort:newest`",
        "`/latest topic:Clean 'Energy'`",
        "`/digest preview date:2026-03-10 explain:True`",
        '`"Brackwater well"`',
        "`provider:kiln.example`",
        "`topic:\"Clean 'Energy'\"`",
        "`after:2026-03-01 before:2026-04-01`",
    ):
        assert words in told(shown)


@given(st.text(), st.text(), strategies.long_words)
def test_no_example_breaks_the_help(word: str, topic: str, masthead: str) -> None:
    shown = HelpContext(masthead, operator=True, examples=Examples((word, word), "kiln.example", topic))
    check_message(render_help(context=shown))
    assert not pings(told(render_help(context=shown)))


def test_a_member_learns_how_to_get_a_digest_of_their_own() -> None:
    shown = told(render_help({"digest": 6}, HelpContext(manager=False)))
    assert "</digest subscribe:6> in a direct message to me" in shown
    assert "digest pause" not in shown


def test_help_mentions_commands_whose_ids_are_known() -> None:
    shown = told(render_help({"news": 5, "digest": 6}))
    assert "</news:5>" in shown
    assert "</digest preview:6>" in shown
    assert "**/latest**" in shown
    check_message(
        render_help(dict.fromkeys(("news", "latest", "digest", "corpus", "help"), 2**63), HelpContext(operator=True))
    )
