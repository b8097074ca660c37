"""Writes generated articles as files in the shape of real corpora: front matter with every field that occurs."""

from __future__ import annotations

import base64
import random
from pathlib import Path

from benchmarks.newsstand import Newsstand
from digests.models import Article

# The samples carry an encrypted field of this many bytes, which Broadsheet reads past.
SECURED_BYTES = (300, 700)


def write_corpus(folder: Path, size: int) -> None:
    """Write `size` files named by date; nothing is done where they stand already."""
    if folder.is_dir() and sum(1 for _file in folder.iterdir()) == size:
        return
    folder.mkdir(parents=True, exist_ok=True)
    chance = random.Random(size)
    for number, article in enumerate(Newsstand(size).articles()):
        assert article.published_at is not None
        name = f"{article.published_at:%Y-%m-%d}-{number}-{article.title.replace(' ', '-')[:60]}.md"
        (folder / name).write_text(front_matter(article, chance), "utf-8")


def front_matter(article: Article, chance: random.Random, *, excerpt: str | None = None) -> str:
    """Return an article as a file's text."""
    assert article.provider is not None
    lines = [
        "---",
        "category: news",
        f'title: "{_curled(article.title, chance)}"',
        f'excerpt: "{excerpt or _curled(article.excerpt, chance)}"',
        f"publishedDateTime: {article.published_at:%Y-%m-%dT%H:%M:%SZ}",
        f'originalUrl: "{article.url}"',
        f'webUrl: "{article.url}"',
        f'ampWebUrl: "{article.url}/amp/"',
        "type: article",
        f"quality: {article.quality}",
        "heat: -1",
        f"published: {str(article.published).lower()}",
        "",
        "provider:",
        f"  name: {article.provider.name}",
        f"  domain: {article.provider.domain}",
        "",
        "topics:",
        *(f"  - {topic}" for topic in article.topics),
        "",
        "images:",
        f'  - url: "https://images.{article.provider.domain}/{chance.randrange(10**9)}.jpg"',
        "    width: 1200",
        "    height: 630",
        "    isCached: true",
        "",
    ]
    if article.related:
        lines.append("related:")
    for link in article.related:
        assert link.provider is not None
        lines += [
            f'  - title: "{_curled(link.title, chance)}"',
            f'    excerpt: "{article.excerpt[:150]}"',
            f"    publishedDateTime: {article.published_at:%Y-%m-%dT%H:%M:%SZ}",
            f'    webUrl: "{link.url}"',
            "    type: article",
            "    provider:",
            f"      name: {link.provider.name}",
            f"      domain: {link.provider.domain}",
            f"    quality: {link.quality}",
        ]
    secured = base64.b64encode(chance.randbytes(chance.randint(*SECURED_BYTES))).decode()
    return "\n".join([*lines, "", f'secured: "{secured}"', "---", ""])


def _curled(text: str, chance: random.Random) -> str:
    """One text in three holds a curly quote, as real ones do."""
    return text.replace(" ", "’s ", 1) if chance.random() < 0.33 else text
