"""Discord's permission bits and how they add up for a member in a channel. Source: docs, topics/permissions."""

from collections.abc import Iterable
from typing import Final

from sandbox.entities import Channel, Guild, Member

BITS: Final[dict[str, int]] = {
    "create_instant_invite": 1 << 0,
    "kick_members": 1 << 1,
    "ban_members": 1 << 2,
    "administrator": 1 << 3,
    "manage_channels": 1 << 4,
    "manage_guild": 1 << 5,
    "add_reactions": 1 << 6,
    "view_audit_log": 1 << 7,
    "priority_speaker": 1 << 8,
    "stream": 1 << 9,
    "view_channel": 1 << 10,
    "send_messages": 1 << 11,
    "send_tts_messages": 1 << 12,
    "manage_messages": 1 << 13,
    "embed_links": 1 << 14,
    "attach_files": 1 << 15,
    "read_message_history": 1 << 16,
    "mention_everyone": 1 << 17,
    "use_external_emojis": 1 << 18,
    "view_guild_insights": 1 << 19,
    "connect": 1 << 20,
    "speak": 1 << 21,
    "mute_members": 1 << 22,
    "deafen_members": 1 << 23,
    "move_members": 1 << 24,
    "use_vad": 1 << 25,
    "change_nickname": 1 << 26,
    "manage_nicknames": 1 << 27,
    "manage_roles": 1 << 28,
    "manage_webhooks": 1 << 29,
    "manage_guild_expressions": 1 << 30,
    "use_application_commands": 1 << 31,
    "request_to_speak": 1 << 32,
    "manage_events": 1 << 33,
    "manage_threads": 1 << 34,
    "create_public_threads": 1 << 35,
    "create_private_threads": 1 << 36,
    "use_external_stickers": 1 << 37,
    "send_messages_in_threads": 1 << 38,
    "use_embedded_activities": 1 << 39,
    "moderate_members": 1 << 40,
    "send_polls": 1 << 49,
    "use_external_apps": 1 << 50,
}

ADMINISTRATOR: Final = BITS["administrator"]
MANAGE_CHANNELS: Final = BITS["manage_channels"]
VIEW_CHANNEL: Final = BITS["view_channel"]
SEND_MESSAGES: Final = BITS["send_messages"]
MANAGE_MESSAGES: Final = BITS["manage_messages"]
EMBED_LINKS: Final = BITS["embed_links"]
ATTACH_FILES: Final = BITS["attach_files"]
READ_MESSAGE_HISTORY: Final = BITS["read_message_history"]
MENTION_EVERYONE: Final = BITS["mention_everyone"]
USE_APPLICATION_COMMANDS: Final = BITS["use_application_commands"]
USE_EXTERNAL_APPS: Final = BITS["use_external_apps"]
MANAGE_THREADS: Final = BITS["manage_threads"]
CREATE_PUBLIC_THREADS: Final = BITS["create_public_threads"]
CREATE_PRIVATE_THREADS: Final = BITS["create_private_threads"]
SEND_MESSAGES_IN_THREADS: Final = BITS["send_messages_in_threads"]

ALL: Final = (1 << 53) - 1


def combine(names: Iterable[str]) -> int:
    """Return the bits of permission names; raise KeyError for an unknown one."""
    bits = 0
    for name in names:
        bits |= BITS[name]
    return bits


# What a new server's @everyone role may do.
EVERYONE: Final = combine(
    (
        "create_instant_invite",
        "add_reactions",
        "stream",
        "view_channel",
        "send_messages",
        "embed_links",
        "attach_files",
        "read_message_history",
        "use_external_emojis",
        "connect",
        "speak",
        "use_vad",
        "change_nickname",
        "use_application_commands",
        "create_public_threads",
        "create_private_threads",
        "send_messages_in_threads",
        "send_polls",
        "use_external_apps",
    )
)
# What a direct message allows both sides.
DIRECT: Final = combine(
    (
        "add_reactions",
        "view_channel",
        "send_messages",
        "embed_links",
        "attach_files",
        "read_message_history",
        "use_external_emojis",
        "use_application_commands",
    )
)
# What an app has in private channels that it is not in (docs, interactions/receiving-and-responding).
PRIVATE: Final = combine(("attach_files", "embed_links", "mention_everyone"))
_NEEDS_SENDING: Final = MENTION_EVERYONE | EMBED_LINKS | ATTACH_FILES | BITS["send_tts_messages"]


def in_guild(guild: Guild, member: Member) -> int:
    """Add up what a member's roles allow in the server as a whole."""
    if guild.owner_id == member.user.id:
        return ALL
    bits = guild.roles[guild.id].permissions
    for role_id in member.role_ids:
        bits |= guild.roles[role_id].permissions
    return ALL if bits & ADMINISTRATOR else bits


def in_channel(channel: Channel, member: Member) -> int:
    """Add up what a member may do in a channel of their server; a thread follows its parent's overwrites."""
    guild = channel.guild
    if guild is None:
        return DIRECT
    bits = in_guild(guild, member)
    if bits & ADMINISTRATOR:
        return ALL
    overwrites = channel.overwrites
    if channel.is_thread:
        parent = guild.channels.get(channel.parent_id or 0)
        overwrites = parent.overwrites if parent is not None else {}
    if overwrites:
        everyone = overwrites.get(guild.id)
        if everyone is not None:
            bits = bits & ~everyone.deny | everyone.allow
        allow = deny = 0
        for role_id in member.role_ids:
            role = overwrites.get(role_id)
            if role is not None:
                allow |= role.allow
                deny |= role.deny
        bits = bits & ~deny | allow
        own = overwrites.get(member.user.id)
        if own is not None:
            bits = bits & ~own.deny | own.allow
    if not bits & VIEW_CHANNEL:
        return 0
    speaks = SEND_MESSAGES_IN_THREADS if channel.is_thread else SEND_MESSAGES
    if not bits & speaks:
        bits &= ~_NEEDS_SENDING
    return bits
