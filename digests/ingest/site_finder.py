"""Reads sites' configurations in a process that can be killed: people who may push files write those too.

The main process only checks whether files exist or changed; it never parses anything of a site.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import pickle
import sys
from dataclasses import replace
from pathlib import Path
from typing import Final

from digests import environment
from digests.errors import CorpusUnavailable
from digests.i18n import _
from digests.ingest.confinement import confine
from digests.ingest.sites import SourceSite, bare_site, candidates, find_site
from digests.ingest.sites.documents import PathStates, are_unchanged
from digests.models import Problem
from digests.models.sources import Source
from digests.offload import offload

SITE_SECONDS: Final = 3
"""CPU time limit; the largest known site takes a tenth of a second."""
WALL_SECONDS: Final = 60.0
"""Wall-clock limit, as the machine may be busy."""
MAX_ANSWER_BYTES: Final = 4 * 1024 * 1024
"""Largest size of a packed site, which is sent to every worker."""
MOST_KEPT: Final = 100

Candidates = tuple[tuple[Path, str, str], ...]

_START = """
import gc, sys
gc.disable()
sys.path[:] = sys.argv[1:]
from digests.ingest.site_finder import main
main()
"""


class SiteFinder:
    """Finds the sites of sources. Results are cached until one of the inspected files changes."""

    def __init__(self) -> None:
        self._known: dict[tuple[Source, Path, Candidates], tuple[SourceSite, PathStates]] = {}
        self._roots: dict[Path, Candidates] = {}

    async def find(self, source: Source, folder: Path, *, same_names: bool = False) -> SourceSite:
        """Return the site of a source. See `sites.find_site`.

        Args:
            source: Our own configuration, which overrides the site's.
            folder: The source's real path.
            same_names: No file has come or gone since the last call, so that only the content of known ones is checked.
        """
        roots = self._roots.get(folder) if same_names else None
        if roots is None:
            roots = self._roots[folder] = tuple(await offload(candidates, folder))
        if not roots:
            return await offload(bare_site, source, folder)
        known = self._known.get((source, folder, roots))
        if known is not None and await offload(are_unchanged, known[1]):
            return known[0]
        answer = await _ask(source, folder)
        if isinstance(answer, str):
            problem = Problem(".", None, answer, rejected=False)
            if known is not None:  # addresses must not change just because a configuration is temporarily unreadable
                return replace(known[0], problems=(*known[0].problems, problem))
            return await offload(bare_site, source, folder, (problem,))
        while len(self._known) >= MOST_KEPT:
            del self._known[next(iter(self._known))]
        self._known[source, folder, roots] = answer
        return answer[0]


async def _ask(source: Source, folder: Path) -> tuple[SourceSite, PathStates] | str:
    """Read the configuration in a separate process; return a site or why there is none."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-I", "-c", _START, *sys.path),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        env=environment.minimal(os.environ),
    )
    assert process.stdin is not None
    assert process.stdout is not None
    answer = b""
    try:
        async with asyncio.timeout(WALL_SECONDS):
            with contextlib.suppress(ConnectionError):
                process.stdin.write(pickle.dumps((source, folder)))
                process.stdin.close()
            with contextlib.suppress(asyncio.IncompleteReadError):
                answer = await process.stdout.readexactly(8)
                size = int.from_bytes(answer, "big")
                if size > MAX_ANSWER_BYTES:
                    return _("the site's configuration says more than can be kept, so the site is not known")
                answer = await process.stdout.readexactly(size)
                made: tuple[SourceSite, PathStates] = pickle.loads(answer)  # noqa: S301 - written by our own process
                return made
    except TimeoutError as error:
        # Not because of its work, which has its own limit: keep what is known, the next load tries again.
        raise CorpusUnavailable(_("The machine was too busy to read the site's configuration.")) from error
    finally:
        # Closes the pipes and kills the process if it is still running.
        process._transport.close()  # type: ignore[attr-defined]
        await process.wait()
    return _(
        "reading the site's configuration takes longer than {seconds} seconds or too much memory, so the site is not"
        " known and its files are read as they are"
    ).format(seconds=SITE_SECONDS)


def main() -> None:
    """Answer one question, asked on standard input, on standard output."""
    confine(SITE_SECONDS)
    source, folder = pickle.loads(sys.stdin.buffer.read())  # noqa: S301 - our own parent
    states: PathStates = {}
    answer = pickle.dumps((find_site(source, folder, states=states), states))
    sys.stdout.buffer.write(len(answer).to_bytes(8, "big") + answer)
    sys.stdout.buffer.flush()
