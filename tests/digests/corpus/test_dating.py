"""A date is read in every usual spelling, from fields, names, folders and first lines; nothing else is one."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from digests.corpus.reader import read
from digests.corpus.site import Site
from tests.digests.corpus.reading import fields, on_site, one


@pytest.mark.parametrize(
    "written",
    [
        "2021-11-30",
        "30 Nov 2021",
        "Nov 30 2021",
        "November 30, 2021",
        "Tuesday, November 30th, 2021",
        "30.11.2021",
        "11/30/2021",
        "30/11/2021",
        "2021/11/30",
        "'20211130'",
        "2021-11-30T00:00:00+00:00[UTC]",
        "2021-11-29 24:00",
        "2021-11-29 19:00 EST",
        "2021-11-29 4:00 PM PST",
        "2021-11-30 01:00:00 CET",
        "2021-11-30 02:00:00 UTC+02:00",
        "2021-11-30 01:00 Europe/Berlin",
        "Tue, 30 Nov 2021 00:00:00 GMT",
        "Tue Nov 30 2021 01:00:00 GMT+0100 (Central European Standard Time)",
        "Tue Nov 30 00:00:00 UTC 2021",
    ],
)
def test_a_day_is_read_in_every_usual_spelling(written: str) -> None:
    reading = fields(f"title: A\ndate: {written}")
    assert reading.article is not None
    assert reading.article.published_at == datetime(2021, 11, 30, tzinfo=UTC)
    assert reading.problems == ()


def test_a_leap_second_is_read() -> None:
    assert one("title: A\ndate: 2016-12-31T23:59:60Z").published_at == datetime(2016, 12, 31, 23, 59, 59, tzinfo=UTC)


@pytest.mark.parametrize(("written", "day"), [("03/04/2020", (2020, 3, 4)), ("03-04-2020", (2020, 4, 3))])
def test_an_ambiguous_day_is_reported_with_what_it_was_taken_for(written: str, day: tuple[int, int, int]) -> None:
    reading = fields(f"title: A\ndate: {written}")
    assert reading.article is not None
    assert reading.article.published_at == datetime(*day, tzinfo=UTC)
    (problem,) = reading.problems
    assert (problem.line, problem.rejected) == (3, False)
    assert "-".join(f"{part:02}" for part in day) in problem.reason


@pytest.mark.parametrize(
    "name",
    [
        *("Date", "pubDate", "pubDatetime", "publishDate", "published_at", "published-on", "datePublished", "dateline"),
        *("published", "created", "created_at", "createdAt"),
    ],
)
def test_a_date_goes_by_many_names(name: str) -> None:
    assert one(f"title: A\n{name}: 2024-03-05\nupdated: 2025-01-01").published_at == datetime(2024, 3, 5, tzinfo=UTC)


def test_an_edit_is_no_publication() -> None:
    assert one("title: A\nlastmod: 2024-03-05\nmodified: 2024-03-05\nupdated: 2024-03-05").published_at is None


def test_a_date_may_be_an_object() -> None:
    found = one("title: A\ndate:\n  created: 2024-03-05\n  updated: 2025-01-01")
    assert found.published_at == datetime(2024, 3, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    "path",
    [
        *("2024-3-5-x.md", "2024-03-05.md", "2024-03-05 A note.md", "2024-03-05_x.md", "20240305-x.md"),
        *("blog/2024-03-05-x/index.md", "blog/2024/03/05/x.md", "blog/2024/03-05-x.md", "2024_03_05_x.md"),
    ],
)
def test_a_name_or_folder_dates_a_file(path: str) -> None:
    assert one("title: A", path).published_at == datetime(2024, 3, 5, tzinfo=UTC)


@pytest.mark.parametrize("path", ["123456.x.md", "v1.2.3-x.md", "2024-13-45-x.md", "2024/x.md", "10-01-02-x.md"])
def test_other_numbers_in_a_name_are_no_date(path: str) -> None:
    assert one("title: A", path).published_at is None


def test_a_sites_time_zone_counts_for_dates_without_one() -> None:
    site = Site(timezone="Asia/Tokyo")
    text = "---\ntitle: A\ndate: {}\n---\n"
    assert on_site(text.format("2024-03-05 10:00"), site=site).published_at == datetime(2024, 3, 5, 1, tzinfo=UTC)
    assert on_site(text.format("2024-03-05T10:00:00Z"), site=site).published_at == datetime(2024, 3, 5, 10, tzinfo=UTC)


@pytest.mark.parametrize(
    "line", ["*March 5, 2024*", "Posted on 5 March 2024.", "2024-03-05", "**Published:** Tuesday, March 5, 2024"]
)
@pytest.mark.parametrize("head", ["# Harbour\n\n", "---\ntitle: Harbour\n---\n\n"])
def test_a_date_alone_in_the_first_line_dates_a_text(head: str, line: str) -> None:
    found = read("a.md", f"{head}{line}\n\nIt opens.\n".encode(), explain=True)
    assert found.article is not None
    assert (str(found.article.published_at)[:10], found.article.excerpt) == ("2024-03-05", "It opens.")
    assert dict(found.sources)["published_at"] in {"first lines of the text", "Published"}


@pytest.mark.parametrize(
    "line", ["03/04/2024", "In 2024 all went well", "March 5", "2024", "It was on March 5, 2024, that"]
)
def test_a_first_line_that_is_no_clear_date_dates_nothing(line: str) -> None:
    made = read("a.md", f"# Harbour\n\n{line}\n\nIt opens.\n".encode()).article
    assert made is not None
    assert made.published_at is None


def test_a_date_at_the_end_of_a_name_dates_a_file() -> None:
    made = read("news/harbour-week-2024-03-05.md", b"# Harbour\n\nIt opens.\n").article
    assert made is not None
    assert str(made.published_at)[:10] == "2024-03-05"


def test_an_article_is_due_later_only_if_that_is_after_its_date() -> None:
    def due_at(due: str) -> datetime | None:
        text = f"---\ntitle: A\ndate: 2024-03-05\npublishDate: {due}\n---\nText.\n"
        found = read("a.md", text.encode()).article
        assert found is not None
        return found.due_at

    assert due_at("2024-03-04") is None
    assert due_at("2024-03-06") == datetime(2024, 3, 6, tzinfo=UTC)
