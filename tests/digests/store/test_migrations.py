"""Opening databases: what an earlier version made goes on being of use, and what is up to date is only read."""

from __future__ import annotations

import asyncio
import json
import sqlite3
from contextlib import closing
from pathlib import Path

from digests.models import Style
from digests.store.articles import ArticleStore
from digests.store.connection import Database, scalar
from digests.store.database_kinds import CORPUS, STATE, Schema, migrations_of, statements
from digests.store.subscriptions import SubscriptionStore
from tests.patience import PATIENCE_S


def at_version(place: Path, schema: Schema, version: int) -> sqlite3.Connection:
    """Make a database as an earlier version did."""
    old = sqlite3.connect(place, isolation_level=None)
    old.execute("PRAGMA journal_mode = WAL")
    for number, sql in migrations_of(schema)[:version]:
        for statement in statements(sql):
            old.execute(statement)
        old.execute(f"PRAGMA user_version = {number}")
    old.execute(f"PRAGMA application_id = {schema.application_id}")
    return old


async def test_related_entries_lose_what_nobody_reads(tmp_path: Path) -> None:
    place = tmp_path / "corpus.db"
    entries = [
        ["Pilots ask", "https://www.x.org/a/", "https://x.org/a", "X", "x.org", 1_600_000_000, 80, "An excerpt", True],
        ["“Who steered?”", "https://y.org/b", "https://y.org/b", None, None, None, None, "", None],
    ]
    with closing(at_version(place, CORPUS, 2)) as old:
        for id_, related in ((1, json.dumps(entries)), (2, "[]")):
            old.execute(
                "INSERT INTO articles (id, folder, path, key, ref, title, published, related_list)"
                " VALUES (?, 'news', ?, ?, ?, 'A title', 1, ?)",
                (id_, f"{id_}.md", f"key {id_}", id_, related),
            )
    database = await Database.open(place, CORPUS)
    try:
        first, second = await ArticleStore(database).find_by_ids([1, 2])
    finally:
        await database.close()
    assert second.related == ()
    assert [(link.title, link.url, link.key, link.quality) for link in first.related] == [
        ("Pilots ask", "https://www.x.org/a/", "https://x.org/a", 80),
        ("“Who steered?”", "https://y.org/b", "https://y.org/b", None),
    ]
    assert first.related[0].provider is not None
    assert first.related[0].provider.domain == "x.org"
    assert first.related[0].published_at is not None
    assert first.related[1].provider is None


async def test_editions_made_earlier_go_where_their_subscriptions_do(tmp_path: Path) -> None:
    place = tmp_path / "state.db"
    with closing(at_version(place, STATE, 1)) as old:
        for id_, guild_id, kind in ((1, 10, "forum"), (2, None, "dm")):
            old.execute(
                "INSERT INTO subscriptions (id, uid, guild_id, channel_id, channel_kind, creator_id, times, weekdays,"
                " timezone, quiet_day, language, state, created_at, settled_until)"
                " VALUES (?, ?, ?, ?, ?, 7, '[\"08:00\"]', '1234567', 'UTC', 'skip', 'en', 'active', 0, 0)",
                (id_, str(id_), guild_id, 100 + id_, kind),
            )
            old.execute(
                "INSERT INTO editions (subscription_id, due_at, since_at, until_at, state, created_at)"
                " VALUES (?, 1, 0, 1, 'pending', 1)",
                (id_,),
            )
    database = await Database.open(place, STATE)
    try:
        async with (
            database.read() as connection,
            connection.execute("SELECT channel_id, channel_kind, guild_id FROM editions ORDER BY id") as cursor,
        ):
            assert [tuple(row) for row in await cursor.fetchall()] == [(101, "forum", 10), (102, "dm", None)]
        # Digests ordered before there were styles go on printing everything.
        assert [each.subscription.style for each in await SubscriptionStore(database).list_all()] == [Style.FULL] * 2
    finally:
        await database.close()


async def test_a_database_that_is_up_to_date_opens_while_another_process_writes_to_it(tmp_path: Path) -> None:
    place = tmp_path / "state.db"
    await (await Database.open(place, STATE)).close()
    with closing(sqlite3.connect(place, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        async with asyncio.timeout(PATIENCE_S):
            database = await Database.open(place, STATE)
        try:
            async with database.read() as connection:
                assert await scalar(connection, "SELECT COUNT(*) FROM subscriptions") == 0
        finally:
            await database.close()
        other.rollback()
