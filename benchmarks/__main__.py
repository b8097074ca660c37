"""`make bench`: every benchmark in a process of its own, one document. `--write` keeps it in RESULTS.md."""

from __future__ import annotations

import argparse
import os
import platform
import sqlite3
import subprocess
import sys
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

RESULTS = Path(__file__).with_name("RESULTS.md")
PACKAGES = ("discord.py", "aiohttp", "aiosqlite", "python-frontmatter", "PyYAML", "yaml-rs", "tantivy")
FULL = {
    "corpus": ["--size", "1600", "--size", "16000", "--size", "100000"],
    "site_corpus": ["--size", "16000"],
    "search": ["--size", "1000000"],
    "composing": [],
    "editions": [],
    "replaying": [],
    "autocomplete": [],
    "fanout": [],
}
MEDIUM = {
    "corpus": ["--size", "1600", "--size", "16000"],
    "site_corpus": ["--size", "16000"],
    "search": ["--size", "100000"],
    "composing": [],
    "editions": ["--subscriptions", "2000", "--filters", "400"],
    "replaying": ["--revisions", "900"],
    "autocomplete": [],
    "fanout": ["--only", "sending", "--channels", "2000", "--rounds", "1"],
}
QUICK = {
    "corpus": ["--size", "1600", "--no-peers"],
    "site_corpus": ["--size", "1600"],
    "search": ["--size", "20000"],
    "composing": [],
    "editions": ["--subscriptions", "500", "--filters", "100"],
    "replaying": ["--revisions", "200"],
    "autocomplete": [],
    "fanout": ["--only", "sending", "--channels", "500", "--rounds", "1"],
}
HEADINGS = {
    "corpus": "Loading and reloading the corpus",
    "site_corpus": "Loading sites in Jekyll's and Hugo's dialects",
    "search": "Search",
    "composing": "Composing",
    "editions": "Making the editions of one minute",
    "replaying": "Living through a long history",
    "autocomplete": "Autocomplete",
    "fanout": "Sending",
}


def machine() -> str:
    """Describe what it ran on, without naming anything private."""
    model = next(
        (line.partition(":")[2].strip() for line in _cpu_lines() if line.startswith("model name")), platform.machine()
    )
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    versions = ", ".join(f"{name} {found}" for name in PACKAGES if (found := _version(name)))
    return (
        f"{datetime.now(UTC):%Y-%m-%d}: {os.cpu_count()} cores ({model}), {memory:.0f} GiB, {platform.system()},"
        f" CPython {platform.python_version()}, SQLite {sqlite3.sqlite_version}; {versions}"
    )


def _cpu_lines() -> list[str]:
    path = Path("/proc/cpuinfo")
    return path.read_text("utf-8").splitlines() if path.exists() else []


def _version(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None


def main() -> None:
    """Run the benchmarks, prints what they measured, keeps it where asked to."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("only", nargs="*", choices=[*FULL, []], help="which benchmarks; all without any")
    parser.add_argument("--quick", action="store_true", help="small sizes, to see that everything works")
    parser.add_argument("--medium", action="store_true", help="a tenth of the sizes, for a run of some minutes")
    parser.add_argument("--write", action="store_true", help=f"write {RESULTS.name}")
    arguments = parser.parse_args()
    runs = QUICK if arguments.quick else MEDIUM if arguments.medium else FULL
    pieces = [
        "# Results of one run",
        "",
        f"Made by `python -m benchmarks {' '.join(sys.argv[1:])}`; `make bench` runs the full sizes. Ratios within",
        "a table are worth more than absolutes: all of it was measured in the same run on the same machine.",
        "",
        machine(),
        "",
    ]
    failed = False
    for name in arguments.only or runs:
        print(f"… {name}", file=sys.stderr, flush=True)
        done = subprocess.run(
            [sys.executable, "-m", f"benchmarks.{name}", *runs[name]], stdout=subprocess.PIPE, text=True, check=False
        )
        failed |= done.returncode != 0
        pieces += [f"## {HEADINGS[name]}", "", done.stdout.strip(), ""]
        print(done.stdout, flush=True)
    if arguments.write and not failed:
        RESULTS.write_text("\n".join(pieces), "utf-8")
    sys.exit(failed)


if __name__ == "__main__":
    main()
