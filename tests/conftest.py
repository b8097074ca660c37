"""For the whole suite: every request that our bot makes is checked against Discord's own description, where it is."""

import os

from hypothesis import settings

from tests.sandbox.openapi import spec_checked

__all__ = ["spec_checked"]

# A check that decides over a change must say the same twice; at a desk every run looks for something new.
settings.register_profile("ci", derandomize=True)
if os.environ.get("CI"):
    settings.load_profile("ci")
