"""Whom a message notifies: the mentions in its text that `allowed_mentions` and the permissions allow."""

import re
from collections.abc import Iterable
from typing import Any

from sandbox.entities import NOBODY, Channel, Pinged, walk
from sandbox.permissions import MENTION_EVERYONE
from sandbox.validation.messages import AllowedMentions
from sandbox.wire import Components

_USER = re.compile(r"<@!?(\d{1,20})>")
_ROLE = re.compile(r"<@&(\d{1,20})>")
_EVERYONE = re.compile(r"@(?:everyone|here)\b")
_CODE = re.compile(r"```.*?```|``.*?``|`[^`\n]*`", re.DOTALL)


def pinged(
    channel: Channel,
    permissions: int,
    content: str | None,
    components: Iterable[dict[str, Any]] | None,
    allowed: AllowedMentions,
) -> Pinged:
    """Return whom a new message notifies; text of Components V2 counts like content, embeds never ping."""
    texts = [content] if content else []
    if isinstance(components, Components) and "@" not in components.json:
        components = ()
    texts += [part["content"] for part in walk(list(components or ())) if part["type"] == 10]
    text = "\n".join(texts)
    if "@" not in text:
        return NOBODY
    text = _CODE.sub("", text)
    users = {int(number) for number in _USER.findall(text)}
    if "users" not in allowed.parse:
        users &= allowed.users
    roles = {int(number) for number in _ROLE.findall(text)}
    if "roles" not in allowed.parse:
        roles &= allowed.roles
    guild = channel.guild
    if guild is None:
        return Pinged(frozenset(users & {channel.recipient.id if channel.recipient else 0}))
    mass = bool(permissions & MENTION_EVERYONE)
    roles = {
        role_id
        for role_id in roles
        if role_id in guild.roles and role_id != guild.id and (mass or guild.roles[role_id].mentionable)
    }
    return Pinged(
        frozenset(users & guild.members.keys()),
        frozenset(roles),
        mass and "everyone" in allowed.parse and _EVERYONE.search(text) is not None,
    )
