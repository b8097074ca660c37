"""Pages of HTML and documents in reStructuredText."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from digests.corpus.reader import read
from digests.models import Provider
from tests.digests.corpus.reading import article

PAGE = """<!DOCTYPE html><html><head><meta charset="utf-8"><title>Harbour reopens - The Averil Post</title>
<link rel="canonical" href="https://a.example/harbour"><meta property="og:site_name" content="The Averil Post">
<meta name="description" content="After eleven days &amp; nights."><meta property="og:image" content="https://a.example/i.png">
<meta property="article:published_time" content="2024-03-05T10:00:00+01:00">
<meta property="article:tag" content="ports">
<meta property="article:section" content="Shipping">
<script type="application/ld+json">{"@graph": [{"@type": "NewsArticle", "author": {"name": "Ann Example"}}]}</script>
</head><body><nav><p>Home Contact</p></nav><div class="menu"><p>Menu</p></div>
<main><h1>Harbour reopens</h1><p>The harbour <b>opened</b>.</p><p>More.</p></main>
<footer><p>Imprint</p></footer></body></html>"""


def test_a_pages_head_is_read() -> None:
    found = article(PAGE, "a.html")
    assert found.title == "Harbour reopens"
    assert found.url == "https://a.example/harbour"
    assert found.provider == Provider("The Averil Post", "a.example")
    assert found.excerpt == "After eleven days & nights."
    assert found.published_at == datetime(2024, 3, 5, 9, tzinfo=UTC)
    assert found.topics == ("Shipping", "ports")
    assert found.authors == ("Ann Example",)
    assert [image.url for image in found.images] == ["https://a.example/i.png"]
    assert "The harbour opened." in found.body
    assert "Home" not in found.body


def test_where_a_pages_fields_came_from_is_said() -> None:
    sources = dict(read("a.html", PAGE.encode(), explain=True).sources)
    assert sources["published_at"] == "article:published_time"
    assert sources["image"] == "og:image"
    written = "---\ntitle: A\nwebUrl: https://a.example/a\nthumbnail: https://a.example/i.png\n---\n"
    assert dict(read("a.md", written.encode(), explain=True).sources)["image"] == "thumbnail"


def test_the_navigation_is_never_the_excerpt() -> None:
    page = PAGE.replace('<meta name="description" content="After eleven days &amp; nights.">', "")
    assert article(page, "a.html").excerpt == "The harbour opened."
    bare = "<html><body><header><p>Top</p></header><ul class='nav'><li>Home</li></ul><p>Text here.</p></body></html>"
    assert article(bare, "a.html").excerpt == "Text here."


def test_the_declared_encoding_counts() -> None:
    reading = read(
        "a.html", '<html><head><meta charset="iso-8859-1"><title>Café</title></head></html>'.encode("latin-1")
    )
    assert reading.article is not None
    assert reading.article.title == "Café"
    assert not reading.problems[0].rejected


def test_a_document_in_restructuredtext_is_read() -> None:
    found = article(
        "Harbour reopens\n###############\n\n:date: 2024-03-05 10:20\n:tags: machine learning, ports\n"
        ":category: Shipping\n:author: Ann Example\n\n.. image:: https://a.example/i.png\n\n.. note:: Mind the gap.\n\n"
        "The *harbour* `opened <https://a.example>`_ [1]_.\n\n.. [1] So they say.\n\nMore\n----\n\nText::\n\n  code\n",
        "a.rst",
    )
    assert found.title == "Harbour reopens"
    assert found.published_at == datetime(2024, 3, 5, 10, 20, tzinfo=UTC)
    assert found.topics == ("Shipping", "machine learning", "ports")
    assert found.authors == ("Ann Example",)
    assert found.excerpt.startswith("The harbour opened")
    assert [image.url for image in found.images] == ["https://a.example/i.png"]


def test_code_in_restructuredtext_is_part_of_the_text_and_footnote_marks_are_not() -> None:
    text = "A title\n=======\n\nTides rise [1]_ daily::\n\n    pump = start(1)\n\n.. [1] By a foot.\n"
    found = article(text, "a.rst")
    assert found.excerpt == "Tides rise daily:"
    assert "pump = start(1)" in found.body
    assert "Tides rise daily" in " ".join(found.body.split())


def test_nikolas_fields_before_restructuredtext_are_read() -> None:
    found = article(".. title: Nikola is out\n.. date: 2024-03-05\n.. tags: a, b\n\nIt is *out*.\n", "a.rst")
    assert (found.title, found.topics, found.excerpt) == ("Nikola is out", ("a", "b"), "It is out.")


@pytest.mark.slow
@pytest.mark.parametrize("text", ["9" * 5000 + ". What is it?", "- " * 200 + "What is it?"])
def test_a_document_that_docutils_fails_on_is_an_article_and_reported(text: str) -> None:
    reading = read("a.rst", f"---\ntitle: A title\n---\n\n{text}\n".encode())
    assert reading.article is not None
    assert "What is it?" in reading.article.body
    (problem,) = reading.problems
    assert not problem.rejected
    assert "read as plain text" in problem.reason


@pytest.mark.parametrize(
    "directive",
    [
        ".. include:: /etc/passwd",
        ".. raw:: html\n   :file: /etc/passwd",
        ".. csv-table::\n   :file: /etc/passwd",
        ".. literalinclude:: /etc/passwd",
        ".. raw:: html\n\n   <script>alert(1)</script>",
    ],
)
def test_restructuredtext_reads_no_file_and_passes_nothing_raw(directive: str) -> None:
    found = article(f"A title\n=======\n\n{directive}\n\nText.\n", "a.rst")
    assert "root:" not in repr(found)
    assert "alert" not in repr(found)
    assert found.excerpt == "Text."


def test_a_picture_of_a_page_is_looked_for_on_the_pages_own_site() -> None:
    page = (
        b'<link rel="canonical" href="https://a.example/news/x.html"><meta property="og:image" content="/i.png">'
        b"<title>Harbour</title><p>Text.</p>"
    )
    article = read("x.html", page).article
    assert article is not None
    assert [image.url for image in article.images] == ["https://a.example/i.png"]
