"""One browser for each module of tests, and pages in it; a module that imports `pytestmark` is skipped without one."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest
import pytest_asyncio

from tests.patience import PATIENCE_S

playwright_api = pytest.importorskip("playwright.async_api")
BROWSER = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]
# On a machine that is busy with other tests too, an answer takes its time.
playwright_api.expect.set_options(timeout=PATIENCE_S * 1000)
PHONE = {"width": 390, "height": 844}
DESKTOP = {"width": 1280, "height": 800}

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(BROWSER is None, reason="no Chromium here"),
    pytest.mark.asyncio(loop_scope="module"),
]


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def browser() -> AsyncIterator[Any]:
    async with playwright_api.async_playwright() as player:
        launched = await player.chromium.launch(executable_path=BROWSER, args=FLAGS)
        try:
            yield launched
        finally:
            await launched.close()


@dataclass
class Screen:
    """An open page."""

    page: Any
    faults: list[str] = field(default_factory=list)

    def expect(self, selector: str) -> Any:
        return playwright_api.expect(self.page.locator(selector))

    async def open(self, name: str) -> None:
        await self.page.get_by_role("button", name=name, exact=True).click()
        await self.expect("#room-name").to_have_text(name)


@asynccontextmanager
async def opened(browser: Any, address: str, **options: Any) -> AsyncIterator[Screen]:
    """Open the sandbox's page; what its scripts complain about fails the test."""
    context = await browser.new_context(**{"viewport": DESKTOP, "timezone_id": "America/Toronto", **options})
    context.set_default_timeout(PATIENCE_S * 1000)
    screen = Screen(await context.new_page())
    screen.page.on("pageerror", lambda error: screen.faults.append(str(error)))
    screen.page.on(
        "console", lambda line: screen.faults.append(f"{line.text} {line.location}") if line.type == "error" else None
    )
    try:
        await screen.page.goto(address)
        await screen.expect("#room-name").not_to_be_empty()
        yield screen
        assert screen.faults == [], screen.faults
    finally:
        await context.close()
