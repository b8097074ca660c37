"""A load that is told which files may have changed leaves the corpus as one that lists the whole folder."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from digests.composing.word_statistics import Statistics
from digests.service.corpus import CorpusService
from digests.service.digests import DigestService
from digests.store.articles import ArticleStore
from digests.store.database_kinds import CORPUS
from digests.store.search import SearchStore
from digests.store.temporary import TemporaryDatabase
from tests.digests.service.corpus.making import NOW, counts, everything, text_of, write

STEPS: tuple[dict[str, str | None], ...] = (
    {f"story-{number}.md": text_of(f"Story {number} of the harbour", topics="[Port]") for number in range(9)},
    {"story-1.md": text_of("Story 1 of the harbour", topics="[Port]", heat=9)},
    {"story-1.md": text_of("Story 1 of the bridge", topics="[Port]"), "story-2.md": "no article\n"},
    {"story-2.md": text_of("Музей в порту"), "deep/new.md": text_of("Йод и ёлка: café news")},
    {"story-2.md": text_of("Музей закрыт"), "story-3.md": None},
    {"story-3.md": text_of("Story 3 is back"), "deep/new.md": text_of("Йод: cafe news")},
    {"deep/new.md": None, "story-4.md": text_of("Story 4", draft="true")},
    {"story-4.md": text_of("Story 4", published="false"), "_config.yml": "url: https://paper.example\n"},
    {"story-5.md": text_of("Story 5", url=""), "elsewhere.txt.bak": "x"},
    {},
)


@pytest_asyncio.fixture
async def stores() -> AsyncIterator[tuple[ArticleStore, ArticleStore]]:
    one, other = await TemporaryDatabase.create(CORPUS), await TemporaryDatabase.create(CORPUS)
    yield ArticleStore(one), ArticleStore(other)
    await one.close()
    await other.close()


def apply(folder: Path, change: dict[str, str | None]) -> None:
    for path, text in change.items():
        if text is None:
            (folder / path).unlink()
        else:
            write(folder / path, text)


@pytest.mark.slow
async def test_files_said_to_have_changed_are_loaded_as_if_all_were_listed(
    tmp_path: Path, stores: tuple[ArticleStore, ArticleStore]
) -> None:
    folder = tmp_path / "articles"
    folder.mkdir()
    services = [CorpusService(store, (folder,), keep_worker_s=60.0, worker_count=1) for store in stores]
    digests = DigestService(stores[0])
    try:
        for change in STEPS:
            apply(folder, change)
            reports = [
                await services[0].load(now=NOW, force=True, changed=change),
                await services[1].load(now=NOW, force=True),
            ]
            assert counts(reports[0]) == counts(reports[1])
            assert reports[0].problems == reports[1].problems
            assert await everything(stores[0]) == await everything(stores[1])
            assert await SearchStore(stores[0]._database).verify()
            # The words that follow each load are those that a reading of all would find.
            followed = await digests._corpus_statistics()
            whole = await stores[0].word_counts()
            assert whole.is_all
            assert whole == await stores[1].word_counts()
            anew = Statistics.of_words(whole.article_count, whole.counts)
            assert (followed.article_count, followed._counts) == (anew.article_count, anew._counts)
    finally:
        for service in services:
            await service.close()


@pytest.mark.slow
async def test_only_the_files_said_to_have_changed_are_looked_at(
    tmp_path: Path, stores: tuple[ArticleStore, ArticleStore]
) -> None:
    folder = tmp_path / "articles"
    apply(folder, STEPS[0])
    service = CorpusService(stores[0], (folder,), keep_worker_s=60.0, worker_count=1)
    try:
        await service.load(now=NOW, changed=STEPS[0])
        apply(folder, {"story-1.md": text_of("Said"), "story-2.md": text_of("Not said")})
        assert counts(await service.load(now=NOW, changed={"story-1.md"})) == (0, 1, 8, 0, 0)
        # What was not said is found by the next listing of the whole folder.
        assert counts(await service.load(now=NOW)) == (0, 1, 8, 0, 0)
    finally:
        await service.close()
