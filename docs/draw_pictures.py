"""Draws every picture of README and docs: the real bot in the sandbox, seen in the real browser, and a real terminal.

Run `make pictures`. It needs Chromium (or Google Chrome) on this machine, beside the development dependencies.
"""

from __future__ import annotations

import io
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from playwright.sync_api import Browser, Page, sync_playwright
from rich.console import Console
from rich.text import Text

REPOSITORY = Path(__file__).parents[1]
IMAGES = Path(__file__).parent / "images"
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]
PHONE = {"width": 390, "height": 844}
DESKTOP = {"width": 1180, "height": 820}
DAY = "2026-03-10"
READER = {"timezone_id": "UTC", "locale": "en-US"}


def main() -> None:
    """Draw them all."""
    found = next(filter(None, map(shutil.which, BROWSERS)), None)
    if found is None:
        sys.exit("There is no Chromium here; on Debian: apt-get install chromium")
    IMAGES.mkdir(exist_ok=True)
    with sync_playwright() as player:
        browser = player.chromium.launch(executable_path=found, args=FLAGS)
        try:
            for style in ("headlines", "compact", "full"):
                with sandbox(style) as address:
                    phone(browser, address, style)
                    if style == "compact":
                        desktop(browser, address)
            terminal(browser)
        finally:
            browser.close()


@contextmanager
def sandbox(style: str) -> Iterator[str]:
    """Run the sandbox with the sample corpus; yields the page's address."""
    environment = os.environ | {"PYTHONPATH": str(REPOSITORY), "BROADSHEET_DIGEST__STYLE": style}
    with tempfile.TemporaryDirectory() as folder:
        process = subprocess.Popen(
            [sys.executable, "-m", "bot", "sandbox", "--port", "0"],
            cwd=folder, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip
        try:
            assert process.stderr is not None
            yield _address(process.stderr)
        finally:
            process.terminate()
            process.wait(20)


def _address(log: IO[str]) -> str:
    for line in log:
        if found := re.search(r"http://\S+", line):
            return found[0]
    sys.exit("The sandbox did not start.")


def _open(browser: Browser, address: str, size: Any, theme: Any, scale: float) -> Page:
    page = browser.new_page(viewport=size, color_scheme=theme, device_scale_factor=scale, **READER)
    page.goto(address)
    page.wait_for_selector("#room-name:not(:empty)")
    return page


def _deliver(page: Page) -> None:
    """Have the paper arrive, in a channel that holds nothing else."""
    if dismiss := page.query_selector(".dc-dismiss"):
        dismiss.click()
        page.wait_for_selector(".dc-dismiss", state="detached")
    page.click("#to-due")
    page.wait_for_selector(".dc-container")
    _settle(page)


def _settle(page: Page) -> None:
    page.evaluate("document.querySelectorAll('img').forEach((each) => { each.loading = 'eager'; })")
    page.wait_for_timeout(900)


def _scroll_to(page: Page, selector: str) -> None:
    page.evaluate(
        "(selector) => { const node = [...document.querySelectorAll(selector)].at(-1);"
        " const box = document.getElementById('scroller');"
        " box.scrollTop += node.getBoundingClientRect().top - box.getBoundingClientRect().top - 6; }",
        selector,
    )
    page.wait_for_timeout(300)


def phone(browser: Browser, address: str, style: str) -> None:
    """Draw a digest of a style on a phone; the compact one in light as well, with a story opened from its menu."""
    page = _open(browser, address, PHONE, "dark", 1.5)
    _deliver(page)
    page.evaluate("document.getElementById('scroller').scrollTop = 0")
    _scroll_to(page, "#messages .dc-day")
    page.screenshot(path=IMAGES / f"phone-{style}.png")
    if style == "compact":
        page.emulate_media(color_scheme="light")
        page.screenshot(path=IMAGES / "phone-light.png")
        page.emulate_media(color_scheme="dark")
        page.locator(".dc-select-box").last.click()
        page.locator(".dc-select-list:not([hidden]) [role=option]").first.click()
        page.wait_for_selector(".dc-ephemeral .dc-container")
        _settle(page)
        page.screenshot(path=IMAGES / "phone-story.png")
        page.locator(".dc-dismiss").first.click()
    page.close()


def desktop(browser: Browser, address: str) -> None:
    """Draw the sandbox with its digest, a search, an opened story and the panel."""
    page = _open(browser, address, DESKTOP, "dark", 1)
    _settle(page)
    _scroll_to(page, "#messages .dc-day")
    page.fill("#words", "/")
    page.wait_for_selector("#choices [role=option]")
    page.screenshot(path=IMAGES / "sandbox.png")
    page.fill("#words", "")
    page.set_viewport_size({"width": 980, "height": 1640})
    page.screenshot(path=IMAGES / "digest.png")
    page.set_viewport_size(DESKTOP)
    page.get_by_role("button", name="tea-room").click()
    page.wait_for_selector("#room-name:text-is('tea-room')")
    _command(page, "/news", "tidewright")
    page.screenshot(path=IMAGES / "search.png")
    page.locator(".dc-select-box").first.click()
    page.locator(".dc-select-list:not([hidden]) [role=option]").first.click()
    page.wait_for_selector(".dc-gallery")
    _settle(page)
    page.screenshot(path=IMAGES / "story.png")
    while dismiss := page.query_selector(".dc-dismiss"):
        dismiss.click()
        page.wait_for_timeout(300)
    _command(page, "/digest subscribe", "")
    page.screenshot(path=IMAGES / "panel.png")
    page.close()


def _command(page: Page, name: str, value: str) -> None:
    page.locator("#words").focus()
    page.keyboard.type(name)
    page.wait_for_selector("#choices [role=option]")
    page.keyboard.press("Tab")
    if value:
        page.keyboard.type(value)
        page.wait_for_timeout(800)
        page.keyboard.press("Escape")
    page.keyboard.press("Enter")
    page.wait_for_selector(".dc-ephemeral .dc-container")
    _settle(page)
    page.evaluate("document.getElementById('scroller').scrollTop = 0")
    _scroll_to(page, "#messages .dc-message")


def terminal(browser: Browser) -> None:
    """Draw the preview of a day as a terminal shows it."""
    with tempfile.TemporaryDirectory() as folder:
        environment = os.environ | {
            "PYTHONPATH": str(REPOSITORY), "BROADSHEET_CORPUS__FOLDERS": str(REPOSITORY / "sample" / "articles"),
            "FORCE_COLOR": "1", "TERM": "xterm-256color", "COLORTERM": "truecolor", "COLUMNS": "92",
        }  # fmt: skip
        run = [sys.executable, "-m", "bot"]
        subprocess.run([*run, "load"], cwd=folder, env=environment, capture_output=True, check=False)
        printed = subprocess.run(
            [*run, "preview", "--date", DAY, "--max-stories", "4"],
            cwd=folder, env=environment, capture_output=True, text=True, check=True,
        ).stdout  # fmt: skip
        console = Console(record=True, width=92, file=io.StringIO(), force_terminal=True)
        console.print(Text.from_ansi(printed))
        drawn = Path(folder) / "preview.svg"
        console.save_svg(str(drawn), title=f"broadsheet preview --date {DAY}")
        page = browser.new_page(viewport={"width": 1180, "height": 900})
        page.goto(drawn.as_uri())
        page.locator("svg").first.screenshot(path=IMAGES / "preview.png")
        page.close()


if __name__ == "__main__":
    main()
