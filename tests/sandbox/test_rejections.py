"""What breaks one of Discord's documented limits is refused with its code and the field that is wrong."""

from typing import Any

import pytest

from sandbox import permissions as bits

V2 = 1 << 15


def v2(*components: Any, **more: Any) -> dict[str, Any]:
    return {"flags": V2, "components": list(components), **more}


def text(content: str = "x", **more: Any) -> dict[str, Any]:
    return {"type": 10, "content": content, **more}


def container(*components: Any, **more: Any) -> dict[str, Any]:
    return {"type": 17, "components": list(components), **more}


def row(*components: Any) -> dict[str, Any]:
    return {"type": 1, "components": list(components)}


def button(custom_id: Any = "a", **more: Any) -> dict[str, Any]:
    return {"type": 2, "style": 2, "label": "press", "custom_id": custom_id, **more}


def link(url: Any = "https://example.com", **more: Any) -> dict[str, Any]:
    return {"type": 2, "style": 5, "label": "open", "url": url, **more}


def option(value: str = "v", **more: Any) -> dict[str, Any]:
    return {"label": "label", "value": value, **more}


def select(*options: Any, **more: Any) -> dict[str, Any]:
    return {"type": 3, "custom_id": "s", "options": list(options), **more}


def thumbnail(url: str = "https://example.com/a.png", **more: Any) -> dict[str, Any]:
    return {"type": 11, "media": {"url": url}, **more}


def section(*texts: Any, accessory: Any = None) -> dict[str, Any]:
    return {"type": 9, "components": list(texts), **({"accessory": accessory} if accessory else {})}


def gallery(count: int) -> dict[str, Any]:
    return {"type": 12, "items": [{"media": {"url": "https://example.com/a.png"}} for _ in range(count)]}


def embed(**fields: Any) -> dict[str, Any]:
    return {"embeds": [fields]}


def leaves(tree: Any, path: tuple[str, ...] = ()) -> list[tuple[str, str]]:
    """List (path, code) of every fault in an `errors` tree."""
    found = [(".".join(path), error["code"]) for error in tree.get("_errors", ())]
    for key, value in tree.items():
        if key != "_errors":
            found += leaves(value, (*path, key))
    return found


BAD_MESSAGES = {
    "content too long": ({"content": "x" * 2001}, "content", "BASE_TYPE_MAX_LENGTH"),
    "content not text": ({"content": 5}, "content", "STRING_TYPE_CONVERT"),
    "nonce too long": ({"content": "x", "nonce": "n" * 26}, "nonce", "BASE_TYPE_MAX_LENGTH"),
    "nonce of the wrong type": ({"content": "x", "nonce": [1]}, "nonce", "STRING_TYPE_CONVERT"),
    "flags of the wrong type": ({"content": "x", "flags": "4"}, "flags", "NUMBER_TYPE_COERCE"),
    "too many embeds": ({"embeds": [{"title": "x"}] * 11}, "embeds", "BASE_TYPE_MAX_LENGTH"),
    "embed title": (embed(title="x" * 257), "embeds.0.title", "BASE_TYPE_MAX_LENGTH"),
    "embed description": (embed(description="x" * 4097), "embeds.0.description", "BASE_TYPE_MAX_LENGTH"),
    "embed fields": (embed(fields=[{"name": "a", "value": "b"}] * 26), "embeds.0.fields", "BASE_TYPE_MAX_LENGTH"),
    "embed field value": (
        embed(fields=[{"name": "a", "value": "b" * 1025}]),
        "embeds.0.fields.0.value",
        "BASE_TYPE_MAX_LENGTH",
    ),
    "embed field name missing": (embed(fields=[{"value": "b"}]), "embeds.0.fields.0.name", "BASE_TYPE_REQUIRED"),
    "embed footer": (embed(title="a", footer={"text": "x" * 2049}), "embeds.0.footer.text", "BASE_TYPE_MAX_LENGTH"),
    "embed author": (embed(title="a", author={"name": "x" * 257}), "embeds.0.author.name", "BASE_TYPE_MAX_LENGTH"),
    "embed url scheme": (embed(title="a", url="ftp://example.com"), "embeds.0.url", "URL_TYPE_INVALID_SCHEME"),
    "all embeds together": ({"embeds": [{"description": "x" * 3001}] * 2}, "embeds", "MAX_EMBED_SIZE_EXCEEDED"),
    "empty embed": ({"embeds": [{}]}, "embeds.0", "EMBED_EMPTY"),
    "allowed mentions kinds": (
        {"content": "x", "allowed_mentions": {"parse": ["all"]}},
        "allowed_mentions.parse",
        "BASE_TYPE_CHOICES",
    ),
    "allowed mentions exclusive": (
        {"content": "x", "allowed_mentions": {"parse": ["roles"], "roles": ["1"]}},
        "allowed_mentions",
        "MESSAGE_ALLOWED_MENTIONS_PARSE_EXCLUSIVE",
    ),
    "V2 with content": (
        v2(text(), content="x"),
        "content",
        "MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2",
    ),
    "V2 with embeds": (
        v2(text(), embeds=[{"title": "x"}]),
        "embeds",
        "MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2",
    ),
    "V2 components without the flag": ({"components": [text()]}, "components.0.type", "UNION_TYPE_CHOICES"),
    "six rows of the old style": (
        {"content": "x", "components": [row(button(f"b{n}")) for n in range(6)]},
        "components",
        "BASE_TYPE_BAD_LENGTH",
    ),
    "41 components": (
        v2(container(*[text() for _ in range(40)])),
        "components",
        "COMPONENT_MAX_TOTAL_COMPONENTS_EXCEEDED",
    ),
    "41 with accessories counted": (
        v2(*[section(text(), accessory=thumbnail()) for _ in range(13)], text(), text()),
        "components",
        "COMPONENT_MAX_TOTAL_COMPONENTS_EXCEEDED",
    ),
    "4001 characters in two texts": (
        v2(text("x" * 2000), container(text("x" * 2001))),
        "components",
        "COMPONENT_DISPLAYABLE_TEXT_SIZE_EXCEEDED",
    ),
    "4001 characters in one text": (v2(text("x" * 4001)), "components.0.content", "BASE_TYPE_MAX_LENGTH"),
    "empty text": (v2(text("")), "components.0.content", "BASE_TYPE_REQUIRED"),
    "blank text": (v2(text(" \n")), "components.0.content", "BASE_TYPE_REQUIRED"),
    "container in a container": (
        v2(container(container(text()))),
        "components.0.components.0.type",
        "UNION_TYPE_CHOICES",
    ),
    "empty container": (v2(container()), "components.0.components", "BASE_TYPE_BAD_LENGTH"),
    "container colour": (
        v2(container(text(), accent_color=1 << 24)),
        "components.0.accent_color",
        "NUMBER_TYPE_MAX",
    ),
    "button outside a row": (v2(button()), "components.0.type", "UNION_TYPE_CHOICES"),
    "unknown type": (v2({"type": 99}), "components.0.type", "UNION_TYPE_CHOICES"),
    "type of the wrong type": (v2({"type": True}), "components.0.type", "UNION_TYPE_CHOICES"),
    "component that is no object": (v2("x"), "components.0", "DICT_TYPE_CONVERT"),
    "section without accessory": (v2(section(text())), "components.0.accessory", "BASE_TYPE_REQUIRED"),
    "section with four texts": (
        v2(section(*[text()] * 4, accessory=thumbnail())),
        "components.0.components",
        "BASE_TYPE_BAD_LENGTH",
    ),
    "section without text": (v2(section(accessory=thumbnail())), "components.0.components", "BASE_TYPE_BAD_LENGTH"),
    "section with a wrong accessory": (
        v2(section(text(), accessory=text())),
        "components.0.accessory.type",
        "UNION_TYPE_CHOICES",
    ),
    "thumbnail scheme": (
        v2(section(text(), accessory=thumbnail("ftp://example.com/a"))),
        "components.0.accessory.media.url",
        "URL_TYPE_INVALID_SCHEME",
    ),
    "thumbnail address": (
        v2(section(text(), accessory=thumbnail("https://no dots"))),
        "components.0.accessory.media.url",
        "URL_TYPE_INVALID_URL",
    ),
    "thumbnail address too long": (
        v2(section(text(), accessory=thumbnail("https://example.com/" + "a" * 2029))),
        "components.0.accessory.media.url",
        "BASE_TYPE_MAX_LENGTH",
    ),
    "alt text empty": (
        v2(section(text(), accessory=thumbnail(description=""))),
        "components.0.accessory.description",
        "BASE_TYPE_REQUIRED",
    ),
    "alt text too long": (
        v2(section(text(), accessory=thumbnail(description="x" * 1025))),
        "components.0.accessory.description",
        "BASE_TYPE_MAX_LENGTH",
    ),
    "attachment that isn't there": (
        v2(section(text(), accessory=thumbnail("attachment://a.png"))),
        "components.0.accessory.media.url",
        "UNFURLED_MEDIA_ITEM_REFERENCED_ATTACHMENT_NOT_FOUND",
    ),
    "gallery of none": (v2(gallery(0)), "components.0.items", "BASE_TYPE_BAD_LENGTH"),
    "gallery of eleven": (v2(gallery(11)), "components.0.items", "BASE_TYPE_BAD_LENGTH"),
    "six buttons": (
        v2(row(*[button(f"b{n}") for n in range(6)])),
        "components.0.components",
        "BASE_TYPE_BAD_LENGTH",
    ),
    "empty row": (v2(row()), "components.0.components", "BASE_TYPE_BAD_LENGTH"),
    "select beside a button": (
        v2(row(button(), select(option()))),
        "components.0.components",
        "COMPONENT_LAYOUT_WIDTH_EXCEEDED",
    ),
    "custom id empty": (v2(row(button(""))), "components.0.components.0.custom_id", "BASE_TYPE_REQUIRED"),
    "custom id missing": (v2(row(button(None))), "components.0.components.0.custom_id", "BASE_TYPE_REQUIRED"),
    "custom id too long": (
        v2(row(button("x" * 101))),
        "components.0.components.0.custom_id",
        "BASE_TYPE_MAX_LENGTH",
    ),
    "custom id twice": (
        v2(row(button("a")), container(row(button("a")))),
        "components.1.components.0.components.0.custom_id",
        "COMPONENT_CUSTOM_ID_DUPLICATED",
    ),
    "numeric id twice": (v2(text(id=7), text(id=7)), "components.1.id", "COMPONENT_ID_DUPLICATED"),
    "numeric id too large": (v2(text(id=2**31)), "components.0.id", "NUMBER_TYPE_MAX"),
    "numeric id negative": (v2(text(id=-1)), "components.0.id", "NUMBER_TYPE_MIN"),
    "numeric id as text": (v2(text(id="7")), "components.0.id", "NUMBER_TYPE_COERCE"),
    "button label": (v2(row(button(label="x" * 81))), "components.0.components.0.label", "BASE_TYPE_MAX_LENGTH"),
    "button without label": (
        v2(row(button(label=None))),
        "components.0.components.0",
        "BUTTON_COMPONENT_REQUIRES_LABEL_OR_EMOJI",
    ),
    "button style": (v2(row(button(style=7))), "components.0.components.0.style", "BASE_TYPE_CHOICES"),
    "button emoji": (
        v2(row(button(emoji={"name": "smile"}))),
        "components.0.components.0.emoji.name",
        "COMPONENT_INVALID_EMOJI",
    ),
    "button with url": (
        v2(row(button(url="https://example.com"))),
        "components.0.components.0",
        "BUTTON_COMPONENT_CUSTOM_ID_AND_URL",
    ),
    "link with custom id": (
        v2(row(link(custom_id="a"))),
        "components.0.components.0",
        "BUTTON_COMPONENT_CUSTOM_ID_AND_URL",
    ),
    "link address too long": (
        v2(row(link("https://example.com/" + "a" * 493))),
        "components.0.components.0.url",
        "BASE_TYPE_MAX_LENGTH",
    ),
    "link scheme": (v2(row(link("javascript:x"))), "components.0.components.0.url", "URL_TYPE_INVALID_SCHEME"),
    "link without url": (v2(row(link(None))), "components.0.components.0.url", "BASE_TYPE_REQUIRED"),
    "select without options": (v2(row(select())), "components.0.components.0.options", "BASE_TYPE_BAD_LENGTH"),
    "select with 26 options": (
        v2(row(select(*[option(f"v{n}") for n in range(26)]))),
        "components.0.components.0.options",
        "BASE_TYPE_BAD_LENGTH",
    ),
    "option label": (
        v2(row(select(option(label="x" * 101)))),
        "components.0.components.0.options.0.label",
        "BASE_TYPE_MAX_LENGTH",
    ),
    "option value": (
        v2(row(select(option("x" * 101)))),
        "components.0.components.0.options.0.value",
        "BASE_TYPE_MAX_LENGTH",
    ),
    "option description": (
        v2(row(select(option(description="x" * 101)))),
        "components.0.components.0.options.0.description",
        "BASE_TYPE_MAX_LENGTH",
    ),
    "option value twice": (
        v2(row(select(option("a"), option("a")))),
        "components.0.components.0.options.1.value",
        "SELECT_COMPONENT_OPTION_VALUE_DUPLICATED",
    ),
    "two defaults for one value": (
        v2(row(select(option("a", default=True), option("b", default=True)))),
        "components.0.components.0.options",
        "SELECT_COMPONENT_TOO_MANY_DEFAULT_VALUES",
    ),
    "select placeholder": (
        v2(row(select(option(), placeholder="x" * 151))),
        "components.0.components.0.placeholder",
        "BASE_TYPE_MAX_LENGTH",
    ),
    "select max values": (
        v2(row(select(option(), max_values=26))),
        "components.0.components.0.max_values",
        "NUMBER_TYPE_MAX",
    ),
    "select min above max": (
        v2(row(select(option(), min_values=2))),
        "components.0.components.0.min_values",
        "COMPONENT_SELECT_MIN_EXCEEDS_MAX",
    ),
    "separator spacing": (v2({"type": 14, "spacing": 3}), "components.0.spacing", "BASE_TYPE_CHOICES"),
    "file from the web": (
        v2({"type": 13, "file": {"url": "https://example.com/a"}}),
        "components.0.file.url",
        "URL_TYPE_INVALID_SCHEME",
    ),
}


@pytest.mark.parametrize(("body", "path", "code"), BAD_MESSAGES.values(), ids=BAD_MESSAGES)
async def test_a_message_beyond_a_limit_is_refused(sandbox, channel, rest, body, path, code):
    status, answer = await rest.send(channel, body)
    assert (status, answer["code"]) == (400, 50035)
    assert (path, code) in leaves(answer["errors"])
    assert sandbox.messages(channel) == []


GOOD_MESSAGES = {
    "2000 characters": {"content": "x" * 2000},
    "25 characters of nonce": {"content": "x", "nonce": "n" * 25, "enforce_nonce": True},
    "nonce as a number": {"content": "x", "nonce": 2**62},
    "6000 characters of embeds": {"embeds": [{"description": "x" * 3000}] * 2},
    "40 components": v2(container(*[text() for _ in range(39)])),
    "4000 characters": v2(text("x" * 3999), container(text("x"))),
    "largest id": v2(text(id=2**31 - 1)),
    "id 0 counts as none": v2(text(id=0), text(id=0)),
    "everything": v2(
        text(),
        section(text(), text(), text(), accessory=button("more")),
        gallery(10),
        {"type": 14, "divider": False, "spacing": 2},
        container(row(select(option()))),
        row(*[button(f"b{n}", emoji={"name": "📰"}) for n in range(4)], link("https://example.com/" + "a" * 492)),
        row({"type": 8, "custom_id": "c", "channel_types": [0, 5]}),
        row({"type": 5, "custom_id": "u", "default_values": [{"id": "1", "type": "user"}]}),
    ),
}


@pytest.mark.parametrize("body", GOOD_MESSAGES.values(), ids=GOOD_MESSAGES)
async def test_a_message_at_a_limit_is_taken(sandbox, channel, rest, body):
    status, answer = await rest.send(channel, body)
    assert status == 200, answer
    ids = [part["id"] for part in sandbox.messages(channel)[0].walk()]
    assert len(set(ids)) == len(ids)
    assert 0 not in ids


@pytest.mark.parametrize("body", [{}, {"content": "  "}, {"content": None}, v2()])
async def test_an_empty_message_is_refused(channel, rest, body):
    status, answer = await rest.send(channel, body)
    assert (status, answer["code"]) == (400, 50006)


async def test_given_ids_stay_and_the_others_are_filled_in(sandbox, channel, rest):
    _, answer = await rest.send(channel, v2(container(text(), text(id=1), id=777)))
    (box,) = answer["components"]
    assert (box["id"], box["components"][1]["id"]) == (777, 1)
    assert box["components"][0]["id"] not in (0, 1, 777)
    _, listed = await rest("GET", f"/channels/{channel.id}/messages")
    assert listed[0]["components"] == answer["components"]


async def test_an_edit_keeps_the_rules_of_components_v2(sandbox, channel, rest):
    _, old = await rest.send(channel, {"content": "old"})
    path = f"/channels/{channel.id}/messages/{old['id']}"
    status, answer = await rest("PATCH", path, v2(text()))
    assert (status, leaves(answer["errors"])) == (
        400,
        [("content", "MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2")],
    )
    status, answer = await rest("PATCH", path, v2(text("new"), content=None))
    assert (status, answer["content"], answer["flags"]) == (200, "", V2)
    status, answer = await rest("PATCH", path, {"content": "back"})
    assert status == 400
    status, answer = await rest("PATCH", path, {"components": []})
    assert answer["code"] == 50006
    status, answer = await rest("PATCH", path, {"components": [text("newer")], "flags": 0})
    assert (status, answer["flags"]) == (200, V2)
    assert sandbox.messages(channel)[0].text == "newer"
    assert len(sandbox.messages(channel)[0].revisions) == 2


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
async def test_a_command_beyond_a_limit_is_refused(sandbox, rest, body, path, code):
    status, answer = await rest("PUT", f"/applications/{sandbox.application_id}/commands", [body])
    assert (status, answer["code"]) == (400, 50035)
    assert (path, code) in leaves(answer["errors"])
    assert sandbox.command_writes == 0


async def test_two_commands_of_one_name_and_too_many_are_refused(sandbox, rest):
    path = f"/applications/{sandbox.application_id}/commands"
    _, answer = await rest("PUT", path, [command(), command()])
    assert leaves(answer["errors"]) == [("1", "APPLICATION_COMMANDS_DUPLICATE_NAME")]
    _, answer = await rest("PUT", path, [command(name=f"c{n}") for n in range(101)])
    assert leaves(answer["errors"]) == [("", "BASE_TYPE_MAX_LENGTH")]


async def test_two_hundred_new_commands_a_day_are_enough(sandbox, rest):
    path = f"/applications/{sandbox.application_id}/commands"
    for batch in range(2):
        status, _ = await rest("PUT", path, [command(name=f"b{batch}c{n}") for n in range(100)])
        assert status == 200
    status, _ = await rest("PUT", path, [command(name=f"b1c{n}") for n in range(100)])
    assert status == 200
    status, answer = await rest("PUT", path, [command(name="one-more")])
    assert (status, answer["code"]) == (400, 30034)
    assert len(sandbox.registered_commands()) == 100


async def test_single_commands_are_added_changed_and_removed(sandbox, guild, rest):
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


async def test_threads_and_posts_keep_their_limits(sandbox, guild, channel, rest):
    forum = sandbox.add_channel(guild, "daily", "forum", tags=("A", "B", "C", "D", "E", "F", "!Staff"))
    path = f"/channels/{forum.id}/threads"
    ids = [str(tag.id) for tag in forum.tags]
    good = {"name": "x" * 100, "applied_tags": ids[:5], "message": {"content": "x"}}
    assert (await rest("POST", path, good))[0] == 201
    for change, code, place in (
        ({"name": "x" * 101}, 50035, "name"),
        ({"name": ""}, 50035, "name"),
        ({"applied_tags": ids[:6]}, 50035, "applied_tags"),
        ({"message": None}, 50035, "message"),
        ({"message": {"content": "x" * 2001}}, 50035, "message.content"),
        ({"message": {}}, 50006, None),
        ({"applied_tags": ["5"]}, 10087, None),
        ({"applied_tags": ids[-1:]}, 50013, None),
    ):
        _, answer = await rest("POST", path, good | change)
        assert answer["code"] == code, change
        if place is not None:
            assert leaves(answer["errors"])[0][0] == place
    assert len(sandbox.posts(forum)) == 1
    _, answer = await rest.send(forum, {"content": "x"})
    assert answer["code"] == 40058
    _, answer = await rest("POST", f"/channels/{channel.id}/threads", {"name": "t" * 101, "type": 11})
    assert leaves(answer["errors"]) == [("name", "BASE_TYPE_MAX_LENGTH")]


async def test_what_the_bot_may_not_do(sandbox, guild, channel, rest):
    reader = sandbox.add_member(guild, "reader")
    theirs = sandbox.say(channel, reader, "mine")
    category = sandbox.add_channel(guild, "all", "category")
    messages = f"/channels/{channel.id}/messages"
    _, own = await rest.send(channel, {"content": "ours"})

    async def expect(code: int, status: int, method: str, path: str, body: Any = None) -> None:
        got, answer = await rest(method, path, body)
        assert (got, answer["code"]) == (status, code), (method, path)

    await expect(50005, 403, "PATCH", f"{messages}/{theirs.id}", {"content": "x"})
    await expect(50013, 403, "DELETE", f"{messages}/{theirs.id}")
    await expect(50024, 400, "POST", f"{messages}/{own['id']}/crosspost")
    await expect(50008, 400, "POST", f"/channels/{category.id}/messages", {"content": "x"})
    await expect(10008, 404, "GET", f"{messages}/5")
    await expect(10003, 404, "POST", "/channels/5/messages", {"content": "x"})
    await expect(10004, 404, "GET", "/guilds/5")
    await expect(10007, 404, "GET", f"/guilds/{guild.id}/members/5")
    await expect(10013, 404, "GET", "/users/5")
    await expect(50033, 400, "POST", "/users/@me/channels", {"recipient_id": "5"})
    await expect(50001, 403, "PUT", f"/applications/{sandbox.application_id}/guilds/5/commands", [])
    await expect(20012, 403, "PUT", "/applications/5/commands", [])
    await expect(50013, 403, "PATCH", f"/channels/{channel.id}", {"name": "x"})
    await expect(0, 404, "GET", "/nonsense")
    await expect(0, 405, "PUT", messages)

    sandbox.set_permissions(channel, deny=("send_messages",))
    await expect(50013, 403, "POST", messages, {"content": "x"})
    sandbox.set_permissions(channel, deny=("embed_links",))
    await expect(50013, 403, "POST", messages, {"embeds": [{"title": "x"}]})
    sandbox.set_permissions(channel, deny=("create_public_threads",))
    await expect(50013, 403, "POST", f"{messages}/{own['id']}/threads", {"name": "x"})
    sandbox.set_permissions(channel, deny=("read_message_history",))
    assert await rest("GET", messages) == (200, [])
    await expect(50001, 403, "GET", f"{messages}/{own['id']}")
    sandbox.set_permissions(channel, deny=("view_channel",))
    await expect(50001, 403, "POST", messages, {"content": "x"})
    await expect(50001, 403, "GET", messages)
    sandbox.set_permissions(channel, allow=("manage_messages",))
    assert (await rest("DELETE", f"{messages}/{theirs.id}"))[0] == 204
    sandbox.remove_guild(guild)
    await expect(50001, 403, "POST", messages, {"content": "x"})
    await expect(10004, 404, "GET", f"/guilds/{guild.id}")
    sandbox.remove_channel(channel)
    await expect(10003, 404, "POST", messages, {"content": "x"})


async def test_permissions_add_up_as_documented(sandbox, guild, channel):
    everyone = sandbox.everyone(guild)
    role = sandbox.add_role(guild, "editors")
    ann = sandbox.add_member(guild, "Ann", roles=(role,))
    world = sandbox.world
    speak = bits.SEND_MESSAGES
    assert world.user_permissions(channel, ann.user) & speak
    sandbox.set_permissions(channel, everyone, deny=("send_messages",))
    assert not world.user_permissions(channel, ann.user) & (speak | bits.EMBED_LINKS)
    sandbox.set_permissions(channel, role, allow=("send_messages",))
    assert world.user_permissions(channel, ann.user) & speak
    sandbox.set_permissions(channel, ann, deny=("send_messages",))
    assert not world.user_permissions(channel, ann.user) & speak
    thread = sandbox.add_channel(guild, "talk", "thread", parent=channel)
    assert world.user_permissions(thread, ann.user) & bits.SEND_MESSAGES_IN_THREADS
    sandbox.set_permissions(channel, everyone, deny=("view_channel",))
    assert world.user_permissions(thread, ann.user) == 0
    sandbox.set_role(guild, role, permissions=("administrator",))
    assert world.user_permissions(channel, ann.user) == bits.ALL


async def test_archived_and_locked_threads(sandbox, guild, channel, rest):
    thread = sandbox.add_channel(guild, "talk", "thread", parent=channel)
    _, message = await rest.send(thread, {"content": "one"})
    sandbox.archive(thread)
    status, answer = await rest("PATCH", f"/channels/{thread.id}/messages/{message['id']}", {"content": "two"})
    assert (status, answer["code"]) == (400, 50083)
    assert (await rest.send(thread, {"content": "three"}))[0] == 200
    assert not thread.archived
    sandbox.archive(thread, locked=True)
    status, answer = await rest.send(thread, {"content": "four"})
    assert (status, answer["code"]) == (400, 50083)
    role = sandbox.add_role(guild, "mods", permissions=("manage_threads",))
    sandbox.give_role(sandbox.bot_member(guild), role)
    assert (await rest.send(thread, {"content": "five"}))[0] == 200
    sandbox.set_permissions(channel, deny=("send_messages_in_threads",))
    status, answer = await rest.send(thread, {"content": "six"})
    assert (status, answer["code"]) == (403, 50013)
    assert [one.text for one in sandbox.messages(thread)] == ["one", "three", "five"]


async def test_the_bot_archives_its_own_thread(sandbox, channel, rest):
    status, made = await rest("POST", f"/channels/{channel.id}/threads", {"name": "talk", "type": 11})
    assert status == 201
    path = f"/channels/{made['id']}"
    status, changed = await rest("PATCH", path, {"archived": True})
    assert (status, changed["thread_metadata"]["archived"]) == (200, True)
    status, answer = await rest("PATCH", path, {"locked": True})
    assert (status, answer["code"]) == (403, 50013)
    _, listed = await rest("GET", f"/channels/{channel.id}/threads/archived/public")
    assert [thread["id"] for thread in listed["threads"]] == [made["id"]]
    assert (await rest("GET", f"/guilds/{channel.guild_id}/threads/active"))[1]["threads"] == []


@pytest.mark.parametrize(
    ("body", "allowed", "expected"),
    [
        ("<@{user}> <@&{open}> <@&{shut}> @everyone", None, ("user", "open")),
        ("<@{user}> <@&{open}>", {"parse": []}, ()),
        ("<@{user}> <@&{open}>", {"parse": [], "roles": ["{open}"]}, ("open",)),
        ("<@{user}> <@&{open}>", {"parse": ["users"]}, ("user",)),
        ("`<@{user}>` nobody", None, ()),
    ],
)
async def test_only_what_is_allowed_pings(sandbox, guild, channel, rest, body, allowed, expected):
    names = {
        "user": sandbox.add_member(guild, "Ann").id,
        "open": sandbox.add_role(guild, "open", mentionable=True).id,
        "shut": sandbox.add_role(guild, "shut").id,
    }
    content = body.format(**names)
    if allowed and "roles" in allowed:
        allowed = allowed | {"roles": [str(names["open"])]}
    message: dict[str, Any] = {"content": content}
    if allowed is not None:
        message["allowed_mentions"] = allowed
    _, old = await rest.send(channel, message)
    _, new = await rest.send(channel, v2(text(content)) | ({} if allowed is None else {"allowed_mentions": allowed}))
    for one in sandbox.messages(channel):
        assert {*one.pinged.users, *one.pinged.roles} == {names[name] for name in expected}
        assert not one.pinged.everyone
    assert old["mention_roles"] == new["mention_roles"]


async def test_everyone_is_pinged_only_with_the_permission(sandbox, guild, channel, rest):
    await rest.send(channel, {"content": "@everyone"})
    sandbox.set_permissions(channel, allow=("mention_everyone",))
    await rest.send(channel, {"content": "@here"})
    await rest.send(channel, {"content": "@here", "allowed_mentions": {"parse": []}})
    assert [message.pinged.everyone for message in sandbox.messages(channel)] == [False, True, False]


async def test_history_is_read_in_pages(sandbox, channel, rest):
    ids = [int((await rest.send(channel, {"content": str(n)}))[1]["id"]) for n in range(12)]
    path = f"/channels/{channel.id}/messages"

    async def read(**query: Any) -> list[int]:
        return [ids.index(int(message["id"])) for message in (await rest("GET", path, **query))[1]]

    assert await read(limit=3) == [11, 10, 9]
    assert await read(before=ids[3], limit=2) == [2, 1]
    assert await read(after=ids[3], limit=2) == [5, 4]
    assert await read(after=ids[9]) == [11, 10]
    assert await read(around=ids[5], limit=3) == [6, 5, 4]
    assert (await rest("GET", path, limit=101))[0] == 400
    assert (await rest("DELETE", f"{path}/{ids[5]}"))[0] == 204
    assert await read(after=ids[3], limit=2) == [6, 4]


async def test_the_nonce_is_told_on_sending_only(sandbox, channel, rest):
    _, sent = await rest.send(channel, {"content": "x", "nonce": "edition-1", "enforce_nonce": True})
    assert sent["nonce"] == "edition-1"
    _, (listed,) = await rest("GET", f"/channels/{channel.id}/messages")
    assert "nonce" not in listed


async def test_a_nonce_used_lately_gives_the_earlier_message_back(sandbox, guild, channel, rest):
    other = sandbox.add_channel(guild, "other")
    body = {"content": "x", "nonce": "edition-1", "enforce_nonce": True}
    _, first = await rest.send(channel, body)
    _, again = await rest.send(other, body | {"content": "y"})
    assert again["id"] == first["id"]
    _, plain = await rest.send(channel, {"content": "x", "nonce": "edition-1"})
    assert plain["id"] != first["id"]
    _, third = await rest.send(channel, body)
    assert third["id"] == plain["id"]
    await rest("DELETE", f"/channels/{channel.id}/messages/{plain['id']}")
    status, answer = await rest.send(channel, body)
    assert (status, answer["code"]) == (404, 10008)
    sandbox.advance(121)
    status, fresh = await rest.send(channel, body)
    assert (status, fresh["id"] not in (first["id"], plain["id"])) == (200, True)


async def test_a_body_that_is_no_json_is_refused(sandbox, channel, rest):
    url = f"{sandbox.api_base_url}/channels/{channel.id}/messages"
    headers = {"Authorization": f"Bot {sandbox.token}", "Content-Type": "application/json"}
    async with rest.session.post(url, data=b"{", headers=headers) as response:
        assert (response.status, (await response.json())["code"]) == (400, 50109)
    async with rest.session.post(url, json=["x"], headers=headers) as response:
        assert (response.status, (await response.json())["code"]) == (400, 50035)


async def test_a_wrong_token_is_unauthorized(channel, rest):
    status, answer = await rest("GET", f"/channels/{channel.id}", token="wrong")
    assert (status, answer) == (401, {"message": "401: Unauthorized", "code": 0})
