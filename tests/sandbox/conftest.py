"""A stand-in with one server, and a plain HTTP client that says what it likes."""

import warnings
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest

# discord.py imports the standard library's audioop, which warns; the "error" filter is not for it.
with warnings.catch_warnings():
    warnings.simplefilter("ignore", DeprecationWarning)
    import discord  # noqa: F401

from sandbox import Channel, Guild, Sandbox
from tests.sandbox.openapi import spec_checked  # noqa: F401
from tests.sandbox.patient import patient


class Rest:
    """Sends bodies straight to the stand-in, wrong ones too."""

    def __init__(self, sandbox: Sandbox, session: aiohttp.ClientSession) -> None:
        self.sandbox = sandbox
        self.session = session

    async def __call__(
        self, method: str, path: str, body: Any = None, *, token: str | None = None, **query: Any
    ) -> tuple[int, Any]:
        headers = {"Authorization": f"Bot {token or self.sandbox.token}"}
        url = self.sandbox.api_base_url + path
        kwargs: dict[str, Any] = {} if body is None else {"json": body}
        async with self.session.request(method, url, headers=headers, params=query, **kwargs) as response:
            if response.status == 204:
                return 204, None
            assert response.headers["Content-Type"] == "application/json"
            return response.status, await response.json()

    async def send(self, channel: Channel, body: Any) -> tuple[int, Any]:
        return await self("POST", f"/channels/{channel.id}/messages", body)


@pytest.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    async with patient() as sandbox:
        yield sandbox


@pytest.fixture
def guild(sandbox: Sandbox) -> Guild:
    return sandbox.add_guild("Newsroom")


@pytest.fixture
def channel(sandbox: Sandbox, guild: Guild) -> Channel:
    return sandbox.add_channel(guild, "general")


@pytest.fixture
async def rest(sandbox: Sandbox) -> AsyncIterator[Rest]:
    async with aiohttp.ClientSession() as session:
        yield Rest(sandbox, session)
