"""The daily work: what nothing needs any more goes, what is still to be sent stays, and the file shrinks."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from digests.errors import NotFound
from digests.service.outbox import Released, Sent
from digests.store.connection import Database
from digests.store.database_kinds import STATE
from tests.digests.service.editions.making import DAY, EIGHT, HOUR, Newsroom


async def count(newsroom: Newsroom, table: str) -> int:
    async with newsroom.database.read() as connection:
        (row,) = await connection.execute_fetchall(f"SELECT COUNT(*) FROM {table}")
    return int(row[0])


async def compositions_of(newsroom: Newsroom, subscription_id: int) -> list[int]:
    async with newsroom.database.read() as connection:
        rows = await connection.execute_fetchall(
            "SELECT composition_id FROM editions WHERE subscription_id = :id", {"id": subscription_id}
        )
    return [row[0] for row in rows]


async def test_rendered_parts_go_once_all_their_deliveries_have_ended(newsroom: Newsroom) -> None:
    await newsroom.subscribe(1)
    held = await newsroom.subscribe(2)
    newsroom.wire.bring("one", EIGHT - HOUR)
    await newsroom.prepare(EIGHT)
    first, second = await newsroom.outbox.claim(EIGHT, limit=2)
    assert await count(newsroom, "compositions") == 1
    await newsroom.editions.prune(EIGHT + HOUR)
    assert await count(newsroom, "parts") == 1
    await newsroom.outbox.record([Sent(first, 1), Released(second)], EIGHT)
    await newsroom.editions.prune(EIGHT + HOUR)
    assert await count(newsroom, "parts") == 1
    assert len(await newsroom.deliver(EIGHT + HOUR)) == 1
    await newsroom.editions.prune(EIGHT + 2 * HOUR)
    assert await count(newsroom, "parts") == 0
    (composition_id,) = await compositions_of(newsroom, held.id)
    assert (await newsroom.editions.get_digest(composition_id)).story_count == 1


async def test_digests_of_a_subscription_that_ended_go_with_it_unless_others_were_sent_them(newsroom: Newsroom) -> None:
    shared, other = await newsroom.subscribe(1), await newsroom.subscribe(2)
    alone = await newsroom.subscribe(3, max_stories=1)
    newsroom.wire.bring("one", EIGHT - HOUR)
    await newsroom.texts(EIGHT)
    (composition_id,) = await compositions_of(newsroom, alone.id)
    assert await count(newsroom, "compositions") == 2
    await newsroom.subscriptions.unsubscribe(alone.id)
    await newsroom.subscriptions.unsubscribe(shared.id)
    assert await count(newsroom, "compositions") == 1
    with pytest.raises(NotFound):
        await newsroom.editions.get_digest(composition_id)
    await newsroom.subscriptions.unsubscribe(other.id)
    assert [await count(newsroom, table) for table in ("compositions", "parts", "told", "told_stories")] == [0] * 4


async def test_the_daily_work_changes_no_later_edition(tmp_path: Path) -> None:
    said = []
    for works in (False, True):
        (tmp_path / str(works)).mkdir()
        newsroom = await Newsroom.open(tmp_path / str(works))
        await newsroom.subscribe()
        for day in range(4):
            newsroom.wire.bring(f"story{day}", EIGHT + day * DAY - HOUR)
            said.append(await newsroom.texts(EIGHT + day * DAY))
            if works:
                await newsroom.editions.prune(EIGHT + day * DAY + HOUR)
        await newsroom.database.close()
    assert said[:4] == said[4:]


@pytest.mark.parametrize("is_from_before", [False, True])
async def test_a_file_that_shrank_inside_gives_its_space_back_in_a_few_steps(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, is_from_before: bool
) -> None:
    monkeypatch.setattr("digests.store.connection.MOST_STEPS", 10)
    path = tmp_path / "state.db"
    await (await Database.open(path, STATE)).close()
    if is_from_before:
        with closing(sqlite3.connect(path, isolation_level=None)) as old:
            old.execute("PRAGMA auto_vacuum = NONE")
            old.execute("VACUUM")
    database = await Database.open(path, STATE)
    async with database.transaction() as connection:
        await connection.executemany(
            "INSERT INTO settings (name, value) VALUES (?, ?)", [(f"n{number}", "x" * 4000) for number in range(2000)]
        )
    await database.truncate_log()
    full = path.stat().st_size
    async with database.transaction() as connection:
        await connection.execute("DELETE FROM settings WHERE name != 'n7'")
    await database.shrink()
    await database.shrink()
    assert path.stat().st_size < full / 5
    assert await database.find_damage() is None
    async with database.read() as connection:
        assert len(list(await connection.execute_fetchall("SELECT * FROM settings"))) == 1
    await database.close()
