"""What the next editions compare is taken apart when it arrives, not when an edition is due."""

from __future__ import annotations

import logging
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from digests.composing import evidence
from digests.models import Policy, Window
from digests.service.corpus import CorpusService
from digests.service.digests import DigestService
from digests.store.articles import ArticleStore
from digests.store.connection import Database
from digests.store.database_kinds import CORPUS

NOW = datetime(2026, 3, 10, 8, tzinfo=UTC)
TEXT = """---
title: "{title}"
excerpt: "Readers of the Velm harbour paper learn what happened"
publishedDateTime: {published_at:%Y-%m-%dT%H:%M:%SZ}
webUrl: "https://paper.example/{name}"
---
"""


@pytest.mark.slow
async def test_an_edition_finds_its_evidence_ready(tmp_path: Path) -> None:
    folder = tmp_path / "articles"
    folder.mkdir()
    ages = {"ferry": 2, "strike": 20, "museum": 50, "archive": 24 * 30}
    for name, hours in ages.items():
        text = TEXT.format(title=f"{name} news of {hours} hours", name=name, published_at=NOW - timedelta(hours=hours))
        (folder / f"{name}.md").write_text(text)
    database = await Database.open(tmp_path / "corpus.db", CORPUS)
    try:
        store = ArticleStore(database)
        await CorpusService(store, (folder,)).load(now=NOW)
        digests = DigestService(store)
        evidence._kept.clear()
        await digests.find_evidence(NOW)
        found = dict(evidence._kept)
        assert len(found) == 3  # not of what is a month old
        window = Window(NOW - timedelta(days=1), NOW)
        digest = await digests.compose(Policy(), window, local_date=NOW.date(), timezone="UTC")
        assert digest.story_count == 2
        assert evidence._kept.keys() == found.keys()
    finally:
        await database.close()


async def test_articles_that_cannot_be_read_stop_nothing(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    folder = tmp_path / "articles"
    folder.mkdir()
    (folder / "ferry.md").write_text(TEXT.format(title="Ferry news", name="ferry", published_at=NOW))
    database = await Database.open(tmp_path / "corpus.db", CORPUS)
    try:
        store = ArticleStore(database)
        await CorpusService(store, (folder,)).load(now=NOW)
        async with database.transaction() as connection:
            await connection.execute("UPDATE articles SET topic_list = '[\"'")
        with caplog.at_level(logging.WARNING):
            await DigestService(store).find_evidence(NOW)
        assert "corpus.db is damaged" in caplog.text
    finally:
        await database.close()


async def test_older_articles_decide_which_topics_make_a_heading(tmp_path: Path) -> None:
    folder = tmp_path / "articles"
    folder.mkdir()
    for number in range(25):
        text = TEXT.format(title=f"Ferry {number} sails", name=f"f{number}", published_at=NOW - timedelta(days=90))
        (folder / f"f{number}.md").write_text(text.replace("webUrl", "topics: [Harbours]\nwebUrl"))
    today = TEXT.format(title="Owls nest on the pier", name="owls", published_at=NOW - timedelta(hours=2))
    (folder / "owls.md").write_text(today.replace("webUrl", "topics: [Owls, Harbours]\nwebUrl"))
    database = await Database.open(tmp_path / "corpus.db", CORPUS)
    try:
        store = ArticleStore(database)
        await CorpusService(store, (folder,)).load(now=NOW)
        window = Window(NOW - timedelta(days=1), NOW)
        digest = await DigestService(store).compose(Policy(), window, local_date=NOW.date(), timezone="UTC")
        assert [section.topic for section in digest.sections] == ["Harbours"]
    finally:
        await database.close()
