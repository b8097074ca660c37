"""The slash commands, one file per group: read options, one service call, one render call, reply."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import discord
from discord import app_commands

from bot.commands.corpus import corpus_group
from bot.commands.digest import digest_group
from bot.commands.help import help_command
from bot.commands.message_menus import find_story, why_here
from bot.commands.news import latest, news
from bot.commands.papers import papers
from bot.interactions.host import Host

Registered = app_commands.Command[Any, ..., Any] | app_commands.Group | app_commands.ContextMenu

_IN_GUILDS_AND_DMS = app_commands.AppCommandContext(guild=True, dm_channel=True, private_channel=False)
_EVERYWHERE = app_commands.AppCommandContext(guild=True, dm_channel=True, private_channel=True)
_TO_GUILDS = app_commands.AppInstallationType(guild=True, user=False)
_TO_GUILDS_AND_USERS = app_commands.AppInstallationType(guild=True, user=True)


def add_commands(tree: app_commands.CommandTree[Host], home_guild_ids: Collection[int]) -> None:
    """Add the commands to the tree; `/corpus` only in the home guilds, or everywhere if there are none.

    Commands that only read the news also work for members who installed the bot for themselves, in any server and
    chat.
    """
    user_installable: list[Registered] = [news, latest, papers, help_command, find_story]
    guild_installed: list[Registered] = [digest_group(), why_here]
    corpus = corpus_group()
    if home_guild_ids:
        # Commands of one guild have no contexts: Discord accepts those for global commands only.
        tree.add_command(corpus, guilds=[discord.Object(guild_id) for guild_id in sorted(home_guild_ids)])
    else:
        guild_installed.append(corpus)
    for command in user_installable:
        command.allowed_contexts = _EVERYWHERE
        command.allowed_installs = _TO_GUILDS_AND_USERS
        tree.add_command(command)
    for command in guild_installed:
        command.allowed_contexts = _IN_GUILDS_AND_DMS
        command.allowed_installs = _TO_GUILDS
        tree.add_command(command)
