"""Articles dated beyond any calendar: they cost neither a digest nor an answer."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import date, time
from pathlib import Path

import pytest
import pytest_asyncio

from digests.models import Cadence, ChannelKind, Digest, Policy, Presentation, QuietDay, SearchRequest, Subscription
from digests.service.corpus import CorpusService
from digests.service.digests import DigestService
from digests.service.edition_run import Rendered
from digests.service.editions import EditionService
from digests.service.search import SearchService
from digests.service.subscriptions import SubscriptionService
from digests.store.articles import ArticleStore
from digests.store.connection import Database
from digests.store.database_kinds import STATE
from digests.store.outbox.compositions import CompositionStore
from digests.store.outbox.editions import EditionStore
from digests.store.settings import SettingsStore
from digests.store.subscriptions import SubscriptionStore
from tests.digests.service.corpus.making import HOUR, NOW, text_of, write
from tests.digests.store.search.rows import unhurried

FAR = ("9999-12-31T23:59:59Z", "9999-12-31T23:59:59-14:00", "0001-01-01T00:00:00Z", "0999-12-31", "3000-01-01")
FAR_TITLES = tuple(f"Ferry of year {number}" for number in range(len(FAR)))


@pytest_asyncio.fixture(loop_scope="module")
async def state(tmp_path: Path) -> AsyncIterator[Database]:
    database = await Database.open(tmp_path / "state.db", STATE)
    yield database
    await database.close()


@pytest_asyncio.fixture(loop_scope="module")
async def far(corpus: CorpusService, folder: Path) -> None:
    """A corpus into which articles of far years come after the first load, so that they arrive when they are read."""
    today = f"{NOW - HOUR:%Y-%m-%dT%H:%M:%SZ}"
    write(folder / "old.md", text_of("Ferry of earlier", publishedDateTime=f"2020-{NOW:%m-%d}T08:00:00Z"))
    await corpus.load(now=NOW - 2 * HOUR)
    write(folder / "today.md", text_of("Ferry of today", publishedDateTime=today))
    for title, written in zip(FAR_TITLES, FAR, strict=True):
        write(folder / f"{title}.md", text_of(title, publishedDateTime=written))
    write(folder / "9999-12-31-plain.txt", "Ferry of a file name")
    await corpus.load(now=NOW - HOUR)


@pytest.mark.usefixtures("far")
async def test_each_far_date_is_reported(corpus: CorpusService) -> None:
    problems = await corpus.problems()
    assert [problem.path for problem in problems] == [f"{title}.md" for title in FAR_TITLES]
    assert {problem.reason for problem in problems} == {"publishedDateTime is not a possible date and is left out"}


@pytest.mark.usefixtures("far")
@pytest.mark.parametrize("quiet_day", [QuietDay.SKIP, QuietDay.ARCHIVE])
async def test_editions_are_made(store: ArticleStore, state: Database, quiet_day: QuietDay) -> None:
    subscriptions = SubscriptionStore(state)
    editions = EditionService(
        subscriptions,
        EditionStore(state),
        CompositionStore(state),
        SettingsStore(state),
        DigestService(store),
        policy=Policy(),
    )
    made: list[Digest] = []

    def render(digest: Digest, _composition_id: int, _presentation: Presentation) -> Rendered:
        made.append(digest)
        return Rendered(("[]",), "title")

    draft = Subscription(
        guild_id=1,
        channel_id=1,
        channel_kind=ChannelKind.TEXT,
        creator_id=1,
        cadence=Cadence((time(NOW.hour),)),
        quiet_day=quiet_day,
        keywords=("today",) if quiet_day is QuietDay.SKIP else ("earlier",),
        created_at=NOW - 2 * HOUR,
    )
    await SubscriptionService(subscriptions).subscribe(draft, now=NOW - 2 * HOUR)
    await editions.prepare(NOW, render)
    assert [story.lead.title for digest in made for story in digest.stories] == [
        "Ferry of today" if quiet_day is QuietDay.SKIP else "Ferry of earlier"
    ]


@pytest.mark.usefixtures("far")
async def test_a_quiet_day_finds_earlier_years(store: ArticleStore) -> None:
    found = await store.find_on_day(NOW.month, NOW.day, NOW)
    assert [article.title for article in found] == ["Ferry of earlier"]


@pytest.mark.usefixtures("far")
async def test_previews_are_composed(store: ArticleStore) -> None:
    for zone in ("UTC", "Pacific/Kiritimati", "Etc/GMT+12"):
        for day in (date(1000, 1, 1), date(2999, 12, 31)):
            assert not (await DigestService(store).preview(Policy(), day=day, timezone=zone)).stories
    digest = await DigestService(store).preview(Policy(), day=NOW.date(), timezone="UTC")
    assert [story.lead.title for story in digest.stories] == ["Ferry of today"]


@pytest.mark.usefixtures("far")
async def test_questions_are_answered(store: ArticleStore, database: Database) -> None:
    search = SearchService(store, unhurried(database))
    found = await search.search(SearchRequest("ferry"), now=NOW, limit=20)
    assert found.total == len(FAR) + 3
    latest = await search.latest(now=NOW, limit=20)
    assert [story.lead.title for story in latest.stories][:2] == ["Ferry of today", "Ferry of earlier"]
