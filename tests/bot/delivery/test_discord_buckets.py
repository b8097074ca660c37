"""Rate-limit buckets of discord.py's own HTTP client: tidied seldom, and tidied all the same."""

from __future__ import annotations

from typing import Any

import discord
import pytest
from discord.http import HTTPClient, Ratelimit

from bot.delivery.discord_buckets import LEAST_COUNT, tidy_seldom


@pytest.fixture
async def http() -> HTTPClient:
    client = discord.Client(intents=discord.Intents.none())
    await client._async_setup_hook()  # as `login` does; buckets need the loop's clock
    return client.http


@pytest.fixture
def looks(monkeypatch: pytest.MonkeyPatch) -> list[Ratelimit]:
    """Every bucket that was looked at whether it is old."""
    seen: list[Ratelimit] = []
    is_inactive = Ratelimit.is_inactive

    def counted(self: Ratelimit) -> bool:
        seen.append(self)
        return is_inactive(self)

    monkeypatch.setattr(Ratelimit, "is_inactive", counted)
    return seen


async def test_a_message_to_each_of_many_channels_looks_at_each_bucket_a_few_times_only(
    http: HTTPClient, looks: list[Ratelimit]
) -> None:
    tidy_seldom(http)
    for number in range(8000):
        http.get_ratelimit(f"route:{number}")
    assert len(http._buckets) == 8000
    assert len(looks) < 2 * 8000


async def test_discord_py_by_itself_looks_at_all_buckets_each_time(http: HTTPClient, looks: list[Ratelimit]) -> None:
    for number in range(1000):
        http.get_ratelimit(f"route:{number}")
    assert len(looks) > 1000 * 1000 / 4


@pytest.mark.slow
async def test_old_buckets_go_before_there_are_twice_as_many(http: HTTPClient) -> None:
    tidy_seldom(http)
    most = 0
    for number in range(20_000):
        bucket = http.get_ratelimit(f"route:{number}")
        # All but the newest 500 are of some time ago.
        old = http._buckets.get(f"route:{number - 500}")
        if old is not None:
            old._last_request = -1000.0
        most = max(most, len(http._buckets))
        assert http.get_ratelimit(f"route:{number}") is bucket
    assert most <= max(2 * 501, LEAST_COUNT) + 1


async def test_a_client_without_such_buckets_is_left_alone() -> None:
    class Another:
        pass

    another: Any = Another()
    tidy_seldom(another)
    assert vars(another) == {}
