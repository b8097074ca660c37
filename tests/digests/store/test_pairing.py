from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from functools import partial
from pathlib import Path

import pytest

from digests.errors import StoreError
from digests.service.corpus import CorpusService
from digests.store.arrivals import ArrivalStore
from digests.store.articles import ArticleStore
from digests.store.connection import Database
from digests.store.database_kinds import CORPUS, STATE
from digests.store.pairing import check_pair, read_pair
from digests.store.settings import SettingsStore
from tests.digests.service.corpus.making import NOW, text_of, write
from tests.digests.service.editions.making import Newsroom

pytestmark = pytest.mark.slow  # each loads a corpus


async def make_pair(place: Path) -> None:
    """Files as a bot leaves them that has run and loaded, with a subscription."""
    write(place / "news" / "a.md", text_of("One"))
    newsroom = await Newsroom.open(place)
    await newsroom.subscribe()
    corpus = await Database.open(place / "corpus.db", CORPUS)
    service = CorpusService(
        ArticleStore(corpus),
        [place / "news"],
        arrivals=ArrivalStore(corpus, newsroom.database),
        installation=await SettingsStore(newsroom.database).get_installation(),
    )
    await service.load(now=NOW)
    await corpus.close()
    await newsroom.database.close()


def check(place: Path, *, fresh: bool = False) -> bool:
    return check_pair(place / "corpus.db", place / "state.db", fresh=fresh)


@pytest.fixture
async def place(tmp_path: Path) -> Path:
    (tmp_path / "one").mkdir()
    await make_pair(tmp_path / "one")
    return tmp_path / "one"


async def test_files_of_one_bot_and_files_that_are_not_there_are_no_strangers(place: Path, tmp_path: Path) -> None:
    assert not check(place)
    (place / "corpus.db").unlink()
    assert not check(place)
    assert not check(tmp_path / "nowhere")
    assert not (tmp_path / "nowhere").exists()


@pytest.mark.parametrize("left", ["missing", "empty", "made again"])
async def test_a_lost_state_is_noticed(place: Path, left: str) -> None:
    for file in place.glob("state.db*"):
        file.unlink()
    if left == "empty":
        (place / "state.db").touch()
    elif left == "made again":
        await (await Database.open(place / "state.db", STATE)).close()
    with pytest.raises(StoreError, match="restore"):
        check(place)
    assert check(place, fresh=True)
    assert (place / "corpus.db").exists()


@pytest.mark.parametrize("kept", [0.0, 0.5], ids=["zeros", "half"])
async def test_a_damaged_state_is_called_damaged_and_not_lost(place: Path, kept: float) -> None:
    path = place / "state.db"
    before = path.read_bytes()
    path.write_bytes(before[: int(len(before) * kept)] or bytes(8192))
    assert not check(place)
    with pytest.raises(StoreError, match="is damaged"):
        await Database.open(path, STATE)


async def test_a_state_that_another_process_holds_is_not_lost(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    connect = sqlite3.connect
    monkeypatch.setattr("sqlite3.connect", partial(connect, timeout=0.05))
    with closing(connect(place / "state.db", isolation_level=None)) as holder:
        holder.execute("PRAGMA locking_mode = EXCLUSIVE")
        holder.execute("BEGIN EXCLUSIVE")
        holder.execute("DELETE FROM remembered")
        assert not check(place)


async def test_the_files_of_two_bots_are_noticed_and_only_the_cache_goes(place: Path, tmp_path: Path) -> None:
    (tmp_path / "two").mkdir()
    await make_pair(tmp_path / "two")
    shutil.copy(tmp_path / "two" / "corpus.db", place / "corpus.db")
    before = (place / "state.db").read_bytes()
    with pytest.raises(StoreError, match="two different bots"):
        check(place)
    assert (place / "corpus.db").exists()
    assert check(place, fresh=True)
    assert not (place / "corpus.db").exists()
    assert (place / "state.db").read_bytes() == before
    assert not check(place)


async def test_a_corpus_that_was_only_loaded_belongs_to_nobody_yet(tmp_path: Path) -> None:
    write(tmp_path / "news" / "a.md", text_of("One"))
    corpus = await Database.open(tmp_path / "corpus.db", CORPUS)
    await CorpusService(ArticleStore(corpus), [tmp_path / "news"]).load(now=NOW)
    await corpus.close()
    assert not read_pair(tmp_path / "corpus.db", tmp_path / "state.db").is_mismatched
