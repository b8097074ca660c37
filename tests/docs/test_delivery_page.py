"""Every command that docs/delivery.md names runs something."""

import re
import shlex
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "delivery.md").read_text("utf-8")
COMMANDS = re.findall(r"`\.venv/bin/pytest ([^`]+)`", PAGE)


@cache
def collected() -> tuple[str, ...]:
    """Return the ids of all tests in the files that the page names: collecting takes three seconds, so once for all."""
    files = sorted({word for command in COMMANDS for word in shlex.split(command) if word.startswith("tests/")})
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "--collect-only", "-qq", "-o", "addopts=", "--verbosity=-1", *files],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-500:]
    return tuple(line for line in done.stdout.splitlines() if "::" in line)


@pytest.mark.slow
@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_that_the_page_names_selects_tests(command: str) -> None:
    file, *options = shlex.split(command)
    # As pytest's own `-k`, of which the page uses words and `or`.
    words = options[1].split(" or ") if options[:1] == ["-k"] else [""]
    assert all(re.fullmatch(r"\w*", word) for word in words)
    for word in words:
        assert any(test.startswith(file) and word.lower() in test.lower() for test in collected()), word


def test_every_promise_names_what_shows_it() -> None:
    table = [line for line in PAGE.splitlines() if line.startswith("| ")][2:]
    assert len(table) > 12
    assert all(line.rstrip(" |").endswith("`") for line in table)
