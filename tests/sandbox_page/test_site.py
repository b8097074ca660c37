"""The page's paths: what it shows, what it does through the real gateway, and whom it lets in."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest

from sandbox import Channel, Member, page
from tests.patience import PATIENCE_S
from tests.sandbox.patient import patient
from tests.sandbox_page.markup import Markup
from tests.sandbox_page.paperboy import HEADLINES, Newsroom, newsroom

OWN = {"X-Sandbox": "1"}


class Reader:
    """Asks the page as a browser would."""

    def __init__(self, room: Newsroom, session: aiohttp.ClientSession) -> None:
        self.room = room
        self.session = session

    async def ask(self, path: str, who: Member | None = None, **parameters: str) -> dict[str, Any]:
        query = parameters | {"user": str((who or self.room.owner).id), "tz": "America/Toronto"}
        async with self.session.get(self.room.sandbox.base_url + path, params=query) as answer:
            assert answer.status == 200, await answer.text()
            return dict(await answer.json())

    async def post(
        self, path: str, where: Channel, who: Member | None = None, expected: int = 200, **body: Any
    ) -> dict[str, Any]:
        body |= {"user": str((who or self.room.owner).id), "channel": str(where.id), "tz": "America/Toronto"}
        async with self.session.post(self.room.sandbox.base_url + path, json=body, headers=OWN) as answer:
            assert answer.status == expected, await answer.text()
            return dict(await answer.json())

    async def texts(self, where: Channel, who: Member | None = None) -> list[str]:
        shown = await self.ask("/channel", who, channel=str(where.id))
        return [Markup(entry["html"]).text for entry in shown["entries"]]


@pytest.fixture
async def reader() -> AsyncIterator[Reader]:
    async with newsroom() as room, aiohttp.ClientSession() as session:
        yield Reader(room, session)


async def test_the_page_and_its_files_are_served_with_a_strict_policy(reader: Reader) -> None:
    files = (
        "/",
        "/app.js",
        "/composer.js",
        "/option_values.js",
        "/popup.js",
        "/message_list.js",
        "/selects.js",
        "/server.js",
        "/app.css",
        "/discord.css",
        "/icon.svg",
    )
    for path in files:
        async with reader.session.get(reader.room.sandbox.base_url + path) as answer:
            assert answer.status == 200, path
            assert "script-src 'self'" in answer.headers["Content-Security-Policy"]
    async with reader.session.get(reader.room.sandbox.base_url + "/../driver/sandbox.py") as answer:
        assert answer.status == 404


@pytest.mark.parametrize(
    "headers",
    [
        {"Host": "evil.example"},
        {"Host": "evil.example:{port}"},
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://127.0.0.1:1"},
        {"Sec-Fetch-Site": "cross-site"},
    ],
)
async def test_other_websites_are_kept_out(headers: dict[str, str]) -> None:
    async with patient() as sandbox, aiohttp.ClientSession() as session:
        sandbox.add_member(sandbox.add_guild("Press"), "Mina")
        page.mount(sandbox)
        told = {name: value.format(port=sandbox.port) for name, value in headers.items()}
        for path in ("/", "/state", "/events"):
            async with session.get(sandbox.base_url + path, headers=told) as answer:
                assert answer.status == 403, path
        async with session.post(sandbox.base_url + "/say", json={}, headers=told | OWN) as answer:
            assert answer.status == 403


async def test_a_change_needs_what_no_form_of_another_site_can_send() -> None:
    async with patient() as sandbox, aiohttp.ClientSession() as session:
        guild = sandbox.add_guild("Press")
        channel = sandbox.add_channel(guild, "general")
        page.mount(sandbox)
        body = json.dumps({"channel": str(channel.id), "text": "hello"})
        for headers in ({"Content-Type": "text/plain"} | OWN, {"Content-Type": "application/json"}):
            async with session.post(sandbox.base_url + "/say", data=body, headers=headers) as answer:
                assert answer.status == 403
        assert sandbox.messages(channel) == []


async def test_the_places_are_those_the_member_sees(reader: Reader) -> None:
    def names(state: dict[str, Any]) -> dict[str, list[str]]:
        return {group["name"]: [each["name"] for each in group["channels"]] for group in state["guilds"][0]["groups"]}

    room = reader.room
    state = await reader.ask("/state")
    assert names(state) == {"": ["general", "staff", "voice"], "News": ["daily-news", "announcements", "editions"]}
    assert state["guilds"][0]["groups"][1]["channels"][2]["threads"][0]["name"] == "Edition of 21 February"
    assert [(each["name"], each["role"]) for each in state["users"]] == [("Ada", "Server owner"), ("Mina", "Member")]
    assert "staff" not in names(await reader.ask("/state", room.member))[""]
    await reader.post("/say", room.staff, room.member, expected=404, text="let me in")


async def test_commands_are_those_the_member_may_use(reader: Reader) -> None:
    room = reader.room
    here = str(room.general.id)
    offered = [each["name"] for each in (await reader.ask("/channel", channel=here))["commands"]]
    assert offered == ["digest subscribe", "news"]
    assert [each["name"] for each in (await reader.ask("/channel", room.member, channel=here))["commands"]] == ["news"]
    refused = await reader.post(
        "/command", room.general, room.member, expected=400, command="digest subscribe", options={}
    )
    assert "needs the permissions" in refused["error"]


async def test_a_command_reaches_the_bot_and_only_the_asker_sees_the_answer(reader: Reader) -> None:
    room = reader.room
    offered = await reader.post(
        "/autocomplete", room.general, command="news", option="query", value="clear", options={}
    )
    assert offered["choices"] == [{"name": HEADLINES[0], "value": HEADLINES[0]}]
    await reader.post("/command", room.general, command="news", options={"query": "clearview"})
    shown = (await reader.texts(room.general))[-1]
    assert "Ada used /news" in shown
    assert "Stories for “clearview”, page 1" in shown
    assert "Only you can see this" in shown
    assert await reader.texts(room.general, room.member) == []


async def test_buttons_selects_and_forms_work(reader: Reader) -> None:
    room, here = reader.room, reader.room.general
    await reader.post("/command", here, command="news", options={"query": "x"})
    (message,) = room.sandbox.messages(here, room.owner)
    asked: dict[str, Any] = {"message": str(message.id)}
    await reader.post("/press", here, **asked, custom_id="next")
    assert "page 2" in (await reader.texts(here))[-1]
    await reader.post("/select", here, **asked, custom_id="pick", values=[HEADLINES[1]])
    assert HEADLINES[1] in (await reader.texts(here))[-1]
    opened = (await reader.post("/press", here, **asked, custom_id="edit"))["modal"]
    assert "Quiet day" in Markup(opened["html"]).text
    values = {"day": ["Note"], "topics": ["AI"]}
    await reader.post("/submit", here, modal=opened["id"], values=values)
    assert "Saved: Note, AI" in (await reader.texts(here))[-1]
    await reader.post("/submit", here, expected=404, modal=opened["id"], values=values)
    await reader.post("/dismiss", here, **asked)
    assert not any("page 2" in text for text in await reader.texts(here))
    await reader.post("/press", here, expected=404, **asked, custom_id="next")


async def test_a_forum_lists_its_posts_in_plain_words(reader: Reader) -> None:
    room = reader.room
    room.sandbox.say(room.thread, room.member, "# The **paper**")
    shown = await reader.ask("/channel", channel=str(room.forum.id))
    assert "The paper" in Markup(shown["posts"]).text
    assert str(room.thread.id) in shown["posts"]
    assert (shown["writable"], shown["commands"]) == (False, [])


async def test_direct_messages_are_ones_own(reader: Reader) -> None:
    room = reader.room
    direct = room.sandbox.dm(room.member)
    shown = await reader.ask("/channel", room.member, channel=str(direct.id))
    assert (shown["kind"], shown["name"]) == (1, "Broadsheet")
    await reader.post("/say", direct, expected=404, text="not mine")


async def test_the_clock_moves_by_hours_and_to_the_next_due_time(reader: Reader) -> None:
    room = reader.room
    await reader.post("/advance", room.daily, hours=24)
    await reader.post("/advance", room.daily, due=True)
    assert room.clock.moves == [24.0, pytest.approx(18 + 56 / 60, abs=0.01)]
    shown = await reader.ask("/channel", channel=str(room.daily.id))
    assert shown["clock"] == "Mon, Feb 24 · 3:00 AM"
    for hours in (-1, 0, 1e9, True, "1"):
        await reader.post("/advance", room.daily, expected=400, hours=hours)
    room.clock.planned = False
    assert "subscribe" in (await reader.post("/advance", room.daily, expected=400, due=True))["error"]


@pytest.mark.parametrize("body", [b"", b"[]", b"{", b'{"user": "1"}', b'{"channel": 5}', b'{"channel": "\xff"}'])
async def test_a_body_that_makes_no_sense_is_refused_in_words(reader: Reader, body: bytes) -> None:
    for path in ("/command", "/press", "/select", "/submit", "/say", "/dismiss", "/advance", "/autocomplete", "/x"):
        headers = {"Content-Type": "application/json"} | OWN
        async with reader.session.post(reader.room.sandbox.base_url + path, data=body, headers=headers) as answer:
            assert answer.status in (400, 404), (path, await answer.text())
            assert (await answer.json())["error"]


@pytest.mark.parametrize("command", ["", " ", "/", "/ ", "nothing", "news more", "digest"])
async def test_a_command_that_does_not_exist_is_refused_in_words(reader: Reader, command: str) -> None:
    told = await reader.post("/command", reader.room.general, expected=400, command=command, options={})
    assert told["error"].endswith(".")


async def test_an_open_page_learns_which_channel_changed(reader: Reader) -> None:
    room = reader.room
    async with reader.session.get(room.sandbox.base_url + "/events") as stream:
        assert stream.content_type == "text/event-stream"
        room.sandbox.say(room.thread, room.member, "hello")
        room.sandbox.rename_channel(room.general, "lobby")
        told: list[dict[str, Any]] = []
        async with asyncio.timeout(PATIENCE_S):
            while len(told) < 3:
                line = (await stream.content.readline()).decode()
                if line.startswith("data: "):
                    told.append(json.loads(line.removeprefix("data: ")))
    assert told == [
        {"channel": str(room.thread.id), "fresh": True},
        {"channel": str(room.forum.id), "fresh": False},
        {"places": True},
    ]
