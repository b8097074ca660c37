"""The driver shows what happened, waits for it, and serves alone or with a page beside."""

import json
import signal
import subprocess
import sys
from datetime import UTC, datetime

import aiohttp
import pytest
from aiohttp import web

from sandbox import Channel, Event, Guild, Message, NotAnswered, Sandbox
from tests.sandbox.conftest import Rest


async def test_watchers_hear_of_every_change(sandbox: Sandbox, guild: Guild, channel: Channel, rest: Rest) -> None:
    queue = sandbox.subscribe()
    _, sent = await rest.send(channel, {"content": "one"})
    path = f"/channels/{channel.id}/messages/{sent['id']}"
    await rest("PATCH", path, {"content": "two"})
    await rest("DELETE", path)
    sandbox.add_channel(guild, "extra")
    events = [queue.get_nowait() for _ in range(queue.qsize())]
    assert [event.kind for event in events] == ["message_create", "message_update", "message_delete", "channel_create"]
    assert isinstance(events[0], Event)
    assert isinstance(events[0].subject, Message)
    assert isinstance(events[3].subject, Channel)
    sandbox.unsubscribe(queue)
    await rest.send(channel, {"content": "three"})
    assert queue.empty()


async def test_waiting_ends_with_the_change_or_the_time(sandbox: Sandbox, channel: Channel, rest: Rest) -> None:
    await rest.send(channel, {"content": "one"})
    assert [message.text for message in await sandbox.wait_messages(channel)] == ["one"]
    with pytest.raises(NotAnswered):
        await sandbox.wait_messages(channel, 2, timeout=0.05)
    with pytest.raises(NotAnswered):
        await sandbox.wait_ready(timeout=0.05)


async def test_the_log_shows_what_was_requested(sandbox: Sandbox, channel: Channel, rest: Rest) -> None:
    await rest.send(channel, {"content": "x" * 2001})
    await rest("GET", "/nonsense")
    first, second = sandbox.requests
    assert (first.method, first.status, first.code) == ("POST", 400, 50035)
    assert first.route == "POST /channels/{channel_id}/messages"
    assert first.body == {"content": "x" * 2001}
    assert (second.route, second.status) == ("GET /nonsense", 404)
    assert sandbox.request_count == 2
    assert sandbox.count_requests(first.route) == 1


async def test_the_clock_can_be_set(sandbox: Sandbox, channel: Channel, rest: Rest) -> None:
    moment = datetime(2031, 5, 1, 8, 0, tzinfo=UTC)
    sandbox.travel(moment)
    await rest.send(channel, {"content": "x"})
    (message,) = sandbox.messages(channel)
    assert abs((message.created_at - moment).total_seconds()) < 3600
    sandbox.advance(-86_400)
    await rest.send(channel, {"content": "y"})
    assert [one.text for one in sandbox.messages(channel)] == ["x", "y"]
    assert channel.order == sorted(channel.order)


async def test_a_page_can_be_served_beside_the_api(sandbox: Sandbox) -> None:
    async def page(request: web.BaseRequest) -> web.Response:
        return web.Response(text=f"page {request.path}")

    async with aiohttp.ClientSession() as session:
        async with session.get(sandbox.base_url) as response:
            assert response.status == 404
        sandbox.mount("/", page)
        async with session.get(sandbox.base_url + "/room/1") as response:
            assert await response.text() == "page /room/1"
        async with session.get(sandbox.api_base_url + "/gateway") as response:
            assert (await response.json())["url"] == sandbox.gateway_url


async def test_private_answers_are_listed_for_their_asker_only(
    sandbox: Sandbox, guild: Guild, channel: Channel, rest: Rest
) -> None:
    assert sandbox.messages(channel, viewer=sandbox.add_member(guild, "Ann")) == []
    assert repr(channel) == f"<Channel general kind=0 id={channel.id}>"


@pytest.mark.slow
async def test_ten_thousand_channels_are_quickly_there(sandbox: Sandbox, guild: Guild, rest: Rest) -> None:
    channels = [sandbox.add_channel(guild, f"c{number}") for number in range(10_000)]
    assert (await rest.send(channels[-1], {"content": "x"}))[0] == 200


@pytest.mark.slow
def test_it_runs_alone_and_says_where() -> None:
    process = subprocess.Popen([sys.executable, "-m", "sandbox"], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    try:
        about = json.loads(process.stdout.readline())
        assert about["url"].startswith("http://127.0.0.1:")
        assert about["api_base_url"] == about["url"] + "/api/v10"
        assert set(about["channels"]) == {"general", "announcements", "daily"}
    finally:
        process.send_signal(signal.SIGINT)
        assert process.wait(10) == 0
        process.stdout.close()
