"""Configuration: every key is shown, every fault is named, the environment wins."""

import tomllib
from pathlib import Path

import pytest

from bot.config import ConfigurationError, Settings, load_settings, read_token

EXAMPLE = Path(__file__).parents[2] / "config.example.toml"


def flat(values, prefix=""):
    found = {}
    for name, value in values.items():
        if isinstance(value, dict):
            found.update(flat(value, f"{prefix}{name}."))
        else:
            found[prefix + name] = value
    return found


def test_the_example_shows_every_key_with_its_default():
    shown = flat(tomllib.loads(EXAMPLE.read_text("utf-8").replace("# token_file", "token_file")))
    assert shown.pop("discord.token_file") == "token.txt"
    defaults = flat(Settings().model_dump(mode="json"))
    assert defaults.pop("discord.token_file") is None
    assert shown == defaults


def test_relative_paths_count_from_the_files_folder(tmp_path):
    file = tmp_path / "broadsheet.toml"
    file.write_text('data_dir = "db"\n[corpus]\nfolders = ["news", "/srv/more"]\n')
    settings = load_settings(file, {})
    assert settings.data_dir == tmp_path / "db"
    assert settings.corpus.folders == (tmp_path / "news", Path("/srv/more"))


def test_the_environment_beats_the_file(tmp_path):
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


def test_every_fault_is_named_in_one_error(tmp_path):
    file = tmp_path / "config.toml"
    file.write_text(
        'data_dri = "x"\n[corpus]\nreload_minutes = "often"\n[digest]\ntimezone = "Mars"\ntime = "noon"\n'
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
def test_a_file_that_is_no_toml_is_one_clear_error(tmp_path, content):
    file = tmp_path / "config.toml"
    file.write_bytes(content)
    with pytest.raises(ConfigurationError, match=r"config\.toml"):
        load_settings(file, {})


def test_a_missing_file_is_an_error_only_when_it_was_named(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert load_settings(None, {}).data_dir == tmp_path / "data"
    with pytest.raises(ConfigurationError, match=r"config\.example\.toml"):
        load_settings(tmp_path / "none.toml", {})


def test_the_token_comes_from_the_environment_or_a_file_and_is_missed_in_words(tmp_path):
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
def test_a_list_in_the_environment_has_commas_or_is_written_as_in_the_file(tmp_path, monkeypatch, written, folders):
    monkeypatch.chdir(tmp_path)
    settings = load_settings(None, {"BROADSHEET_CORPUS__FOLDERS": written})
    assert [str(folder.relative_to(tmp_path)) for folder in settings.corpus.folders] == folders


def test_faults_speak_of_the_file_and_not_of_python(tmp_path):
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
