"""What commands print, and where: documents, pipes that close, disks that are full, terminals that obey."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.bot.cli.conftest import SAMPLE, Shell


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("search", "x"), 3),
        (("preview", "--date", "soon"), 2),
        (("load", "nowhere"), 2),
        (("replay", "none.jsonl"), 2),
        (("restore", "b.db"), 3),
        (("import", "none.json"), 2),
        (("load", "--config", "none.toml"), 2),
    ],
)
def test_an_error_is_a_document_too_where_one_was_asked_for(shell: Shell, words: tuple[str, ...], code: int) -> None:
    document = shell.json(*words, expect=code)
    assert set(document) == {"error"}
    assert document["error"]


@pytest.mark.slow
def test_a_reader_that_goes_away_ends_a_command_quietly(stocked: Shell) -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "bot", "doctor"],
        cwd=stocked.folder,
        env={**os.environ, "PYTHONPATH": str(SAMPLE.parent)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        assert "configuration" in process.stdout.readline().decode()
        process.stdout.close()
        assert "Traceback" not in process.stderr.read().decode()
        process.wait(30)


@pytest.mark.slow
@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full here")
@pytest.mark.parametrize("unbuffered", ["", "1"])
def test_output_that_cannot_be_written_ends_a_command_with_a_sentence(tmp_path: Path, unbuffered: str) -> None:
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [sys.executable, "-m", "bot", "--version"],
            cwd=tmp_path,
            env={**os.environ, "PYTHONPATH": str(SAMPLE.parent), "PYTHONUNBUFFERED": unbuffered},
            stdout=full,
            stderr=subprocess.PIPE,
            check=False,
        )
    assert done.returncode == 3
    assert done.stderr.decode() == "broadsheet: the output could not be written: No space left on device.\n"


@pytest.mark.slow
@pytest.mark.parametrize("arguments", [("load",), ("inspect", "articles"), ("inspect", "articles", "--json")])
def test_nothing_of_a_corpus_reaches_the_terminal_as_a_command(shell: Shell, arguments: tuple[str, ...]) -> None:
    folder = shell.folder / "articles"
    folder.mkdir()
    (folder / "x\x1b]0;mine\x07\x9b.md").write_text("# Alpha \x1b[2J \x9b31m\n\ntext\n")
    (folder / "bad\x1b[31m.md").write_text("---\ntitle: [\n---\n")
    assert not {"\x1b", "\x07", "\x9b"} & set(shell.run(*arguments, expect=1))


@pytest.mark.slow
def test_a_token_on_the_command_line_is_not_repeated(tmp_path: Path) -> None:
    token = "MTk4NjIyNDgzNDcxOTI1MjQ4.Cl2FMQ.ZnCjm1XVW7vRze4b7Cq4se7kKWs"
    done = subprocess.run(
        [sys.executable, "-m", "bot", "run", token], capture_output=True, text=True, check=False, cwd=tmp_path
    )
    assert done.returncode == 2
    assert "DISCORD_TOKEN" in done.stderr
    assert token[:20] not in done.stdout + done.stderr
