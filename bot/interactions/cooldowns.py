"""Limits how much of the bot's time one member may use with expensive commands."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from digests.errors import TooSoon
from digests.i18n import _, ngettext

BUDGET_S: Final = 15.0
"""Seconds of the bot's time that a member may use with one command in a burst."""
MOST_OWED_S: Final = 10.0
EARNED_S: Final = 0.25
"""Seconds regained per second."""
LEAST_S: Final = {"news": 0.1, "latest": 0.1, "digest preview": 0.5, "digest now": 1.0, "corpus reload": 1.0}
"""The minimum charge of one use; commands not listed cost next to nothing. A longer run is charged more."""
PRESS_S: Final = 0.1
MOST_KEPT: Final = 10_000
"""How many pairs of member and command are kept; the least recently used are dropped first."""


@dataclass(slots=True)
class _Bucket:
    left_s: float
    counted_s: float


class Cooldowns:
    """The charges, in memory only: a restart resets them."""

    def __init__(self, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._buckets: dict[tuple[int, str], _Bucket] = {}

    def check(self, member_id: int, command: str) -> None:
        """Count one use of a command.

        Raises:
            TooSoon: The member has to wait; the sentence says how long.
        """
        if command in LEAST_S:
            self._take(member_id, command, LEAST_S[command], f"/{command}")

    def check_press(self, member_id: int) -> None:
        """Count one press of a button.

        Raises:
            TooSoon: As above.
        """
        self._take(member_id, "", PRESS_S, _("this"))

    def charge(self, member_id: int, command: str, seconds: float) -> None:
        """Charge the time that a command took beyond its minimum."""
        if command in LEAST_S and seconds > LEAST_S[command]:
            bucket = self._bucket(member_id, command)
            bucket.left_s = max(bucket.left_s - seconds + LEAST_S[command], -MOST_OWED_S)

    def _take(self, member_id: int, command: str, cost_s: float, shown: str) -> None:
        bucket = self._bucket(member_id, command)
        if bucket.left_s < cost_s:
            wait_s = max(math.ceil((cost_s - bucket.left_s) / EARNED_S), 1)
            raise TooSoon(
                ngettext(
                    "That was a lot at once. You can use {command} again in {count} second.",
                    "That was a lot at once. You can use {command} again in {count} seconds.",
                    wait_s,
                ).format(command=shown, count=wait_s)
            )
        bucket.left_s -= cost_s

    def _bucket(self, member_id: int, command: str) -> _Bucket:
        now = self._clock()
        # Moved to the end, so that the least recently used come first.
        bucket = self._buckets.pop((member_id, command), None) or _Bucket(BUDGET_S, now)
        self._buckets[member_id, command] = bucket
        while len(self._buckets) > MOST_KEPT:
            del self._buckets[next(iter(self._buckets))]
        bucket.left_s = min(bucket.left_s + (now - bucket.counted_s) * EARNED_S, BUDGET_S)
        bucket.counted_s = now
        return bucket
