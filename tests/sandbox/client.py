"""The real discord.py client, pointed at a stand-in."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import TypeVar

import discord
import yarl
from discord import app_commands

from bot.gateway_socket import GatewaySocket
from sandbox import Sandbox

discord.VoiceClient.warn_nacl = False
discord.VoiceClient.warn_dave = False

K = TypeVar("K", discord.TextChannel, discord.ForumChannel)


class Client(discord.Client):
    """Few intents and caches, as a digest bot has them; notes what happened to it."""

    def __init__(self, *, intents: discord.Intents | None = None, sync: bool = True) -> None:
        super().__init__(
            intents=intents or discord.Intents(guilds=True),
            max_messages=None,
            member_cache_flags=discord.MemberCacheFlags.none(),
            chunk_guilds_at_startup=False,
            guild_ready_timeout=0.05,
        )
        self._gateway_socket = GatewaySocket(self.http)
        self.tree = app_commands.CommandTree(self)
        self.sync = sync
        self.seen: list[str] = []
        self.received: list[discord.Message] = []

    def known(self, channel_id: int, kind: type[K]) -> K:
        """Return a channel that the client knows, of the kind that it has to be."""
        channel = self.get_channel(channel_id)
        assert isinstance(channel, kind)
        return channel

    def text_channel(self, channel_id: int) -> discord.TextChannel:
        return self.known(channel_id, discord.TextChannel)

    def known_guild(self, guild_id: int) -> discord.Guild:
        guild = self.get_guild(guild_id)
        assert guild is not None
        return guild

    async def setup_hook(self) -> None:
        if self.sync:
            await self.tree.sync()

    async def close(self) -> None:
        # discord.py leaves this one running. It must end first: a closed client has no loop to run its last event on.
        waiting = self._connection._ready_task
        if waiting is not None:
            waiting.cancel()
            await asyncio.wait((waiting,))
        await super().close()
        await self._gateway_socket.close()
        await asyncio.sleep(0)

    async def on_resumed(self) -> None:
        self.seen.append("resumed")

    async def on_ready(self) -> None:
        self.seen.append("ready")

    async def on_connect(self) -> None:
        self.seen.append("connect")

    async def on_message(self, message: discord.Message) -> None:
        self.received.append(message)

    async def on_guild_channel_delete(self, channel: discord.abc.GuildChannel) -> None:
        self.seen.append(f"channel gone: {channel.name}")

    async def on_guild_remove(self, guild: discord.Guild) -> None:
        self.seen.append(f"guild gone: {guild.name}")

    async def on_guild_join(self, guild: discord.Guild) -> None:
        self.seen.append(f"guild joined: {guild.name}")


@asynccontextmanager
async def connected(sandbox: Sandbox, client: Client | None = None) -> AsyncIterator[Client]:
    """Run a client against the stand-in until the block ends."""
    base, gateway = discord.http.Route.BASE, discord.gateway.DiscordWebSocket.DEFAULT_GATEWAY
    discord.http.Route.BASE = sandbox.api_base_url
    discord.gateway.DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(sandbox.gateway_url)
    client = client or Client()
    task: asyncio.Task[None] | None = None
    try:
        async with client:
            task = asyncio.create_task(client.start(sandbox.token))
            ready = asyncio.create_task(guilds_announced(sandbox, client))
            await asyncio.wait((task, ready), return_when=asyncio.FIRST_COMPLETED)
            if task.done():
                ready.cancel()
                await task
            await ready
            yield client
    finally:
        if task is not None:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task
        # What the client still dispatched on closing is run, and what that starts, so that no coroutine is left behind.
        for _turn in range(5):
            await asyncio.sleep(0)
        discord.http.Route.BASE = base
        discord.gateway.DiscordWebSocket.DEFAULT_GATEWAY = gateway


async def guilds_announced(sandbox: Sandbox, client: Client) -> None:
    """Wait until the client knows every server."""
    await sandbox.wait_ready()
    wanted = sum(guild.present for guild in sandbox.world.guilds.values())
    while sum(not guild.unavailable for guild in client.guilds) < wanted:  # noqa: ASYNC110 - the client has no event
        await asyncio.sleep(0.005)
