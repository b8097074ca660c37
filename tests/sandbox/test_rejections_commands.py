"""A command beyond one of Discord's documented limits is refused with its code and the field that is wrong."""

from typing import Any

import pytest

from sandbox import Guild, Sandbox
from tests.sandbox.conftest import Rest
from tests.sandbox.making import leaves


def command(**more: Any) -> dict[str, Any]:
    return {"name": "news", "description": "Search", **more}


def choice(value: Any = "v", name: str = "n") -> dict[str, Any]:
    return {"name": name, "value": value}


def takes(**more: Any) -> dict[str, Any]:
    return {"type": 3, "name": "query", "description": "What", **more}


BAD_COMMANDS = {
    "name in capitals": (command(name="News"), "0.name", "APPLICATION_COMMAND_INVALID_NAME"),
    "name with a space": (command(name="the news"), "0.name", "APPLICATION_COMMAND_INVALID_NAME"),
    "name too long": (command(name="n" * 33), "0.name", "BASE_TYPE_MAX_LENGTH"),
    "no description": (command(description=""), "0.description", "BASE_TYPE_REQUIRED"),
    "description too long": (command(description="x" * 101), "0.description", "BASE_TYPE_MAX_LENGTH"),
    "26 options": (
        command(options=[takes(name=f"o{n}") for n in range(26)]),
        "0.options",
        "BASE_TYPE_MAX_LENGTH",
    ),
    "option twice": (
        command(options=[takes(), takes()]),
        "0.options.1",
        "APPLICATION_COMMAND_OPTIONS_NAME_ALREADY_EXISTS",
    ),
    "required after optional": (
        command(options=[takes(name="a"), takes(name="b", required=True)]),
        "0.options.1",
        "APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID",
    ),
    "option type": (command(options=[takes(type=12)]), "0.options.0.type", "BASE_TYPE_CHOICES"),
    "26 choices": (
        command(options=[takes(choices=[choice(f"v{n}", f"n{n}") for n in range(26)])]),
        "0.options.0.choices",
        "BASE_TYPE_MAX_LENGTH",
    ),
    "choice name": (
        command(options=[takes(choices=[choice(name="n" * 101)])]),
        "0.options.0.choices.0.name",
        "BASE_TYPE_MAX_LENGTH",
    ),
    "choice value of the wrong type": (
        command(options=[takes(type=4, choices=[choice("5")])]),
        "0.options.0.choices.0.value",
        "NUMBER_TYPE_COERCE",
    ),
    "choices and autocomplete": (
        command(options=[takes(choices=[choice()], autocomplete=True)]),
        "0.options.0.autocomplete",
        "APPLICATION_COMMAND_AUTOCOMPLETE_WITH_CHOICES",
    ),
    "autocomplete on a channel": (
        command(options=[takes(type=7, autocomplete=True)]),
        "0.options.0",
        "APPLICATION_COMMAND_OPTIONS_TYPE_INVALID",
    ),
    "sub-command beside an option": (
        command(options=[takes(type=1, name="sub"), takes()]),
        "0.options",
        "APPLICATION_COMMAND_OPTIONS_TYPE_INVALID",
    ),
    "group in a group": (
        command(options=[takes(type=2, name="a", options=[takes(type=2, name="b", options=[takes(type=1)])])]),
        "0.options.0.options.0.type",
        "APPLICATION_COMMAND_OPTIONS_TYPE_INVALID",
    ),
    "8001 characters": (
        command(
            options=[
                takes(name=f"o{n}", choices=[choice(f"{m:02d}" + "v" * 20, f"{m:02d}" + "n" * 20) for m in range(25)])
                for n in range(8)
            ]
        ),
        "0",
        "APPLICATION_COMMAND_TOO_LARGE",
    ),
    "unknown locale": (
        command(name_localizations={"xx": "nouvelles"}),
        "0.name_localizations.xx",
        "BASE_TYPE_CHOICES",
    ),
    "translated name in capitals": (
        command(name_localizations={"fr": "Nouvelles"}),
        "0.name_localizations.fr",
        "APPLICATION_COMMAND_INVALID_NAME",
    ),
    "description of a context menu": (
        {"type": 3, "name": "Share this", "description": "x"},
        "0.description",
        "APPLICATION_COMMAND_CONTEXT_MENU_DESCRIPTION_INVALID",
    ),
    "contexts": (command(contexts=[3]), "0.contexts.0", "BASE_TYPE_CHOICES"),
}


@pytest.mark.parametrize(("body", "path", "code"), BAD_COMMANDS.values(), ids=BAD_COMMANDS)
async def test_a_command_beyond_a_limit_is_refused(
    sandbox: Sandbox, rest: Rest, body: Any, path: str, code: str
) -> None:
    status, answer = await rest("PUT", f"/applications/{sandbox.application_id}/commands", [body])
    assert (status, answer["code"]) == (400, 50035)
    assert (path, code) in leaves(answer["errors"])
    assert sandbox.command_writes == 0


async def test_two_commands_of_one_name_and_too_many_are_refused(sandbox: Sandbox, rest: Rest) -> None:
    path = f"/applications/{sandbox.application_id}/commands"
    _, answer = await rest("PUT", path, [command(), command()])
    assert leaves(answer["errors"]) == [("1", "APPLICATION_COMMANDS_DUPLICATE_NAME")]
    _, answer = await rest("PUT", path, [command(name=f"c{n}") for n in range(101)])
    assert leaves(answer["errors"]) == [("", "BASE_TYPE_MAX_LENGTH")]


async def test_two_hundred_new_commands_a_day_are_enough(sandbox: Sandbox, rest: Rest) -> None:
    path = f"/applications/{sandbox.application_id}/commands"
    for batch in range(2):
        status, _ = await rest("PUT", path, [command(name=f"b{batch}c{n}") for n in range(100)])
        assert status == 200
    status, _ = await rest("PUT", path, [command(name=f"b1c{n}") for n in range(100)])
    assert status == 200
    status, answer = await rest("PUT", path, [command(name="one-more")])
    assert (status, answer["code"]) == (400, 30034)
    assert len(sandbox.registered_commands()) == 100


async def test_single_commands_are_added_changed_and_removed(sandbox: Sandbox, guild: Guild, rest: Rest) -> None:
    path = f"/applications/{sandbox.application_id}/guilds/{guild.id}/commands"
    status, made = await rest("POST", path, command())
    assert status == 201
    status, same = await rest("POST", path, command())
    assert (status, same["id"], same["version"]) == (200, made["id"], made["version"])
    status, changed = await rest("PATCH", f"{path}/{made['id']}", {"description": "Look"})
    assert (changed["id"], changed["description"]) == (made["id"], "Look")
    assert changed["version"] != made["version"]
    assert (await rest("GET", f"{path}/{made['id']}"))[1] == changed
    assert (await rest("DELETE", f"{path}/{made['id']}"))[0] == 204
    status, answer = await rest("GET", f"{path}/{made['id']}")
    assert (status, answer["code"]) == (404, 10063)
    assert sandbox.command_writes == 4
