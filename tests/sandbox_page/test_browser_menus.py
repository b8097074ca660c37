"""Menus of messages, pressable commands, forms and apps of one's own, in the real browser."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest_asyncio

from tests.sandbox_page.paperboy import Newsroom, newsroom
from tests.sandbox_page.screen import PHONE, Screen, browser, opened, pytestmark

__all__ = ["browser", "pytestmark"]


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def room() -> AsyncIterator[Newsroom]:
    async with newsroom() as room:
        room.sandbox.say(room.general, room.member, "the harbour")
        yield room


@pytest_asyncio.fixture(loop_scope="module")
async def screen(browser: Any, room: Newsroom) -> AsyncIterator[Screen]:
    async with opened(browser, room.sandbox.base_url) as screen:
        yield screen
        for message in list(room.general.private.values()):
            room.sandbox.remove_message(message)


async def test_a_message_has_a_menu_by_keyboard_and_its_answer_mentions_a_command_to_press(screen: Screen) -> None:
    keys = screen.page.keyboard
    await screen.page.locator(".dc-more").focus()
    await keys.press("Enter")
    await screen.expect("[role=menuitem]").to_have_text(["Find this storyBroadsheet", "Make a paperBroadsheet"])
    await screen.expect("[role=menuitem] >> nth=0").to_be_focused()
    await keys.press("ArrowDown")
    await keys.press("Escape")
    await screen.expect(".context").to_be_hidden()
    await screen.expect(".dc-more").to_be_focused()
    await keys.press("Enter")
    await keys.press("Enter")
    await screen.expect(".dc-ephemeral .dc-used").to_have_text("AAda used Find this story")
    await screen.expect(".dc-ephemeral .dc-text").to_have_text("Found: the harbour. Search with /news.")
    await screen.expect(".dc-ephemeral .dc-more").to_have_count(0)
    await screen.page.get_by_role("button", name="/news").click()
    await screen.expect(".command-name").to_have_text("/news")
    await screen.expect(".pill input").to_be_focused()


async def test_the_right_mouse_button_opens_it_and_a_press_elsewhere_closes_it(screen: Screen) -> None:
    await screen.page.get_by_text("the harbour").first.click(button="right")
    await screen.expect(".context").to_be_visible()
    await screen.page.locator(".room-bar h1").click()
    await screen.expect(".context").to_be_hidden()


async def test_a_form_from_the_menu_of_a_person_is_filled_by_keyboard(screen: Screen) -> None:
    keys = screen.page.keyboard
    await screen.page.locator(".dc-more").focus()
    await keys.press("Enter")
    await keys.press("End")
    await keys.press("Enter")
    await screen.expect("#modal").to_be_visible()
    await screen.expect("#modal input:checked").to_be_focused()
    await keys.press("ArrowDown")
    await keys.press("Tab")
    await keys.press("Space")
    await keys.press("Tab")
    await keys.press("Tab")
    await keys.type("#gen")
    await keys.press("Tab")
    await keys.press("Tab")
    await keys.press("Enter")
    await screen.expect(".dc-ephemeral .dc-text").to_have_text("full, Monday, in general")


async def test_a_long_press_opens_the_menu_on_a_phone_from_below(browser: Any, room: Newsroom) -> None:
    async with opened(browser, room.sandbox.base_url, viewport=PHONE, has_touch=True, is_mobile=True) as screen:
        # Events of a finger, without the browser's own idea of a long press: it takes the finger away when it is busy.
        message = screen.page.get_by_text("the harbour").first
        finger = {"pointerType": "touch", "clientX": 100, "clientY": 200}
        await message.dispatch_event("pointerdown", finger)
        await screen.expect(".context").to_be_visible()
        await message.dispatch_event("pointerup", finger)
        await screen.expect(".context").to_be_visible()
        shown = await screen.page.locator(".context").bounding_box()
        assert (shown["width"], shown["y"] + shown["height"]) == (PHONE["width"], PHONE["height"])
        await screen.page.get_by_role("menuitem", name="Find this story").tap()
        await screen.expect(".dc-ephemeral .dc-text").to_contain_text("Found: the harbour")
        await screen.page.locator(".dc-dismiss").tap()
        await screen.expect(".dc-ephemeral").to_have_count(0)


async def test_an_app_of_ones_own_is_added_with_a_press_and_works_where_the_bot_is_not(
    browser: Any, room: Newsroom
) -> None:
    sandbox = room.sandbox
    choir = sandbox.add_guild("Choir", owner=room.owner.user, with_bot=False)
    board = sandbox.add_channel(choir, "board")
    sandbox.say(board, room.owner, "rehearsal at seven")
    sandbox.open_private_channel(room.owner, room.member)
    async with opened(browser, f"{sandbox.base_url}#{board.id}") as screen:
        await screen.expect("#room-name").to_have_text("board")
        await screen.page.locator("#words").fill("/")
        await screen.expect("#popup-title").to_have_text("No command matches /")
        await screen.page.locator("#words").fill("")
        await screen.page.locator(".dc-more").press("Enter")
        await screen.expect(".context").to_have_text("No app offers anything for a message here.")
        await screen.page.keyboard.press("Escape")
        await screen.expect(".context").to_be_hidden()
        await screen.page.get_by_role("button", name="Add Broadsheet to my apps").click()
        await screen.expect("[data-install=off]").to_be_visible()
        await screen.page.locator("#words").fill("/n")
        await screen.expect("#choices [role=option]").to_have_count(1)
        await screen.page.locator("#words").fill("")
        await screen.page.get_by_role("button", name="Direct messages").click()
        await screen.open("Mina")
        await screen.expect("[data-install=off]").to_be_visible()
        await screen.page.locator("#words").fill("/")
        await screen.expect("#choices [role=option]").to_have_count(2)
