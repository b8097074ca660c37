"""One file becomes an article, whatever kind of front matter it has, or none at all."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from digests.corpus.reader import read
from digests.models import Image, Provider
from tests.digests.corpus.reading import article, front, rejected

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


@pytest.mark.parametrize(
    ("fields", "keys"),
    [
        ("webUrl: https://x.org/a, originalUrl: https://y.org/a", ("https://x.org/a", "https://y.org/a")),
        ("webUrl: https://x.org/a, cdnAmpWebUrl: https://beta.x.org/a", ("https://x.org/a", "https://beta.x.org/a")),
        ("cdnAmpWebUrl: https://x-org.cdn.ampproject.org/c/s/x.org/a", ("https://x.org/a",)),
        (
            "webUrl: https://www.x.org/a/, ampWebUrl: https://www.x.org/a/amp/,"
            " cdnAmpWebUrl: https://www-x-org.cdn.ampproject.org/c/s/www.x.org/a/amp/",
            ("https://x.org/a",),
        ),
        (
            "webUrl: https://x.org/a, cdnAmpWebUrl: https://x-org.cdn.ampproject.org/c/s/x.org/b",
            ("https://x.org/a", "https://x.org/b"),
        ),
        ("webUrl: https://x.org/a, ampWebUrl: https://x.org/a?b=c", ("https://x.org/a", "https://x.org/a?b=c")),
    ],
)
def test_an_article_and_a_related_entry_answer_to_each_of_their_addresses(fields: str, keys: tuple[str, ...]) -> None:
    assert article(f"---\n{{title: A title, {fields}}}\n---\n").keys == keys
    assert article(front(f"related: [{{title: r, {fields}}}]")).related[0].keys == keys


def test_an_address_cached_a_thousand_times_over_is_read_like_any_other() -> None:
    cached = "https://x.cdn.ampproject.org/c/s/" + "x.cdn.ampproject.org/c/s/" * 10_000 + "x.org/a"
    found = article(front(f"webUrl: https://x.org/b\nampWebUrl: {cached}"))
    assert found.keys == ("https://x.org/b",)


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
def test_line_ends_marks_and_fences_of_all_kinds_are_read(text: str) -> None:
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
        ("{% include x %}\n\ntext", "Story"),
        ("#hashtag is a title\n\ntext", "#hashtag is a title"),
        ("&ldquo;The&rdquo; title â€” x", "“The” title — x"),
    ],
)
def test_the_first_line_is_the_title(text: str, title: str) -> None:
    found = article(text)
    assert found.title == title
    assert found.excerpt in {"text", ""}


def test_a_first_line_without_a_blank_line_after_it_is_the_title_alone() -> None:
    found = article("Ferry strike ends\nThe crews are back.\nBoats sail again.\n\nMore tomorrow.")
    assert (found.title, found.excerpt) == ("Ferry strike ends", "The crews are back. Boats sail again.")
    assert found.body == "More tomorrow."


def test_a_page_of_html_without_front_matter_loses_its_tags() -> None:
    found = article(
        "<!DOCTYPE html>\n<html><head><title>The &amp; title</title><style>p {}</style></head>\n<body><h1>The &amp; "
        "title</h1><p>The <b>excerpt</b>.</p>\n<script>alert(1)</script><p>The body.</p></body></html>",
        "2020-07-07-x.html",
    )
    assert (found.title, found.excerpt, found.body) == ("The & title", "The excerpt.", "The body.")


def test_an_endless_first_line_is_no_headline_and_is_kept() -> None:
    line = "word " * 1000
    found = article(line)
    assert found.title == "Story"
    assert len(found.excerpt) <= 600
    assert found.excerpt.endswith("…")
    assert found.body == line.strip()


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
