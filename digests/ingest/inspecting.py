"""Explains how each file is read and where each field comes from, for `broadsheet inspect`."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import aclosing
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Final

from digests.errors import CorpusUnavailable
from digests.i18n import _
from digests.ingest.built import with_built_addresses
from digests.ingest.guard import Guard
from digests.ingest.pool import WorkerPool
from digests.ingest.read_files import EXPLAINED, FileOutcome, packed, unpickled
from digests.ingest.scan import list_files
from digests.ingest.site_finder import SiteFinder
from digests.models import Article, Problem
from digests.models.sources import Source

FILES_AT_ONCE: Final = 64


@dataclass(frozen=True, slots=True)
class Inspected:
    """How one file, or an entry of a feed, was read.

    Attributes:
        path: Relative to the given folder.
        article: None if there is none.
        sources: Field of the article -> where it came from.
        problems: The file's problems, or why it is left out.
    """

    path: str
    article: Article | None
    sources: tuple[tuple[str, str], ...] = ()
    problems: tuple[Problem, ...] = ()


async def inspect_path(
    path: Path,
    sources: Sequence[Source],
    pool: WorkerPool,
    *,
    protected: Sequence[Path] = (),
    now: datetime | None = None,
) -> AsyncIterator[Inspected]:
    """Yield how a file, or each file of a folder in the order of paths, is read.

    Args:
        path: A file or a folder.
        sources: The configured sources; the innermost one around `path` counts.
        protected: Files and folders of the bot's own, which are never read.
        now: Articles that have expired by then are left out, and for those due later it is said; None for neither.
        pool: Reads the files; one that hangs or crashes its reader doesn't affect the others.

    Raises:
        CorpusUnavailable: There is no such file or folder.
    """
    real = path.resolve()
    if not real.exists():
        raise CorpusUnavailable(_("There is no file or folder {path}.").format(path=path))
    folder = real if real.is_dir() else real.parent
    source, root = _source_of(folder, sources)
    known = await SiteFinder().find(source, root)
    prefix = f"{folder.relative_to(root).as_posix()}/" if folder != root else ""
    guard = await asyncio.to_thread(Guard.of, str(root), protected)
    listing = await asyncio.to_thread(list_files, root, guard=guard, layout=known.layout, explain=True)
    wanted = prefix if real.is_dir() else f"{prefix}{real.name}"

    def is_wanted(path: str) -> bool:
        return path.startswith(wanted) if real.is_dir() else path == wanted

    left_out = [(each, why) for each, why in listing.listed_unread or () if is_wanted(each)]
    files = sorted(filter(is_wanted, listing.paths))
    if real.is_file() and not files and not left_out:
        files = [wanted]
    for problem in (*known.problems, *listing.problems):
        yield Inspected(problem.path, None, (), (problem,))
    for each, why in left_out:
        shown = each.removeprefix(prefix)
        yield Inspected(shown, None, (), (Problem(shown, None, why, rejected=False),))
    site = packed(await with_built_addresses(known.site, known.built, pool))
    chunks = [
        (str(root), [(each, None) for each in files[start : start + FILES_AT_ONCE]])
        for start in range(0, len(files), FILES_AT_ONCE)
    ]
    async with aclosing(
        pool.read(chunks, sites={str(root): site}, guards={str(root): guard}, explain=True)
    ) as readings:
        async for _folder, outcomes in readings:
            for outcome in outcomes:
                for one in _inspected(outcome, prefix):
                    yield one if now is None else _timed(one, now)


def _source_of(folder: Path, sources: Sequence[Source]) -> tuple[Source, Path]:
    for source in sorted(sources, key=lambda each: -len(str(each.folder))):
        root = Path(os.path.realpath(source.folder))
        if folder == root or folder.is_relative_to(root):
            return source, root
    return Source(folder), folder


def _timed(one: Inspected, now: datetime) -> Inspected:
    """Leave out an article that has expired, and say when one is due that is not due yet."""
    article = one.article
    if article is None:
        return one
    if article.expires_at is not None and article.expires_at <= now:
        reason = _("it expired on {date}").format(date=article.expires_at.date().isoformat())
        return Inspected(one.path, None, (), (Problem(one.path, None, reason, rejected=False), *one.problems))
    due_at = max((each for each in (article.due_at, article.published_at) if each is not None), default=None)
    if due_at is None or due_at <= now:
        return one
    reason = _("it is not shown to anyone before {date}").format(date=due_at.date().isoformat())
    return replace(one, problems=(*one.problems, Problem(one.path, None, reason, rejected=False)))


def _inspected(outcome: FileOutcome, prefix: str) -> Iterator[Inspected]:
    """Yield the explained reading of a file, or of each entry of a feed."""
    if outcome.kind != EXPLAINED:
        shown = outcome.path.removeprefix(prefix)
        problems = (Problem(shown, line, reason, rejected) for line, reason, rejected in outcome.problems)
        yield Inspected(shown, None, (), tuple(problems))
        return
    for name, reading in unpickled(outcome.digest):
        shown = name.removeprefix(prefix)
        noted = tuple(Problem(shown, each.line, each.reason, each.rejected) for each in reading.problems)
        if reading.left_out:
            noted = (Problem(shown, None, reading.left_out, rejected=False), *noted)
        yield Inspected(shown, reading.article, reading.sources, noted)
