"""The link that adds the bot to a server, with the scopes and permissions that it needs and no others."""

from __future__ import annotations

from typing import Final

import discord

PERMISSIONS: Final = discord.Permissions(
    view_channel=True,
    send_messages=True,
    send_messages_in_threads=True,
    read_message_history=True,
)
"""What `bot/interactions/permissions.py` checks in a text channel, a forum or a thread."""
SCOPES: Final = ("bot", "applications.commands")


def invite_link(application_id: int) -> str:
    """Return the address to open in a browser, where a server can be chosen."""
    return discord.utils.oauth_url(application_id, permissions=PERMISSIONS, scopes=SCOPES)
