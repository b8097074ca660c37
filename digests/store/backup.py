"""Backups of state.db while the bot runs, restoring them, and the lock that shows whether it runs."""

from __future__ import annotations

import asyncio
import os
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing, suppress
from datetime import datetime
from pathlib import Path
from typing import Self

from digests.errors import ForeignFile, StoreError
from digests.i18n import _
from digests.store import private_files, trust
from digests.store.connection import Database
from digests.store.database_kinds import STATE, migrations_of
from digests.store.settings import LOOK_FIRST_UNTIL
from digests.store.soundness import find_schema_anomaly
from digests.store.timestamps import to_seconds

LOCK_NAME = "bot.lock"
_HEADER_BYTES = 100
_OURS = frozenset({LOCK_NAME, *(f"{name}.db{end}" for name in ("state", "corpus") for end in ("", "-wal", "-shm"))})
"""Names of our own files in the data folder."""


class RunLock:
    """A lock held by the one process that may send from a data folder; it is released when the process ends in any way.

    It is an exclusive lock on a tiny database, which uses file locks on every system that SQLite supports.
    """

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    @classmethod
    def acquire(cls, data_dir: Path) -> Self:
        """Take the lock of a data folder.

        Raises:
            StoreError: Another process holds it, or the folder can't be written.
        """
        path = data_dir / LOCK_NAME
        try:
            private_files.make_folder(data_dir)
            private_files.make_file(path)
            connection = sqlite3.connect(path, timeout=0, isolation_level=None, check_same_thread=False)
        except (sqlite3.Error, OSError) as error:
            raise StoreError(
                _("{path} can't be written: {error}. Check the folder and its owner.").format(path=path, error=error)
            ) from error
        try:
            connection.execute("PRAGMA locking_mode = EXCLUSIVE")
            connection.execute("BEGIN EXCLUSIVE")
        except sqlite3.Error as error:
            connection.close()
            if "locked" not in str(error):
                raise StoreError(
                    _("{path} can't be written: {error}. Check the folder and its owner.").format(
                        path=path, error=error
                    )
                ) from error
            raise StoreError(
                _("Another Broadsheet is running with {folder}. Stop it first, or set another data_dir.").format(
                    folder=data_dir
                )
            ) from error
        return cls(connection)

    def release(self) -> None:
        """Release the lock; safe to call twice."""
        self._connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self.release()


def backup(state_path: Path, target: Path) -> int:
    """Copy state.db as it is at this moment into one file, while the bot may run; return its size in bytes.

    The file appears complete or not at all. Blocks: call it off the event loop.

    Raises:
        StoreError: There is no state.db, it is damaged, or `target` can't be written.
    """
    if not state_path.exists():
        raise StoreError(_("There is no {path} to back up.").format(path=state_path))
    partial = target.with_name(f".{target.name}.partial")
    try:
        if target.is_dir():
            raise StoreError(_("{path} is a folder. Name a file.").format(path=target))
        if target.parent.resolve() == state_path.parent.resolve() and target.name in _OURS:
            raise StoreError(_("{path} is in use by Broadsheet itself. Name another file.").format(path=target))
        if not _may_be_replaced(target):
            raise StoreError(
                _("{path} is not a backup, so it is not overwritten. Name another file.").format(path=target)
            )
        partial.unlink(missing_ok=True)
        private_files.make_file(partial)
        with closing(_open_to_read(state_path)) as source, closing(sqlite3.connect(partial)) as copy:
            source.backup(copy)
            # A single file that can be copied anywhere, without a write-ahead log.
            copy.execute("PRAGMA journal_mode = DELETE")
        with closing(_open_to_read(partial)) as copy:
            _check(copy, state_path)
        _sync(partial)
        partial.replace(target)
        _sync(target.parent)
    except (sqlite3.Error, OSError) as error:
        raise StoreError(
            _("{path} could not be backed up to {target}: {error}.").format(path=state_path, target=target, error=error)
        ) from error
    finally:
        partial.unlink(missing_ok=True)
    return target.stat().st_size


def _may_be_replaced(target: Path) -> bool:
    """Check whether a path is free, or has an earlier backup."""
    if not target.exists():
        return True
    if not target.is_file():
        return False
    with target.open("rb") as file:
        head = file.read(_HEADER_BYTES)
    # SQLite's file format: a magic text, and the application's id in bytes 68 to 71.
    return not head or (
        head.startswith(b"SQLite format 3\0") and int.from_bytes(head[68:72], "big") == STATE.application_id
    )


async def restore(
    source: Path, state_path: Path, now: datetime, *, check_zone: Callable[[str], object] = str
) -> Path | None:
    """Replace state.db by a backup; the old file is kept next to it.

    Parts that the backup has as unsent, and editions due before `now` that it does not have, may have been sent since
    it was made: each such part is looked for in its channel before it is sent.

    Args:
        source: The backup.
        state_path: The path of state.db.
        now: The current moment.
        check_zone: Raises for an unknown time zone.

    Returns:
        Where the old state.db is kept; None if there was none.

    Raises:
        ForeignFile: The backup is missing, damaged, foreign or newer than this program, its schema is not exactly ours,
            or a value in it can't be read. Nothing was changed.
        StoreError: A bot runs, or the file can't be written.
    """
    with RunLock.acquire(state_path.parent):
        fresh = state_path.with_name(f".{state_path.name}.restoring")
        try:
            await asyncio.to_thread(_copy_checked, source, fresh)
            database = await Database.open(fresh, STATE, reader_count=0)
            try:
                await asyncio.to_thread(_check_values, fresh, source, check_zone)
                await _look_before_sending(database, now)
            finally:
                await database.close()
            return await asyncio.to_thread(_swap, fresh, state_path, now)
        except (sqlite3.Error, OSError) as error:
            raise StoreError(
                _("{source} could not be restored to {path}: {error}.").format(
                    source=source, path=state_path, error=error
                )
            ) from error
        finally:
            for leftover in _with_companions(fresh):
                leftover.unlink(missing_ok=True)


async def _look_before_sending(database: Database, now: datetime) -> None:
    async with database.transaction() as connection:
        await connection.execute(
            "UPDATE deliveries SET attempted_at ="
            " COALESCE(attempted_at, (SELECT created_at FROM editions WHERE id = edition_id))"
            " WHERE state IN ('pending', 'claimed')"
        )
        await connection.execute(
            "INSERT INTO settings (name, value) VALUES (:name, :value)"
            " ON CONFLICT (name) DO UPDATE SET value = excluded.value",
            {"name": LOOK_FIRST_UNTIL, "value": str(to_seconds(now))},
        )


def _copy_checked(source: Path, target: Path) -> None:
    if not source.is_file():
        raise StoreError(_("There is no backup {path}.").format(path=source))
    for leftover in _with_companions(target):
        leftover.unlink(missing_ok=True)
    try:
        with closing(_open_to_read(source)) as backup_file:
            trust.harden(backup_file)
            _check(backup_file, source)
            private_files.make_file(target)
            with closing(sqlite3.connect(target)) as copy:
                backup_file.backup(copy)
    except StoreError as error:
        raise ForeignFile(str(error)) from error


def _check_values(copy: Path, source: Path, check_zone: Callable[[str], object]) -> None:
    with closing(_open_to_read(copy)) as connection:
        trust.harden(connection)
        place = trust.find_strange_value(connection, check_zone)
    if place is not None:
        raise ForeignFile(
            _("{path} has a value that Broadsheet never writes, in {place}.").format(path=source, place=place)
        )


def _check(connection: sqlite3.Connection, path: Path) -> None:
    """Raise `StoreError` unless an open file is a complete state.db of a known version."""
    newest = migrations_of(STATE)[-1][0]
    try:
        application_id = connection.execute("PRAGMA application_id").fetchone()[0]
        version = connection.execute("PRAGMA user_version").fetchone()[0]
        if application_id != STATE.application_id:
            raise StoreError(_("{path} is neither a Broadsheet state.db nor a backup of one.").format(path=path))
        if version > newest:
            raise StoreError(
                _(
                    "{path} was written by a newer Broadsheet (schema {found}, this one knows {known}). Upgrade first."
                ).format(path=path, found=version, known=newest)
            )
        # Before anything is read: a view or trigger would run.
        strange = find_schema_anomaly(connection, STATE, version)
        if strange is not None:
            raise StoreError(
                _("{path} is not a state.db that Broadsheet wrote: {thing} is not ours, or is missing.").format(
                    path=path, thing=strange
                )
            )
        verdicts = [row[0] for row in connection.execute("PRAGMA integrity_check(3)")]
        orphans = connection.execute("PRAGMA foreign_key_check").fetchall()
    except sqlite3.DatabaseError as error:
        raise StoreError(_("{path} is damaged or not a database: {error}.").format(path=path, error=error)) from error
    if verdicts != ["ok"] or orphans:
        reason = verdicts[0] if verdicts != ["ok"] else _("rows refer to others that are missing")
        raise StoreError(_("{path} is damaged: {reason}.").format(path=path, reason=reason))


def _swap(fresh: Path, state_path: Path, now: datetime) -> Path | None:
    """Keep the old file under another name, then atomically replace it by the new one."""
    kept: Path | None = None
    if state_path.exists():
        kept = state_path.with_name(f"{state_path.name}.before-restore-{now:%Y%m%dT%H%M%SZ}")
        with suppress(sqlite3.Error), closing(sqlite3.connect(state_path)) as old:
            old.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        # Only a damaged file still has its write-ahead log; next to the new file that would corrupt it.
        for companion, kept_companion in zip(_with_companions(state_path)[1:], _with_companions(kept)[1:], strict=True):
            if companion.exists():
                companion.replace(kept_companion)
        private_files.make_file(kept)
        shutil.copyfile(state_path, kept)
        private_files.close_to_others(kept)
        _sync(kept)
    fresh.replace(state_path)
    _sync(state_path.parent)
    return kept


def _with_companions(path: Path) -> tuple[Path, Path, Path]:
    return path, path.with_name(f"{path.name}-wal"), path.with_name(f"{path.name}-shm")


def _open_to_read(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)


def _sync(path: Path) -> None:
    """Make a file's content, or a folder's entries, survive a power cut."""
    if path.is_dir() and os.name == "nt":
        return  # Windows can't open a folder, and needs no sync for its entries
    descriptor = os.open(path, os.O_RDONLY if path.is_dir() else os.O_RDWR)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
