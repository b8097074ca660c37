"""Which tests run which lines: a pytest plugin that measures it, and the map that comes out.

Loaded by name (`-p tests.mutants.reached`) with `TEST_REACHED` naming the folder to write into.
"""

from __future__ import annotations

import ast
import json
import os
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

import coverage
import pytest

from tests.mutants.faults import Fault, functions_by_line

PACKAGES = ("bot", "digests")


@dataclass
class Reached:
    """Which tests run which lines of which files.

    Attributes:
        seconds: How much of the processor each test took that passed, by its node id.
        failed: The ids of the tests that failed without a fault: they are no judges.
        lines: By file and line, the ids of the tests that ran it.
        functions: By file and function, the ids of the tests that ran any of its lines.
        sources: By file, the hash of what was measured.
    """

    seconds: dict[str, float] = field(default_factory=dict)
    failed: set[str] = field(default_factory=set)
    lines: dict[str, dict[int, list[str]]] = field(default_factory=dict)
    functions: dict[str, dict[str, set[str]]] = field(default_factory=dict)
    sources: dict[str, bytes] = field(default_factory=dict)

    def tests_of(self, fault: Fault) -> set[str]:
        """Return the tests that ran a fault's lines, or where none is known to, its function, or else its module."""
        lines, functions = self.lines.get(fault.file, {}), self.functions.get(fault.file, {})
        found = {test for line in range(fault.line, fault.last_line + 1) for test in lines.get(line, ())}
        found = found or functions.get(fault.function, set()) or set().union(*functions.values())
        return {test for test in found if test in self.seconds}

    def forget_changes(self, now: dict[str, bytes]) -> None:
        """Forget the lines of modules that are others now: they may have moved."""
        self.lines = {file: lines for file, lines in self.lines.items() if self.sources.get(file) == now.get(file)}

    def note_functions(self, root: Path) -> None:
        """Add up the lines of each function."""
        for file, lines in self.lines.items():
            names = functions_by_line(ast.parse((root / file).read_bytes()))
            functions = self.functions.setdefault(file, {})
            for line, tests in lines.items():
                functions.setdefault(names.get(line, ""), set()).update(tests)


def hashes(root: Path) -> dict[str, bytes]:
    """Return the hash of each module, by its path from the root."""
    files = (file for package in PACKAGES for file in (root / package).rglob("*.py"))
    return {file.relative_to(root).as_posix(): sha256(file.read_bytes()).digest() for file in files}


def read(folder: Path, root: Path) -> Reached:
    """Read what the processes of a run wrote into a folder."""
    reached = Reached(sources=hashes(root))
    for file in folder.glob("seconds.*"):
        for test, seconds in json.loads(file.read_text("utf-8")).items():
            if seconds is None:
                reached.failed.add(test)
            else:
                reached.seconds[test] = seconds
    for file in folder.glob("lines.*"):
        data = coverage.CoverageData(basename=str(file))
        data.read()
        for measured in data.measured_files():
            lines = reached.lines.setdefault(Path(measured).relative_to(root).as_posix(), {})
            for number, tests in data.contexts_by_lineno(measured).items():
                lines.setdefault(number, []).extend(test for test in tests if test)
    reached.note_functions(root)
    return reached


class Recorder:
    """Runs beside the tests of one process."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._seconds: dict[str, float | None] = {}
        self._coverage = coverage.Coverage(
            data_file=str(folder / f"lines.{os.getpid()}"), source=list(PACKAGES), config_file=False, messages=False
        )
        self._coverage.start()

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Iterator[None]:
        self._coverage.switch_context(item.nodeid)
        began = time.process_time()
        self._seconds[item.nodeid] = 0.0
        result = yield
        self._coverage.switch_context("")
        if self._seconds[item.nodeid] is not None:
            self._seconds[item.nodeid] = round(time.process_time() - began, 3)
        return result

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if not report.passed:
            self._seconds[report.nodeid] = None

    def pytest_sessionfinish(self) -> None:
        self._coverage.stop()
        self._coverage.save()
        (self._folder / f"seconds.{os.getpid()}").write_text(json.dumps(self._seconds), "utf-8")


def pytest_configure(config: pytest.Config) -> None:
    """Record in each process that runs tests, which under xdist the first one doesn't."""
    folder = os.environ.get("TEST_REACHED")
    if folder and (hasattr(config, "workerinput") or not config.getoption("numprocesses", None)):
        config.pluginmanager.register(Recorder(Path(folder)))
