"""For the whole suite: every request that our bot makes is checked against Discord's own description, where it is."""

import os
import signal

from hypothesis import settings

from tests.sandbox.openapi import spec_checked

__all__ = ["spec_checked"]

# A slow machine is no fault of an example's. A check that decides over a change must also say the same twice; at a
# desk every run looks for something new.
settings.register_profile("desk", deadline=None)
settings.register_profile("ci", deadline=None, derandomize=True)
settings.load_profile("ci" if os.environ.get("CI") else "desk")


def pytest_configure() -> None:
    """Lets programs that tests start be interrupted, also where the tests run in the background, which ignores that."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)
