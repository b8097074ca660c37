"""Every command that docs/delivery.md names runs something."""

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "delivery.md").read_text("utf-8")
COMMANDS = re.findall(r"`\.venv/bin/pytest ([^`]+)`", PAGE)


@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_that_the_page_names_selects_tests(command: str) -> None:
    collected = subprocess.run(
        [sys.executable, "-m", "pytest", "--collect-only", "-q", *shlex.split(command)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert collected.returncode == 0, collected.stdout[-500:]
    assert re.search(r"^tests/.*(::|: \d)", collected.stdout, re.MULTILINE)


def test_every_promise_names_what_shows_it() -> None:
    table = [line for line in PAGE.splitlines() if line.startswith("| ")][2:]
    assert len(table) > 12
    assert all(line.rstrip(" |").endswith("`") for line in table)
