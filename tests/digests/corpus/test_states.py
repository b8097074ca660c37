"""Drafts, withdrawn, scheduled and expired articles in the words of each generator."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from digests.corpus.reader import read
from digests.corpus.site import Site
from tests.digests.corpus.reading import fields, one


@pytest.mark.parametrize(
    "text",
    [
        *("draft: true", "Draft: 'yes'", "status: draft", "status: private", "status: hidden", "publish: false"),
        *("unlisted: true", "published: false", "published: 'no'", "hidden: true", "params:\n  draft: true"),
    ],
)
def test_what_is_not_out_is_no_article_and_no_fault(text: str) -> None:
    reading = fields(f"title: A\ndate: 2024-03-05\n{text}")
    assert reading.article is None
    assert reading.left_out
    assert reading.problems == ()


@pytest.mark.parametrize(
    "text", ["draft: false", "status: published", "publish: true", "published: true", "unlisted: no"]
)
def test_what_is_out_is_an_article(text: str) -> None:
    assert one(f"title: A\n{text}").title == "A"


@pytest.mark.parametrize("text", ["layout: search", "template: pages/archives.html", "layout: Archive"])
def test_a_page_that_lists_others_is_no_article(text: str) -> None:
    reading = fields(f"title: A\n{text}")
    assert reading.article is None
    assert "lists others" in reading.left_out
    assert fields(f"title: A\ndate: 2024-03-05\n{text}").article is not None


def test_the_type_of_a_note_is_no_layout() -> None:
    data = b"---\ntitle: A\ntype: tags\n---\n"
    assert read("a.md", data).article is not None
    assert read("a.md", data, site=Site(generator="hexo")).left_out


def test_a_file_among_drafts_is_a_draft_unless_the_source_asks_for_them() -> None:
    data = b"---\ntitle: A\n---\n"
    assert read("_drafts/a.md", data).left_out
    assert read("_drafts/a.md", data, site=Site(drafts=True)).article is not None
    assert read("a.md", b"---\ntitle: A\nstatus: private\n---\n", site=Site(drafts=True)).left_out


def test_not_published_means_no_headline_in_the_publishers_dialect_alone() -> None:
    found = one("title: A\nheat: 3\npublished: false")
    assert not found.published


def test_times_to_come_and_to_go_are_kept() -> None:
    found = one("title: A\ndate: 2024-03-05\npublishDate: 2024-03-07\nexpiryDate: 2024-04-01")
    assert found.published_at == datetime(2024, 3, 5, tzinfo=UTC)
    assert (found.due_at, found.expires_at) == (datetime(2024, 3, 7, tzinfo=UTC), datetime(2024, 4, 1, tzinfo=UTC))
