"""The real bot in this process, connected to the stand-in, over real databases and files."""

from __future__ import annotations

import asyncio
import json
import warnings
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path

# discord.py imports the standard library's audioop, which warns; the tests' "error" filter is not for it.
with warnings.catch_warnings():
    warnings.simplefilter("ignore", DeprecationWarning)
    import discord  # noqa: F401

from bot.client import BroadsheetClient
from bot.interactions.cooldowns import Cooldowns
from bot.render.digest import digest_title, render_digest
from bot.services import Services
from bot.wiring import Soundness
from digests.models import Cadence, Digest, Policy, Presentation
from digests.service.button_state import ButtonState
from digests.service.corpus import CorpusService
from digests.service.corpus.reload_troubles import CorpusTroubles
from digests.service.digests import DigestService
from digests.service.edition_run import Rendered
from digests.service.editions import EditionService
from digests.service.installation import Installation
from digests.service.past_editions import PastEditions
from digests.service.search import SearchService
from digests.service.subscriptions import SubscriptionService
from digests.store.articles import ArticleStore
from digests.store.button_state import ButtonStateStore
from digests.store.connection import Database
from digests.store.database_kinds import CORPUS, STATE
from digests.store.outbox.compositions import CompositionStore
from digests.store.outbox.editions import EditionStore
from digests.store.outbox.past_editions import PastEditionStore
from digests.store.settings import SettingsStore
from digests.store.subscriptions import SubscriptionStore
from sandbox import Sandbox
from sandbox.entities import Channel, Guild, Member, Role
from tests.bot.commands.articles import NOW, corpus, write
from tests.digests.store.search.rows import unhurried
from tests.patience import PATIENCE_S
from tests.sandbox.openapi import SPEC, Bodies
from tests.sandbox.patient import patient

RIGHTS = ("view_channel", "send_messages", "send_messages_in_threads", "read_message_history", "connect")


def render_edition(digest: Digest, composition_id: int, presentation: Presentation) -> Rendered:
    """Render an edition as the program does."""
    parts = render_digest(digest, presentation, composition_id=composition_id)
    return Rendered(tuple(json.dumps(part.components) for part in parts), digest_title(digest))


@dataclass
class Clock:
    """Stands still unless told otherwise."""

    moment: datetime = NOW

    def __call__(self) -> datetime:
        return self.moment


@dataclass
class Newsroom:
    """A guild with people and channels, the databases, and a bot that can be restarted."""

    sandbox: Sandbox
    folder: Path
    data: Path
    guild: Guild
    channel: Channel
    manager: Member
    reader: Member
    role: Role
    home_guild_ids: frozenset[int] = frozenset()
    clock: Clock = field(default_factory=Clock)
    guilds_gone: list[int] = field(default_factory=list)
    databases: list[Database] = field(default_factory=list)
    hours: Iterator[int] = field(default_factory=count)

    services: Services = field(init=False)
    client: BroadsheetClient = field(init=False)
    running: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Open everything again, as a restart of the program does, and wait for the bot to be connected."""
        corpus_database = await Database.open(self.data / "corpus.db", CORPUS)
        state = await Database.open(self.data / "state.db", STATE)
        self.databases = [corpus_database, state]
        articles = ArticleStore(corpus_database)
        digests = DigestService(articles)
        subscriptions = SubscriptionStore(state)
        settings = SettingsStore(state)
        policy = Policy()
        search = SearchService(articles, unhurried(corpus_database))
        editions = EditionService(
            subscriptions, EditionStore(state), CompositionStore(state), settings, digests, policy=policy
        )
        self.services = Services(
            corpus=CorpusService(articles, [self.folder], worker_count=1, keep_worker_s=60.0),
            troubles=CorpusTroubles(settings),
            search=search,
            digests=digests,
            subscriptions=SubscriptionService(subscriptions),
            editions=editions,
            past_editions=PastEditions(PastEditionStore(state), editions, digests, search),
            button_state=ButtonState(ButtonStateStore(state)),
            installation=Installation(settings),
            render=render_edition,
            policy=policy,
            now=self.clock,
            default_cadence=Cadence(),
            admin_guild_ids=self.home_guild_ids,
            find_damaged=Soundness(corpus_database, state, sound_for_s=0).find_damaged,
        )
        self.services.corpus.on_change(self.services.search.refresh)
        await self.services.search.refresh()
        self.client = BroadsheetClient(
            self.services,
            api_base_url=self.sandbox.api_base_url,
            on_guild_gone=self._guild_gone,
            guild_ready_timeout=0.05,
        )
        # A member of these tests does in seconds what takes a day, and pays more for it the slower the machine is.
        self.client.cooldowns = Cooldowns(clock=lambda: next(self.hours) * 3600.0)
        await self.client.login(self.sandbox.token)
        self.running = asyncio.create_task(self.client.connect())
        await self.sandbox.wait_ready()
        await asyncio.wait_for(self.client.wait_until_ready(), PATIENCE_S)

    async def stop(self) -> None:
        """Close everything."""
        await self.services.corpus.close()
        await self.client.close()
        if self.running is not None:
            with suppress(asyncio.CancelledError):
                await self.running
        for database in self.databases:
            await database.close()

    async def restart(self) -> None:
        """End the program and start it again."""
        await self.stop()
        await self.start()

    async def _guild_gone(self, guild_id: int) -> None:
        self.guilds_gone.append(guild_id)


@asynccontextmanager
async def spec_kept(sandbox: Sandbox) -> AsyncIterator[None]:
    """Check every request against Discord's own description, where it is at hand; the stand-in outlives one test."""
    bodies = Bodies()
    if SPEC.exists():
        sandbox.record(bodies)
    yield
    assert bodies.faults() == []


@asynccontextmanager
async def open_newsroom(
    folder: Path, *, home: bool = False, loaded: bool = True, started: bool = True
) -> AsyncIterator[Newsroom]:
    """Open a newsroom with the test corpus.

    Args:
        folder: An empty one.
        home: Whether the guild is named in `admin.guild_ids`.
        loaded: Whether the corpus is in the database already.
        started: Whether the bot is running already.
    """
    async with patient() as sandbox, spec_kept(sandbox):
        guild = sandbox.add_guild("Press Club", bot_permissions=RIGHTS)
        channel = sandbox.add_channel(guild, "news")
        role = sandbox.add_role(guild, "Readers", mentionable=True)
        manager = sandbox.add_member(guild, "mira", permissions=["administrator" if home else "manage_guild"])
        reader = sandbox.add_member(guild, "rob")
        write(folder / "articles", corpus(role_id=role.id, user_id=reader.user.id))
        homes = frozenset({guild.id}) if home else frozenset()
        newsroom = Newsroom(sandbox, folder / "articles", folder, guild, channel, manager, reader, role, homes)
        if not started:
            yield newsroom
            return
        await newsroom.start()
        try:
            if loaded:
                await newsroom.services.corpus.load(now=NOW - timedelta(minutes=5))
            yield newsroom
        finally:
            await newsroom.stop()
