"""The worker that reads files, forked from a process that has imported it: each start takes half a second otherwise.

`tests/conftest.py` has every `WorkerPool` of a process of tests start its workers so, except those of tests that are
about the start itself.
"""

from __future__ import annotations

import asyncio
import os
import socket
import time
from collections.abc import Mapping
from typing import Final, cast

from digests import environment
from digests.ingest.worker import main
from tests.fork_server import Forked, fork

IMPORTED: Final = (
    "digests.corpus.building",
    "digests.corpus.titles",
    "digests.ingest.worker",
    "digests.store.article_rows",
    "frontmatter",
    "ftfy",
    "tests.forked_reader",
    "yaml",
)
"""Not what reserves as much memory as a worker may have, before it is limited: the parsers of YAML and TOML."""
LIMIT: Final = 1024 * 1024


class Reader:
    """What a pool uses of `asyncio.subprocess.Process`.

    Attributes:
        stdin: Where requests go.
        stdout: Where answers come from.
    """

    def __init__(self, process: Forked, stdin: asyncio.StreamWriter, stdout: asyncio.StreamReader) -> None:
        self._process = process
        self._transport = self
        self.stdin = stdin
        self.stdout = stdout
        self.kill = process.kill
        self.wait = process.wait

    @property
    def returncode(self) -> int | None:
        """Its exit code, negative for a signal; None while it runs."""
        return self._process.returncode

    def close(self) -> None:
        """Close the connection and kill it."""
        self.stdin.close()
        self.kill()


async def launch(descriptor: int) -> asyncio.subprocess.Process:
    """Start a worker; stands in for the function of `digests.ingest.pool`."""
    ours, its = socket.socketpair()
    with its:
        arguments = [3, environment.minimal(os.environ)]
        process = await fork(IMPORTED, f"{__name__}:run", arguments, [its.fileno(), its.fileno(), 2, descriptor])
    stdout, stdin = await asyncio.open_connection(sock=ours, limit=LIMIT)
    return cast(asyncio.subprocess.Process, Reader(process, stdin, stdout))


def run(descriptor: int, variables: Mapping[str, str]) -> None:
    """Become a worker; called in the forked process."""
    os.environ.clear()
    os.environ.update(variables)
    time.tzset()
    main(descriptor)
