"""Writes article files for tests, of which only what a test is about has to be said, and tells what became of them."""

from __future__ import annotations

import os
import subprocess
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, timedelta
from itertools import count as count_up
from pathlib import Path

from digests.models import Article, LoadReport
from digests.store.articles import ArticleStore

NOW = datetime(2021, 6, 1, 12, tzinfo=UTC)
PUBLISHED = datetime(2021, 2, 4, 16, 2, tzinfo=UTC)
HOUR = timedelta(hours=1)

_mtimes: Iterator[int] = count_up(1_600_000_000)


def text_of(title: str, url: str | None = None, **fields: object) -> str:
    """Front matter with a title, a date and an address made from the title unless told otherwise."""
    fields.setdefault("publishedDateTime", "2021-02-04T16:02:00Z")
    address = url if url is not None else f"https://x.org/{title.lower().replace(' ', '-')}"
    lines = [f"title: {title}", *([f"webUrl: {address}"] if address else [])]
    lines += [f"{name}: {value}" for name, value in fields.items() if value is not None]
    return "---\n" + "\n".join(lines) + "\n---\n"


def write(place: Path, text: str | bytes, *, aged: bool = True) -> Path:
    """Write a file, whose mtime lies far enough back to be trusted and differs from every other."""
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_bytes(text if isinstance(text, bytes) else text.encode())
    if aged:
        mtime_s = next(_mtimes) + 0.5
        os.utime(place, (mtime_s, mtime_s))
    return place


def write_many(folder: Path, count: int, start: int = 0) -> None:
    for number in range(start, start + count):
        write(folder / f"story-{number}.md", text_of(f"Story {number}"))


def counts(report: LoadReport) -> tuple[int, int, int, int, int]:
    """New, changed, unchanged, removed, rejected."""
    return report.new, report.changed, report.unchanged, report.removed, report.rejected


async def everything(store: ArticleStore) -> dict[str, Article]:
    found = await store.find_by_ids([row async for row in _ids(store)])
    return {article.path: article for article in found}


async def _ids(store: ArticleStore) -> AsyncIterator[int]:
    for row in await store._rows("SELECT id FROM articles"):
        yield row[0]


def git(folder: Path, *arguments: str) -> None:
    settings = ("-c", "user.name=T", "-c", "user.email=t@example.org", "-c", "commit.gpgsign=false")
    subprocess.run(["git", "-C", str(folder), *settings, *arguments], check=True, capture_output=True)


def publish(upstream: Path, name: str, text: str) -> None:
    write(upstream / name, text)
    git(upstream, "add", ".")
    git(upstream, "commit", "-q", "-m", name)
