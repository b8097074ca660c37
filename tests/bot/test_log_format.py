"""The log holds what happened, and nothing that a value would like it to look like."""

from __future__ import annotations

import logging

from bot.log_format import PlainLines, visible


def logged(message: str, *values: object) -> str:
    record = logging.LogRecord("bot", logging.WARNING, __file__, 1, message, values, None)
    return PlainLines("%(levelname)s %(message)s").format(record)


def test_a_value_moves_no_cursor_and_sets_no_title() -> None:
    assert logged("Folder: %s", "\x1b]0;mine\x07\x9b2J\r") == r"WARNING Folder: \x1b]0;mine\x07\x9b2J\x0d"


def test_a_line_end_in_a_value_begins_no_line_of_the_log() -> None:
    lines = logged("Folder: %s", "a\nERROR the token was stolen").splitlines()
    assert [line.startswith(("WARNING", " ")) for line in lines] == [True, True]


def test_a_traceback_may_quote_what_was_read() -> None:
    try:
        raise ValueError("\x1b[2J")
    except ValueError as error:
        record = logging.LogRecord("bot", logging.ERROR, __file__, 1, "Failed", (), (type(error), error, None))
    assert "\x1b" not in PlainLines().format(record)


def test_text_stays_as_it_is() -> None:
    assert visible("Zürich — 東京\t👩‍👩‍👧\n") == "Zürich — 東京\t👩‍👩‍👧\n"
