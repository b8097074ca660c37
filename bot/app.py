"""The running bot: starts client, publisher and schedule on top of the stores, and stops them in reverse.

Decides the order of starting and stopping, nothing else.
"""

from __future__ import annotations

import asyncio
import json
import logging
import random
from collections.abc import AsyncIterator, Coroutine, Mapping
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from datetime import datetime, timedelta
from typing import Any, Final, Self

import aiohttp

from bot import ops
from bot.client import BroadsheetClient
from bot.delivery.classify_error import channel_gone, guild_gone
from bot.delivery.crossposter import Crossposter
from bot.delivery.owner_notices import notify_owners
from bot.delivery.pause_notices import PauseNotices
from bot.delivery.publisher import Publisher
from bot.delivery.rate_limit import TokenBucket
from bot.delivery.schedule import Schedule
from bot.render.digest import digest_title, render_digest
from bot.render.paths import know_folders
from bot.render.pressable import pressable
from bot.services import Services
from bot.settings import Settings
from bot.startup_errors import DiscordUnreachable
from bot.wiring import Clock, News, Soundness, State, now
from digests.errors import BroadsheetError, ReloadRunning
from digests.i18n import _
from digests.models import Cadence, Digest, Presentation, QuietDay, Style
from digests.service.button_state import ButtonState
from digests.service.corpus.reload_troubles import CorpusTroubles
from digests.service.edition_run import Rendered
from digests.service.editions import EditionService
from digests.service.installation import Installation
from digests.service.outbox import Barred, OutboxService, Outcome
from digests.store.backup import RunLock
from digests.store.button_state import ButtonStateStore
from digests.store.outbox.deliveries import DeliveryStore
from digests.store.pairing import check_pair
from digests.store.settings import SettingsStore

_log = logging.getLogger(__name__)

FIRST_WAIT_S: Final = 2.0
MOST_WAIT_S: Final = 60.0
"""Longest wait between two login attempts."""
LOAD_PATIENCE_S: Final = 60.0
"""How long due editions wait for a running reload."""


def _state_gone() -> str:
    return _(
        "state.db was deleted or replaced while the bot was running: everything since then will be lost at the next"
        " start. Stop the bot and restore a backup (broadsheet restore FILE)."
    )


class App:
    """The running bot: connected to Discord, reloading, composing, delivering, until it is stopped."""

    def __init__(self, settings: Settings, news: News, state: State, clock: Clock) -> None:
        self.settings = settings
        self.news = news
        self.state = state
        self._clock = clock
        self._tasks: list[asyncio.Task[None]] = []
        self._stop_watching = asyncio.Event()
        self._first_load_over = asyncio.Event()
        editions = state.editions(news.digests)
        button_state = ButtonState(ButtonStateStore(state.database))
        self._installation = Installation(SettingsStore(state.database))
        self.troubles = CorpusTroubles(SettingsStore(state.database))
        named = (settings.data_dir, *settings.corpus.folders)
        know_folders([*named, *(folder.resolve() for folder in named)])
        services = self._services(editions, button_state)
        self.metrics = ops.Metrics(self._read_gauges)
        self.client = BroadsheetClient(
            services,
            api_base_url=settings.discord.api_base_url,
            on_guild_gone=self._on_guild_gone,
            on_channel_gone=self._on_channel_gone,
            http_trace=self._trace(),
        )
        self._outbox = OutboxService(DeliveryStore(state.database))
        token_bucket = TokenBucket(settings.discord.sends_per_second)
        self.publisher = Publisher(
            self.client,
            self._outbox,
            token_bucket,
            now=clock,
            in_flight=settings.discord.sends_in_flight,
            on_outcome=self._on_delivery_end,
        )
        self.crossposter = Crossposter(self.client, self._outbox, token_bucket, now=clock)
        self.pause_notices = PauseNotices(self.client, state.subscriptions, token_bucket, now=clock)
        self.schedule = Schedule(
            editions,
            self._render,
            now=clock,
            before_editions=self._wait_for_load,
            every_minute=self._every_minute,
            reload=self.reload,
            reload_every=timedelta(minutes=settings.corpus.reload_minutes),
            daily=self._daily,
        )
        self._editions = editions
        self._button_state = button_state
        editions.on_prepared(self.publisher.wake)
        editions.on_prepared(self.crossposter.wake)
        state.subscriptions.on_change(self._on_subscription_change)
        news.corpus.on_change(news.search.refresh)
        news.corpus.on_change(self._find_evidence)
        news.corpus.on_outcome(self._on_reload_end)

    def _services(self, editions: EditionService, button_state: ButtonState) -> Services:
        """Return what commands and buttons may call."""
        news, state, digest = self.news, self.state, self.settings.digest
        return Services(
            corpus=news.corpus,
            troubles=self.troubles,
            search=news.search,
            digests=news.digests,
            subscriptions=state.subscriptions,
            editions=editions,
            button_state=button_state,
            installation=self._installation,
            past_editions=state.past_editions(editions, news),
            render=self._render,
            policy=digest.policy(),
            now=self._clock,
            default_cadence=Cadence(digest.times, timezone=digest.timezone),
            default_quiet_day=QuietDay(digest.quiet_day),
            default_style=Style(digest.style),
            look=self.settings.look(),
            admin_guild_ids=frozenset(self.settings.admin.guild_ids),
            find_damaged=Soundness(news.database, state.database).find_damaged,
        )

    @classmethod
    @asynccontextmanager
    async def start(
        cls, settings: Settings, token: str, clock: Clock = now, *, fresh: bool = False
    ) -> AsyncIterator[Self]:
        """Run the bot for the duration of the block; on exit everything stops in order.

        Args:
            settings: The configuration.
            token: Discord's.
            clock: Returns the current time; the sandbox passes one that is moved by hand.
            fresh: Start even if the two databases do not belong together.

        Raises:
            StoreError: A database can't be used, the two belong to different bots, or another bot runs with this
                `data_dir`.
            TokenRefused: Discord does not know the token.
            DiscordUnreachable: Nothing answers at `discord.api_base_url`, and with this `data_dir` nothing ever has.
        """
        async with AsyncExitStack() as stack:
            stack.enter_context(RunLock.acquire(settings.data_dir))
            is_new_pair = await asyncio.to_thread(check_pair, settings.corpus_path, settings.state_path, fresh=fresh)
            state = await stack.enter_async_context(State.open(settings))
            installation = Installation(SettingsStore(state.database))
            if is_new_pair:
                _log.warning("Started with --fresh next to another bot's database: earlier subscriptions are unknown")
                await installation.set_fresh_at(clock())
            news = await stack.enter_async_context(
                News.open(settings, clock, state=state, installation=await installation.get_id())
            )
            app = cls(settings, news, state, clock)
            if settings.ops.http_listen:
                await stack.enter_async_context(ops.serve(settings.ops.http_listen, app.metrics, app.why_unhealthy))
            stack.push_async_callback(app._stop)
            await app._begin(token)
            yield app

    async def wait(self) -> None:
        """Wait until one of the background tasks fails, and raise its error; none of them ends otherwise."""
        done, _pending = await asyncio.wait(self._tasks, return_when=asyncio.FIRST_COMPLETED)
        for task in done:
            task.result()

    async def reload(self) -> None:
        """Reload the corpus from its folders; on an error, log it and keep the corpus as it was."""
        try:
            await self._reload()
        except ReloadRunning:
            return
        except BroadsheetError as error:
            _log.error("Reload of the corpus failed, the old corpus stays: %s", error)

    async def next_due_at(self) -> datetime | None:
        """Return when the next edition is due."""
        return await self._editions.find_next_due_at()

    async def wait_until_delivered(self, patience_s: float) -> bool:
        """Wait until the outbox is empty, up to `patience_s`; return whether it is."""
        self.publisher.wake()
        with suppress(TimeoutError):
            async with asyncio.timeout(patience_s):
                while (outbox := await self._outbox.status()).pending or outbox.claimed:  # noqa: ASYNC110 - as above
                    await asyncio.sleep(0.05)
                return True
        return False

    def why_unhealthy(self) -> str | None:
        """Return why the bot is not healthy; None when it is."""
        if not self.client.is_connected:
            return _("not connected to Discord")
        if not self.publisher.is_well:
            return _("digests don't get through, or can't be recorded")
        if not self.state.database.is_in_place:
            return _state_gone()
        trouble, stale_hours = self.troubles.current, self.settings.corpus.stale_hours
        if trouble is not None and stale_hours and self._clock() - trouble.since >= timedelta(hours=stale_hours):
            return _("the corpus can't be brought up to date: {reason}").format(reason=trouble.sentence)
        return None

    async def _begin(self, token: str) -> None:
        await self.troubles.load_recorded()
        self._run(self._load_and_watch(), "corpus")
        await self._log_in(token)
        self._run(self._connect(), "gateway")
        self._run(self.publisher.run(), "publisher")
        self._run(self.crossposter.run(), "crossposter")
        self._run(self.pause_notices.run(), "pause notices")
        await self.schedule.start()

    async def _log_in(self, token: str) -> None:
        """Log in; if a login at this address has worked before, keep trying while Discord is unreachable."""
        url = self.settings.discord.api_base_url
        worked_before = await self._installation.has_logged_in_at(url)
        wait_s = FIRST_WAIT_S
        while True:
            try:
                await self.client.login(token)
                break
            except DiscordUnreachable as error:
                if not (worked_before and error.may_pass):
                    raise
                _log.warning("Login failed; trying again within %.0f s: %s", wait_s, error)
                await asyncio.sleep(random.uniform(0.5, 1.0) * wait_s)
                wait_s = min(2 * wait_s, MOST_WAIT_S)
        if not worked_before:
            await self._installation.set_logged_in_at(url)

    def _run(self, work: Coroutine[Any, Any, None], name: str) -> None:
        self._tasks.append(asyncio.create_task(work, name=name))

    async def _connect(self) -> None:
        await self.client.connect()

    async def _load_and_watch(self) -> None:
        """Load once, then follow changes to the files if `corpus.watch` is set."""
        try:
            await self.news.search.refresh()
            await self._find_evidence()
            await self.reload()
        finally:
            self._first_load_over.set()
        if self.settings.corpus.watch:
            await self.news.corpus.watch(self._stop_watching, self._reload)
        await self._stop_watching.wait()

    async def _find_evidence(self) -> None:
        await self.news.digests.find_evidence(self._clock())

    async def _reload(self) -> None:
        report = await self.news.corpus.load(now=self._clock())
        if report.new or report.changed or report.removed:
            _log.info(
                "Corpus reloaded: %d articles new, %d changed, %d removed, %d files rejected in %.1f s",
                report.new,
                report.changed,
                report.removed,
                report.rejected,
                report.seconds,
            )

    async def _stop(self) -> None:
        """Stop in order: the schedule, new claims, the parts in flight, the gateway."""
        self._stop_watching.set()
        await self.schedule.stop()
        publishing = [task for task in self._tasks if task.get_name() == "publisher" and not task.done()]
        if publishing:
            await self.publisher.stop()
        for task in self._tasks:
            if task.get_name() != "gateway":
                task.cancel()
        await self.client.close()
        for task in self._tasks:
            await self._wait_for_end(task)

    @staticmethod
    async def _wait_for_end(task: asyncio.Task[None]) -> None:
        """Wait for a background task to end; log its error instead of raising it, so that the others still stop."""
        await asyncio.wait([task])
        error = None if task.cancelled() else task.exception()
        if error is not None:
            _log.error("Background task %s failed while stopping", task.get_name(), exc_info=error)

    def _render(self, digest: Digest, composition_id: int, presentation: Presentation) -> Rendered:
        parts = render_digest(digest, presentation, composition_id=composition_id, look=self.settings.look())
        ids = self.client.command_ids(None)
        shown = (pressable(part.components, ids) for part in parts)
        payloads = tuple(json.dumps(components, ensure_ascii=False, separators=(",", ":")) for components in shown)
        return Rendered(payloads, digest_title(digest))

    async def _wait_for_load(self) -> None:
        """Wait for the first load, however long it takes, and briefly for a later one.

        Editions due at the start would otherwise be made from the old corpus or an empty one, and what they missed
        would never be delivered. The articles of a later reload arrive when it is committed.
        """
        await self._first_load_over.wait()
        with suppress(TimeoutError):
            async with asyncio.timeout(LOAD_PATIENCE_S):
                while self.news.corpus.is_loading:  # noqa: ASYNC110 - rare, short, no event to wait for
                    await asyncio.sleep(0.05)

    async def _on_reload_end(self, error: BroadsheetError | None) -> None:
        await self.troubles.record(error, self._clock())

    async def _every_minute(self) -> None:
        if not self.state.database.is_in_place:
            _log.error("%s", _state_gone())
        await notify_owners(self.client, self.troubles, self._clock())
        await self.pause_notices.resume_accessible()
        await self.state.subscriptions.resume_over(self._clock())

    async def _daily(self) -> None:
        moment = self._clock()
        await self._editions.prune(moment)
        await self._button_state.prune(moment)
        await self.state.subscriptions.end_stories(moment)
        if self.client.is_ready():
            await self.state.privacy.erase_absent({guild.id for guild in self.client.guilds}, moment)

    def _on_subscription_change(self) -> None:
        self.schedule.rearm()
        self.publisher.wake()
        self.pause_notices.wake()

    def _on_delivery_end(self, outcome: Outcome) -> None:
        if isinstance(outcome, Barred):
            self.pause_notices.wake()

    async def _on_guild_gone(self, guild_id: int) -> None:
        await self.state.subscriptions.guild_gone(guild_id, guild_gone())
        await self.state.privacy.guild_left(guild_id, self._clock())

    async def _on_channel_gone(self, guild_id: int, channel_id: int) -> None:
        await self.state.subscriptions.channel_gone(guild_id, channel_id, channel_gone())

    def _trace(self) -> aiohttp.TraceConfig:
        trace = aiohttp.TraceConfig()

        async def began(_session: object, context: Any, _params: object) -> None:
            context.began = asyncio.get_running_loop().time()

        async def ended(_session: object, context: Any, params: aiohttp.TraceRequestEndParams) -> None:
            self.metrics.requests.labels(str(params.response.status)).inc()
            self.metrics.request_seconds.observe(asyncio.get_running_loop().time() - context.began)

        async def failed(_session: object, _context: object, _params: object) -> None:
            self.metrics.requests.labels("lost").inc()

        trace.on_request_start.append(began)
        trace.on_request_end.append(ended)
        trace.on_request_exception.append(failed)
        return trace

    async def _read_gauges(self) -> Mapping[tuple[str, str], float]:
        corpus = await self.news.corpus.status()
        outbox = await self._outbox.status()
        subscriptions = await self.state.subscriptions.count()
        gauges: dict[tuple[str, str], float] = {
            ("articles", ""): corpus.article_count,
            ("problems", ""): corpus.problem_count,
        }
        trouble = self.troubles.current
        gauges["stale", ""] = 0.0 if trouble is None else (self._clock() - trouble.since).total_seconds()
        gauges.update((("subscriptions", state.value), count) for state, count in subscriptions.items())
        for state in ("pending", "claimed", "sent", "failed"):
            gauges["deliveries", state] = getattr(outbox, state)
        return gauges
