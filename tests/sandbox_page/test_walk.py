"""People who never read the README walk through the real bot in the real browser: with mouse, phone, or keys alone."""

from __future__ import annotations

import asyncio
import os
import re
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest_asyncio

from tests.sandbox_page.screen import PHONE, Screen, browser, opened, pytestmark

__all__ = ["browser", "pytestmark"]

REPOSITORY = Path(__file__).parents[2]
PAPER = ".dc-message:not(.dc-ephemeral)"
PRIVATE = ".dc-ephemeral >> nth=-1"


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def address(tmp_path_factory: Any) -> AsyncIterator[str]:
    """Run `broadsheet sandbox`; the tests take a channel each, in the order of the day."""
    environment = os.environ | {"PYTHONPATH": str(REPOSITORY)}
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot", "sandbox", "--port", "0",
        cwd=tmp_path_factory.mktemp("walk"), env=environment, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    assert process.stderr is not None
    log = ""
    try:
        while not (found := re.search(r"http://\S+", log)):
            line = await process.stderr.readline()
            assert line, log
            log += line.decode()
        reading = asyncio.create_task(process.stderr.read())
        yield found[0]
        process.terminate()
        await process.wait()
        await reading
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


@pytest_asyncio.fixture(loop_scope="module")
async def desk(browser: Any, address: str) -> AsyncIterator[Screen]:
    async with opened(browser, address, timezone_id="UTC") as screen:
        yield screen


async def command(screen: Screen, words: str) -> None:
    """Type a command that needs nothing more, and send it."""
    keys = screen.page.keyboard
    await screen.page.locator("#words").focus()
    await keys.type(f"{words} ")
    await screen.expect(".command-name").to_have_text(words)
    await keys.press("Enter")


async def press(screen: Screen, label: str, within: str = PRIVATE) -> None:
    """Press a button of the newest private answer, or of another message."""
    await screen.page.locator(within).get_by_role("button", name=label, exact=True).last.click()


async def a_day_later(screen: Screen) -> None:
    """Move the clock, and wait until it stands still: what is drawn again meanwhile would lose a press."""
    await screen.page.locator("#a-day").click()
    await screen.page.locator("#a-day:enabled").wait_for()


async def choose(screen: Screen, box: str, option: str) -> None:
    """Choose an option of the newest private answer's select that says so."""
    await screen.page.locator(PRIVATE).locator(".dc-select-box", has_text=box).click()
    await screen.page.locator(".dc-select-list:not([hidden]) [role=option]", has_text=option).first.click()


async def test_a_paper_is_set_up_read_changed_rested_and_brought_back(desk: Screen) -> None:
    await desk.open("tea-room")
    await desk.expect("#messages").to_contain_text("Did anybody see this?")
    # Behind what another test has been answered here.
    form = f".dc-ephemeral >> nth={await desk.page.locator('.dc-ephemeral').count()}"
    await command(desk, "/digest subscribe")
    await desk.expect(PRIVATE).to_contain_text("A paper for #tea-room")
    await choose(desk, "Topics", "Clean Energy")
    await press(desk, "Preview")
    await desk.expect(PRIVATE).to_contain_text("Clean Energy")
    await press(desk, "Save", form)
    await desk.expect(form).to_contain_text("Subscribed: #tea-room gets the paper every day at 08:00")
    await a_day_later(desk)
    paper = desk.page.locator(".dc-message:not(.dc-ephemeral)", has_text="The Daily Broadsheet").first
    await paper.wait_for()
    assert "Machine Learning" not in await paper.inner_text()

    await command(desk, "/digest list")
    await desk.expect(PRIVATE).to_contain_text("Last arrived")
    await choose(desk, "Preview, pause or end one", "tea-room")
    await press(desk, "Edit")
    await choose(desk, "Style: compact", "headlines")
    await desk.expect(PRIVATE + " >> [role=combobox][aria-label=Style]").to_have_text("Style: headlines only")
    await press(desk, "Save")
    await desk.expect(PRIVATE).to_contain_text("Style compact → headlines only")
    await choose(desk, "Pause", "for a week")
    await desk.expect(PRIVATE).to_contain_text("Paused")
    await press(desk, "Resume")
    await desk.expect(PRIVATE).not_to_contain_text("Paused")
    await press(desk, "Unsubscribe")
    await press(desk, "Undo")
    await desk.expect(PRIVATE).to_contain_text("#tea-room")


async def test_a_member_follows_a_story_and_gets_the_paper_by_dm(desk: Screen) -> None:
    await desk.page.locator("#you").select_option("Robin")
    await desk.open("daily-paper")
    if not await desk.page.get_by_text("The Daily Broadsheet").count():
        await desk.page.locator("#to-due").click()
        await desk.page.locator("#to-due:enabled").wait_for()
    # The first paper: it may have been arriving as the clock was moved, and another one beneath it since.
    papers = desk.page.locator(PAPER)
    await papers.get_by_role("button", name="Follow a story", exact=True).first.click()
    await choose(desk, "Which story do you want to follow", "Brackwater")
    await desk.expect(PRIVATE).to_contain_text("News in the story")
    await papers.get_by_role("button", name="Get this by DM", exact=True).first.click()
    await desk.expect(PRIVATE).to_contain_text("every day at 08:00")
    await a_day_later(desk)
    await desk.page.get_by_role("button", name="Direct messages").click()
    await desk.expect("#messages").to_contain_text("The Daily Broadsheet")
    await press(desk, "Stop", "#messages")
    await desk.expect(PRIVATE).to_contain_text("Undo")


async def test_the_story_that_a_message_links_to_is_found_from_its_menu(desk: Screen) -> None:
    await desk.open("tea-room")
    await desk.page.get_by_text("Did anybody see this?").click(button="right")
    await desk.page.get_by_role("menuitem", name="Find this story").click()
    await desk.expect(PRIVATE).to_contain_text("Tidewright docks")


async def test_with_the_keyboard_alone_a_paper_is_set_up_on_a_phone_in_three_presses(
    browser: Any, address: str
) -> None:
    async with opened(browser, address, viewport=PHONE, timezone_id="UTC") as phone:
        keys = phone.page.keyboard
        await phone.page.get_by_role("button", name="Channels").click()
        await phone.open("front-page")
        await phone.page.locator("#words").focus()
        await keys.type("/sub")
        await phone.expect("#choices [role=option] >> nth=0").to_contain_text("/digest subscribe")
        await keys.press("Enter")
        await keys.press("Enter")
        await phone.expect(PRIVATE).to_contain_text("A paper for #front-page")
        assert await phone.page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
        save = phone.page.get_by_role("button", name="Save")
        await save.focus()
        await keys.press("Enter")
        await phone.expect(PRIVATE).to_contain_text("Subscribed: #front-page")
