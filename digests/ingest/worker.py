"""A worker process: reads requests from standard input and answers on standard output until that is closed.

Started by `digests.ingest.pool`. A message is its length in four bytes followed by `marshal`led plain values; both ends
run the same interpreter and program. A request is answered with several messages, the last of which is empty.
"""

from __future__ import annotations

import gc
import marshal
import mmap
import signal
import struct
import sys
from typing import BinaryIO

from digests.ingest.confinement import confine
from digests.ingest.guard import Guard
from digests.ingest.read_files import ReadProgress, read_jobs

ANSWER_BYTES = 1024 * 1024
"""Outcomes are sent as soon as their files have this total size, so that messages stay bounded."""
WALL_FACTOR = 20
"""By the wall clock a file may take this many times its limit of CPU time: that only ends a read that waits forever. A
machine with many times more work than processors must not cost a proper file."""

RECORD = struct.Struct("<qqq16sd")
"""Index in the request, size, mtime_ns and digest of the file that is being read, and its limit of CPU time if that is
not the usual one, else 0; the index is -1 for none."""
NOTHING_READ = RECORD.pack(-1, 0, 0, b"", 0.0)


class _Record(ReadProgress):
    """Records the current file in shared memory, and lets the kernel kill this process if it takes too long."""

    def __init__(self, descriptor: int) -> None:
        self._shown = mmap.mmap(descriptor, RECORD.size)
        self.file_seconds = self.usual_seconds = 0.0

    def begin(self, position: int) -> None:
        self._shown[:] = RECORD.pack(position, 0, 0, b"", 0.0)
        self._set_timers(self.file_seconds)

    def _set_timers(self, seconds: float) -> None:
        # Both kill the process, whatever code it is in: one counts CPU time, the other wall-clock time.
        signal.setitimer(signal.ITIMER_PROF, seconds)
        signal.setitimer(signal.ITIMER_REAL, seconds * WALL_FACTOR)

    def parse(self, size: int, mtime_ns: int, digest: bytes) -> None:
        self._shown[8:] = RECORD.pack(0, size, mtime_ns, digest, 0.0)[8:]

    def allow(self, seconds: float) -> None:
        # After many slow files an export gets less time, as each file does.
        allowed = self.file_seconds + seconds * self.file_seconds / self.usual_seconds
        self._shown[-8:] = struct.pack("<d", allowed)
        self._set_timers(allowed)

    @staticmethod
    def pause() -> None:
        """Stop the timers: sending outcomes may have to wait for the receiver."""
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.setitimer(signal.ITIMER_REAL, 0)


def main(record_descriptor: int) -> None:
    """Serve one pool.

    Args:
        record_descriptor: The file for the `RECORD`.
    """
    # Rows and articles have no reference cycles, and searching for them costs a fifth; those of errors are freed per
    # request.
    gc.disable()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    for number in (signal.SIGALRM, signal.SIGPROF):
        signal.signal(number, signal.SIG_DFL)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {number})
    confine()
    requests, answers = sys.stdin.buffer, sys.stdout.buffer
    # Output of print() must not get between the answers.
    sys.stdout = sys.stderr
    record = _Record(record_descriptor)

    # Reports that the imports succeeded, before the first request.
    from digests.corpus import fast_yaml  # noqa: F401

    _send(answers, b"ready")
    sites: dict[str, bytes] = {}
    while (request := _receive(requests)) is not None:
        root, jobs, limits, seconds, guard, site, explain = marshal.loads(request)  # noqa: S302
        record.file_seconds, record.usual_seconds = seconds
        max_bytes, max_feed_bytes = limits
        if site is not None:
            sites[root] = site
        waiting: list[tuple[object, ...]] = []
        waiting_bytes = 0
        guarding = Guard.unpacked(guard)
        known = sites.get(root, b"")
        outcomes = read_jobs(
            root,
            jobs,
            max_bytes,
            record,
            max_feed_bytes=max_feed_bytes,
            guard=guarding,
            site=known,
            explain=explain,
        )
        for outcome in outcomes:
            waiting.append(outcome.as_message())
            # Bodies hardly grow; a row's texts are at most a few times the size of the file.
            waiting_bytes += outcome.size + 256
            if waiting_bytes >= ANSWER_BYTES:
                record.pause()
                _send(answers, marshal.dumps(waiting))
                waiting, waiting_bytes = [], 0
        record.pause()
        if waiting:
            _send(answers, marshal.dumps(waiting))
        _send(answers, b"")
        gc.collect()
        gc.freeze()


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
