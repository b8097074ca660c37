"""`broadsheet init`: a configuration without an editor."""

from __future__ import annotations

import os
import pty
import stat
import sys
import termios
import time
from contextlib import suppress
from pathlib import Path

import pytest

from bot.config import load_settings
from tests.bot.cli.conftest import SAMPLE, invoke


@pytest.fixture
def inside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("DISCORD_TOKEN", raising=False)
    return tmp_path


def test_it_writes_a_configuration_that_says_what_was_given(inside: Path) -> None:
    arguments = ["init", str(SAMPLE / "articles"), "--timezone", "Berlin", "--time", "7 pm", "--guild", "123"]
    done = invoke(*arguments, "--no-load")
    assert done.exit_code == 0, done.output
    settings = load_settings()
    assert settings.corpus.folders == (SAMPLE / "articles",)
    assert (settings.digest.timezone, settings.digest.time) == ("Europe/Berlin", "19:00")
    assert settings.admin.guild_ids == (123,)
    assert "# " in (inside / "config.toml").read_text("utf-8")


def test_a_token_goes_into_a_file_of_its_own_that_nobody_else_may_read(inside: Path) -> None:
    (inside / "given").write_text("secret-token\n", "utf-8")
    done = invoke("init", str(SAMPLE / "articles"), "--token-file", "given", "--no-load")
    assert "secret-token" not in done.output
    assert "secret-token" not in (inside / "config.toml").read_text("utf-8")
    assert load_settings().discord.token_file == inside / "given"


def test_a_token_of_the_environment_stays_there(inside: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DISCORD_TOKEN", "secret-token")
    monkeypatch.setenv("BROADSHEET_DISCORD__API_BASE_URL", "http://127.0.0.1:9/api/v10")
    done = invoke("init", str(SAMPLE / "articles"), "--no-load")
    assert "was not checked" in done.output
    assert load_settings().discord.token_file is None


def test_it_overwrites_nothing_without_being_asked(inside: Path) -> None:
    (inside / "config.toml").write_text("data_dir = 'mine'\n", "utf-8")
    done = invoke("init", str(SAMPLE / "articles"), "--no-load")
    assert done.exit_code == 2
    assert "--force" in done.output
    assert (inside / "config.toml").read_text("utf-8") == "data_dir = 'mine'\n"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([], "Name the folder"),
        (["nowhere"], "There is no folder"),
        ([str(SAMPLE), "--url", "mysite"], "https://"),
        ([str(SAMPLE), "--time", "25:99"], "not a time"),
        ([str(SAMPLE), "--timezone", "Atlantis"], "Atlantis"),
    ],
)
def test_a_wrong_answer_says_what_to_type_and_writes_nothing(inside: Path, arguments: list[str], said: str) -> None:
    done = invoke("init", *arguments)
    assert done.exit_code == 2
    assert said in done.output
    assert not (inside / "config.toml").exists()


@pytest.mark.slow
def test_it_loads_what_it_was_pointed_at(inside: Path) -> None:
    done = invoke("init", str(SAMPLE / "articles"))
    assert (inside / "data" / "corpus.db").exists(), done.output
    assert stat.S_ISREG((inside / "config.toml").stat().st_mode)


def test_a_token_file_that_is_not_there_is_not_passed_over(inside: Path) -> None:
    done = invoke("init", str(SAMPLE / "articles"), "--token-file", "nowhere.txt")
    assert done.exit_code == 2
    assert "can't be read" in done.output
    assert not (inside / "config.toml").exists()


@pytest.mark.slow
def test_a_newcomer_at_a_terminal_is_asked_again_until_the_answer_can_be_used(inside: Path) -> None:
    command = [sys.executable, "-m", "bot", "init", "--no-load"]
    pid, terminal = pty.fork()
    if not pid:
        os.environ |= {"BROADSHEET_DISCORD__API_BASE_URL": "http://127.0.0.1:9/api/v10", "TERM": "dumb"}
        os.environ["PYTHONPATH"] = str(SAMPLE.parent)
        os.execv(command[0], command)
    said = ""
    typed = ["no-such-folder", str(SAMPLE / "articles"), "", "Atlantis", "Berlin", "25:99", "7 pm", "my server", "", ""]
    prompts = ["Folder", "Folder", "Address", "Time zone", "Time zone", "When", "When", "Id of", "Id of", "token"]
    for prompt, answer in zip(prompts, typed, strict=True):
        while prompt not in said:
            said += os.read(terminal, 4096).decode("utf-8", "replace")
        said = said.partition(prompt)[2]
        while prompt == "token" and termios.tcgetattr(terminal)[3] & termios.ECHO:
            time.sleep(0.01)  # what is typed before the input is hidden is thrown away
        os.write(terminal, f"{answer}\n".encode())
    with suppress(OSError):
        while chunk := os.read(terminal, 4096):
            said += chunk.decode("utf-8", "replace")
    _pid, status = os.waitpid(pid, 0)
    assert os.waitstatus_to_exitcode(status) == 0, said
    settings = load_settings()
    assert (settings.digest.timezone, settings.digest.time) == ("Europe/Berlin", "19:00")
