"""At the end of a long run: how often bots were killed in which trouble, and what arrived."""

import pytest

from tests.crash.killing import LONG


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    cases = [
        value
        for report in terminalreporter.getreports("passed")
        for name, value in report.user_properties
        if name == "crash" and report.when == "call"
    ]
    if not LONG or not cases:
        return
    terminalreporter.section("what was killed, and what arrived exactly once and in order")
    for name, kills, channels, parts, seconds in cases:
        terminalreporter.write_line(f"{name:30} {kills:5} kills {channels:5} channels {parts:6} parts {seconds:6.0f} s")
    kills, parts = (sum(case[column] for case in cases) for column in (1, 3))
    terminalreporter.write_line(f"{len(cases):2} cases {kills:27} kills {parts:21} parts")
