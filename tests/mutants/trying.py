"""Tries faults: each in a copy of the tree, in a process that is forked from one that has the libraries loaded already.

The start of a test run costs seconds, most of them for importing; a fork costs nothing.
"""

from __future__ import annotations

import importlib
import json
import os
import shutil
import signal
import subprocess
import sys
import time
import warnings
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.mutants.choosing import Round
from tests.mutants.faults import Fault

PATIENCE_S = 900.0
"""A fault that makes the tests hang is noticed, too; on a busy machine they take long without one."""
TEST_TIMEOUT_S = 60
SLOW_TIMEOUT_S = 300
"""Nobody has seen the slow tests pass without a fault: only an error of theirs says something, no hurry."""
OWN = ("bot", "digests", "sandbox", "sample", "tests", "benchmarks")
NOT_COPIED = (".git", ".venv", ".*_cache", ".hypothesis", "__pycache__", "*.egg-info")
NO_JUDGES = ("crash", "sandbox", "sandbox_page")
"""Tests of the stand-in, and of bots in processes of their own."""
NO_TESTS = (pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED)
OPTIONS = ("-x", "-q", "-p", "no:cacheprovider", "-p", "no:xdist", "--assert=plain")


@dataclass(frozen=True, slots=True)
class TrialResult:
    """What became of a fault.

    Attributes:
        noticed_by: The test that failed, or why else it is taken as noticed; None when nothing noticed it.
    """

    fault: Fault
    noticed_by: str | None
    seconds: float


def copy_tree(root: Path, copy: Path) -> Path:
    """Copy what the tests need."""
    shutil.copytree(root, copy, ignore=shutil.ignore_patterns(*NOT_COPIED))
    return copy


def load_libraries(root: Path) -> None:
    """Import every library that the tests import, and nothing of our own: that differs from fault to fault."""
    code = (
        "import pkgutil, sys, pytest, hypothesis, pytest_asyncio, pytest_timeout, tests.sandbox.openapi\n"
        "import bot, digests, sandbox\n"
        "for package in (bot, digests, sandbox):\n"
        "    for module in pkgutil.walk_packages(package.__path__, package.__name__ + '.'):\n"
        "        if not module.name.endswith('__main__'): __import__(module.name)\n"
        "print(*sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", code], cwd=root, check=True, capture_output=True, text=True
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for name in done.stdout.split():
            if name.partition(".")[0] not in OWN and name != "__main__":
                try:
                    importlib.import_module(name)
                except ImportError:
                    continue  # a module that another one made up


def try_faults(jobs: Iterable[tuple[Fault, list[Round]]], trees: Sequence[Path]) -> Iterator[TrialResult]:
    """Try faults side by side, one in each tree; yield each result as soon as it is known."""
    waiting = iter(jobs)
    free = list(trees)
    running: list[Trial] = []
    while True:
        while free and (job := next(waiting, None)) is not None:
            running.append(Trial(*job, free.pop()))
        if not running:
            return
        for trial in list(running):
            result = trial.look()
            if result is not None:
                running.remove(trial)
                free.append(trial.tree)
                yield result
        time.sleep(0.02)


class Trial:
    """One fault in one tree, and the process that tests it."""

    def __init__(self, fault: Fault, rounds: list[Round], tree: Path) -> None:
        self.fault = fault
        self.tree = tree
        self._rounds = rounds
        self._file = tree / fault.file
        self._good = self._file.read_bytes()
        self._status = self._file.stat()
        self._began = time.monotonic()
        self._file.write_bytes(fault.put_into(self._good))
        # A time of its own: bytecode is told apart by whole seconds and by size.
        os.utime(self._file, (self._began, self._began))
        self._process = self._start()

    def look(self) -> TrialResult | None:
        """Return the result, None while the tests run."""
        process, status = os.waitpid(self._process, os.WNOHANG)
        noticed_by: str | None
        if not process:
            if time.monotonic() - self._began < PATIENCE_S:
                return None
            os.killpg(self._process, signal.SIGKILL)
            os.waitpid(self._process, 0)
            noticed_by = None if self._rounds[0].slow else "no end within its time"
        elif os.waitstatus_to_exitcode(status) in NO_TESTS:
            self._rounds = self._rounds[1:]
            if self._rounds:
                self._process = self._start()
                return None
            noticed_by = None
        else:
            noticed_by = self._why()
        self._file.write_bytes(self._good)
        os.utime(self._file, ns=(self._status.st_atime_ns, self._status.st_mtime_ns))
        return TrialResult(self.fault, noticed_by, time.monotonic() - self._began)

    def _why(self) -> str:
        """Return what failed.

        Raises:
            RuntimeError: The tests did not run, and the fault is not the reason.
        """
        if self._noted().exists():
            return self._noted().read_text("utf-8")
        log = self.tree.with_suffix(".log").read_text("utf-8", errors="replace")
        if "while loading conftest" in log:
            return "no test could be loaded"
        raise RuntimeError(f"pytest ended without a result on {self.fault}: {log}")

    def _start(self) -> int:
        self._noted().unlink(missing_ok=True)
        process = os.fork()
        if process:
            return process
        try:
            os._exit(self._test())
        finally:
            os._exit(99)

    def _noted(self) -> Path:
        return self.tree.with_suffix(".noticed")

    def _test(self) -> int:
        """Run a round's tests in this process; return pytest's exit code."""
        os.setsid()
        log = os.open(self.tree.with_suffix(".log"), os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
        os.dup2(log, 1)
        os.dup2(log, 2)
        os.chdir(self.tree)
        os.environ.update(environment(self.tree))
        os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
        sys.dont_write_bytecode = False
        for name in [name for name in sys.modules if name.partition(".")[0] in OWN]:
            del sys.modules[name]
        sys.path.insert(0, str(self.tree))
        tests = self._rounds[0]
        judges = Judges(tests.left_out, self._noted())
        chosen = ("-m", "slow" if tests.slow else "not slow")
        timeout = f"--timeout={SLOW_TIMEOUT_S if tests.slow else TEST_TIMEOUT_S}"
        options = (*OPTIONS, *chosen, timeout, f"--rootdir={self.tree}", f"--basetemp={self.tree}.tmp")
        return int(pytest.main([*options, *tests.files], plugins=[judges]))


def environment(tree: Path) -> dict[str, str]:
    """Return what the tests find in their environment: few examples, the same in every trial."""
    return {"TEST_EXAMPLES": "quick", "CI": "true", "PYTHONPATH": str(tree)}


class Judges:
    """Leaves out the tests that don't run the fault, and notes which one failed."""

    def __init__(self, left_out: frozenset[str], note: Path) -> None:
        self._left_out = left_out
        self._note = note

    def pytest_collection_modifyitems(self, config: pytest.Config, items: list[pytest.Item]) -> None:
        left_out = [item for item in items if item.nodeid in self._left_out]
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if item.nodeid not in self._left_out]

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        if report.failed:
            self._note.write_text(f"{report.nodeid} could not be imported", "utf-8")

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.failed:
            self._note.write_text(report.nodeid, "utf-8")


def measure(tree: Path, folder: Path, processes: int) -> None:
    """Run the tests without a fault, and write which of them run which lines into a folder."""
    folder.mkdir()
    command = [sys.executable, "-m", "pytest", "-n", str(processes), "--dist", "loadfile"]
    command += ["-p", "tests.mutants.reached", "-q", "-p", "no:cacheprovider", "-m", "not slow", "--timeout=600"]
    # Asked for by name: of all tests together the quick profile takes some cases only (`tests/conftest.py`).
    command += sorted(test.relative_to(tree).as_posix() for test in (tree / "tests").iterdir() if _judges(test))
    inherited = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    settings = environment(tree) | {"TEST_REACHED": str(folder)}
    subprocess.run(command, cwd=tree, env=inherited | settings, check=False, stdout=subprocess.DEVNULL)


def _judges(test: Path) -> bool:
    """Check whether something among the tests has tests of the core in this process."""
    if test.name in NO_JUDGES:
        return False
    return test.name.startswith("test_") if test.is_file() else any(test.rglob("test_*.py"))


def keep(results: Sequence[TrialResult], path: Path) -> None:
    """Keep which faults survived, for the next run to try these alone."""
    path.parent.mkdir(exist_ok=True)
    survivors = [
        (result.fault.file, result.fault.function, result.fault.old, result.fault.new)
        for result in results
        if result.noticed_by is None
    ]
    path.write_text(json.dumps(survivors), "utf-8")
