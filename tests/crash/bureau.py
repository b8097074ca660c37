"""The real bot as a process beside the stand-in: started, killed, starved, and its channels counted afterwards."""

from __future__ import annotations

import asyncio
import os
import random
import signal
import sqlite3
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from digests.models import Cadence, ChannelKind, Style, Subscription
from digests.store.connection import Database
from digests.store.database_kinds import STATE
from digests.store.subscription_rows import Placement
from digests.store.subscriptions import SubscriptionStore
from sandbox import Channel, Guild, Sandbox
from tests.crash import forked_bot
from tests.crash.stories import write_corpus
from tests.fork_server import Forked
from tests.patience import PATIENCE_S

ROOT = Path(__file__).parents[2]
GUILD_CHANNELS = 50
DONE_S = 300.0
"""How long a whole fan-out may take: a bound on hangs, on a busy machine too."""

CONFIG = """
data_dir = "data"

[corpus]
folders = ["articles"]
reload_minutes = 0

[discord]
api_base_url = "{url}"
sends_per_second = {per_second}

[digest]
per_topic = 50
per_provider = 50
"""


@dataclass
class Bureau:
    """A folder with a configuration, a corpus and a state.db, and whatever bot runs in it.

    Attributes:
        chance: Decides what is left to chance; seeded.
        entry: What `python -m` runs: the bot as an operator runs it, unless told otherwise.
        started: Called with the id of each process as it starts.
        kill_count: How many bots were killed, and had not ended by themselves.
        trouble_count: How often something else went wrong for it.
        log: What the bots wrote.
    """

    folder: Path
    sandbox: Sandbox
    chance: random.Random
    channels: list[Channel] = field(default_factory=list)
    process: Forked | None = None
    entry: tuple[str, ...] = ("bot",)
    started: Callable[[int], None] | None = None
    start_count: int = 0
    kill_count: int = 0
    trouble_count: int = 0

    @property
    def data_path(self) -> Path:
        return self.folder / "data"

    @property
    def state_path(self) -> Path:
        return self.data_path / "state.db"

    @property
    def config_path(self) -> Path:
        return self.folder / "config.toml"

    @property
    def log_path(self) -> Path:
        return self.folder / "bot.log"

    @property
    def log(self) -> str:
        return self.log_path.read_text("utf-8", errors="replace")

    # ----------------------------------------------------------------- before

    async def furnish(
        self, channel_count: int, *, kind: str = "text", story_count: int = 10, per_second: float = 0
    ) -> None:
        """Make servers with channels, a corpus worth several messages, and a subscription a channel that is due."""
        self.config_path.write_text(CONFIG.format(url=self.sandbox.api_base_url, per_second=per_second))
        write_corpus(self.folder / "articles", story_count)
        guild: Guild | None = None
        for number in range(channel_count):
            if number % GUILD_CHANNELS == 0:
                guild = self.sandbox.add_guild(f"Server {number // GUILD_CHANNELS}")
            assert guild is not None
            self.channels.append(self.sandbox.add_channel(guild, f"news-{number}", kind))
        await self.subscribe(self.channels, ChannelKind(kind))

    async def add_channel(self, *, after: timedelta) -> Channel:
        """Make and subscribe one more channel, whose digest is due so long after the beginning of this minute."""
        guild = self.channels[0].guild
        assert guild is not None
        channel = self.sandbox.add_channel(guild, f"later-{len(self.channels)}")
        self.channels.append(channel)
        await self.subscribe([channel], after=after)
        return channel

    async def subscribe(
        self, channels: list[Channel], kind: ChannelKind = ChannelKind.TEXT, *, after: timedelta = timedelta()
    ) -> None:
        """Subscribe channels to a digest that is due so long after the beginning of this minute."""
        minute = datetime.now(UTC).replace(second=0, microsecond=0)
        due_at = minute + after
        database = await Database.open(self.state_path, STATE)
        try:
            store = SubscriptionStore(database)
            for channel in channels:
                assert channel.guild is not None
                await store.add(
                    Subscription(
                        guild_id=channel.guild.id,
                        channel_id=channel.id,
                        channel_kind=kind,
                        channel_name=channel.name,
                        creator_id=channel.guild.owner_id,
                        cadence=Cadence((due_at.time(),)),
                        style=Style.FULL,  # several messages each
                        created_at=min(due_at, minute) - timedelta(hours=1),
                    ),
                    Placement(min(due_at, minute) - timedelta(minutes=1), due_at),
                )
        finally:
            await database.close()

    # ----------------------------------------------------------------- the process

    async def start(self) -> None:
        """Start the bot."""
        assert self.process is None
        self.start_count += 1
        inherited = {name: value for name, value in os.environ.items() if not name.startswith("BROADSHEET_")}
        environment = {**inherited, "DISCORD_TOKEN": self.sandbox.token, "PYTHONPATH": str(ROOT)}
        words = (*self.entry, "run", "--config", str(self.config_path))
        self.process = await forked_bot.start(words, folder=self.folder, environment=environment, log=self.log_path)
        if self.started is not None:
            self.started(self.process.pid)

    def detach(self) -> Forked:
        """Return the running process, and forget it so that another can be started."""
        assert self.process is not None
        process, self.process = self.process, None
        return process

    async def kill(self) -> None:
        """End the bot as a power cut does."""
        assert self.process is not None
        if self.process.returncode is None:
            self.kill_count += 1
            self.process.send_signal(signal.SIGKILL)
        await self.process.wait()
        self.process = None

    async def close(self) -> None:
        """Leave no bot behind."""
        if self.process is not None:
            await self.kill()

    async def terminate(self) -> int:
        """End the bot as an operator does; return its exit code."""
        assert self.process is not None
        self.process.send_signal(signal.SIGTERM)
        code = await asyncio.wait_for(self.process.wait(), PATIENCE_S)
        self.process = None
        return code

    def check_alive(self) -> None:
        """Fail with the bot's log when it has ended by itself."""
        assert self.process is not None
        assert self.process.returncode is None, self.log[-3000:]

    # ----------------------------------------------------------------- what happened

    @property
    def arrived_count(self) -> int:
        """Messages in all channels."""
        return sum(len(self.sandbox.messages(place)) for place in self.places())

    def places(self) -> list[Channel]:
        """Where messages go: the channels, or the posts of forums."""
        return [
            place
            for channel in self.channels
            for place in (self.sandbox.posts(channel) if channel.kind in (15, 16) else [channel])
        ]

    async def wait_arrived(self, count: int, timeout_s: float = PATIENCE_S) -> None:
        """Wait until so many messages have arrived, and that the bot lives meanwhile."""
        deadline = time.monotonic() + timeout_s
        while self.arrived_count < count:
            self.check_alive()
            assert time.monotonic() < deadline, f"{self.arrived_count} of {count} arrived: {self.log[-3000:]}"
            await self.sandbox.world.changed(0.1)

    async def wait_more(self, count: int, patience_s: float) -> None:
        """Wait until so many messages have arrived, the bot has ended or `patience_s` is over."""
        assert self.process is not None
        deadline = time.monotonic() + patience_s
        while self.arrived_count < count and self.process.returncode is None and time.monotonic() < deadline:
            await self.sandbox.world.changed(0.1)

    async def wait_done(self, timeout_s: float = DONE_S) -> None:
        """Wait until every edition is out of the outbox."""
        deadline = time.monotonic() + timeout_s
        while True:
            self.check_alive()
            editions = self.rows("SELECT state, COUNT(*) FROM editions GROUP BY state")
            if sum(number for _state, number in editions) == len(self.channels) and not dict(editions).get("pending"):
                return
            assert time.monotonic() < deadline, f"{editions}: {self.log[-3000:]}"
            await asyncio.sleep(0.1)

    def rows(self, sql: str) -> list[Any]:
        """Read state.db beside the bot."""
        if not self.state_path.exists():
            return []
        with closing(sqlite3.connect(f"file:{self.state_path}?mode=ro", uri=True, timeout=PATIENCE_S)) as connection:
            return connection.execute(sql).fetchall()

    def check_exactly_once(self) -> int:
        """Check that every channel holds every part of its edition once and in order; return how many there are."""
        expected: dict[int, list[int]] = {}
        for channel_id, marker in self.rows(
            "SELECT s.channel_id, d.marker FROM deliveries AS d JOIN editions AS e ON e.id = d.edition_id"
            " JOIN subscriptions AS s ON s.id = e.subscription_id ORDER BY e.id, d.number"
        ):
            expected.setdefault(channel_id, []).append(marker)
        assert set(expected) == {channel.id for channel in self.channels}
        for channel in self.channels:
            posts = self.sandbox.posts(channel) if channel.kind in (15, 16) else [channel]
            assert len(posts) == 1, f"{len(posts)} posts in {channel.name}"
            found = [marker for message in self.sandbox.messages(posts[0]) for marker in _markers(message)]
            assert found == expected[channel.id], f"{channel.name}: {found} is not {expected[channel.id]}"
        states = self.rows("SELECT state, COUNT(*) FROM deliveries GROUP BY state")
        assert [state for state, _number in states] == ["sent"], states
        return sum(len(markers) for markers in expected.values())


def _markers(message: Any) -> list[int]:
    # The first container carries the mark; others of the same message have ids of Discord's.
    return [component["id"] for component in message.components if component["type"] == 17][:1]


@asynccontextmanager
async def opened(folder: Path, *, seed: int = 0, **options: Any) -> AsyncIterator[Bureau]:
    """Open a bureau with a stand-in; no process outlives the block."""
    async with Sandbox.start(log_size=200_000, **options) as sandbox:
        bureau = Bureau(folder, sandbox, random.Random(seed))
        try:
            yield bureau
        finally:
            await bureau.close()
