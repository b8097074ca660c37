"""Tests in forked processes: what becomes of each is reported, also where a process dies."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]

QUIET = "def test_quiet():\n    print('hidden')\n"
LOUD = """
def test_loud(tmp_path):
    print("from within")
    assert tmp_path.parent.name.startswith("fork"), "a folder that processes share"
    assert 0, "as it should"
"""
DEADLY = """
import os

def test_before(): pass
def test_deadly(): os._exit(3)
def test_behind(): pass
"""
SHARED = """
import pytest

@pytest.fixture(scope="module")
def made():
    yield [1]
    print("ended")
    raise ValueError("the end of what a module shares")

def test_first(made): made.append(2)
def test_second(made): assert made == [1, 2]
"""


def run(folder: Path, *options: str, **modules: str) -> str:
    for name, text in modules.items():
        (folder / f"test_{name}.py").write_text(text, "utf-8")
    (folder / "conftest.py").write_text("from tests.forking import pytest_addoption, pytest_runtestloop\n", "utf-8")
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "--forks", "2", *options, str(folder)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode in {0, 1}, done.stdout + done.stderr
    return done.stdout


def test_each_test_is_reported_once_with_what_it_printed(tmp_path: Path) -> None:
    said = run(tmp_path, quiet=QUIET, loud=LOUD, shared=SHARED)
    assert re.search(r"1 failed, 3 passed, 1 error in", said), said
    assert "from within" in said
    assert "as it should" in said
    assert "the end of what a module shares" in said
    assert "hidden" not in said


def test_a_process_that_dies_costs_one_test(tmp_path: Path) -> None:
    said = run(tmp_path, deadly=DEADLY, quiet=QUIET)
    assert re.search(r"1 failed, 3 passed in", said), said
    assert "test_deadly" in said
    assert "died: 3" in said


def test_a_run_can_end_with_the_first_failure(tmp_path: Path) -> None:
    (tmp_path / "pytest.ini").write_text("[pytest]\n", "utf-8")
    said = run(tmp_path, "-x", loud=LOUD, **{f"many{number}": QUIET for number in range(8)})
    assert "stopping after 1 failures" in said


@pytest.mark.parametrize("options", [(), ("-s",)], ids=" ".join)
def test_what_is_printed_is_shown_where_that_is_asked_for(tmp_path: Path, options: tuple[str, ...]) -> None:
    assert ("hidden" in run(tmp_path, *options, quiet=QUIET)) is bool(options)
