"""Runs tests in several processes, forked when everything has been imported and collected.

Other ways start each process from nothing: with four of them, imports and collection took half a minute of work, more
than any room's tests. Here they are done once, and what has been read and compiled is shared. Each process takes one
module at a time, so what a module's tests share is made once. If a process dies, the test that it was running has
failed, and another one continues behind it.
"""

from __future__ import annotations

import gc
import os
import random
import signal
import sys
import traceback
from collections import deque
from contextlib import suppress
from dataclasses import dataclass, field
from multiprocessing import Pipe
from multiprocessing.connection import Connection, wait
from pathlib import Path
from typing import Any, NoReturn

import pytest
from _pytest.unraisableexception import collect_unraisable


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the option that says how many processes there are."""
    parser.addoption(
        "--forks", type=int, default=0, help="run the tests in so many processes, forked after the collection"
    )


def pytest_runtestloop(session: pytest.Session) -> bool | None:
    """Run the tests in forked processes where that is asked for."""
    count = session.config.getoption("forks")
    if not count or session.config.option.collectonly or session.testsfailed:
        return None
    _Run(session, count).run()
    return True


def group_of(item: pytest.Item) -> str:
    """Return what is run by one process: a module, or all the kills, which have several bots running at once."""
    return "tests/crash" if item.nodeid.startswith("tests/crash/") else item.nodeid.split("::", 1)[0]


@dataclass(eq=False)
class _Process:
    """A forked process, and what it has still to run."""

    pid: int
    connection: Connection
    todo: deque[int] = field(default_factory=deque)
    running: int | None = None
    has_ended: bool = False


class _Run:
    """Hands out the tests and reports what became of them; indices are those of `session.items`."""

    def __init__(self, session: pytest.Session, count: int) -> None:
        self._session = session
        self._hook = session.config.hook
        self._count = count
        self._processes: list[_Process] = []
        self._started = 0
        groups: dict[str, list[int]] = {}
        for index, item in enumerate(session.items):
            groups.setdefault(group_of(item), []).append(index)
        self._groups = deque(groups.values())

    def run(self) -> None:
        """Run all tests."""
        try:
            for _number in range(min(self._count, len(self._groups))):
                self._start()
            while self._processes:
                for connection in wait([process.connection for process in self._processes]):
                    process = next(each for each in self._processes if each.connection is connection)
                    try:
                        self._take(process, process.connection.recv())
                    except (EOFError, ConnectionError):
                        self._bury(process)
                    if self._session.shouldfail:
                        raise self._session.Failed(self._session.shouldfail)
                    if self._session.shouldstop:
                        raise self._session.Interrupted(self._session.shouldstop)
        finally:
            for process in self._processes:
                with suppress(ProcessLookupError):
                    os.kill(process.pid, signal.SIGINT)
            for process in self._processes:
                process.connection.close()
                os.waitpid(process.pid, 0)

    def _start(self) -> None:
        factory = self._session.config._tmp_path_factory  # type: ignore[attr-defined]
        folder = factory.getbasetemp() / f"fork{self._started}"
        self._started += 1
        ours, its = Pipe()
        sys.stdout.flush()
        sys.stderr.flush()
        pid = os.fork()
        if not pid:
            ours.close()
            for process in self._processes:
                process.connection.close()
            _work(self._session, its, folder)
        its.close()
        self._processes.append(_Process(pid, ours))

    def _take(self, process: _Process, message: tuple[str, Any]) -> None:
        kind, value = message
        if kind == "next":
            group = self._groups.popleft() if self._groups else []
            process.todo.extend(group)
            process.connection.send(group)
        elif kind == "start":
            process.running = process.todo.popleft()
            self._hook.pytest_runtest_logstart(**_named(self._session.items[process.running]))
        elif kind == "report":
            report = self._hook.pytest_report_from_serializable(config=self._session.config, data=value)
            self._hook.pytest_runtest_logreport(report=report)
        elif kind == "finish":
            assert process.running is not None
            self._hook.pytest_runtest_logfinish(**_named(self._session.items[process.running]))
            process.running = None
        elif value:
            raise RuntimeError(f"a process of tests failed by itself:\n{value}")
        else:
            process.has_ended = True

    def _bury(self, process: _Process) -> None:
        """Forget a process that has ended; if it died, its test has failed, and another one runs what it has left."""
        self._processes.remove(process)
        process.connection.close()
        _pid, status = os.waitpid(process.pid, 0)
        if process.has_ended:
            return
        if process.running is not None:
            nodeid, location = _named(self._session.items[process.running]).values()
            reason = f"the process that ran this test died: {os.waitstatus_to_exitcode(status)}"
            report = pytest.TestReport(nodeid, location, {}, "failed", reason, "call")
            self._hook.pytest_runtest_logreport(report=report)
        if process.todo:
            self._groups.appendleft(list(process.todo))
        if self._groups:
            self._start()


def _named(item: pytest.Item) -> dict[str, Any]:
    return {"nodeid": item.nodeid, "location": item.location}


class _Reports:
    """A plugin of a forked process: sends what tests report."""

    def __init__(self, config: pytest.Config, connection: Connection) -> None:
        self._config = config
        self._connection = connection

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        data = self._config.hook.pytest_report_to_serializable(config=self._config, report=report)
        self._connection.send(("report", data))


def _work(session: pytest.Session, connection: Connection, folder: Path) -> NoReturn:
    """Run what is handed out until nothing is left; called in a forked process."""
    failure = ""
    try:
        _separate(session.config, folder)
        session.config.pluginmanager.register(_Reports(session.config, connection))
        group = _ask(connection)
        while group:
            group = _run_group(session, connection, group)
        gc.collect()
        collect_unraisable(session.config)
    except BaseException:  # noqa: BLE001 - told to the process that hands out
        failure = traceback.format_exc()
        with suppress(BaseException):
            session._setupstate.teardown_exact(None)
    finally:
        with suppress(BaseException):
            connection.send(("end", failure))
        os._exit(0)


def _run_group(session: pytest.Session, connection: Connection, group: list[int]) -> list[int]:
    """Run tests; return the next ones, which are asked for early: what they share with these is kept."""
    following: list[int] = []
    for place, index in enumerate(group):
        if place == len(group) - 1:
            following = _ask(connection)
        rest = [*group[place + 1 :], *following]
        item = session.items[index]
        connection.send(("start", None))
        session.config.hook.pytest_runtest_protocol(item=item, nextitem=session.items[rest[0]] if rest else None)
        connection.send(("finish", None))
    return following


def _ask(connection: Connection) -> list[int]:
    connection.send(("next", None))
    group: list[int] = connection.recv()
    return group


def _separate(config: pytest.Config, folder: Path) -> None:
    """Give a forked process what it must not share: a place for files, for what is printed, and chance."""
    random.seed()
    folder.mkdir(mode=0o700)
    config._tmp_path_factory._basetemp = folder  # type: ignore[attr-defined]
    capture = config.pluginmanager.getplugin("capturemanager")
    capture.stop_global_capturing()
    capture.start_global_capturing()
    capture.suspend_global_capture()
    reporter = config.pluginmanager.getplugin("terminalreporter")
    if reporter is not None:
        reporter._tw._file = Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115 - open until the end
