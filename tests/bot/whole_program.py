"""The whole program, started on one article against the stand-in."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path

import pytest

from bot.app import App
from bot.config import load_settings
from bot.settings import Settings
from bot.wiring import now
from sandbox import Sandbox
from tests.patience import PATIENCE_S, until_found

RIGHTS = ("view_channel", "send_messages", "send_messages_in_threads", "read_message_history")


def ops_address(caplog: pytest.LogCaptureFixture) -> str:
    """Return where a bot that chose a port itself shows its health, from its log at INFO."""
    (address,) = [record.getMessage().split()[-1] for record in caplog.records if record.name == "bot.ops"]
    return address


async def loaded(program: App) -> None:
    """Wait until the corpus was loaded for the first time."""

    async def look() -> bool:
        return (await program.news.corpus.status()).loaded_at is not None

    await until_found(look)


def settings_for(tmp_path: Path, sandbox: Sandbox, **more: str) -> Settings:
    folder = tmp_path / "articles"
    folder.mkdir(exist_ok=True)
    (folder / "ferry.md").write_text(
        "---\ntitle: The ferry runs on time\npublishedDateTime: 2026-03-10T07:00:00Z\n"
        "webUrl: https://ledger.example/ferry\ntopics: [Harbours]\n---\n"
    )
    environment = {
        "BROADSHEET_DATA_DIR": str(tmp_path / "data"),
        "BROADSHEET_CORPUS__FOLDERS": str(folder),
        "BROADSHEET_DISCORD__API_BASE_URL": sandbox.api_base_url,
        **more,
    }
    return load_settings(None, environment)


@asynccontextmanager
async def running(
    settings: Settings, token: str, clock: Callable[[], datetime] = now, *, fresh: bool = False
) -> AsyncIterator[App]:
    async with App.start(settings, token, clock, fresh=fresh) as program:
        await asyncio.wait_for(program.client.wait_until_ready(), PATIENCE_S)
        yield program
