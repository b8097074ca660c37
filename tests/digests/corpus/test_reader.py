"""One file becomes an article, or a problem with its line."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from digests.corpus import Reading, read
from digests.models import Article, Image, Problem, Provider

SAMPLES = Path(__file__).parents[4] / "shared" / "corpus"

FULL = """---
category: news
title: "Clearview AI’s App Ruled Illegal"
excerpt: "TORONTO â€” Canadian authorities &amp; others"
publishedDateTime: 2021-02-04T00:08:00Z
originalUrl: "https://www.nytimes.com/2021/02/03/clearview.html?utm_source=x"
webUrl: "https://www.nytimes.com/2021/02/03/clearview.html"
ampWebUrl: "https://www.nytimes.com/2021/02/03/clearview.amp.html"
cdnAmpWebUrl: "https://beta.nytimes.com/clearview"
type: article
quality: 89
heat: 209
published: true

provider:
  name: New York Times
  domain: WWW.nytimes.com
  images:
    - url: "https://x.org/a.jpg"

topics:
  - AI
  - Computer Vision
  - ai

images:
  - url: "https://x.org/big.jpg"
    width: 1050
    height: 550
    isCached: true

related:
  - title: "Ruled Illegal In Canada"
    excerpt: "The watchdog"
    publishedDateTime: 2021-02-04T10:34:00Z
    webUrl: "https://www.forbes.com/sites/x/"
    quality: 87
    provider:
      name: Forbes
      domain: forbes.com
  - title: "No address"
  - webUrl: "https://x.org/no-title"

featuredContent: "<iframe>"
secured: "SECRETSECRETSECRET=="
---

The body,
in two lines.

And a paragraph.
"""


def article(text: str | bytes, path: str = "story.md") -> Article:
    reading = read(path, text if isinstance(text, bytes) else text.encode())
    assert reading.article is not None, reading.problems
    return reading.article


def rejected(text: str | bytes, path: str = "story.md") -> Problem:
    reading = read(path, text if isinstance(text, bytes) else text.encode())
    assert reading.article is None
    (problem,) = reading.problems
    assert problem.rejected
    assert problem.path == path
    return problem


def front(fields: str, body: str = "") -> str:
    return f"---\ntitle: A title\n{fields}\n---\n{body}"


def with_remarks(fields: str) -> Reading:
    reading = read("story.md", front(fields).encode())
    assert reading.article is not None
    return reading


def test_every_field_is_read() -> None:
    found = article(FULL)
    assert found.title == "Clearview AI’s App Ruled Illegal"
    assert found.excerpt == "TORONTO — Canadian authorities & others"
    assert found.url == "https://www.nytimes.com/2021/02/03/clearview.html"
    assert found.key == "https://nytimes.com/2021/02/03/clearview.html"
    assert found.aliases == ("https://beta.nytimes.com/clearview",)
    assert found.provider == Provider("New York Times", "nytimes.com")
    assert found.topics == ("AI", "Computer Vision")
    assert (found.quality, found.heat, found.published) == (89, 209, True)
    assert (found.kind, found.category) == ("article", "news")
    assert found.published_at == datetime(2021, 2, 4, 0, 8, tzinfo=UTC)
    assert found.images == (Image("https://x.org/big.jpg", 1050, 550),)
    assert found.body == "The body,\nin two lines.\n\nAnd a paragraph."
    assert found.arrived_at is None
    (link,) = found.related
    assert (link.title, link.quality) == ("Ruled Illegal In Canada", 87)
    assert link.key == "https://forbes.com/sites/x"
    assert link.provider == Provider("Forbes", "forbes.com")
    assert link.published_at == datetime(2021, 2, 4, 10, 34, tzinfo=UTC)


def test_the_secured_field_is_never_kept() -> None:
    assert "SECRET" not in repr(read("a.md", FULL.encode()))


@pytest.mark.parametrize(
    "text",
    [
        # What a broken file leaves outside its front matter.
        'A title\n\nAn excerpt\n\nsecured: "SECRETSECRET=="\n',
        '---\ntitle: x\n---\nbody\nsecured: "SECRETSECRET=="\n',
        '---\ntitle: x\nexcerpt: "bro\n---\nken"\nsecured: "SECRETSECRET=="\n---\n',
        '---\ntitle: x\nsecured: "SECRETSECRET==\n---\n',
        "---\ntitle: x\n secured: [SECRETSECRET\n---\n",
        '---\ntitle: "x\nsecured: SECRETSECRET',
        '{"title": "x", "secured": "SECRETSECRET"}',
        '+++\ntitle = "x"\nsecured = "SECRETSECRET"\n+++\n',
        "---\nrelated:\n  - title: x\n    webUrl: https://x.org/\n    secured: SECRETSECRET\ntitle: y\n---\n",
    ],
)
def test_the_secured_field_is_not_kept_from_broken_files_either(text: str) -> None:
    assert "SECRET" not in repr(read("a.md", text.encode()))


# ---------------------------------------------------------------------- front matter of all kinds


@pytest.mark.parametrize("path", ["a.md", "a.markdown", "a.txt", "a.html", "a.htm"])
def test_front_matter_is_read_whatever_the_ending(path: str) -> None:
    assert article(front("quality: 3"), path).quality == 3


def test_toml_front_matter_is_read() -> None:
    found = article(
        '+++\ntitle = "A title"\npublishedDateTime = 2021-02-04T16:02:00Z\nquality = 61\npublished = false\n'
        'topics = ["AI"]\nexcerpt = """\none\n+++\ntwo"""\n[provider]\nname = "Forbes"\ndomain = "forbes.com"\n'
        '[[related]]\ntitle = "Other"\nwebUrl = "https://x.org/"\n+++\nBody'
    )
    assert found.published_at == datetime(2021, 2, 4, 16, 2, tzinfo=UTC)
    assert (found.quality, found.published, found.topics) == (61, False, ("AI",))
    assert found.provider == Provider("Forbes", "forbes.com")
    assert found.excerpt == "one +++ two"
    assert found.related[0].title == "Other"
    assert found.body == "Body"


def test_toml_local_dates_are_utc() -> None:
    assert article("+++\ntitle = 'x'\npublishedDateTime = 2021-02-04\n+++").published_at == datetime(
        2021, 2, 4, tzinfo=UTC
    )


def test_json_front_matter_is_read() -> None:
    found = article(
        '{\n "title": "A title",\n "quality": "12",\n "topics": ["AI"],\n "provider": {"name": "X"}\n}\n\nBody'
    )
    assert (found.title, found.quality, found.topics, found.body) == ("A title", 12, ("AI",), "Body")


def test_json_between_yaml_fences_is_read() -> None:
    assert article('---\n{"title": "A title", "quality": 4}\n---\nBody').quality == 4


@pytest.mark.parametrize(
    "text",
    [
        "\ufeff---\ntitle: A title\nquality: 5\n---\nBody",
        "---\r\ntitle: A title\r\nquality: 5\r\n---\r\nBody\r\n",
        "---\rtitle: A title\rquality: 5\r---\rBody\r",
        "\n\n---\ntitle: A title\nquality: 5\n---\nBody",
        "---  \ntitle: A title\nquality: 5\n--- \nBody",
        "---\ntitle: A title\nquality: 5\n...\nBody",
        "---\ntitle:\tA title\nquality: 5\n---\nBody",
        "---\n# a comment\ntitle: A title\n\nquality: 5\n---\nBody",
        "---\n? title\n: A title\nquality: 5\n---\nBody",
        "---\ntitle: &t A title\nquality: 5\nexcerpt: *t\n---\nBody",
    ],
)
def test_line_ends_marks_and_fences_of_all_kinds_are_understood(text: str) -> None:
    found = article(text)
    assert (found.title, found.quality, found.body) == ("A title", 5, "Body")


def test_an_indented_rule_inside_a_block_scalar_does_not_end_the_front_matter() -> None:
    found = article("---\ntitle: A title\nexcerpt: |\n  one\n  ---\n  two\nquality: 5\n---\nBody")
    assert (found.excerpt, found.quality, found.body) == ("one --- two", 5, "Body")


def test_a_rule_in_the_first_column_that_cuts_the_fields_is_reported_where_it_stands() -> None:
    problem = rejected("---\ntitle: A title\nexcerpt: |\n  one\n---\n  two\nquality: 5\n---\nBody")
    assert problem.line == 5
    assert "---" in problem.reason


def test_rules_in_the_body_stay_in_the_body() -> None:
    assert article(front("", "one\n\n---\n\ntwo")).body == "one\n\n---\n\ntwo"


# ---------------------------------------------------------------------- what costs the file


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("---\ntitle: a: b\n---\n", 2),
        ("\n\n---\ntitle: fine\nexcerpt: 'open\nquality: 3\n---\n", 6),
        ("---\ntitle: x\n\tquality: 3\n---\n", 3),
        ("---\ntitle: x\nquality: [1, 2\n---\n", 3),
        ("---\ntitle: x\nquality: 1\ntitle: y\n---\n", 4),
        ("---\r\ntitle: x\r\nquality: 1\r\ntitle: y\r\n---\r\n", 4),
        ("---\ntitle: x\nexcerpt: a\0b\n---\n", 3),
        ("---\n- title: x\n- quality\n---\nBody", 2),
        ("---\njust words\n---\nBody", 2),
        ("---\ntitle: x\nquality: 3\n\nBody without end", 1),
        ("+++\ntitle = x\n+++\n", 2),
        ("+++\ntitle = 'x'\n", 1),
        ('{\n"title": "x",\n"quality" 3\n}\n', 3),
        ("---\nquality: 3\n---\nBody", 2),
        ("---\ntitle: ''\n---\nBody", 2),
        ("---\ntitle: '<b></b>'\n---\nBody", 2),
        ("---\nx: *nowhere\ntitle: x\n---\n", 2),
    ],
)
def test_broken_front_matter_costs_the_file_and_tells_the_line(text: str, line: int) -> None:
    problem = rejected(text)
    assert problem.line == line
    assert problem.reason


def test_a_field_that_stands_twice_is_named() -> None:
    assert "quality" in rejected(front("quality: 1\nquality: 2")).reason
    assert "quality" in rejected('{"title": "x", "quality": 1, "quality": 2}').reason


def test_bad_bytes_are_reported_with_their_line() -> None:
    problem = rejected(b"---\ntitle: x\n---\nline\nbad \xff byte\n")
    assert problem.line == 5
    assert "UTF-8" in problem.reason
    assert rejected(b"one\r\ntwo\r\n\xc3(").line == 3
    assert rejected(b"one\rtwo\r\xc3(").line == 3


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_other_encodings_are_called_by_their_name(encoding: str) -> None:
    problem = rejected("---\ntitle: A title\n---\nBody".encode(encoding))
    assert "UTF-" in problem.reason
    assert problem.line == 1


def test_too_large_a_file_is_rejected() -> None:
    reading = read("a.md", b"x" * 1001, max_bytes=1000)
    assert reading.article is None
    assert "too large" in reading.problems[0].reason


@pytest.mark.parametrize("text", ["", " \n\n\t\n", "\ufeff", "---\n---\n", "---\n", "\0\0\0"])
def test_an_empty_file_is_rejected(text: str) -> None:
    rejected(text)


def bomb_of_aliases(merge: str) -> str:
    lines = ["a0: &a0 {x: y}"]
    for level in range(1, 13):
        aliases = ", ".join([f"*a{level - 1}"] * 9)
        lines.append(f"a{level}: &a{level} {merge.format(aliases)}")
    return "\n".join(lines)


@pytest.mark.timeout(20)
@pytest.mark.parametrize(
    "fields",
    [
        bomb_of_aliases("[{}]"),
        bomb_of_aliases("{{<<: [{}]}}"),
        "x: " + "[" * 100_000,
        "x: " + "{a: " * 100_000,
        "x:\n" + "- " * 100_000 + "x",
        "? " * 100_000 + "x",
        "".join(" " * level + "x:\n" for level in range(1500)),
        "x: " + "[" * 5000 + "]" * 5000,
    ],
)
def test_bombs_and_bottomless_nesting_are_rejected_quickly(fields: str) -> None:
    rejected(front(fields))


@pytest.mark.timeout(20)
@pytest.mark.parametrize(
    "text",
    [
        '{"title": "x", "a": ' + "[" * 200_000,
        "+++\ntitle = 'x'\na = " + "[" * 100_000 + "\n+++",
        "+++\n" + "\n".join(f"a{n} = {{}}" for n in range(30_000)) + "\n+++",
        '{"title": 1' + "0" * 10_000 + "}",
        "+++\ntitle = 1" + "0" * 10_000 + "\n+++",
    ],
)
def test_bombs_in_other_kinds_are_rejected_quickly(text: str) -> None:
    rejected(text)


@pytest.mark.timeout(20)
@pytest.mark.parametrize(
    "fields",
    [
        "\n".join(f"k{number}: 1" for number in range(100_000)),
        "x: 1" + ":10" * 40_000,
        "x: '" + "y" * 1_500_000 + "'",
        "related:\n" + "\n".join(f"- title: t{n}\n  webUrl: https://x.org/{n}" for n in range(20_000)),
        "related:\n" + "- 7\n" * 50_000,
        "topics: [" + ", ".join(f"t{n}" for n in range(50_000)) + "]",
        "images:\n" + "- url: nonsense\n" * 50_000,
    ],
)
def test_large_but_honest_front_matter_is_read(fields: str) -> None:
    assert article(front(fields)).title == "A title"


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
        "20210204",
        "1612454520",
        "[]x",
        "true",
        "0001-01-01T00:00:00+14:00",
    ],
)
def test_an_impossible_date_leaves_the_article_undated_and_is_reported(written: str) -> None:
    reading = read("story.md", f"---\ntitle: A title\npublishedDateTime: '{written}'\n---\n".encode())
    assert reading.article is not None
    assert reading.article.published_at is None
    (problem,) = reading.problems
    assert problem == Problem("story.md", 3, problem.reason, rejected=False)
    assert "publishedDateTime" in problem.reason


@pytest.mark.parametrize(
    ("path", "moment"),
    [
        ("2021-02-04-a-story.md", datetime(2021, 2, 4, tzinfo=UTC)),
        ("deep/er/2021-02-04-a-story.md", datetime(2021, 2, 4, tzinfo=UTC)),
        ("2021-02-30-a-story.md", None),
        ("a-2021-02-04-story.md", None),
        ("2021-02-04.md", None),
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
    reading = with_remarks(f"published: {written}")
    assert reading.article is not None
    assert reading.article.published is published
    assert reading.problems == ()


def test_published_is_true_unless_said_otherwise() -> None:
    assert article(front("")).published
    assert with_remarks("published: perhaps").problems[0].line == 3


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


def test_a_bad_web_url_gives_way_to_a_good_original() -> None:
    reading = with_remarks("webUrl: nonsense\noriginalUrl: https://x.org/a")
    assert reading.article is not None
    assert reading.article.url == "https://x.org/a"
    assert len(reading.problems) == 1


def test_passwords_in_addresses_are_taken_out() -> None:
    assert article(front("webUrl: https://me:secret@x.org/a")).url == "https://x.org/a"


def test_a_file_without_an_address_has_its_path_for_a_key() -> None:
    assert article("A title", "deep/er.txt").key == "file:deep/er.txt"


# ---------------------------------------------------------------------- odd shapes never cost the article


@pytest.mark.parametrize(
    "fields",
    [
        "related: null",
        "related: []",
        "related: {title: one, webUrl: https://x.org/}",
        "related: [null, {}, [], {title: x}, {webUrl: https://x.org/}]",
        "images: null",
        "images: https://x.org/a.png",
        "images: [https://x.org/a.png, null]",
        "images: {url: https://x.org/a.png}",
        "excerpt: null",
        "excerpt: [one]",
        "type: null",
        "unknown: {a: [b, {c: d}]}",
        "1: x\n[a, b]: y\nnull: z",
        "webUrl: ''",
    ],
)
def test_odd_shapes_are_tolerated(fields: str) -> None:
    assert article(front(fields)).title == "A title"


def test_many_bad_fields_cost_none_of_the_good_ones() -> None:
    reading = with_remarks(
        "quality: high\nheat: {a: b}\npublished: perhaps\nprovider: [a, b]\ntopics: {a: {b: c}}\nimages: 7\n"
        "excerpt: {a: b}\nrelated:\n  - 5\n  - title: [a, b]\n  - title: one\n    webUrl: https://x.org/\n"
        "    quality: high\n    provider: 014\n    publishedDateTime: never\ntype: video"
    )
    assert reading.article is not None
    assert reading.article.kind == "video"
    assert [link.title for link in reading.article.related] == ["one"]
    assert all(not problem.rejected and problem.line for problem in reading.problems)
    assert {problem.line for problem in reading.problems} >= {3, 4, 5, 6, 9, 15, 17}


def test_remarks_on_one_file_are_bounded() -> None:
    reading = with_remarks("images:\n" + "- url: nonsense\n" * 100)
    assert len(reading.problems) == 21
    assert "80" in reading.problems[-1].reason


# ---------------------------------------------------------------------- plain files


def test_a_plain_file_is_an_article() -> None:
    found = article("\n\nThe title\n\nThe excerpt\ngoes on.\n\nThe body.\n\nMore.\n", "2020-07-07-x.txt")
    assert (found.title, found.excerpt, found.body) == ("The title", "The excerpt goes on.", "The body.\n\nMore.")
    assert found.published
    assert found.published_at == datetime(2020, 7, 7, tzinfo=UTC)
    assert found.url is None


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("# The title\n\ntext", "The title"),
        ("## The title ##\n\ntext", "The title"),
        ("The title\n=========\n\ntext", "The title"),
        ("The title\ntext", "The title"),
        ("---\n\nThe title\n\ntext", "The title"),
        ("---\n---\nThe title\n\ntext", "The title"),
        ("{% include x %}\n\ntext", "{% include x %}"),
        ("#hashtag is a title\n\ntext", "#hashtag is a title"),
        ("&ldquo;The&rdquo; title â€” x", "“The” title — x"),
    ],
)
def test_the_first_line_is_the_title(text: str, title: str) -> None:
    found = article(text)
    assert found.title == title
    assert found.excerpt in {"text", ""}


def test_a_page_of_html_without_front_matter_loses_its_tags() -> None:
    found = article(
        "<!DOCTYPE html>\n<html><head><title>The &amp; title</title><style>p {}</style></head>\n<body><h1>The &amp; "
        "title</h1><p>The <b>excerpt</b>.</p>\n<script>alert(1)</script><p>The body.</p></body></html>",
        "2020-07-07-x.html",
    )
    assert (found.title, found.excerpt, found.body) == ("The & title", "The excerpt.", "The body.")


def test_an_endless_first_line_is_shortened_and_kept() -> None:
    line = "word " * 1000
    found = article(line)
    assert len(found.title) <= 500
    assert found.title.endswith("…")
    assert found.excerpt == line.strip()


# ---------------------------------------------------------------------- the samples


@pytest.mark.skipif(not SAMPLES.is_dir(), reason="the sample corpora are not here")
def test_every_sample_file_is_read_without_a_remark() -> None:
    files = [path for path in SAMPLES.rglob("*") if path.suffix in {".md", ".txt"}]
    assert files
    for path in files:
        reading = read(path.name, path.read_bytes())
        assert reading.article is not None, reading.problems
        assert reading.problems == ()
        assert reading.article.title
        assert "secured" not in repr(reading)
