"""What must hold of the corpus reader on any bytes; shared by the hypothesis test and the atheris target."""

from __future__ import annotations

import time

from digests.corpus.feeds import read_feed
from digests.corpus.problems import Reading
from digests.corpus.reader import read
from digests.corpus.site import Site
from digests.store.article_rows import Decoder, encode

SITE = Site("jekyll", "https://x.org/base", "X", "x.org", timezone="Europe/Berlin")
SECONDS = 5.0
"""Far beyond what any small input takes: to be slower is to hang."""


def check_reader(path: str, data: bytes) -> None:
    """Read one file and asserts that what comes out is whole, clean and storable."""
    started = time.process_time()
    reading = read(path, data, site=SITE, explain=True)
    assert time.process_time() - started < SECONDS, "the reader hangs"
    check_reading(reading, data)


def check_feed(path: str, data: bytes) -> None:
    """Read one feed file and asserts the same of each of its entries."""
    started = time.process_time()
    found = read_feed(path, data, max_bytes=100_000, site=SITE, explain=True)
    assert time.process_time() - started < SECONDS, "the reader hangs"
    if found.is_rejected:
        assert found.problems
        assert not found.entries
    if found.left_out:
        assert not found.entries
    names = [name for name, _reading in found.entries]
    assert len(set(names)) == len(names)
    for name, reading in found.entries:
        assert name.startswith(f"{path}#")
        name.encode("utf-8")
        assert "\0" not in name
        check_reading(reading, None)


def check_reading(reading: Reading, data: bytes | None) -> None:
    """Assert that what came out of a file (of its bytes, where lines are counted) is whole, clean and storable."""
    article = reading.article
    if reading.left_out:
        assert article is None
        assert not any(problem.rejected for problem in reading.problems)
        return
    if article is None:
        (problem,) = reading.problems
        assert problem.rejected
        assert problem.reason
        assert data is None or problem.line is None or 1 <= problem.line <= data.count(b"\n") + data.count(b"\r") + 2
        return
    assert not any(problem.rejected for problem in reading.problems)
    assert article.title == " ".join(article.title.split()) != ""
    addresses = [article.url, *(image.url for image in article.images), *(link.url for link in article.related)]
    assert all(address is None or address.startswith(("http://", "https://")) for address in addresses)
    assert article.url is None or not article.key.startswith("file:")
    for number in (article.quality, article.heat):
        assert number is None or 0 <= number <= 1_000_000
    titles = [link.title for link in article.related]
    for text in (article.title, article.excerpt, article.body, *article.topics, *titles):
        text.encode("utf-8")
        assert "\0" not in text
        assert "\u202e" not in text
    row = encode(article)
    kept = Decoder({}).decode(_as_read(row))
    assert kept.title == article.title
    assert kept.related == article.related
    assert kept.images == article.images
    assert kept.published_at == article.published_at
    assert kept.authors == article.authors
    assert (kept.due_at, kept.expires_at) == (article.due_at, article.expires_at)


def _as_read(row: tuple[str | int | None, ...]) -> tuple[str | int | None, ...]:
    (
        (path, key, _ref, aliases, url, title, excerpt, _body, _provider, _topics, _related, _extras, name, domain),
        (topic_list, related_list, image_list, kind, category, quality, heat, published, published_at, *added),
    ) = row[:14], row[14:]
    return (
        *(1, path, title, key, excerpt, url, aliases, name, domain, topic_list, kind, category),
        *(quality, heat, published, published_at, None, image_list, related_list, *added),
    )
