"""The INTERACTION_CREATE that Discord sends for what a person did."""

from typing import Any

from sandbox import permissions
from sandbox.api.commands import GLOBAL
from sandbox.driver.availability import IN_PRIVATE_CHANNEL, context
from sandbox.driver.options import Resolved
from sandbox.driver.reply import Impossible
from sandbox.entities import DM, Payload
from sandbox.interactions import Interaction
from sandbox.world import World


def command_data(
    command: Payload, scope: int, chain: list[Payload], filled: list[Payload], resolved: Resolved
) -> Payload:
    """Return the data of a slash command: its sub-commands around the options that were filled in."""
    options = filled
    for part in reversed(chain):
        options = [{"name": part["name"], "type": part["type"], "options": options}]
    return _data(command, scope, resolved, {"options": options})


def menu_data(command: Payload, scope: int, target_id: int, resolved: Resolved) -> Payload:
    """Return the data of a command picked from the menu of a message or a person."""
    return _data(command, scope, resolved, {"target_id": str(target_id)})


def _data(command: Payload, scope: int, resolved: Resolved, more: Payload) -> Payload:
    data: Payload = {"id": command["id"], "name": command["name"], "type": command["type"], **more}
    if scope != GLOBAL:
        data["guild_id"] = str(scope)
    if resolved.body:
        data["resolved"] = resolved.body
    return data


def interaction_payload(world: World, interaction: Interaction) -> dict[str, Any]:
    """Return the whole event."""
    channel, user = interaction.channel, interaction.user
    guild = channel.guild
    body: Payload = {
        "id": str(interaction.id),
        "application_id": str(world.bot.id),
        "type": interaction.kind,
        "data": interaction.data,
        "token": interaction.token,
        "version": 1,
        "channel_id": str(channel.id),
        "channel": channel.payload(),
        "app_permissions": str(world.bot_permissions(channel)),
        "locale": user.locale,
        "entitlements": [],
        "entitlement_sku_ids": [],
        "authorizing_integration_owners": interaction.owners,
        "context": context(channel),
        "attachment_size_limit": 10 * 1024 * 1024,
    }
    if guild is not None:
        bits = world.user_permissions(channel, user)
        body["guild_id"] = str(guild.id)
        body["guild"] = {"id": str(guild.id), "locale": guild.locale, "features": []}
        body["guild_locale"] = guild.locale
        body["channel"]["permissions"] = str(bits)
        member = guild.members.get(user.id)
        if member is None:
            raise Impossible(f"{user.name} isn't in {guild.name}")
        body["member"] = member.payload() | {"permissions": str(bits)}
        if not guild.present:
            # The app isn't a member: it has what everybody may do there with an app of their own.
            body["app_permissions"] = str(bits & permissions.PRIVATE)
    else:
        body["user"] = user.payload()
        if channel.kind == DM and context(channel) != IN_PRIVATE_CHANNEL:
            body["app_permissions"] = str(permissions.DIRECT)
    if interaction.source is not None:
        body["message"] = interaction.source.payload()
    return body
