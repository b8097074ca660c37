"""The message that a server gets when the bot joins it."""

from __future__ import annotations

import logging
from collections.abc import Mapping

import discord

from bot.component_view import ComponentView
from bot.render.pressable import pressable
from bot.render.welcome import render_welcome
from digests.i18n import use_language

_log = logging.getLogger(__name__)


async def welcome(guild: discord.Guild, command_ids: Mapping[str, int]) -> None:
    """Introduce the bot in a server's system channel, if it may write there."""
    channel = guild.system_channel
    if channel is None:
        return
    permissions = channel.permissions_for(guild.me)
    if not (permissions.view_channel and permissions.send_messages):
        return
    use_language(str(guild.preferred_locale))
    try:
        await channel.send(view=ComponentView(pressable(render_welcome(), command_ids)))
    except discord.HTTPException as error:
        _log.info("Server %d got no welcome message: %s", guild.id, error)
