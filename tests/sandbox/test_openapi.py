"""The stand-in speaks as Discord's own description of its API says."""

import json
from typing import Any

import pytest

from sandbox import Channel, Guild, Request, Sandbox
from tests.sandbox import openapi
from tests.sandbox.conftest import Rest
from tests.sandbox.test_interactions import BUTTON, COMMANDS, Answers
from tests.sandbox.test_rejections import BAD_MESSAGES, GOOD_MESSAGES
from tests.sandbox.test_rejections_commands import BAD_COMMANDS

pytestmark = pytest.mark.skipif(not openapi.SPEC.exists(), reason="Discord's description isn't beside the repository")

SEND = "POST /channels/{channel_id}/messages"
# The description knows limits of single fields, not how fields depend on each other, and sets content at 4000.
BEYOND_SPEC = {
    "content too long",
    "embed url scheme",
    "all embeds together",
    "empty embed",
    "allowed mentions exclusive",
    "V2 with content",
    "V2 with embeds",
    "V2 components without the flag",
    "six rows of the old style",
    "41 components",
    "41 with accessories counted",
    "4001 characters in two texts",
    "blank text",
    "thumbnail scheme",
    "thumbnail address",
    "attachment that isn't there",
    "select beside a button",
    "custom id missing",
    "custom id twice",
    "numeric id twice",
    "numeric id too large",
    "button without label",
    "button emoji",
    "button with url",
    "link with custom id",
    "link scheme",
    "link without url",
    "option value twice",
    "two defaults for one value",
    "select min above max",
    "file from the web",
}


@pytest.mark.parametrize("name", GOOD_MESSAGES)
def test_what_the_stand_in_takes_the_description_allows(name: str) -> None:
    assert openapi.fault(openapi.request_validator(SEND), GOOD_MESSAGES[name]) is None


def test_what_the_description_forbids_is_among_the_refusals() -> None:
    validator = openapi.request_validator(SEND)
    allowed = {name for name, (body, *_) in BAD_MESSAGES.items() if openapi.fault(validator, body) is None}
    assert allowed == BEYOND_SPEC


def test_faults_are_named() -> None:
    validator = openapi.request_validator("PUT /applications/{application_id}/commands")
    wrong = openapi.fault(validator, [BAD_COMMANDS["name too long"][0]])
    assert wrong is not None
    assert wrong.startswith("0.name:")


async def test_accepted_bodies_are_noted_and_refused_ones_not(channel: Channel, rest: Rest) -> None:
    bodies = openapi.Bodies()
    rest.sandbox.record(bodies)
    await rest.send(channel, {"content": "x"})
    await rest.send(channel, {"content": "x" * 2001})
    assert bodies._seen == {SEND: [{"content": "x"}]}
    bodies(Request("POST", SEND, "", {"content": 5}, 200, 0.0, 0.0))
    assert bodies.faults() == [f'{SEND}: content: 5 is not of types "null", "string"']


async def test_answers_have_the_described_shape(sandbox: Sandbox, guild: Guild, channel: Channel, rest: Rest) -> None:
    """Every route that the description knows is called once and its answer checked."""
    forum = sandbox.add_channel(guild, "daily", "forum", tags=("World",))
    feed = sandbox.add_channel(guild, "feed", "announcement")
    reader = sandbox.add_member(guild, "reader")
    app = sandbox.application_id
    checked: set[str] = set()
    answers: dict[str, Any] = {}

    async def call(method: str, path: str, body: Any = None, **query: Any) -> Any:
        status, answer = await rest(method, path, body, **query)
        assert status < 300, (path, answer)
        route = sandbox.requests[-1].route
        if status != 204:
            validator = openapi.response_validator(route, status)
            assert validator is not None, (route, status)
            assert openapi.fault(validator, answer) is None, (route, json.dumps(answer)[:2000])
        checked.add(route)
        answers[route] = answer
        return answer

    for path in ("/users/@me", "/oauth2/applications/@me", "/applications/@me", "/gateway", "/gateway/bot"):
        await call("GET", path)
    await call("GET", f"/users/{reader.id}")
    await call("GET", "/users/@me/guilds")
    for tail in ("", "/channels", "/roles", f"/roles/{guild.id}", f"/members/{reader.id}", "/threads/active"):
        await call("GET", f"/guilds/{guild.id}{tail}")
    dm = await call("POST", "/users/@me/channels", {"recipient_id": str(reader.id)})
    await call("POST", f"/channels/{dm['id']}/messages", {"content": "x"})
    for place in (channel, forum, feed):
        await call("GET", f"/channels/{place.id}")
    for body in GOOD_MESSAGES.values():
        message = await call("POST", f"/channels/{channel.id}/messages", body)
    await call("POST", f"/channels/{channel.id}/messages", {"embeds": [{"title": "x"}], "content": f"<@{reader.id}>"})
    await call("GET", f"/channels/{channel.id}/messages")
    one = f"/channels/{channel.id}/messages/{message['id']}"
    await call("GET", one)
    await call("PATCH", one, {"components": [{"type": 10, "content": "new"}]})
    await call("POST", f"{one}/threads", {"name": "talk"})
    news = await call("POST", f"/channels/{feed.id}/messages", {"content": "x"})
    await call("POST", f"/channels/{feed.id}/messages/{news['id']}/crosspost")
    await call("DELETE", one)
    await call("POST", f"/channels/{forum.id}/threads", {"name": "x", "message": {"content": "x"}})
    thread = await call("POST", f"/channels/{channel.id}/threads", {"name": "x", "type": 11})
    await call("PUT", f"/channels/{thread['id']}/thread-members/@me")
    await call("GET", f"/channels/{thread['id']}/thread-members")
    await call("GET", f"/channels/{channel.id}/threads/archived/public")
    await call("PATCH", f"/channels/{thread['id']}", {"name": "y"})
    for path in (f"/applications/{app}/guilds/{guild.id}/commands", f"/applications/{app}/commands"):
        (command,) = await call("PUT", path, COMMANDS)
        await call("GET", path)
        await call("GET", f"{path}/{command['id']}")
        await call("PATCH", f"{path}/{command['id']}", {"description": "Look"})
        await call("POST", path, {"name": "more", "description": "More"})

    bot = Answers(sandbox, rest)
    for kind, data in ((4, {"content": "x", "components": [BUTTON]}), (5, None), (5, {"flags": 64})):
        asked = (await sandbox.invoke("news", wait=False)).interaction
        token = f"/interactions/{asked.id}/{asked.token}/callback"
        body = {"type": kind} if data is None else {"type": kind, "data": data}
        await call("POST", token, body, with_response="1")
        hook = f"/webhooks/{app}/{asked.token}"
        await call("PATCH", f"{hook}/messages/@original", {"content": "y"})
        await call("GET", f"{hook}/messages/@original")
        await call("POST", hook, {"content": "z"})
    first = next(iter(sandbox.world.interactions._by_id.values()))
    await bot.later("PATCH", first, "/messages/@original", {"components": [BUTTON]})
    assert first.original is not None
    pressed = (await sandbox.click(first.original, label="press", wait=False)).interaction
    await call("POST", f"/interactions/{pressed.id}/{pressed.token}/callback", {"type": 6}, with_response="1")
    unknown = [name for name in sandbox.server._routes.names if name not in checked]
    assert [name for name in unknown if not name.startswith("DELETE ")] == ["POST /channels/{channel_id}/typing"]


def test_a_routes_validator_is_made_once_for_a_whole_suite() -> None:
    assert openapi.request_validator(SEND) is openapi.request_validator(SEND)


def test_the_recorder_is_with_every_stand_in() -> None:
    assert any(isinstance(recorder, openapi.Bodies) for recorder in Sandbox.everywhere)
