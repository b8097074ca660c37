"""corpus.db is a cache: whenever it is deleted, the editions that follow are the ones that would have followed."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, closing
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from digests.models import Cadence, ChannelKind, Digest, Policy, Subscription
from digests.service.corpus import CorpusService
from digests.service.digests import DigestService
from digests.service.edition_run import Rendered
from digests.service.editions import EditionService
from digests.service.subscriptions import SubscriptionService
from digests.store import connection
from digests.store.arrivals import ArrivalStore
from digests.store.articles import ArticleStore
from digests.store.connection import Database
from digests.store.database_kinds import CORPUS, STATE
from digests.store.outbox.compositions import CompositionStore
from digests.store.outbox.editions import EditionStore
from digests.store.settings import SettingsStore
from digests.store.subscriptions import SubscriptionStore
from tests.digests.service.corpus.making import HOUR, NOW, PUBLISHED, everything, text_of, write, write_many
from tests.examples import examples


@dataclass(frozen=True, slots=True)
class Room:
    """A bot's two databases and what works on them."""

    store: ArticleStore
    corpus: CorpusService
    editions: EditionService
    told: list[Digest]


class _Recording(DigestService):
    """Composes as ever, and keeps every digest."""

    def __init__(self, store: ArticleStore, told: list[Digest]) -> None:
        super().__init__(store)
        self._told = told

    async def compose(self, *arguments: Any, **options: Any) -> Digest:
        digest = await super().compose(*arguments, **options)
        self._told.append(digest)
        return digest


@asynccontextmanager
async def opened(place: Path, folders: list[Path], *, max_stories: int = 10) -> AsyncIterator[Room]:
    async with AsyncExitStack() as stack:
        corpus = await Database.open(place / "corpus.db", CORPUS)
        stack.push_async_callback(corpus.close)
        state = await Database.open(place / "state.db", STATE)
        stack.push_async_callback(state.close)
        store = ArticleStore(corpus)
        told: list[Digest] = []
        editions = EditionService(
            SubscriptionStore(state),
            EditionStore(state),
            CompositionStore(state),
            SettingsStore(state),
            _Recording(store, told),
            policy=Policy(max_stories=max_stories),
        )
        yield Room(store, CorpusService(store, folders, arrivals=ArrivalStore(corpus, state)), editions, told)


def delete_cache(place: Path) -> None:
    for file in place.glob("corpus.db*"):
        file.unlink()


async def arrivals(place: Path, folder: Path, now: datetime = NOW + 9 * HOUR) -> dict[str, datetime | None]:
    async with opened(place, [folder]) as room:
        await room.corpus.load(now=now)
        return {path: article.arrived_at for path, article in (await everything(room.store)).items()}


# ---------------------------------------------------------------------- one thing at a time


@pytest_asyncio.fixture(loop_scope="module")
async def place(tmp_path: Path, folder: Path) -> Path:
    """Databases in which one article has arrived as published, and one late."""
    write_many(folder, 1)
    async with opened(tmp_path, [folder]) as room:
        await room.corpus.load(now=NOW)
        write(folder / "late.md", text_of("Late"))
        write(folder / "plain.md", text_of("Plain", url=""))
        await room.corpus.load(now=NOW + HOUR)
    return tmp_path


async def test_a_cache_that_was_deleted_has_the_same_arrivals_again(place: Path, folder: Path) -> None:
    delete_cache(place)
    found = await arrivals(place, folder)
    assert found == {"story-0.md": PUBLISHED, "late.md": NOW + HOUR, "plain.md": NOW + HOUR}


async def test_what_came_while_the_cache_was_away_arrives_now(place: Path, folder: Path) -> None:
    delete_cache(place)
    write(folder / "meanwhile.md", text_of("Meanwhile"))
    assert (await arrivals(place, folder))["meanwhile.md"] == NOW + 9 * HOUR


async def test_a_file_renamed_while_the_cache_was_away_keeps_its_arrival(place: Path, folder: Path) -> None:
    delete_cache(place)
    write(folder / "moved.md", text_of("Late, corrected", url="https://x.org/late"))
    (folder / "late.md").unlink()
    (folder / "plain.md").rename(folder / "simple.md")
    found = await arrivals(place, folder)
    assert (found["moved.md"], found["simple.md"]) == (NOW + HOUR, NOW + HOUR)


async def test_an_installation_that_moved_keeps_its_arrivals(place: Path, folder: Path) -> None:
    delete_cache(place)
    elsewhere = folder.rename(folder.with_name("elsewhere"))
    found = await arrivals(place, elsewhere)
    assert (found["late.md"], found["plain.md"]) == (NOW + HOUR, NOW + HOUR)


@pytest.mark.slow
async def test_loading_one_folder_first_forgets_nothing_of_the_other(tmp_path: Path) -> None:
    one, two = tmp_path / "one", tmp_path / "two"
    for number, folder in enumerate((one, two)):
        write(folder / "first.md", text_of(f"First {number}"))
    async with opened(tmp_path, [one, two]) as room:
        await room.corpus.load(now=NOW)
        write(two / "late.md", text_of("Late"))
        await room.corpus.load(now=NOW + HOUR)
    delete_cache(tmp_path)
    async with opened(tmp_path, [one, two]) as room:
        await room.corpus.load(now=NOW + 2 * HOUR, folders=[one])
        await room.corpus.load(now=NOW + 3 * HOUR)
        assert (await everything(room.store))["late.md"].arrived_at == NOW + HOUR


async def test_what_was_taken_away_arrives_again_when_it_comes_back(place: Path, folder: Path) -> None:
    (folder / "late.md").unlink()
    await arrivals(place, folder)
    delete_cache(place)
    write(folder / "late.md", text_of("Late"))
    assert (await arrivals(place, folder))["late.md"] == NOW + 9 * HOUR


async def test_what_is_turned_off_is_forgotten_and_arrives_again(place: Path, folder: Path) -> None:
    write(folder / "late.md", text_of("Late", published="false"))
    await arrivals(place, folder, NOW + 2 * HOUR)
    delete_cache(place)
    write(folder / "late.md", text_of("Late"))
    assert (await arrivals(place, folder))["late.md"] == NOW + 9 * HOUR


async def test_a_date_ahead_arrives_when_it_is_due_in_a_later_load_too(
    corpus: CorpusService, store: ArticleStore, folder: Path
) -> None:
    write_many(folder, 1)
    await corpus.load(now=NOW)
    write(folder / "ahead.md", text_of("Ahead", publishedDateTime=(NOW + 5 * HOUR).isoformat()))
    await corpus.load(now=NOW + HOUR)
    assert (await everything(store))["ahead.md"].arrived_at == NOW + 5 * HOUR
    write(folder / "ahead.md", text_of("Ahead", publishedDateTime=(NOW + 9 * HOUR).isoformat()))
    await corpus.load(now=NOW + 2 * HOUR)
    assert (await everything(store))["ahead.md"].arrived_at == NOW + 9 * HOUR
    write(folder / "ahead.md", text_of("Ahead", publishedDateTime=NOW.isoformat()))
    await corpus.load(now=NOW + 3 * HOUR)
    assert (await everything(store))["ahead.md"].arrived_at == NOW + 3 * HOUR


# ---------------------------------------------------------------------- when the two files are apart


async def test_a_load_outlives_a_locked_state_and_the_next_one_makes_up_for_it(
    place: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connection, "LOCK_PATIENCE_S", 0.1)
    monkeypatch.setattr(connection, "BUSY_TIMEOUT_S", 0.1)
    async with opened(place, [folder]) as room:
        write(folder / "later.md", text_of("Later"))
        with closing(sqlite3.connect(place / "state.db", isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            assert (await room.corpus.load(now=NOW + 2 * HOUR)).new == 1
        await room.corpus.load(now=NOW + 3 * HOUR)
    delete_cache(place)
    assert (await arrivals(place, folder))["later.md"] == NOW + 2 * HOUR


async def test_a_state_from_before_arrivals_were_kept_takes_them_from_the_cache(place: Path, folder: Path) -> None:
    with closing(sqlite3.connect(place / "state.db")) as state, closing(sqlite3.connect(place / "corpus.db")) as cache:
        for table in ("arrivals", "arrival_folders", "settings"):
            state.execute(f"DELETE FROM {table}")
        state.commit()
        cache.execute("DELETE FROM facts WHERE name = 'arrivals'")
        cache.commit()
    await arrivals(place, folder)
    delete_cache(place)
    assert (await arrivals(place, folder))["late.md"] == NOW + HOUR


async def test_a_restored_older_state_takes_over_what_the_cache_knows(
    place: Path, folder: Path, tmp_path: Path
) -> None:
    shutil.copy(place / "state.db", tmp_path / "old")
    write(folder / "later.md", text_of("Later"))
    await arrivals(place, folder, NOW + 2 * HOUR)
    for file in place.glob("state.db*"):
        file.unlink()
    shutil.copy(tmp_path / "old", place / "state.db")
    await arrivals(place, folder)
    delete_cache(place)
    assert (await arrivals(place, folder))["later.md"] == NOW + 2 * HOUR


async def test_an_unchanged_reload_writes_nothing_into_the_state(place: Path, folder: Path) -> None:
    async with opened(place, [folder]) as room:
        await room.corpus.load(now=NOW + 2 * HOUR)
        with closing(sqlite3.connect(place / "state.db")) as other:
            before = other.execute("PRAGMA data_version").fetchone()
            await room.corpus.load(now=NOW + 3 * HOUR)
            assert other.execute("PRAGMA data_version").fetchone() == before


# ---------------------------------------------------------------------- whole histories

DAY = timedelta(days=1)
_NAMES = st.sampled_from([f"n{number}.md" for number in range(8)])
_TOPICS = st.sampled_from(["Harbour", "Energy", "Music"])
_WRITE = st.tuples(
    st.just("write"),
    _NAMES,
    st.integers(0, 7),  # the address, shared now and then
    st.integers(0, 3),  # the headline's edition
    st.sampled_from([-48, -6, -6, 0, 0, 5]),  # hours between publication and now
    st.sampled_from(["true", "true", "true", "false"]),
    _TOPICS,
)
_STEP = st.one_of(
    _WRITE,
    _WRITE,
    st.tuples(st.just("remove"), _NAMES),
    st.tuples(st.just("rename"), _NAMES, _NAMES),
    st.tuples(st.just("load")),
    st.tuples(st.just("load")),
    st.tuples(st.just("edition")),
    st.tuples(st.just("delete")),
)


def _act(folder: Path, step: tuple[Any, ...], now: datetime) -> None:
    kind, *rest = step
    if kind == "write":
        name, address, wording, hours, published, topic = rest
        url = f"https://x{address % 3}.org/{address}" if address else ""
        when = (now + timedelta(hours=hours)).isoformat()
        title = f"Headline {address} of {topic} number {wording}"
        write(folder / name, text_of(title, url, publishedDateTime=when, published=published, topics=f"[{topic}]"))
    elif kind == "remove":
        (folder / rest[0]).unlink(missing_ok=True)
    elif kind == "rename" and (folder / rest[0]).exists():
        (folder / rest[0]).rename(folder / rest[1])


def _plain(digest: Digest) -> object:
    """What a digest says, without row numbers."""
    stories = [
        (s.lead.path, s.lead.arrived_at, s.topic, [a.path for a in s.folded], [link.key for link in s.roundup])
        for s in digest.stories
    ]
    left_out = [(left.reason, left.story.lead.path) for left in digest.left_out]
    return digest.window, stories, left_out, sorted((dropped.reason, dropped.key) for dropped in digest.dropped)


async def _live(place: Path, steps: list[tuple[Any, ...]], *, deletes: bool) -> list[object]:
    folder = place / "news"
    folder.mkdir(parents=True)
    now = datetime(2024, 5, 1, 6, tzinfo=UTC)
    said: list[object] = []
    async with AsyncExitStack() as stack:
        room = await stack.enter_async_context(opened(place, [folder], max_stories=3))
        _act(folder, ("write", "n0.md", 1, 0, -6, "true", "Music"), now)
        await room.corpus.load(now=now)
        await _subscribe(place, now)
        for step in [*steps, ("edition",)]:
            now += timedelta(minutes=17)
            if step[0] == "delete" and deletes:
                await stack.aclose()
                delete_cache(place)
                room = await stack.enter_async_context(opened(place, [folder], max_stories=3))
            elif step[0] == "edition":
                due_at = await room.editions.find_next_due_at()
                assert due_at is not None
                now = max(now, due_at)
            if step[0] in {"load", "edition"}:
                await room.corpus.load(now=now, force=True)  # the bot does so before it makes what is due, too
            else:
                _act(folder, step, now)
            if step[0] == "edition":
                await room.editions.prepare(now, lambda _digest, _id, _presentation: Rendered(("[]",), ""))
                said += [_plain(digest) for digest in room.told]
                room.told.clear()
    return said


async def _subscribe(place: Path, now: datetime) -> None:
    state = await Database.open(place / "state.db", STATE)
    try:
        await SubscriptionService(SubscriptionStore(state)).subscribe(
            Subscription(
                guild_id=1,
                channel_id=1,
                channel_kind=ChannelKind.TEXT,
                creator_id=1,
                cadence=Cadence((time(8),)),
                created_at=now,
            ),
            now=now,
        )
    finally:
        await state.close()


@pytest.mark.slow  # each example opens the stores and starts a reader several times
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=examples(12))
@given(steps=st.lists(_STEP, min_size=4, max_size=24))
async def test_whenever_the_cache_is_deleted_the_editions_stay_the_same(
    tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[Any, ...]]
) -> None:
    kept = await _live(tmp_path_factory.mktemp("kept"), steps, deletes=False)
    assert await _live(tmp_path_factory.mktemp("lost"), steps, deletes=True) == kept
