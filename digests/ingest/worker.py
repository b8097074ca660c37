"""A worker process: reads requests from standard input and answers on standard output until that is closed.

Started by `digests.ingest.pool`. A message is its length in four bytes and a `marshal` of plain values; both ends
are the same interpreter and the same program.
"""

from __future__ import annotations

import contextlib
import marshal
import mmap
import os
import resource
import signal
import sys
from typing import BinaryIO

from digests.ingest.read_files import read_jobs, without_collector

MEMORY_LIMIT_BYTES = 1024**3
"""Address space of a worker; a file that asks for more is rejected, the machine stays well."""
NICENESS = 3
"""The bot answers people while workers parse; not so much that a busy machine starves them."""
FILES_AN_ALARM = 8
"""So many files share one alarm: setting it is a system call."""


def main(position_descriptor: int, file_seconds: float) -> None:
    """Serves one pool.

    Args:
        position_descriptor: A file of eight bytes in which the position in the request is kept, so that whoever
            finds this process dead knows which file it died of.
        file_seconds: A few files that take longer end the process.
    """
    without_collector()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    with contextlib.suppress(OSError):
        os.nice(NICENESS)
    with contextlib.suppress(OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY_LIMIT_BYTES, MEMORY_LIMIT_BYTES))
    requests, answers = sys.stdin.buffer, sys.stdout.buffer
    # Whatever prints must not get between the answers.
    sys.stdout = sys.stderr

    shown = mmap.mmap(position_descriptor, 8)

    def on_file(position: int) -> None:
        shown[:] = position.to_bytes(8, "big")
        if position % FILES_AN_ALARM == 0:
            signal.setitimer(signal.ITIMER_REAL, file_seconds)

    # Tells that imports went well before the first request.
    from digests.corpus import fast_yaml  # noqa: F401

    _send(answers, b"ready")
    sites: dict[str, bytes] = {}
    while (request := _receive(requests)) is not None:
        root, jobs, max_bytes, site = marshal.loads(request)  # noqa: S302 - written by our own parent
        if site is not None:
            sites[root] = site
        outcomes = read_jobs(root, jobs, max_bytes, on_file, site=sites.get(root, b""))
        signal.setitimer(signal.ITIMER_REAL, 0)
        _send(answers, marshal.dumps(outcomes))


def _receive(stream: BinaryIO) -> bytes | None:
    head = stream.read(4)
    if len(head) < 4:
        return None
    size = int.from_bytes(head, "big")
    body = stream.read(size)
    return body if len(body) == size else None


def _send(stream: BinaryIO, body: bytes) -> None:
    stream.write(len(body).to_bytes(4, "big"))
    stream.write(body)
    stream.flush()
