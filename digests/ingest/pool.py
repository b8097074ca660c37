"""Worker processes for one load. A worker that dies or hangs costs the file it was reading, nothing else.

Plain processes with pipes rather than `multiprocessing`: nothing of the main program is imported in them, no helper
process stays behind, and their death is an end of file.
"""

from __future__ import annotations

import asyncio
import marshal
import os
import sys
import tempfile
from collections.abc import AsyncIterator, Mapping, Sequence
from types import TracebackType
from typing import IO, Self

from digests.errors import CorpusUnavailable
from digests.i18n import _
from digests.ingest.read_files import REJECTED, Job, Outcome

CHUNK_FILES = 256
CHUNKS_AHEAD = 16
"""So many read chunks may wait to be put in place, so that workers go on while the database is busy with one."""
FILE_SECONDS = 20.0
"""A file that is read longer than this is rejected; real ones take a fifth of a millisecond."""
START_SECONDS = 60.0

_START = """
import sys
descriptor, seconds, *sys.path[:] = sys.argv[1:]
from digests.ingest.worker import main
main(int(descriptor), float(seconds))
"""

Chunk = tuple[str, Sequence[Job]]
"""A folder, and files in it."""


class WorkerPool:
    """Reads chunks of files in `worker_count` processes, which live as long as the context.

    Args:
        max_bytes: Larger files are rejected.
        file_seconds: See `FILE_SECONDS`.
        sites: What is known of each folder's site, packed.
    """

    def __init__(
        self,
        worker_count: int,
        *,
        max_bytes: int,
        file_seconds: float = FILE_SECONDS,
        sites: Mapping[str, bytes] | None = None,
    ) -> None:
        self._worker_count = worker_count
        self._max_bytes = max_bytes
        self._file_seconds = file_seconds
        self._sites = sites or {}
        self._tasks: list[asyncio.Task[None]] = []

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def read(self, chunks: Sequence[Chunk]) -> AsyncIterator[tuple[str, list[Outcome]]]:
        """Yields (folder, outcomes) as chunks are done, in no particular order.

        No more than a few chunks are on their way at a time, so memory stays bounded when the reader is slow.

        Raises:
            CorpusUnavailable: No worker process can be started.
        """
        todo = iter(chunks)
        done: asyncio.Queue[tuple[str, list[Outcome]] | BaseException | None] = asyncio.Queue(CHUNKS_AHEAD)

        async def work() -> None:
            worker = _Worker(self._file_seconds, self._sites)
            fault: BaseException | None = None
            try:
                try:
                    for folder, jobs in todo:
                        await done.put((folder, await self._read_chunk(worker, folder, jobs)))
                finally:
                    await worker.stop()
            except Exception as error:  # noqa: BLE001 - raised where it is waited for, which would else be for ever
                fault = error
            await done.put(fault)

        self._tasks = [asyncio.create_task(work()) for _number in range(self._worker_count)]
        running = len(self._tasks)
        while running:
            item = await done.get()
            if item is None:
                running -= 1
            elif isinstance(item, BaseException):
                raise item
            else:
                yield item

    async def _read_chunk(self, worker: _Worker, folder: str, jobs: Sequence[Job]) -> list[Outcome]:
        outcomes: list[Outcome] = []
        rest = list(jobs)
        while rest:
            try:
                outcomes += await worker.read(folder, rest, self._max_bytes)
                break
            except _Died as death:
                path = rest.pop(death.position)[0]
                reason = _("reading this file made the reader crash or hang, so it was left out")
                # No digest: the file is tried again with every load, for the reader may have learnt by then.
                outcomes.append((path, REJECTED, 0, 0, b"", None, (), ((None, reason, True),)))
        return outcomes


class _Died(Exception):  # noqa: N818
    """The worker ended while it was reading the file at `position` of its chunk."""

    def __init__(self, position: int) -> None:
        super().__init__()
        self.position = position


class _Worker:
    """One process, started when first needed and again after it died."""

    def __init__(self, file_seconds: float, sites: Mapping[str, bytes]) -> None:
        self._file_seconds = file_seconds
        self._sites = sites
        self._sent: set[str] = set()
        self._process: asyncio.subprocess.Process | None = None
        self._position: IO[bytes] | None = None

    async def read(self, folder: str, jobs: Sequence[Job], max_bytes: int) -> list[Outcome]:
        """Reads files of a folder.

        Raises:
            _Died: The process ended on one of them.
            CorpusUnavailable: It can't be started.
        """
        process = self._process or await self._start()
        assert process.stdin is not None
        assert self._position is not None
        os.pwrite(self._position.fileno(), bytes(8), 0)
        # A folder's site goes to a process once.
        site = None if folder in self._sent else self._sites.get(folder, b"")
        self._sent.add(folder)
        request = marshal.dumps((folder, list(jobs), max_bytes, site))
        try:
            process.stdin.write(len(request).to_bytes(4, "big") + request)
            await process.stdin.drain()
            answer = await _receive(process)
        except (ConnectionError, asyncio.IncompleteReadError) as error:
            await self.stop(keep_position=True)
            position = int.from_bytes(os.pread(self._position.fileno(), 8, 0), "big")
            raise _Died(min(position, len(jobs) - 1)) from error
        outcomes: list[Outcome] = marshal.loads(answer)  # noqa: S302 - written by our own worker
        return outcomes

    async def _start(self) -> asyncio.subprocess.Process:
        if self._position is None:
            self._position = tempfile.TemporaryFile(buffering=0)  # noqa: SIM115 - closed by stop()
            self._position.write(bytes(8))
        descriptor = self._position.fileno()
        self._sent.clear()
        process = self._process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-c",
            _START,
            str(descriptor),
            str(self._file_seconds),
            *sys.path,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            pass_fds=(descriptor,),
            limit=1024 * 1024,
        )
        try:
            async with asyncio.timeout(START_SECONDS):
                await _receive(process)
        except (TimeoutError, asyncio.IncompleteReadError) as error:
            await self.stop()
            raise CorpusUnavailable(
                _("Articles can't be read: the process that reads them ends at once. Its message is in the log.")
            ) from error
        return process

    async def stop(self, *, keep_position: bool = False) -> None:
        """Ends the process, whatever it is doing."""
        process, self._process = self._process, None
        if not keep_position and self._position is not None:
            self._position.close()
            self._position = None
        if process is not None:
            # Closes the pipes and kills the process at once, whether or not its end is still waited for.
            process._transport.close()  # type: ignore[attr-defined]
            await process.wait()


async def _receive(process: asyncio.subprocess.Process) -> bytes:
    assert process.stdout is not None
    size = int.from_bytes(await process.stdout.readexactly(4), "big")
    return await process.stdout.readexactly(size)
