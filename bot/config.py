"""Turns a TOML file and the environment into frozen settings, or into one error that names every fault.

Nothing is read at import; `load_settings` reads once, at start.
"""

from __future__ import annotations

import errno
import os
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, get_origin

from pydantic import BaseModel, ValidationError

from bot import config_faults
from bot.settings import CorpusSettings, Settings, SourceSettings
from digests.environment import take_out
from digests.errors import BroadsheetError
from digests.i18n import _

DEFAULT_FILE = Path("config.toml")
ENVIRONMENT_PREFIX = "BROADSHEET_"
MAX_FILE_BYTES = 1024 * 1024
TOKEN_VARIABLE = "DISCORD_TOKEN"  # noqa: S105 - the variable's name, not a token


class ConfigurationError(BroadsheetError):
    """The configuration can't be used; the message names every fault, a line each."""


def load_settings(file: Path | None = None, environment: Mapping[str, str] | None = None) -> Settings:
    """Read the configuration.

    Args:
        file: The TOML file; None means `config.toml` in the working directory if there is one.
        environment: Its `BROADSHEET_SECTION__KEY` variables override the file; None means the process's own.

    Raises:
        ConfigurationError: Names every fault: a missing file, bad TOML, unknown keys, values out of range.
    """
    environment = os.environ if environment is None else environment
    values: dict[str, Any] = {}
    if file is not None or DEFAULT_FILE.exists():
        values = _read(file or DEFAULT_FILE)
    faults = _merge_environment(values, environment)
    try:
        settings = Settings.model_validate(values)
    except ValidationError as error:
        keys = _all_keys()
        faults.extend(config_faults.sentence(detail, keys) for detail in error.errors())
    else:
        settings = _absolute(settings, (file or DEFAULT_FILE).parent.resolve())
        faults.extend(_tokens_for_folders(settings))
    if faults:
        where = file or DEFAULT_FILE if (file is not None or DEFAULT_FILE.exists()) else _("the environment")
        heading = _("The configuration in {where} can't be used:").format(where=config_faults.redacted(str(where)))
        raise ConfigurationError("\n".join([heading, *(f"  - {fault}" for fault in faults)]))
    settings._file = (file or DEFAULT_FILE).absolute()
    return settings


def _tokens_for_folders(settings: Settings) -> list[str]:
    """Return a fault for each folder key whose value looks like a token and is not an existing folder."""
    named = (("data_dir", (settings.data_dir,)), ("corpus.folders", settings.corpus.folders))
    return [
        _("{key}: {advice}").format(key=key, advice=config_faults.where_tokens_go())
        for key, paths in named
        if any(config_faults.holds_token(path.name) and not path.exists() for path in paths)
    ]


def read_token(settings: Settings, environment: Mapping[str, str] | None = None) -> str:
    """Return Discord's token, from `DISCORD_TOKEN` or the file named by `discord.token_file`.

    Once read, it is removed from the process's environment and never passed on to child processes.

    Raises:
        ConfigurationError: There is none.
    """
    token = take_out(TOKEN_VARIABLE) if environment is None else environment.get(TOKEN_VARIABLE, "")
    token = token.strip()
    if token:
        return _checked(token, TOKEN_VARIABLE)
    file = settings.discord.token_file
    if file is None:
        raise ConfigurationError(
            _(
                "There is no Discord token. Set DISCORD_TOKEN, or name a file with it in discord.token_file"
                " (“On Discord” in README.md says how to get one)."
            )
        )
    shown = config_faults.shown_token_file(file)
    try:
        token = _text_of(file, "utf-8").strip()
    except OSError as error:
        if config_faults.is_secret("discord.token_file", file):
            raise ConfigurationError(
                _("discord.token_file names no file: {advice}.").format(advice=config_faults.where_tokens_go())
            ) from None
        raise ConfigurationError(
            _("The token file {file} can't be read: {error}").format(file=shown, error=error.strerror or error)
        ) from error
    except UnicodeDecodeError as error:
        raise ConfigurationError(
            _("The token file {file} is not a text file. It has to contain the token and nothing else.").format(
                file=shown
            )
        ) from error
    if not token:
        raise ConfigurationError(_("The token file {file} is empty.").format(file=shown))
    return _checked(token, shown)


def _checked(token: str, place: str) -> str:
    """Check that a token is one word: it becomes an HTTP header, and an error about a bad header would quote it."""
    if not (token.isascii() and token.isprintable()) or " " in token:
        raise ConfigurationError(
            _("The value in {place} is not a token: it has to be one word, copied from the Bot page.").format(
                place=place
            )
        )
    return token


def _text_of(file: Path, encoding: str) -> str:
    """Return a file's text.

    Raises:
        OSError: It can't be read, or is not a regular file: reading a named pipe would block forever.
    """
    if file.exists() and not file.is_file():
        raise OSError(errno.EINVAL, _("it is not a regular file"))
    with file.open("rb") as opened:
        return opened.read(MAX_FILE_BYTES).decode(encoding)


def _read(file: Path) -> dict[str, Any]:
    shown = config_faults.redacted(str(file))
    try:
        text = _text_of(file, "utf-8-sig")
    except FileNotFoundError as error:
        raise ConfigurationError(
            _("There is no configuration file {file}. Copy config.example.toml, or leave --config out.").format(
                file=shown
            )
        ) from error
    except OSError as error:
        raise ConfigurationError(
            _("{file} can't be read: {error}").format(file=shown, error=error.strerror or error)
        ) from error
    except UnicodeDecodeError as error:
        raise ConfigurationError(_("{file} is not a text file in UTF-8. Save it as one.").format(file=shown)) from error
    try:
        return tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        fault = config_faults.toml_fault(text, str(error))
        raise ConfigurationError(_("{file} can't be read: {fault}").format(file=shown, fault=fault)) from None


def _merge_environment(values: dict[str, Any], environment: Mapping[str, str]) -> list[str]:
    """Override `values` with `BROADSHEET_SECTION__KEY` variables; return the faults found."""
    faults: list[str] = []
    for name, text in sorted(environment.items()):
        if not name.startswith(ENVIRONMENT_PREFIX):
            continue
        path = name.removeprefix(ENVIRONMENT_PREFIX).lower().split("__")
        field: Any = None
        model: type[BaseModel] = Settings
        for part in path:
            field = model.model_fields.get(part)
            if field is None:
                break
            annotation = field.annotation
            if isinstance(annotation, type) and issubclass(annotation, BaseModel):
                model = annotation
        if field is None or (isinstance(field.annotation, type) and issubclass(field.annotation, BaseModel)):
            faults.append(config_faults.unknown_variable(name))
            continue
        target = values
        for part in path[:-1]:
            target = target.setdefault(part, {})
            if not isinstance(target, dict):
                break
        if isinstance(target, dict):
            target[path[-1]] = _items(text) if get_origin(field.annotation) is tuple else text
    return faults


def _items(text: str) -> list[Any]:
    """Read a list: items separated by commas, or written as in the file."""
    if text.lstrip().startswith("["):
        try:
            return list(tomllib.loads(f"items = {text}")["items"])
        except tomllib.TOMLDecodeError:
            pass  # a folder may have such a name
    return [item.strip() for item in text.split(",") if item.strip()]


def _all_keys(model: type[BaseModel] = Settings, prefix: str = "") -> list[str]:
    keys: list[str] = []
    for name, field in model.model_fields.items():
        annotation = field.annotation
        if isinstance(annotation, type) and issubclass(annotation, BaseModel):
            keys.append(f"{prefix}{name}")
            keys.extend(_all_keys(annotation, f"{prefix}{name}."))
        else:
            keys.append(f"{prefix}{name}")
    if model is Settings:
        keys.extend(f"corpus.sources.{name}" for name in SourceSettings.model_fields)
    return keys


def _folders(corpus: CorpusSettings, base: Path) -> dict[str, object]:
    """Return all folders, absolute: those of `folders` (its default only if no source is given) and of the sources."""
    sources = tuple(
        source.model_copy(update={"folder": base / source.folder.expanduser()}) for source in corpus.sources
    )
    named = corpus.folders if "folders" in corpus.model_fields_set or not sources else ()
    folders = dict.fromkeys([*(base / folder.expanduser() for folder in named), *(each.folder for each in sources)])
    return {"folders": tuple(folders), "sources": sources}


def _absolute(settings: Settings, base: Path) -> Settings:
    """Make relative paths absolute, starting from the configuration file's folder."""
    token_file = settings.discord.token_file
    return settings.model_copy(
        update={
            "data_dir": base / settings.data_dir.expanduser(),
            "corpus": settings.corpus.model_copy(update=_folders(settings.corpus, base)),
            "discord": settings.discord.model_copy(
                update={"token_file": base / token_file.expanduser() if token_file is not None else None}
            ),
        }
    )
