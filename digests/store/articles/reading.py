"""Reading articles. Every method sees the corpus as the last whole reload left it."""

from __future__ import annotations

import asyncio
import json
import sqlite3
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import MAXYEAR, UTC, datetime, timedelta

import aiosqlite

from digests.errors import NotFound, StoreError
from digests.i18n import _
from digests.models import Article, CorpusStatus, Problem, Provider, Window
from digests.store.article_rows import READ_COLUMNS, Decoder, moment, seconds
from digests.store.articles.reloading import KnownFile, Reload
from digests.store.connection import Database, scalar
from digests.urls import reference

INLINE_ROWS = 200
"""More rows than these are decoded outside the event loop's thread."""
KEYS_AT_ONCE = 5000
"""Lists go in as JSON; `CROSS JOIN` has SQLite walk the list and look each entry up, never the other way round."""
_HALF_A_YEAR = timedelta(days=180)


class ArticleStore:
    """The articles of all corpus folders, their providers and topics, and what a reload needs to know."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._decoder: tuple[int, Decoder] | None = None

    # ------------------------------------------------------------------ articles

    async def find_candidates(self, window: Window, *, by_publication: bool = False) -> tuple[Article, ...]:
        """Returns published, dated articles that arrived (or were published) in a window, newest first."""
        column = "published_at" if by_publication else "arrived_at"
        lower, upper = (">=", "<") if window.closed_left else (">", "<=")
        return await self._find(
            f"WHERE {column} {lower} :since AND {column} {upper} :until"
            " AND published = 1 AND published_at IS NOT NULL ORDER BY id DESC",
            {"since": window.since.timestamp(), "until": window.until.timestamp()},
        )

    async def find_around(self, since: datetime, until: datetime) -> tuple[Article, ...]:
        """Returns all dated articles, unpublished ones too, published in `[since, until]`, newest first."""
        return await self._find(
            "WHERE published_at BETWEEN :since AND :until ORDER BY id DESC",
            {"since": since.timestamp(), "until": until.timestamp()},
        )

    async def find_by_keys(self, keys: Iterable[str]) -> tuple[Article, ...]:
        """Returns the articles that answer to any of these keys (own or alias), newest first."""
        wanted = sorted(set(keys))
        found: dict[int, Article] = {}
        for start in range(0, len(wanted), KEYS_AT_ONCE):
            part = wanted[start : start + KEYS_AT_ONCE]
            for article in await self._find(
                # By the hash, which is what has an index.
                "WHERE id IN ("
                " SELECT articles.id FROM json_each(:refs) AS ref CROSS JOIN articles ON articles.ref = ref.value"
                " WHERE articles.key IN (SELECT value FROM json_each(:keys))"
                " UNION SELECT article_id FROM aliases WHERE key IN (SELECT value FROM json_each(:keys)))",
                {"keys": json.dumps(part), "refs": json.dumps([reference(key) for key in part])},
            ):
                found[article.id] = article
        return tuple(found[id_] for id_ in sorted(found, reverse=True))

    async def find_by_ids(self, ids: Sequence[int]) -> tuple[Article, ...]:
        """Returns the articles with these row numbers, in the order asked for; missing ones are left out."""
        found: dict[int, Article] = {}
        for start in range(0, len(ids), KEYS_AT_ONCE):
            listed = json.dumps(list(ids[start : start + KEYS_AT_ONCE]))
            for article in await self._find("WHERE id IN (SELECT value FROM json_each(:ids))", {"ids": listed}):
                found[article.id] = article
        return tuple(found[id_] for id_ in dict.fromkeys(ids) if id_ in found)

    async def find_by_ref(self, ref: int) -> Article | None:
        """Returns the article with this reference (the newest, should several files share an address), or None."""
        found = await self._find("WHERE ref = :ref ORDER BY published DESC, id DESC LIMIT 1", {"ref": ref})
        return found[0] if found else None

    async def get(self, id_: int, *, body: bool = True) -> Article:
        """Returns one article, with its body unless told otherwise.

        Raises:
            NotFound: There is none with this row number.
        """
        found = await self._find("WHERE id = :id", {"id": id_}, with_body=body)
        if not found:
            raise NotFound(_("This article is no longer in the corpus."))
        return found[0]

    async def find_on_day(self, month: int, day: int, before: datetime) -> tuple[Article, ...]:
        """Returns published articles of this calendar day, give or take one, in UTC and in years before `before`'s.

        The caller knows the zone and keeps those of its local day. Newest first.
        """
        oldest = await self._rows("SELECT MIN(published_at) FROM articles WHERE published_at IS NOT NULL")
        first = moment(oldest[0][0])
        if first is None:
            return ()
        latest = before - _HALF_A_YEAR
        spans = []
        for year in range(first.year - 1, latest.year + 2):
            # In a year without a 29th of February the days around it stand in for it.
            middle = datetime(year, month, 1, tzinfo=UTC) + timedelta(days=day - 1) if year < MAXYEAR else latest
            since, until = middle - timedelta(days=1), min(middle + timedelta(days=2), latest)
            if since < until:
                spans.append((seconds(since), seconds(until)))
        return await self._find(
            "WHERE published = 1 AND id IN ("
            " SELECT articles.id FROM json_each(:spans) AS span CROSS JOIN articles"
            " ON articles.published_at >= json_extract(span.value, '$[0]')"
            " AND articles.published_at < json_extract(span.value, '$[1]')"
            ") ORDER BY id DESC",
            {"spans": json.dumps(spans)},
        )

    async def _find(
        self, where: str, parameters: Mapping[str, object], *, with_body: bool = False
    ) -> tuple[Article, ...]:
        columns = f"{READ_COLUMNS}, body" if with_body else READ_COLUMNS
        sql = f"SELECT {columns} FROM articles {where}"  # noqa: S608 - constants of ours; values are parameters
        async with self._snapshot() as connection:
            rows = list(await connection.execute_fetchall(sql, dict(parameters)))
            if not rows:
                return ()
            decoder = await self._decoder_of(connection)
        if len(rows) <= INLINE_ROWS:
            return decoder.decode_all(rows, with_body=with_body)
        return await asyncio.to_thread(decoder.decode_all, rows, with_body=with_body)

    async def _decoder_of(self, connection: aiosqlite.Connection) -> Decoder:
        """Returns a decoder that knows the providers' names as of this snapshot."""
        generation = await _generation(connection)
        if self._decoder is None or self._decoder[0] != generation:
            rows = await connection.execute_fetchall("SELECT domain, name FROM providers")
            self._decoder = generation, Decoder({row[0]: row[1] for row in rows})
        return self._decoder[1]

    # ------------------------------------------------------------------ the corpus at a glance

    async def providers(self) -> tuple[tuple[Provider, int], ...]:
        """Returns every provider with its article count, the busiest first."""
        rows = await self._rows("SELECT name, domain, article_count FROM providers ORDER BY article_count DESC, domain")
        return tuple((Provider(row[0], row[1]), row[2]) for row in rows)

    async def topics(self) -> tuple[tuple[str, int], ...]:
        """Returns every topic with its article count, the busiest first."""
        rows = await self._rows("SELECT name, article_count FROM topics ORDER BY article_count DESC, folded")
        return tuple((row[0], row[1]) for row in rows)

    async def recent_headlines(self, limit: int) -> tuple[tuple[str, str], ...]:
        """Returns title and key of the newest articles."""
        rows = await self._rows("SELECT title, key FROM articles ORDER BY id DESC LIMIT :limit", {"limit": limit})
        return tuple((row[0], row[1]) for row in rows)

    async def problems(self) -> tuple[Problem, ...]:
        """Returns everything that was not taken as it stands, files that could not be read first."""
        return await self._problems("", {})

    async def problems_in(self, folders: Sequence[str]) -> tuple[Problem, ...]:
        """Returns the problems of some folders."""
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
        """Returns the corpus at a glance."""
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
            generation = await _generation(connection)
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
        """Returns a number that grows with every reload that changed something."""
        async with self._database.read() as connection:
            return await _generation(connection)

    async def newest_published_at(self) -> datetime | None:
        """Returns when the newest article was published; None in a corpus without dates."""
        rows = await self._rows("SELECT MAX(published_at) FROM articles WHERE published_at IS NOT NULL")
        return moment(rows[0][0])

    # ------------------------------------------------------------------ what a reload needs

    async def known_folders(self) -> dict[str, int]:
        """Returns the folders that were loaded before, with the version of the reader that did."""
        rows = await self._rows("SELECT SUBSTR(name, 8), value FROM facts WHERE name LIKE 'folder:%' ORDER BY name")
        return {row[0]: int(row[1]) for row in rows}

    async def known_listing(self, folder: str) -> bytes | None:
        """Returns the fingerprint of a folder's listing at the last reload; None if it could not be told."""
        rows = await self._rows("SELECT value FROM facts WHERE name = :name", {"name": f"listing:{folder}"})
        return bytes.fromhex(rows[0][0]) if rows and rows[0][0] else None

    async def known_files(self, folder: str) -> list[KnownFile]:
        """Returns the files of a folder as they were at the last reload."""
        async with self._database.read() as connection:
            cursor = await connection.execute(
                "SELECT path, size + mtime_ns FROM files WHERE folder = :folder", {"folder": folder}
            )
            cursor.row_factory = None
            rows = await cursor.fetchall()
            await cursor.close()
        return rows  # type: ignore[return-value]

    async def rejected_files(self, folder: str) -> frozenset[str]:
        """Returns the files of a folder that could not be read at the last reload."""
        rows = await self._rows("SELECT path FROM files WHERE folder = :folder AND rejected = 1", {"folder": folder})
        return frozenset(row[0] for row in rows)

    async def digests_of(self, folder: str, paths: Sequence[str]) -> dict[str, bytes]:
        """Returns the content hashes of some files of a folder at the last reload."""
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
        """Counts the articles of some folders, or of all."""
        if folders is None:
            return int((await self._rows("SELECT COUNT(*) FROM articles"))[0][0])
        rows = await self._rows(
            "SELECT COUNT(*) FROM articles WHERE folder IN (SELECT value FROM json_each(:folders))",
            {"folders": json.dumps(list(folders))},
        )
        return int(rows[0][0])

    @asynccontextmanager
    async def reload(self, *, expected_changes: int) -> AsyncIterator[Reload]:
        """Opens the one transaction of a reload: readers see all of it or nothing.

        Args:
            expected_changes: About how many articles come or go.

        Raises:
            StoreError: The file can't be written (a full disk, damage).
        """
        try:
            async with self._database.transaction() as connection:
                # Debian's SQLite overwrites what it deletes; in the index of a cache that costs ten times the change.
                await connection.execute("PRAGMA secure_delete = OFF")
                total = await scalar(connection, "SELECT COUNT(*) FROM articles")
                reload = Reload(connection, total, expected_changes)
                await reload.begin()
                yield reload
        except sqlite3.DatabaseError as error:
            raise StoreError(
                _("The corpus could not be written to {path}: {error}. The old one stands.").format(
                    path=self._database.path, error=error
                )
            ) from error

    # ------------------------------------------------------------------ access

    async def _rows(self, sql: str, parameters: Mapping[str, object] | None = None) -> list[sqlite3.Row]:
        async with self._database.read() as connection:
            return list(await connection.execute_fetchall(sql, dict(parameters or {})))

    @asynccontextmanager
    async def _snapshot(self) -> AsyncIterator[aiosqlite.Connection]:
        """Yields a reader on which all statements of the block see the same corpus."""
        async with self._database.read() as connection:
            await connection.execute("BEGIN")
            try:
                yield connection
            finally:
                await asyncio.shield(connection.rollback())


async def _generation(connection: aiosqlite.Connection) -> int:
    return await scalar(connection, "SELECT value FROM facts WHERE name = 'generation'")
