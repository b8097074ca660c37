"""A stand-in that gives the bot more than Discord's three seconds, for tests of something else on a busy machine."""

from __future__ import annotations

from typing import Any

from sandbox import Sandbox
from tests.patience import PATIENCE_S


def patient(port: int = 0, **options: Any) -> Sandbox:
    """Return a stand-in that listens once it is entered, and waits long for a first answer to an interaction."""
    return Sandbox.start(port, **{"ack_window_s": PATIENCE_S, **options})
