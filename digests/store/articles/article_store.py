"""Reads articles. Every method sees the corpus as of the last complete reload."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from typing import NamedTuple

from digests.models import CorpusStatus, FolderSummary, Problem, Provider
from digests.platforms import is_platform
from digests.store.article_rows import moment
from digests.store.articles import changed_words
from digests.store.articles.changed_words import WordCounts
from digests.store.articles.finding import KEYS_AT_ONCE, ArticleFinder, generation_of
from digests.store.articles.reloading import Reload
from digests.store.connection import scalar
from digests.store.soundness import find_damage


class KnownFeed(NamedTuple):
    """How many entries of a feed file are fine, unreadable, or duplicates of other articles."""

    entry_count: int
    rejected_count: int
    duplicate_count: int


MOST_CHANNELS = 5_000
"""How many names on platforms are known, those with most articles."""


class ArticleStore(ArticleFinder):
    """The articles of all corpus folders, their providers and topics, and what a reload needs to know."""

    # ------------------------------------------------------------------ the corpus at a glance

    async def providers(self) -> tuple[tuple[Provider, int], ...]:
        """Return all providers with their article counts, most articles first; platforms by their domains."""
        rows = await self._rows(
            "SELECT name, domain, article_count, name_count, named_count FROM providers"
            " ORDER BY article_count DESC, domain"
        )
        return tuple(
            (Provider(domain if is_platform(domain, names, named, count) else name, domain), count)
            for name, domain, count, names, named in rows
        )

    async def channels(self) -> tuple[Provider, ...]:
        """Return the names on platforms: who publishes under a domain that carries many."""
        counted = await self._rows("SELECT domain, name_count, named_count, article_count FROM providers")
        platforms = [domain for domain, *counts in counted if is_platform(domain, *counts)]
        rows = await self._rows(
            "SELECT provider_name, provider_domain FROM articles"
            " WHERE provider_domain IN (SELECT value FROM json_each(:domains))"
            " GROUP BY provider_domain, provider_name ORDER BY COUNT(*) DESC, provider_name LIMIT :limit",
            {"domains": json.dumps(platforms), "limit": MOST_CHANNELS},
        )
        return tuple(Provider(name, domain) for name, domain in rows if name and name.casefold() != domain)

    async def topics(self) -> tuple[tuple[str, int], ...]:
        """Return all topics with their article counts, most articles first."""
        rows = await self._rows("SELECT name, article_count FROM topics ORDER BY article_count DESC, folded")
        return tuple((row[0], row[1]) for row in rows)

    async def word_counts(self, since: int | None = None) -> WordCounts:
        """Count the words that changed since a generation; all words if that is None or too long ago."""
        async with self._snapshot() as connection:
            return await changed_words.count_words(connection, since)

    async def recent_headlines(self, limit: int) -> tuple[tuple[str, str], ...]:
        """Return title and key of the newest articles, without those that were scheduled for later at the last load."""
        rows = await self._rows(
            """
            SELECT title, key FROM articles
            WHERE MAX(COALESCE(published_at, 0), COALESCE(due_at, 0))
                <= COALESCE((SELECT CAST(value AS INTEGER) FROM facts WHERE name = 'loaded_at'), 0)
            ORDER BY id DESC LIMIT :limit
            """,
            {"limit": limit},
        )
        return tuple((row[0], row[1]) for row in rows)

    async def problems(self) -> tuple[Problem, ...]:
        """Return all problems, unreadable files first."""
        return await self._problems("", {})

    async def problems_in(self, folders: Sequence[str]) -> tuple[Problem, ...]:
        """Return the problems of some folders."""
        return await self._problems(
            "WHERE folder IN (SELECT value FROM json_each(:folders))", {"folders": json.dumps(list(folders))}
        )

    async def _problems(self, where: str, parameters: Mapping[str, object]) -> tuple[Problem, ...]:
        rows = await self._rows(
            f"SELECT path, line, reason, rejected FROM problems {where}"  # noqa: S608 - constants of ours
            " ORDER BY rejected DESC, path, line",
            parameters,
        )
        return tuple(Problem(row[0], row[1], row[2], rejected=bool(row[3])) for row in rows)

    async def status(self) -> CorpusStatus:
        """Return an overview of the corpus."""
        async with self._snapshot() as connection:
            (counts,) = list(
                await connection.execute_fetchall(
                    """
                    SELECT
                        (SELECT COUNT(*) FROM articles),
                        (SELECT COUNT(*) FROM articles WHERE published = 1),
                        (SELECT COUNT(*) FROM providers),
                        (SELECT COUNT(*) FROM topics),
                        (SELECT COUNT(*) FROM problems),
                        (SELECT MIN(published_at) FROM articles WHERE published_at IS NOT NULL),
                        (SELECT MAX(published_at) FROM articles WHERE published_at IS NOT NULL),
                        (SELECT value FROM facts WHERE name = 'loaded_at')
                    """
                )
            )
            generation = await generation_of(connection)
        return CorpusStatus(
            article_count=counts[0],
            published_count=counts[1],
            provider_count=counts[2],
            topic_count=counts[3],
            problem_count=counts[4],
            generation=generation,
            oldest_at=moment(counts[5]),
            newest_at=moment(counts[6]),
            loaded_at=moment(int(counts[7])) if counts[7] is not None else None,
        )

    async def generation(self) -> int:
        """Return a number that grows with every reload that changed something."""
        async with self._database.read() as connection:
            return await generation_of(connection)

    async def changed_words(self, since: int) -> tuple[int, frozenset[str] | None]:
        """Return the generation, and the words changed since an earlier one; None if too many or too long ago."""
        async with self._snapshot() as connection:
            return await changed_words.changed_since(connection, since)

    async def newest_published_at(self) -> datetime | None:
        """Return when the newest article was published; None in a corpus without dates."""
        rows = await self._rows("SELECT MAX(published_at) FROM articles WHERE published_at IS NOT NULL")
        return moment(rows[0][0])

    async def release_memory(self) -> None:
        """Free memory that a large load or query has left in use."""
        await self._database.release_memory()

    async def find_damage(self) -> str | None:
        """Check the whole file; return what is wrong with it, or None."""
        return await find_damage(self._database)

    # ------------------------------------------------------------------ what a reload needs

    async def check_readable(self) -> None:
        """Read the parts that every search needs, so that damage is noticed even if no article has changed.

        Raises:
            StoreError: The file is damaged.
        """
        await self._rows("SELECT title FROM articles ORDER BY id DESC LIMIT 1")
        await self._rows("SELECT rowid FROM article_index WHERE article_index MATCH 'a' LIMIT 1")

    async def known_folders(self) -> dict[str, int]:
        """Return the folders that were loaded before, with the version of the reader that did."""
        rows = await self._rows("SELECT SUBSTR(name, 8), value FROM facts WHERE name LIKE 'folder:%' ORDER BY name")
        return {row[0]: int(row[1]) for row in rows}

    async def known_listing(self, folder: str) -> bytes | None:
        """Return the fingerprint of a folder's listing at the last reload; None if it was not known."""
        rows = await self._rows("SELECT value FROM facts WHERE name = :name", {"name": f"listing:{folder}"})
        return bytes.fromhex(rows[0][0]) if rows and rows[0][0] else None

    async def known_site(self, folder: str) -> str:
        """Return the hash of a folder's site at the last reload; "" if unknown."""
        rows = await self._rows("SELECT value FROM facts WHERE name = :name", {"name": f"site:{folder}"})
        return str(rows[0][0]) if rows else ""

    async def known_built(self, folder: str) -> str:
        """Return the content of the feeds of a folder's built site at the last reload, as JSON; "" for nothing."""
        rows = await self._rows("SELECT value FROM facts WHERE name = :name", {"name": f"built:{folder}"})
        return str(rows[0][0]) if rows else ""

    async def summaries(self, folders: Sequence[str]) -> tuple[FolderSummary, ...]:
        """Return summaries of some folders."""
        return tuple([await self._summary(folder) for folder in folders])

    async def _summary(self, folder: str) -> FolderSummary:
        given = {"folder": folder}
        (counts,) = await self._rows(
            """
            SELECT
                (SELECT COUNT(*) FROM articles WHERE folder = :folder),
                (SELECT COUNT(*) FROM articles WHERE folder = :folder AND published_at IS NULL),
                (SELECT COUNT(*) FROM articles WHERE folder = :folder AND url IS NULL),
                (SELECT COUNT(*) FROM articles WHERE folder = :folder AND topic_list = '[]')
            """,
            given,
        )
        undated = await self._rows(
            "SELECT path FROM articles WHERE folder = :folder AND published_at IS NULL ORDER BY path LIMIT 3", given
        )
        passed = await self._rows("SELECT value FROM facts WHERE name = :name", {"name": f"passed:{folder}"})
        noted = json.loads(passed[0][0]) if passed else {}
        left_out = Counter(noted.get("left_out", {}))
        for reason, count in await self._rows(
            "SELECT left_out, COUNT(*) FROM files WHERE folder = :folder AND left_out IS NOT NULL GROUP BY left_out",
            given,
        ):
            if reason:
                left_out[reason] += count
        return FolderSummary(
            folder,
            article_count=counts[0],
            undated_count=counts[1],
            unaddressed_count=counts[2],
            untopical_count=counts[3],
            undated=tuple(row[0] for row in undated),
            left_out=tuple(sorted(left_out.items())),
            unread=tuple(sorted(noted.get("unread", {}).items())),
            has_site=bool(noted.get("has_site")),
        )

    async def known_files(self, folder: str) -> dict[str, int]:
        """Return the files of a folder (no entries of feeds) as last read: path, and size + mtime_ns."""
        # Two strings take less time and memory than a row per file. No path contains a NUL.
        (row,) = await self._rows(
            "SELECT GROUP_CONCAT(path, CHAR(0)), GROUP_CONCAT(size + mtime_ns) FROM files"
            " WHERE folder = :folder AND feed IS NULL",
            {"folder": folder},
        )
        if row[0] is None:
            return {}
        return dict(zip(row[0].split("\0"), map(int, row[1].split(",")), strict=True))

    async def rejected_files(self, folder: str) -> frozenset[str]:
        """Return the files of a folder that could not be read at the last reload."""
        rows = await self._rows(
            "SELECT path FROM files WHERE folder = :folder AND rejected = 1 AND feed IS NULL", {"folder": folder}
        )
        return frozenset(row[0] for row in rows)

    async def known_feeds(self, folder: str) -> dict[str, KnownFeed]:
        """Return the feed files of a folder that have entries, by path."""
        rows = await self._rows(
            """
            SELECT feed,
                SUM(rejected = 0 AND left_at IS NULL AND LENGTH(digest) > 0),
                SUM(rejected = 1 AND left_at IS NULL),
                SUM(LENGTH(digest) = 0)
            FROM files WHERE folder = :folder AND feed IS NOT NULL GROUP BY feed
            """,
            {"folder": folder},
        )
        return {row[0]: KnownFeed(row[1], row[2], row[3]) for row in rows}

    async def digests_of(self, folder: str, paths: Sequence[str]) -> dict[str, bytes]:
        """Return the content hashes of some files of a folder at the last reload."""
        found: dict[str, bytes] = {}
        for start in range(0, len(paths), KEYS_AT_ONCE):
            rows = await self._rows(
                "SELECT files.path, files.digest FROM json_each(:paths) AS wanted"
                " CROSS JOIN files ON files.folder = :folder AND files.path = wanted.value",
                {"folder": folder, "paths": json.dumps(paths[start : start + KEYS_AT_ONCE])},
            )
            found.update((row[0], row[1]) for row in rows)
        return found

    async def count(self, folders: Sequence[str] | None = None) -> int:
        """Count the articles of some folders, or of all."""
        if folders is None:
            return int((await self._rows("SELECT COUNT(*) FROM articles"))[0][0])
        rows = await self._rows(
            "SELECT COUNT(*) FROM articles WHERE folder IN (SELECT value FROM json_each(:folders))",
            {"folders": json.dumps(list(folders))},
        )
        return int(rows[0][0])

    @asynccontextmanager
    async def reload(self, *, expected_changes: int) -> AsyncIterator[Reload]:
        """Open the transaction of a reload: readers see all of it or nothing.

        Args:
            expected_changes: Roughly how many articles are added or removed.

        Raises:
            StoreError: The file can't be written (a full disk, damage).
        """
        async with self._database.transaction() as connection:
            # Debian's SQLite overwrites deleted data; in the index of a cache that would cost ten times as much as the
            # change.
            await connection.execute("PRAGMA secure_delete = OFF")
            total = await scalar(connection, "SELECT COUNT(*) FROM articles")
            reload = Reload(connection, total, expected_changes)
            await reload.begin()
            yield reload
