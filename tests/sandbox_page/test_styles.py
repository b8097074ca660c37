"""How long a digest is on a phone, in the real browser: the promise of each style, kept by the sample's fullest day."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from tests.sandbox_page.screen import browser, pytestmark

__all__ = ["browser", "pytestmark"]

REPOSITORY = Path(__file__).parents[2]
WIDTH, SCREEN = 390, 844
CONFIG = """
data_dir = "data"
[corpus]
folders = ["{folder}"]
[topics]
"Harbours & Shipping" = "🚢"
"""


@pytest.fixture(scope="module")
def newsstand(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the sample corpus loaded."""
    folder = tmp_path_factory.mktemp("newsstand")
    (folder / "config.toml").write_text(CONFIG.format(folder=REPOSITORY / "sample" / "articles"), "utf-8")
    broadsheet(folder, "load")
    return folder


def broadsheet(folder: Path, *words: str, **settings: str) -> None:
    """Run the command line there; what the loader has to say of the sample's bad files is no failure."""
    environment = os.environ | {"PYTHONPATH": str(REPOSITORY)} | settings
    command = [sys.executable, "-m", "bot", *words]
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode in (0, 1), done.stderr


@pytest_asyncio.fixture(loop_scope="module")
async def phone(browser: Any) -> AsyncIterator[Any]:
    context = await browser.new_context(viewport={"width": WIDTH, "height": SCREEN})
    yield await context.new_page()
    await context.close()


@pytest.mark.parametrize(("style", "screens"), [("headlines", 1.3), ("compact", 2), ("full", 3)])
async def test_five_stories_take_no_more_screens_than_promised(
    newsstand: Path, phone: Any, style: str, screens: float
) -> None:
    broadsheet(
        newsstand, "preview", "--date", "2026-03-10", "--max-stories", "5", "--html", f"{style}.html",
        BROADSHEET_DIGEST__STYLE=style,
    )  # fmt: skip
    page = newsstand / f"{style}.html"
    assert "5 stories from 5 providers" in page.read_text("utf-8").replace("\N{NO-BREAK SPACE}", " ")
    await phone.goto(page.as_uri())
    height = await phone.evaluate(
        "(() => { const box = (each) => each.getBoundingClientRect();"
        " const all = [...document.querySelectorAll('.dc-message')].map(box);"
        " return all.at(-1).bottom - all[0].top; })()"
    )
    assert height / SCREEN <= screens
    assert await phone.evaluate("document.documentElement.scrollWidth") <= WIDTH


@pytest.mark.parametrize("theme", ["light", "dark"])
async def test_words_are_readable_in_either_theme(newsstand: Path, phone: Any, theme: str) -> None:
    broadsheet(newsstand, "preview", "--date", "2026-03-10", "--html", "page.html")
    await phone.emulate_media(color_scheme=theme)
    await phone.goto((newsstand / "page.html").as_uri())
    for selector in (".dc-text p", ".dc-subtext", ".dc-text a", ".dc-author", ".dc-select-placeholder"):
        words, ground = await phone.evaluate(
            "(selector) => { const node = document.querySelector(selector); const box = node.closest('.dc-container')"
            " ?? document.body; return [getComputedStyle(node).color, getComputedStyle(box).backgroundColor]; }",
            selector,
        )
        assert contrast(words, ground) >= 4.5, selector


def contrast(one: str, other: str) -> float:
    """Return WCAG's contrast of two colours as a browser names them: `rgb(1, 2, 3)`."""
    darker, lighter = sorted(map(luminance, (one, other)))
    return (lighter + 0.05) / (darker + 0.05)


def luminance(color: str) -> float:
    parts = [int(part) / 255 for part in re.findall(r"\d+", color)[:3]]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
