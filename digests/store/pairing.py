"""Checks that corpus.db and state.db belong to one bot: a lost state.db must not look like a first start."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from digests.errors import StoreError
from digests.i18n import _
from digests.store.settings import INSTALLATION


@dataclass(frozen=True, slots=True)
class Pair:
    """The installations that the two files name.

    Attributes:
        corpus: None if there is no corpus.db, or no bot has used it: then nothing can be lost.
        state: None if there is no state.db, or nothing in it yet.
        state_is_empty: It has no subscriptions and no editions.
    """

    corpus: str | None
    state: str | None
    state_is_empty: bool

    @property
    def is_mismatched(self) -> bool:
        """Whether the two belong to different installations."""
        return self.corpus is not None and self.corpus != self.state

    def in_words(self) -> str:
        """Return what is wrong and what to do, for an operator."""
        if self.state_is_empty:
            return _(
                "state.db is empty or missing, but corpus.db belongs to a bot that has run here: its subscriptions and"
                " the memory of what was delivered are not here. Restore a backup (broadsheet restore FILE), check"
                " data_dir, or start from scratch on purpose: broadsheet run --fresh."
            )
        return _(
            "state.db and corpus.db belong to two different bots. Check data_dir; or keep state.db, and let corpus.db,"
            " which is a cache, be filled again: broadsheet run --fresh."
        )


def read_pair(corpus_path: Path, state_path: Path) -> Pair:
    """Read which installations the files belong to, without creating or changing anything. Blocks.

    A file that is damaged or can't be read counts as belonging: opening it later reports what is wrong.
    """
    try:
        corpus = _ask(corpus_path, "SELECT value FROM facts WHERE name = 'installation'")
        state = _ask(state_path, f"SELECT value FROM settings WHERE name = '{INSTALLATION}'")  # noqa: S608 - ours
        holds = _ask(state_path, "SELECT EXISTS (SELECT 1 FROM subscriptions) OR EXISTS (SELECT 1 FROM editions)")
    except (sqlite3.Error, UnicodeDecodeError):
        return Pair(None, None, state_is_empty=False)
    return Pair(corpus, state, holds != "1")


def check_pair(corpus_path: Path, state_path: Path, *, fresh: bool) -> bool:
    """Check that the two files belong together, or with `fresh` make them so. Blocks.

    Args:
        corpus_path: The path of corpus.db.
        state_path: The path of state.db.
        fresh: Continue even if they don't belong together; if state.db is not empty, the foreign corpus.db is
            deleted.

    Returns:
        Whether they did not belong together.

    Raises:
        StoreError: They don't belong together, and `fresh` is false.
    """
    pair = read_pair(corpus_path, state_path)
    if not pair.is_mismatched:
        return False
    if not fresh:
        raise StoreError(pair.in_words())
    if not pair.state_is_empty:
        for ending in ("", "-wal", "-shm"):
            corpus_path.with_name(corpus_path.name + ending).unlink(missing_ok=True)
    return True


def _ask(path: Path, sql: str) -> str | None:
    """Return the first value of a read-only query; None where the file, its table or the row is missing.

    Raises:
        sqlite3.Error, UnicodeDecodeError: The file is damaged, locked, or not this user's to read.
    """
    if not path.is_file() or not path.stat().st_size:
        return None
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as connection:
            row = connection.execute(sql).fetchone()
    except sqlite3.OperationalError as error:
        if not str(error).startswith("no such table"):
            raise
        return None
    return None if row is None else str(row[0])
