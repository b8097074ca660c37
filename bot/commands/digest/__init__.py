"""`/digest`: a channel's own daily paper, for those who manage the server, and for members in their own DMs."""

from __future__ import annotations

from typing import Any

import discord
from discord import app_commands
from discord.app_commands import locale_str

from bot.commands.digest.manage import list_command, next_command, pause, resume, unsubscribe
from bot.commands.digest.preview import now_command, preview
from bot.commands.digest.subscribe import edit, subscribe


def digest_group() -> app_commands.Group:
    """Return the command group."""
    group = app_commands.Group(
        name="digest",
        description=locale_str("A daily paper for a channel, or for yourself in direct messages"),
        default_permissions=discord.Permissions(manage_guild=True),
    )
    commands: tuple[app_commands.Command[Any, ..., None], ...] = (
        subscribe,
        list_command,
        next_command,
        edit,
        pause,
        resume,
        unsubscribe,
        preview,
        now_command,
    )
    for command in commands:
        group.add_command(command)
    return group
