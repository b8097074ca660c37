"""For the whole suite: every request that our bot makes is checked against Discord's own description, where it is."""

import signal

from tests.examples import load_profile
from tests.sandbox.openapi import spec_checked

__all__ = ["spec_checked"]

load_profile()


def pytest_configure() -> None:
    """Let programs that tests start be interrupted, also where the tests run in the background, which ignores that."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)
