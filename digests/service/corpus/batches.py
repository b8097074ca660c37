"""What a load has to read, in chunks for the readers, and what they read, in batches for the store."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Sequence, Set
from contextlib import aclosing
from dataclasses import dataclass, field

from digests.ingest.guard import Guard
from digests.ingest.pool import Chunk
from digests.ingest.read_files import Job, Outcome
from digests.ingest.scan import Scan
from digests.models import Problem
from digests.store.articles import KnownFeed

GATHERED_FILES, GATHERED_BYTES = 2048, 64 * 1024 * 1024
"""So many changed files are put in place at a time: what leaves the full-text index and what enters it then become
one segment each, and segments have to be merged."""


@dataclass(slots=True)
class ListedFolder:
    """One folder to bring in line: how it looks against how it was.

    Attributes:
        folder: Its real path.
        scan: What changed.
        jobs: What to read.
        rejected: Files that could not be read last time.
        problems: Met while pulling and listing it.
        fingerprint: Of the listing; None if it can't be told, or if not all that is listed could be read so.
        is_first_load: It was never loaded before.
        guard: Decides which of its files may be read.
        site: What is known of its site, packed; empty where nothing is.
        facts: What is remembered of it besides.
        feeds: Its feed files that have entries, as the last reload left them.
    """

    folder: str
    scan: Scan
    jobs: list[Job]
    rejected: frozenset[str]
    problems: list[Problem]
    fingerprint: bytes | None
    is_first_load: bool
    guard: Guard
    site: bytes
    facts: dict[str, str]
    feeds: dict[str, KnownFeed] = field(default_factory=dict)


def chunks_of(listings: Sequence[ListedFolder], size: int) -> list[Chunk]:
    """Return what the folders have to read, `size` files a chunk at most."""
    return [
        (listing.folder, listing.jobs[start : start + size])
        for listing in listings
        for start in range(0, len(listing.jobs), size)
    ]


async def gathered(
    batches: AsyncGenerator[tuple[str, list[Outcome]], None], first_loads: Set[str]
) -> AsyncGenerator[tuple[str, list[Outcome]], None]:
    """Put batches of folders that were loaded before together, up to `GATHERED_FILES`; the others come as they are."""
    gathered: dict[str, list[Outcome]] = {}
    gathered_bytes = 0
    async with aclosing(batches):
        async for folder, outcomes in batches:
            if folder in first_loads:
                yield folder, outcomes
                continue
            waiting = gathered.setdefault(folder, [])
            waiting += outcomes
            gathered_bytes += sum(outcome[2] for outcome in outcomes)
            if len(waiting) >= GATHERED_FILES:
                yield folder, gathered.pop(folder)
            elif gathered_bytes >= GATHERED_BYTES:
                gathered_bytes = 0
                for each in list(gathered):
                    yield each, gathered.pop(each)
    for folder, waiting in gathered.items():
        yield folder, waiting
