"""Configuration: every key is shown, every fault is named, the environment wins."""

import os
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from bot.config import ConfigurationError, load_settings, read_token
from bot.settings import Settings

EXAMPLE = Path(__file__).parents[2] / "config.example.toml"


def flat(values: Mapping[str, Any], prefix: str = "") -> dict[str, Any]:
    found = {}
    for name, value in values.items():
        if isinstance(value, dict):
            found.update(flat(value, f"{prefix}{name}."))
        else:
            found[prefix + name] = value
    return found


def test_the_example_shows_every_key_with_its_default() -> None:
    shown = flat(tomllib.loads(EXAMPLE.read_text("utf-8").replace("# token_file", "token_file")))
    assert shown.pop("discord.token_file") == "token.txt"
    defaults = flat(Settings().model_dump(mode="json"))
    assert defaults.pop("discord.token_file") is None
    assert shown == defaults


def test_relative_paths_count_from_the_files_folder(tmp_path: Path) -> None:
    file = tmp_path / "broadsheet.toml"
    file.write_text('data_dir = "db"\n[corpus]\nfolders = ["news", "/srv/more"]\n')
    settings = load_settings(file, {})
    assert settings.data_dir == tmp_path / "db"
    assert settings.corpus.folders == (tmp_path / "news", Path("/srv/more"))


def test_the_environment_beats_the_file(tmp_path: Path) -> None:
    file = tmp_path / "config.toml"
    file.write_text("[digest]\nmax_stories = 3\n")
    environment = {
        "BROADSHEET_DIGEST__MAX_STORIES": "7",
        "BROADSHEET_DIGEST__WEIGHTS__HEAT": "1.5",
        "BROADSHEET_CORPUS__FOLDERS": "/a, /b",
        "BROADSHEET_ADMIN__GUILD_IDS": "1,2",
        "BROADSHEET_DATA_DIR": "/srv/data",
        "PATH": "/bin",
    }
    settings = load_settings(file, environment)
    assert settings.digest.max_stories == 7
    assert settings.digest.weights.heat == 1.5
    assert settings.corpus.folders == (Path("/a"), Path("/b"))
    assert settings.admin.guild_ids == (1, 2)
    assert settings.data_dir == Path("/srv/data")


def test_every_fault_is_named_in_one_error(tmp_path: Path) -> None:
    file = tmp_path / "config.toml"
    file.write_text(
        'data_dri = "x"\n[corpus]\nreload_minutes = "often"\n[digest]\ntimezone = "Mars"\ntime = "soonish"\n'
        '[discord]\napi_base_url = "discord.com"\n[ops]\nhttp_listen = "9464"\n'
    )
    with pytest.raises(ConfigurationError) as caught:
        load_settings(file, {"BROADSHEET_DIGEST__COLOUR": "red"})
    message = str(caught.value)
    for part in (
        "data_dri is not a configuration key; did you mean data_dir?",
        "corpus.reload_minutes = 'often'",
        "digest.timezone",
        "digest.time ",
        "discord.api_base_url",
        "ops.http_listen",
        "BROADSHEET_DIGEST__COLOUR",
        str(file),
    ):
        assert part in message


@pytest.mark.parametrize("content", [b"data_dir = ", b"\xff\xfe", b"[digest\n"])
def test_a_file_that_is_no_toml_is_one_clear_error(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "config.toml"
    file.write_bytes(content)
    with pytest.raises(ConfigurationError, match=r"config\.toml"):
        load_settings(file, {})


@pytest.mark.parametrize("key", ["config", "token"])
def test_a_named_pipe_is_refused_and_not_waited_for(tmp_path: Path, key: str) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "config.toml").write_text('discord.token_file = "pipe"')
    with pytest.raises(ConfigurationError, match="not a regular file"):
        read_token(load_settings(tmp_path / ("pipe" if key == "config" else "config.toml"), {}), {})


def test_a_missing_file_is_an_error_only_when_it_was_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert load_settings(None, {}).data_dir == tmp_path / "data"
    with pytest.raises(ConfigurationError, match=r"config\.example\.toml"):
        load_settings(tmp_path / "none.toml", {})


def test_the_token_comes_from_the_environment_or_a_file_and_is_missed_in_words(tmp_path: Path) -> None:
    file = tmp_path / "token.txt"
    settings = Settings.model_validate({"discord": {"token_file": str(file)}})
    assert read_token(settings, {"DISCORD_TOKEN": " abc "}) == "abc"
    with pytest.raises(ConfigurationError, match="can't be read"):
        read_token(settings, {})
    file.write_text("")
    with pytest.raises(ConfigurationError, match="empty"):
        read_token(settings, {})
    file.write_text("from-file\n")
    assert read_token(settings, {}) == "from-file"
    with pytest.raises(ConfigurationError, match="DISCORD_TOKEN"):
        read_token(Settings(), {})


@pytest.mark.parametrize(
    ("written", "folders"),
    [
        ("a, b", ["a", "b"]),
        ('["a", "b, c"]', ["a", "b, c"]),
        ("[a]", ["[a]"]),
        ("", []),
    ],
)
def test_a_list_in_the_environment_has_commas_or_is_written_as_in_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, written: str, folders: list[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    settings = load_settings(None, {"BROADSHEET_CORPUS__FOLDERS": written})
    assert [str(folder.relative_to(tmp_path)) for folder in settings.corpus.folders] == folders


def test_faults_speak_of_the_file_and_not_of_python(tmp_path: Path) -> None:
    file = tmp_path / "config.toml"
    file.write_text('data_dir = " "\ncorpus = 3\n[discord]\ntoken_file = 7\n[admin]\nguild_ids = 5\n')
    with pytest.raises(ConfigurationError) as raised:
        load_settings(file, {})
    text = str(raised.value)
    for fault in (
        "data_dir = ' ': has to name a folder",
        "corpus = 3: has to be a section",
        "discord.token_file = 7: has to be a path",
        "admin.guild_ids = 5: has to be a list",
    ):
        assert fault in text
    assert "pathlib" not in text


TOKEN = "MTk4NjIyNDgzNDcxOTI1MjQ4.Cl2FMQ.ZnCjm1XVW7vRze4b7Cq4se7kKWs"


@pytest.mark.parametrize(
    "content",
    [
        f'[discord]\ntoken = "{TOKEN}"\n',
        '[discord]\ntoken = "not even the shape of one"\nmax = 1',
        f"[discord]\ntoken = {TOKEN}\n",
        f'token = "{TOKEN}"\n',
        f'[discord]\n"{TOKEN}" = 1\n',
        f'[discord]\napi_base_url = "{TOKEN}"\n',
        f'[discord]\ntoken_file = ["{TOKEN}"]\n',
        f'[digest]\ntime = "{TOKEN}"\n',
        f'[admin]\nguild_ids = ["{TOKEN}"]\n',
        f"[digest]\ntimezone = {TOKEN}\n",
        f"{TOKEN}\n",
        f'[corpus]\nfolders = ["{TOKEN}"]\n',
        f'data_dir = "{TOKEN}"\n',
    ],
)
def test_a_token_that_stands_where_none_belongs_is_never_repeated(tmp_path: Path, content: str) -> None:
    file = tmp_path / "config.toml"
    file.write_text(content)
    with pytest.raises(ConfigurationError) as raised:
        load_settings(file, {})
    assert "DISCORD_TOKEN" in str(raised.value)
    for part in (*TOKEN.split("."), "shape of one"):
        assert part not in str(raised.value)


@pytest.mark.parametrize("name", [f"BROADSHEET_DISCORD__{TOKEN}", "BROADSHEET_DISCORD__TOKEN"])
def test_a_token_in_a_variable_is_never_repeated(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ConfigurationError) as raised:
        load_settings(None, {name: TOKEN})
    assert "DISCORD_TOKEN" in str(raised.value)
    assert TOKEN[:20] not in str(raised.value)


@pytest.mark.parametrize("typed", [TOKEN, "f" * 64 + "0123456789"])
def test_a_token_in_the_place_of_its_file_is_never_repeated(tmp_path: Path, typed: str) -> None:
    file = tmp_path / "config.toml"
    file.write_text(f'[discord]\ntoken_file = "{typed}"\n')
    settings = load_settings(file, {})
    with pytest.raises(ConfigurationError) as raised:
        read_token(settings, {})
    assert "DISCORD_TOKEN" in str(raised.value)
    assert typed[:20] not in str(raised.value)


@pytest.mark.parametrize("token", ["two words", "line\nbreak", "ünïcode"])
def test_what_is_no_token_is_refused_before_a_library_repeats_it(token: str) -> None:
    with pytest.raises(ConfigurationError) as raised:
        read_token(Settings(), {"DISCORD_TOKEN": token})
    assert token not in str(raised.value)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("[digest]\ntime = 08:00\n", 'time = "08:00"'),
        ("[digest]\ntimezone = London\n", 'timezone = "London"'),
        ('[admin]\nguild_ids = ["my server"]\n', "whole number"),
        ("[digest]\nmax_stories = 0\n", "at least 1"),
        ("[digest]\nmax_stories = 1.5\n", "whole number"),
        ("[corpus]\nwatch = 3\n", "true or false"),
        ('[digest]\nquiet_day = "party"\n', "'skip', 'note' or 'archive'"),
        ('[digest]\nmasthead = ""\n', "empty"),
        ("[digest\n", "line 1"),
        ('[digest]\ntime = "08:00\n', "line 2"),
        ('data_dir = "a"\ndata_dir = "b"\n', "twice"),
        ("[digest]\n[digest]\n", "twice"),
        ("digest:\n  time: 8\n", "="),
        ("[corpus]\nfolders = [\n", "closed"),
        ('data_dir = "C:\\Users\\me"\n', "backslash"),
        ("data_dir = \n", "no value"),
        ("digest = 5\n", "section"),
        ("[digest]\ntime = 8\n", "quotes"),
        ("[corpus]\nfolders = 'articles'\n", "list"),
    ],
)
def test_no_word_of_a_library_reaches_a_person(tmp_path: Path, content: str, said: str) -> None:
    file = tmp_path / "config.toml"
    file.write_text(content)
    with pytest.raises(ConfigurationError) as raised:
        load_settings(file, {})
    text = str(raised.value).replace(str(file), "")
    assert said in text
    for word in ("Input should", "valid integer", "parse", "Expected", "Invalid", "TOML", "pydantic", "Unclosed"):
        assert word not in text


@pytest.mark.parametrize(
    ("typed", "times"), [('"8am"', "08:00"), ('"7:30 pm"', "19:30"), ('"noon"', "12:00"), ("08:00:00", "08:00"),
                         ('"8, 18:30"', "08:00, 18:30")],
)  # fmt: skip
def test_the_file_takes_the_times_that_subscribe_takes(tmp_path: Path, typed: str, times: str) -> None:
    file = tmp_path / "config.toml"
    file.write_text(f"[digest]\ntime = {typed}\n")
    assert load_settings(file, {}).digest.time == times


@pytest.mark.parametrize(
    ("typed", "zone"), [("London", "Europe/London"), ("europe/berlin", "Europe/Berlin"), ("EST", "EST"), ("gmt", "UTC")]
)
def test_the_file_takes_the_zones_that_subscribe_takes(tmp_path: Path, typed: str, zone: str) -> None:
    file = tmp_path / "config.toml"
    file.write_text(f'[digest]\ntimezone = "{typed}"\n')
    assert load_settings(file, {}).digest.timezone == zone
