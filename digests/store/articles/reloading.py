"""The transaction of a reload: writes, removes and moves files and articles, and keeps the index in sync."""

from __future__ import annotations

import secrets
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

import aiosqlite

from digests.store.arrivals import Place, StoredArrivals
from digests.store.article_rows import INDEXED, WRITTEN_COLUMNS
from digests.store.articles import arrival_times, changed_words, feeds
from digests.store.articles.arrival_times import ArrivalTimes, has_expired
from digests.store.articles.counting import count_topics, renew_providers, renew_topics
from digests.store.articles.file_entries import FileEntries, ReadFile
from digests.store.articles.index_sync import IndexSync
from digests.store.articles.removals import Removals
from digests.store.articles.row_ids import RowIds, base_of
from digests.store.articles.stored_articles import COLUMNS, StoredArticle, batches, stored_at
from digests.store.connection import scalar
from digests.store.search import IndexedRow

_TOPIC_LIST = WRITTEN_COLUMNS.index("topic_list")
_DOMAIN = WRITTEN_COLUMNS.index("provider_domain")
_PUBLISHED_AT = WRITTEN_COLUMNS.index("published_at")

_INSERT = (
    f"INSERT INTO articles (id, folder, arrived_at, {', '.join(WRITTEN_COLUMNS)})"  # noqa: S608 - constants of ours
    f" VALUES (?, ?, ?, {', '.join('?' * len(WRITTEN_COLUMNS))})"
)


class FeedCounts(NamedTuple):
    """The numbers of a feed's entries by outcome."""

    new: int
    changed: int
    unchanged: int
    rejected: int
    removed: int


class Reload:
    """The operations inside a reload's transaction. Created by `ArticleStore.reload`.

    Call `expect_removals` before any `put`, `remove_rest` after the last one, and `finish` at the end.
    """

    def __init__(self, connection: aiosqlite.Connection, total: int, expected_changes: int) -> None:
        self._connection = connection
        self.entries = FileEntries(connection)
        self._index = IndexSync(connection, total, expected_changes)
        self._arrival_times = ArrivalTimes()
        self._row_ids = RowIds(connection, from_empty=total == 0)
        self._domains: set[str] = set()
        self._topics: Counter[tuple[str, str]] = Counter()
        self._removals = Removals(connection, self.entries)
        self._new_entries: set[Place] = set()
        self.changed_something = False
        self.touched: set[Place] = set()
        self.arrival_tokens = ("", "")

    async def begin(self) -> None:
        """Prepare the indexes for the changes to come."""
        await self._index.begin()

    async def loaded_folders(self) -> set[str]:
        """Return the folders that were loaded before this transaction began."""
        rows = await self._connection.execute_fetchall("SELECT SUBSTR(name, 8) FROM facts WHERE name LIKE 'folder:%'")
        return {row[0] for row in rows}

    def use_stored(self, stored: StoredArrivals | None) -> None:
        """Use the arrivals kept in state.db for folders that are loaded for the first time."""
        self._arrival_times.use_stored(stored)

    async def expect_removals(self, gone: Mapping[str, Iterable[str]], *, may_be_renamed: bool) -> None:
        """Announce the missing files, by folder.

        A new file with the same content, or an article with the same address, counts as one of them renamed.
        """
        await self._removals.expect(gone, may_be_renamed=may_be_renamed)

    async def put(
        self, folder: str, files: Sequence[ReadFile], *, arrival: int, is_first_load: bool, feed: str | None = None
    ) -> tuple[int, int, int]:
        """Write a batch of files; return the numbers of new articles, changed articles and rejected files.

        Args:
            folder: Their folder.
            files: The files, without duplicates.
            arrival: Unix seconds at which the load began.
            is_first_load: corpus.db does not know the folder: eligible articles get their arrival from state.db, or if
                that does not know the folder either, their publication time.
            feed: The feed file whose entries they are.
        """
        if not files:
            return 0, 0, 0
        self.changed_something = True
        self.touched.update((folder, file.path) for file in files)
        # A folder that was never loaded has no stored articles to replace.
        stored = {} if is_first_load else await stored_at(self._connection, [(folder, file.path) for file in files])
        moves: dict[str, tuple[str, str]] = {}
        for file in files:
            if (folder, file.path) not in stored and self._removals:
                origin = self._removals.origin_of(file)
                if origin is not None:
                    moves[file.path] = origin
        if moves:
            stored.update(await stored_at(self._connection, list(moves.values())))
            self.touched.update(moves.values())

        # Expired files are recorded, but are not articles.
        good = [file for file in files if file.row is not None and not has_expired(file.row, arrival)]
        replaced: list[StoredArticle] = []
        before: list[StoredArticle | None] = []
        for file in good:
            old = stored.get((folder, file.path)) or stored.get(moves.get(file.path, ("", "")))
            before.append(old)
            if old is not None:
                replaced.append(old)
        if len(good) < len(files):
            expired = [file for file in files if file.row is not None and has_expired(file.row, arrival)]
            places = [place for file in expired for place in ((folder, file.path), moves.get(file.path)) if place]
            replaced += [stored[place] for place in places if place in stored]
        self._index.expect(len(good))
        await self._delete_articles(replaced)

        ids = await self._ids_for(good, before)
        rows = []
        indexed: list[IndexedRow] = []
        takes_rows = self._index.takes_rows
        aliases: list[tuple[str, int]] = []
        topic_lists: list[str] = []
        for file, old, id_ in zip(good, before, ids, strict=True):
            row = file.row
            assert row is not None
            arrived_at = self._arrival_times.of(file, old, folder, arrival, is_first_load=is_first_load)
            rows.append((id_, folder, arrived_at, *row))
            if takes_rows:
                indexed.append((id_, *row[INDEXED]))  # type: ignore[arg-type]
            if file.aliases:
                aliases.extend((key, id_) for key in file.aliases)
            topic_lists.append(str(row[_TOPIC_LIST]))
            if row[_DOMAIN] is not None:
                self._domains.add(str(row[_DOMAIN]))
        for topic_list, count in Counter(topic_lists).items():
            count_topics(self._topics, topic_list, count)
        await self._connection.executemany(_INSERT, rows)
        if aliases:
            await self._connection.executemany("INSERT OR IGNORE INTO aliases (key, article_id) VALUES (?, ?)", aliases)
        await self._index.add(ids, indexed)

        if moves:
            # If a renamed file is broken, its last good version moves with it.
            await self._connection.executemany(
                "UPDATE articles SET folder = ?, path = ? WHERE folder = ? AND path = ?",
                [(folder, file.path, *moves[file.path]) for file in files if file.row is None and file.path in moves],
            )
            await self.entries.forget(list(moves.values()))
        await self.entries.touch(folder, files, feed)
        if not is_first_load:
            await self.entries.forget_problems(folder, files)
        await self.entries.note_problems(folder, files)
        if feed is not None:
            self._new_entries.update((folder, file.path) for file, old in zip(good, before, strict=True) if old is None)
        changed = sum(old is not None for old in before)
        return len(good) - changed, changed, sum(file.row is None for file in files)

    async def put_feed(
        self,
        folder: str,
        file: ReadFile,
        entries: Sequence[ReadFile],
        left_out: Sequence[ReadFile],
        *,
        arrival: int,
        is_first_load: bool,
    ) -> FeedCounts:
        """Write a feed file with its entries; entries that have left the feed stay.

        Args:
            folder: Its folder.
            file: The feed itself, without a row.
            entries: Its entries, without duplicates.
            left_out: Entries that are deliberately not articles.
            arrival: Unix seconds at which the load began.
            is_first_load: See `put`.
        """
        known = await feeds.digests_of(self._connection, folder, file.path)
        fresh = [entry for entry in entries if known.get(entry.path) != entry.digest]
        counts = await self.put(folder, fresh, arrival=arrival, is_first_load=is_first_load, feed=file.path)
        removed = await self.leave_out(
            folder, [each for each in left_out if known.get(each.path) != each.digest], feed=file.path
        )
        await feeds.note_window(
            self._connection, folder, file.path, [each.path for each in (*entries, *left_out)], arrival
        )
        await self.entries.touch(folder, [file])
        await self._connection.execute(
            "UPDATE files SET rejected = 0 WHERE folder = :folder AND path = :path",
            {"folder": folder, "path": file.path},
        )
        await self.entries.forget_problems(folder, [file])
        await self.entries.note_problems(folder, [file])
        same = [entry for entry in entries if known.get(entry.path) == entry.digest]
        rejected = sum(entry.row is None for entry in same)
        return FeedCounts(counts[0], counts[1], len(same) - rejected, counts[2] + rejected, removed)

    async def leave_out(self, folder: str, files: Sequence[ReadFile], *, feed: str | None = None) -> int:
        """Record files that are deliberately not articles, such as drafts; return how many articles were removed.

        Args:
            folder: Their folder.
            files: Each has the reason as its only problem.
            feed: The feed file whose entries they are.
        """
        if not files:
            return 0
        self.changed_something = True
        stored = await stored_at(self._connection, [(folder, file.path) for file in files])
        await self._delete_articles(list(stored.values()))
        await self.entries.touch(folder, files, feed)
        await self.entries.forget_problems(folder, files)
        await self._connection.executemany(
            "UPDATE files SET rejected = 0, left_out = ? WHERE folder = ? AND path = ?",
            [(file.problems[0][1] if file.problems else "", folder, file.path) for file in files],
        )
        return len(stored)

    async def remove_expired(self, at: int) -> int:
        """Remove the articles that expire by a moment (Unix seconds); return how many."""
        rows = await self._connection.execute_fetchall(
            f"SELECT {COLUMNS} FROM articles WHERE expires_at <= :at",  # noqa: S608 - constants of ours
            {"at": at},
        )
        stored = [StoredArticle(*row) for row in rows]
        self.changed_something = self.changed_something or bool(stored)
        await self._delete_articles(stored)
        return len(stored)

    async def remove_left(self, folder: str, before: int) -> int:
        """Remove the entries that left their feed before a moment (Unix seconds); return how many articles."""
        places = await feeds.left_before(self._connection, folder, before)
        if not places:
            return 0
        self.changed_something = True
        self.touched.update(places)
        count = 0
        for batch in batches(places):
            stored = await stored_at(self._connection, batch)
            await self._delete_articles(list(stored.values()))
            await self.entries.forget(batch)
            count += len(stored)
        return count

    async def _remove_duplicates(self) -> tuple[int, int]:
        """Remove feed entries whose address a file or an earlier feed has.

        Returns:
            How many of them came with this load, and how many were there before.
        """
        duplicates = [
            StoredArticle(*row) for row in await self._connection.execute_fetchall(feeds.duplicates_query(COLUMNS))
        ]
        if not duplicates:
            return 0, 0
        await feeds.transfer_arrivals(self._connection, [double.id for double in duplicates], arrival_times.NOW)
        await self._delete_articles(duplicates)
        places = [(double.folder, double.path) for double in duplicates]
        self.touched.update(places)
        await self._connection.executemany("UPDATE files SET digest = X'' WHERE folder = ? AND path = ?", places)
        new_count = len(self._new_entries.intersection(places))
        return new_count, len(duplicates) - new_count

    async def count_removals(self) -> int:
        """Count the articles that `remove_rest` would remove."""
        count = 0
        for batch in self._removals.batches():
            count += len(await stored_at(self._connection, batch))
        return count

    async def remove_rest(self) -> int:
        """Remove the missing files that were not renamed; return how many articles they had."""
        count = 0
        for batch in self._removals.batches():
            self.changed_something = True
            self.touched.update(batch)
            stored = await stored_at(self._connection, batch)
            await self._delete_articles(list(stored.values()))
            await self.entries.forget(batch)
            count += len(stored)
        return count

    async def finish(
        self, *, folders: Iterable[str], loaded_at: int, reader_version: int, installation: str | None = None
    ) -> tuple[int, int]:
        """Update counts, index and facts; `stamp_arrivals` and the commit follow.

        Returns:
            How many feed entries turned out to be duplicates: of those in this load, and of earlier ones.
        """
        rows = await self._connection.execute_fetchall("SELECT value FROM facts WHERE name = 'arrivals'")
        before = "".join(row[0] for row in rows)
        self.arrival_tokens = before, before
        await self._index.end_bulk()
        duplicates = await self._remove_duplicates() if self.changed_something else (0, 0)
        if self.changed_something:
            await renew_providers(self._connection, self._domains)
            await renew_topics(self._connection, self._topics)
            await self._index.finish()
            generation = await scalar(self._connection, "SELECT value FROM facts WHERE name = 'generation'")
            await self.entries.note("generation", generation + 1)
            await changed_words.note(self._connection, generation + 1, self._index.changed_words)
            self.arrival_tokens = before, secrets.token_hex(8)
            await self.entries.note("arrivals", self.arrival_tokens[1])
        await self.entries.note("loaded_at", loaded_at)
        if installation is not None:
            await self.entries.note("installation", installation)
        for folder in folders:
            await self.entries.note(f"folder:{folder}", reader_version)
        return duplicates

    async def stamp_arrivals(self, at: int) -> None:
        """Set the arrival time (Unix seconds) of this reload's articles; never before their own date."""
        if self.changed_something:
            await arrival_times.stamp(self._connection, at)

    # ------------------------------------------------------------------ inside

    async def _delete_articles(self, articles: Sequence[StoredArticle]) -> None:
        """Delete articles and their aliases, and update index and counts."""
        if not articles:
            return
        ids = [article.id for article in articles]
        await self._index.remove(ids)
        await self._connection.executemany("DELETE FROM articles WHERE id = ?", [(id_,) for id_ in ids])
        for article in articles:
            count_topics(self._topics, article.topic_list, -1)
            if article.provider_domain is not None:
                self._domains.add(article.provider_domain)

    async def _ids_for(self, files: Sequence[ReadFile], before: Sequence[StoredArticle | None]) -> list[int]:
        """Return row numbers: an article keeps its own while its minute of publication stays, else it gets another."""
        bases = [base_of(file.row[_PUBLISHED_AT]) for file in files if file.row is not None]  # type: ignore[arg-type]
        kept = [
            old.id if old is not None and base_of(old.published_at) == base else None
            for old, base in zip(before, bases, strict=True)
        ]
        reserved = {id_ for id_ in kept if id_ is not None}
        fresh = iter(
            await self._row_ids.take([base for base, id_ in zip(bases, kept, strict=True) if id_ is None], reserved)
        )
        return [next(fresh) if id_ is None else id_ for id_ in kept]
