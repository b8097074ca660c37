"""A load that is killed leaves the old corpus or the new one, never half, and no process behind."""

from __future__ import annotations

import asyncio
import random
import subprocess
import sys
import time
from pathlib import Path

import psutil  # type: ignore[import-untyped,unused-ignore]
import pytest

from digests.service.corpus import CorpusService
from digests.store.articles import ArticleStore
from digests.store.connection import Database
from digests.store.database_kinds import CORPUS
from digests.store.search import SearchStore
from tests.digests.service.corpus.making import NOW, text_of, write, write_many
from tests.patience import PATIENCE_S

FILES = 600
KILLS = 5

LOAD = """
import asyncio, sys
from datetime import UTC, datetime
from pathlib import Path
from digests.service.corpus import CorpusService
from digests.store.articles import ArticleStore
from digests.store.connection import Database
from digests.store.database_kinds import CORPUS

async def main():
    database = await Database.open(Path(sys.argv[1]), CORPUS)
    corpus = CorpusService(ArticleStore(database), [Path(sys.argv[2])], worker_count=2)
    print("open", flush=True)
    await corpus.load(now=datetime.now(UTC), force=True)
    print("loaded", flush=True)
    await database.close()

asyncio.run(main())
"""


@pytest.mark.slow
async def test_a_killed_load_leaves_the_old_corpus_or_the_new(tmp_path: Path) -> None:
    folder, path = tmp_path / "news", tmp_path / "corpus.db"
    write_many(folder, FILES)
    chance = random.Random(7)
    for kill in range(KILLS):
        for number in range(0, FILES, 3):
            write(folder / f"story-{number}.md", text_of(f"Story {number}", excerpt=f"revision {kill}"))
        process = await asyncio.to_thread(_kill_in_the_middle, path, folder, chance.uniform(0.0, 1.0))
        assert not [child for child in process if child.is_running() and child.status() != psutil.STATUS_ZOMBIE]

        database = await Database.open(path, CORPUS)
        try:
            store = ArticleStore(database)
            assert await store.count() in {0, FILES}
            rows = await store._rows("SELECT excerpt, COUNT(*) FROM articles GROUP BY excerpt")
            revisions = {row[0]: row[1] for row in rows if row[0]}
            assert len(revisions) <= 1
            assert all(count == FILES // 3 for count in revisions.values())
            assert await SearchStore(database).verify()
            await CorpusService(store, [folder]).load(now=NOW)
            assert await store.count() == FILES
        finally:
            await database.close()


def _kill_in_the_middle(path: Path, folder: Path, seconds: float) -> list[psutil.Process]:
    """Start a load, kill it, and return its child processes after giving them a moment to end."""
    process = subprocess.Popen([sys.executable, "-c", LOAD, str(path), str(folder)], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdout.readline() == "open\n"
    time.sleep(seconds)
    try:
        below: list[psutil.Process] = psutil.Process(process.pid).children(recursive=True)
    except psutil.NoSuchProcess:
        below = []
    process.kill()
    process.communicate()
    psutil.wait_procs(below, timeout=PATIENCE_S)
    return below
