"""How much one member may ask for of what costs much, by the time that it takes. Knows no command but its name."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from digests.errors import TooSoon
from digests.i18n import _, ngettext

BUDGET_S: Final = 15.0
"""So many seconds of the bot's time a member may take with one command in one go."""
MOST_OWED_S: Final = 10.0
EARNED_S: Final = 0.25
"""And so many each second from then on."""
LEAST_S: Final = {"news": 0.1, "latest": 0.1, "digest preview": 0.5, "digest now": 1.0, "corpus reload": 1.0}
"""What one use counts at least; the commands that are not named cost next to nothing. What takes longer counts more."""
PRESS_S: Final = 0.1
MOST_KEPT: Final = 10_000
"""Members and commands remembered; those who have waited longest are forgotten first."""


@dataclass(slots=True)
class _Bucket:
    left_s: float
    counted_s: float


class Cooldowns:
    """Counts, in memory only: a restart forgives."""

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
        """Count what a use of a command took beyond the least."""
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
        # Put back at the end: the first ones are those that were not used for longest.
        bucket = self._buckets.pop((member_id, command), None) or _Bucket(BUDGET_S, now)
        self._buckets[member_id, command] = bucket
        while len(self._buckets) > MOST_KEPT:
            del self._buckets[next(iter(self._buckets))]
        bucket.left_s = min(bucket.left_s + (now - bucket.counted_s) * EARNED_S, BUDGET_S)
        bucket.counted_s = now
        return bucket
