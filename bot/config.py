"""Configuration: a TOML file and the environment become frozen settings, or one error that names every fault.

Nothing is read at import; `load_settings` reads once, at start.
"""

from __future__ import annotations

import datetime as dt
import os
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal, get_origin

from pydantic import BaseModel, ConfigDict, Field, PrivateAttr, ValidationError, field_validator

from bot import config_faults
from bot.render.look import Look, is_emoji
from digests.corpus.permalinks import PRESETS
from digests.editions import zone
from digests.environment import take_out
from digests.errors import BroadsheetError, InvalidInput
from digests.i18n import _
from digests.models import Policy, Weights
from digests.models.sources import Source
from digests.service.subscriptions import SubscriptionLimits
from digests.typed.options import parse_times
from digests.typed.timezones import find_timezone

DEFAULT_FILE = Path("config.toml")
ENVIRONMENT_PREFIX = "BROADSHEET_"
TOKEN_VARIABLE = "DISCORD_TOKEN"  # noqa: S105 - the variable's name, not a token
DISCORD_API = "https://discord.com/api/v10"


class ConfigurationError(BroadsheetError):
    """The configuration can't be used; the message names every fault, a line each."""


class _Section(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)


class SourceSettings(_Section):
    """One folder of articles and what its files and its site can't say themselves."""

    folder: Path
    url: str = ""
    name: str = Field(default="", max_length=100)
    permalink: str = Field(default="", max_length=300)
    timezone: str = ""
    topics_from: tuple[str, ...] = ()
    drafts: bool = False
    ignore: tuple[str, ...] = ()

    @field_validator("url")
    @classmethod
    def _is_address(cls, value: str) -> str:
        if value and not value.startswith(("http://", "https://")):
            raise ValueError(_("has to start with http:// or https://"))
        return value

    @field_validator("timezone")
    @classmethod
    def _is_zone(cls, value: str) -> str:
        if value:
            try:
                zone(value)
            except InvalidInput as error:
                raise ValueError(str(error)) from error
        return value

    @field_validator("permalink")
    @classmethod
    def _is_pattern(cls, value: str) -> str:
        if value and value not in PRESETS and not value.startswith("/"):
            raise ValueError(
                _('has to be a pattern such as "/blog/{{year}}/{{slug}}/", or one of {presets}').format(
                    presets=", ".join(sorted(PRESETS))
                )
            )
        return value


class CorpusSettings(_Section):
    """Where the articles are and how they are kept up to date."""

    folders: tuple[Path, ...] = (Path("articles"),)
    sources: tuple[SourceSettings, ...] = ()
    reload_minutes: int = Field(default=15, ge=0, le=10080)
    watch: bool = False
    git: bool = False
    max_file_kib: int = Field(default=2048, ge=1, le=65536)
    workers: int = Field(default=0, ge=0, le=64)
    stale_hours: float = Field(default=24, ge=0, le=8760)

    @property
    def known_sources(self) -> tuple[Source, ...]:
        """What is said of some of the folders."""
        return tuple(Source(**source.model_dump()) for source in self.sources)


class DiscordSettings(_Section):
    """How the bot reaches Discord."""

    token_file: Path | None = None
    api_base_url: str = DISCORD_API
    sends_per_second: float = Field(default=40.0, ge=0, le=1000)
    sends_in_flight: int = Field(default=10, ge=1, le=100)

    @field_validator("api_base_url")
    @classmethod
    def _is_address(cls, value: str) -> str:
        if not value.startswith(("http://", "https://")):
            raise ValueError(_("has to start with http:// or https://"))
        return value.rstrip("/")


class AdminSettings(_Section):
    """Who runs the corpus besides the bot's owners."""

    guild_ids: tuple[int, ...] = ()


class WeightSettings(_Section):
    """Weights of the rank formula: the most that each part can add."""

    quality: float = Field(default=40.0, ge=0, le=1000)
    heat: float = Field(default=15.0, ge=0, le=1000)
    recency: float = Field(default=25.0, ge=0, le=1000)
    corroboration: float = Field(default=20.0, ge=0, le=1000)


class DigestSettings(_Section):
    """Defaults and limits of digests; a subscription can set some of them for itself."""

    masthead: str = Field(default="The Daily Broadsheet", min_length=1, max_length=60)
    time: str = "08:00"
    timezone: str = "UTC"
    max_stories: int = Field(default=10, ge=1, le=1000)
    per_topic: int = Field(default=5, ge=1, le=1000)
    per_provider: int = Field(default=3, ge=1, le=1000)
    min_quality: int = Field(default=0, ge=0, le=1000)
    max_age_hours: int = Field(default=168, ge=1, le=8760)
    catch_up_hours: float = Field(default=12, ge=0, le=168)
    quiet_day: Literal["skip", "note", "archive"] = "skip"
    style: Literal["full", "compact", "headlines"] = "compact"
    keep_days: int = Field(default=400, ge=14, le=36500)
    weights: WeightSettings = WeightSettings()

    @field_validator("timezone")
    @classmethod
    def _is_zone(cls, value: str) -> str:
        try:
            zone(value)
        except InvalidInput as error:
            found = find_timezone(value)
            if found is None:
                raise ValueError(str(error)) from error
            return found
        return value

    @field_validator("time", mode="before")
    @classmethod
    def _is_time(cls, value: object) -> object:
        if isinstance(value, dt.time):  # unquoted in the file
            return value.strftime("%H:%M")
        if not isinstance(value, str):
            raise ValueError(_('has to be a time in quotes, such as "08:00" or "8am"'))
        try:
            return ", ".join(at.strftime("%H:%M") for at in parse_times(value))
        except InvalidInput as error:
            raise ValueError(str(error)) from error

    @property
    def times(self) -> tuple[dt.time, ...]:
        """The local times of `time`, ascending."""
        return parse_times(self.time)

    def policy(self) -> Policy:
        """Return the default policy: no filters, the configured limits and weights."""
        return Policy(
            min_quality=self.min_quality,
            max_stories=self.max_stories,
            per_topic=self.per_topic,
            per_provider=self.per_provider,
            max_age_hours=self.max_age_hours,
            weights=Weights(**self.weights.model_dump()),
        )


class MemberSettings(_Section):
    """How much a member may order for their own direct messages; 0 allows none."""

    max_papers: int = Field(default=5, ge=0, le=100)
    max_searches: int = Field(default=10, ge=0, le=100)
    max_stories: int = Field(default=10, ge=0, le=100)

    def limits(self) -> SubscriptionLimits:
        """Return the limits of subscriptions."""
        return SubscriptionLimits(per_user=self.max_papers, searches=self.max_searches, stories=self.max_stories)


class OpsSettings(_Section):
    """Health and metrics."""

    http_listen: str = ""
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"

    @field_validator("http_listen")
    @classmethod
    def _is_address(cls, value: str) -> str:
        host, colon, port = value.rpartition(":")
        if value and not (colon and host and port.isdigit() and int(port) < 65536):
            raise ValueError(_('has to be an address such as "127.0.0.1:9464", or empty'))
        return value


class Settings(_Section):
    """All of the configuration; relative paths count from the configuration file's folder."""

    data_dir: Path = Path("data")
    corpus: CorpusSettings = CorpusSettings()
    discord: DiscordSettings = DiscordSettings()
    admin: AdminSettings = AdminSettings()
    digest: DigestSettings = DigestSettings()
    members: MemberSettings = MemberSettings()
    topics: Mapping[str, str] = Field(default_factory=dict)
    ops: OpsSettings = OpsSettings()
    _file: Path | None = PrivateAttr(None)

    @field_validator("data_dir", mode="before")
    @classmethod
    def _is_named(cls, value: object) -> object:
        if isinstance(value, str) and not value.strip():
            raise ValueError(_("has to name a folder"))
        return value

    @field_validator("topics")
    @classmethod
    def _are_emoji(cls, value: Mapping[str, str]) -> Mapping[str, str]:
        for topic, emoji in value.items():
            if not is_emoji(emoji):
                raise ValueError(
                    _('"{topic}" has to name an emoji, such as "🚢" or "<:ship:123456789012345678>"').format(
                        topic=topic
                    )
                )
        return value

    def look(self) -> Look:
        """Return how digests look: the paper's name, and what its topics are marked with."""
        return Look(self.digest.masthead, self.topics)

    @property
    def corpus_path(self) -> Path:
        """The cache of the folders; can be deleted at any time."""
        return self.data_dir / "corpus.db"

    @property
    def state_path(self) -> Path:
        """Subscriptions, outbox and ledger; what a backup holds."""
        return self.data_dir / "state.db"

    @property
    def own_files(self) -> tuple[Path, ...]:
        """What is never read as an article: the configuration, the token's file, the data folder."""
        named = (self._file, self.discord.token_file, self.data_dir)
        return tuple(path for path in named if path is not None)


def load_settings(file: Path | None = None, environment: Mapping[str, str] | None = None) -> Settings:
    """Read the configuration.

    Args:
        file: The TOML file; None means `config.toml` in the working directory if there is one.
        environment: `BROADSHEET_SECTION__KEY` beats the file; None means the process's own.

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
    if faults:
        where = file or DEFAULT_FILE if (file is not None or DEFAULT_FILE.exists()) else _("the environment")
        heading = _("The configuration in {where} can't be used:").format(where=config_faults.redacted(str(where)))
        raise ConfigurationError("\n".join([heading, *(f"  - {fault}" for fault in faults)]))
    settings = _absolute(settings, (file or DEFAULT_FILE).parent.resolve())
    settings._file = (file or DEFAULT_FILE).absolute()
    return settings


def read_token(settings: Settings, environment: Mapping[str, str] | None = None) -> str:
    """Return Discord's token, from `DISCORD_TOKEN` or the file named by `discord.token_file`.

    Once read it is no longer in the process's own environment, nor in what is passed on to others.

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
                "There is no Discord token. Set DISCORD_TOKEN, or name a file that holds it in discord.token_file"
                " (README, section “On Discord”, says where to get one)."
            )
        )
    shown = config_faults.shown_token_file(file)
    try:
        token = file.read_text("utf-8").strip()
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
            _("The token file {file} holds no text. It has to hold the token and nothing else.").format(file=shown)
        ) from error
    if not token:
        raise ConfigurationError(_("The token file {file} is empty.").format(file=shown))
    return _checked(token, shown)


def _checked(token: str, place: str) -> str:
    """Check that a token is one word, for it becomes a header: anything else would be repeated by an error."""
    if not (token.isascii() and token.isprintable()) or " " in token:
        raise ConfigurationError(
            _("What {place} holds is no token: it has to be one word, copied from the Bot page.").format(place=place)
        )
    return token


def _read(file: Path) -> dict[str, Any]:
    shown = config_faults.redacted(str(file))
    try:
        text = file.read_text("utf-8-sig")
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
    """Put `BROADSHEET_SECTION__KEY` variables over `values`; return the faults found on the way."""
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
            pass  # a folder may be called so
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
    """Return all folders, absolute: those of `folders` (its default only where nothing else is said) and of sources."""
    sources = tuple(
        source.model_copy(update={"folder": base / source.folder.expanduser()}) for source in corpus.sources
    )
    named = corpus.folders if "folders" in corpus.model_fields_set or not sources else ()
    folders = dict.fromkeys([*(base / folder.expanduser() for folder in named), *(each.folder for each in sources)])
    return {"folders": tuple(folders), "sources": sources}


def _absolute(settings: Settings, base: Path) -> Settings:
    """Make relative paths count from the configuration file's folder."""
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
