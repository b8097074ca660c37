"""The pace of sending, and the breaker that stops it."""

from __future__ import annotations

import pytest

from bot.delivery.rate_limit import CircuitBreaker, TokenBucket


class FakeTime:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.mark.parametrize("stall_s", [0.0, 0.9])
async def test_the_pace_never_lets_more_than_the_limit_pass_in_any_second(
    monkeypatch: pytest.MonkeyPatch, stall_s: float
) -> None:
    clock = FakeTime()

    async def sleep(seconds: float) -> None:
        clock.now += seconds

    monkeypatch.setattr("bot.delivery.rate_limit.asyncio.sleep", sleep)
    token_bucket = TokenBucket(40, clock=clock)
    moments: list[float] = []
    for number in range(200):
        await token_bucket.turn()
        moments.append(clock.now)
        if number % 50 == 49:
            clock.now += stall_s  # the event loop is held up
    for start in moments:
        assert sum(start <= moment < start + 1 for moment in moments) <= 50
    assert moments[-1] - moments[0] <= 199 / 40 + 3 * stall_s + 0.1


async def test_a_pace_of_zero_holds_nothing_up(monkeypatch: pytest.MonkeyPatch) -> None:
    async def sleep(seconds: float) -> None:
        raise AssertionError(f"held up for {seconds} s")

    monkeypatch.setattr("bot.delivery.rate_limit.asyncio.sleep", sleep)
    token_bucket = TokenBucket(0)
    for _request in range(10_000):
        await token_bucket.turn()


def test_the_breaker_trips_on_failures_in_a_row_only_and_waits_longer_each_time() -> None:
    clock = FakeTime()
    breaker = CircuitBreaker(threshold=3, first_s=1, longest_s=8, clock=clock)
    for _failure in range(2):
        breaker.fail()
    breaker.succeed()
    for _failure in range(2):
        breaker.fail()
    was_tripped = breaker.is_tripped
    assert not was_tripped
    waits = []
    for _failure in range(6):
        breaker.fail()
        waits.append(breaker.wait_s)
        breaker.fail()  # what was under way at the same time makes it no worse
        assert breaker.wait_s == waits[-1]
        clock.now += breaker.wait_s
    was_tripped = breaker.is_tripped
    assert was_tripped
    assert waits[0] < 1.3
    assert 6 < waits[-1] < 10
    assert breaker.wait_s == 0
    breaker.succeed()
    was_tripped = breaker.is_tripped
    assert not was_tripped
    breaker.fail(at_least_s=60)
    assert breaker.wait_s > 59.999  # a sum of floats
