"""Whether corpus.db and state.db belong to one bot: a start beside a lost state.db must not pass for a first one."""

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
        corpus: None where there is no corpus.db, or no bot ever ran with it: then nothing can be lost.
        state: None where there is no state.db, or nothing in it yet.
        state_is_empty: It holds no subscription and no edition.
    """

    corpus: str | None
    state: str | None
    state_is_empty: bool

    @property
    def is_strange(self) -> bool:
        """Whether the two are of different installations."""
        return self.corpus is not None and self.corpus != self.state

    def in_words(self) -> str:
        """Return what is wrong and what to do, for an operator."""
        if self.state_is_empty:
            return _(
                "state.db is empty or missing, but corpus.db belongs to a bot that has run here: its subscriptions and"
                " the memory of what was delivered are not here. Restore a backup (broadsheet restore FILE), check"
                " data_dir, or begin from nothing on purpose: broadsheet run --fresh."
            )
        return _(
            "state.db and corpus.db belong to two different bots. Check data_dir; or keep state.db, and let corpus.db,"
            " which is a cache, be filled again: broadsheet run --fresh."
        )


def read_pair(corpus_path: Path, state_path: Path) -> Pair:
    """Read whose files these are, creating and changing nothing. Blocks.

    A file that is damaged or can't be read at present is not lost: it is no stranger to anything, and whoever opens it
    next says what is the matter.
    """
    try:
        corpus = _ask(corpus_path, "SELECT value FROM facts WHERE name = 'installation'")
        state = _ask(state_path, f"SELECT value FROM settings WHERE name = '{INSTALLATION}'")  # noqa: S608 - ours
        holds = _ask(state_path, "SELECT EXISTS (SELECT 1 FROM subscriptions) OR EXISTS (SELECT 1 FROM editions)")
    except (sqlite3.Error, UnicodeDecodeError):
        return Pair(None, None, state_is_empty=False)
    return Pair(corpus, state, holds != "1")


def check_pair(corpus_path: Path, state_path: Path, *, fresh: bool) -> bool:
    """Check that the two files belong together, or let them begin together. Blocks.

    Args:
        corpus_path: Of corpus.db.
        state_path: Of state.db.
        fresh: Go on where they don't: beside a state.db that holds something, the strange corpus.db is deleted.

    Returns:
        Whether they had to be made a pair.

    Raises:
        StoreError: They are strange to each other, and `fresh` is not asked for.
    """
    pair = read_pair(corpus_path, state_path)
    if not pair.is_strange:
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
