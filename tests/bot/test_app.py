"""The whole program against the stand-in: health, metrics, a digest that comes by itself, a guild that is left."""

import asyncio
import logging
import os
import signal
import sqlite3
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from pathlib import Path

import aiohttp
import discord
import pytest
from aiohttp import web

from bot.app import App
from bot.cli import run
from bot.cli.output import ExitCode
from bot.cli.sandbox import Clock
from bot.doctor import examine
from bot.startup_errors import DiscordUnreachable, TokenRefused
from bot.wiring import now
from digests.errors import ReloadRunning, StoreError
from digests.models import Cadence, ChannelKind, Purpose, Subscription, SubscriptionState
from digests.service.corpus import follow
from digests.store.connection import scalar
from tests.bot.whole_program import RIGHTS, loaded, ops_address, running, settings_for
from tests.patience import PATIENCE_S, until, until_found
from tests.sandbox.patient import patient

pytestmark = pytest.mark.slow  # the whole program, from start to stop


async def test_a_digest_comes_by_itself_at_its_time_and_is_counted(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "bot.ops")
    clock = Clock()
    clock.set(datetime(2026, 3, 10, 7, 58, tzinfo=UTC))
    async with patient(clock=clock.seconds) as sandbox:
        guild = sandbox.add_guild("Press Club", bot_permissions=RIGHTS)
        channel = sandbox.add_channel(guild, "paper")
        admin = sandbox.add_member(guild, "Mira", admin=True)
        settings = settings_for(tmp_path, sandbox, BROADSHEET_OPS__HTTP_LISTEN="127.0.0.1:0")
        async with running(settings, sandbox.token, clock) as program, aiohttp.ClientSession() as session:
            await sandbox.wait_ready()
            assert program.why_unhealthy() is None
            await sandbox.invoke("digest subscribe", {"time": "08:00"}, member=admin, channel=channel)
            assert await program.next_due_at() == datetime(2026, 3, 10, 8, tzinfo=UTC)
            # The scheduler armed itself when the subscription was made; it wakes two seconds from here.
            clock.set(datetime(2026, 3, 10, 7, 59, 59, tzinfo=UTC))
            program.schedule.rearm()
            (message,) = await sandbox.wait_messages(channel, 1)
            assert "The ferry runs on time" in message.text
            assert await program.wait_until_delivered(PATIENCE_S)
            async with session.get(f"{ops_address(caplog)}/healthz") as answer:
                assert answer.status == 200
                assert (await answer.json())["healthy"]
            async with session.get(f"{ops_address(caplog)}/metrics") as answer:
                metrics = await answer.text()
            assert "broadsheet_articles 1.0" in metrics
            assert 'broadsheet_deliveries{state="sent"} 1.0' in metrics
            assert 'broadsheet_subscriptions{state="active"} 1.0' in metrics
            assert "broadsheet_discord_requests_total" in metrics


async def test_the_daily_work_forgets_what_is_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in (("TICK", timedelta(seconds=1)), ("DAILY_TICKS", 1), ("FIRST_DAILY_TICK", 0)):
        monkeypatch.setattr(f"bot.delivery.schedule.{name}", value)  # a day is a second
    began = datetime(2026, 3, 10, 9, tzinfo=UTC)
    clock = Clock()
    clock.set(began)
    async with patient(clock=clock.seconds) as sandbox:
        guild = sandbox.add_guild("Press Club", bot_permissions=RIGHTS)
        channel = sandbox.add_channel(guild, "paper")
        admin = sandbox.add_member(guild, "Mira", admin=True)
        async with running(settings_for(tmp_path, sandbox), sandbox.token, clock) as program:
            await sandbox.wait_ready()
            await loaded(program)
            await sandbox.invoke("digest subscribe", {"time": "08:00"}, member=admin, channel=channel)
            await sandbox.invoke("digest now", member=admin, channel=channel)
            await sandbox.wait_messages(channel, 1)
            subscriptions, left = program.state.subscriptions, guild.id + 1
            order = Subscription(left, 5, ChannelKind.TEXT, admin.id, Cadence((time(8),)), began)
            await subscriptions.subscribe(order, now=began)
            story = replace(order, guild_id=None, channel_kind=ChannelKind.DM, purpose=Purpose.STORY)
            await subscriptions.subscribe(story, now=began)
            await program.state.privacy.guild_left(left, began)
            await program._button_state.save("search", "ferry", began)

            async def kept() -> tuple[int, ...]:
                tables = "parts", "remembered", "subscriptions", "absent_guilds"
                async with program.state.database.read() as connection:
                    return tuple([await scalar(connection, f"SELECT COUNT(*) FROM {table}") for table in tables])

            async def only_young() -> bool:
                return await kept() == (0, 1, 3, 1)

            async def nothing_old() -> bool:
                return await kept() == (0, 0, 1, 0)

            await until_found(only_young)  # parts go once they are sent
            clock.set(began + timedelta(days=100))
            await until_found(nothing_old)


async def test_leaving_a_guild_pauses_its_subscriptions(tmp_path: Path) -> None:
    async with patient() as sandbox:
        guild = sandbox.add_guild("Press Club", bot_permissions=RIGHTS)
        channel = sandbox.add_channel(guild, "paper")
        admin = sandbox.add_member(guild, "Mira", admin=True)
        async with running(settings_for(tmp_path, sandbox), sandbox.token) as program:
            await sandbox.wait_ready()
            await sandbox.invoke("digest subscribe", {"time": "8"}, member=admin, channel=channel)
            sandbox.remove_guild(guild)

            async def paused() -> bool:
                found = await program.state.subscriptions.list_for(guild_id=guild.id)
                return [s.state for s in found] == [SubscriptionState.PAUSED]

            await until_found(paused)


@pytest.mark.parametrize("kind", ["text", "thread"])
async def test_deleting_a_channel_pauses_its_digests_and_notifies_their_creator(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    monkeypatch.setattr("bot.delivery.pause_notices.GATHER_S", 0.0)
    async with patient() as sandbox:
        guild = sandbox.add_guild("Press Club", bot_permissions=RIGHTS)
        parent = sandbox.add_channel(guild, "paper")
        channel = sandbox.add_channel(guild, "talk", "thread", parent=parent) if kind == "thread" else parent
        sandbox.add_channel(guild, "other")
        admin = sandbox.add_member(guild, "Mira", admin=True)
        async with running(settings_for(tmp_path, sandbox), sandbox.token) as program:
            await sandbox.wait_ready()
            await sandbox.invoke("digest subscribe", {"time": "8"}, member=admin, channel=channel)
            sandbox.remove_channel(channel)
            await sandbox.wait_until(lambda: sandbox.messages(sandbox.dm(admin)))
            (subscription,) = await program.state.subscriptions.list_for(guild_id=guild.id)
            assert subscription.state is SubscriptionState.PAUSED
            assert "The channel is gone" in (subscription.paused_reason or "")


async def test_a_refused_token_and_a_second_bot_are_one_sentence_each(tmp_path: Path) -> None:
    async with patient() as sandbox:
        settings = settings_for(tmp_path, sandbox)
        with pytest.raises(TokenRefused, match="DISCORD_TOKEN"):
            async with App.start(settings, "nonsense"):
                pass
        async with running(settings, sandbox.token):
            with pytest.raises(StoreError, match="Another Broadsheet is running"):
                async with App.start(settings, sandbox.token):
                    pass


async def test_a_discord_that_is_away_at_a_restart_is_waited_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("bot.app.FIRST_WAIT_S", 0.05)
    async with patient() as sandbox:
        sandbox.add_guild("Press Club", bot_permissions=RIGHTS)
        settings = settings_for(tmp_path, sandbox)
        async with running(settings, sandbox.token) as program:
            await sandbox.wait_ready()
            await loaded(program)
        await sandbox.go_down()

        async def again() -> str | None:
            async with running(settings, sandbox.token) as program:
                assert (await program.news.corpus.status()).article_count == 1
                return program.why_unhealthy()

        starting = asyncio.create_task(again())
        await until(lambda: caplog.text.count("trying again") >= 2)
        assert not starting.done()
        await sandbox.come_back()
        assert await asyncio.wait_for(starting, PATIENCE_S) is None


# Of what it can't read, discord.py leaves the connection to the garbage collector, which warns.
_DROPPED = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")


@pytest.mark.parametrize("trouble", ["unavailable", "closed", pytest.param("garbage", marks=_DROPPED)])
async def test_a_first_connection_to_the_gateway_that_fails_is_tried_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, trouble: str
) -> None:
    monkeypatch.setattr("bot.client.FIRST_CONNECT_WAIT_S", 0.1)
    async with patient() as sandbox:
        sandbox.add_guild("Press Club", bot_permissions=RIGHTS)
        serve, tries = sandbox.gateway.serve, []

        async def fail(request: web.BaseRequest) -> web.StreamResponse:
            tries.append(request)
            if len(tries) > 3:
                return await serve(request)
            if trouble == "unavailable":
                return web.Response(status=503)
            socket = web.WebSocketResponse()
            await socket.prepare(request)
            if trouble == "garbage":
                await socket.send_str("<html>Bad gateway</html>")
            await socket.close(code=1001)
            return socket

        monkeypatch.setattr(sandbox.gateway, "serve", fail)
        async with running(settings_for(tmp_path, sandbox), sandbox.token) as program:
            assert program.why_unhealthy() is None
        assert len(tries) == 4
    assert "trying again" in caplog.text
    assert "Traceback" not in caplog.text


async def test_a_discord_that_was_never_reached_ends_the_start_at_once(tmp_path: Path) -> None:
    async with patient() as sandbox:
        settings = settings_for(tmp_path, sandbox, BROADSHEET_DISCORD__API_BASE_URL="http://127.0.0.1:9/api/v10")
        with pytest.raises(DiscordUnreachable, match=r"127\.0\.0\.1:9"):
            async with App.start(settings, sandbox.token):
                pass


@pytest.mark.parametrize("route", ["GET /users/@me", "GET /gateway"])
async def test_a_page_where_discord_should_be_is_said_in_words(tmp_path: Path, route: str) -> None:
    async with patient() as sandbox:
        sandbox.faults.fail(route, status=200, page=True)
        with pytest.raises(DiscordUnreachable, match="is not Discord"):
            async with App.start(settings_for(tmp_path, sandbox), sandbox.token):
                pass


async def test_what_is_no_discord_is_not_waited_for_even_where_one_was_before(tmp_path: Path) -> None:
    async with patient() as sandbox:
        settings = settings_for(tmp_path, sandbox)
        async with running(settings, sandbox.token):
            await sandbox.wait_ready()
        sandbox.faults.fail("GET /users/@me", status=404)
        with pytest.raises(DiscordUnreachable, match="404"):
            async with App.start(settings, sandbox.token):
                pass


async def test_an_error_on_the_way_out_is_logged(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    close = discord.Client.close

    async def close_badly(client: discord.Client) -> None:
        await close(client)
        raise OSError("the door is stuck")

    monkeypatch.setattr("discord.Client.close", close_badly)
    async with patient() as sandbox:
        sandbox.add_guild("Press Club", bot_permissions=RIGHTS)
        settings = settings_for(tmp_path, sandbox)
        monkeypatch.setenv("DISCORD_TOKEN", sandbox.token)
        running = asyncio.create_task(run._run(settings))
        await sandbox.wait_ready()
        os.kill(os.getpid(), signal.SIGTERM)
        assert await asyncio.wait_for(running, PATIENCE_S) is ExitCode.DONE
    assert "the door is stuck" in caplog.text


async def article_count(program: App, wanted: int) -> None:
    """Wait until the corpus holds as many articles as are wanted."""

    async def look() -> bool:
        return (await program.news.corpus.status()).article_count == wanted

    await until_found(look)


@pytest.fixture
def quick_watch(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(follow, "SETTLE_S", 0.1)
    monkeypatch.setattr(follow, "RETRY_S", 0.2)


async def reloaded(program: App) -> None:
    """Reload, after whatever the watch reloads when it begins."""
    while True:
        try:
            await program.news.corpus.load(now=now(), force=True)
        except ReloadRunning:
            await asyncio.sleep(0.05)
        else:
            return


@pytest.mark.usefixtures("quick_watch")
async def test_a_file_saved_during_a_slow_reload_is_loaded(tmp_path: Path) -> None:
    async with patient() as sandbox:
        sandbox.add_guild("Press Club", bot_permissions=RIGHTS)
        settings = settings_for(tmp_path, sandbox, BROADSHEET_CORPUS__WATCH="true")
        async with running(settings, sandbox.token) as program:
            await article_count(program, 1)
            other = sqlite3.connect(settings.corpus_path, isolation_level=None)
            other.execute("BEGIN IMMEDIATE")
            slow = asyncio.create_task(reloaded(program))
            # It waits for the other program now, and has listed the folder already.
            await until(program.news.articles._database._write_lock.locked)
            (tmp_path / "articles" / "tug.md").write_text("The tug is late")
            await asyncio.sleep(1)
            assert not slow.done()
            other.close()
            await slow
            await article_count(program, 2)


class Saving(logging.Handler):
    """Saves a file as soon as a reload has said what it did."""

    def __init__(self, place: Path) -> None:
        super().__init__()
        self._place = place

    def emit(self, record: logging.LogRecord) -> None:
        if record.msg.startswith("Corpus reloaded"):
            self._place.write_text("The tug is late")


@pytest.mark.usefixtures("quick_watch")
async def test_a_file_saved_before_the_watch_stands_is_loaded(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "bot.app")
    saving = Saving(tmp_path / "articles" / "tug.md")
    logging.getLogger("bot.app").addHandler(saving)
    try:
        async with patient() as sandbox:
            sandbox.add_guild("Press Club", bot_permissions=RIGHTS)
            settings = settings_for(tmp_path, sandbox, BROADSHEET_CORPUS__WATCH="true")
            async with running(settings, sandbox.token) as program:
                await article_count(program, 2)
    finally:
        logging.getLogger("bot.app").removeHandler(saving)


async def test_a_lost_state_is_said_loudly_and_passes_for_a_first_start_only_on_purpose(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async with patient() as sandbox:
        settings = settings_for(tmp_path, sandbox)
        async with running(settings, sandbox.token) as program:
            await loaded(program)
        for file in settings.data_dir.glob("state.db*"):
            file.unlink()
        for _try in range(2):  # what the first one leaves behind must not pass either
            with pytest.raises(StoreError, match="--fresh"):
                async with App.start(settings, sandbox.token):
                    pass
        assert "databases" in [check.name async for check in examine(settings) if not check.passed]
        async with running(settings, sandbox.token, fresh=True) as program:
            assert await program._installation.find_fresh_at(now()) is not None
            await asyncio.wait_for(program._first_load_over.wait(), PATIENCE_S)
        async with running(settings, sandbox.token):
            pass
    assert "Started with --fresh" in caplog.text
