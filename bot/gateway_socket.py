"""Keeps one connection to the gateway open at a time, and none after the bot has stopped."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Final

import aiohttp
import discord

from bot.errors import LOST

MOST_CLOSE_S: Final = 2.0
"""Longest wait for the other side to answer that the connection is closed; after that it is closed without an answer.
aiohttp would wait the 30 s that discord.py (2.7) asks for, and a proxy that talks nonsense does not answer."""

_TO_RESUME: Final = 4000
"""A close code after which Discord still lets the session be resumed; 1000 and 1001 end it."""


class GatewaySocket:
    """Opens the connections of discord.py's client and closes those that it leaves open.

    discord.py (2.7) drops a connection without closing it where identifying or resuming on it fails, and where the bot
    stops before the connection is the client's own.
    """

    def __init__(self, http: discord.http.HTTPClient) -> None:
        """Take over how `http` connects to the gateway."""
        self._connect: Callable[..., Awaitable[aiohttp.ClientWebSocketResponse]] = http.ws_connect
        self._socket: aiohttp.ClientWebSocketResponse | None = None
        http.ws_connect = self._connect_alone  # type: ignore[method-assign]

    async def close(self) -> None:
        """Close the connection if one is open; it may be closed already."""
        socket, self._socket = self._socket, None
        if socket is None:
            return
        try:
            with suppress(*LOST):
                async with asyncio.timeout(MOST_CLOSE_S):
                    await socket.close(code=_TO_RESUME)
        finally:
            # aiohttp (3.14) keeps the response of a connection that was lost.
            socket._response.close()
            _stop_heartbeats(socket)

    async def _connect_alone(self, url: str, *, compress: int = 0) -> aiohttp.ClientWebSocketResponse:
        await self.close()
        self._socket = await self._connect(url, compress=compress)
        return self._socket


def _stop_heartbeats(socket: aiohttp.ClientWebSocketResponse) -> None:
    """End the thread that discord.py (2.7) lets send heartbeats on a connection that it dropped without closing it."""
    for thread in threading.enumerate():
        if isinstance(thread, discord.gateway.KeepAliveHandler) and thread.ws.socket is socket:
            thread.stop()
