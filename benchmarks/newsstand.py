"""A generated corpus database of any size, with the lengths and the long tail of words of real news samples."""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from digests.models import Article, Provider, RelatedLink
from digests.store.article_rows import encode
from digests.store.articles import ArticleStore
from digests.store.articles.file_entries import ReadFile
from digests.store.connection import Database
from digests.store.database_kinds import CORPUS

NEWEST = datetime(2026, 3, 10, 8, tzinfo=UTC)
YEARS = 6
WORD_COUNT = 200_000
PROVIDER_COUNT = 400
TOPIC_COUNT = 60
BATCH_COUNT = 5_000
RUN_WORD_COUNT = 20_000
RUN_CHARS = "".join(map(chr, (*range(0x4E00, 0x4E00 + 2_500), *range(0x30A1, 0x30F0), *range(0xAC00, 0xAC00 + 700, 7))))
RUN_EVERY = 20
"""One in so many articles is in a script without spaces, where `runs` asks for that."""
# Means and spreads as counted in two hundred files of the sample corpora (links: in eighteen hundred).
TITLE_WORDS = (9.7, 3.0, 3, 22)
EXCERPT_WORDS = (35.0, 12.0, 0, 60)
QUALITY = (72.0, 20.0, 0, 189)
RELATED_MEAN = 2.5
PUBLISHED_SHARE = 0.68


def make_words(count: int, chance: random.Random) -> list[str]:
    """Make distinct pseudo-words of one to four syllables."""
    onsets = (*"bcdfghjklmnprstvwz", "ch", "st", "tr")
    vowels = (*"aeiou", "ai", "ea", "ou")
    syllables = [onset + vowel for onset in onsets for vowel in vowels]
    words: dict[str, None] = {}
    while len(words) < count:
        length = chance.choice((1, 2, 2, 3, 3, 3, 4))
        words.setdefault("".join(chance.choices(syllables, k=length)) + chance.choice(("", "", "n", "r", "s", "ng")))
    return list(words)


def make_run_words(chance: random.Random) -> list[str]:
    """Make words of one to three characters, common characters in many of them."""
    tail = list(itertools.accumulate(1 / (rank + 20) for rank in range(len(RUN_CHARS))))
    words: dict[str, None] = {}
    while len(words) < RUN_WORD_COUNT:
        words.setdefault("".join(chance.choices(RUN_CHARS, cum_weights=tail, k=chance.choice((1, 2, 2, 2, 3)))))
    return list(words)


class Newsstand:
    """Makes articles, always the same ones for a size.

    Args:
        size: How many.
        runs: Some of them in a script without spaces.
    """

    def __init__(self, size: int, seed: int = 1, *, runs: bool = False) -> None:
        self._chance = random.Random(seed)
        self._run_chance = random.Random(seed)
        self._run_words = make_run_words(self._run_chance) if runs else []
        self._run_tail = list(itertools.accumulate(1 / (rank + 2.7) for rank in range(len(self._run_words))))
        self._words = make_words(WORD_COUNT, self._chance)
        self._tail = list(itertools.accumulate(1 / (rank + 2.7) for rank in range(WORD_COUNT)))
        self._providers = [
            Provider(word.title(), f"{word}.example") for word in self._words[1000 : 1000 + PROVIDER_COUNT]
        ]
        self._provider_tail = list(itertools.accumulate(1 / (rank + 1) for rank in range(PROVIDER_COUNT)))
        pairs = self._words[5000 : 5000 + 2 * TOPIC_COUNT]
        self._topics = [f"{first} {second}".title() for first, second in zip(pairs[::2], pairs[1::2], strict=True)]
        self._topic_tail = list(itertools.accumulate(1 / (rank + 1) for rank in range(TOPIC_COUNT)))
        span_s = int(timedelta(days=365 * YEARS).total_seconds())
        self._ages = sorted((self._chance.randrange(span_s) for _ in range(size)), reverse=True)

    def articles(self) -> Iterator[Article]:
        """Yield the articles, oldest first."""
        for number, age_s in enumerate(self._ages):
            article = self._article(number, NEWEST - timedelta(seconds=age_s))
            if self._run_words and number % RUN_EVERY == RUN_EVERY - 1:
                article = replace(article, title=self._run(12), excerpt=self._run(40))
            yield article

    def _run(self, count: int) -> str:
        return "".join(self._run_chance.choices(self._run_words, cum_weights=self._run_tail, k=count))

    def _article(self, number: int, published_at: datetime) -> Article:
        chance = self._chance
        (provider,) = chance.choices(self._providers, cum_weights=self._provider_tail)
        topics = chance.choices(self._topics, cum_weights=self._topic_tail, k=chance.choice((1, 1, 1, 2, 2, 3)))
        related_count = min(30, int(chance.expovariate(1 / RELATED_MEAN)))
        title_length, excerpt_length = self._length(TITLE_WORDS), self._length(EXCERPT_WORDS)
        words = chance.choices(
            self._words, cum_weights=self._tail, k=title_length + excerpt_length + related_count * round(TITLE_WORDS[0])
        )
        rest = words[title_length + excerpt_length :]
        size = round(TITLE_WORDS[0])
        return Article(
            path=f"{number}.md",
            title=" ".join(words[:title_length]).capitalize(),
            key=f"https://{provider.domain}/{number}",
            url=f"https://{provider.domain}/{number}",
            excerpt=" ".join(words[title_length : title_length + excerpt_length]),
            provider=provider,
            topics=tuple(dict.fromkeys(topics)),
            quality=self._length(QUALITY),
            published=chance.random() < PUBLISHED_SHARE,
            published_at=published_at,
            related=tuple(
                self._related(" ".join(rest[start : start + size]), number) for start in range(0, len(rest), size)
            ),
        )

    def _related(self, title: str, number: int) -> RelatedLink:
        (provider,) = self._chance.choices(self._providers, cum_weights=self._provider_tail)
        # One in five leads to an article of the corpus.
        target = self._chance.randrange(number + 1) if self._chance.random() < 0.2 else -number
        address = f"https://{provider.domain}/{target}"
        return RelatedLink(title, address, address, provider, quality=self._length(QUALITY))

    def _length(self, shape: tuple[float, float, int, int]) -> int:
        mean, spread, least, most = shape
        return max(least, min(most, round(self._chance.gauss(mean, spread))))


async def fill(path: Path, size: int) -> None:
    """Write a corpus database through the store's own reload."""
    database = await Database.open(path, CORPUS)
    try:
        articles = Newsstand(size, runs=True).articles()
        async with ArticleStore(database).reload(expected_changes=size) as reload:
            while batch := list(itertools.islice(articles, BATCH_COUNT)):
                await reload.put("news", _read(batch), arrival=int(NEWEST.timestamp()), is_first_load=True)
            await reload.finish(folders=["news"], loaded_at=int(NEWEST.timestamp()), reader_version=1)
    finally:
        await database.close()


def _read(articles: Sequence[Article]) -> list[ReadFile]:
    return [
        ReadFile(article.path, 1, 1, article.path.encode(), encode(article), article.aliases, ())
        for article in articles
    ]
