"""Reads texts for tests, each as what a test expects: an article, a problem, or an article with remarks."""

from __future__ import annotations

from digests.corpus.problems import Reading
from digests.corpus.reader import read
from digests.corpus.site import Site
from digests.models import Article, Problem

SITE = Site(generator="", url="https://site.example/base", name="The Site", domain="site.example")


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


def on_site(text: str, path: str = "a.md", site: Site = SITE) -> Article:
    reading = read(path, text.encode(), site=site)
    assert reading.article is not None, reading
    return reading.article


def fields(text: str, path: str = "a.md") -> Reading:
    return read(path, f"---\n{text}\n---\nText of the body.\n".encode(), explain=True)


def one(text: str, path: str = "a.md") -> Article:
    found = fields(text, path).article
    assert found is not None
    return found
