"""The words that spelling knows follow each reload, without all of them being read again."""

from __future__ import annotations

from pathlib import Path

import pytest

from digests.errors import StoreError
from digests.service.corpus import CorpusService
from digests.service.search import SearchService
from digests.service.search.resolve_query import VOCABULARY_COUNT, TypedNames
from digests.spelling import Vocabulary
from digests.store.articles import ArticleStore
from digests.store.connection import Database
from digests.store.database_kinds import CORPUS
from digests.store.search import SearchStore
from tests.digests.service.search.answering import NOW
from tests.digests.store.search.rows import unhurried

CHANGES: list[dict[str, str | None]] = [
    {"one.md": "# The zeppelin landed\n\nAt the harbour, quietly.\n"},
    {"two.md": "# A second zeppelin\n\nOver the observatory of Tromsø.\n"},
    {"one.md": "# The balloon landed\n\nAt the lighthouse.\n"},
    {"two.md": None},
    {f"many{number}.md": f"# Story {number}\n\nAbout word{'abcdefghij'[number % 10]}x.\n" for number in range(300)},
    {"three.md": "# Balloon and telescope\n\nOnce more.\n"},
]


@pytest.mark.slow
async def test_words_follow_each_reload_as_if_all_were_read_again(tmp_path: Path) -> None:
    folder = tmp_path / "articles"
    folder.mkdir()
    for number in range(8):
        (folder / f"base{number}.md").write_text(f"# Base story {number}\n\nThe harbour stays.\n")
    database = await Database.open(tmp_path / "corpus.db", CORPUS)
    articles, search = ArticleStore(database), unhurried(database)
    corpus = CorpusService(articles, [folder], worker_count=1, keep_worker_s=60.0)
    typed = TypedNames(articles, search)
    try:
        await corpus.load(now=NOW)
        await typed.words()
        taken: list[bool] = []
        for change in CHANGES:
            for path, text in change.items():
                (folder / path).unlink() if text is None else (folder / path).write_text(text)
            before = await articles.generation()
            await corpus.load(now=NOW)
            generation, words = await articles.changed_words(before)
            assert generation == await articles.generation()
            taken.append(words is not None)
            assert words_in(await typed.words()) == words_in(Vocabulary(await search.words(VOCABULARY_COUNT)))
        assert taken == [True, True, True, True, False, True]
        assert (await typed.words()).count("telescope") == 1
        assert (await typed.words()).count("zeppelin") == 0
    finally:
        await corpus.close()
        await database.close()


def words_in(vocabulary: Vocabulary) -> dict[str, int]:
    groups = vocabulary._words.values()
    return {word: count for group in groups for word, count in zip(group.lines.split("\n"), group.counts, strict=True)}


async def test_a_database_that_fails_while_names_are_refreshed_fails_no_reload(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fail(*_arguments: object) -> None:
        raise StoreError("corpus.db can't be read: disk I/O error.")

    (tmp_path / "one.md").write_text("# The zeppelin landed\n\nAt the harbour.\n")
    database = await Database.open(tmp_path / "corpus.db", CORPUS)
    articles = ArticleStore(database)
    search = SearchService(articles, unhurried(database))
    corpus = CorpusService(articles, [tmp_path], worker_count=1)
    corpus.on_change(search.refresh)
    monkeypatch.setattr(SearchStore, "words", fail)
    try:
        assert (await corpus.load(now=NOW)).new == 1
        assert "Names and spelling not refreshed" in caplog.text
    finally:
        await corpus.close()
        await database.close()
