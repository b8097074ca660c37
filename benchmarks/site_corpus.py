"""Benchmark: what other sites write, in Jekyll's and Hugo's dialects, with bodies of real length.

`python -m benchmarks.site_corpus --size 16000` prints a table: our cold load of each, with excerpts, addresses, dates
and topics found, beside Hugo (`hugo list all`) and Jekyll reading their own, where they are installed.
"""

from __future__ import annotations

import argparse
import random
import resource
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.corpus import run_load, run_peer
from benchmarks.newsstand import Newsstand
from benchmarks.table import Row, Table
from digests.models import Article

POSTS = {"Hugo": "content/posts", "Jekyll": "_posts"}
BODY_WORDS = (150, 1500)
HUGO_CONFIG = """
baseURL = "https://hugo.example/"
title = "The Hugo"
disableKinds = ["taxonomy", "term", "RSS", "sitemap"]
[permalinks]
posts = "/:year/:month/:slug/"
"""
JEKYLL_CONFIG = "url: https://jekyll.example\ntitle: The Jekyll\npermalink: /:year/:month/:title/\n"


def body_of(article: Article, chance: random.Random) -> str:
    """Return Markdown of a real post's length: paragraphs with links, a heading, a list, code, a picture."""
    words = f"{article.title} {article.excerpt}".split()
    parts = ["![A picture](/images/a.jpg)"]
    left = chance.randint(*BODY_WORDS)
    while left > 0:
        count = chance.randint(20, 120)
        left -= count
        text = " ".join(chance.choice(words) for _word in range(count))
        parts.append(f"{text.capitalize()} [a link](https://example.com/{left}) and *so on*.")
        if chance.random() < 0.2:
            parts.append(chance.choice(["## A heading", "- one\n- two", "```sh\nmake all\n```", "> A quotation."]))
    return "\n\n".join(parts)


def write_site(root: Path, size: int, *, hugo: bool) -> Path:
    """Write a site of so many posts; return its root."""
    chance = random.Random(size)
    posts = root / POSTS["Hugo" if hugo else "Jekyll"]
    posts.mkdir(parents=True)
    (root / ("hugo.toml" if hugo else "_config.yml")).write_text(HUGO_CONFIG if hugo else JEKYLL_CONFIG)
    if hugo:
        (root / "config.toml").write_text(HUGO_CONFIG)  # what older ones read
    for number, article in enumerate(Newsstand(size).articles()):
        assert article.published_at is not None
        slug = f"{number}-{'-'.join(article.title.lower().split())[:50]}"
        tags = ", ".join(f'"{topic}"' for topic in article.topics)
        if hugo:
            date = f"{article.published_at:%Y-%m-%dT%H:%M:%SZ}"
            head = f'+++\ntitle = "{article.title}"\ndate = {date}\ntags = [{tags}]\n+++'
            name = f"{slug}.md"
        else:
            head = f'---\nlayout: post\ntitle: "{article.title}"\ncategories: news\ntags: [{tags}]\n---'
            name = f"{article.published_at:%Y-%m-%d}-{slug}.md"
        (posts / name).write_text(f"{head}\n\n{body_of(article, chance)}\n", "utf-8")
    return root


@contextmanager
def _cpu_time() -> Iterator[Callable[[], float]]:
    """Measure the CPU seconds of all processes that are started and end within the block."""

    def used() -> float:
        usage = resource.getrusage(resource.RUSAGE_CHILDREN)
        return usage.ru_utime + usage.ru_stime

    before = used()
    spent: list[float] = []
    yield lambda: spent[0]
    spent.append(used() - before)


def measure(size: int, place: Path) -> Table:
    """Load each site, and have its own generator read it."""
    table = Table(f"Loading {size:,} posts with bodies")
    for name, command in (
        ("Hugo", ["hugo", "list", "all"]),
        ("Jekyll", ["jekyll", "build", "--disable-disk-cache", "--quiet", "-d", str(place / "out")]),
    ):
        root = write_site(place / name, size, hugo=name == "Hugo")
        with _cpu_time() as cpu:
            cold = run_load(root, place / f"{name}.db")
        assert cold["read"] == size, cold
        ours = cpu()
        note = f"{size / cold['seconds']:,.0f} files/s; {ours:,.2f} s of CPU; peak {cold['peak_mb']:,.0f} MB"
        table.add(Row(f"{name}'s dialect, cold load", cold["seconds"], "s", note=note))
        posts = root / POSTS[name]
        with _cpu_time() as cpu:
            floor = [sys.executable, "-m", "benchmarks.site_floor", str(posts), str(place / f"{name}-floor.db")]
            least = float(subprocess.run(floor, stdout=subprocess.PIPE, text=True, check=True).stdout)
        note = f"ratio: to our load; {cpu():,.2f} s of CPU, ours takes {ours / cpu():.1f} x that"
        table.add(Row("the least any load does, one process", least, "s", cold["seconds"], note))
        with _cpu_time() as cpu:
            found = run_peer(command, root)
        if found is not None:
            note = f"ratio: to our load; {cpu():,.2f} s of CPU, ours takes {ours / cpu():.1f} x that"
            note += f"; peak {found[1]:,.0f} MB"
            table.add(Row(f"{name}, {' '.join(command[1:3])}", found[0], "s", cold["seconds"], note))
    return table


def main() -> None:
    """Read the command line and print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", type=int, default=16_000)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as place:
        print(measure(options.size, Path(place)).markdown())


if __name__ == "__main__":
    main()
