"""What is scheduled: an article arrives when it is due, in a second load as in the first, and goes when it expires."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from digests.models import Window
from digests.service.corpus import CorpusService
from digests.store.articles import ArticleStore
from tests.digests.service.corpus.making import HOUR, NOW, counts, everything, write

DAY = timedelta(days=1)


def dated(title: str, fields: str) -> str:
    return f"---\ntitle: {title}\n{fields}\n---\nText.\n"


def iso(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


@pytest.mark.parametrize("is_second_load", [False, True])
@pytest.mark.parametrize("name", ["date", "publishDate"])
async def test_an_article_arrives_when_it_is_due(
    corpus: CorpusService, store: ArticleStore, folder: Path, name: str, is_second_load: bool
) -> None:
    due_at = (NOW + 3 * DAY).replace(microsecond=0)
    written_at = NOW - 2 * DAY
    if is_second_load:
        write(folder / "old.md", dated("Old", f"date: {iso(written_at)}"))
        await corpus.load(now=NOW - DAY)
    earlier = f"date: {iso(written_at)}\n" if name == "publishDate" else ""
    write(folder / "a.md", dated("Embargoed", f"{earlier}{name}: {iso(due_at)}"))
    await corpus.load(now=NOW)
    assert (await everything(store))["a.md"].arrived_at == due_at
    early = await store.find_candidates(Window(NOW - 5 * DAY, due_at - HOUR))
    assert "Embargoed" not in {article.title for article in early}
    due = await store.find_candidates(Window(due_at - HOUR, due_at + HOUR))
    assert [article.title for article in due] == ["Embargoed"]


async def test_what_has_expired_is_taken_out_without_a_change_of_its_file(
    corpus: CorpusService, store: ArticleStore, folder: Path
) -> None:
    write(folder / "a.md", dated("Offer", f"date: {iso(NOW - DAY)}\nexpiryDate: {iso(NOW + DAY)}"))
    write(folder / "b.md", dated("Gone", f"date: {iso(NOW - 3 * DAY)}\nexpiryDate: {iso(NOW - DAY)}"))
    write(folder / "c.md", dated("Stays", f"date: {iso(NOW - DAY)}"))
    await corpus.load(now=NOW)
    assert set(await everything(store)) == {"a.md", "c.md"}
    assert counts(await corpus.load(now=NOW + 2 * DAY))[3] == 1
    assert set(await everything(store)) == {"c.md"}


async def test_an_article_that_expires_with_a_change_of_its_file_goes(
    corpus: CorpusService, store: ArticleStore, folder: Path
) -> None:
    write(folder / "a.md", dated("Offer", f"date: {iso(NOW - DAY)}"))
    await corpus.load(now=NOW)
    write(folder / "a.md", dated("Offer", f"date: {iso(NOW - DAY)}\nexpires: {iso(NOW - HOUR)}"))
    await corpus.load(now=NOW)
    assert await everything(store) == {}
