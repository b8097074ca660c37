"""Worker processes that read files. If one dies or is too slow, only the file it was reading is lost.

Plain processes with pipes rather than `multiprocessing`: they import nothing of the main program, leave no helper
process behind, and their death shows as an end of file. The main process never parses anything of a corpus.
"""

from __future__ import annotations

import asyncio
import marshal
import os
import signal
import sys
import tempfile
from collections.abc import AsyncGenerator, Iterable, Mapping, Sequence
from contextlib import aclosing
from types import TracebackType
from typing import IO, Self

from digests import environment
from digests.errors import CorpusUnavailable
from digests.i18n import _
from digests.ingest.guard import Guard
from digests.ingest.read_files import FileOutcome, Job, rejected
from digests.ingest.worker import NOTHING_READ, RECORD, WALL_FACTOR

CHUNK_FILES = 256
ANSWERS_AHEAD = 16
"""How many answers of workers (a megabyte or one file each) may wait for the database while the workers continue."""
FILE_SECONDS = 3.0
"""A file that takes more CPU time than this is rejected; real ones take a fifth of a millisecond."""
MANY_SLOW, VERY_MANY_SLOW = 10, 50
"""After this many slow files in one load the others get a third, then a sixth of the time: together they could delay a
load for hours."""
START_SECONDS = 60.0
DEATH_SECONDS = 5.0
LOOK_SECONDS = 1.0
KILLED = 1000
"""Pseudo exit code of a worker that we killed because it hung, to distinguish it from a SIGKILL by somebody else."""
MOST_KEPT_BYTES = 64 * 1024 * 1024
"""A worker that has read more files is not kept: its memory has grown."""

_START = """
import gc, sys
gc.disable()
descriptor, *sys.path[:] = sys.argv[1:]
from digests.ingest.worker import main
main(int(descriptor))
"""

Chunk = tuple[str, Sequence[Job]]
"""A folder and some of its files."""


class WorkerPool:
    """Reads chunks of files in worker processes.

    Args:
        max_bytes: Larger files are rejected.
        max_feed_bytes: The same for feeds and exports, which hold many articles; None means `max_bytes`.
        file_seconds: See `FILE_SECONDS`.
        keep_s: How long one worker is kept after a read, for the next one; 0 ends it with the read.
    """

    def __init__(
        self,
        *,
        max_bytes: int,
        max_feed_bytes: int | None = None,
        file_seconds: float = FILE_SECONDS,
        keep_s: float = 0.0,
    ) -> None:
        self._limits = max_bytes, max_feed_bytes
        self._file_seconds = file_seconds
        self._keep_s = keep_s
        self._idle: _Worker | None = None
        self._ending: asyncio.Task[None] | None = None
        self._slow_count = 0
        self._tasks: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def close(self) -> None:
        """Stop the kept worker, and reads that nobody waits for."""
        await _cancel(self._tasks)
        if self._ending is not None:
            self._ending.cancel()
            await asyncio.gather(self._ending, return_exceptions=True)
            self._ending = None
        worker, self._idle = self._idle, None
        if worker is not None:
            await worker.stop()

    async def read(
        self,
        chunks: Sequence[Chunk],
        *,
        worker_count: int = 1,
        guards: Mapping[str, Guard] | None = None,
        sites: Mapping[str, bytes] | None = None,
        explain: bool = False,
    ) -> AsyncGenerator[tuple[str, list[FileOutcome]], None]:
        """Yield (folder, outcomes) as files are read, in no particular order.

        Only a few answers are buffered, so memory stays bounded if the consumer is slow.

        Args:
            chunks: What to read.
            worker_count: The number of processes.
            guards: Each folder's guard.
            sites: Each folder's site, packed.
            explain: See `read_jobs`.

        Raises:
            CorpusUnavailable: No worker process can be started.
        """
        todo = iter(chunks)
        done: asyncio.Queue[tuple[str, list[FileOutcome]] | BaseException | None] = asyncio.Queue(ANSWERS_AHEAD)
        guards, sites = guards or {}, sites or {}
        self._slow_count = 0

        async def work() -> None:
            worker = self._take()
            fault: BaseException | None = None
            try:
                for folder, jobs in todo:
                    request = _Request(
                        folder, guards.get(folder) or Guard.of(folder), sites.get(folder, b""), explain=explain
                    )
                    async with aclosing(self._read_chunk(worker, request, jobs)) as answers:
                        async for outcomes in answers:
                            await done.put((folder, outcomes))
                await self._give_back(worker)
            except Exception as error:  # noqa: BLE001 - passed to the caller, which would otherwise wait forever
                fault = error
                await worker.stop()
            except BaseException:
                await worker.stop()
                raise
            await done.put(fault)

        tasks = {asyncio.create_task(work()) for _number in range(worker_count)}
        self._tasks |= tasks
        try:
            running = len(tasks)
            while running:
                item = await done.get()
                if item is None:
                    running -= 1
                elif isinstance(item, BaseException):
                    raise item
                else:
                    yield item
        finally:
            await _cancel(tasks)
            self._tasks -= tasks

    def _take(self) -> _Worker:
        worker, self._idle = self._idle, None
        if worker is not None and self._ending is not None:
            self._ending.cancel()
            self._ending = None
        return worker if worker is not None and worker.is_alive else _Worker()

    async def _give_back(self, worker: _Worker) -> None:
        if not self._keep_s or self._idle is not None or not worker.is_alive or worker.read_bytes > MOST_KEPT_BYTES:
            await worker.stop()
            return
        self._idle = worker
        self._ending = asyncio.create_task(self._end_later(worker), name="corpus worker")

    async def _end_later(self, worker: _Worker) -> None:
        await asyncio.sleep(self._keep_s)
        if self._idle is worker:
            self._idle = None
            await worker.stop()

    async def _read_chunk(
        self, worker: _Worker, request: _Request, jobs: Sequence[Job]
    ) -> AsyncGenerator[list[FileOutcome], None]:
        rest = list(jobs)
        is_retry = False
        while rest:
            try:
                async with aclosing(worker.read(request, rest, self._limits, self._seconds())) as answers:
                    async for outcomes in answers:
                        rest = rest[len(outcomes) :]
                        yield outcomes
            except _Died as death:
                if death.position is None and not is_retry:
                    is_retry = True  # it may have died meanwhile
                    continue
                path = rest.pop(min(death.position or 0, len(rest) - 1))[0]
                self._slow_count += death.is_slow
                yield [death.outcome(path)]

    def _seconds(self) -> tuple[float, float]:
        """Return the CPU time for a file in this load, and the usual one."""
        share = 1 if self._slow_count < MANY_SLOW else 3 if self._slow_count < VERY_MANY_SLOW else 6
        return self._file_seconds / share, self._file_seconds


async def launch(descriptor: int) -> asyncio.subprocess.Process:
    """Start a worker process.

    Args:
        descriptor: The file for the `RECORD`.
    """
    return await asyncio.create_subprocess_exec(
        *(sys.executable, "-I", "-c", _START, str(descriptor), *sys.path),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        pass_fds=(descriptor,),
        env=environment.minimal(os.environ),
        limit=1024 * 1024,
    )


class _Request:
    """What the files of one request share."""

    def __init__(self, folder: str, guard: Guard, site: bytes, *, explain: bool) -> None:
        self.folder = folder
        self.guard = guard.packed()
        self.site = site
        self.explain = explain


class _Died(Exception):  # noqa: N818
    """The worker ended while it was reading a file.

    Attributes:
        position: The file's index among the unanswered ones; None if it had not started one.
        is_slow: It took too long.
    """

    def __init__(self, position: int | None, code: int, known: tuple[int, int, bytes], seconds: float) -> None:
        super().__init__()
        self.position = position
        self.is_slow = code in {-signal.SIGPROF, -signal.SIGALRM, KILLED}
        self._seconds = seconds
        # If the file itself is to blame, the result is stored until the file changes, as it would happen again. A slow
        # disk, a busy machine or a lack of memory passes.
        size, mtime_ns, digest = known
        may_pass = code in {-signal.SIGALRM, -signal.SIGKILL, -signal.SIGTERM, KILLED} or not any(digest)
        self._known = (0, 0, b"") if may_pass else (size, mtime_ns, digest)

    def outcome(self, path: str) -> FileOutcome:
        """Return the outcome for the file."""
        if self.is_slow:
            reason = _("reading this file takes longer than {seconds:.2g} seconds, so it was left out").format(
                seconds=self._seconds
            )
        else:
            reason = _("reading this file made the reader crash, so it was left out")
        return rejected(path, reason, *self._known)


class _Worker:
    """One process, started when first needed and restarted after it died."""

    def __init__(self) -> None:
        self._process: asyncio.subprocess.Process | None = None
        self._record: IO[bytes] | None = None
        self._sites: dict[str, bytes] = {}
        self._was_killed = False
        self.read_bytes = 0

    @property
    def is_alive(self) -> bool:
        """Whether the process is running."""
        return self._process is not None and self._process.returncode is None

    async def read(
        self, request: _Request, jobs: Sequence[Job], limits: tuple[int, int | None], seconds: tuple[float, float]
    ) -> AsyncGenerator[list[FileOutcome], None]:
        """Read files of a folder and yield their outcomes, in order.

        Raises:
            _Died: The process ended on one of them.
            CorpusUnavailable: It can't be started.
        """
        process = self._process or await self._start()
        assert process.stdin is not None
        assert self._record is not None
        self._write_record(NOTHING_READ)
        # A folder's site is sent to a process only once.
        site = None if self._sites.get(request.folder) == request.site else request.site
        self._sites[request.folder] = request.site
        message = marshal.dumps((request.folder, list(jobs), limits, seconds, request.guard, site, request.explain))
        answered = 0
        try:
            process.stdin.write(len(message).to_bytes(4, "big") + message)
            await process.stdin.drain()
            while answer := await self._receive(process, seconds[0]):
                messages = marshal.loads(answer)  # noqa: S302 - written by our own worker
                outcomes = list(map(FileOutcome.from_message, messages))
                answered += len(outcomes)
                self.read_bytes += sum(outcome.size for outcome in outcomes)
                yield outcomes
        except (ConnectionError, asyncio.IncompleteReadError) as error:
            position, size, mtime_ns, digest, allowed = RECORD.unpack(os.pread(self._record.fileno(), RECORD.size, 0))
            code = await self._wait_for_exit()
            known = size, mtime_ns, digest
            raise _Died(
                position - answered if position >= answered else None, code, known, allowed or seconds[0]
            ) from error
        except BaseException:
            # A process interrupted in the middle of an answer can't be used again.
            await self.stop()
            raise

    async def _receive(self, process: asyncio.subprocess.Process, file_seconds: float) -> bytes:
        """Wait for a message; kill a worker that doesn't reach the next file in time, if its own limit failed."""
        assert self._record is not None
        receiving = asyncio.create_task(_receive(process))
        loop = asyncio.get_running_loop()
        last_shown, since = b"", loop.time()
        try:
            while not (await asyncio.wait((receiving,), timeout=LOOK_SECONDS))[0]:
                shown = os.pread(self._record.fileno(), RECORD.size, 0)
                if shown != last_shown:
                    last_shown, since = shown, loop.time()
                elif loop.time() - since > (RECORD.unpack(shown)[4] or file_seconds) * (WALL_FACTOR + 1):
                    self._was_killed = True
                    process.kill()
            return receiving.result()
        finally:
            receiving.cancel()

    def _write_record(self, record: bytes) -> None:
        assert self._record is not None
        os.pwrite(self._record.fileno(), record, 0)

    async def _start(self) -> asyncio.subprocess.Process:
        if self._record is None:
            self._record = tempfile.TemporaryFile(buffering=0)  # noqa: SIM115 - closed by stop()
        self._write_record(NOTHING_READ)
        self._sites.clear()
        self._was_killed = False
        self.read_bytes = 0
        process = self._process = await launch(self._record.fileno())
        try:
            async with asyncio.timeout(START_SECONDS):
                await _receive(process)
        except (TimeoutError, asyncio.IncompleteReadError) as error:
            await self.stop()
            raise CorpusUnavailable(
                _("Articles can't be read: the process that reads them ends at once. Its message is in the log.")
            ) from error
        except BaseException:
            await self.stop()
            raise
        return process

    async def _wait_for_exit(self) -> int:
        """Wait for a process that no longer answers to end; return its exit code."""
        process = self._process
        assert process is not None
        code = -signal.SIGKILL
        try:
            async with asyncio.timeout(DEATH_SECONDS):
                code = await process.wait()
        except TimeoutError:
            pass
        await self._end()
        return KILLED if self._was_killed else code

    async def stop(self) -> None:
        """Kill the process, whatever it is doing."""
        try:
            await self._end()
        finally:  # also where the wait for its end is cancelled
            if self._record is not None:
                self._record.close()
                self._record = None

    async def _end(self) -> None:
        process, self._process = self._process, None
        if process is not None:
            # Closes the pipes and kills the process at once, even if something is still waiting for its end.
            process._transport.close()  # type: ignore[attr-defined]
            await process.wait()


async def _cancel(tasks: Iterable[asyncio.Task[None]]) -> None:
    tasks = list(tasks)
    for task in tasks:
        if not task.cancelling():  # a second call would interrupt the wait for the end of the process
            task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


async def _receive(process: asyncio.subprocess.Process) -> bytes:
    assert process.stdout is not None
    size = int.from_bytes(await process.stdout.readexactly(4), "big")
    return await process.stdout.readexactly(size)
