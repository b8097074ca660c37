"""`broadsheet sandbox`, as a process of its own: the demo that everybody tries first."""

import asyncio
import os
import re
import signal
import sys
from pathlib import Path

import aiohttp
import pytest

from tests.patience import PATIENCE_S

ENVIRONMENT = {name: value for name, value in os.environ.items() if name != "DISCORD_TOKEN"}


async def start(folder: Path, *words: str) -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot", "sandbox", *words,
        cwd=folder, env=ENVIRONMENT, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip


@pytest.mark.slow
async def test_once_delivers_one_digest_and_prints_it(tmp_path: Path) -> None:
    process = await start(tmp_path, "--once")
    printed, logged = await asyncio.wait_for(process.communicate(), PATIENCE_S)
    text = printed.decode()
    assert process.returncode == 0, logged.decode()
    assert "The Daily Broadsheet" in text
    assert "Wednesday, 11 March 2026" in text
    assert "\n\n🤖 Machine Learning\nMossgate Labs fined 4.2 million" in text
    assert "\n\nMerrow Straits wind auction" in text
    assert re.search(r"\+\d\d more", text)
    assert "Traceback" not in logged.decode()
    assert list(tmp_path.iterdir()) == [], "everything is kept in a temporary folder"


@pytest.mark.slow
async def test_once_delivers_the_news_of_any_folder(tmp_path: Path) -> None:
    folder = tmp_path / "news"
    folder.mkdir()
    (folder / "a.md").write_text(
        "---\ntitle: The ferry runs on time\npublishedDateTime: 2024-05-06T07:00:00Z\n"
        "webUrl: https://ledger.example/ferry\nprovider: {name: Ledger, domain: ledger.example}\n---\n"
    )
    process = await start(tmp_path, "--once", "--folder", "news")
    printed, logged = await asyncio.wait_for(process.communicate(), PATIENCE_S)
    assert process.returncode == 0, logged.decode()
    assert "The ferry runs on time" in printed.decode()
    empty = tmp_path / "empty"
    empty.mkdir()
    process = await start(tmp_path, "--once", "--folder", "empty")
    _printed, logged = await asyncio.wait_for(process.communicate(), PATIENCE_S)
    assert process.returncode == 3
    assert "nothing to deliver" in logged.decode()


@pytest.mark.slow
async def test_the_page_opens_and_the_clock_brings_the_paper(tmp_path: Path) -> None:
    process = await start(tmp_path, "--port", "0")
    assert process.stderr is not None
    url = None
    while url is None:
        line = (await asyncio.wait_for(process.stderr.readline(), PATIENCE_S)).decode()
        assert line, "it ended before it opened"
        url = (re.search(r"http://127\.0\.0\.1:\d+/", line) or [None])[0]
    async with aiohttp.ClientSession() as session, session.get(url) as answer:
        assert answer.status == 200
        assert "The Reading Room" in await answer.text() or "app.js" in await answer.text()
    process.send_signal(signal.SIGINT)
    await asyncio.wait_for(process.communicate(), PATIENCE_S)
    assert process.returncode in (0, 130)
