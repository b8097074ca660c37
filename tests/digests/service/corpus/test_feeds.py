"""Feed files in a source: one file, many articles."""

from __future__ import annotations

import json
import os
import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from digests.models import LoadReport
from digests.service.corpus import CorpusService
from digests.store.articles import ArticleStore

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)


def item(number: int, *, title: str = "", link: str = "", extra: str = "") -> str:
    return (
        f"<item><title>{title or f'Headline {number}'}</title>"
        f"<link>{link or f'https://paper.example/{number}'}</link><guid>id-{number}</guid>"
        f"<pubDate>Thu, {number:02} Nov 2026 08:00:00 GMT</pubDate>"
        f"<description>The text of entry {number} says a little more.</description>{extra}</item>"
    )


def rss(*items: str) -> str:
    return (
        '<?xml version="1.0"?><rss version="2.0"><channel><title>The Paper</title>'
        f"<link>https://paper.example/</link>{''.join(items)}</channel></rss>"
    )


@dataclass
class Corpus:
    folder: Path
    store: ArticleStore
    service: CorpusService

    def write(self, name: str, text: str) -> None:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)

    async def load(self, now: datetime = NOW, *, force: bool = False) -> LoadReport:
        return await self.service.load(now=now, force=force)

    async def paths(self) -> list[str]:
        rows = await self.store._rows("SELECT path FROM articles ORDER BY path")
        return [row[0] for row in rows]


@pytest.fixture
def corpus(store: ArticleStore, folder: Path) -> Corpus:
    return Corpus(folder.resolve(), store, CorpusService(store, [folder], keep_days=30))


async def test_each_entry_of_a_feed_is_an_article(corpus: Corpus) -> None:
    corpus.write("feed.xml", rss(item(1), item(2)))
    report = await corpus.load()
    assert (report.new, report.rejected) == (2, 0), report.problems
    assert await corpus.paths() == ["feed.xml#id-1", "feed.xml#id-2"]


@pytest.mark.parametrize("name", ["feed.Xml", "news.RSS", "news.ATOM", "Feed.Json"])
async def test_a_feed_is_one_however_its_ending_is_written(corpus: Corpus, name: str) -> None:
    entry = {"id": "id-1", "url": "https://paper.example/1", "title": "Headline 1", "content_text": "The text."}
    told = json.dumps({"version": "https://jsonfeed.org/version/1.1", "title": "The Paper", "items": [entry]})
    corpus.write(name, told if name.endswith("Json") else rss(item(1)))
    await corpus.load()
    assert await corpus.paths() == [f"{name}#id-1"]


async def test_an_unchanged_feed_counts_its_entries_and_is_not_read_again(corpus: Corpus) -> None:
    corpus.write("feed.xml", rss(item(1), item(2)))
    await corpus.load()
    report = await corpus.load()
    assert (report.new, report.changed, report.unchanged, report.removed) == (0, 0, 2, 0)


async def test_only_what_changed_in_a_feed_is_put_in_place(corpus: Corpus) -> None:
    corpus.write("feed.xml", rss(item(1), item(2)))
    await corpus.load()
    corpus.write("feed.xml", rss(item(1), item(2, title="Another headline"), item(3)))
    report = await corpus.load(NOW + timedelta(hours=1))
    assert (report.new, report.changed, report.unchanged) == (1, 1, 1)


async def test_what_leaves_a_feed_stays_for_keep_days(corpus: Corpus) -> None:
    corpus.write("feed.xml", rss(item(1), item(2)))
    await corpus.load()
    corpus.write("feed.xml", rss(item(2)))
    assert (await corpus.load(NOW + timedelta(days=1))).removed == 0
    assert await corpus.paths() == ["feed.xml#id-1", "feed.xml#id-2"]
    assert (await corpus.load(NOW + timedelta(days=30))).removed == 0
    assert (await corpus.load(NOW + timedelta(days=32))).removed == 1
    assert await corpus.paths() == ["feed.xml#id-2"]


async def test_a_feed_that_is_deleted_takes_its_entries_with_it(corpus: Corpus) -> None:
    corpus.write("feed.xml", rss(item(1), item(2)))
    corpus.write("post.md", "---\ntitle: A post\n---\nText.")
    await corpus.load()
    (corpus.folder / "feed.xml").unlink()
    assert (await corpus.load()).removed == 2
    assert await corpus.paths() == ["post.md"]


async def test_a_feed_that_breaks_keeps_what_it_had(corpus: Corpus) -> None:
    corpus.write("feed.xml", rss(item(1), item(2)))
    await corpus.load()
    corpus.write("feed.xml", '<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY a SYSTEM "file:///x">]>' + rss(item(1))[21:])
    report = await corpus.load()
    assert report.rejected == 1
    assert await corpus.paths() == ["feed.xml#id-1", "feed.xml#id-2"]
    assert "entities" in report.problems[0].reason


@pytest.mark.parametrize("age_s", [0, 3600])
async def test_a_post_wins_over_a_feed_that_has_it_too(corpus: Corpus, age_s: float) -> None:
    corpus.write("feed.xml", rss(item(1), item(2)))
    corpus.write("post.md", "---\ntitle: Headline 1\nurl: https://paper.example/1\ndate: 2026-11-01\n---\nText.")
    report = await corpus.load()
    assert report.new == 2
    assert await corpus.paths() == ["feed.xml#id-2", "post.md"]
    again = await corpus.load()
    assert (again.new, again.unchanged) == (0, 2)
    (corpus.folder / "post.md").unlink()
    saved_at = time.time() - age_s  # one that was saved just now is read in any case
    os.utime(corpus.folder / "feed.xml", (saved_at, saved_at))
    await corpus.load(force=True)
    assert await corpus.paths() == ["feed.xml#id-1", "feed.xml#id-2"]


async def test_a_post_that_takes_over_from_an_entry_has_arrived_with_it(corpus: Corpus) -> None:
    corpus.write("feed.xml", rss(item(1)))
    await corpus.load()
    corpus.write("feed.xml", rss(item(1), item(19)))
    await corpus.load(NOW)
    corpus.write("post.md", "---\ntitle: Headline 19\nurl: https://paper.example/19\ndate: 2026-11-19\n---\nText.")
    await corpus.load(NOW + timedelta(hours=8))
    rows = await corpus.store._rows("SELECT arrived_at FROM articles WHERE path = 'post.md'")
    assert rows[0][0] == NOW.timestamp()


async def test_two_feeds_with_the_same_entry_give_one_article(corpus: Corpus) -> None:
    corpus.write("atom.xml", rss(item(1)))
    corpus.write("feed.xml", rss(item(1), item(2)))
    assert (await corpus.load()).new == 2
    assert await corpus.paths() == ["atom.xml#id-1", "feed.xml#id-2"]


async def test_an_entry_that_says_nothing_costs_only_itself(corpus: Corpus) -> None:
    corpus.write("feed.xml", rss(item(1), "<item><guid>id-9</guid></item>"))
    report = await corpus.load()
    assert (report.new, report.rejected) == (1, 1)
    assert [problem.path for problem in report.problems] == ["feed.xml#id-9"]
    again = await corpus.load()
    assert (again.unchanged, again.rejected) == (1, 1)


async def test_xml_that_is_no_feed_is_left_out(corpus: Corpus) -> None:
    corpus.write("data.xml", "<?xml version='1.0'?><items><item>1</item></items>")
    corpus.write("index.json", '{"a": 1}')
    corpus.write("post.md", "---\ntitle: A post\n---\nText.")
    report = await corpus.load()
    assert (report.new, report.rejected) == (1, 0)
    assert dict(report.summaries[0].left_out) == {"neither a feed nor an article": 2}


async def test_a_feed_under_another_name_keeps_when_its_entries_arrived(corpus: Corpus) -> None:
    corpus.write("feed.xml", rss(item(1)))
    await corpus.load()
    corpus.write("feed.xml", rss(item(1), item(19)))
    await corpus.load()
    before = await corpus.store._rows("SELECT title, arrived_at FROM articles ORDER BY title")
    (corpus.folder / "feed.xml").rename(corpus.folder / "rss.xml")
    report = await corpus.load(NOW + timedelta(hours=3))
    assert (report.new, report.removed) == (0, 0), report
    assert await corpus.store._rows("SELECT title, arrived_at FROM articles ORDER BY title") == before
