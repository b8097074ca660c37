"""A search service over a few files, and what is asked of it."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

import yaml

from digests.models import SearchAnswer
from digests.service.corpus import CorpusService
from digests.service.search import SearchService
from digests.store.articles import ArticleStore
from digests.store.connection import Database
from digests.store.database_kinds import CORPUS
from tests.digests.store.search.rows import unhurried

NOW = datetime(2021, 2, 10, 15, 30, tzinfo=UTC)
SEEDS = Path(__file__).parents[5] / "shared" / "corpus"


def related(title: str, address: str, name: str, **fields: object) -> dict[str, object]:
    domain = address.split("/", 1)[0]
    return {"title": title, "webUrl": f"https://{address}", "provider": {"name": name, "domain": domain}, **fields}


def text_of(title: str, address: str, name: str, day: str, **fields: object) -> str:
    domain = address.split("/", 1)[0]
    front = {
        "title": title,
        "webUrl": f"https://{address}",
        "publishedDateTime": f"{day}T08:00:00Z",
        "provider": {"name": name, "domain": domain},
        "topics": ["AI"],
        "quality": 70,
        "published": True,
        **fields,
    }
    return f"---\n{yaml.safe_dump(front, sort_keys=False)}---\n"


FILES = {
    "ruled.md": text_of(
        "Clearview AI's Facial-Recognition App Ruled Illegal in Canada", "nytimes.com/a", "New York Times",
        "2021-02-04", quality=89, topics=["AI", "Computer Vision"], excerpt="Citizens' consent was never asked for.",
        related=[
            related("Clearview AI Surveillance Ruled Illegal In Canada", "forbes.com/a", "Forbes", quality=87,
                    publishedDateTime="2021-02-04T10:34:00Z"),
            related("Canada asks Clearview AI to stop scraping photos", "thenextweb.com/a", "The Next Web"),
        ],
    ),
    "surveillance.md": text_of(
        "Clearview AI Surveillance Ruled Illegal In Canada", "forbes.com/a", "Forbes", "2021-02-04", published=False,
        related=[related("Privacy watchdogs speak up", "wire.example/a", "Wire")],
    ),
    "rcmp.md": text_of("RCMP ends its contract", "cbc.ca/a", "CBC", "2020-07-06", excerpt="Clearview AI pulls out.",
                       topics=["Privacy"]),
    "ferry.md": text_of("Ferry strike enters second week", "ledger.example/a", "The Ledger", "2021-02-09",
                        topics=["Transport"], quality=50),
    "unpublished.md": text_of("Dockers join the walkout", "ledger.example/b", "The Ledger", "2021-02-08",
                              topics=["Transport"], published=False),
    "plain.txt": "Notes on lighthouses\n\nThey stand by the sea.\n",
}  # fmt: skip

Ask = Callable[..., Awaitable[SearchAnswer]]


@asynccontextmanager
async def opened(tmp_path: Path, files: Mapping[str, str]) -> AsyncIterator[SearchService]:
    """Open a service over these files; they are loaded once for all tests and copied, as that takes half a second."""
    folder = tmp_path / "news"
    folder.mkdir()
    for name, text in files.items():
        (folder / name).write_text(text, "utf-8")
    template = tmp_path.parent / f"loaded-{sha256(repr(sorted(files.items())).encode()).hexdigest()[:16]}.db"
    if not template.exists():
        await _load(template, folder, len(files))
    shutil.copy(template, tmp_path / "corpus.db")
    database = await Database.open(tmp_path / "corpus.db", CORPUS)
    asking = await Database.open(tmp_path / "corpus.db", CORPUS)
    try:
        yield SearchService(ArticleStore(database), unhurried(asking))
    finally:
        await asking.close()
        await database.close()


async def _load(path: Path, folder: Path, file_count: int) -> None:
    making = path.with_suffix(".making")
    database = await Database.open(making, CORPUS)
    try:
        report = await CorpusService(ArticleStore(database), [folder]).load(now=NOW)
        assert report.new == file_count, report
    finally:
        await database.close()
    making.rename(path)


def titles(answer: SearchAnswer) -> list[str]:
    return [story.lead.title.split()[0] for story in answer.stories]
