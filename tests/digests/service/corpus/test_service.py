"""Loading folders: what changed is read, what is broken costs nothing else, and all of it is found again."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from digests import handles
from digests.errors import NotFound
from digests.models import Provider, Window
from digests.service.corpus import CorpusService
from digests.store.articles import ArticleStore
from digests.store.connection import Database
from digests.store.search import SearchStore
from tests.digests.service.corpus.making import HOUR, NOW, PUBLISHED, counts, everything, text_of, write, write_many

SEEDS = Path(__file__).parents[5] / "shared" / "corpus" / "seeds"


async def found(database: Database, word: str) -> int:
    async with database.read() as connection:
        rows = await connection.execute_fetchall(
            "SELECT COUNT(*) FROM article_index WHERE article_index MATCH :word", {"word": word}
        )
        return int(next(iter(rows))[0])


@pytest.mark.skipif(not SEEDS.is_dir(), reason="the sample corpora are not here")
async def test_the_seeds_load_and_are_unchanged_afterwards(store: ArticleStore, database: Database) -> None:
    corpus = CorpusService(store, [SEEDS])
    assert counts(await corpus.load(now=NOW)) == (5, 0, 0, 0, 0)
    assert counts(await corpus.load(now=NOW)) == (0, 0, 5, 0, 0)
    assert await corpus.problems() == ()
    articles = await everything(store)
    assert any(article.excerpt.startswith("TORONTO — Clearview") for article in articles.values())
    assert Path(database.path).read_bytes().find(b"eHduokjy2HNrnGl6up4L") == -1
    assert await SearchStore(database).verify()


async def test_what_changed_is_counted(corpus: CorpusService, store: ArticleStore, folder: Path) -> None:
    write_many(folder, 5)
    assert counts(await corpus.load(now=NOW)) == (5, 0, 0, 0, 0)
    write(folder / "story-0.md", text_of("Story 0", excerpt="other words"))
    (folder / "story-1.md").unlink()
    write(folder / "deep" / "er" / "story-9.txt", "Plain title\n\nText\n")
    assert counts(await corpus.load(now=NOW)) == (1, 1, 3, 1, 0)
    articles = await everything(store)
    assert set(articles) == {"story-0.md", "story-2.md", "story-3.md", "story-4.md", "deep/er/story-9.txt"}
    assert articles["story-0.md"].excerpt == "other words"


async def test_a_touched_file_is_not_parsed_again(corpus: CorpusService, store: ArticleStore, folder: Path) -> None:
    place = write(folder / "a.md", text_of("One"))
    await corpus.load(now=NOW)
    generation = await store.generation()
    os.utime(place)
    assert counts(await corpus.load(now=NOW)) == (0, 0, 1, 0, 0)
    assert await store.generation() == generation


async def test_a_change_within_one_tick_of_the_clock_is_seen(
    corpus: CorpusService, store: ArticleStore, folder: Path
) -> None:
    place = write(folder / "a.md", text_of("One"), aged=False)
    later = (place.stat().st_mtime + 3600,) * 2
    os.utime(place, later)
    await corpus.load(now=NOW)
    place.write_text(text_of("Two"))
    os.utime(place, later)
    assert counts(await corpus.load(now=NOW)) == (0, 1, 0, 0, 0)


async def test_search_keeps_in_step(corpus: CorpusService, database: Database, folder: Path) -> None:
    write_many(folder, 12)
    write(folder / "a.md", text_of("Zebras arrive", topics="[Animals]"))
    await corpus.load(now=NOW)
    assert await found(database, "zebras") == 1
    write(folder / "a.md", text_of("Giraffes arrive"))
    await corpus.load(now=NOW)
    assert (await found(database, "zebras"), await found(database, "giraffes")) == (0, 1)
    (folder / "a.md").rename(folder / "b.md")
    await corpus.load(now=NOW)
    assert await found(database, "giraffes") == 1
    (folder / "b.md").unlink()
    await corpus.load(now=NOW)
    assert await found(database, "giraffes") == 0
    assert await SearchStore(database).verify()


# ---------------------------------------------------------------------- problems


async def test_a_broken_file_costs_nothing_else(corpus: CorpusService, store: ArticleStore, folder: Path) -> None:
    write_many(folder, 3)
    write(folder / "broken.md", "---\ntitle: [a\n---\n")
    report = await corpus.load(now=NOW)
    assert counts(report) == (3, 0, 0, 0, 1)
    (problem,) = report.problems
    assert (problem.path, problem.line, problem.rejected) == ("broken.md", 2, True)
    assert await corpus.problems() == report.problems
    assert (await store.status()).problem_count == 1


async def test_the_last_good_version_stays_as_long_as_a_file_is_broken(
    corpus: CorpusService, store: ArticleStore, folder: Path
) -> None:
    place = write(folder / "a.md", text_of("Good words"))
    await corpus.load(now=NOW)
    write(place, "---\ntitle: [a\n---\n")
    for _time in range(3):
        report = await corpus.load(now=NOW)
        assert counts(report) == (0, 0, 0, 0, 1)
        assert len(report.problems) == 1
        assert (await everything(store))["a.md"].title == "Good words"
    os.utime(place)
    assert counts(await corpus.load(now=NOW)) == (0, 0, 0, 0, 1)
    place.rename(folder / "b.md")
    assert counts(await corpus.load(now=NOW)) == (0, 0, 0, 0, 1)
    assert (await everything(store))["b.md"].title == "Good words"
    write(folder / "b.md", text_of("Better words"))
    report = await corpus.load(now=NOW)
    assert counts(report) == (0, 1, 0, 0, 0)
    assert report.problems == ()
    assert (await everything(store))["b.md"].title == "Better words"


async def test_a_broken_file_that_goes_takes_its_problem_along(corpus: CorpusService, folder: Path) -> None:
    place = write(folder / "a.md", "---\ntitle: [a\n---\n")
    await corpus.load(now=NOW)
    place.unlink()
    report = await corpus.load(now=NOW)
    assert counts(report) == (0, 0, 0, 0, 0)
    assert report.problems == ()


async def test_remarks_are_reported_without_costing_the_article(corpus: CorpusService, folder: Path) -> None:
    write(folder / "a.md", text_of("One", url="javascript:x"))
    for _time in range(2):
        report = await corpus.load(now=NOW)
        assert report.rejected == 0
        (problem,) = report.problems
        assert (problem.path, problem.line, problem.rejected) == ("a.md", 3, False)


async def test_too_large_a_file_is_rejected_unread(store: ArticleStore, folder: Path) -> None:
    write(folder / "a.md", "x" * 3000)
    report = await CorpusService(store, [folder], max_file_bytes=1024).load(now=NOW)
    assert counts(report) == (0, 0, 0, 0, 1)
    assert "3 KiB" in report.problems[0].reason


async def test_a_named_pipe_does_not_hold_the_load_up(corpus: CorpusService, folder: Path) -> None:
    os.mkfifo(folder / "pipe.md")
    write_many(folder, 1)
    assert counts(await corpus.load(now=NOW)) == (1, 0, 0, 0, 0)


# ---------------------------------------------------------------------- providers, topics, status


async def test_a_provider_is_named_as_most_of_its_articles_do(
    corpus: CorpusService, store: ArticleStore, folder: Path
) -> None:
    for number, name in enumerate(["NYT", "New York Times", "New York Times"]):
        write(
            folder / f"{number}.md",
            text_of(f"Story {number}", provider=f"{{name: {name}, domain: nytimes.com}}", topics="[AI]"),
        )
    write(
        folder / "other.md",
        text_of(
            "Other",
            topics="[ai, Ai]",
            related="[{title: r, webUrl: https://nytimes.com/r, provider: {name: nyt, domain: nytimes.com}}]",
        ),
    )
    await corpus.load(now=NOW)
    assert await store.providers() == ((Provider("New York Times", "nytimes.com"), 3), (Provider("x.org", "x.org"), 1))
    assert await store.topics() == (("AI", 4),)
    articles = await everything(store)
    assert articles["0.md"].provider == Provider("New York Times", "nytimes.com")
    assert articles["other.md"].related[0].provider == Provider("New York Times", "nytimes.com")
    (folder / "1.md").unlink()
    write(folder / "2.md", text_of("Story 2", provider="{name: NYT, domain: nytimes.com}", topics="[Ai]"))
    write(folder / "0.md", text_of("Story 0", provider="{name: NYT, domain: nytimes.com}", topics="[Ai]"))
    await corpus.load(now=NOW)
    assert (await everything(store))["0.md"].provider == Provider("NYT", "nytimes.com")
    assert await store.topics() == (("Ai", 3),)
    for place in folder.glob("*.md"):
        place.unlink()
    await corpus.load(now=NOW)
    assert (await store.providers(), await store.topics()) == ((), ())


async def test_a_related_entry_keeps_its_other_addresses(
    corpus: CorpusService, store: ArticleStore, folder: Path
) -> None:
    related = (
        "[{title: r, webUrl: https://x.org/r, ampWebUrl: https://x.org/other}, {title: s, webUrl: https://x.org/s}]"
    )
    write(folder / "a.md", text_of("One", related=related))
    await corpus.load(now=NOW)
    first, second = (await everything(store))["a.md"].related
    assert (first.keys, second.keys) == (("https://x.org/r", "https://x.org/other"), ("https://x.org/s",))


async def test_status_sums_up(corpus: CorpusService, store: ArticleStore, folder: Path) -> None:
    empty = await corpus.status()
    assert (empty.article_count, empty.generation, empty.loaded_at, empty.newest_at) == (0, 0, None, None)
    write(folder / "a.md", text_of("One", topics="[AI]"))
    write(folder / "b.md", text_of("Two", published="false", publishedDateTime="2021-03-01"))
    write(folder / "c.md", "---\ntitle: [a\n---\n")
    await corpus.load(now=NOW)
    status = await corpus.status()
    assert (status.article_count, status.published_count, status.problem_count) == (2, 1, 1)
    assert (status.provider_count, status.topic_count, status.generation) == (1, 1, 1)
    assert (status.oldest_at, status.loaded_at) == (PUBLISHED, NOW)
    assert status.newest_at == await store.newest_published_at()


# ---------------------------------------------------------------------- reading


async def test_candidates_are_published_dated_and_in_the_window(
    corpus: CorpusService, store: ArticleStore, folder: Path
) -> None:
    for hour in range(6):
        write(folder / f"{hour}.md", text_of(f"Story {hour}", publishedDateTime=f"2021-02-04T{hour:02}:00:00Z"))
    write(folder / "off.md", text_of("Off", published="false", publishedDateTime="2021-02-04T03:00:00Z"))
    await corpus.load(now=NOW)
    day = PUBLISHED.replace(hour=0, minute=0)
    window = Window(day + HOUR, day + 3 * HOUR)
    assert [a.path for a in await store.find_candidates(window)] == ["3.md", "2.md"]
    whole = Window(day + HOUR, day + 3 * HOUR, closed_left=True)
    assert [a.path for a in await store.find_candidates(whole)] == ["2.md", "1.md"]
    assert [a.path for a in await store.find_candidates(whole, by_publication=True)] == ["2.md", "1.md"]
    around = await store.find_around(day + 2 * HOUR, day + 3 * HOUR, Window(day, day))
    assert {a.path for a in around} == {"2.md", "3.md", "off.md"}


async def test_articles_are_found_by_any_of_their_addresses(
    corpus: CorpusService, store: ArticleStore, folder: Path
) -> None:
    write(folder / "a.md", text_of("One", url="https://x.org/one", originalUrl="https://y.org/one"))
    write(folder / "b.md", text_of("Two", url="https://x.org/two") + "Body text")
    await corpus.load(now=NOW)
    assert [a.title for a in await store.find_by_keys(["https://y.org/one", "https://x.org/one"])] == ["One"]
    assert await store.find_by_keys([]) == ()
    assert len(await store.find_by_keys([f"https://z.org/{n}" for n in range(12_000)] + ["https://x.org/two"])) == 1
    (two,) = await store.find_by_ref(handles.reference("https://x.org/two"))
    assert (two.title, two.body) == ("Two", "")
    assert (await store.get(two.id)).body == "Body text"
    assert (await store.get(two.id, body=False)).body == ""
    assert await store.find_by_ref(1) == ()
    with pytest.raises(NotFound):
        await store.get(1)
    one = (await everything(store))["a.md"]
    assert [a.id for a in await store.find_by_ids([two.id, 5, one.id, two.id])] == [two.id, one.id]
    assert {title for title, _key in await store.recent_headlines(5)} == {"One", "Two"}


async def test_articles_of_this_day_in_earlier_years_are_found(
    corpus: CorpusService, store: ArticleStore, folder: Path
) -> None:
    for day in ["2018-02-04", "2019-02-05", "2020-02-03", "2020-02-06", "2021-02-04", "2021-02-03", "1969-02-04"]:
        write(folder / f"{day}.md", text_of(f"Story of {day}", publishedDateTime=f"{day}T12:00:00Z"))
    write(folder / "off.md", text_of("Off", published="false", publishedDateTime="2018-02-04"))
    write(folder / "leap.md", text_of("Leap", publishedDateTime="2020-02-29T12:00:00Z"))
    write(folder / "eve.md", text_of("Eve", publishedDateTime="2019-12-31T23:30:00Z"))
    await corpus.load(now=NOW)
    before = PUBLISHED.replace(hour=23)
    names = [a.path for a in await store.find_on_day(2, 4, before)]
    assert names == ["2020-02-03.md", "2019-02-05.md", "2018-02-04.md", "1969-02-04.md"]
    assert [a.path for a in await store.find_on_day(2, 28, before)] == ["leap.md"]
    assert [a.path for a in await store.find_on_day(2, 29, before)] == ["leap.md"]
    assert [a.path for a in await store.find_on_day(1, 1, before)] == ["eve.md"]


@pytest.mark.slow
async def test_many_rows_are_decoded_without_holding_the_loop(
    corpus: CorpusService, store: ArticleStore, folder: Path
) -> None:
    write_many(folder, 250)
    await corpus.load(now=NOW)
    assert len(await store.find_candidates(Window(PUBLISHED - HOUR, PUBLISHED + HOUR))) == 250
