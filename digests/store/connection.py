"""One SQLite file: opening, migrating, a single writer behind a lock, readers on connections of their own.

Knows nothing of what the tables mean.
"""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, contextmanager
from functools import partial
from pathlib import Path
from typing import Any, Protocol, Self, TypeVar

import aiosqlite

from digests.errors import StoreError
from digests.i18n import _
from digests.store import private_files
from digests.store.database_kinds import Schema, migrations_of, statements
from digests.store.sqlite_errors import DAMAGE, TROUBLE, UNREADABLE, code_of, is_damage

BUSY_TIMEOUT_S = 5.0
LOCK_PATIENCE_S = 30.0
"""How long `transaction()` keeps trying when another process holds the file."""
PAGES_A_STEP = 256
"""One mebibyte: some milliseconds in which nothing else can write."""
PAUSE_BETWEEN_STEPS_S = 0.02
MOST_STEPS = 2000
SPARE_PAGES = 64
"""Free pages that are kept for the next writes."""
_INCREMENTAL = 2

Result = TypeVar("Result")


class Connection(aiosqlite.Connection):
    """A connection that can also run several statements in one trip to its thread.

    Attributes:
        is_inline: Statements run in the thread that awaits them, not in the connection's own.
    """

    is_inline = False

    async def _execute(self, fn: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        if not self.is_inline:
            return await super()._execute(fn, *args, **kwargs)  # type: ignore[no-untyped-call]
        return fn(*args, **kwargs)

    async def run(self, work: Callable[[sqlite3.Connection], Result]) -> Result:
        """Run `work` in the connection's own thread: each round trip there costs 50 to 200 us."""
        result: Result = await self._execute(work, self._conn)
        return result


class Connections(Protocol):
    """Where statements run: a file, or one transaction on it."""

    def transaction(self) -> AbstractAsyncContextManager[Connection]:
        """Yield a connection that writes."""
        ...

    def read(self) -> AbstractAsyncContextManager[Connection]:
        """Yield a connection that reads."""
        ...


class Joined:
    """An open transaction in which stores read and write; all of it is committed or nothing."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Connection]:
        """Yield the connection; the transaction is ended by the code that began it."""
        yield self._connection

    read = transaction


class Database:
    """A migrated SQLite file in WAL mode: one writer, several readers.

    One task's commit on a shared connection would make another task's half-done work permanent, so every
    write goes through `transaction()`, one at a time.
    """

    def __init__(self, path: Path, schema: Schema, *, is_inline: bool = False) -> None:
        self.path = path
        self.schema = schema
        self._is_inline = is_inline
        self._writer: Connection | None = None
        # The one used last is used next: its page cache is warm, and the others' stay empty until needed.
        self._readers: asyncio.LifoQueue[Connection] = asyncio.LifoQueue()
        self._all_readers: list[Connection] = []
        self._write_lock = asyncio.Lock()
        self._identity: tuple[int, int] | None = None

    @classmethod
    async def open(cls, path: Path, schema: Schema, *, reader_count: int = 2, is_inline: bool = False) -> Self:
        """Open or create the file and bring it up to date.

        Args:
            path: The file.
            schema: Its kind.
            reader_count: How many reads can run at once.
            is_inline: Run statements in the event loop's thread, which they then block: for work during which nobody
                else waits. The trip to a thread takes longer than most statements.

        Raises:
            StoreError: The file is not a database, belongs to something else, is newer than this program,
                or its folder can't be written.
        """
        database = cls(path, schema, is_inline=is_inline)
        try:
            if path.exists() and not path.is_file():
                raise StoreError(_("{path} is not a file. Move it away or set another data_dir.").format(path=path))
            private_files.make_folder(path.parent)
            private_files.make_file(path)
            database._writer = await database._connect()
            await database._writer.execute(f"PRAGMA cache_size = -{schema.writer_cache_kib}")
            await database._migrate()
            for _number in range(reader_count):
                reader = await database._connect()
                database._all_readers.append(reader)
                await reader.execute("PRAGMA query_only = ON")
                database._readers.put_nowait(reader)
            database._identity = _identity_of(path)
        except (sqlite3.Error, OSError, *UNREADABLE) as error:
            await database.close()
            if not isinstance(error, OSError) and is_damage(error):
                raise database.damaged(error) from error
            raise StoreError(
                _("The database {path} can't be opened: {error}. Check that the folder is writable.").format(
                    path=path, error=error
                )
            ) from error
        except StoreError:
            await database.close()
            raise
        return database

    async def _connect(self) -> Connection:
        connect = partial(
            sqlite3.connect,
            self.path,
            timeout=BUSY_TIMEOUT_S,
            isolation_level=None,
            check_same_thread=not self._is_inline,
        )
        connection = Connection(connect, iter_chunk_size=64)
        await connection
        connection.is_inline = self._is_inline
        try:
            connection.row_factory = sqlite3.Row
            # In one go: each statement on its own would be a trip to the connection's thread.
            await connection.run(self._set_up)
        except BaseException:
            await connection.close()  # otherwise its thread would keep the process from ending
            raise
        return connection

    def _set_up(self, connection: sqlite3.Connection) -> None:
        # Only applies to a new file.
        connection.execute(f"PRAGMA page_size = {self.schema.page_bytes}")
        if not self.schema.is_cache:
            # Deleted data is overwritten: what somebody ordered must not survive `broadsheet forget` in a free
            # page. The default in many builds of SQLite, but not all.
            connection.execute("PRAGMA secure_delete = ON")
        if not self.schema.is_cache and not self.path.stat().st_size:
            # On a file with tables this would ask for the lock that another process may hold.
            connection.execute("PRAGMA auto_vacuum = INCREMENTAL")
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute(f"PRAGMA synchronous = {self.schema.synchronous}")

    async def _migrate(self) -> None:
        """Migrate the file; a current one is not written to, so that a start survives a full disk or a lock."""
        assert self._writer is not None
        migrations = migrations_of(self.schema)
        # One transaction, so that another process that creates the file is seen before or after, never midway.
        await self._writer.execute("BEGIN")
        try:
            version = await self._version(self._writer)
        finally:
            await self._writer.rollback()
        if version == migrations[-1][0]:
            return
        async with self._transaction() as connection:
            version = await self._version(connection)
            if version > migrations[-1][0]:
                raise StoreError(
                    _(
                        "{path} was written by a newer Broadsheet (schema {found}, this one knows {known})."
                        " Upgrade first."
                    ).format(path=self.path, found=version, known=migrations[-1][0])
                )
            missing = [statement for number, sql in migrations if number > version for statement in statements(sql)]

            def migrate(raw: sqlite3.Connection) -> None:
                for statement in missing:
                    raw.execute(statement)
                raw.execute(f"PRAGMA user_version = {migrations[-1][0]}")
                raw.execute(f"PRAGMA application_id = {self.schema.application_id}")

            await connection.run(migrate)

    async def _version(self, connection: aiosqlite.Connection) -> int:
        """Return the number of the file's last migration, 0 for a new file.

        Raises:
            StoreError: It belongs to something else.
        """
        version = await scalar(connection, "PRAGMA user_version")
        application_id = await scalar(connection, "PRAGMA application_id")
        table_count = await scalar(connection, "SELECT COUNT(*) FROM sqlite_schema")
        if application_id != self.schema.application_id and (version or application_id or table_count):
            raise StoreError(
                _("{path} is not a Broadsheet {name} database. Move it away or set another data_dir.").format(
                    path=self.path, name=self.schema.name
                )
            )
        return version

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Connection]:
        """Yield the writer inside `BEGIN IMMEDIATE`; commit at the end, roll back on any exception.

        Raises:
            StoreError: Another process kept the file locked for `LOCK_PATIENCE_S`, or the file can't be used (a full
                disk, damage).
        """
        with self._in_words():
            async with self._transaction() as writer:
                yield writer

    @asynccontextmanager
    async def _transaction(self) -> AsyncIterator[Connection]:
        writer = self._writer
        assert writer is not None
        async with self._write_lock:
            try:
                # Inside, because a task cancelled while waiting may leave the transaction open.
                await self._begin(writer)
                yield writer
            except BaseException:
                await asyncio.shield(writer.rollback())
                raise
            try:
                await writer.commit()
            except BaseException:
                await asyncio.shield(writer.rollback())
                raise

    async def _begin(self, writer: aiosqlite.Connection) -> None:
        deadline = asyncio.get_running_loop().time() + LOCK_PATIENCE_S
        while True:
            try:
                await writer.execute("BEGIN IMMEDIATE")
            except sqlite3.OperationalError as error:
                if "locked" not in str(error) and "busy" not in str(error):
                    raise
                if asyncio.get_running_loop().time() >= deadline:
                    raise StoreError(
                        _("{name} has been locked by another process for {seconds:.0f} seconds.").format(
                            name=self.path.name, seconds=LOCK_PATIENCE_S
                        )
                    ) from error
                await asyncio.sleep(0.1)
            else:
                return

    @asynccontextmanager
    async def read(self) -> AsyncIterator[Connection]:
        """Yield a reading connection for the duration of the block; wait while all are in use.

        Raises:
            StoreError: The file can't be used.
        """
        reader = await self._readers.get()
        try:
            with self._in_words():
                yield reader
        finally:
            self._readers.put_nowait(reader)

    @contextmanager
    def _in_words(self) -> Iterator[None]:
        """Turn SQLite's errors for a locked or damaged file or a full disk into `StoreError`."""
        try:
            yield
        except (sqlite3.Error, *UNREADABLE) as error:
            if is_damage(error):
                raise self.damaged(error) from error
            if not isinstance(error, sqlite3.Error) or code_of(error) not in TROUBLE:
                raise
            raise StoreError(
                _("{name} can't be used at present: {error}.").format(name=self.path.name, error=error)
            ) from error

    def damaged(self, error: Exception | str) -> StoreError:
        """Return an error that says that this file is damaged, and what to do."""
        sentence = (
            _("{name} is damaged: {error}. It is a cache: delete the file and run `broadsheet load`.")
            if self.schema.is_cache
            else _("{name} is damaged: {error}. Restore a backup: broadsheet restore FILE.")
        )
        # The details belong in the log: they may quote any text.
        if isinstance(error, str):
            return StoreError(sentence.format(name=self.path.name, error=error))
        said = str(error) if isinstance(error, sqlite3.Error) and code_of(error) in DAMAGE else type(error).__name__
        return StoreError(sentence.format(name=self.path.name, error=said))

    async def release_memory(self) -> None:
        """Drop the pages that idle connections keep cached; the next statements read them again."""
        async with self._write_lock:
            if self._writer is not None:
                await self._writer.execute("PRAGMA shrink_memory")
        for _number in range(self._readers.qsize()):
            async with self.read() as reader:
                await reader.execute("PRAGMA shrink_memory")

    async def truncate_log(self) -> None:
        """Write the write-ahead log to the file and empty it; postponed while others read it."""
        async with self._write_lock:
            if self._writer is not None:
                with self._in_words():
                    await self._writer.execute_fetchall("PRAGMA wal_checkpoint(TRUNCATE)")

    async def shrink(self) -> None:
        """Shrink the file by its unused pages, in steps between which others can write.

        Raises:
            StoreError: The file can't be written at present.
        """
        for _number in range(MOST_STEPS):
            async with self._write_lock:
                writer = self._writer
                if writer is None:
                    return
                with self._in_words():
                    free = await scalar(writer, "PRAGMA freelist_count")
                    if free <= SPARE_PAGES:
                        break
                    if await scalar(writer, "PRAGMA auto_vacuum") != _INCREMENTAL:
                        # An older file: rewritten once, as a whole.
                        await writer.execute("PRAGMA auto_vacuum = INCREMENTAL")
                        await writer.execute("VACUUM")
                        break
                    # It frees a page each time that it is stepped, and only a script is stepped to its end.
                    await writer.executescript(f"PRAGMA incremental_vacuum({PAGES_A_STEP})")
            await asyncio.sleep(PAUSE_BETWEEN_STEPS_S)
        await self.truncate_log()

    async def find_damage(self) -> str | None:
        """Check the whole file; return what is wrong with it, or None."""
        async with self.read() as connection:
            try:
                async with connection.execute("PRAGMA integrity_check(1)") as cursor:
                    row = await cursor.fetchone()
            except sqlite3.DatabaseError as error:
                if code_of(error) not in DAMAGE:
                    raise
                return str(error)
        return None if row is None or row[0] == "ok" else str(row[0])

    @property
    def is_in_place(self) -> bool:
        """Whether the open file is still at its path: a deleted one is gone when the process ends."""
        try:
            return self._identity == _identity_of(self.path)
        except OSError:
            return True  # the disk has a problem, which SQLite will report

    async def close(self) -> None:
        """Close every connection; safe to call twice."""
        for reader in self._all_readers:
            await reader.close()
        self._all_readers.clear()
        if self._writer is not None:
            await self._writer.close()
            self._writer = None


def _identity_of(path: Path) -> tuple[int, int] | None:
    try:
        status = path.stat()
    except (FileNotFoundError, NotADirectoryError):
        return None
    return status.st_dev, status.st_ino


async def scalar(connection: aiosqlite.Connection, sql: str, parameters: dict[str, object] | None = None) -> int:
    """Return the first column of the first row as an integer, 0 where there is no row or it is NULL."""
    async with connection.execute(sql, parameters or {}) as cursor:
        row = await cursor.fetchone()
    return int(row[0] or 0) if row is not None else 0
