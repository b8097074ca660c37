"""Lost answers, storms, limits and latency come as scripted, and are repeatable by a seed."""

import time
from collections.abc import AsyncIterator

import aiohttp
import discord
import pytest

from sandbox import Channel, FaultKind, Guild, Sandbox
from sandbox.faults import SEND
from tests.sandbox.client import Client, connected
from tests.sandbox.conftest import Rest

BODY = {"content": "x", "nonce": "n1", "enforce_nonce": True}


async def test_a_lost_answer_leaves_the_message_there(sandbox: Sandbox, channel: Channel, rest: Rest) -> None:
    sandbox.faults.lose_answer()
    with pytest.raises(aiohttp.ServerDisconnectedError):
        await rest.send(channel, BODY)
    assert len(sandbox.messages(channel)) == 1
    status, again = await rest.send(channel, BODY)
    assert (status, again["id"]) == (200, str(sandbox.messages(channel)[0].id))
    assert [request.status for request in sandbox.requests] == [0, 200]


async def test_a_refused_connection_did_nothing(sandbox: Sandbox, channel: Channel, rest: Rest) -> None:
    sandbox.faults.refuse(times=2)
    for _ in range(2):
        with pytest.raises((aiohttp.ClientError, ConnectionError)):
            await rest.send(channel, BODY)
    assert sandbox.messages(channel) == []
    assert (await rest.send(channel, BODY))[0] == 200


async def test_server_errors_come_before_or_after_the_work(sandbox: Sandbox, channel: Channel, rest: Rest) -> None:
    sandbox.faults.fail(status=502, skip=1)
    assert (await rest.send(channel, {"content": "one"}))[0] == 200
    assert (await rest.send(channel, {"content": "two"}))[0] == 502
    sandbox.faults.fail(status=503, accepted=True)
    assert (await rest.send(channel, {"content": "three"}))[0] == 503
    assert [message.text for message in sandbox.messages(channel)] == ["one", "three"]


async def test_the_client_retries_a_server_error_and_the_nonce_saves_it(
    sandbox: Sandbox, guild: Guild, channel: Channel
) -> None:
    async with connected(sandbox) as client:
        sandbox.faults.fail(status=502, accepted=True)
        message = await client.text_channel(channel.id).send("x", nonce="n1")
        assert [one.id for one in sandbox.messages(channel)] == [message.id]
        assert sandbox.count_requests(SEND) == 2


async def test_scripted_limits_are_waited_for(sandbox: Sandbox, guild: Guild, channel: Channel) -> None:
    async with connected(sandbox) as client:
        sandbox.faults.limit(retry_after_s=0.2)
        sandbox.faults.limit(retry_after_s=0.2, is_global=True)
        started = time.monotonic()
        await client.text_channel(channel.id).send("x")
        assert time.monotonic() - started >= 0.4
        assert [request.status for request in sandbox.requests if request.route == SEND] == [429, 429, 200]


async def test_latency_delays_every_answer(sandbox: Sandbox, channel: Channel, rest: Rest) -> None:
    sandbox.faults.delay(0.1, SEND)
    started = time.monotonic()
    await rest.send(channel, BODY)
    assert time.monotonic() - started >= 0.1
    sandbox.faults.clear()


async def test_random_faults_repeat_with_their_seed(sandbox: Sandbox, guild: Guild, rest: Rest) -> None:
    async def statuses(name: str) -> list[int]:
        channel = sandbox.add_channel(guild, name)
        sandbox.faults.at_random(0.5, (FaultKind.FAIL, FaultKind.FAIL_AFTER), seed=7)
        return [(await rest.send(channel, {"content": "x"}))[0] for _ in range(20)]

    first = await statuses("one")
    assert first == await statuses("two")
    assert set(first) > {200}


@pytest.fixture
async def limited() -> AsyncIterator[Sandbox]:
    async with Sandbox.start(limits=True) as sandbox:
        yield sandbox


@pytest.fixture
async def stopped() -> AsyncIterator[Sandbox]:
    """Limits and a clock that stands still: what a slow machine requests in a second is not less."""
    async with Sandbox.start(limits=True, clock=lambda: 1_800_000_000.0) as sandbox:
        assert sandbox.server.limits is not None
        sandbox.server.limits.elapsed_s = lambda: 1000.0
        yield sandbox


async def test_a_channel_takes_five_messages_in_five_seconds(stopped: Sandbox) -> None:
    channel = stopped.add_channel(stopped.add_guild("Newsroom"), "general")
    headers = {"Authorization": f"Bot {stopped.token}"}
    url = f"{stopped.api_base_url}/channels/{channel.id}/messages"
    async with aiohttp.ClientSession(headers=headers) as session:
        for left in (4, 3, 2, 1, 0):
            async with session.post(url, json={"content": "x"}) as response:
                assert response.status == 200
                assert response.headers["X-RateLimit-Remaining"] == str(left)
        async with session.post(url, json={"content": "x"}) as response:
            answer = await response.json()
            assert response.status == 429
            assert 0 < answer["retry_after"] <= 5
            assert not answer["global"]
            assert response.headers["Via"]
    assert len(stopped.messages(channel)) == 5
    assert stopped.limited_count == 1


async def test_fifty_requests_a_second_are_all_there_is(stopped: Sandbox) -> None:
    guild = stopped.add_guild("Newsroom")
    async with aiohttp.ClientSession(headers={"Authorization": f"Bot {stopped.token}"}) as session:
        statuses = []
        for _ in range(60):
            async with session.get(f"{stopped.api_base_url}/guilds/{guild.id}") as response:
                statuses.append(response.status)
                if response.status == 429:
                    assert (await response.json())["global"]
                    assert response.headers["X-RateLimit-Global"] == "true"
    assert statuses[:50] == [200] * 50
    assert 429 in statuses[50:]


@pytest.mark.slow
async def test_ten_publishes_an_hour(limited: Sandbox) -> None:
    feed = limited.add_channel(limited.add_guild("Newsroom"), "feed", "announcement")
    client = Client()
    client.http.max_ratelimit_timeout = 30.0
    async with connected(limited, client):
        known = client.text_channel(feed.id)
        sent = [await known.send(str(number)) for number in range(5)]
        others = [limited.say(feed, limited.world.bot, str(number)) for number in range(6)]
        for message in [*sent, *(known.get_partial_message(one.id) for one in others[:5])]:
            # After the first answer discord.py itself would refuse: its reset lies an hour ahead, whatever remains.
            client.http._buckets.clear()
            await message.publish()
        client.http._buckets.clear()
        with pytest.raises(discord.RateLimited) as refused:
            await known.get_partial_message(others[5].id).publish()
        assert 3500 < refused.value.retry_after <= 3600
        limited.advance(3601)
        client.http._buckets.clear()
        await known.get_partial_message(others[5].id).publish()
        assert all(message.published for message in limited.messages(feed))


@pytest.mark.slow
async def test_the_client_keeps_within_the_limits(limited: Sandbox) -> None:
    channel = limited.add_channel(limited.add_guild("Newsroom"), "general")
    async with connected(limited) as client:
        for number in range(6):
            await client.text_channel(channel.id).send(str(number))
        assert limited.limited_count == 0
        assert [message.text for message in limited.messages(channel)] == list("012345")


async def test_ten_thousand_refusals_ban_the_address(limited: Sandbox) -> None:
    limits = limited.server.limits
    assert limits is not None
    for _ in range(10_000):
        limits.note_refusal()
    headers = {"Authorization": f"Bot {limited.token}"}
    url = f"{limited.api_base_url}/users/@me"
    async with aiohttp.ClientSession(headers=headers) as session, session.get(url) as response:
        assert response.status == 429
        assert "Via" not in response.headers
