"""A corpus whose digest fills several messages: stories with long round-ups, about three to a message."""

import random
from datetime import UTC, datetime, timedelta
from pathlib import Path

ARTICLE = """---
title: "{title}"
excerpt: "{excerpt}"
publishedDateTime: {published:%Y-%m-%dT%H:%M:%SZ}
webUrl: "https://press{number}.example/{slug}"
provider:
  name: "Press {number}"
  domain: "press{number}.example"
topics: ["Topic {topic}"]
quality: {quality}
published: true
related:
{related}
---
"""

RELATED = """  - title: "{title}"
    webUrl: "https://wire{number}-{place}.example/{slug}"
    publishedDateTime: {published:%Y-%m-%dT%H:%M:%SZ}
    provider: {{name: "Wire {number}-{place}", domain: "wire{number}-{place}.example"}}
    published: false
"""

WORDS = (
    "harbour council votes to dredge the northern basin before winter storms arrive while pilots warn of shifting sand"
    " and fishing families ask who will pay for moorings lost to larger ships that follow the deeper channel inland"
)
VOCABULARY = tuple(WORDS.split())


def write_corpus(folder: Path, story_count: int) -> None:
    """Write stories as files of a new folder."""
    folder.mkdir()
    published = datetime.now(UTC) - timedelta(hours=3)
    words = random.Random(7)
    for number in range(story_count):
        names = [" ".join(words.sample(VOCABULARY, 12)) for _name in range(7)]
        related = "".join(
            RELATED.format(title=name, number=number, place=place, slug=f"r{place}", published=published)
            for place, name in enumerate(names[1:])
        )
        text = ARTICLE.format(
            title=f"{number} {names[0]}",
            excerpt=" ".join(words.choices(VOCABULARY, k=45)),
            published=published,
            number=number,
            slug=f"s{number}",
            topic=number % 3,
            quality=150 - number,
            related=related,
        )
        (folder / f"story-{number:03}.md").write_text(text, "utf-8")
