from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from tests.bot.commands.articles import NOW
from tests.bot.commands.newsroom import Newsroom, open_newsroom
from tests.patience import PATIENCE_S


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def newsroom(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Newsroom]:
    """One bot and one login for a module's tests; the corpus is loaded."""
    async with open_newsroom(tmp_path_factory.mktemp("newsroom")) as opened:
        yield opened


@pytest.fixture(autouse=True)
def _no_progress(monkeypatch: pytest.MonkeyPatch) -> None:
    """The first answer to a reload is its report, however long it takes on a busy machine."""
    monkeypatch.setattr("bot.commands.corpus.PROGRESS_EVERY_S", PATIENCE_S)


@pytest_asyncio.fixture(loop_scope="module")
async def no_subscriptions_left(newsroom: Newsroom) -> AsyncIterator[None]:
    """What a test subscribed to is gone before the next one, and the clock stands where it stood."""
    yield
    newsroom.clock.moment = NOW
    for subscription in await newsroom.services.subscriptions.list_for():
        await newsroom.services.subscriptions.unsubscribe(subscription.id)
