"""An article stays the same one under another name, in another folder and when it is loaded again, and arrives once."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from digests.service.corpus import CorpusService
from digests.store.articles import ArticleStore
from tests.digests.service.corpus.making import HOUR, NOW, PUBLISHED, counts, everything, text_of, write, write_many

# ---------------------------------------------------------------------- identity


async def test_a_rename_keeps_identity(corpus: CorpusService, store: ArticleStore, folder: Path) -> None:
    write_many(folder, 3)
    await corpus.load(now=NOW)
    write(folder / "late.md", text_of("Late"))
    await corpus.load(now=NOW)
    before = await everything(store)
    (folder / "late.md").rename(folder / "renamed.md")
    assert counts(await corpus.load(now=NOW + HOUR)) == (0, 1, 3, 0, 0)
    after = await everything(store)
    assert after["renamed.md"].id == before["late.md"].id
    assert after["renamed.md"].arrived_at == before["late.md"].arrived_at == NOW


async def test_the_same_address_under_another_name_keeps_identity(
    corpus: CorpusService, store: ArticleStore, folder: Path
) -> None:
    write(folder / "a.md", text_of("One", url="https://x.org/one"))
    await corpus.load(now=NOW)
    before = await everything(store)
    (folder / "a.md").unlink()
    write(folder / "b.md", text_of("One, corrected", url="https://www.x.org/one/"))
    assert counts(await corpus.load(now=NOW + HOUR)) == (0, 1, 0, 0, 0)
    after = await everything(store)
    assert (after["b.md"].id, after["b.md"].arrived_at) == (before["a.md"].id, before["a.md"].arrived_at)
    assert after["b.md"].title == "One, corrected"


async def test_two_files_with_one_address_are_both_articles(
    corpus: CorpusService, store: ArticleStore, folder: Path
) -> None:
    write(folder / "a.md", text_of("One", url="https://x.org/one"))
    write(folder / "b.md", text_of("One again", url="https://m.x.org/one?utm_source=y"))
    assert counts(await corpus.load(now=NOW)) == (2, 0, 0, 0, 0)
    assert len(await store.find_by_keys(["https://x.org/one"])) == 2


async def test_row_numbers_follow_publication(corpus: CorpusService, store: ArticleStore, folder: Path) -> None:
    for number in range(100):
        write(folder / f"same-{number}.md", text_of(f"Same {number}"))
        write(folder / f"none-{number}.txt", f"Undated {number}")
        write(folder / f"day-{number}.md", text_of(f"Day {number}", publishedDateTime=f"20{number:02}-06-01"))
    write(folder / "old.md", text_of("Old", publishedDateTime="1950-01-01"))
    await corpus.load(now=NOW)
    articles = (await everything(store)).values()
    assert len({article.id for article in articles}) == 301
    dated = sorted((a for a in articles if a.path.startswith(("day", "none"))), key=lambda article: article.id)
    assert [a.path.startswith("none") for a in dated] == [True] * 100 + [False] * 100
    moments = [a.published_at for a in dated if a.published_at is not None]
    assert moments == sorted(moments)


# ---------------------------------------------------------------------- arrival


async def test_at_the_first_load_articles_arrived_when_they_were_published(
    corpus: CorpusService, store: ArticleStore, folder: Path
) -> None:
    write(folder / "a.md", text_of("One"))
    write(folder / "b.md", text_of("Two", published="false"))
    write(folder / "c.txt", "Undated")
    await corpus.load(now=NOW)
    articles = await everything(store)
    assert articles["a.md"].arrived_at == PUBLISHED
    assert articles["b.md"].arrived_at is None
    assert articles["c.txt"].arrived_at is None


async def test_later_articles_arrive_with_the_load_that_brings_them_or_turns_them_on(
    corpus: CorpusService, store: ArticleStore, folder: Path
) -> None:
    write_many(folder, 2)
    write(folder / "off.md", text_of("Off", published="false"))
    write(folder / "undated.md", text_of("Undated", publishedDateTime=None))
    await corpus.load(now=NOW)
    write(folder / "late.md", text_of("Late"))
    await corpus.load(now=NOW + HOUR)
    write(folder / "off.md", text_of("Off", published="true"))
    write(folder / "undated.md", text_of("Undated"))
    await corpus.load(now=NOW + 2 * HOUR)
    articles = await everything(store)
    assert articles["late.md"].arrived_at == NOW + HOUR
    assert articles["off.md"].arrived_at == NOW + 2 * HOUR
    assert articles["undated.md"].arrived_at == NOW + 2 * HOUR


async def test_an_arrival_stays_as_long_as_the_article_is_eligible(
    corpus: CorpusService, store: ArticleStore, folder: Path
) -> None:
    write_many(folder, 1)
    await corpus.load(now=NOW)
    for number in range(2):
        write(folder / "story-0.md", text_of("Story 0", excerpt=number))
        await corpus.load(now=NOW + HOUR)
        assert (await everything(store))["story-0.md"].arrived_at == PUBLISHED


@pytest.mark.parametrize("off", [{"published": "false"}, {"publishedDateTime": None}])
async def test_an_article_that_was_switched_off_arrives_with_the_load_that_turns_it_on_again(
    corpus: CorpusService, store: ArticleStore, folder: Path, off: dict[str, str | None]
) -> None:
    for number, (fields, arrived_at) in enumerate([({}, PUBLISHED), (off, None), ({}, NOW + 2 * HOUR)]):
        write(folder / "a.md", text_of("One", **fields))
        await corpus.load(now=NOW + number * HOUR)
        assert (await everything(store))["a.md"].arrived_at == arrived_at


async def test_what_is_dated_ahead_at_the_first_load_arrives_when_it_is_published(
    corpus: CorpusService, store: ArticleStore, folder: Path
) -> None:
    write(folder / "a.md", text_of("Ahead", publishedDateTime=(NOW + HOUR).isoformat()))
    await corpus.load(now=NOW)
    assert (await everything(store))["a.md"].arrived_at == NOW + HOUR


async def test_a_folder_that_is_loaded_for_the_first_time_arrives_as_published(
    store: ArticleStore, folder: Path, tmp_path: Path
) -> None:
    write_many(folder, 1)
    await CorpusService(store, [folder]).load(now=NOW)
    write(tmp_path / "more" / "a.md", text_of("More"))
    await CorpusService(store, [folder, tmp_path / "more"]).load(now=NOW)
    assert (await everything(store))["a.md"].arrived_at == PUBLISHED


async def test_with_a_clock_articles_arrive_when_the_load_is_committed(store: ArticleStore, folder: Path) -> None:
    corpus = CorpusService(store, [folder], clock=lambda: NOW + timedelta(seconds=90.5))
    write_many(folder, 1)
    await corpus.load(now=NOW)
    write(folder / "late.md", text_of("Late"))
    await corpus.load(now=NOW)
    articles = await everything(store)
    assert articles["late.md"].arrived_at == NOW + timedelta(seconds=92)
    assert articles["story-0.md"].arrived_at == PUBLISHED


# ---------------------------------------------------------------------- several folders


async def test_named_folders_leave_the_others_alone(store: ArticleStore, tmp_path: Path) -> None:
    one, two = tmp_path / "one", tmp_path / "two"
    write(one / "a.md", text_of("One"))
    write(two / "b.md", text_of("Two"))
    corpus = CorpusService(store, [one])
    await corpus.load(now=NOW)
    assert counts(await corpus.load(now=NOW, folders=[two])) == (1, 0, 0, 0, 0)
    assert set(await everything(store)) == {"a.md", "b.md"}
    assert counts(await corpus.load(now=NOW)) == (0, 0, 1, 1, 0)
    assert set(await everything(store)) == {"a.md"}


async def test_a_file_moved_to_another_folder_keeps_identity(store: ArticleStore, tmp_path: Path) -> None:
    one, two = tmp_path / "one", tmp_path / "two"
    write(one / "a.md", text_of("One"))
    two.mkdir()
    corpus = CorpusService(store, [one, two])
    await corpus.load(now=NOW)
    before = await everything(store)
    (one / "a.md").rename(two / "z.md")
    assert counts(await corpus.load(now=NOW)) == (0, 1, 0, 0, 0)
    assert (await everything(store))["z.md"].id == before["a.md"].id


async def test_a_folder_inside_another_is_loaded_once(store: ArticleStore, folder: Path) -> None:
    write(folder / "a.md", text_of("One"))
    write(folder / "sub" / "b.md", text_of("Two"))
    corpus = CorpusService(store, [folder, folder / "sub", folder / "sub" / ".." / "sub", folder])
    assert counts(await corpus.load(now=NOW)) == (2, 0, 0, 0, 0)
    assert counts(await corpus.load(now=NOW)) == (0, 0, 2, 0, 0)


async def test_folders_taken_together_or_apart_keep_every_article_once(store: ArticleStore, folder: Path) -> None:
    write(folder / "a.md", text_of("One"))
    write(folder / "sub" / "b.md", text_of("Two"))
    corpus = CorpusService(store, [folder])
    await corpus.load(now=NOW, folders=[folder / "sub"])
    before = (await everything(store))["b.md"]
    assert counts(await corpus.load(now=NOW, folders=[folder])) == (1, 1, 0, 0, 0)
    assert (await everything(store))["sub/b.md"].id == before.id
    assert counts(await corpus.load(now=NOW, folders=[folder / "sub"])) == (0, 1, 0, 0, 0)
    assert len(await everything(store)) == 2
