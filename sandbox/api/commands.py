"""Application commands: global ones and those of one server."""

from typing import Any, Final

from sandbox.api.call import NO_CONTENT, Answer, Call, Route
from sandbox.entities import Payload
from sandbox.errors import refusal
from sandbox.validation import commands
from sandbox.world import INSTALL_KINDS, World

# Creates a day and scope (docs, interactions/application-commands); unchanged commands don't count.
MAX_CREATES_PER_DAY: Final = 200
GLOBAL: Final = 0


def _guild_scope(call: Call) -> int:
    if call.id(0) != call.world.bot.id:
        raise refusal(20012)
    guild = call.world.guilds.get(call.id(1))
    if guild is None or not guild.present:
        raise refusal(50001)
    return guild.id


def _global_scope(call: Call) -> int:
    if call.id(0) != call.world.bot.id:
        raise refusal(20012)
    return GLOBAL


def _build(world: World, scope: int, body: dict[str, Any], earlier: Payload | None) -> Payload:
    rights = body.get("default_member_permissions")
    command: Payload = {
        "application_id": str(world.bot.id),
        "type": body.get("type") or 1,
        "name": body["name"],
        "name_localizations": body.get("name_localizations"),
        "description": body.get("description") or "",
        "description_localizations": body.get("description_localizations"),
        "default_member_permissions": None if rights is None else str(rights),
        "nsfw": bool(body.get("nsfw")),
        "integration_types": body.get("integration_types") or list(INSTALL_KINDS),
    }
    if scope == GLOBAL:
        command["contexts"] = body.get("contexts")
        command["dm_permission"] = body.get("dm_permission") is not False
    else:
        command["guild_id"] = str(scope)
    if body.get("options"):
        command["options"] = body["options"]
    if earlier is not None:
        same = {key: value for key, value in earlier.items() if key not in ("id", "version")} == command
        return {"id": earlier["id"], "version": earlier["version"] if same else str(world.new_id())} | command
    world.command_creates += 1
    if world.command_creates > MAX_CREATES_PER_DAY:
        raise refusal(30034)
    fresh = str(world.new_id())
    return {"id": fresh, "version": fresh} | command


def _list(call: Call, scope: int) -> Answer:
    found = list(call.world.commands.get(scope, {}).values())
    if call.query.get("with_localizations") not in ("1", "true", "True"):
        left_out = ("name_localizations", "description_localizations")
        found = [{key: value for key, value in command.items() if key not in left_out} for command in found]
    return 200, found


def _overwrite(call: Call, scope: int) -> Answer:
    world = call.world
    bodies = commands.read_commands(call.body)
    world.command_writes += 1
    earlier = {(command["type"], command["name"]): command for command in world.commands.get(scope, {}).values()}
    built = [_build(world, scope, body, earlier.get((body.get("type") or 1, body["name"]))) for body in bodies]
    world.commands[scope] = {int(command["id"]): command for command in built}
    world.publish("commands", scope)
    return 200, built


def _create(call: Call, scope: int) -> Answer:
    world = call.world
    body = commands.read_command(call.body)
    world.command_writes += 1
    known = world.commands.setdefault(scope, {})
    kind = body.get("type") or 1
    earlier = next((one for one in known.values() if one["type"] == kind and one["name"] == body["name"]), None)
    limit = commands.MAX_COMMANDS if kind == 1 else commands.MAX_CONTEXT_MENUS
    if earlier is None and sum(one["type"] == kind for one in known.values()) >= limit:
        raise refusal(30032)
    command = _build(world, scope, body, earlier)
    known[int(command["id"])] = command
    world.publish("commands", scope)
    return 200 if earlier is not None else 201, command


def _find(call: Call, scope: int, index: int) -> Payload:
    command = call.world.commands.get(scope, {}).get(call.id(index))
    if command is None:
        raise refusal(10063)
    return command


def _edit(call: Call, scope: int, index: int) -> Answer:
    world = call.world
    earlier = _find(call, scope, index)
    body = commands.read_command({**earlier, **call.fields()})
    world.command_writes += 1
    command = _build(world, scope, body, earlier)
    world.commands[scope][int(command["id"])] = command
    world.publish("commands", scope)
    return 200, command


def _delete(call: Call, scope: int, index: int) -> Answer:
    command = _find(call, scope, index)
    call.world.command_writes += 1
    del call.world.commands[scope][int(command["id"])]
    call.world.publish("commands", scope)
    return NO_CONTENT


_EVERYWHERE: Final = "/applications/{application_id}/commands"
_IN_GUILD: Final = "/applications/{application_id}/guilds/{guild_id}/commands"

ROUTES: Final = [
    Route("GET", _EVERYWHERE, lambda call: _list(call, _global_scope(call))),
    Route("PUT", _EVERYWHERE, lambda call: _overwrite(call, _global_scope(call))),
    Route("POST", _EVERYWHERE, lambda call: _create(call, _global_scope(call))),
    Route("GET", _EVERYWHERE + "/{command_id}", lambda call: (200, _find(call, _global_scope(call), 1))),
    Route("PATCH", _EVERYWHERE + "/{command_id}", lambda call: _edit(call, _global_scope(call), 1)),
    Route("DELETE", _EVERYWHERE + "/{command_id}", lambda call: _delete(call, _global_scope(call), 1)),
    Route("GET", _IN_GUILD, lambda call: _list(call, _guild_scope(call))),
    Route("PUT", _IN_GUILD, lambda call: _overwrite(call, _guild_scope(call))),
    Route("POST", _IN_GUILD, lambda call: _create(call, _guild_scope(call))),
    Route("GET", _IN_GUILD + "/{command_id}", lambda call: (200, _find(call, _guild_scope(call), 2))),
    Route("PATCH", _IN_GUILD + "/{command_id}", lambda call: _edit(call, _guild_scope(call), 2)),
    Route("DELETE", _IN_GUILD + "/{command_id}", lambda call: _delete(call, _guild_scope(call), 2)),
]
