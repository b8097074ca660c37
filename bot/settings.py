"""The settings: every section of the configuration, what each key may be, and its default.

Knows nothing of files and variables; `bot.config` reads them.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, PrivateAttr, field_validator

from bot.render.look import Look, is_emoji
from digests.editions import zone
from digests.errors import InvalidInput
from digests.i18n import _
from digests.models import Policy, SubscriptionLimits, Weights
from digests.models.sources import DEFAULT_KEEP_DAYS, PRESETS, Source
from digests.typed.options import parse_times
from digests.typed.timezones import find_timezone

MAX_KEEP_DAYS = 36_500
DISCORD_API = "https://discord.com/api/v10"


class _Section(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)


class SourceSettings(_Section):
    """One folder of articles, and what can't be found in its files or its site's configuration."""

    folder: Path
    url: str = ""
    name: str = Field(default="", max_length=100)
    permalink: str = Field(default="", max_length=300)
    timezone: str = ""
    topics_from: tuple[str, ...] = ()
    drafts: bool = False
    ignore: tuple[str, ...] = ()
    keep_days: int | None = Field(default=None, ge=0, le=MAX_KEEP_DAYS)

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
    max_feed_kib: int = Field(default=65536, ge=1, le=262144)
    workers: int = Field(default=0, ge=0, le=64)
    keep_days: int = Field(default=DEFAULT_KEEP_DAYS, ge=0, le=MAX_KEEP_DAYS)
    stale_hours: float = Field(default=24, ge=0, le=8760)

    @property
    def known_sources(self) -> tuple[Source, ...]:
        """The sources configured for some of the folders."""
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
    """Weights of the rank formula: the most that each part can contribute."""

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
        if isinstance(value, dt.time):  # not quoted in the file
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
        """Return how digests look: the paper's name and the emoji of its topics."""
        return Look(self.digest.masthead, self.topics)

    @property
    def corpus_path(self) -> Path:
        """Path of the cache of the folders, which can be deleted at any time."""
        return self.data_dir / "corpus.db"

    @property
    def state_path(self) -> Path:
        """Path of the database with subscriptions, outbox and ledger; what a backup contains."""
        return self.data_dir / "state.db"

    @property
    def own_files(self) -> tuple[Path, ...]:
        """Paths that are never read as articles: the configuration, the token file, the data folder."""
        named = (self._file, self.discord.token_file, self.data_dir)
        return tuple(path for path in named if path is not None)
