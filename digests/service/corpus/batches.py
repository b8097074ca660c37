"""Chunks of files for the workers to read, and batches of their outcomes for the store."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Sequence, Set
from contextlib import aclosing
from dataclasses import dataclass, field

from digests.ingest.file_list import Scan
from digests.ingest.guard import Guard
from digests.ingest.pool import Chunk
from digests.ingest.read_files import FileOutcome, Job
from digests.models import Problem
from digests.store.articles import KnownFeed

GATHERED_FILES, GATHERED_BYTES = 2048, 64 * 1024 * 1024
"""How many changed files are written at a time: each batch adds one segment of removals and one of additions to the
full-text index, and segments have to be merged."""


@dataclass(slots=True)
class ListedFolder:
    """One folder of a load, compared with its last load.

    Attributes:
        folder: Its real path.
        scan: What changed.
        jobs: What to read.
        rejected: Files that could not be read last time.
        problems: Problems with pulling and listing it.
        fingerprint: The listing's hash; None if unknown, or if a file changed while it was read.
        is_first_load: It has never been loaded before.
        guard: Decides which of its files may be read.
        site: Its site, packed; empty if unknown.
        facts: Further facts to store about it.
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
    """Return the files to read in chunks of at most `size`."""
    return [
        (listing.folder, listing.jobs[start : start + size])
        for listing in listings
        for start in range(0, len(listing.jobs), size)
    ]


async def combine_batches(
    batches: AsyncGenerator[tuple[str, list[FileOutcome]], None], first_loads: Set[str]
) -> AsyncGenerator[tuple[str, list[FileOutcome]], None]:
    """Combine batches up to `GATHERED_FILES`, except those of first loads, which are passed on as they are."""
    combined: dict[str, list[FileOutcome]] = {}
    gathered_bytes = 0
    async with aclosing(batches):
        async for folder, outcomes in batches:
            if folder in first_loads:
                yield folder, outcomes
                continue
            waiting = combined.setdefault(folder, [])
            waiting += outcomes
            gathered_bytes += sum(outcome.size for outcome in outcomes)
            if len(waiting) >= GATHERED_FILES:
                yield folder, combined.pop(folder)
            elif gathered_bytes >= GATHERED_BYTES:
                gathered_bytes = 0
                for each in list(combined):
                    yield each, combined.pop(each)
    for folder, waiting in combined.items():
        yield folder, waiting
