from __future__ import annotations

import json
import shutil
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from typer import Typer
from typer.testing import CliRunner, Result

from bot.cli.root import COMMANDS, make_app

SAMPLE = Path(__file__).parents[3] / "sample"


def invoke(*words: str | Path, typed: str | None = None) -> Result:
    """Run a command, and make only that one, as `main` does: making all of them takes longer than most runs."""
    command, *options = map(str, words)
    return CliRunner().invoke(_program(command if command in COMMANDS else None), [command, *options], input=typed)


@cache
def _program(only: str | None) -> Typer:
    return make_app(only)


@dataclass
class Shell:
    """Runs commands in a folder of their own, as an operator would."""

    folder: Path

    def run(self, *words: str | Path, expect: int = 0, typed: str | None = None) -> str:
        """Run a command; return standard output, or standard error where that is empty."""
        result = invoke(*words, typed=typed)
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception
        assert result.exit_code == expect, result.output + result.stderr
        assert "Traceback" not in result.output
        return result.stdout or result.stderr

    def outcome(self, *words: str | Path) -> tuple[int, str]:
        """Run a command; return its exit code and what it printed, on standard output before standard error."""
        result = invoke(*words)
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception
        return result.exit_code, result.stdout or result.stderr

    def json(self, *words: str | Path, expect: int = 0) -> Any:
        """Run a command with `--json`; return the document."""
        return json.loads(self.run(*words, "--json", expect=expect))


@pytest.fixture
def shell(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Shell:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "100")
    monkeypatch.delenv("DISCORD_TOKEN", raising=False)
    return Shell(tmp_path)


@pytest.fixture(scope="session")
def stock(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder whose database holds the sample corpus; tests work on copies of it."""
    folder = tmp_path_factory.mktemp("stock")
    with pytest.MonkeyPatch.context() as patched:
        patched.chdir(folder)
        Shell(folder).run("load", SAMPLE / "articles", expect=1)
    return folder / "data"


@pytest.fixture
def stocked(shell: Shell, stock: Path) -> Shell:
    """A shell in a folder whose database holds the sample corpus."""
    shutil.copytree(stock, shell.folder / "data")
    return shell
