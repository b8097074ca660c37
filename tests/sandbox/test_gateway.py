"""The gateway drops, resumes, invalidates and closes as Discord's does."""

import json
import zlib
from typing import Any

import aiohttp
import discord
import pytest

from sandbox import Channel, Guild, Sandbox
from tests.patience import PATIENCE_S, until
from tests.sandbox.client import Client, connected


async def hello(socket: aiohttp.ClientWebSocketResponse) -> dict[str, Any]:
    hello: dict[str, Any] = json.loads((await socket.receive(PATIENCE_S)).data)
    return hello


def identify(sandbox: Sandbox, **more: Any) -> dict[str, Any]:
    return {"op": 2, "d": {"token": sandbox.token, "intents": 1, "properties": {}, **more}}


async def test_a_dropped_connection_resumes_and_loses_no_event(
    sandbox: Sandbox, guild: Guild, channel: Channel
) -> None:
    async with connected(sandbox) as client:
        await until(lambda: "ready" in client.seen)
        sandbox.gateway.drop()
        await sandbox.wait_until(lambda: not sandbox.gateway.sessions)
        missed = sandbox.add_channel(guild, "while away")
        await until(lambda: "resumed" in client.seen)
        await until(lambda: client.get_channel(missed.id) is not None)
        assert (sandbox.gateway.identify_count, sandbox.gateway.resume_count) == (1, 1)


async def test_an_interaction_waits_for_a_client_that_resumes(sandbox: Sandbox, guild: Guild, channel: Channel) -> None:
    client = Client()

    @client.tree.command(description="Ping")
    async def ping(interaction: discord.Interaction) -> None:
        await interaction.response.send_message("pong")

    async with connected(sandbox, client):
        sandbox.gateway.drop()
        await sandbox.wait_until(lambda: not sandbox.gateway.sessions)
        assert (await sandbox.invoke("ping")).text == "pong"
        assert sandbox.gateway.resume_count == 1


@pytest.mark.slow
async def test_a_session_that_cannot_resume_starts_over(sandbox: Sandbox, guild: Guild) -> None:
    async with connected(sandbox) as client:
        sandbox.gateway.drop(resumable=False)
        await sandbox.wait_until(lambda: not sandbox.gateway.sessions)
        later = sandbox.add_guild("Second")
        await sandbox.wait_until(lambda: sandbox.gateway.identify_count == 2)
        await until(lambda: client.get_guild(later.id) is not None)
        assert sandbox.gateway.resume_count == 0


@pytest.mark.slow
async def test_a_request_to_reconnect_and_an_invalid_session_are_followed(sandbox: Sandbox, guild: Guild) -> None:
    async with connected(sandbox) as client:
        sandbox.gateway.ask_to_reconnect()
        await until(lambda: "resumed" in client.seen)
        sandbox.gateway.invalidate(resumable=True)
        await until(lambda: client.seen.count("resumed") == 2)
        sandbox.gateway.invalidate()
        await sandbox.wait_until(lambda: sandbox.gateway.identify_count == 2)


async def test_the_server_goes_down_and_comes_back_with_its_world(
    sandbox: Sandbox, guild: Guild, channel: Channel
) -> None:
    async with connected(sandbox) as client:
        await client.text_channel(channel.id).send("before")
        port = sandbox.port
        await sandbox.go_down()
        await until(lambda: client.is_closed() or client.ws is None or not client.ws.open)
        await sandbox.come_back()
        assert sandbox.port == port
        await until(lambda: "resumed" in client.seen, 20)
        await client.text_channel(channel.id).send("after")
        assert [message.text for message in sandbox.messages(channel)] == ["before", "after"]


async def test_a_guild_that_was_left_is_not_announced_again(sandbox: Sandbox, guild: Guild) -> None:
    async with connected(sandbox) as client:
        await client.known_guild(guild.id).leave()
        await until(lambda: client.get_guild(guild.id) is None)
        assert not guild.present
        sandbox.return_to_guild(guild)
        await until(lambda: client.get_guild(guild.id) is not None)


async def test_wrong_payloads_close_with_discords_codes(sandbox: Sandbox) -> None:
    too_long = {"op": 2, "d": {"token": sandbox.token, "intents": 1, "properties": {"x": "y" * 5000}}}
    cases = [
        ({"op": 2, "d": {"token": "wrong", "intents": 1, "properties": {}}}, 4004),
        (identify(sandbox, intents="1"), 4013),
        (identify(sandbox, intents=1 << 15), 4014),
        (identify(sandbox, shard=[2, 2]), 4010),
        ({"op": 3, "d": {}}, 4003),
        ({"op": 6, "d": {"token": "wrong"}}, 4004),
        ({"op": 2}, 4002),
        (too_long, 4002),
        ("no json", 4002),
    ]
    async with aiohttp.ClientSession() as session:
        for payload, code in cases:
            async with session.ws_connect(sandbox.gateway_url) as socket:
                assert (await hello(socket))["op"] == 10
                await socket.send_str(payload if isinstance(payload, str) else json.dumps(payload))
                closed = await socket.receive(PATIENCE_S)
                assert (closed.type, socket.close_code) == (aiohttp.WSMsgType.CLOSE, code), payload


async def test_identifying_twice_and_unknown_opcodes_close(sandbox: Sandbox) -> None:
    async with aiohttp.ClientSession() as session:
        for payload, code in ((identify(sandbox), 4005), ({"op": 99}, 4001)):
            async with session.ws_connect(sandbox.gateway_url) as socket:
                await hello(socket)
                await socket.send_json(identify(sandbox))
                assert (await hello(socket))["t"] == "READY"
                await socket.send_json(payload)
                await socket.receive(PATIENCE_S)
                assert socket.close_code == code


async def test_a_resume_beyond_what_is_known_is_refused(sandbox: Sandbox) -> None:
    async with aiohttp.ClientSession() as session:
        async with session.ws_connect(sandbox.gateway_url) as socket:
            await hello(socket)
            await socket.send_json(identify(sandbox))
            ready = await hello(socket)
        for session_id, seq in (("unknown", 1), (ready["d"]["session_id"], 99)):
            async with session.ws_connect(sandbox.gateway_url) as socket:
                await hello(socket)
                data = {"token": sandbox.token, "session_id": session_id, "seq": seq}
                await socket.send_json({"op": 6, "d": data})
                assert await hello(socket) == {"op": 9, "d": False, "s": None, "t": None}


async def test_heartbeats_are_acknowledged_and_streams_compressed_on_request(sandbox: Sandbox) -> None:
    url = f"{sandbox.gateway_url}/?v=10&encoding=json&compress=zlib-stream"
    async with aiohttp.ClientSession() as session, session.ws_connect(url) as socket:
        stream = zlib.decompressobj()
        first = await socket.receive_bytes(timeout=PATIENCE_S)
        assert first.endswith(b"\x00\x00\xff\xff")
        assert json.loads(stream.decompress(first))["d"] == {"heartbeat_interval": 41250}
        await socket.send_json({"op": 1, "d": None})
        assert json.loads(stream.decompress(await socket.receive_bytes(timeout=PATIENCE_S)))["op"] == 11


async def test_a_client_that_talks_too_much_is_cut_off(sandbox: Sandbox) -> None:
    async with aiohttp.ClientSession() as session, session.ws_connect(sandbox.gateway_url) as socket:
        await hello(socket)
        for _ in range(121):
            await socket.send_json({"op": 1, "d": None})
        while (frame := await socket.receive(PATIENCE_S)).type is aiohttp.WSMsgType.TEXT:
            assert json.loads(frame.data)["op"] == 11
        assert socket.close_code == 4008


async def test_each_shard_hears_of_its_own_servers(sandbox: Sandbox) -> None:
    guilds = []
    for number in range(4):
        sandbox.advance(0.001)
        guilds.append(sandbox.add_guild(f"G{number}").id)
    async with aiohttp.ClientSession() as session:
        for shard in range(2):
            async with session.ws_connect(sandbox.gateway_url) as socket:
                await hello(socket)
                await socket.send_json(identify(sandbox, shard=[shard, 2]))
                ready = await hello(socket)
                told = [int(guild["id"]) for guild in ready["d"]["guilds"]]
                assert told == [guild for guild in guilds if (guild >> 22) % 2 == shard]


@pytest.mark.parametrize(
    "headers", [{"Host": "evil.example"}, {"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}], ids=str
)
@pytest.mark.parametrize("address", ["gateway", "api"])
async def test_another_website_gets_in_neither_by_the_gateway_nor_by_rest(
    sandbox: Sandbox, headers: dict[str, str], address: str
) -> None:
    async with aiohttp.ClientSession() as session:
        if address == "gateway":
            with pytest.raises(aiohttp.WSServerHandshakeError, match="403"):
                await session.ws_connect(sandbox.gateway_url, headers=headers)
        else:
            sent = headers | {"Authorization": f"Bot {sandbox.token}"}
            async with session.get(f"{sandbox.api_base_url}/users/@me", headers=sent) as answer:
                assert answer.status == 403


def test_every_start_has_a_token_of_its_own() -> None:
    assert len({Sandbox().token for _start in range(3)}) == 3
