"""Takes the exact addresses of posts from the feeds of a site that was built next to its sources."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import aclosing
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit

from digests.corpus.site import Site
from digests.ingest.pool import WorkerPool
from digests.ingest.read_files import packed, unpickled

MAX_FEEDS = 12
MAX_ADDRESSES = 5000
FEED_NAMES = (
    *("feed.xml", "atom.xml", "index.xml", "rss.xml", "feed.json", "rss2.xml", "feed/index.xml", "feed/feed.xml"),
    *("feeds/all.atom.xml", "feeds/all.rss.xml", "blog/feed.xml", "blog/rss.xml", "blog/atom.xml", "blog/index.xml"),
    *("posts/index.xml", "post/index.xml", "feed_rss_created.xml", "index.json"),
)
"""Paths where generators put their feeds."""


def feeds_of(root: Path, folders: Sequence[str]) -> tuple[Path, ...]:
    """Return the feed files of a built site.

    Args:
        root: The site's root.
        folders: Possible output folders, such as `_site/`.
    """
    files: dict[str, Path] = {}
    root = root.resolve()
    for folder in folders:
        built = root / folder
        if not built.is_dir() or built.is_symlink():
            continue
        for name in FEED_NAMES:
            path = built / name
            # Neither a link nor a file in a linked folder.
            if path.is_file() and path.resolve() == path.absolute():
                files.setdefault(str(path), path)
    return tuple(files.values())[:MAX_FEEDS]


async def with_built_addresses(site: Site, feeds: Sequence[Path], pool: WorkerPool) -> Site:
    """Return a site with the addresses in its built feeds, by title; titles of several entries are ambiguous.

    The feeds are read like all files: in a process that can be killed.
    """
    if not feeds:
        return site
    found: dict[str, str] = {}
    unsure: set[str] = set()
    for path in feeds:
        folder = str(path.parent)
        # Addresses are wanted exactly as the generator wrote them, so nothing about the source is passed.
        chunks = [(folder, [(path.name, None)])]
        async with aclosing(pool.read(chunks, sites={folder: packed(Site())}, explain=True)) as readings:
            async for _folder, outcomes in readings:
                for outcome in outcomes:
                    for title, url in _titled(outcome.digest):
                        if found.setdefault(title, url) != url:
                            unsure.add(title)
    known = [(title, _public(url, site.url)) for title, url in found.items() if title not in unsure]
    kept = tuple(sorted((title, url) for title, url in known if url))[:MAX_ADDRESSES]
    if not kept:
        return site
    shown = f"{feeds[0].parent.name}/{feeds[0].name}"
    return replace(site, addresses=kept, origins=tuple(sorted({*site.origins, ("addresses", shown)})))


def _titled(explained: bytes) -> list[tuple[str, str]]:
    if not explained:
        return []
    return [
        (" ".join(reading.article.title.casefold().split()), reading.article.url)
        for _path, reading in unpickled(explained)
        if reading.article is not None and reading.article.url
    ]


def _public(url: str, site_url: str) -> str:
    """Return an address moved to the site's own host, if it was built for a local preview."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    if host not in {"localhost", "127.0.0.1", "0.0.0.0", "::1"}:  # noqa: S104 - compared, not bound
        return url
    own = urlsplit(site_url)
    return f"{own.scheme}://{own.netloc}{parts.path}" if own.netloc else ""
