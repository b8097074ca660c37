"""For the whole suite: every request that our bot makes is checked against Discord's own description, where it is."""

from __future__ import annotations

import os
import signal
from typing import Any

import pytest

from tests.examples import load_profile
from tests.sandbox.openapi import spec_checked

__all__ = ["spec_checked"]

load_profile()
# Every start of the bot in a test would translate all of its modules again.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)


def pytest_configure() -> None:
    """Let programs that tests start be interrupted, also where the tests run in the background, which ignores that."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the modules that hold slow tests: begun last, one of them would run on alone."""
    slow = {item.path for item in items if item.get_closest_marker("slow")}
    items.sort(key=lambda item: ("crash" not in item.path.parts, item.path not in slow))


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Give each module to one process, and all kills to the same one: each of them has several bots running already."""
    if config.getvalue("dist") != "loadfile":
        return None
    from xdist.scheduler import LoadFileScheduling

    config.option.loadscopereorder = False
    scheduler = LoadFileScheduling(config, log)
    scheduler._split_scope = lambda test: "tests/crash" if test.startswith("tests/crash/") else test.split("::", 1)[0]
    return scheduler
