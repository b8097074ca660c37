"""What is understood of each file, and from where: for people who wonder why their site looks as it does."""

from __future__ import annotations

import asyncio
import contextlib
import multiprocessing
import os
import resource
from collections.abc import Iterator, Sequence
from concurrent.futures import BrokenExecutor, ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from digests.corpus.site import Site
from digests.errors import CorpusUnavailable
from digests.i18n import _
from digests.ingest.scan import list_files
from digests.ingest.site_finder import MEMORY_LIMIT_BYTES, SiteFinder
from digests.models import Article, Problem
from digests.models.sources import Source

DEADLINE_S: Final = 10.0
"""A file that takes longer to read is given up."""


@dataclass(frozen=True, slots=True)
class Inspected:
    """What became of one file.

    Attributes:
        path: Relative to the folder that was named.
        article: None where there is none.
        sources: Field of the article and where it came from.
        problems: What is wrong with the file, or why it is left out.
    """

    path: str
    article: Article | None
    sources: tuple[tuple[str, str], ...] = ()
    problems: tuple[Problem, ...] = ()


def inspect_path(path: Path, sources: Sequence[Source], max_bytes: int) -> Iterator[Inspected]:
    """Yield what is understood of a file, or of each file of a folder, in the order of their paths.

    Args:
        path: A file or a folder.
        sources: What the configuration says of folders; that of the innermost one around `path` counts.
        max_bytes: Larger files are rejected.

    Raises:
        CorpusUnavailable: There is no such file or folder.
    """
    real = path.resolve()
    if not real.exists():
        raise CorpusUnavailable(_("There is no file or folder {path}.").format(path=path))
    folder = real if real.is_dir() else real.parent
    source, root = _source_of(folder, sources)
    known = asyncio.run(SiteFinder().find(source, root))
    prefix = f"{folder.relative_to(root).as_posix()}/" if folder != root else ""
    listing = list_files(root, layout=known.layout, explain=True)
    found = [Inspected("", None, (), (problem,)) for problem in known.problems]
    wanted = prefix if real.is_dir() else f"{prefix}{real.name}"
    left_out = [(each, why) for each, why in listing.seen or () if _is_meant(each, wanted, is_folder=real.is_dir())]
    files = [each for each in listing.paths if _is_meant(each, wanted, is_folder=real.is_dir())]
    if real.is_file() and not files and not left_out:
        files = [wanted]
    yield from (Inspected(p.path or one.path, None, (), one.problems) for one in found for p in one.problems[:1])
    yield from (
        Inspected(each.removeprefix(prefix), None, (), (Problem(each.removeprefix(prefix), None, why, rejected=False),))
        for each, why in left_out
    )
    yield from _read_all(root, files, prefix, known.site, max_bytes)


def _source_of(folder: Path, sources: Sequence[Source]) -> tuple[Source, Path]:
    for source in sorted(sources, key=lambda each: -len(str(each.folder))):
        root = Path(os.path.realpath(source.folder))
        if folder == root or folder.is_relative_to(root):
            return source, root
    return Source(folder), folder


def _is_meant(path: str, wanted: str, *, is_folder: bool) -> bool:
    return path.startswith(wanted) if is_folder else path == wanted


def _read_all(root: Path, paths: Sequence[str], prefix: str, site: Site, max_bytes: int) -> Iterator[Inspected]:
    """Read each file in a process that can be killed: a file that hangs costs only itself."""
    context = multiprocessing.get_context("spawn")
    pool = ProcessPoolExecutor(1, mp_context=context, initializer=_limit_memory)
    try:
        for path in paths:
            shown = path.removeprefix(prefix)
            try:
                yield pool.submit(_read_one, str(root), path, shown, site, max_bytes).result(DEADLINE_S)
            except (TimeoutError, BrokenExecutor):
                for process in (pool._processes or {}).values():
                    process.kill()
                pool.shutdown(wait=False, cancel_futures=True)
                pool = ProcessPoolExecutor(1, mp_context=context, initializer=_limit_memory)
                reason = _("reading it took longer than {seconds:.0f} seconds, so it is left out")
                yield Inspected(shown, None, (), (Problem(shown, None, reason.format(seconds=DEADLINE_S)),))
    finally:
        pool.shutdown(wait=False, cancel_futures=True)


def _limit_memory() -> None:
    with contextlib.suppress(OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY_LIMIT_BYTES, MEMORY_LIMIT_BYTES))


def _read_one(root: str, path: str, shown: str, site: Site, max_bytes: int) -> Inspected:
    from digests.corpus import read

    try:
        with Path(root, path).open("rb") as file:
            data = file.read(max_bytes + 1)
            size = os.fstat(file.fileno()).st_size
    except OSError as error:
        reason = _("the file can't be read: {error}").format(error=error.strerror)
        return Inspected(shown, None, (), (Problem(shown, None, reason),))
    reading = read(path, data, max_bytes=max_bytes, size=size, site=site, explain=True)
    problems = tuple(Problem(shown, each.line, each.reason, each.rejected) for each in reading.problems)
    if reading.left_out:
        problems = (Problem(shown, None, reading.left_out, rejected=False), *problems)
    return Inspected(shown, reading.article, reading.sources, problems)
