"""Fields are read by what they are for: in their usual spellings, and addresses only where they lead to the web."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from digests.corpus.reader import read
from digests.models import Problem, Provider
from tests.digests.corpus.reading import article, front, with_remarks

# ---------------------------------------------------------------------- coercion by schema


@pytest.mark.parametrize(
    ("written", "title"),
    [
        ("NO", "NO"),
        ("on", "on"),
        ("true", "true"),
        ("TRUE", "TRUE"),
        ("014", "014"),
        ("1_000", "1_000"),
        ("1.10", "1.10"),
        ("1e3", "1e3"),
        ("0x1F", "0x1F"),
        ("2021", "2021"),
        ("2021-02-04", "2021-02-04"),
        ("12:30:45", "12:30:45"),
        (".inf", ".inf"),
        ("-0", "-0"),
        ("'null'", "null"),
        ("!!str 5", "5"),
        ("[Only one]", "Only one"),
    ],
)
def test_a_title_is_what_is_written(written: str, title: str) -> None:
    assert article(f"---\ntitle: {written}\ntopics: [NO, 014]\n---\n").title == title


def test_topics_are_what_is_written() -> None:
    assert article(front("topics: [NO, 014, 1.10, true]")).topics == ("NO", "014", "1.10", "true")


def test_topics_of_the_publisher_are_what_is_written() -> None:
    assert article(front("webUrl: https://x.org/a\ntopics: [1.10, b]")).topics == ("1.10", "b")
    assert article(front("webUrl: https://x.org/a\ntopics: 1.10")).topics == ("1.10",)


def test_a_number_for_a_title_makes_no_fault_of_the_other_fields() -> None:
    fields = "images: [a.png]\npublished: 2024-01-02\nexcerpt: {a: b}\ncategory: [b, c]\nprovider: {name: 1843, id: 5}"
    reading = read("story.md", f"---\ntitle: 1984\n{fields}\n---\n".encode())
    assert reading.problems == ()
    assert reading.article is not None
    assert (reading.article.title, reading.article.topics) == ("1984", ("b", "c"))
    assert reading.article.provider == Provider("1843", "1843")


@pytest.mark.parametrize(
    ("written", "topics"),
    [
        ("", ()),
        ("null", ()),
        ("[]", ()),
        ("AI", ("AI",)),
        ("AI, Robots", ("AI", "Robots")),
        ("[AI, null, '', '  ']", ("AI",)),
        ("[' A &amp; B ', AI, ai]", ("A & B", "AI")),
    ],
)
def test_topics_come_in_many_shapes(written: str, topics: tuple[str, ...]) -> None:
    reading = with_remarks(f"topics: {written}")
    assert reading.article is not None
    assert reading.article.topics == topics
    assert reading.problems == ()


@pytest.mark.parametrize(
    ("written", "moment"),
    [
        ("2021-02-04T16:02:00Z", datetime(2021, 2, 4, 16, 2, tzinfo=UTC)),
        ("'2021-02-04T16:02:00Z'", datetime(2021, 2, 4, 16, 2, tzinfo=UTC)),
        ("2021-02-04T16:02:00.987Z", datetime(2021, 2, 4, 16, 2, tzinfo=UTC)),
        ("2021-02-04T16:02:00+02:00", datetime(2021, 2, 4, 14, 2, tzinfo=UTC)),
        ("2021-02-04T16:02:00-0730", datetime(2021, 2, 4, 23, 32, tzinfo=UTC)),
        ("2021-02-04 16:02:00", datetime(2021, 2, 4, 16, 2, tzinfo=UTC)),
        ("2021-02-04 16:02:00 +0200", datetime(2021, 2, 4, 14, 2, tzinfo=UTC)),
        ("2021-02-04 16:02:00 UTC", datetime(2021, 2, 4, 16, 2, tzinfo=UTC)),
        ("2021-02-04T16:02", datetime(2021, 2, 4, 16, 2, tzinfo=UTC)),
        ("2021-02-04", datetime(2021, 2, 4, tzinfo=UTC)),
        ("2021/2/4 9:05", datetime(2021, 2, 4, 9, 5, tzinfo=UTC)),
        ("Thu, 04 Feb 2021 16:02:00 GMT", datetime(2021, 2, 4, 16, 2, tzinfo=UTC)),
        ("Thu, 04 Feb 2021 16:02:00 -0500", datetime(2021, 2, 4, 21, 2, tzinfo=UTC)),
    ],
)
def test_dates_are_read_in_their_usual_spellings(written: str, moment: datetime) -> None:
    reading = with_remarks(f"publishedDateTime: {written}")
    assert reading.article is not None
    assert reading.article.published_at == moment
    assert reading.problems == ()


@pytest.mark.parametrize(
    "written",
    [
        "2023-99-99T99:99:99Z",
        "2023-02-30",
        "yesterday",
        "1612454520",
        "[]x",
        "true",
        "0001-01-01T00:00:00+14:00",
        "0001-01-01",
        "0999-12-31T23:59:59Z",
        "3000-01-01",
        "2999-12-31T23:00:00-02:00",
        "9999-12-31T23:59:59Z",
        "Fri, 31 Dec 9999 23:59:59 GMT",
    ],
)
def test_an_impossible_date_leaves_the_article_undated_and_is_reported(written: str) -> None:
    reading = read("story.md", f"---\ntitle: A title\npublishedDateTime: '{written}'\n---\n".encode())
    assert reading.article is not None
    assert reading.article.published_at is None
    (problem,) = reading.problems
    assert problem == Problem("story.md", 3, problem.reason, rejected=False)
    assert "publishedDateTime" in problem.reason


def test_an_impossible_date_of_a_related_link_costs_the_date_alone() -> None:
    reading = with_remarks("related:\n  - title: one\n    webUrl: https://x.org/a\n    publishedDateTime: 9999-12-31")
    assert reading.article is not None
    assert [(link.title, link.published_at) for link in reading.article.related] == [("one", None)]
    assert [problem.reason for problem in reading.problems] == [
        "related[1].publishedDateTime is not a possible date and is left out"
    ]


@pytest.mark.parametrize(
    ("path", "moment"),
    [
        ("2021-02-04-a-story.md", datetime(2021, 2, 4, tzinfo=UTC)),
        ("deep/er/2021-02-04-a-story.md", datetime(2021, 2, 4, tzinfo=UTC)),
        ("2021-02-30-a-story.md", None),
        ("0999-12-31-a-story.md", None),
        ("9999-12-31-a-story.md", None),
        ("a-2021-02-04-story.md", None),
        ("2021-02-04.md", datetime(2021, 2, 4, tzinfo=UTC)),
    ],
)
def test_the_file_name_dates_what_has_no_date(path: str, moment: datetime | None) -> None:
    assert article("A title\n\nText", path).published_at == moment
    assert article(front("quality: 1"), path).published_at == moment
    assert article(front("publishedDateTime: nonsense"), path).published_at == moment
    assert article(front("date: 2020-01-02 03:04:05 +0000"), path).published_at == datetime(
        2020, 1, 2, 3, 4, 5, tzinfo=UTC
    )


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("61", 61),
        ("'61'", 61),
        ("61.5", 62),
        ("'61.4'", 61),
        ("1e2", 100),
        ("014", 14),
        ("1_000", 1000),
        ("'1,000'", 1000),
        ("'0x1F'", 31),
        ("-1", None),
        ("-1.5", None),
        ("null", None),
        ("", None),
        ("''", None),
    ],
)
def test_numbers_are_read_in_their_usual_spellings(written: str, number: int | None) -> None:
    reading = with_remarks(f"quality: {written}\nheat: {written}")
    assert reading.article is not None
    assert (reading.article.quality, reading.article.heat) == (number, number)
    assert reading.problems == ()


@pytest.mark.parametrize("written", ["high", ".nan", ".inf", "[1, 2]", "{a: b}", "99999999999999999999", "1e300"])
def test_a_number_that_is_none_is_reported_and_unknown(written: str) -> None:
    reading = with_remarks(f"quality: {written}")
    assert reading.article is not None
    assert reading.article.quality is None
    (problem,) = reading.problems
    assert (problem.line, problem.rejected) == (3, False)
    assert "quality" in problem.reason


@pytest.mark.parametrize(
    ("written", "published"),
    [
        ("true", True),
        ("false", False),
        ("False", False),
        ("NO", False),
        ("yes", True),
        ("off", False),
        ("'false'", False),
        ("0", False),
        ("1", True),
        ("null", True),
        ("", True),
    ],
)
def test_published_is_read_in_its_usual_spellings(written: str, published: bool) -> None:
    reading = with_remarks(f"heat: 1\npublished: {written}")
    assert reading.article is not None
    assert reading.article.published is published
    assert reading.problems == ()


def test_published_is_true_unless_said_otherwise() -> None:
    assert article(front("")).published
    assert with_remarks("published: perhaps\nheat: 1").problems[0].line == 3


@pytest.mark.parametrize(
    ("fields", "provider"),
    [
        ("provider: {name: ' New  York Times ', domain: www.NYTimes.com}", Provider("New York Times", "nytimes.com")),
        ("provider: {domain: nytimes.com}", Provider("nytimes.com", "nytimes.com")),
        ("provider: {name: Times}", Provider("Times", "x.org")),
        ("provider: Times", Provider("Times", "x.org")),
        ("provider: {name: 014, domain: https://www.forbes.com/x}", Provider("014", "forbes.com")),
        ("provider: null", Provider("x.org", "x.org")),
        ("", Provider("x.org", "x.org")),
        ("provider: []", Provider("x.org", "x.org")),
    ],
)
def test_providers_come_in_many_shapes(fields: str, provider: Provider) -> None:
    reading = with_remarks(f"webUrl: https://www.x.org/a\n{fields}")
    assert reading.article is not None
    assert reading.article.provider == provider
    assert reading.problems == ()


def test_without_address_and_provider_there_is_none() -> None:
    assert article(front("")).provider is None
    assert article(front("provider: {name: The Gazette}")).provider == Provider("The Gazette", "the gazette")


# ---------------------------------------------------------------------- addresses


def test_original_url_stands_in_for_a_missing_web_url() -> None:
    found = article(front("originalUrl: https://youtube.com/watch?v=WJk-Y8LQlfE\ntype: video"))
    assert found.url == "https://youtube.com/watch?v=WJk-Y8LQlfE"
    assert found.key == "https://youtube.com/watch?v=WJk-Y8LQlfE"
    assert found.kind == "video"


def test_original_url_is_an_alias_otherwise() -> None:
    found = article(front("webUrl: https://x.org/a\noriginalUrl: https://y.org/b"))
    assert (found.url, found.keys) == ("https://x.org/a", ("https://x.org/a", "https://y.org/b"))


@pytest.mark.parametrize(
    "bad", ["javascript:alert(1)", "ftp://x.org/a", "'data:text/html,hello'", "/relative", "nonsense"]
)
def test_only_web_links_survive_and_others_are_reported(bad: str) -> None:
    reading = with_remarks(
        f"webUrl: {bad}\nimages:\n  - url: {bad}\n  - url: https://x.org/a.png\n"
        f"related:\n  - title: one\n    webUrl: {bad}\n  - title: two\n    webUrl: https://x.org/b"
    )
    assert reading.article is not None
    assert reading.article.url is None
    assert reading.article.key == "file:story.md"
    assert [image.url for image in reading.article.images] == ["https://x.org/a.png"]
    assert [link.title for link in reading.article.related] == ["two"]
    assert [(problem.line, problem.rejected) for problem in reading.problems] == [(3, False), (5, False), (9, False)]
    assert bad not in repr(reading)


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        ("ftp://x.org/a", "is not an http or https address"),
        ("x" * 3000, "is not an http or https address"),
        (f"https://x.org/{'a' * 2048}", "is longer than 2048 characters"),
        (f"https://x.org/{'ä' * 1000}", "is longer than 2048 characters"),
        ("https://x.org:99999/a", "is not a valid address"),
        ("HTTP://x_.org-:80/a", "is not a valid address"),
        ("https:///a", "is not a valid address"),
    ],
)
def test_what_is_wrong_with_an_address_is_said(bad: str, reason: str) -> None:
    reading = with_remarks(f"webUrl: {bad}\nimages:\n  - url: {bad}\nrelated:\n  - title: one\n    webUrl: {bad}")
    assert [problem.reason for problem in reading.problems] == [
        f"{field} {reason} and is left out" for field in ("webUrl", "images[1].url", "related[1].webUrl")
    ]


def test_a_bad_web_url_gives_way_to_a_good_original() -> None:
    reading = with_remarks("webUrl: nonsense\noriginalUrl: https://x.org/a")
    assert reading.article is not None
    assert reading.article.url == "https://x.org/a"
    assert len(reading.problems) == 1


def test_passwords_in_addresses_are_taken_out() -> None:
    assert article(front("webUrl: https://me:secret@x.org/a")).url == "https://x.org/a"


def test_a_file_without_an_address_has_its_path_for_a_key() -> None:
    assert article("A title", "deep/er.txt").key == "file:deep/er.txt"


@pytest.mark.parametrize("written", ["images: https://x.org/a.png", "images:\n  - https://x.org/a.png"])
def test_a_picture_may_be_its_address_alone(written: str) -> None:
    reading = with_remarks(written)
    assert reading.article is not None
    assert [image.url for image in reading.article.images] == ["https://x.org/a.png"]
    assert reading.problems == ()


@pytest.mark.parametrize("written", ["related: https://x.org/a", "related:\n  - https://x.org/a"])
def test_an_address_alone_is_no_related_link(written: str) -> None:
    reading = with_remarks(written)
    assert reading.article is not None
    assert reading.article.related == ()
    assert [problem.reason for problem in reading.problems] == ["related[1] can't be understood and is left out"]


@pytest.mark.parametrize(
    ("written", "provider"),
    [
        ("publisher: Reuters", Provider("Reuters", "reuters")),
        ("publisher: https://wire.example/a", None),
        ("publisher: ''", None),
    ],
)
def test_an_address_is_no_publishers_name(written: str, provider: Provider | None) -> None:
    assert article(front(written)).provider == provider


@pytest.mark.parametrize("path", ["_drafts/a.md", "posts/_drafts/a.md"])
def test_a_file_among_drafts_is_left_out_whatever_it_says(path: str) -> None:
    text = front("publishedDateTime: 2026-01-01T00:00:00Z").encode()
    assert read(path, text).left_out == "a draft"
    assert read("a.md", text).left_out == ""


def test_one_related_link_needs_no_list() -> None:
    reading = with_remarks("related:\n  title: one\n  webUrl: https://x.org/b")
    assert reading.article is not None
    assert [link.url for link in reading.article.related] == ["https://x.org/b"]
    assert reading.problems == ()
