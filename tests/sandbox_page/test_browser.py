"""The page in a real browser, driven by keyboard and mouse; skipped where there is none."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest_asyncio

from tests.patience import PATIENCE_S
from tests.sandbox_page import screen as screens
from tests.sandbox_page.paperboy import HEADLINES, Newsroom, newsroom
from tests.sandbox_page.screen import browser, opened, pytestmark

__all__ = ["browser", "pytestmark"]


class Screen(screens.Screen):
    """An open page and the world behind it."""

    def __init__(self, page: Any, room: Newsroom) -> None:
        super().__init__(page)
        self.room = room


@pytest_asyncio.fixture(loop_scope="module")
async def screen(browser: Any) -> AsyncIterator[Screen]:
    async with newsroom() as room, opened(browser, room.sandbox.base_url + "/") as shown:
        await shown.expect("#room-name").to_have_text("general")
        yield Screen(shown.page, room)


async def test_a_command_is_picked_filled_and_answered_by_keyboard_alone(screen: Screen) -> None:
    keys = screen.page.keyboard
    await screen.page.locator("#words").focus()
    await keys.type("/ne")
    await screen.expect("#choices [role=option]").to_have_count(1)
    await keys.press("Tab")
    await screen.expect(".pill-name").to_have_text(["query"])
    await keys.type("drops")
    await screen.expect("#choices [aria-selected=true]").to_have_text(HEADLINES[1])
    await keys.press("Enter")
    await screen.expect(".pill input").to_have_value(HEADLINES[1])
    await keys.type("sh")
    await keys.press("Tab")
    await screen.expect(".pill-name").to_have_text(["query", "share"])
    await keys.press("ArrowDown")
    await keys.press("Enter")
    await screen.expect(".pill input >> nth=1").to_have_value("False")
    await keys.press("Enter")
    await screen.expect(".dc-ephemeral .dc-used").to_have_text("AAda used /news")
    await screen.expect(".dc-ephemeral .dc-text").to_contain_text(f"Stories for “{HEADLINES[1]}”")
    await screen.expect("#words").to_be_focused()


async def test_escape_and_backspace_lead_out_of_a_command(screen: Screen) -> None:
    keys = screen.page.keyboard
    await screen.page.locator("#words").focus()
    await keys.type("/digest subscribe ")
    await screen.expect(".command-name").to_have_text("/digest subscribe")
    await screen.expect("#choices [role=option] >> nth=0").to_have_text("#general")
    await keys.press("Backspace")
    await screen.expect("#words").to_have_value("/digest subscribe")
    await keys.press("Enter")
    await keys.press("Escape")
    await screen.expect("#popup").to_be_hidden()
    await keys.press("Escape")
    await screen.expect("#words").to_have_value("")


async def test_what_is_missing_or_not_offered_is_said_before_it_is_sent(screen: Screen) -> None:
    keys = screen.page.keyboard
    await screen.page.locator("#words").focus()
    await keys.type("/news ")
    await screen.expect("#choices [role=option]").to_have_count(3)
    await keys.press("Escape")
    await keys.press("Enter")
    await screen.expect("#hint").to_have_text("query needs a value.")
    await screen.expect(".pill.wrong").to_have_count(1)


async def test_select_button_and_form_are_used_and_the_answer_is_dismissed(screen: Screen) -> None:
    page, room = screen.page, screen.room
    await room.sandbox.invoke("news", {"query": "x"}, member=room.owner, channel=room.general)
    await screen.expect(".dc-ephemeral").to_have_count(1)
    await page.locator(".dc-select-box").focus()
    await page.keyboard.press("ArrowDown")
    await screen.expect(".dc-select-list").to_be_visible()
    await page.keyboard.press("ArrowDown")
    await page.keyboard.press("Enter")
    await screen.expect(".dc-ephemeral >> nth=1").to_contain_text(HEADLINES[1])
    await page.get_by_role("button", name="Next page").click()
    await screen.expect(".dc-ephemeral >> nth=0").to_contain_text("page 2")
    await page.get_by_role("button", name="Edit", exact=True).click()
    await page.get_by_label("Quiet day").select_option("Note")
    await page.get_by_label("Topics").fill("AI")
    await page.get_by_role("button", name="Submit").click()
    await screen.expect(".dc-ephemeral >> nth=2").to_contain_text("Saved: Note, AI")
    await screen.expect("#modal").to_be_hidden()
    await page.get_by_role("button", name="Dismiss message").first.click()
    await screen.expect(".dc-ephemeral").to_have_count(2)


async def test_messages_come_by_themselves_and_other_channels_light_up(screen: Screen) -> None:
    room = screen.room
    room.sandbox.say(room.general, room.member, "hello **there**")
    await screen.expect("#messages strong").to_have_text("there")
    room.sandbox.say(room.daily, room.member, "elsewhere")
    await screen.expect(f"[data-channel='{room.daily.id}']").to_have_class("unread")
    await screen.open("daily-news")
    await screen.expect(f"[data-channel='{room.daily.id}']").not_to_have_class("unread")


async def test_the_skip_link_leads_to_the_message_box_of_the_channel_in_view(screen: Screen) -> None:
    page, room = screen.page, screen.room
    await screen.open("daily-news")
    await page.locator(".skip").focus()
    await page.keyboard.press("Enter")
    await screen.expect("#words").to_be_focused()
    assert page.url.endswith(f"#{room.daily.id}")
    await page.evaluate("location.hash = 'nowhere'")
    await page.evaluate(f"location.hash = '{room.general.id}'")
    await screen.expect("#room-name").to_have_text("general")
    await screen.expect("#toast").to_be_hidden()


async def test_another_member_sees_and_may_do_less(screen: Screen) -> None:
    page = screen.page
    await screen.expect("#channels").to_contain_text("staff")
    await page.locator("#you").select_option("Mina")
    await screen.expect("#channels").not_to_contain_text("staff")
    await page.locator("#words").focus()
    await page.keyboard.type("/")
    await screen.expect("#choices [role=option]").to_have_count(1)


async def test_a_late_answer_about_one_member_does_not_take_the_place_of_the_other(screen: Screen) -> None:
    page, room = screen.page, screen.room
    asked, released = asyncio.Event(), asyncio.Event()

    async def hold(route: Any) -> None:
        asked.set()
        await released.wait()
        await route.continue_()

    await page.route("**/state?*", hold, times=1)
    room.sandbox.add_channel(room.guild, "news-desk")
    await asyncio.wait_for(asked.wait(), PATIENCE_S)
    await page.locator("#you").select_option("Mina")
    await screen.expect("#channels").not_to_contain_text("staff")
    async with page.expect_response("**/state?*"):
        released.set()
    await page.evaluate("new Promise((shown) => requestAnimationFrame(shown))")
    await screen.expect("#channels").not_to_contain_text("staff", timeout=1)
    await screen.expect("#you option:checked").to_have_text("Mina")


async def test_the_clock_moves_and_the_paper_arrives(screen: Screen) -> None:
    await screen.open("daily-news")
    await screen.expect("#clock").to_have_text("Sat, Feb 22 · 8:04 AM")
    await screen.page.get_by_role("button", name="+1 day").click()
    await screen.expect("#clock").to_have_text("Sun, Feb 23 · 8:04 AM")
    await screen.expect("#messages h2").to_have_text("Paper of Sunday")


async def test_on_a_phone_nothing_is_wider_than_the_screen_and_the_channels_slide_in(screen: Screen) -> None:
    page, room = screen.page, screen.room
    await room.sandbox.invoke("news", {"query": "x"}, member=room.owner, channel=room.general)
    await page.set_viewport_size({"width": 360, "height": 700})
    await screen.expect(".dc-container").to_be_visible()
    assert await page.evaluate("document.documentElement.scrollWidth") <= 360
    assert await page.evaluate("document.getElementById('scroller').scrollWidth") <= 360
    await screen.expect("#sidebar").to_be_hidden()
    await page.get_by_role("button", name="Channels").click()
    await screen.expect("#sidebar").to_be_visible()
    await screen.open("daily-news")
    await screen.expect("#sidebar").to_be_hidden()


async def test_on_a_phone_the_clock_covers_no_message(screen: Screen) -> None:
    page = screen.page
    await page.set_viewport_size({"width": 390, "height": 844})
    clock, messages = [await page.locator(each).bounding_box() for each in ("#clock", "#scroller")]
    assert clock["y"] + clock["height"] <= messages["y"]


async def test_what_lands_out_of_view_is_announced_and_a_press_leads_there(screen: Screen) -> None:
    page, room = screen.page, screen.room
    for number in range(40):
        room.sandbox.say(room.general, room.member, f"message {number}")
    await screen.expect("#messages").to_contain_text("message 39")
    await page.evaluate("document.getElementById('scroller').scrollTop = 0")
    await screen.expect("#below").to_be_hidden()
    room.sandbox.say(room.general, room.member, "the answer")
    await screen.expect("#below").to_be_visible()
    await page.locator("#below").click()
    await screen.expect("#messages li:last-child").to_be_in_viewport()
    await screen.expect("#below").to_be_hidden()


async def test_an_answer_longer_than_the_view_is_read_from_its_beginning_however_long_it_took(screen: Screen) -> None:
    page = screen.page
    await page.set_viewport_size({"width": 390, "height": 400})
    await page.locator("#words").focus()
    await page.keyboard.type("/news ")
    await page.keyboard.type("slow")
    await page.keyboard.press("Escape")
    await page.keyboard.press("Enter")
    await screen.expect(".dc-thinking").to_be_visible()
    await screen.expect(".dc-ephemeral .dc-text >> nth=0").to_contain_text("Stories for “slow”")
    answer, view = [await page.locator(each).bounding_box() for each in (".dc-ephemeral", "#scroller")]
    assert answer["height"] > view["height"]
    assert answer["y"] >= view["y"]


async def test_light_and_dark_change_with_a_press_and_stay(screen: Screen) -> None:
    page = screen.page

    async def ground() -> str:
        return str(await page.evaluate("getComputedStyle(document.querySelector('.room')).backgroundColor"))

    await page.emulate_media(color_scheme="dark")
    dark = await ground()
    await page.locator("#theme").click()
    light = await ground()
    assert light != dark
    await page.reload()
    await screen.expect("#room-name").to_have_text("general")
    assert await ground() == light


async def test_an_option_that_a_command_needs_does_not_read_as_part_of_its_name(screen: Screen) -> None:
    await screen.page.locator("#words").fill("/ne")
    await screen.expect("#choices .needs").to_have_text("query")
