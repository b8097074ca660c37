from __future__ import annotations

import pytest

from bot.interactions import cooldowns
from bot.interactions.cooldowns import BUDGET_S, EARNED_S, LEAST_S, PRESS_S, Cooldowns
from digests.errors import TooSoon


class Time:
    now_s = 100.0

    def __call__(self) -> float:
        return self.now_s


@pytest.mark.parametrize("command", sorted(LEAST_S))
def test_a_costly_command_has_to_wait_after_a_burst_and_says_how_long(command: str) -> None:
    clock = Time()
    counted = Cooldowns(clock=clock)
    for _use in range(int(BUDGET_S / LEAST_S[command]) - 1):
        counted.check(1, command)
    counted.charge(1, command, LEAST_S[command] + 1.0)  # the last one took long
    with pytest.raises(TooSoon, match=f"/{command} again in"):  # noqa: PT012 - one of the two
        for _use in range(2):
            counted.check(1, command)
    counted.check(2, command)  # somebody else
    counted.check(1, "help")  # something else
    clock.now_s += (LEAST_S[command] + 1.0) / EARNED_S
    counted.check(1, command)


def test_a_search_that_takes_long_counts_for_many() -> None:
    counted = Cooldowns(clock=Time())
    counted.check(1, "news")
    counted.charge(1, "news", 20.0)
    with pytest.raises(TooSoon, match=r"again in 21 seconds"):
        counted.check(1, "news")


def test_presses_are_counted_too_and_nothing_grows_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cooldowns, "MOST_KEPT", 50)
    counted = Cooldowns(clock=Time())
    for member_id in range(500):
        counted.check_press(member_id)
    assert len(counted._buckets) == 50
    with pytest.raises(TooSoon):  # noqa: PT012 - one of them
        for _press in range(int(BUDGET_S / PRESS_S) + 2):
            counted.check_press(499)
