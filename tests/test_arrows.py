"""The rooms know only what they may know: arrows between packages, and SQL in one room."""

import ast
import re
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

from digests.gc_pause import collector_paused

ROOT = Path(__file__).parents[1]
PACKAGES = ("bot", "digests", "sandbox")

FORBIDDEN = {
    "digests": ("bot", "sandbox", "discord", "apscheduler", "typer", "rich"),
    "sandbox": ("bot", "digests", "discord"),
    "digests/store": ("digests.composing", "digests.editions", "digests.typed", "digests.service"),
    "bot/render": (
        "digests.store",
        "digests.service",
        "bot.commands",
        "bot.client",
        "bot.config",
        "discord",
        "aiohttp",
    ),
    "bot/commands": ("digests.store", "aiosqlite", "sqlite3"),
    "bot/views": ("digests.store", "aiosqlite", "sqlite3"),
}
PURE = ("composing", "typed", "corpus", "models", "editions", "handles", "urls", "text")
FOR_PURE = ("digests.store", "digests.service", "aiosqlite", "sqlite3", "asyncio", "discord", "bot")


SQL = re.compile(r"\b(?:SELECT|INSERT INTO|DELETE FROM|UPDATE|REPLACE INTO|CREATE TABLE|ALTER TABLE|PRAGMA)\s")
CLOCKS = {
    "bot/wiring.py": "the composition root",
    "bot/cli/sandbox.py": "the clock of `broadsheet sandbox`, which is moved by hand",
    "digests/ingest/read_files.py": "the age of a file, whose time is the computer's own",
}
"""Who reads the clock, and which one."""
WALL = {"time", "time_ns", "localtime", "gmtime", "ctime", "asctime"}
DATES = {"datetime", "date"}
DATES_NOW = {"now", "utcnow", "today"}


def modules(folder: str) -> list[Path]:
    return sorted((ROOT / folder).rglob("*.py"))


@dataclass(frozen=True)
class Facts:
    """What a module imports, the lines that hold SQL, and whether it reads the clock."""

    imports: frozenset[str]
    sql_lines: tuple[int, ...]
    reads_clock: bool


@cache
def facts_of(file: Path) -> Facts:
    """Read and walk a module once: four hundred trees take seconds to make, and slow every later test if kept."""
    with collector_paused:  # looking for garbage among the nodes takes as long as making them
        return _read(file)


def _read(file: Path) -> Facts:
    nodes = list(ast.walk(ast.parse(file.read_text("utf-8"))))
    imported: set[str] = set()
    for node in nodes:
        if isinstance(node, ast.Import):
            imported.update(name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            imported.add(node.module)
            imported.update(f"{node.module}.{name.name}" for name in node.names)
    lines = tuple(
        node.lineno
        for node in nodes
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and SQL.search(node.value)
    )
    return Facts(frozenset(imported), lines, reads_the_clock(nodes))


def imports(file: Path) -> frozenset[str]:
    return facts_of(file).imports


def offends(name: str, forbidden: tuple[str, ...]) -> bool:
    return any(name == other or name.startswith(f"{other}.") for other in forbidden)


@pytest.mark.parametrize("folder", FORBIDDEN)
def test_no_arrow_points_the_wrong_way(folder: str) -> None:
    files = modules(folder)
    assert files, f"{folder} holds no code"
    wrong = [
        f"{file.relative_to(ROOT)} imports {name}"
        for file in files
        for name in imports(file)
        if offends(name, FORBIDDEN[folder])
    ]
    assert not wrong


@pytest.mark.parametrize("room", PURE)
def test_pure_rooms_never_see_the_store(room: str) -> None:
    files = [file for file in (ROOT / "digests" / f"{room}.py", *modules(f"digests/{room}")) if file.exists()]
    assert files, f"digests/{room} is gone"
    wrong = [f"{file.name} imports {name}" for file in files for name in imports(file) if offends(name, FOR_PURE)]
    assert not wrong


def test_sql_stands_in_one_room_only() -> None:
    wrong = []
    for package in PACKAGES:
        for file in modules(package):
            if file.is_relative_to(ROOT / "digests" / "store"):
                continue
            wrong += [f"{file.relative_to(ROOT)}:{line}" for line in facts_of(file).sql_lines]
    assert not wrong


@pytest.mark.slow
def test_the_news_domain_loads_without_discord() -> None:
    code = (
        "import pkgutil, importlib, sys, digests\n"
        "for m in pkgutil.walk_packages(digests.__path__, 'digests.'): importlib.import_module(m.name)\n"
        "sys.exit('discord' in sys.modules or 'bot' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False).returncode == 0


@pytest.mark.slow
def test_commands_that_need_no_discord_start_without_it() -> None:
    """It is half of what they would load: `broadsheet search` answers in half the time."""
    code = "import sys, bot.cli; sys.exit(any(name in sys.modules for name in ('discord', 'aiohttp', 'sandbox')))"
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False).returncode == 0


def test_no_reading_of_the_clock_outside_the_composition_root() -> None:
    """`now` is an argument everywhere; `bot/wiring.py` is where the clock is read (the sandbox has its own)."""
    reading = {
        file.relative_to(ROOT).as_posix()
        for package in ("bot", "digests")
        for file in modules(package)
        if facts_of(file).reads_clock
    }
    assert reading == set(CLOCKS)


def reads_the_clock(nodes: Sequence[ast.AST]) -> bool:
    imported = [name for node in nodes if isinstance(node, ast.Import) for name in node.names]
    modules_of_time = {name.asname or name.name for name in imported if name.name == "time"}
    for node in nodes:
        if isinstance(node, ast.ImportFrom) and node.module == "time" and {name.name for name in node.names} & WALL:
            return True
        if isinstance(node, ast.Attribute):
            owner = node.value.attr if isinstance(node.value, ast.Attribute) else getattr(node.value, "id", "")
            if (owner in modules_of_time and node.attr in WALL) or (owner in DATES and node.attr in DATES_NOW):
                return True
    return False


def test_zones_live_in_the_calendar() -> None:
    knowing = [file for package in PACKAGES[:2] for file in modules(package) if "zoneinfo" in imports(file)]
    assert knowing == [ROOT / "digests" / "editions.py"]


def test_no_modules_import_each_other_in_a_circle() -> None:
    files = {name_of(file): file for package in PACKAGES for file in modules(package)}
    arrows = {
        name: {other for other in imports(file) if other in files} - {name, *parents_of(name)}
        for name, file in files.items()
    }
    assert not circles(arrows)


def name_of(file: Path) -> str:
    return ".".join(file.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def parents_of(name: str) -> list[str]:
    """A module may import its siblings through the package they are in."""
    parts = name.split(".")
    return [".".join(parts[:count]) for count in range(1, len(parts))]


def circles(arrows: dict[str, set[str]]) -> list[list[str]]:
    """Return what is left when modules that import nothing left are taken away again and again."""
    left = {name: set(targets) for name, targets in arrows.items()}
    while done := [name for name, targets in left.items() if not targets & left.keys()]:
        for name in done:
            del left[name]
    return [sorted(left)] if left else []


def test_commands_and_buttons_are_handed_services_and_no_store() -> None:
    assert not [name for name in imports(ROOT / "bot" / "services.py") if name.startswith("digests.store")]


def test_no_two_modules_of_a_room_share_a_name() -> None:
    """Two files share a name only where their folders say what differs."""
    for package in PACKAGES:
        folders = [folder for folder in (ROOT / package).rglob("*") if folder.is_dir()]
        for folder in folders:
            assert not (folder.with_suffix(".py")).exists(), f"{folder} is a folder and a module"
