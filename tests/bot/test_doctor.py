"""What doctor finds out from Discord itself."""

from __future__ import annotations

import asyncio
from datetime import time
from pathlib import Path

import pytest

from bot.config import load_settings
from bot.doctor import Finding, examine, why_unusable
from bot.wiring import State, now
from digests.models import Cadence, ChannelKind, Subscription
from sandbox import Sandbox
from tests.sandbox.patient import patient


async def findings(
    tmp_path: Path, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch, **more: str
) -> dict[str, Finding]:
    monkeypatch.setenv("DISCORD_TOKEN", sandbox.token)
    values = {
        "BROADSHEET_DATA_DIR": str(tmp_path / "data"),
        "BROADSHEET_CORPUS__FOLDERS": str(tmp_path),
        "BROADSHEET_DISCORD__API_BASE_URL": sandbox.api_base_url,
        **more,
    }
    return {finding.name: finding async for finding in examine(load_settings(None, values))}


async def test_home_guilds_are_looked_for_where_the_bot_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    async with patient() as sandbox:
        guild = sandbox.add_guild("Press Club")
        ids = f"{guild.id},123456789012345678"
        found = await findings(tmp_path, sandbox, monkeypatch, BROADSHEET_ADMIN__GUILD_IDS=ids)
        assert found[f"admin.guild_ids {guild.id}"].detail == "the bot is in Press Club"
        wrong = found["admin.guild_ids 123456789012345678"]
        assert not wrong.passed
        assert "Invite" in wrong.advice
    assert capfd.readouterr().err == ""


async def test_a_discord_that_is_away_is_said_in_plain_words(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with patient() as sandbox:
        sandbox.faults.fail("GET /users/@me", status=403, page=True)
        found = await findings(tmp_path, sandbox, monkeypatch)
        assert "HTTP 403" in found["Discord"].detail
        for route in ("GET /users/@me", "GET /users/@me/guilds"):
            sandbox.faults.fail(route, status=200, page=True)
            found = await findings(tmp_path, sandbox, monkeypatch)
            assert "is not Discord" in found["Discord"].detail
        sandbox.faults.fail("GET /users/@me", status=200)  # another program's JSON
        found = await findings(tmp_path, sandbox, monkeypatch)
        assert "is not Discord" in found["Discord"].detail
        address = "http://127.0.0.1:9/api/v10"
        found = await findings(tmp_path, sandbox, monkeypatch, BROADSHEET_DISCORD__API_BASE_URL=address)
        assert found["Discord"].detail == f"can't be reached at {address}: Connection refused"
        await asyncio.sleep(0)


def test_a_folder_in_the_place_of_a_database_is_to_be_moved_and_not_given_away(tmp_path: Path) -> None:
    (tmp_path / "corpus.db").mkdir()
    detail, advice = why_unusable(tmp_path / "corpus.db") or ("", "")
    assert detail.endswith("is not a file")
    assert "Move it away" in advice


async def test_a_page_in_place_of_a_server_does_not_say_that_the_bot_left_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with patient() as sandbox:
        guild = sandbox.add_guild("Press Club")
        monkeypatch.setenv("DISCORD_TOKEN", sandbox.token)
        settings = load_settings(None, {"BROADSHEET_DISCORD__API_BASE_URL": sandbox.api_base_url})
        async with State.open(settings.model_copy(update={"data_dir": tmp_path})) as state:
            order = Subscription(guild.id, 1, ChannelKind.TEXT, 2, Cadence((time(8),)), now())
            await state.subscriptions.subscribe(order, now=now())
        sandbox.faults.fail("GET /guilds/{guild_id}", status=404, page=True)
        found = await findings(tmp_path, sandbox, monkeypatch, BROADSHEET_DATA_DIR=str(tmp_path))
        assert "HTTP 404" in found["Discord"].detail
        assert f"server {guild.id}" not in found
