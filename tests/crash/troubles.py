"""What goes wrong around a running bot, each as a block: it begins with the block and ends with it."""

from __future__ import annotations

import asyncio
import resource
import sqlite3
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from sandbox.faults import SEND, FaultKind
from tests.crash import small_disk
from tests.crash.bureau import Bureau

HOUR_S: Final = 3600
QUOTA_LEFT: Final = 128 * 1024
"""How many bytes a file may still grow when the quota begins: some commits' worth."""

LOCK: Final = """
import sqlite3, sys
connection = sqlite3.connect(sys.argv[1], isolation_level=None, timeout=60)
connection.execute("BEGIN IMMEDIATE")
print("locked", flush=True)
sys.stdin.read()
connection.rollback()
"""


@dataclass(frozen=True)
class Trouble:
    """Something that goes wrong.

    Attributes:
        begins: The block.
        lasts: It is one long time, rather than something that comes and goes.
        prepare: What has to be made before the first bot starts, for as long as bots run.
        later: How long after the others one more channel is due; None for no such channel.
    """

    begins: Callable[[Bureau], AbstractAsyncContextManager[None]]
    lasts: bool = False
    prepare: Callable[[Bureau], AbstractAsyncContextManager[None]] | None = None
    later_s: float | None = None


@asynccontextmanager
async def nothing(bureau: Bureau) -> AsyncIterator[None]:
    """All goes well."""
    yield


NONE: Final = Trouble(nothing)

# ----------------------------------------------------------------- on the wire


def faults(rate: float, *kinds: FaultKind) -> Trouble:
    """Some of the sends go wrong."""

    @asynccontextmanager
    async def begins(bureau: Bureau) -> AsyncIterator[None]:
        bureau.sandbox.faults.at_random(rate, kinds, seed=bureau.chance.getrandbits(32))
        with faulty(bureau):
            yield

    return Trouble(begins)


def limits(*, is_global: bool) -> Trouble:
    """Every send is answered with 429."""

    @asynccontextmanager
    async def begins(bureau: Bureau) -> AsyncIterator[None]:
        bureau.sandbox.faults.limit(SEND, retry_after_s=0.3, is_global=is_global, times=25)
        with faulty(bureau):
            yield

    return Trouble(begins)


@contextmanager
def faulty(bureau: Bureau) -> Iterator[None]:
    """Count the faults of the block and end them with it."""
    before = bureau.sandbox.faults.count
    try:
        yield
    finally:
        bureau.trouble_count += bureau.sandbox.faults.count - before
        bureau.sandbox.faults.clear()


def drops(*, resumable: bool) -> Trouble:
    """The gateway's connection is cut."""

    @asynccontextmanager
    async def begins(bureau: Bureau) -> AsyncIterator[None]:
        gateway = bureau.sandbox.gateway
        bureau.trouble_count += sum(session.connection is not None for session in gateway.sessions)
        gateway.drop(resumable=resumable)
        yield

    return Trouble(begins)


@asynccontextmanager
async def gone(bureau: Bureau) -> AsyncIterator[None]:
    """Nothing listens where Discord was."""
    bureau.trouble_count += 1
    await bureau.sandbox.go_down()
    try:
        yield
    finally:
        await bureau.sandbox.come_back()


# ----------------------------------------------------------------- on the disk


@asynccontextmanager
async def locked(bureau: Bureau) -> AsyncIterator[None]:
    """Another process holds state.db."""
    locker = await asyncio.create_subprocess_exec(
        sys.executable,
        "-c",
        LOCK,
        str(bureau.state_path),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    assert locker.stdout is not None
    assert await locker.stdout.readline() == b"locked\n"
    bureau.trouble_count += 1
    try:
        yield
    finally:
        assert locker.stdin is not None
        locker.stdin.close()
        await locker.wait()


@asynccontextmanager
async def full(bureau: Bureau) -> AsyncIterator[None]:
    """The file system has no byte left."""
    cut_log(bureau)
    with small_disk.filled(bureau.data_path), unwritable(bureau):
        yield


@asynccontextmanager
async def quota(bureau: Bureau) -> AsyncIterator[None]:
    """No file may grow beyond a size: what a quota does to the write-ahead log."""
    cut_log(bureau)
    size = bureau.log_path.stat().st_size + QUOTA_LEFT  # the bots write their log under it, too
    unlimited = resource.getrlimit(resource.RLIMIT_FSIZE)

    def bound(pid: int) -> None:
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (size, unlimited[1]))

    bureau.started = bound
    if bureau.process is not None:
        bound(bureau.process.pid)
    try:
        with unwritable(bureau):
            yield
    finally:
        bureau.started = None
        if bureau.process is not None and bureau.process.returncode is None:
            resource.prlimit(bureau.process.pid, resource.RLIMIT_FSIZE, unlimited)


@contextmanager
def unwritable(bureau: Bureau) -> Iterator[None]:
    """Count how often bots said within the block that they can't write."""
    said = ("outbox is stopped", "can't be opened")
    before = sum(map(bureau.log.count, said))
    yield
    bureau.trouble_count += sum(map(bureau.log.count, said)) - before


def cut_log(bureau: Bureau) -> None:
    """Empty the write-ahead log where that is possible: what is written next makes its file grow."""
    with (
        closing(sqlite3.connect(bureau.state_path, isolation_level=None, timeout=5)) as connection,
        suppress(sqlite3.OperationalError),
    ):
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()


@asynccontextmanager
async def on_small_disk(bureau: Bureau) -> AsyncIterator[None]:
    """Give the bot's data a small file system."""
    async with small_disk.mounted(bureau.data_path):
        yield


def full_disk() -> Trouble:
    """The disk is full: a real one where it can be had, a quota elsewhere."""
    if small_disk.why_not_mounted() is None:
        return Trouble(full, lasts=True, prepare=on_small_disk)
    return Trouble(quota, lasts=True)


# ----------------------------------------------------------------- on the wall


def set_clock(bureau: Bureau, offset_s: float) -> None:
    """Set the clock of the running bot, and of those that come after it."""
    file = bureau.folder / "clock"
    new = Path(f"{file}.new")
    new.write_text(str(offset_s))
    new.replace(file)


@asynccontextmanager
async def settable_clock(bureau: Bureau) -> AsyncIterator[None]:
    """Has bots start with a clock that can be set."""
    set_clock(bureau, 0)
    bureau.entry = ("tests.crash.stepped_clock", str(bureau.folder / "clock"))
    yield


def clock_off(offset_s: float) -> Trouble:
    """The clock is set by so much, and back again."""

    @asynccontextmanager
    async def begins(bureau: Bureau) -> AsyncIterator[None]:
        bureau.trouble_count += 1
        set_clock(bureau, offset_s)
        try:
            yield
        finally:
            set_clock(bureau, 0)

    return Trouble(begins, prepare=settable_clock, later_s=offset_s / 2 if offset_s > 0 else None)
