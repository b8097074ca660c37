"""The slash commands as Discord knows them: registers changes, translates descriptions, handles errors."""

from __future__ import annotations

import hashlib
import json
import logging
import time
from collections.abc import Collection, Mapping
from contextvars import copy_context
from typing import Any

import discord
from discord import app_commands
from discord.app_commands import TranslationContextLocation as Location

from bot.commands import add_commands
from bot.errors import answer_error
from bot.interactions.host import BotInteraction, Host
from bot.interactions.responses import use_asker_language
from digests.errors import TooSoon
from digests.i18n import _, use_language
from digests.service.installation import Installation

_log = logging.getLogger(__name__)

_GLOBAL = "global"
_BEGAN = "began"
_TOO_MANY_COMMANDS_MADE = 30034


class BroadsheetTree(app_commands.CommandTree[Host]):
    """The slash commands of one client."""

    def __init__(self, client: Host, *, home_guild_ids: Collection[int]) -> None:
        super().__init__(client)
        self._home_guild_ids = frozenset(home_guild_ids)
        self._ids: dict[str, dict[str, int]] = {}
        add_commands(self, self._home_guild_ids)

    # ------------------------------------------------------------------ registration

    async def register(self, installation: Installation) -> None:
        """Register the commands that changed since the last time, and remove them from former home guilds.

        Args:
            installation: Stores a hash of each scope's commands.
        """
        known = await self._known_hashes(installation)
        guilds = {str(guild_id) for guild_id in self._home_guild_ids} | (known.keys() - {_GLOBAL})
        for scope in (_GLOBAL, *sorted(guilds)):
            await self._register_scope(scope, installation)

    async def register_in(self, guild_id: int, installation: Installation) -> None:
        """Register the corpus commands in a home guild that the bot has just joined."""
        if guild_id in self._home_guild_ids:
            await self._register_scope(str(guild_id), installation)

    def command_ids(self, guild_id: int | None) -> Mapping[str, int]:
        """Return the ids of the top-level commands available in a guild, or in direct messages."""
        return {**self._ids.get(_GLOBAL, {}), **self._ids.get(str(guild_id), {})}

    async def _register_scope(self, scope: str, installation: Installation) -> None:
        guild = None if scope == _GLOBAL else discord.Object(int(scope))
        payload = await self._payload(guild)
        digest = hashlib.sha256(json.dumps(payload, sort_keys=True).encode()).hexdigest()
        known = await self._known_hashes(installation)
        try:
            there = await self.fetch_commands(guild=guild) if known.get(scope) == digest else None
            # Fetched even if nothing changed: another program with the same token may have removed the commands.
            changed = there is None or {one["name"] for one in payload} != {one.name for one in there}
            if changed:
                there = await self.sync(guild=guild)
                _log.info("Registered %d commands in %s", len(payload), scope)
        except discord.HTTPException as error:
            if not _can_wait(error, guild):
                raise
            _log.warning("Commands in %s not updated: %s", scope, error)
            return
        except discord.RateLimited as error:
            _log.warning("Commands in %s not updated: Discord asks to wait %.0f s", scope, error.retry_after)
            return
        self._ids[scope] = {command.name: command.id for command in there or ()}
        if changed:
            scopes = {**known, scope: digest}
            if not payload:
                del scopes[scope]
            stored = {"application_id": self.client.application_id, "scopes": scopes}
            await installation.set_synced_commands(json.dumps(stored, sort_keys=True))

    async def _known_hashes(self, installation: Installation) -> dict[str, str]:
        """Return the hash of each scope's commands as last registered for this application."""
        stored = json.loads(await installation.find_synced_commands() or "{}")
        return dict(stored["scopes"]) if stored.get("application_id") == self.client.application_id else {}

    async def _payload(self, guild: discord.abc.Snowflake | None) -> list[dict[str, Any]]:
        if self.translator is None:
            await self.set_translator(CatalogueTranslator())
        assert self.translator is not None
        commands = self.get_commands(guild=guild)
        return [await command.get_translated_payload(self, self.translator) for command in commands]

    # ------------------------------------------------------------------ the border

    async def interaction_check(self, interaction: BotInteraction, /) -> bool:
        """Switch to the user's language, and enforce the cooldown."""
        use_asker_language(interaction)
        if interaction.type is not discord.InteractionType.application_command:
            return True
        name = _name_of(interaction.data)
        try:
            interaction.client.cooldowns.check(interaction.user.id, name)
        except TooSoon as error:
            await answer_error(interaction, error, doing=f"/{name}")
            return False
        interaction.extras[_BEGAN] = (name, time.monotonic())
        return True

    def count_time(self, interaction: BotInteraction) -> None:
        """Charge the time that a command took, after it has ended."""
        name, began_s = interaction.extras.pop(_BEGAN, ("", 0.0))
        interaction.client.cooldowns.charge(interaction.user.id, name, time.monotonic() - began_s)

    async def on_error(self, interaction: BotInteraction, error: app_commands.AppCommandError, /) -> None:
        """Answer the user after an error in a command; an autocomplete just gets no choices."""
        self.count_time(interaction)
        doing = f"/{interaction.command.qualified_name}" if interaction.command else "a command"
        if interaction.type is discord.InteractionType.autocomplete:
            _log.info("%s: no choices: %s", doing, error)
            if not interaction.response.is_done():
                await interaction.response.autocomplete([])
            return
        await answer_error(interaction, error, doing=doing)


class CatalogueTranslator(app_commands.Translator):
    """Translates descriptions and choices with our catalogues; names are a contract and stay English."""

    _NAMES = frozenset({Location.command_name, Location.group_name, Location.parameter_name})

    async def translate(
        self,
        string: app_commands.locale_str,
        locale: discord.Locale,
        context: app_commands.TranslationContextTypes,
    ) -> str | None:
        """Return the translation; None if the catalogues have none, or it is too long for Discord."""
        if context.location in self._NAMES:
            return None
        translated = copy_context().run(_in_language, string.message, str(locale))
        return None if translated == string.message or len(translated) > 100 else translated


def _name_of(data: object) -> str:
    """Return a command's full name from an interaction, such as "digest preview"."""
    words: list[str] = []
    while isinstance(data, dict):
        words.append(str(data.get("name", "")))
        groups = [one for one in data.get("options") or () if isinstance(one, dict) and one.get("type") in (1, 2)]
        data = groups[0] if groups else None
    return " ".join(words)


def _in_language(message: str, language: str) -> str:
    use_language(language)
    return _(message)


def _can_wait(error: discord.HTTPException, guild: discord.abc.Snowflake | None) -> bool:
    """Check whether the bot can go without this registration: too many today, or it is not in the guild (yet)."""
    not_there = guild is not None and isinstance(error, discord.Forbidden | discord.NotFound)
    return not_there or error.code == _TOO_MANY_COMMANDS_MADE
