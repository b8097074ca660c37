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
_INVITED_TO_GUILDS = app_commands.AppInstallationType(guild=True, user=False)
_ANYBODYS_OWN = app_commands.AppInstallationType(guild=True, user=True)


def add_commands(tree: app_commands.CommandTree[Host], home_guild_ids: Collection[int]) -> None:
    """Add the commands to the tree; `/corpus` only in the home guilds, or everywhere if there are none.

    Commands that only read the news also work for members who installed the bot for themselves, in any server and
    chat.
    """
    readers: list[Registered] = [news, latest, papers, help_command, find_story]
    everywhere: list[Registered] = [digest_group(), why_here]
    corpus = corpus_group()
    if home_guild_ids:
        # Commands of one guild have no contexts: Discord accepts those for global commands only.
        tree.add_command(corpus, guilds=[discord.Object(guild_id) for guild_id in sorted(home_guild_ids)])
    else:
        everywhere.append(corpus)
    for command in readers:
        command.allowed_contexts = _EVERYWHERE
        command.allowed_installs = _ANYBODYS_OWN
        tree.add_command(command)
    for command in everywhere:
        command.allowed_contexts = _IN_GUILDS_AND_DMS
        command.allowed_installs = _INVITED_TO_GUILDS
        tree.add_command(command)
