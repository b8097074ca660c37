"""Loading a corpus: cold, unchanged, one per cent changed; beside plain python-frontmatter, Hugo, Jekyll and a floor.

`python -m benchmarks.corpus --size 16000` prints one table. Each of our measurements runs in a fresh process, whose
event loop is asked all the time how late it is; memory is the sum over it and its workers. Hugo (`hugo list all`) and
Jekyll (one page that lists a collection) are measured where they are installed; they have no database and no
unchanged path, so each of their runs is a whole one.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import math
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

import aiohttp
import frontmatter
import psutil  # type: ignore[import-untyped,unused-ignore]

from benchmarks.corpus_files import write_corpus
from benchmarks.table import Row, Table
from digests.service.corpus import CorpusService
from digests.store.arrivals import ArrivalStore
from digests.store.articles import ArticleStore
from digests.store.connection import Database
from digests.store.database_kinds import CORPUS, STATE

NOW = datetime(2026, 3, 10, 8, tzinfo=UTC)
PLAIN_FILES = 16_000
"""Plain python-frontmatter is measured on this many files; its time grows with their number."""
PEER_SECONDS = 1800
ROUNDS = 3
"""Bare scan, unchanged reload and 1 % changed are measured so often, and the best of each stands."""
TICK_S = 0.005

HUGO_CONFIG = """
baseURL = "https://example.org/"
disableKinds = ["taxonomy", "term", "RSS", "sitemap"]
[frontmatter]
date = ["publishedDateTime"]
"""
JEKYLL_CONFIG = """
collections:
  news:
    output: false
exclude: [content, public]
"""
BOT_CONFIG = """
data_dir = "{data}/data"
[corpus]
folders = ["{folder}"]
reload_minutes = 0
[discord]
api_base_url = "{url}"
[ops]
http_listen = "{listen}"
"""
SETTLE_S = 5.0
JEKYLL_PAGE = """---
---
{% for item in site.news %}{{ item.publishedDateTime }} {{ item.title }} {{ item.webUrl }}
{% endfor %}"""


# ---------------------------------------------------------------------- inside the measured process


async def measured_load(folder: Path, database_path: Path) -> dict[str, float]:
    """Load once and tell how long that took and how late the event loop was."""
    database = await Database.open(database_path, CORPUS)
    state = await Database.open(database_path.with_name(f"{database_path.stem}-state.db"), STATE)
    try:
        store = ArticleStore(database)
        corpus = CorpusService(store, [folder], arrivals=ArrivalStore(database, state))
        late: list[float] = []
        ticking = asyncio.create_task(_tick(late))
        started = time.perf_counter()
        report = await corpus.load(now=NOW, force=True)
        seconds = time.perf_counter() - started
        ticking.cancel()
        late.sort()
        await asyncio.sleep(0.2)
        idle = psutil.Process().memory_info().rss
        children = len(psutil.Process().children())
    finally:
        await state.close()
        await database.close()
    return {
        "seconds": seconds,
        "lag_p99_ms": 1000 * late[min(len(late) - 1, math.ceil(0.99 * len(late)) - 1)] if late else 0.0,
        "lag_max_ms": 1000 * late[-1] if late else 0.0,
        "idle_mb": idle / 1e6,
        "children": children,
        "read": report.new + report.changed + report.unchanged,
        "changed": report.changed,
        "rejected": report.rejected,
    }


async def _tick(late: list[float]) -> None:
    loop = asyncio.get_running_loop()
    while True:
        due = loop.time() + TICK_S
        await asyncio.sleep(TICK_S)
        late.append(loop.time() - due)


# ---------------------------------------------------------------------- the whole bot


async def idle_bot(folder: Path, data_dir: Path) -> tuple[float, float]:
    """Run the bot beside the stand-in until its corpus is loaded and a moment longer.

    Returns:
        Megabytes of the process after a first load, and after a restart that finds everything unchanged.
    """
    from sandbox import Sandbox  # the stand-in is only needed here

    found: list[float] = []
    async with Sandbox.start(limits=True, log_size=100) as sandbox:
        sandbox.add_channel(sandbox.add_guild("Bench"), "news")
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            listen = f"127.0.0.1:{free.getsockname()[1]}"
        config = data_dir / "config.toml"
        config.write_text(BOT_CONFIG.format(data=data_dir, folder=folder, url=sandbox.api_base_url, listen=listen))
        for _start in ("first", "again"):
            process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", "bot", "run", "--config", str(config)),
                env={**os.environ, "DISCORD_TOKEN": sandbox.token},
                stderr=asyncio.subprocess.DEVNULL,
            )
            await _until_loaded(listen)
            await asyncio.sleep(SETTLE_S)
            found.append(psutil.Process(process.pid).memory_info().rss / 1e6)
            process.terminate()
            await process.wait()
    return found[0], found[1]


async def _until_loaded(listen: str) -> None:
    async with aiohttp.ClientSession() as session, asyncio.timeout(600):
        while True:
            await asyncio.sleep(0.5)
            with suppress(aiohttp.ClientError):
                async with session.get(f"http://{listen}/metrics") as answer:
                    # An unchanged corpus is there at once, so the settling has to be longer than its reload.
                    if re.search(r"(?m)^broadsheet_articles [1-9]", await answer.text()):
                        return


# ---------------------------------------------------------------------- around it


def run_load(folder: Path, database: Path) -> dict[str, float]:
    """Run `measured_load` in a fresh process and watch the memory of it and its workers."""
    command = [sys.executable, "-m", "benchmarks.corpus", "--measure", str(folder), str(database)]
    process = psutil.Popen(command, stdout=subprocess.PIPE, text=True)
    with _peak_of(process) as peak:
        output, _errors = process.communicate()
    if process.returncode:
        raise SystemExit(f"the measured load failed with {process.returncode}")
    return {**json.loads(output), "peak_mb": peak()}


@contextmanager
def _peak_of(process: psutil.Process) -> Iterator[Callable[[], float]]:
    """Sample the resident memory of a process and all below it."""
    peak = 0
    done = threading.Event()

    def sample() -> None:
        nonlocal peak
        while not done.wait(0.02):
            total = 0
            try:
                for one in (process, *process.children(recursive=True)):
                    total += one.memory_info().rss
            except psutil.NoSuchProcess:
                continue
            peak = max(peak, total)

    thread = threading.Thread(target=sample)
    thread.start()
    try:
        yield lambda: peak / 1e6
    finally:
        done.set()
        thread.join()


def run_peer(command: list[str], place: Path) -> tuple[float, float] | None:
    """Run another program; return seconds and peak megabytes, None where it is missing or fails."""
    if shutil.which(command[0]) is None:
        return None
    started = time.perf_counter()
    process = psutil.Popen(command, cwd=place, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    with _peak_of(process) as peak:
        try:
            code = process.wait(PEER_SECONDS)
        except psutil.TimeoutExpired:
            process.kill()
            process.wait()
            return None
    return (time.perf_counter() - started, peak()) if code == 0 else None


def run_floor(folder: Path, database: Path) -> float:
    """Run the least that a load into SQLite can do in a fresh process; return seconds."""
    command = [sys.executable, "-m", "benchmarks.floor", str(folder), str(database)]
    return float(subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True).stdout)


def plain_frontmatter(folder: Path) -> tuple[int, float]:
    """Load files as python-frontmatter's own documentation does; return how many and how long."""
    places = sorted(folder.iterdir())[:PLAIN_FILES]
    started = time.perf_counter()
    for place in places:
        frontmatter.load(place)
    return len(places), time.perf_counter() - started


def bare_scan(folder: Path) -> float:
    """List a folder with size and mtime of each file; return the best of some rounds."""
    best = math.inf
    for _round in range(ROUNDS):
        started = time.perf_counter()
        with os.scandir(folder) as listing:
            for entry in listing:
                status = entry.stat()
                _ = status.st_size, status.st_mtime_ns
        best = min(best, time.perf_counter() - started)
    return best


def change_one_per_cent(folder: Path, first: int) -> int:
    """Change a word in every hundredth file from the `first` on."""
    places = sorted(folder.iterdir())[first::100]
    for place in places:
        text = place.read_text("utf-8")
        place.write_text(text.replace('excerpt: "', 'excerpt: "changed ', 1), "utf-8")
        long_ago = time.time() - 1000
        os.utime(place, (long_ago, long_ago))
    return len(places)


def _best(found: list[dict[str, float]]) -> dict[str, float]:
    return min(found, key=lambda one: one["seconds"])


def measure(size: int, place: Path, *, peers: bool) -> Table:
    """Measure everything on a generated corpus of `size` files."""
    site = place / f"site-{size}"
    folder = site / "content" / "news"
    write_corpus(folder, size)
    (site / "config.toml").write_text(HUGO_CONFIG)
    (site / "_config.yml").write_text(JEKYLL_CONFIG)
    (site / "index.txt").write_text(JEKYLL_PAGE)
    if not (site / "_news").exists():
        (site / "_news").symlink_to(folder)
    database = place / f"corpus-{size}.db"
    for leftover in (*place.glob(f"corpus-{size}.db*"), *place.glob(f"floor-{size}.db*")):
        leftover.unlink()

    table = Table(f"Loading {size:,} files")
    cold = run_load(folder, database)
    assert cold["read"] == size, cold
    table.add(Row("cold load", cold["seconds"], "s", note=f"{size / cold['seconds']:,.0f} files/s"))
    least = run_floor(folder, place / f"floor-{size}.db")
    table.add(
        Row(
            "the least any load into SQLite does (benchmarks.floor)",
            least,
            "s",
            note=f"cold load takes {cold['seconds'] / least:.1f} x this",
        )
    )
    count, seconds = plain_frontmatter(folder)
    whole = seconds * size / count
    note = "ratio: cold load to this" if count == size else f"from {count:,} files; ratio: cold load to this"
    table.add(
        Row("plain python-frontmatter, a list in memory", whole, "s", note=f"{whole / cold['seconds']:.1f} x; {note}")
    )
    if peers:
        for name, command in (
            ("Hugo, list all", ["hugo", "list", "all"]),
            (
                "Jekyll, one list",
                ["jekyll", "build", "--disable-disk-cache", "--quiet", "-d", str(place / "jekyll-out")],
            ),
        ):
            found = run_peer(command, site)
            if found is not None:
                table.add(
                    Row(name, found[0], "s", note=f"{found[0] / cold['seconds']:.1f} x ours; peak {found[1]:,.0f} MB")
                )
    unchanged = _best([run_load(folder, database) for _round in range(ROUNDS)])
    scan = bare_scan(folder)
    table.add(Row("bare scandir and stat", scan, "s"))
    table.add(Row("unchanged reload", unchanged["seconds"], "s", scan, "to the bare scan"))
    changes: list[dict[str, float]] = []
    for number in range(ROUNDS):
        changed_count = change_one_per_cent(folder, number)
        changes.append(run_load(folder, database))
        assert changes[-1]["changed"] == changed_count, changes
    changed = _best(changes)
    table.add(Row("1 % changed", changed["seconds"], "s", unchanged["seconds"], "to the unchanged reload"))
    for name, found in (("cold load", cold), ("unchanged", unchanged), ("1 % changed", changed)):
        table.add(
            Row(f"{name}: event-loop lag p99", found["lag_p99_ms"], "ms", note=f"worst {found['lag_max_ms']:.0f} ms")
        )
        table.add(Row(f"{name}: peak memory, all processes", found["peak_mb"], "MB"))
    table.add(Row("idle memory afterwards", cold["idle_mb"], "MB", note="of the loading process alone"))
    table.add(Row("idle memory after an unchanged reload", unchanged["idle_mb"], "MB", note="the same"))
    with tempfile.TemporaryDirectory(dir=place) as data_dir:
        first, again = asyncio.run(idle_bot(folder, Path(data_dir)))
    table.add(Row("idle memory of the running bot", again, "MB", note="connected, corpus loaded before"))
    table.add(Row("idle memory of the bot that did the first load", first, "MB", note="connected"))
    return table


def main() -> None:
    """Read the command line and print one table a size."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", type=int, action="append", help="number of files; may be given several times")
    parser.add_argument("--no-peers", action="store_true", help="leave Hugo and Jekyll out")
    parser.add_argument("--place", type=Path, help="keep generated files there instead of in a temporary folder")
    parser.add_argument("--measure", nargs=2, type=Path, metavar=("FOLDER", "DATABASE"), help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.measure:
        print(json.dumps(asyncio.run(measured_load(*options.measure))))
        return
    with tempfile.TemporaryDirectory() as temporary:
        for size in options.size or [1600]:
            print(measure(size, options.place or Path(temporary), peers=not options.no_peers).markdown())
            print()


if __name__ == "__main__":
    main()
