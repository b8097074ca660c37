"""Feeds and exports hold many articles in one file: they may be larger and take longer than others, within bounds."""

from __future__ import annotations

from pathlib import Path

import pytest

from digests.corpus.feeds import read_feed, xml_feeds
from digests.ingest.pool import WorkerPool
from digests.ingest.read_files import (
    BYTES_A_SECOND,
    ENTRY_SECONDS,
    FEED,
    MAX_COUNTED_ENTRIES,
    REJECTED,
    ReadProgress,
    feed_seconds,
    read_jobs,
)

LIMIT = 2000


def feed_of(count: int, text: str = "Text.") -> bytes:
    items = "".join(
        f"<item><title>Item {number}</title><link>https://a.example/{number}</link>"
        f"<description><![CDATA[{text}]]></description></item>"
        for number in range(count)
    )
    return f"<rss version='2.0'><channel><title>T</title>{items}</channel></rss>".encode()


class Recorded(ReadProgress):
    def __init__(self) -> None:
        self.allowed: list[float] = []

    def allow(self, seconds: float) -> None:
        self.allowed.append(seconds)


def test_a_feed_may_be_larger_than_other_files_and_take_longer(tmp_path: Path) -> None:
    (tmp_path / "feed.xml").write_bytes(feed_of(60))
    (tmp_path / "a.md").write_text("# A title\n\n" + "word " * 1000)
    progress = Recorded()
    jobs = [("feed.xml", None), ("a.md", None)]
    kinds = [outcome.kind for outcome in read_jobs(str(tmp_path), jobs, LIMIT, progress, max_feed_bytes=10 * LIMIT)]
    assert kinds == [FEED, REJECTED]
    assert progress.allowed == [feed_seconds(feed_of(60))]


def test_a_feed_over_its_own_limit_is_rejected(tmp_path: Path) -> None:
    (tmp_path / "feed.xml").write_bytes(feed_of(60))
    (outcome,) = read_jobs(str(tmp_path), [("feed.xml", None)], LIMIT, max_feed_bytes=LIMIT + 1)
    assert outcome.kind == REJECTED
    assert "too large" in outcome.problems[0][1]


def test_the_time_of_a_feed_is_bounded_whatever_it_says() -> None:
    hostile = b"</item>" * 2_000_000
    assert feed_seconds(hostile) == MAX_COUNTED_ENTRIES * ENTRY_SECONDS + len(hostile) / BYTES_A_SECOND
    # Entries that never end take long to parse, and are none.
    assert feed_seconds(b"<item" * 1000) == len(b"<item" * 1000) / BYTES_A_SECOND
    assert feed_seconds(b"") == 0


async def test_a_worker_takes_a_feed_over_the_limit_of_other_files(tmp_path: Path) -> None:
    (tmp_path / "feed.xml").write_bytes(feed_of(60))
    async with WorkerPool(max_bytes=LIMIT, max_feed_bytes=10 * LIMIT) as pool:
        found = [
            outcome async for _folder, read in pool.read([(str(tmp_path), [("feed.xml", None)])]) for outcome in read
        ]
    assert [(outcome.kind, len(outcome.entries)) for outcome in found] == [(FEED, 60)]


def test_only_the_entries_that_are_kept_are_parsed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(xml_feeds, "MAX_ENTRIES", 3)
    found = read_feed("feed.xml", feed_of(10), max_bytes=100_000)
    assert len(found.entries) == 3
    assert found.problems[0].reason.startswith("7 entries are left out")


def test_a_closing_tag_in_a_text_cuts_nothing_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(xml_feeds, "MAX_ENTRIES", 3)
    found = read_feed("feed.xml", feed_of(3, "Write </item> at the end."), max_bytes=100_000)
    assert [reading.article is not None for _path, reading in found.entries] == [True] * 3
    assert not found.problems
