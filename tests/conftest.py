"""For the whole suite: every request that our bot makes is checked against Discord's own description, where it is."""

from tests.sandbox.openapi import spec_checked

__all__ = ["spec_checked"]
