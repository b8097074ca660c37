"""A site's configuration is written by whoever may push: it costs itself, and nothing outside of the site is shown."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Mapping
from pathlib import Path

import pytest

from digests.ingest import site_finder
from digests.ingest.layout import Mode
from digests.ingest.site_finder import SiteFinder
from digests.ingest.sites import SourceSite, find_site
from digests.ingest.sites.documents import PathStates
from digests.models.sources import Source


def made(root: Path, files: Mapping[str, str]) -> Path:
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)
    return root.resolve()


async def find(root: Path, finder: SiteFinder | None = None) -> SourceSite:
    return await (finder or SiteFinder()).find(Source(root), root)


def copies_without_end() -> str:
    levels = ["base: &b0 {" + ", ".join(f"k{n}: v" for n in range(100)) + "}"]
    levels += [f"l{d}: &b{d} {{" + ", ".join(f"k{n}: *b{d - 1}" for n in range(100)) + "}" for d in range(1, 7)]
    return "baseURL: https://a.example\n" + "\n".join(levels)


BOMBS = {
    "hugo.yaml": copies_without_end(),
    "hugo.toml": "baseurl = 'https://a.example'\n" + ".".join("a" * 60_000) + " = 1",
    "pelicanconf.py": "S = ('a', 'a')\n" + "S = (S, S, S, S)\n" * 60 + "SITENAME = {S: 1}\n",
}


@pytest.mark.slow
@pytest.mark.parametrize("name", BOMBS)
async def test_a_configuration_that_never_ends_costs_only_the_site_and_not_the_bot(
    tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(site_finder, "SITE_SECONDS", 1)
    root = made(tmp_path, {name: BOMBS[name]})
    beats, running = 0, True

    async def heartbeat() -> None:
        nonlocal beats
        while running:
            await asyncio.sleep(0.01)
            beats += 1

    beating = asyncio.create_task(heartbeat())
    known = await find(root)
    running = False
    await beating
    assert known.site.url == ""
    assert "takes longer" in known.problems[0].reason
    assert beats > 3  # of a hundred: the machine may be busy; in our own process there would be one at most


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "text"),
    [("_config.yml", "title: 0b" + "1" * 60_000), ("_config.yml", "url: 1" + ":59" * 20_000)],
)
def test_a_number_of_thousands_of_digits_costs_no_load(tmp_path: Path, name: str, text: str) -> None:
    root = made(tmp_path, {name: text})
    assert find_site(Source(root), root).site.url == ""


def test_links_in_a_site_lead_to_no_configuration(tmp_path: Path) -> None:
    made(tmp_path / "private", {"site.json": '{"title": "secret", "url": "https://secret.example"}'})
    root = made(tmp_path / "site", {".eleventy.js": "x"})
    (root / "_data").symlink_to(tmp_path / "private")
    known = find_site(Source(root), root)
    assert (known.site.name, known.site.url) == ("", "")


def test_a_site_that_leaves_out_much_does_not_undo_what_the_operator_leaves_out(tmp_path: Path) -> None:
    listed = "".join(f"  - 'x{number}'\n" for number in range(500))
    root = made(tmp_path, {"_config.yml": f"exclude:\n{listed}"})
    layout = find_site(Source(root, ignore=("private/**",)), root).layout
    assert layout.of_folder("private/")[0] is Mode.CLOSED


@pytest.mark.slow
async def test_what_was_found_is_known_until_a_file_that_counted_changes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = made(tmp_path, {"_config.yml": "url: https://one.example\n", "_posts/a.md": "A"})
    finder = SiteFinder()
    assert (await find(root, finder)).site.url == "https://one.example"
    asked = []
    ask = site_finder._ask

    async def counted(source: Source, folder: Path) -> tuple[SourceSite, PathStates] | str:
        asked.append(folder)
        return await ask(source, folder)

    monkeypatch.setattr(site_finder, "_ask", counted)
    (root / "_posts" / "b.md").write_text("B")
    assert (await find(root, finder)).site.url == "https://one.example"
    assert not asked
    (root / "_config.yml").write_text("url: https://two.example\n")
    assert (await find(root, finder)).site.url == "https://two.example"
    (root / "_config.yml").unlink()
    (root / "hugo.toml").write_text("baseurl = 'https://three.example'\n")
    assert (await find(root, finder)).site.url == "https://three.example"
    os.replace(root / "hugo.toml", root / "notes.txt")  # noqa: PTH105 - as mv does
    assert (await find(root, finder)).site.url == ""
    assert len(asked) == 3


@pytest.mark.slow
async def test_a_site_that_was_known_stays_known_when_its_configuration_becomes_a_bomb(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = made(tmp_path, {"hugo.yaml": "baseURL: https://one.example\n"})
    finder = SiteFinder()
    await find(root, finder)
    (root / "hugo.yaml").write_text(copies_without_end())
    monkeypatch.setattr(site_finder, "SITE_SECONDS", 1)
    known = await find(root, finder)
    assert known.site.url == "https://one.example"
    assert "takes longer" in known.problems[0].reason
