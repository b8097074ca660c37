"""Finds articles. Every method sees the corpus as of the last complete reload."""

from __future__ import annotations

import asyncio
import json
import sqlite3
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import MAXYEAR, UTC, datetime, timedelta

import aiosqlite

from digests.errors import NotFound
from digests.gc_pause import collector_paused
from digests.handles import reference
from digests.i18n import _
from digests.models import Article, Window
from digests.offload import offload
from digests.platforms import is_platform
from digests.store.article_rows import READ_COLUMNS, Decoder, moment, seconds
from digests.store.connection import Database, scalar

INLINE_ROWS = 200
"""More rows than these are decoded outside the event loop's thread."""
KEYS_AT_ONCE = 5000
"""Lists are passed as JSON; `CROSS JOIN` makes SQLite walk the list and look up each entry, never the reverse."""
_HALF_A_YEAR = timedelta(days=180)
_NEWEST_FIRST = "ORDER BY published_at DESC, folder DESC, path DESC"
"""Not by row number: within one minute that depends on the order in which articles were loaded."""


class ArticleFinder:
    """The articles of all corpus folders."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._decoder: tuple[int, Decoder] | None = None

    async def find_candidates(
        self, window: Window, *, by_publication: bool = False, with_body: bool = False
    ) -> tuple[Article, ...]:
        """Return published, dated articles that arrived (or were published) in a window, newest first."""
        candidate = _candidate("articles", window, by_publication=by_publication)
        return await self._find(f"WHERE {candidate} {_NEWEST_FIRST}", _bounds(window), with_body=with_body)

    async def find_around(
        self, since: datetime, until: datetime, window: Window, *, by_publication: bool = False
    ) -> tuple[Article, ...]:
        """Return articles dated in `[since, until]`, including unpublished ones, without the candidates; newest first.

        Args:
            since: The earliest moment.
            until: The latest moment.
            window: As in `find_candidates`, and so is `by_publication`.
        """
        candidate = _candidate("articles", window, by_publication=by_publication)
        return await self._find(
            f"WHERE published_at BETWEEN :first AND :last AND NOT ({candidate}) {_NEWEST_FIRST}",
            {"first": since.timestamp(), "last": until.timestamp(), **_bounds(window)},
        )

    async def find_young(self, since: datetime, *, limit: int) -> tuple[Article, ...]:
        """Return the newest articles of those published from a moment on, newest first."""
        return await self._find(
            f"WHERE published_at >= :since {_NEWEST_FIRST} LIMIT :limit", {"since": since.timestamp(), "limit": limit}
        )

    async def find_duplicates(self, window: Window, *, by_publication: bool = False) -> tuple[Article, ...]:
        """Return other articles with the address of a candidate, newest first."""
        candidate = _candidate("candidate", window, by_publication=by_publication)
        return await self._find(
            "WHERE id IN ("  # noqa: S608 - constants of ours; values are parameters
            " SELECT other.id FROM articles AS candidate CROSS JOIN articles AS other"
            " ON other.ref = candidate.ref AND other.id != candidate.id AND other.key = candidate.key"
            f" WHERE {candidate}"
            f" UNION SELECT article_id FROM articles AS candidate CROSS JOIN aliases USING (key) WHERE {candidate}"
            f") AND NOT ({_candidate('articles', window, by_publication=by_publication)}) {_NEWEST_FIRST}",
            _bounds(window),
        )

    async def find_by_keys(self, keys: Iterable[str]) -> tuple[Article, ...]:
        """Return the articles with any of these keys (own or alias), newest first."""
        wanted = sorted(set(keys))
        found: dict[int, Article] = {}
        for start in range(0, len(wanted), KEYS_AT_ONCE):
            part = wanted[start : start + KEYS_AT_ONCE]
            for article in await self._find(
                # By the hash, which has an index.
                "WHERE id IN ("
                " SELECT articles.id FROM json_each(:refs) AS ref CROSS JOIN articles ON articles.ref = ref.value"
                " WHERE articles.key IN (SELECT value FROM json_each(:keys))"
                " UNION SELECT article_id FROM aliases WHERE key IN (SELECT value FROM json_each(:keys)))",
                {"keys": json.dumps(part), "refs": json.dumps([reference(key) for key in part])},
            ):
                found[article.id] = article
        return tuple(sorted(found.values(), key=_age_of, reverse=True))

    async def find_by_ids(self, ids: Sequence[int], *, with_body: bool = False) -> tuple[Article, ...]:
        """Return the articles with these row numbers, in the given order; missing ones are left out."""
        found: dict[int, Article] = {}
        for start in range(0, len(ids), KEYS_AT_ONCE):
            listed = json.dumps(list(ids[start : start + KEYS_AT_ONCE]))
            where = "WHERE id IN (SELECT value FROM json_each(:ids))"
            for article in await self._find(where, {"ids": listed}, with_body=with_body):
                found[article.id] = article
        return tuple(found[id_] for id_ in dict.fromkeys(ids) if id_ in found)

    async def find_by_ref(self, ref: int) -> tuple[Article, ...]:
        """Return the articles with this reference (files may share an address), headlines first, then newest."""
        return await self._find("WHERE ref = :ref ORDER BY published DESC, id DESC", {"ref": ref})

    async def get(self, id_: int, *, body: bool = True) -> Article:
        """Return one article, with its body unless told otherwise.

        Raises:
            NotFound: There is none with this row number.
        """
        found = await self._find("WHERE id = :id", {"id": id_}, with_body=body)
        if not found:
            raise NotFound(_("This article is no longer in the corpus."))
        return found[0]

    async def find_on_day(
        self, month: int, day: int, before: datetime, *, with_body: bool = False
    ) -> tuple[Article, ...]:
        """Return published articles of this calendar day plus or minus one, in UTC and in years before `before`'s.

        The caller knows the zone and keeps those of its local day. Newest first.
        """
        oldest = await self._rows("SELECT MIN(published_at) FROM articles WHERE published_at IS NOT NULL")
        first = moment(oldest[0][0])
        if first is None:
            return ()
        latest = before - _HALF_A_YEAR
        spans = []
        for year in range(first.year - 1, latest.year + 2):
            # In a year without 29 February the days around it are used.
            middle = datetime(year, month, 1, tzinfo=UTC) + timedelta(days=day - 1) if year < MAXYEAR else latest
            since, until = middle - timedelta(days=1), min(middle + timedelta(days=2), latest)
            if since < until:
                spans.append((seconds(since), seconds(until)))
        return await self._find(
            "WHERE published = 1 AND id IN ("  # noqa: S608 - constants of ours; values are parameters
            " SELECT articles.id FROM json_each(:spans) AS span CROSS JOIN articles"
            " ON articles.published_at >= json_extract(span.value, '$[0]')"
            " AND articles.published_at < json_extract(span.value, '$[1]')"
            f") {_NEWEST_FIRST}",
            {"spans": json.dumps(spans)},
            with_body=with_body,
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
        with collector_paused:
            return await offload(decoder.decode_all, rows, with_body=with_body)

    async def _decoder_of(self, connection: aiosqlite.Connection) -> Decoder:
        """Return a decoder with the providers' names as of this snapshot."""
        generation = await generation_of(connection)
        if self._decoder is None or self._decoder[0] != generation:
            rows = await connection.execute_fetchall(
                "SELECT domain, name, name_count, named_count, article_count FROM providers"
            )
            names = {domain: name for domain, name, *counts in rows if not is_platform(domain, *counts)}
            self._decoder = generation, Decoder(names)
        return self._decoder[1]

    async def _rows(self, sql: str, parameters: Mapping[str, object] | None = None) -> list[sqlite3.Row]:
        async with self._database.read() as connection:
            return list(await connection.execute_fetchall(sql, dict(parameters or {})))

    @asynccontextmanager
    async def _snapshot(self) -> AsyncIterator[aiosqlite.Connection]:
        """Yield a reader on which all statements of the block see the same corpus."""
        async with self._database.read() as connection:
            await connection.execute("BEGIN")
            try:
                yield connection
            finally:
                await asyncio.shield(connection.rollback())


_LONG_AGO = datetime.min.replace(tzinfo=UTC)


def _age_of(article: Article) -> tuple[datetime, str]:
    return article.published_at or _LONG_AGO, article.path


def _candidate(table: str, window: Window, *, by_publication: bool) -> str:
    """Return the condition under which a row is a candidate of a window."""
    column = f"{table}.published_at" if by_publication else f"{table}.arrived_at"
    lower, upper = (">=", "<") if window.closed_left else (">", "<=")
    return (
        f"{table}.published = 1 AND {table}.published_at IS NOT NULL AND {column} IS NOT NULL"
        f" AND {column} {lower} :since AND {column} {upper} :until"
    )


def _bounds(window: Window) -> dict[str, object]:
    return {"since": window.since.timestamp(), "until": window.until.timestamp()}


async def generation_of(connection: aiosqlite.Connection) -> int:
    return await scalar(connection, "SELECT value FROM facts WHERE name = 'generation'")
