"""The rooms know only what they may know: arrows between packages, and SQL in one room."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGES = ("bot", "digests", "sandbox")

FORBIDDEN = {
    "digests": ("bot", "sandbox", "discord", "apscheduler", "typer", "rich"),
    "sandbox": ("bot", "digests", "discord"),
    "digests/store": (
        "digests.stories",
        "digests.editions",
        "digests.compose",
        "digests.ranking",
        "digests.query",
        "digests.service",
    ),
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
PURE = ("stories", "headlines", "editions", "compose", "ranking", "query", "models", "urls", "text", "options", "dates")
FOR_PURE = ("digests.store", "digests.service", "aiosqlite", "sqlite3", "asyncio", "discord", "bot")


def modules(folder: str):
    return sorted((ROOT / folder).rglob("*.py"))


def imports(file: Path):
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{name.name}" for name in node.names)


def offends(name: str, forbidden: tuple[str, ...]) -> bool:
    return any(name == other or name.startswith(f"{other}.") for other in forbidden)


@pytest.mark.parametrize("folder", FORBIDDEN)
def test_no_arrow_points_the_wrong_way(folder):
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
def test_pure_rooms_never_see_the_store(room):
    files = [file for file in (ROOT / "digests" / f"{room}.py", *modules(f"digests/{room}")) if file.exists()]
    assert files, f"digests/{room} is gone"
    wrong = [f"{file.name} imports {name}" for file in files for name in imports(file) if offends(name, FOR_PURE)]
    assert not wrong


def test_sql_stands_in_one_room_only():
    words = ("SELECT ", "INSERT INTO ", "DELETE FROM ", "UPDATE ", "PRAGMA ")
    wrong = []
    for package in PACKAGES:
        for file in modules(package):
            if file.is_relative_to(ROOT / "digests" / "store"):
                continue
            wrong += [
                f"{file.relative_to(ROOT)}:{node.lineno}"
                for node in ast.walk(ast.parse(file.read_text("utf-8")))
                if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value.startswith(words)
            ]
    assert not wrong


def test_the_news_domain_loads_without_discord():
    code = (
        "import pkgutil, importlib, sys, digests\n"
        "for m in pkgutil.walk_packages(digests.__path__, 'digests.'): importlib.import_module(m.name)\n"
        "sys.exit('discord' in sys.modules or 'bot' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False).returncode == 0


def test_commands_that_need_no_discord_start_without_it():
    """It is half of what they would load: `broadsheet search` answers in half the time."""
    code = "import sys, bot.cli; sys.exit(any(name in sys.modules for name in ('discord', 'aiohttp', 'sandbox')))"
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False).returncode == 0


def test_no_reading_of_the_clock_outside_the_composition_root():
    """`now` is an argument everywhere; `bot/app.py` is where the clock is read (the sandbox has its own)."""
    wrong = []
    for package in ("bot", "digests"):
        for file in modules(package):
            text = file.read_text("utf-8")
            if file != ROOT / "bot" / "app.py" and ("datetime.now(" in text or "utcnow(" in text):
                wrong.append(str(file.relative_to(ROOT)))
    assert not wrong
