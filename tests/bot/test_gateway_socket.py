"""The connection to the gateway against the stand-in: cut, closed, and answered by something else."""

import threading
from collections.abc import Callable
from pathlib import Path

import aiohttp
import discord
import pytest
from discord.gateway import DiscordWebSocket, KeepAliveHandler

from sandbox.gateway import Gateway
from tests.bot.whole_program import RIGHTS, running, settings_for
from tests.patience import until
from tests.sandbox.patient import patient

pytestmark = pytest.mark.slow  # the whole program, from start to stop


def talk_nonsense(gateway: Gateway) -> None:
    for session in gateway.sessions:
        assert session.connection is not None
        session.connection.send("<html>Bad gateway</html>")


async def test_a_gateway_that_is_away_or_talks_nonsense_is_said_by_the_health_check_and_waited_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("bot.client.FIRST_CONNECT_WAIT_S", 0.3)
    async with patient() as sandbox:
        sandbox.add_guild("Press Club", bot_permissions=RIGHTS)
        async with running(settings_for(tmp_path, sandbox), sandbox.token) as program:
            talk_nonsense(sandbox.gateway)
            await until(lambda: program.why_unhealthy() is not None)
            assert "not connected" in (program.why_unhealthy() or "")
            await until(lambda: program.why_unhealthy() is None)
            assert not program._tasks[1].done()
    assert "can't be read" in caplog.text


async def test_no_connection_to_the_gateway_and_no_heartbeat_is_left_however_it_ended(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fail_once(_socket: DiscordWebSocket) -> None:
        monkeypatch.setattr("discord.gateway.DiscordWebSocket.resume", resume)
        raise aiohttp.ClientConnectionResetError("Cannot write to closing transport")

    def drop_and_again_while_it_resumes(gateway: Gateway) -> None:
        monkeypatch.setattr("discord.gateway.DiscordWebSocket.resume", fail_once)
        gateway.drop()

    resume = DiscordWebSocket.resume
    endings: list[Callable[[Gateway], None]] = [
        lambda gateway: gateway.close(4000),
        Gateway.ask_to_reconnect,
        Gateway.drop,
        drop_and_again_while_it_resumes,
        talk_nonsense,
    ]
    sockets: list[aiohttp.ClientWebSocketResponse] = []
    connect = discord.http.HTTPClient.ws_connect

    async def connect_and_note(http: discord.http.HTTPClient, url: str, **more: int) -> aiohttp.ClientWebSocketResponse:
        sockets.append(await connect(http, url, **more))
        return sockets[-1]

    monkeypatch.setattr("discord.http.HTTPClient.ws_connect", connect_and_note)
    monkeypatch.setattr("discord.backoff.ExponentialBackoff.delay", lambda _: 0.05)
    monkeypatch.setattr("bot.client.FIRST_CONNECT_WAIT_S", 0.1)
    async with patient() as sandbox:
        sandbox.add_guild("Press Club", bot_permissions=RIGHTS)
        async with running(settings_for(tmp_path, sandbox), sandbox.token) as program:
            for end in endings:
                count = len(sockets)
                end(sandbox.gateway)
                await until(lambda count=count: len(sockets) > count)  # type: ignore[misc]
                await until(lambda: program.why_unhealthy() is None)
            *former, present = (socket._response.connection for socket in sockets)
            assert len(former) > len(endings)
            assert set(former) == {None}
            assert present is not None
    assert sockets[-1]._response.connection is None
    await until(lambda: not [thread for thread in threading.enumerate() if isinstance(thread, KeepAliveHandler)])
