"""A message beyond one of Discord's documented limits is refused with its code and the field that is wrong."""

from typing import Any

import pytest

from sandbox import Channel, Sandbox
from tests.sandbox.conftest import Rest
from tests.sandbox.making import (
    V2,
    button,
    container,
    embed,
    gallery,
    leaves,
    link,
    option,
    row,
    section,
    select,
    text,
    thumbnail,
    v2,
)

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
async def test_a_message_beyond_a_limit_is_refused(
    sandbox: Sandbox, channel: Channel, rest: Rest, body: Any, path: str, code: str
) -> None:
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
async def test_a_message_at_a_limit_is_taken(sandbox: Sandbox, channel: Channel, rest: Rest, body: Any) -> None:
    status, answer = await rest.send(channel, body)
    assert status == 200, answer
    ids = [part["id"] for part in sandbox.messages(channel)[0].walk()]
    assert len(set(ids)) == len(ids)
    assert 0 not in ids


@pytest.mark.parametrize("body", [{}, {"content": "  "}, {"content": None}, v2()])
async def test_an_empty_message_is_refused(channel: Channel, rest: Rest, body: Any) -> None:
    status, answer = await rest.send(channel, body)
    assert (status, answer["code"]) == (400, 50006)


async def test_given_ids_stay_and_the_others_are_filled_in(sandbox: Sandbox, channel: Channel, rest: Rest) -> None:
    _, answer = await rest.send(channel, v2(container(text(), text(id=1), id=777)))
    (box,) = answer["components"]
    assert (box["id"], box["components"][1]["id"]) == (777, 1)
    assert box["components"][0]["id"] not in (0, 1, 777)
    _, listed = await rest("GET", f"/channels/{channel.id}/messages")
    assert listed[0]["components"] == answer["components"]


async def test_an_edit_keeps_the_rules_of_components_v2(sandbox: Sandbox, channel: Channel, rest: Rest) -> None:
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


async def test_a_body_that_is_no_json_is_refused(sandbox: Sandbox, channel: Channel, rest: Rest) -> None:
    url = f"{sandbox.api_base_url}/channels/{channel.id}/messages"
    headers = {"Authorization": f"Bot {sandbox.token}", "Content-Type": "application/json"}
    async with rest.session.post(url, data=b"{", headers=headers) as response:
        assert (response.status, (await response.json())["code"]) == (400, 50109)
    async with rest.session.post(url, json=["x"], headers=headers) as response:
        assert (response.status, (await response.json())["code"]) == (400, 50035)


async def test_a_wrong_token_is_unauthorized(channel: Channel, rest: Rest) -> None:
    status, answer = await rest("GET", f"/channels/{channel.id}", token="wrong")
    assert (status, answer) == (401, {"message": "401: Unauthorized", "code": 0})
