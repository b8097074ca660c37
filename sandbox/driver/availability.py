"""Decides which commands are available to a person where, and through whose installation: a server's or their own.

Source: docs, resources/application (installation contexts) and interactions/application-commands (contexts).
"""

from collections.abc import Iterator
from typing import Final

from sandbox.api.commands import GLOBAL
from sandbox.driver.reply import Impossible
from sandbox.entities import Channel, Payload, User
from sandbox.permissions import ALL, USE_APPLICATION_COMMANDS, VIEW_CHANNEL
from sandbox.world import World

SLASH: Final = 1
ON_USER: Final = 2
ON_MESSAGE: Final = 3

GUILD_INSTALL: Final = 0
USER_INSTALL: Final = 1

IN_GUILD: Final = 0
IN_BOT_DM: Final = 1
IN_PRIVATE_CHANNEL: Final = 2

_SHOWN: Final = {SLASH: "the command /{}", ON_USER: "the user command {!r}", ON_MESSAGE: "the message command {!r}"}


def context(channel: Channel) -> int:
    """Return where a channel is: in a server, the bot's own direct messages, or those of other people."""
    if channel.guild is not None:
        return IN_GUILD
    return IN_PRIVATE_CHANNEL if channel.between else IN_BOT_DM


def owners(world: World, kinds: list[int], user: User, channel: Channel) -> dict[str, str]:
    """Return the installations that make these integration types available to a person there."""
    found: dict[str, str] = {}
    if GUILD_INSTALL in kinds:
        if channel.guild is not None and channel.guild.present:
            found["0"] = str(channel.guild.id)
        elif context(channel) == IN_BOT_DM:
            found["0"] = "0"
    if USER_INSTALL in kinds and user.id in world.user_installs:
        found["1"] = str(user.id)
    return found


def owners_of(world: World, command: Payload, scope: int, user: User, channel: Channel) -> dict[str, str]:
    """Return the installations that make a command available; a server's own commands come only with the server's."""
    kinds = [GUILD_INSTALL] if scope != GLOBAL else command.get("integration_types") or [GUILD_INSTALL]
    return owners(world, kinds, user, channel)


def each(world: World, channel: Channel) -> Iterator[tuple[Payload, int]]:
    """Yield the commands registered there with their scope, a server's own first."""
    guild = channel.guild
    if guild is not None:
        yield from ((command, guild.id) for command in world.commands.get(guild.id, {}).values())
    yield from ((command, GLOBAL) for command in world.commands[GLOBAL].values())


def find(
    world: World, name: str, user: User, channel: Channel, *, kind: int = SLASH, force: bool = False
) -> tuple[Payload, int]:
    """Return a command that a person may use there, with its scope.

    Raises:
        Impossible: There is none with that name and kind, or it is not available to the person.
    """
    for command, scope in each(world, channel):
        if command["name"] == name and command["type"] == kind:
            reason = refusal(world, command, scope, user, channel, force=force)
            if reason is not None:
                raise Impossible(reason)
            return command, scope
    raise Impossible(f"there is no {_SHOWN[kind].format(name).removeprefix('the ')} here")


def refusal(
    world: World, command: Payload, scope: int, user: User, channel: Channel, *, force: bool = False
) -> str | None:
    """Return why a command is not available to a person; None if it is."""
    shown = _SHOWN[command["type"]].format(command["name"]).removeprefix("the command ")
    if context(channel) not in _contexts(command, scope):
        where = ("in servers", "in direct messages", "in direct messages between people")[context(channel)]
        return f"{shown} isn't offered {where}"
    if not owners_of(world, command, scope, user, channel):
        return f"{shown} isn't offered here: neither the server nor {user.name} has added the app"
    if channel.guild is None:
        return None
    bits = world.user_permissions(channel, user)
    if not bits & VIEW_CHANNEL:
        return f"{user.name} doesn't see the channel"
    if not bits & USE_APPLICATION_COMMANDS:
        return f"{user.name} may not use commands in the channel"
    needed = command["default_member_permissions"]
    if needed is None or force or bits == ALL:
        return None
    if int(needed) == 0 or bits & int(needed) != int(needed):
        return f"{user.name} needs the permissions that {shown} asks for"
    return None


def _contexts(command: Payload, scope: int) -> tuple[int, ...]:
    if scope != GLOBAL:
        return (IN_GUILD,)
    named = command.get("contexts")
    if named:
        return tuple(named)
    if command.get("dm_permission") is False:
        return (IN_GUILD,)
    return (IN_GUILD, IN_BOT_DM, IN_PRIVATE_CHANNEL)
