"""A corpus that can't be read is said where somebody looks, and once to whom only can mend it."""

from __future__ import annotations

import logging
import shutil
import sqlite3
from datetime import UTC, datetime, timedelta
from pathlib import Path

import aiohttp
import pytest

from bot.cli.sandbox import Clock
from sandbox.faults import SEND
from tests.bot.whole_program import RIGHTS, loaded, ops_address, running, settings_for
from tests.patience import until
from tests.sandbox.patient import patient

pytestmark = pytest.mark.slow  # the whole program, from start to stop


async def test_a_folder_that_vanishes_while_the_bot_runs_is_said_everywhere(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "bot.ops")
    clock = Clock()
    clock.set(datetime(2026, 3, 10, 7, 0, tzinfo=UTC))
    async with patient(clock=clock.seconds) as sandbox:
        guild = sandbox.add_guild("Press Club", bot_permissions=RIGHTS)
        channel = sandbox.add_channel(guild, "paper")
        admin = sandbox.add_member(guild, "Mira", admin=True)
        owner = sandbox.world.owner
        sandbox.add_member(guild, owner)
        more = {
            "BROADSHEET_OPS__HTTP_LISTEN": "127.0.0.1:0",
            "BROADSHEET_ADMIN__GUILD_IDS": str(guild.id),
            "BROADSHEET_CORPUS__STALE_HOURS": "6",
        }
        settings = settings_for(tmp_path, sandbox, **more)
        (folder,) = settings.corpus.folders

        async def ask(command: str) -> str:
            return (await sandbox.invoke(f"corpus {command}", {}, member=admin, channel=channel)).text

        async with running(settings, sandbox.token, clock) as program, aiohttp.ClientSession() as session:
            await sandbox.wait_ready()
            await loaded(program)
            shutil.move(folder, tmp_path / "elsewhere")
            sandbox.faults.fail(SEND, status=403, page=True)  # of a proxy: it says nothing of the owner
            for _round in range(3):
                await program.reload()
                await program._every_minute()
            for said in (await ask("status"), await ask("problems")):
                assert "can't be read" in said
                assert str(tmp_path) not in said
            (told,) = sandbox.messages(sandbox.dm(owner))
            assert "can't bring the news up to date" in told.text
            assert str(tmp_path) not in told.text
            assert program.why_unhealthy() is None
            clock.set(clock() + timedelta(hours=6, minutes=1))
            assert "up to date" in (program.why_unhealthy() or "")
            async with session.get(f"{ops_address(caplog)}/healthz") as answer:
                assert answer.status == 503
            async with session.get(f"{ops_address(caplog)}/metrics") as answer:
                (line,) = [x for x in (await answer.text()).splitlines() if x.startswith("broadsheet_corpus_stale_s")]
            assert 6 * 3600 <= float(line.split()[1]) < 7 * 3600
        async with running(settings, sandbox.token, clock) as program:
            await program._every_minute()
            assert program.why_unhealthy() is not None  # also after a restart
            assert len(sandbox.messages(sandbox.dm(owner))) == 1
            shutil.move(tmp_path / "elsewhere", folder)
            await program.reload()
            assert program.why_unhealthy() is None
            assert "can't be read" not in await ask("status")


@pytest.mark.parametrize("command", ["news", "latest", "digest preview", "digest now"])
async def test_questions_during_the_first_load_are_answered_with_how_far_it_is(tmp_path: Path, command: str) -> None:
    async with patient() as sandbox:
        guild = sandbox.add_guild("Press Club", bot_permissions=RIGHTS)
        channel = sandbox.add_channel(guild, "paper")
        admin = sandbox.add_member(guild, "Mira", admin=True)
        settings = settings_for(tmp_path, sandbox)
        async with running(settings, sandbox.token) as program:
            await loaded(program)
            await sandbox.invoke("digest subscribe", {"time": "08:00"}, member=admin, channel=channel)
        other = sqlite3.connect(settings.corpus_path, isolation_level=None)
        other.executescript("DELETE FROM facts WHERE name = 'loaded_at'; DELETE FROM articles; DELETE FROM files;")
        other.execute("BEGIN IMMEDIATE")  # the first load can't write its result for as long
        async with running(settings, sandbox.token) as program:
            await sandbox.wait_ready()
            await until(lambda: program.news.corpus.is_loading)
            options = {"query": "ferry"} if command == "news" else {}
            said = (await sandbox.invoke(command, options, member=admin, channel=channel)).text
            assert "for the first time" in said
            other.close()
            await until(lambda: not program.news.corpus.is_loading)
            said = (await sandbox.invoke(command, options, member=admin, channel=channel)).text
            assert "for the first time" not in said


async def test_a_state_that_is_deleted_or_replaced_while_the_bot_runs_is_said(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async with patient() as sandbox:
        sandbox.add_guild("Press Club", bot_permissions=RIGHTS)
        settings = settings_for(tmp_path, sandbox)
        async with running(settings, sandbox.token) as program:
            assert program.why_unhealthy() is None
            settings.state_path.rename(tmp_path / "elsewhere.db")
            assert "state.db was deleted" in (program.why_unhealthy() or "")
            settings.state_path.write_bytes((tmp_path / "elsewhere.db").read_bytes())
            await program._every_minute()
            assert "state.db was deleted" in caplog.text
            settings.state_path.unlink()
            (tmp_path / "elsewhere.db").rename(settings.state_path)
            assert program.why_unhealthy() is None
