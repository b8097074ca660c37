"""Whose fields count: a file's own before its site's, above the text or below its heading; and where each came from."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from digests.corpus.reader import read
from digests.corpus.site import Defaults, Site
from tests.digests.corpus.reading import fields


def test_defaults_of_a_site_stand_behind_a_files_own_fields() -> None:
    defaults = (Defaults("posts/", '{"tags": ["news"], "description": "D"}', "posts.json"),)
    site = Site(defaults=defaults)
    reading = read("posts/a.md", b"---\ntitle: A\ndescription: Own\n---\n", site=site, explain=True)
    assert reading.article is not None
    assert (reading.article.topics, reading.article.excerpt) == (("news",), "Own")
    assert dict(reading.sources)["topics"] == "tags of posts.json"


def test_where_each_field_came_from_is_said() -> None:
    reading = fields(
        "Title: A\ntags: [x]\nimage: https://a.example/i.png\nlink: https://a.example/a", "2024-03-05-x.md"
    )
    assert dict(reading.sources) == {
        "title": "Title",
        "published_at": "file name",
        "url": "link",
        "excerpt": "first paragraph",
        "topics": "tags",
        "provider": "domain of the address",
        "image": "image",
    }


@pytest.mark.parametrize(
    "text",
    [
        "# Harbour\n\nCreated: March 5, 2024 10:00 AM\nTags: sea, port\n\nIt opens.\n",
        "# Harbour\n\n- **Date:** 2024-03-05T10:00:00Z\n- **Tags**: sea, port\n\nIt opens.\n",
        "# Harbour #\nDate: 2024-03-05 10:00  \nTags: sea, port  \n\nIt opens.\n",
    ],
)
def test_fields_may_stand_below_the_heading(text: str) -> None:
    made = read("a.md", text.encode()).article
    assert made is not None
    assert (made.title, made.excerpt, made.body) == ("Harbour", "It opens.", "It opens.")
    assert made.published_at == datetime(2024, 3, 5, 10, tzinfo=UTC)
    assert made.topics == ("sea", "port")


@pytest.mark.parametrize(
    "line", ["Note: it opens.", "Summary: it opens.", "Date: soon\nIt opens.", "See: that\nDate: 1.1."]
)
def test_prose_below_a_heading_is_no_field(line: str) -> None:
    made = read("a.md", f"# Harbour\n\n{line}\n\nMore.\n".encode()).article
    assert made is not None
    assert made.excerpt.startswith(line.split()[0])
    assert made.published_at is None
