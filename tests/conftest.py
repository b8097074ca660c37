"""For the whole suite: every request that our bot makes is checked against Discord's own description, where it is."""

from __future__ import annotations

import gc
import logging
import os
import signal
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest

from digests.ingest import pool
from digests.store.connection import Database
from tests import forked_reader, migrated
from tests.examples import SOME, is_quick, load_profile
from tests.sandbox.openapi import spec_checked

__all__ = ["spec_checked"]

load_profile()
# Every start of the bot in a test would translate all of its modules again.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
# What is imported and collected stays: looking through it again and again for garbage is a tenth of the collection.
gc.disable()


def pytest_configure() -> None:
    """Let programs that tests start be interrupted, also where the tests run in the background, which ignores that."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Begin with the modules that hold slow tests: begun last, one of them would run on alone."""
    slow = {item.path for item in items if item.get_closest_marker("slow")}
    items.sort(key=lambda item: ("crash" not in item.path.parts, item.path not in slow))
    if is_quick():
        _take_some_cases(config, items)


def _take_some_cases(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out seven of eight cases of each test with parameters where all of the tests run."""
    if {(config.invocation_params.dir / argument).resolve() for argument in config.args} != {config.rootpath / "tests"}:
        return
    seen: Counter[str] = Counter()
    left_out: list[pytest.Item] = []
    for item in items:
        if isinstance(item, pytest.Function) and hasattr(item, "callspec"):
            test = item.nodeid.split("[", 1)[0]
            if seen[test] % SOME:
                left_out.append(item)
            seen[test] += 1
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        dropped = set(left_out)
        items[:] = [item for item in items if item not in dropped]


@pytest.fixture(scope="session", autouse=True)
def _starts_are_cheap() -> Iterator[None]:
    """Start processes that read files without half a second of imports, and copy new databases."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(pool, "launch", forked_reader.launch)
        patched.setattr(Database, "_migrate", migrated.migrate)
        yield
    migrated.forget()


@pytest.fixture(autouse=True)
def _logging_as_it_was() -> Iterator[None]:
    """Undo what a command did to logging: its handler would write to a stream that its test has closed."""
    root = logging.getLogger()
    handlers, levels = root.handlers[:], _levels()
    yield
    for handler in root.handlers[:]:
        if handler not in handlers and type(handler) is logging.StreamHandler:
            root.removeHandler(handler)
    for logger in _levels() | levels:
        logger.setLevel(levels.get(logger, logging.NOTSET))


def _levels() -> dict[logging.Logger, int]:
    known = [logger for logger in logging.root.manager.loggerDict.values() if isinstance(logger, logging.Logger)]
    return {logger: logger.level for logger in (logging.root, *known) if logger.level}


@pytest.hookimpl(trylast=True)
def pytest_collection_finish() -> None:
    """Look for garbage from now on, only among what tests make and not as often as usual: memory is not short here."""
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)
    gc.enable()


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Give each module to one process, and the kills to two at most: each of them has several bots running already."""
    if config.getvalue("dist") != "loadfile":
        return None
    from xdist.scheduler import LoadFileScheduling

    config.option.loadscopereorder = False
    scheduler = LoadFileScheduling(config, log)
    scheduler._split_scope = _group_of
    return scheduler


def _group_of(nodeid: str) -> str:
    """Return what one process runs: a module, or all modules of kills but the one that takes half of their time."""
    module = nodeid.split("::", 1)[0]
    is_kill = module.startswith("tests/crash/") and module != "tests/crash/test_kills_in_trouble.py"
    return "tests/crash" if is_kill else module
